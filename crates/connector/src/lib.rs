//! The contract between callers and file-transfer backends.
//!
//! This crate says what a backend promises ([`Connector`]), in neutral words
//! ([`Entry`], [`Content`], [`Download`], [`Capabilities`]), with one error type
//! ([`Error`]) whose kinds are named for what the caller can do. It knows no HTTP
//! and no service: the author of a backend depends on this crate alone.
//!
//! [`Memory`] is a complete backend without a network. It is the executable form of
//! the contract, and it makes every example here run:
//!
//! ```
//! use wharf_connector::{ConnectorExt, Memory, RemotePath, Result};
//! use wharf_connector::futures_util::TryStreamExt;
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<()> {
//! let backend = Memory::new();
//! let report = RemotePath::new("/reports/2026.csv")?;
//! backend.write_bytes(&report, "a;b\n1;2\n").await?;
//!
//! let names: Vec<String> = backend
//!     .walk(&RemotePath::root(), Default::default())
//!     .map_ok(|entry| entry.path.to_string())
//!     .try_collect()
//!     .await?;
//! assert_eq!(names, ["/reports", "/reports/2026.csv"]);
//! # Ok(()) }
//! ```
//!
//! # Why not a file-system interface?
//!
//! A file-transfer service has no open files, no seeking writes and no locks worth
//! the name: a file appears whole or not at all. So writing takes a [`Content`] and
//! answers with the [`Entry`] as stored, and reading gives a [`Download`] that ends in
//! an error when bytes are missing. What services do not have in common is declared
//! ([`Capabilities`]) and never emulated behind the caller's back.
//!
//! # Reading order
//!
//! [`Connector`], then [`Memory`], then the nouns. To add a backend of your own,
//! implement [`Connector`] and [`Factory`] and run the suite of `wharf-conformance`.

mod connector;
mod ext;

mod path;

mod entry;

mod capability;

mod options;

mod changes;

mod range;

mod content;

mod checkpoint;

mod download;

mod error;

mod calls;

mod info;

mod report;

pub mod quantity;

mod settings;

mod target;

mod registry;

mod rooted;

mod memory;

pub use async_trait::async_trait;
pub use bytes;
pub use chrono;
pub use futures_util;
pub use secrecy;

pub use calls::Calls;
pub use capability::{Capabilities, Limits, NameCase};
pub use changes::Changes;
pub use checkpoint::{Checkpoint, CheckpointStore, Unfinished, identity};
pub use connector::{ByteStream, Connector, EntryStream};
pub use content::{Chunks, Content, ContentStream};
pub use download::Download;
pub use entry::{Checksums, Entry, EntryKind, EntryState, Permissions, UnknownPermission};
pub use error::{Error, ErrorKind, Operation, Reached, Result};
pub use ext::{ConnectorExt, WalkOptions};
pub use info::Info;
pub use memory::{Memory, MemoryFactory};
pub use options::{
    CopyOptions, CreateFolderOptions, DeleteOptions, ListOptions, OnConflict, ReadOptions,
    RenameOptions, WriteOptions,
};
pub use path::{PathError, RemotePath};
pub use range::ByteRange;
pub use registry::{Factory, Registry};
pub use report::{ConnectionReport, Stage, StageOutcome};
pub use rooted::Rooted;
pub use settings::{SettingSpec, SettingValue, Settings, nearest};
pub use target::Target;
