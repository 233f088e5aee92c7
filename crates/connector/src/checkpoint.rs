//! Going on with a write that was broken off.

use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use async_trait::async_trait;

use crate::{Entry, Error, ErrorKind, RemotePath, Result};

/// Where the state of an unfinished write is kept, by whoever wants to go on with it later: in
/// another process, after a crash, on another machine.
///
/// One store belongs to one write: the same content to the same path of the same account. Calls
/// come one after another.
#[async_trait]
pub trait CheckpointStore: fmt::Debug + Send + Sync {
    /// What was kept last, if anything is.
    ///
    /// # Errors
    ///
    /// Whatever the store answers. The write then fails with it.
    async fn load(&self) -> Result<Option<Unfinished>>;

    /// Keeps this in place of what was kept before. It must be there after a crash of this
    /// process once the call has answered.
    ///
    /// # Errors
    ///
    /// As [`load`](Self::load).
    async fn keep(&self, unfinished: Unfinished) -> Result<()>;

    /// Keeps nothing any more: the write is done, or begins anew.
    ///
    /// # Errors
    ///
    /// As [`load`](Self::load).
    async fn forget(&self) -> Result<()>;

    /// Hears that these bytes of the content are at the destination already, with this CRC-32,
    /// and will not be read now, unless the write begins anew after all.
    fn resumed(&self, range: Range<u64>, crc32: u32) {
        let _ = (range, crc32);
    }
}

/// What a backend needs to go on with a write.
///
/// The token is the backend's own text; nobody else reads it. It holds nothing that opens a door:
/// no key, no session, no pre-signed address. Whoever reads it can do nothing with it that the
/// account does not allow them anyway.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Unfinished {
    /// The backend's text, at most some hundred kilobytes long.
    pub token: String,
    /// The source that it was begun with, as [`Checkpoint::new`] was told.
    pub source: String,
    /// A partial file that stands in the destination's tree under a name of its own. Whoever
    /// gives the write up may delete it.
    pub partial: Option<RemotePath>,
}

impl Unfinished {
    /// A write of a source, begun.
    pub fn new(source: impl Into<String>, token: impl Into<String>) -> Self {
        Self { token: token.into(), source: source.into(), partial: None }
    }

    /// Sets where a partial file stands.
    #[must_use]
    pub fn with_partial(mut self, path: RemotePath) -> Self {
        self.partial = Some(path);
        self
    }
}

/// A place for the state of one write, bound to its source: an option of
/// [`Connector::write`](crate::Connector::write).
///
/// It is an offer. A backend takes it where going on is cheaper than to begin anew: for a large
/// content that can be read again from any offset. What was begun with another source is never
/// gone on with. A write that succeeds has forgotten its state; one that fails for a passing
/// reason, or is dropped or killed, leaves it.
///
/// ```
/// use std::sync::Arc;
/// use wharf_connector::{Checkpoint, Unfinished, CheckpointStore, Result, async_trait};
///
/// #[derive(Debug, Default)]
/// struct Desk(std::sync::Mutex<Option<Unfinished>>);
///
/// #[async_trait]
/// impl CheckpointStore for Desk {
///     async fn load(&self) -> Result<Option<Unfinished>> {
///         Ok(self.0.lock().unwrap().clone())
///     }
///     async fn keep(&self, unfinished: Unfinished) -> Result<()> {
///         *self.0.lock().unwrap() = Some(unfinished);
///         Ok(())
///     }
///     async fn forget(&self) -> Result<()> {
///         *self.0.lock().unwrap() = None;
///         Ok(())
///     }
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<()> {
/// let desk = Arc::new(Desk::default());
/// let first = Checkpoint::new(desk.clone(), "version 1");
/// first.keep("part 7", None).await?;
/// assert_eq!(first.load().await?.as_deref(), Some("part 7"));
///
/// let changed = Checkpoint::new(desk, "version 2");
/// assert_eq!(changed.load().await?, None);
/// # Ok(()) }
/// ```
#[derive(Debug, Clone)]
pub struct Checkpoint {
    store: Arc<dyn CheckpointStore>,
    source: Arc<str>,
}

impl Checkpoint {
    /// A place for the state of a write of this source. The text says which content it is: see
    /// [`identity`].
    pub fn new(store: Arc<dyn CheckpointStore>, source: impl Into<Arc<str>>) -> Self {
        Self { store, source: source.into() }
    }

    /// Which content the source has.
    pub fn source(&self) -> &str {
        &self.source
    }

    /// Where it is kept, for connectors that wrap another.
    pub fn store(&self) -> &Arc<dyn CheckpointStore> {
        &self.store
    }

    /// The token of an unfinished write of this very source.
    ///
    /// # Errors
    ///
    /// As [`CheckpointStore::load`].
    pub async fn load(&self) -> Result<Option<String>> {
        let kept = self.store.load().await?;
        Ok(kept.filter(|kept| *kept.source == *self.source).map(|kept| kept.token))
    }

    /// The partial file of an unfinished write of another source, which nobody needs any more.
    ///
    /// # Errors
    ///
    /// As [`CheckpointStore::load`].
    pub async fn outdated(&self) -> Result<Option<RemotePath>> {
        let kept = self.store.load().await?;
        Ok(kept.filter(|kept| *kept.source != *self.source).and_then(|kept| kept.partial))
    }

    /// Keeps a token, and where a partial file stands.
    ///
    /// # Errors
    ///
    /// As [`CheckpointStore::keep`].
    pub async fn keep(&self, token: impl Into<String>, partial: Option<RemotePath>) -> Result<()> {
        let mut unfinished = Unfinished::new(&*self.source, token);
        unfinished.partial = partial;
        self.store.keep(unfinished).await
    }

    /// Keeps nothing any more.
    ///
    /// # Errors
    ///
    /// As [`CheckpointStore::forget`].
    pub async fn forget(&self) -> Result<()> {
        self.store.forget().await
    }

    /// Tells that these bytes are there already, and will not be read.
    pub fn resumed(&self, range: Range<u64>, crc32: u32) {
        self.store.resumed(range, crc32);
    }

    /// Whether what was written so far is worth keeping after this error.
    pub fn outlives(error: &Error) -> bool {
        error.is_transient() || error.kind() == ErrorKind::CallLimit
    }
}

impl PartialEq for Checkpoint {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.store, &other.store) && self.source == other.source
    }
}

impl Eq for Checkpoint {}

/// What tells the content of a file from another one: size, modification time, version and
/// checksums, as far as they are known. None when the entry tells neither of the last three:
/// then nobody could see that it changed.
///
/// ```
/// use wharf_connector::{Entry, RemotePath, identity};
///
/// let mut entry = Entry::file(RemotePath::new("/a.csv")?);
/// entry.size = Some(4);
/// assert_eq!(identity(&entry), None);
/// entry.version = Some("7".into());
/// assert_eq!(identity(&entry).unwrap(), "size=4;version=7");
/// # Ok::<(), wharf_connector::PathError>(())
/// ```
pub fn identity(entry: &Entry) -> Option<String> {
    let size = entry.size?;
    let modified = entry.modified.map(|time| ("modified", time.to_rfc3339()));
    let version = entry.version.as_deref().map(|version| ("version", version.to_owned()));
    let sums = entry.checksums.iter();
    let signs: Vec<_> = modified.into_iter().chain(version).chain(sums).collect();
    if signs.is_empty() {
        return None;
    }
    let signs = signs.iter().map(|(name, sign)| format!(";{name}={sign}"));
    Some(format!("size={size}{}", signs.collect::<String>()))
}
