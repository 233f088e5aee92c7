//! A backend of your own, made of another: whatever can be read there can be read here, and nothing
//! can be changed. `cargo run --example read_only`
//!
//! It keeps the promise by saying less of itself, and by refusing what it does not say. What only
//! the inner connector has is still found through it, by `inner`. A backend for a service of its own
//! is told of step by step in `docs/adding-a-backend.md`.

#![allow(clippy::print_stdout)]

use std::borrow::Cow;
use std::sync::Arc;

use wharf_connector::*;

/// Another connector, of which nothing can be changed.
#[derive(Debug)]
struct ReadOnly {
    inner: Arc<dyn Connector>,
}

impl ReadOnly {
    fn refused<T>(&self, operation: Operation, path: &RemotePath) -> Result<T> {
        Err(Error::unsupported(self.info(), operation).during(operation, path))
    }
}

#[async_trait]
impl Connector for ReadOnly {
    fn info(&self) -> &Info {
        self.inner.info()
    }
    fn capabilities(&self) -> Capabilities {
        let reading = Capabilities::READ | Capabilities::READ_RANGE;
        let told = Capabilities::CHECKSUMS | Capabilities::PERMISSIONS;
        self.inner.capabilities() & (reading | told)
    }
    fn inner(&self) -> Option<&dyn Connector> {
        Some(&*self.inner)
    }
    async fn test_connection(&self) -> Result<ConnectionReport> {
        self.inner.test_connection().await
    }
    async fn stat(&self, path: &RemotePath) -> Result<Entry> {
        self.inner.stat(path).await
    }
    fn list(&self, folder: &RemotePath, options: ListOptions) -> EntryStream {
        self.inner.list(folder, options)
    }
    async fn read(&self, file: &RemotePath, options: ReadOptions) -> Result<Download> {
        self.inner.read(file, options).await
    }
    async fn write(&self, file: &RemotePath, _: Content, _: WriteOptions) -> Result<Entry> {
        self.refused(Operation::Write, file)
    }
    async fn create_folder(&self, folder: &RemotePath, _: CreateFolderOptions) -> Result<Entry> {
        self.refused(Operation::CreateFolder, folder)
    }
    async fn delete(&self, path: &RemotePath, _: DeleteOptions) -> Result<()> {
        self.refused(Operation::Delete, path)
    }
    // These have defaults, which would answer for some other service than the one inside.
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

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<()> {
    let memory = Arc::new(Memory::new());
    let report = RemotePath::new("/reports/2026.csv")?;
    memory.write_bytes(&report, "a;b\n1;2\n").await?;

    let connector: Arc<dyn Connector> = Arc::new(ReadOnly { inner: memory });
    println!("{} bytes", connector.read_bytes(&report, 1024).await?.len());
    match connector.delete(&report, DeleteOptions::new()).await {
        Err(error) => println!("{error}"),
        Ok(()) => return Err(Error::new(ErrorKind::Corrupted, "it was deleted")),
    }
    println!("Memory is found through it: {}", connector.find::<Memory>().is_some());
    Ok(())
}
