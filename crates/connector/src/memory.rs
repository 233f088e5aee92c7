//! The reference backend: the whole contract, in memory.

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use chrono::Utc;
use futures_util::{StreamExt, TryStreamExt, stream};

use crate::{
    Capabilities, Changes, ConnectionReport, Connector, Content, CopyOptions, CreateFolderOptions,
    DeleteOptions, Download, Entry, EntryStream, Error, ErrorKind, Factory, Info, Limits,
    ListOptions, NameCase, OnConflict, Operation, ReadOptions, RemotePath, RenameOptions, Result,
    SettingSpec, Settings, StageOutcome, Target, WriteOptions,
};

mod tree;

use tree::Tree;

/// A backend that keeps everything in memory: for tests, for examples, and as the model of
/// how the contract is meant.
///
/// Clones share the content. It has every ability except checksums, permissions, and going on
/// with a write.
/// [`with_capabilities`](Self::with_capabilities) takes some away, to see how a program
/// fares with a poorer service.
#[derive(Clone)]
pub struct Memory {
    tree: Arc<Mutex<Tree>>,
    capabilities: Capabilities,
    info: Info,
}

impl Memory {
    /// An empty one.
    pub fn new() -> Self {
        Self {
            tree: Arc::default(),
            capabilities: Capabilities::all() - LACKING,
            info: Info::new(SCHEME, "Memory").with_limits(limits()),
        }
    }

    /// The same, with only these of its abilities.
    #[must_use]
    pub fn with_capabilities(mut self, capabilities: Capabilities) -> Self {
        self.capabilities &= capabilities;
        self
    }

    fn tree(&self) -> MutexGuard<'_, Tree> {
        self.tree.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn need(&self, needs: Capabilities, operation: Operation) -> Result<()> {
        self.capabilities.require(needs, &self.info, operation)
    }

    fn move_or_copy(
        &self,
        (from, to): (&RemotePath, &RemotePath),
        on_conflict: OnConflict,
        parents: bool,
        (files, folders): (Capabilities, Capabilities),
        operation: Operation,
    ) -> Result<Entry> {
        self.need(files, operation).or_else(|_| self.need(folders, operation))?;
        let mut tree = self.tree();
        let source = tree.entry(from)?;
        self.need(if source.is_folder() { folders } else { files }, operation)?;
        tree.check_destination(&source, to, on_conflict)?;
        tree.need_parent(to, parents)?;
        match operation {
            Operation::Rename => tree.rename(from, to),
            _ => tree.copy(from, to),
        }
        tree.entry(to)
    }

    fn named(
        &self,
        operation: Operation,
        path: &RemotePath,
    ) -> impl FnOnce(Error) -> Error + use<> {
        let path = path.clone();
        move |error| error.of(SCHEME).during(operation, &path)
    }
}

#[async_trait]
impl Connector for Memory {
    fn info(&self) -> &Info {
        &self.info
    }

    fn capabilities(&self) -> Capabilities {
        self.capabilities
    }

    async fn test_connection(&self) -> Result<ConnectionReport> {
        let mut report = ConnectionReport::new();
        report.stage("memory", StageOutcome::Passed, "always there", Default::default());
        Ok(report)
    }

    async fn stat(&self, path: &RemotePath) -> Result<Entry> {
        self.tree().entry(path).map_err(self.named(Operation::Stat, path))
    }

    fn list(&self, folder: &RemotePath, _: ListOptions) -> EntryStream {
        let (memory, folder) = (self.clone(), folder.clone());
        let children = async move {
            let children = memory.tree().children(&folder);
            let children = children.map_err(memory.named(Operation::List, &folder))?;
            Ok::<_, Error>(stream::iter(children.into_iter().map(Ok)))
        };
        stream::once(children).try_flatten().boxed()
    }

