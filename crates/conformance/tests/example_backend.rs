//! A backend of a third party: complete, in under 150 lines, green in the suite.
//! `docs/adding-a-backend.md` walks through it.
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use wharf_connector::futures_util::{StreamExt, TryStreamExt, stream};
use wharf_connector::*;

/// A shelf of files to put and read, never to move. A folder is a path without bytes.
#[derive(Debug)]
pub(crate) struct Shelf {
    info: Info,
    places: Mutex<BTreeMap<RemotePath, Option<bytes::Bytes>>>,
}

impl Shelf {
    pub(crate) fn new() -> Self {
        let root = BTreeMap::from([(RemotePath::root(), None)]);
        Self { info: Info::new("shelf", "Shelf"), places: Mutex::new(root) }
    }

    fn places(&self) -> MutexGuard<'_, BTreeMap<RemotePath, Option<bytes::Bytes>>> {
        self.places.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn entry(&self, path: &RemotePath) -> Result<Entry> {
        match self.places().get(path) {
            None => Err(Error::new(ErrorKind::NotFound, "nothing stands there")),
            Some(None) => Ok(Entry::folder(path.clone())),
            Some(Some(bytes)) => Ok(Entry::file(path.clone()).with_size(bytes.len() as u64)),
        }
    }

    fn children(&self, folder: &RemotePath) -> Result<Vec<Entry>> {
        if self.entry(folder)?.is_file() {
            return Err(Error::new(ErrorKind::NotAFolder, "it is a file"));
        }
        let paths: Vec<_> = self.places().keys().cloned().collect();
        let children = paths.iter().filter(|path| path.parent().as_ref() == Some(folder));
        children.map(|path| self.entry(path)).collect()
    }

    fn make_folder(&self, folder: &RemotePath, parents: bool) -> Result<Entry> {
        if let Ok(there) = self.entry(folder) {
            let taken = Error::new(ErrorKind::AlreadyExists, "a file stands there");
            return if there.is_folder() { Ok(there) } else { Err(taken) };
        }
        self.need_parent(folder, parents)?;
        self.places().insert(folder.clone(), None);
        self.entry(folder)
    }

    fn need_parent(&self, path: &RemotePath, create: bool) -> Result<()> {
        let parent = path.parent().unwrap_or_default();
        if create {
            return self.make_folder(&parent, true).map(drop);
        }
        self.children(&parent).map(drop)
    }

    async fn put(&self, file: &RemotePath, content: Content, how: WriteOptions) -> Result<Entry> {
        ABILITIES.require(how.needs(&content), &self.info, Operation::Write)?;
        if self.entry(file).is_ok_and(|there| there.is_folder()) {
            return Err(Error::new(ErrorKind::IsAFolder, "a folder stands there"));
        }
        let bytes = content.bytes(u64::MAX).await?;
        self.need_parent(file, how.parents)?;
        self.places().insert(file.clone(), Some(bytes));
        self.entry(file)
    }
}

/// What is not here is refused, never ignored: `require` compares each call with it.
const ABILITIES: Capabilities = Capabilities::READ
    .union(Capabilities::WRITE.union(Capabilities::WRITE_UNKNOWN_SIZE))
    .union(Capabilities::CREATE_FOLDER.union(Capabilities::DELETE));

/// Names the backend, the operation and the path in an error.
fn at(operation: Operation, path: &RemotePath) -> impl Fn(Error) -> Error + use<> {
    let path = path.clone();
    move |error| error.of("shelf").during(operation, &path)
}

#[async_trait]
impl Connector for Shelf {
    fn info(&self) -> &Info {
        &self.info
    }
    fn capabilities(&self) -> Capabilities {
        ABILITIES
    }
    async fn test_connection(&self) -> Result<ConnectionReport> {
        let mut report = ConnectionReport::new();
        report.stage("shelf", StageOutcome::Passed, "within reach", Default::default());
        Ok(report)
    }
    async fn stat(&self, path: &RemotePath) -> Result<Entry> {
        self.entry(path).map_err(at(Operation::Stat, path))
    }
    fn list(&self, folder: &RemotePath, _: ListOptions) -> EntryStream {
        let children = self.children(folder).map_err(at(Operation::List, folder));
        stream::iter([children]).map_ok(|all| stream::iter(all).map(Ok)).try_flatten().boxed()
    }
    async fn read(&self, file: &RemotePath, options: ReadOptions) -> Result<Download> {
        let at = at(Operation::Read, file);
        ABILITIES.require(options.needs(), &self.info, Operation::Read).map_err(&at)?;
        let entry = self.entry(file).map_err(&at)?;
        let folder = || at(Error::new(ErrorKind::IsAFolder, "it is a folder"));
        let bytes = self.places().get(file).cloned().flatten().ok_or_else(folder)?;
        Ok(Download::of_bytes(&self.info, entry, bytes))
    }
    async fn write(
        &self,
        file: &RemotePath,
        content: Content,
        options: WriteOptions,
    ) -> Result<Entry> {
        self.put(file, content, options).await.map_err(at(Operation::Write, file))
    }
    async fn create_folder(
        &self,
        folder: &RemotePath,
        options: CreateFolderOptions,
    ) -> Result<Entry> {
        self.make_folder(folder, options.parents).map_err(at(Operation::CreateFolder, folder))
    }
    async fn delete(&self, path: &RemotePath, options: DeleteOptions) -> Result<()> {
        let at = at(Operation::Delete, path);
        if path.is_root() {
            return Err(at(Error::new(ErrorKind::Invalid, "the root cannot be deleted")));
        }
        ABILITIES.require(options.needs(), &self.info, Operation::Delete).map_err(&at)?;
        if self.entry(path).map_err(&at)?.is_folder() && !self.children(path)?.is_empty() {
            return Err(at(Error::new(ErrorKind::NotEmpty, "the folder is not empty")));
        }
        self.places().remove(path);
        Ok(())
    }
}

struct OneShelf;
#[async_trait]
impl wharf_conformance::Harness for OneShelf {
    async fn connector(&self) -> Arc<dyn Connector> {
        Arc::new(Shelf::new())
    }
}

wharf_conformance::suite!(OneShelf);
