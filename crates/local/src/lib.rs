//! This machine's file system as a wharf backend.
//!
//! [`Local`] is a folder of this machine, so that "from here to there" is connector to
//! connector like everything else.
//!
//! ```
//! use wharf_connector::{Connector, ConnectorExt, RemotePath, Result};
//! use wharf_local::Local;
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<()> {
//! # let folder = tempfile::tempdir().unwrap();
//! # let folder = folder.path();
//! let inbox = Local::new(folder);
//! let path = RemotePath::new("/2026/orders.csv")?;
//! let entry = inbox.write_bytes(&path, "a;b\n1;2\n").await?;
//! assert_eq!(entry.size, Some(8));
//! assert_eq!(std::fs::read(folder.join("2026/orders.csv")).unwrap(), b"a;b\n1;2\n");
//! # Ok(()) }
//! ```
//!
//! # Whole or not at all
//!
//! A file is written under a name of its own, `.wharf-` and sixteen letters and `.part`,
//! in the folder where it shall stand, and gets its final name in one step at the end. A
//! write that fails or is dropped removes that file; a killed process leaves it behind.
//! Listings tell such a file as [`Partial`](wharf_connector::EntryState::Partial), and it
//! cannot be read. A copy of a folder appears whole or not at all in the same way.
//!
//! After the answer, every program sees the new content. Whether it outlives a power cut
//! is another matter: the system writes it to the disk in its own time. With
//! [`with_fsync`](Local::with_fsync) file and folder are on the disk before the answer,
//! at the price of the disk's pace.
//!
//! A write of 4 MiB or more with a [`checkpoint`](wharf_connector::WriteOptions::checkpoint) leaves
//! its temporary file when it fails for a passing reason, is dropped or killed. The next one with
//! the same checkpoint and the same source sums up what is there, from the disk, and goes on at the
//! next byte. After a power cut a file that was not written to the disk may have holes; only a
//! checksum of the source's own finds them.
//!
//! A file that replaces another takes over its access rights (those of owner, group and
//! others; on Windows nothing). So does a copy; a folder that is copied stays one that its owner may
//! change. Other names of the old file, made by hard links, keep the
//! old content.
//!
//! # Names stay within the root
//!
//! A [`RemotePath`](wharf_connector::RemotePath) cannot climb, and what it names is
//! opened folder by folder, each through the one above, so that no exchange of a folder
//! for a link in between can lead outside. On Windows, names that mean more than they say
//! are refused as `Invalid`: drives, streams, devices, names that end in a dot or blank.
//!
//! *Symbolic links* are not followed: a path through one is `Unsupported`. With
//! [`with_follow_symlinks`](Local::with_follow_symlinks) they are, as long as they stay
//! within the root; one that leads out is `PermissionDenied`. A link is deleted and
//! renamed as a link, renamed only where links are followed. A link back to a folder above it is told as an error in listings,
//! so that a walk has an end.
//!
//! The root is the whole bound: a [`Rooted`](wharf_connector::Rooted) around a `Local`
//! confines paths to a folder, and links that are followed to the `Local`'s own root.
//!
//! # What a listing cannot show
//!
//! A name that is not UTF-8, a link that is not followed, a device, a pipe, a socket: each
//! is told as an error in its place (`Invalid` for the name, else `Unsupported`), and the
//! listing goes on. With [`with_skip_special`](Local::with_skip_special) the latter are
//! left out; a name never is.
//!
//! # Checksums
//!
//! The entry that a write answers with carries the CRC-32 of the bytes written, and those
//! others that the write was told to expect. `verify` reads the file again and compares,
//! before it gets its name. The file system keeps no checksums, so other entries have
//! none.
//!
//! # Reading
//!
//! A file is read in blocks of 256 KiB, one ahead of the caller. It is not held still: if
//! it shrinks meanwhile, the stream ends in `Interrupted`; if it is changed in place, old
//! and new may mix. The modification time and the
//! [`version`](wharf_connector::Entry::version) tell.

mod local;

mod factory;

mod root;

mod name;

mod list;

mod read;

mod write;

mod temporary;

mod relocate;

mod delete;

mod convert;

mod error;

mod blocking;

pub use factory::LocalFactory;
pub use local::Local;
