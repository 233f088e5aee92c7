//! How wharf speaks HTTP: one retry loop, three time-outs, pages, redaction; credentials to the
//! configured origin only.
//!
//! This crate knows no service. A service's crate makes [`Request`]s, which are values, says in a
//! [`Dialect`] how they are signed and what the service's refusals mean, and reads the answers.
//! In between, [`Transport`] does what is the same for all: see its page for the order and the rules.
//!
//! ```
//! use wharf_transport::testing::{Reply, Script};
//! use wharf_transport::{Request, Transport};
//!
//! # #[tokio::main(flavor = "current_thread", start_paused = true)]
//! # async fn main() -> wharf_transport::Result<()> {
//! // A service that is busy the first time. Without `.exchange(..)` this would be the network.
//! let script = Script::new()
//!     .answer(Reply::new(503).header("retry-after", "2"))
//!     .answer(Reply::json(200, r#"["a.txt", "b.txt"]"#));
//! let transport = Transport::builder("https://files.example/api").exchange(script.exchange()).build()?;
//!
//! let request = Request::get("/folders").segment("my reports").query("per_page", 100);
//! let names: Vec<String> = transport.json(request).await?;
//! assert_eq!(names, ["a.txt", "b.txt"]);
//! assert_eq!(script.requests()[1].path_and_query(), "/api/folders/my%20reports?per_page=100");
//! # Ok(()) }
//! ```
//!
//! # Reading order
//!
//! [`Transport`] and `retry.rs` (the loop), [`Request`] and [`Body`], [`Response`] and [`Answer`],
//! [`Dialect`], [`Exchange`], [`Resume`], [`Pages`], [`Error`].
//!
//! # Security
//!
//! - A credential goes to the configured origin and nowhere else: only requests below the [`Base`]
//!   are signed, redirects and cursors cannot lead them away, and a host that the service names gets
//!   it only if the dialect's own rule says so.
//! - Plain HTTP is spoken to this machine only, unless [`TransportBuilder::dangerous_allow_http`] says
//!   otherwise.
//! - Nothing printed holds a credential: addresses are [`SafeUrl`]s, headers and queries are printed
//!   from allow-lists, bodies never.
//! - Everything that comes from outside is bounded: answers in memory, refusals, pages, redirects,
//!   attempts, time.
//!
//! # What this crate does not do
//!
//! It keeps no cookies and no cache, starts no task, and does not read the environment, except that
//! reqwest looks there for a proxy (see [`HttpExchange`]).

mod address;
mod backoff;
mod body;
mod dialect;
mod error;
mod exchange;
mod pages;
mod redact;
mod redirect;
mod request;
mod response;
mod resume;
mod retry;
mod retry_after;
mod secrets;
mod transport;

#[cfg(feature = "testing")]
pub mod testing;

pub use address::{Address, Base};
pub use backoff::RetryPolicy;
pub use body::{Body, ContentStream, Multipart};
pub use bytes::Bytes;
pub use dialect::{Anonymous, Dialect, Refusal, Renewal, Verdict};
pub use error::{Error, ErrorKind, Reached, Result};
pub use exchange::{Exchange, HttpExchange, HttpExchangeBuilder, Outgoing, OutgoingBody};
pub use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};
pub use pages::{Cursor, Page, Pages};
pub use redact::SafeUrl;
pub use request::Request;
pub use response::{Answer, ByteStream, Response};
pub use resume::{Continuation, Resume};
pub use transport::{Timeouts, Transport, TransportBuilder, Unreadable};
pub use url::Url;
