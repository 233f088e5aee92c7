//! A connector that is poorer or stricter than memory, and can break.

use std::borrow::Cow;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use futures_util::{StreamExt, stream};
use wharf_connector::{
    Capabilities, Changes, ConnectionReport, Connector, Content, CopyOptions, CreateFolderOptions,
    DeleteOptions, Download, Entry, EntryStream, Error, ErrorKind, Info, ListOptions, Memory,
    ReadOptions, RemotePath, RenameOptions, Result, WriteOptions, async_trait,
};

type OnEntry = Arc<dyn Fn(&mut Entry) + Send + Sync>;

/// Memory, with another face.
#[derive(Clone)]
pub(crate) struct Odd {
    pub(crate) memory: Memory,
    info: Info,
    capabilities: Capabilities,
    /// Listings of folders of that name end in an error of that kind.
    broken: Option<(&'static str, ErrorKind)>,
    on_entry: OnEntry,
    forbidden: Option<char>,
    pub(crate) reads: Arc<AtomicUsize>,
}

impl std::fmt::Debug for Odd {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Odd").finish_non_exhaustive()
    }
}

impl Odd {
    pub(crate) fn new() -> Self {
        let memory = Memory::new();
        Self {
            info: memory.info().clone(),
            capabilities: memory.capabilities(),
            memory,
            broken: None,
            on_entry: Arc::new(|_| ()),
            forbidden: None,
            reads: Arc::default(),
        }
    }

    pub(crate) fn info(mut self, change: impl FnOnce(Info) -> Info) -> Self {
        self.info = change(self.info);
        self
    }

    pub(crate) fn without(mut self, abilities: Capabilities) -> Self {
        self.capabilities -= abilities;
        self
    }

    pub(crate) fn broken(mut self, folder: &'static str, kind: ErrorKind) -> Self {
        self.broken = Some((folder, kind));
        self
    }

    pub(crate) fn on_entry(mut self, twist: impl Fn(&mut Entry) + Send + Sync + 'static) -> Self {
        self.on_entry = Arc::new(twist);
        self
    }

    pub(crate) fn forbidding(mut self, letter: char) -> Self {
        self.forbidden = Some(letter);
        self
    }

    fn twist(&self, mut entry: Entry) -> Entry {
        (self.on_entry)(&mut entry);
        entry
    }
}

#[async_trait]
impl Connector for Odd {
    fn info(&self) -> &Info {
        &self.info
    }

    fn capabilities(&self) -> Capabilities {
        self.capabilities
    }

    async fn test_connection(&self) -> Result<ConnectionReport> {
        self.memory.test_connection().await
    }

    async fn stat(&self, path: &RemotePath) -> Result<Entry> {
        self.memory.stat(path).await.map(|entry| self.twist(entry))
    }

    fn list(&self, folder: &RemotePath, options: ListOptions) -> EntryStream {
        let this = self.clone();
        let entries = self.memory.list(folder, options);
        let entries = entries.map(move |entry| entry.map(|entry| this.twist(entry)));
        match self.broken {
            Some((name, kind)) if folder.name() == Some(name) => {
                let error = Error::new(kind, "the listing broke off");
                entries.take(1).chain(stream::iter([Err(error)])).boxed()
            }
            _ => entries.boxed(),
        }
    }

    async fn read(&self, file: &RemotePath, options: ReadOptions) -> Result<Download> {
        self.reads.fetch_add(1, Ordering::Relaxed);
        let download = self.memory.read(file, options).await?;
        Ok(download.map_entry(|entry| self.twist(entry)))
    }

    async fn write(
        &self,
        file: &RemotePath,
        content: Content,
        options: WriteOptions,
    ) -> Result<Entry> {
        self.memory.write(file, content, options).await.map(|entry| self.twist(entry))
    }

    async fn create_folder(
        &self,
        folder: &RemotePath,
        options: CreateFolderOptions,
    ) -> Result<Entry> {
        self.memory.create_folder(folder, options).await
    }

    async fn delete(&self, path: &RemotePath, options: DeleteOptions) -> Result<()> {
        self.memory.delete(path, options).await
    }

    async fn copy(
        &self,
        from: &RemotePath,
        to: &RemotePath,
        options: CopyOptions,
    ) -> Result<Entry> {
        self.memory.copy(from, to, options).await
    }

    async fn rename(
        &self,
        from: &RemotePath,
        to: &RemotePath,
        options: RenameOptions,
    ) -> Result<Entry> {
        self.memory.rename(from, to, options).await
    }

    async fn update(&self, path: &RemotePath, changes: Changes) -> Result<Entry> {
        self.memory.update(path, changes).await
    }

    fn name_key<'a>(&self, name: &'a str) -> Cow<'a, str> {
        Cow::Owned(name.to_lowercase())
    }

    fn check_name(&self, name: &str) -> Result<()> {
        match self.forbidden.filter(|letter| name.contains(*letter)) {
            Some(letter) => {
                let message = format!("the name holds {letter:?}, which is not allowed");
                Err(Error::new(ErrorKind::Invalid, message))
            }
            None => Ok(()),
        }
    }
}
