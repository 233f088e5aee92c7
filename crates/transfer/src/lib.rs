//! Moving files between any two wharf backends, and proving that they arrived.
//!
//! [`copy_file`] carries one file from any [`Connector`](wharf_connector::Connector) to any
//! other and answers with a [`Receipt`]. It knows the contract only, so it works for the
//! backends of this project and for yours.
//!
//! ```
//! use std::sync::Arc;
//! use wharf_connector::{Connector, ConnectorExt, Memory, RemotePath, Result};
//! use wharf_transfer::{CopyFile, Place, copy_file, resolve_destination};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<()> {
//! let (there, here) = (Arc::new(Memory::new()), Arc::new(Memory::new()));
//! there.write_bytes(&RemotePath::new("/out/orders.csv")?, "a;b\n1;2\n").await?;
//!
//! let from = Place::new(there, RemotePath::new("/out/orders.csv")?);
//! let to = Place::new(here.clone(), RemotePath::new("/in")?).with_folder(true);
//! let to = resolve_destination(&from, &to).await?;
//! let receipt = copy_file(&from, &to, &CopyFile::new(), &()).await?;
//!
//! assert_eq!(receipt.to.path.as_str(), "/in/orders.csv");
//! assert_eq!(receipt.verdict.as_str(), "size_only"); // memory has no checksums
//! # Ok(()) }
//! ```
//!
//! # Trees and jobs
//!
//! [`compare`] tells, folder by folder, how two trees differ. [`SyncPlan`] turns that into steps, and
//! finds beforehand what has no place at the destination; [`apply`] does them. What shall outlive
//! the process is a job in a [`Journal`]: a [`Worker`] borrows shares of it, and leaves a [`Receipt`]
//! for each file, which [`check_end`] holds to what stands there later.
//!
//! # Three words
//!
//! That a service answered "stored" proves little, so a receipt says what is known
//! ([`Verdict`]):
//!
//! - `verified`: a checksum of what was sent agrees with one of what the destination holds;
//! - `size_only`: the length agrees, and no checksum could be compared;
//! - `unverifiable`: the destination tells neither.
//!
//! [`Verify`] says how much is asked: what can be had, a checksum or an error, or reading
//! the file back.
//!
//! # Memory
//!
//! Nothing is collected: bytes go on as they come, and come only when the destination
//! asks. What is held is what the two connectors hold, one block of the source, and some
//! hundred bytes for each part that the destination takes.

mod filter;

mod compare;

mod sync;

mod plan;

mod apply;

mod engine;

mod journal;

mod receipts;

mod recheck;

mod pace;

mod copy;

mod options;

mod place;

mod source;

mod tally;

mod verify;

mod receipt;

mod progress;

mod text;

pub use apply::{Applied, Apply, Change, Done, Observer, Outcome, WhatChanged, apply};
pub use compare::{By, Compare, Difference, Differences, Pair, Trouble, TroubleKind, compare};
pub use copy::copy_file;
pub use engine::Worker;
pub use filter::{Choice, Filter};
pub use journal::{Baseline, Ended, Item, Job, JobId, JobState, Journal, Lease, NewJob};
pub use options::CopyFile;
pub use pace::Pace;
pub use place::{Place, resolve_destination};
pub use plan::{PlanFile, PlanHead, State, Step, Totals, Trace, Why};
pub use progress::Progress;
pub use receipt::{End, Method, Receipt};
pub use receipts::{ReceiptLine, append_receipt};
pub use recheck::{Held, check_end};
pub use sync::{Cost, MaxDelete, Plan, SyncPlan, Tally};
pub use verify::{Algorithm, Evidence, Verdict, Verify};
