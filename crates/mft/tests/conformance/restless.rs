//! A connector whose service gives every folder another id between two verbs.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use futures_util::StreamExt;
use wharf_connector::{
    Capabilities, Changes, ConnectionReport, Connector, Content, CopyOptions, CreateFolderOptions,
    DeleteOptions, Download, Entry, EntryStream, Info, ListOptions, ReadOptions, RemotePath,
    RenameOptions, Result, WriteOptions, async_trait,
};
use wharf_mft::Mft;

/// What the client remembers is stale whenever a verb begins. While one runs, ids stay.
#[derive(Debug)]
pub(crate) struct Restless {
    mft: Mft,
    service: wharf_sandbox::Mft,
    running: Arc<AtomicUsize>,
}

/// A verb that runs.
struct Running(Arc<AtomicUsize>);

impl Restless {
    pub(crate) fn new(mft: Mft, service: wharf_sandbox::Mft) -> Self {
        Self { mft, service, running: Arc::default() }
    }

    fn begin(&self) -> Running {
        if self.running.fetch_add(1, Ordering::SeqCst) == 0 {
            self.service.renew_folder_ids();
        }
        Running(self.running.clone())
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}

#[async_trait]
impl Connector for Restless {
    fn info(&self) -> &Info {
        self.mft.info()
    }

    fn capabilities(&self) -> Capabilities {
        self.mft.capabilities()
    }

    fn inner(&self) -> Option<&dyn Connector> {
        Some(&self.mft)
    }

    async fn test_connection(&self) -> Result<ConnectionReport> {
        let _running = self.begin();
        self.mft.test_connection().await
    }

    async fn stat(&self, path: &RemotePath) -> Result<Entry> {
        let _running = self.begin();
        self.mft.stat(path).await
    }

    fn list(&self, folder: &RemotePath, options: ListOptions) -> EntryStream {
        let running = self.begin();
        let listing = self.mft.list(folder, options);
        listing
            .map(move |entry| {
                let _running = &running;
                entry
            })
            .boxed()
    }

    async fn read(&self, file: &RemotePath, options: ReadOptions) -> Result<Download> {
        let _running = self.begin();
        self.mft.read(file, options).await
    }

    async fn write(
        &self,
        file: &RemotePath,
        content: Content,
        options: WriteOptions,
    ) -> Result<Entry> {
        let _running = self.begin();
        self.mft.write(file, content, options).await
    }

    async fn create_folder(
        &self,
        folder: &RemotePath,
        options: CreateFolderOptions,
    ) -> Result<Entry> {
        let _running = self.begin();
        self.mft.create_folder(folder, options).await
    }

    async fn delete(&self, path: &RemotePath, options: DeleteOptions) -> Result<()> {
        let _running = self.begin();
        self.mft.delete(path, options).await
    }

    async fn copy(
        &self,
        from: &RemotePath,
        to: &RemotePath,
        options: CopyOptions,
    ) -> Result<Entry> {
        let _running = self.begin();
        self.mft.copy(from, to, options).await
    }

    async fn rename(
        &self,
        from: &RemotePath,
        to: &RemotePath,
        options: RenameOptions,
    ) -> Result<Entry> {
        let _running = self.begin();
        self.mft.rename(from, to, options).await
    }

    async fn update(&self, path: &RemotePath, changes: Changes) -> Result<Entry> {
        let _running = self.begin();
        self.mft.update(path, changes).await
    }
}
