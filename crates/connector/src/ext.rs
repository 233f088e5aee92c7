//! Comforts for callers, the same for every backend.

use bytes::Bytes;
use futures_util::TryStreamExt;
use futures_util::stream::{self, BoxStream, SelectAll, StreamExt};
use std::future::Future;

use crate::{
    ByteRange, Connector, Content, CreateFolderOptions, DeleteOptions, Entry, EntryStream,
    ErrorKind, ListOptions, ReadOptions, RemotePath, Result, WriteOptions,
};

/// What callers want often, made of the verbs of [`Connector`].
///
/// Implemented for every connector; nobody implements it by hand.
pub trait ConnectorExt: Connector {
    /// Whether something that the account may see stands at `path`.
    ///
    /// # Errors
    ///
    /// Anything but `NotFound`.
    fn exists(&self, path: &RemotePath) -> impl Future<Output = Result<bool>> + Send {
        async move {
            match self.stat(path).await {
                Ok(_) => Ok(true),
                Err(error) if error.kind() == ErrorKind::NotFound => Ok(false),
                Err(error) => Err(error),
            }
        }
    }

    /// The whole of a small file.
    ///
    /// # Errors
    ///
    /// `TooLarge` when it has more than `limit` bytes; as [`Connector::read`].
    fn read_bytes(
        &self,
        file: &RemotePath,
        limit: u64,
    ) -> impl Future<Output = Result<Bytes>> + Send {
        async move { self.read(file, ReadOptions::new()).await?.bytes(limit).await }
    }

    /// A range of a file, which is held in memory.
    ///
    /// # Errors
    ///
    /// As [`Connector::read`]; `TooLarge` when the range has more than `limit` bytes.
    fn read_range(
        &self,
        file: &RemotePath,
        range: ByteRange,
        limit: u64,
    ) -> impl Future<Output = Result<Bytes>> + Send {
        async move {
            let options = ReadOptions::new().with_range(range);
            self.read(file, options).await?.bytes(limit).await
        }
    }

    /// Writes bytes with the default options.
    ///
    /// # Errors
    ///
    /// As [`Connector::write`].
    fn write_bytes(
        &self,
        file: &RemotePath,
        bytes: impl Into<Content> + Send,
    ) -> impl Future<Output = Result<Entry>> + Send {
        let content = bytes.into();
        async move { self.write(file, content, WriteOptions::new()).await }
    }

    /// All entries of a folder, sorted by name and held in memory, for small folders.
    ///
    /// # Errors
    ///
    /// As [`Connector::list`].
    fn list_all(&self, folder: &RemotePath) -> impl Future<Output = Result<Vec<Entry>>> + Send {
        async move {
            let mut entries: Vec<Entry> =
                self.list(folder, ListOptions::new()).try_collect().await?;
            entries.sort_by(|a, b| a.path.cmp(&b.path));
            Ok(entries)
        }
    }

    /// Everything below a folder, as it comes in.
    ///
    /// A folder's entry comes before those in it; beyond that there is no order. Several
    /// folders are listed at a time, and none while the stream is not polled. A folder
    /// that cannot be listed yields its error, and the walk goes on.
    fn walk(&self, folder: &RemotePath, options: WalkOptions) -> BoxStream<'_, Result<Entry>> {
        let walk = Walk {
            connector: self,
            root: folder.clone(),
            waiting: vec![folder.clone()],
            listing: SelectAll::new(),
            options,
        };
        stream::unfold(walk, |mut walk| async move {
            let item = walk.next().await?;
            Some((item, walk))
        })
        .boxed()
    }

    /// Creates a folder and its missing parents.
    ///
    /// # Errors
    ///
    /// As [`Connector::create_folder`].
    fn create_folders(&self, folder: &RemotePath) -> impl Future<Output = Result<Entry>> + Send {
        async move { self.create_folder(folder, CreateFolderOptions::new()).await }
    }

    /// Deletes what stands at `path`, if anything does, and says whether something did.
    ///
    /// # Errors
    ///
    /// As [`Connector::delete`], except `NotFound`.
    fn delete_if_exists(
        &self,
        path: &RemotePath,
        options: DeleteOptions,
    ) -> impl Future<Output = Result<bool>> + Send {
        async move {
            match self.delete(path, options).await {
                Ok(()) => Ok(true),
                Err(error) if error.kind() == ErrorKind::NotFound => Ok(false),
                Err(error) => Err(error),
            }
        }
    }
}

impl<T: Connector + ?Sized> ConnectorExt for T {}

/// Options of [`ConnectorExt::walk`].
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct WalkOptions {
    /// How many folders are listed at a time. At least one; 16 by default.
    pub concurrency: usize,
    /// How many folders deep to go: 1 is the folder alone. No bound by default.
    pub max_depth: Option<usize>,
}

impl Default for WalkOptions {
    fn default() -> Self {
        Self { concurrency: 16, max_depth: None }
    }
}

impl WalkOptions {
    /// The defaults.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets how many folders are listed at a time.
    #[must_use]
    pub fn with_concurrency(mut self, folders: usize) -> Self {
        self.concurrency = folders;
        self
    }

    /// Sets how many folders deep to go.
    #[must_use]
    pub fn with_max_depth(mut self, depth: usize) -> Self {
        self.max_depth = Some(depth);
        self
    }
}

/// The newest folder is listed first: the number of folders waiting stays small.
struct Walk<'a, C: ?Sized> {
    connector: &'a C,
    root: RemotePath,
    waiting: Vec<RemotePath>,
    listing: SelectAll<EntryStream>,
    options: WalkOptions,
}

impl<C: Connector + ?Sized> Walk<'_, C> {
    async fn next(&mut self) -> Option<Result<Entry>> {
        loop {
            self.fill();
            match self.listing.next().await {
                Some(Ok(entry)) => {
                    self.remember(&entry);
                    return Some(Ok(entry));
                }
                Some(Err(error)) => return Some(Err(error)),
                None if self.waiting.is_empty() => return None,
                None => {}
            }
        }
    }

    fn fill(&mut self) {
        while self.listing.len() < self.options.concurrency.max(1) {
            let Some(folder) = self.waiting.pop() else {
                break;
            };
            self.listing.push(self.connector.list(&folder, ListOptions::new()));
        }
    }

    fn remember(&mut self, entry: &Entry) {
        let below = entry.path.below(&self.root);
        let depth = below.map_or(0, |below| below.segments().count());
        let within = self.options.max_depth.is_none_or(|deepest| depth < deepest);
        if entry.is_folder() && within {
            self.waiting.push(entry.path.clone());
        }
    }
}

#[cfg(test)]
mod tests;
