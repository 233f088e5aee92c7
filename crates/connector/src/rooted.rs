//! A connector confined to a folder of another.

use std::borrow::Cow;
use std::ops::Range;
use std::sync::Arc;

use async_trait::async_trait;
use futures_util::StreamExt;

use crate::{
    Capabilities, Changes, Checkpoint, CheckpointStore, ConnectionReport, Connector, Content,
    CopyOptions, CreateFolderOptions, DeleteOptions, Download, Entry, EntryStream, Error,
    ErrorKind, Info, ListOptions, Operation, ReadOptions, RemotePath, RenameOptions, Result,
    Unfinished, WriteOptions,
};

/// A connector whose root is a folder of another connector.
///
/// Paths go in and come out relative to that folder, in entries and in errors. Since a
/// [`RemotePath`] cannot climb, nothing outside the folder can be named.
///
/// ```
/// use std::sync::Arc;
/// use wharf_connector::{Connector, ConnectorExt, Memory, RemotePath, Result, Rooted};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<()> {
/// let whole = Arc::new(Memory::new());
/// let inbox = Rooted::new(whole.clone(), RemotePath::new("/inbox")?);
/// let entry = inbox.write_bytes(&RemotePath::new("/a.txt")?, "a").await?;
/// assert_eq!(entry.path.as_str(), "/a.txt");
/// assert!(whole.exists(&RemotePath::new("/inbox/a.txt")?).await?);
/// # Ok(()) }
/// ```
#[derive(Debug)]
pub struct Rooted {
    inner: Arc<dyn Connector>,
    root: RemotePath,
    info: Info,
}

impl Rooted {
    /// Confines a connector to a folder, which need not exist yet.
    pub fn new(inner: Arc<dyn Connector>, root: RemotePath) -> Self {
        let mut info = inner.info().clone();
        info.root = info.root.join_path(&root);
        Self { inner, root, info }
    }

    fn down(&self, path: &RemotePath) -> RemotePath {
        self.root.join_path(path)
    }

    fn up(&self) -> Upward {
        Upward { root: self.root.clone() }
    }
}

/// A store whose paths are those of the inner connector.
#[derive(Debug)]
struct Translated {
    outer: Arc<dyn CheckpointStore>,
    root: RemotePath,
}

#[async_trait]
impl CheckpointStore for Translated {
    async fn load(&self) -> Result<Option<Unfinished>> {
        let mut kept = self.outer.load().await?;
        if let Some(kept) = &mut kept {
            kept.partial = kept.partial.take().map(|path| self.root.join_path(&path));
        }
        Ok(kept)
    }

    async fn keep(&self, mut unfinished: Unfinished) -> Result<()> {
        let partial = unfinished.partial.take();
        unfinished.partial = partial.and_then(|path| path.below(&self.root));
        self.outer.keep(unfinished).await
    }

    async fn forget(&self) -> Result<()> {
        self.outer.forget().await
    }

    fn resumed(&self, range: Range<u64>, crc32: u32) {
        self.outer.resumed(range, crc32);
    }
}

/// Translates what comes out of the inner connector.
#[derive(Clone)]
struct Upward {
    root: RemotePath,
}

impl Upward {
    fn path(&self, path: RemotePath) -> RemotePath {
        path.below(&self.root).unwrap_or(path)
    }

    fn error(&self, error: Error) -> Error {
        error.map_path(|path| self.path(path))
    }

    fn entry(&self, mut entry: Entry) -> Entry {
        entry.path = self.path(entry.path);
        entry
    }

    fn result(&self, result: Result<Entry>) -> Result<Entry> {
        result.map(|entry| self.entry(entry)).map_err(|error| self.error(error))
    }
}

#[async_trait]
#[deny(clippy::missing_trait_methods)]
impl Connector for Rooted {
    fn info(&self) -> &Info {
        &self.info
    }

    fn capabilities(&self) -> Capabilities {
        self.inner.capabilities()
    }

    fn inner(&self) -> Option<&dyn Connector> {
        Some(&*self.inner)
    }

    async fn test_connection(&self) -> Result<ConnectionReport> {
        self.inner.test_connection().await
    }

    async fn stat(&self, path: &RemotePath) -> Result<Entry> {
        self.up().result(self.inner.stat(&self.down(path)).await)
    }

    fn list(&self, folder: &RemotePath, options: ListOptions) -> EntryStream {
        let up = self.up();
        self.inner.list(&self.down(folder), options).map(move |entry| up.result(entry)).boxed()
    }

    async fn read(&self, file: &RemotePath, options: ReadOptions) -> Result<Download> {
        let up = self.up();
        let download = self.inner.read(&self.down(file), options).await;
        let download = download.map_err(|error| up.error(error))?;
        let stream = {
            let up = up.clone();
            download.map_stream(|stream| {
                stream.map(move |bytes| bytes.map_err(|error| up.error(error))).boxed()
            })
        };
        Ok(stream.map_entry(|entry| up.entry(entry)))
    }

    async fn write(
        &self,
        file: &RemotePath,
        content: Content,
        mut options: WriteOptions,
    ) -> Result<Entry> {
        if file.is_root() {
            let error = Error::new(ErrorKind::IsAFolder, "the root is a folder");
            return Err(error.during(Operation::Write, file));
        }
        options.checkpoint = options.checkpoint.map(|outer| {
            let store = Translated { outer: outer.store().clone(), root: self.root.clone() };
            Checkpoint::new(Arc::new(store), outer.source())
        });
        self.up().result(self.inner.write(&self.down(file), content, options).await)
    }

    async fn create_folder(
        &self,
        folder: &RemotePath,
        options: CreateFolderOptions,
    ) -> Result<Entry> {
        self.up().result(self.inner.create_folder(&self.down(folder), options).await)
    }

    async fn delete(&self, path: &RemotePath, options: DeleteOptions) -> Result<()> {
        if path.is_root() {
            return Err(Error::new(ErrorKind::Invalid, "the root cannot be deleted")
                .of(self.info.scheme)
                .during(Operation::Delete, path));
        }
        let up = self.up();
        self.inner.delete(&self.down(path), options).await.map_err(|error| up.error(error))
    }

    async fn copy(
        &self,
        from: &RemotePath,
        to: &RemotePath,
        options: CopyOptions,
    ) -> Result<Entry> {
        self.up().result(self.inner.copy(&self.down(from), &self.down(to), options).await)
    }

    async fn rename(
        &self,
        from: &RemotePath,
        to: &RemotePath,
        options: RenameOptions,
    ) -> Result<Entry> {
        self.up().result(self.inner.rename(&self.down(from), &self.down(to), options).await)
    }

    async fn update(&self, path: &RemotePath, changes: Changes) -> Result<Entry> {
        self.up().result(self.inner.update(&self.down(path), changes).await)
    }

    fn name_key<'a>(&self, name: &'a str) -> Cow<'a, str> {
        self.inner.name_key(name)
    }

    fn check_name(&self, name: &str) -> Result<()> {
        self.inner.check_name(name)
    }

    fn calls(&self, operation: Operation, bytes: u64) -> Option<u64> {
        self.inner.calls(operation, bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{ConnectorExt, Memory};

    #[tokio::test]
    async fn the_root_does_not_become_a_file() {
        let whole = Arc::new(Memory::new());
        let inbox = Rooted::new(whole.clone(), RemotePath::new("/inbox").unwrap());
        let error = inbox.write_bytes(&RemotePath::root(), "x").await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::IsAFolder);
        assert!(!whole.exists(&RemotePath::new("/inbox").unwrap()).await.unwrap());
    }
}