    async fn read(&self, file: &RemotePath, options: ReadOptions) -> Result<Download> {
        let open = || {
            self.need(options.needs(), Operation::Read)?;
            let (entry, bytes) = self.tree().file(file)?;
            let range = options.range.resolve(bytes.len() as u64).ok_or_else(|| {
                let message = format!("{} of {} bytes", options.range, bytes.len());
                Error::new(ErrorKind::InvalidRange, message)
            })?;
            let length = range.end - range.start;
            let bytes = bytes.slice(range.start as usize..range.end as usize);
            let body = stream::iter((!bytes.is_empty()).then_some(Ok(bytes))).boxed();
            Ok(Download::new(&self.info, entry, range.start, Some(length), body))
        };
        open().map_err(self.named(Operation::Read, file))
    }

    async fn write(
        &self,
        file: &RemotePath,
        content: Content,
        options: WriteOptions,
    ) -> Result<Entry> {
        let named = self.named(Operation::Write, file);
        let write = async {
            self.need(options.needs(&content), Operation::Write)?;
            self.tree().prepare_file_place(file, &options)?;
            let bytes = content.bytes(u64::MAX).await?;
            let mut tree = self.tree();
            tree.prepare_file_place(file, &options)?;
            tree.put(file, bytes, &options, Utc::now());
            tree.entry(file)
        };
        write.await.map_err(named)
    }

    async fn create_folder(
        &self,
        folder: &RemotePath,
        options: CreateFolderOptions,
    ) -> Result<Entry> {
        let create = || {
            self.need(Capabilities::CREATE_FOLDER, Operation::CreateFolder)?;
            self.tree().create_folder(folder, options.parents)
        };
        create().map_err(self.named(Operation::CreateFolder, folder))
    }

    async fn delete(&self, path: &RemotePath, options: DeleteOptions) -> Result<()> {
        let delete = || {
            self.need(options.needs(), Operation::Delete)?;
            self.tree().delete(path, options.recursive)
        };
        delete().map_err(self.named(Operation::Delete, path))
    }

    async fn copy(
        &self,
        from: &RemotePath,
        to: &RemotePath,
        options: CopyOptions,
    ) -> Result<Entry> {
        let abilities = (Capabilities::COPY_FILE, Capabilities::COPY_FOLDER);
        let CopyOptions { on_conflict, parents } = options;
        self.move_or_copy((from, to), on_conflict, parents, abilities, Operation::Copy)
            .map_err(self.named(Operation::Copy, from))
    }

    async fn rename(
        &self,
        from: &RemotePath,
        to: &RemotePath,
        options: RenameOptions,
    ) -> Result<Entry> {
        let abilities = (Capabilities::RENAME_FILE, Capabilities::RENAME_FOLDER);
        let RenameOptions { on_conflict, parents } = options;
        self.move_or_copy((from, to), on_conflict, parents, abilities, Operation::Rename)
            .map_err(self.named(Operation::Rename, from))
    }

    async fn update(&self, path: &RemotePath, changes: Changes) -> Result<Entry> {
        let update = || {
            self.need(changes.needs(), Operation::Update)?;
            self.tree().update(path, changes)
        };
        update().map_err(self.named(Operation::Update, path))
    }

    fn calls(&self, _: Operation, _: u64) -> Option<u64> {
        Some(0)
    }
}

impl Default for Memory {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for Memory {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Memory").field("entries", &self.tree().len()).finish_non_exhaustive()
    }
}

/// Opens [`Memory`], an empty one each time, by the scheme `memory`.
#[derive(Debug, Clone, Copy, Default)]
#[expect(clippy::exhaustive_structs, reason = "it has nothing to configure")]
pub struct MemoryFactory;

impl Factory for MemoryFactory {
    fn schemes(&self) -> &'static [&'static str] {
        &[SCHEME]
    }

    fn settings(&self) -> &'static [SettingSpec] {
        &[]
    }

    fn open(&self, _: &Target, _: &Settings) -> Result<Arc<dyn Connector>> {
        Ok(Arc::new(Memory::new()))
    }
}

fn limits() -> Limits {
    let limits = Limits::default().with_name_case(NameCase::Sensitive);
    limits.with_time_resolution(Duration::from_nanos(1))
}

const SCHEME: &str = "memory";

const LACKING: Capabilities =
    Capabilities::CHECKSUMS.union(Capabilities::PERMISSIONS).union(Capabilities::WRITE_RESUME);
