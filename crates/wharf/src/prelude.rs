//! What a program that moves files names all the time.
//!
//! ```
//! use wharf::prelude::*;
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<()> {
//! let account = wharf::registry().open("memory:", &Settings::new())?;
//! account.write_bytes(&RemotePath::new("/a.txt")?, "a").await?;
//! let names = account.list(&RemotePath::root(), ListOptions::new());
//! let names: Vec<Entry> = names.try_collect().await?;
//! assert_eq!(names.len(), 1);
//! # Ok(()) }
//! ```

pub use wharf_connector::futures_util::{StreamExt, TryStreamExt};
pub use wharf_connector::{
    Connector, ConnectorExt, Content, CopyOptions, CreateFolderOptions, DeleteOptions, Download,
    Entry, EntryKind, Error, ErrorKind, ListOptions, ReadOptions, RemotePath, RenameOptions,
    Result, Settings, WriteOptions,
};
