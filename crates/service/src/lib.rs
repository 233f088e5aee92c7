//! What wharf backends over HTTP share.
//!
//! [`wharf_connector`] promises callers something and [`wharf_transport`] speaks HTTP; neither knows
//! the other, and a backend joins them. Here is what joins them in the same way for every service:
//!
//! - [`Manners`]: the settings that say how long to wait and how often to repeat;
//! - [`begin_call`] and [`take_back_call`]: calls that are counted, and may be bounded;
//! - [`kind_of`]: what a failure of HTTP means to a caller;
//! - [`Rereadable`] and [`Budget`]: contents that are sent in parts, within a bound of memory.
//!
//! ```
//! use std::time::Duration;
//!
//! use wharf_connector::Settings;
//! use wharf_service::Manners;
//!
//! let settings = Settings::new().with("timeout", "90s").with("retry_attempts", "3");
//! let manners = Manners::from_settings(&settings)?;
//! assert_eq!(manners.timeouts.headers, Duration::from_secs(90));
//! assert_eq!(manners.retry.attempts, 3);
//! # Ok::<(), wharf_connector::Error>(())
//! ```

mod budget;
mod call;
mod kind;
mod manners;
mod rereadable;

pub use budget::{Budget, Share};
pub use call::{begin_call, take_back_call};
pub use kind::kind_of;
pub use manners::{MANNERS, Manners};
pub use rereadable::Rereadable;
