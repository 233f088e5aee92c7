//! A connector that can be made to misbehave, and says what was asked of it.

use std::fmt;
use std::io;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use bytes::{Bytes, BytesMut};
use chrono::{DateTime, Utc};
use futures_util::{StreamExt, stream};
use wharf_connector::{
    Capabilities, Changes, Checksums, ConnectionReport, Connector, ConnectorExt, Content,
    ContentStream, CopyOptions, CreateFolderOptions, DeleteOptions, Download, Entry, EntryStream,
    ErrorKind, Info, ListOptions, Memory, Operation, ReadOptions, RemotePath, RenameOptions,
    Result, WriteOptions, async_trait,
};
use wharf_transfer::{CopyFile, Place, Progress, Receipt, copy_file};

type OnBlock = Box<dyn Fn(usize, Bytes) -> Result<Bytes> + Send + Sync>;
type OnEntry = Box<dyn Fn(Entry) -> Entry + Send + Sync>;
type OnStore = Box<dyn Fn(Bytes) -> Bytes + Send + Sync>;
type Before = Box<dyn Fn(&Memory) + Send + Sync>;

/// Memory with a twist. What is not twisted works as it should.
pub(crate) struct Twisted {
    pub(crate) memory: Memory,
    info: Info,
    capabilities: Capabilities,
    block: usize,
    take: Take,
    on_block: Arc<OnBlock>,
    on_entry: OnEntry,
    on_store: OnStore,
    on_reread: Before,
    pub(crate) seen: Seen,
}

/// What was asked of it.
#[derive(Default)]
pub(crate) struct Seen {
    pub(crate) reads: AtomicUsize,
    pub(crate) ranges: AtomicUsize,
    pub(crate) blocks: Arc<AtomicUsize>,
    pub(crate) writes: AtomicUsize,
    pub(crate) copies: AtomicUsize,
    pub(crate) options: Mutex<Option<WriteOptions>>,
}

/// How it takes a content.
pub(crate) enum Take {
    Whole,
    /// From the start, and no further than that.
    First(u64),
    /// From these offsets to those, in this order. Whole if the content is read once.
    Parts(Vec<(u64, u64)>),
}

impl Twisted {
    pub(crate) fn new() -> Self {
        let memory = Memory::new();
        Self {
            info: Info::new("twisted", "Twisted"),
            capabilities: memory.capabilities(),
            memory,
            block: usize::MAX,
            take: Take::Whole,
            on_block: Arc::new(Box::new(|_, bytes| Ok(bytes))),
            on_entry: Box::new(|entry| entry),
            on_store: Box::new(|bytes| bytes),
            on_reread: Box::new(|_| ()),
            seen: Seen::default(),
        }
    }

    pub(crate) fn with(mut self, abilities: Capabilities) -> Self {
        self.capabilities |= abilities;
        self
    }

    pub(crate) fn without(mut self, abilities: Capabilities) -> Self {
        self.capabilities -= abilities;
        self
    }

    pub(crate) fn info(mut self, change: impl FnOnce(Info) -> Info) -> Self {
        self.info = change(self.info);
        self
    }

    /// Reads in blocks of so many bytes.
    pub(crate) fn block(mut self, bytes: usize) -> Self {
        self.block = bytes;
        self
    }

    pub(crate) fn take(mut self, take: Take) -> Self {
        self.take = take;
        self
    }

    /// What becomes of each block that is read, counted over all reads.
    pub(crate) fn on_block(
        mut self,
        twist: impl Fn(usize, Bytes) -> Result<Bytes> + Send + Sync + 'static,
    ) -> Self {
        self.on_block = Arc::new(Box::new(twist));
        self
    }

    /// What it tells of an entry.
    pub(crate) fn on_entry(
        mut self,
        twist: impl Fn(Entry) -> Entry + Send + Sync + 'static,
    ) -> Self {
        self.on_entry = Box::new(twist);
        self
    }

    /// What it stores of what it was sent.
    pub(crate) fn on_store(
        mut self,
        twist: impl Fn(Bytes) -> Bytes + Send + Sync + 'static,
    ) -> Self {
        self.on_store = Box::new(twist);
        self
    }

    /// What happens before every look and every read but the first.
    pub(crate) fn on_reread(mut self, before: impl Fn(&Memory) + Send + Sync + 'static) -> Self {
        self.on_reread = Box::new(before);
        self
    }

    /// Honest CRC-32 of what is stored, in every entry.
    pub(crate) fn summing(self) -> Self {
        let memory = self.memory.clone();
        self.with(Capabilities::CHECKSUMS).on_entry(move |mut entry| {
            entry.checksums.crc32 = Some(crc32fast::hash(&held(&memory, &entry.path)));
            entry
        })
    }

    pub(crate) fn put(self, text: &str, bytes: impl Into<Content>) -> Self {
        now(self.memory.write(
            &path(text),
            bytes.into(),
            WriteOptions::new().with_modified(moment()),
        ))
        .unwrap();
        self
    }

    pub(crate) fn held(&self, text: &str) -> Option<Bytes> {
        let held = now(self.memory.read_bytes(&path(text), u64::MAX));
        match held {
            Err(error) if error.kind() == ErrorKind::NotFound => None,
            held => Some(held.unwrap()),
        }
    }

    async fn taken(&self, content: Content) -> io::Result<Bytes> {
        let mut all = BytesMut::new();
        match &self.take {
            Take::Parts(parts) if content.is_reopenable() => {
                all.resize(content.size().unwrap() as usize, 0);
                for (from, to) in parts {
                    let part = exactly(now(content.open_at(*from))?, to - from).await?;
                    all[*from as usize..*to as usize].copy_from_slice(&part);
                }
            }
            Take::First(bytes) => all.extend(exactly(content.into_stream(), *bytes).await?),
            _ => {
                let mut stream = content.into_stream();
                while let Some(bytes) = stream.next().await {
                    all.extend_from_slice(&bytes?);
                }
            }
        }
        Ok(all.freeze())
    }
}

async fn exactly(mut stream: ContentStream, bytes: u64) -> io::Result<Bytes> {
    let mut part = BytesMut::new();
    while (part.len() as u64) < bytes {
        part.extend_from_slice(&stream.next().await.expect("enough bytes")?);
    }
    part.truncate(bytes as usize);
    Ok(part.freeze())
}

fn held(memory: &Memory, path: &RemotePath) -> Bytes {
    now(memory.read_bytes(path, u64::MAX)).unwrap()
}

#[async_trait]
impl Connector for Twisted {
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
        (self.on_reread)(&self.memory);
        let entry = self.memory.stat(path).await?;
        Ok(if entry.is_file() { (self.on_entry)(entry) } else { entry })
    }

    fn list(&self, folder: &RemotePath, options: ListOptions) -> EntryStream {
        self.memory.list(folder, options)
    }

    async fn read(&self, file: &RemotePath, options: ReadOptions) -> Result<Download> {
        self.capabilities.require(options.needs(), &self.info, Operation::Read)?;
        if self.seen.reads.fetch_add(1, Ordering::Relaxed) > 0 {
            (self.on_reread)(&self.memory);
        }
        self.seen.ranges.fetch_add(usize::from(!options.range.is_whole()), Ordering::Relaxed);
        let download = self.memory.read(file, options).await?.map_entry(&self.on_entry);
        let (entry, offset, length) = (download.entry.clone(), download.offset, download.length);
        let bytes = download.bytes(u64::MAX).await?;
        let (block, twist, count) = (self.block, self.on_block.clone(), self.seen.blocks.clone());
        let blocks = stream::unfold(bytes, move |mut rest| async move {
            let next = rest.split_to(rest.len().min(block));
            (!next.is_empty()).then_some((next, rest))
        });
        let twisted = blocks.map(move |bytes| twist(count.fetch_add(1, Ordering::Relaxed), bytes));
        let length = length.filter(|_| entry.size.is_some());
        Ok(Download::new(&self.info, entry, offset, length, twisted.boxed()))
    }

    async fn write(
        &self,
        file: &RemotePath,
        content: Content,
        options: WriteOptions,
    ) -> Result<Entry> {
        self.capabilities.require(options.needs(&content), &self.info, Operation::Write)?;
        self.seen.writes.fetch_add(1, Ordering::Relaxed);
        *self.seen.options.lock().unwrap() = Some(options.clone());
        // A service that wraps errors in words of its own, as many do.
        let sent = self.taken(content).await.map_err(|error| {
            wharf_connector::Error::new(ErrorKind::Other, format!("upload failed: {error}"))
        })?;
        let mut of_memory = options;
        of_memory.expected = Checksums::default();
        of_memory.verify = false;
        let stored = (self.on_store)(sent);
        let entry = self.memory.write(file, stored.into(), of_memory).await?;
        Ok((self.on_entry)(entry))
    }

    async fn create_folder(
        &self,
        folder: &RemotePath,
        options: CreateFolderOptions,
    ) -> Result<Entry> {
        self.memory.create_folder(folder, options).await
    }

    async fn delete(&self, path: &RemotePath, options: DeleteOptions) -> Result<()> {
        self.capabilities.require(options.needs(), &self.info, Operation::Delete)?;
        self.memory.delete(path, options).await
    }

    async fn copy(&self, from: &RemotePath, to: &RemotePath, o: CopyOptions) -> Result<Entry> {
        self.capabilities.require(Capabilities::COPY_FILE, &self.info, Operation::Copy)?;
        self.seen.copies.fetch_add(1, Ordering::Relaxed);
        Ok((self.on_entry)(self.memory.copy(from, to, o).await?))
    }

    async fn rename(&self, from: &RemotePath, to: &RemotePath, o: RenameOptions) -> Result<Entry> {
        self.memory.rename(from, to, o).await
    }

    async fn update(&self, path: &RemotePath, changes: Changes) -> Result<Entry> {
        Ok((self.on_entry)(self.memory.update(path, changes).await?))
    }
}

impl fmt::Debug for Twisted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Twisted").finish_non_exhaustive()
    }
}

/// Counts what it is told.
#[derive(Default, Debug)]
pub(crate) struct Counted {
    pub(crate) advanced: AtomicUsize,
    pub(crate) repeated: AtomicUsize,
    pub(crate) read_back: AtomicUsize,
}

impl Progress for Counted {
    fn advanced(&self, bytes: u64) {
        self.advanced.fetch_add(bytes as usize, Ordering::Relaxed);
    }
    fn repeated(&self, bytes: u64) {
        self.repeated.fetch_add(bytes as usize, Ordering::Relaxed);
    }
    fn read_back(&self, bytes: u64) {
        self.read_back.fetch_add(bytes as usize, Ordering::Relaxed);
    }
}

impl Counted {
    pub(crate) fn numbers(&self) -> (usize, usize, usize) {
        let read = |number: &AtomicUsize| number.load(Ordering::Relaxed);
        (read(&self.advanced), read(&self.repeated), read(&self.read_back))
    }
}

/// Copies `/from.bin` to `/to.bin`.
pub(crate) async fn carry(
    from: &Arc<Twisted>,
    to: &Arc<Twisted>,
    options: CopyFile,
) -> Result<Receipt> {
    let from = Place::new(from.clone(), path("/from.bin"));
    let to = Place::new(to.clone(), path("/to.bin"));
    copy_file(&from, &to, &options, &()).await
}

/// A source with a file, honest unless it is twisted.
pub(crate) fn source() -> Twisted {
    Twisted::new().put("/from.bin", file()).block(1000)
}

pub(crate) fn file() -> Vec<u8> {
    (0..10_500u32).map(|n| (n * 7 + n / 251) as u8).collect()
}

pub(crate) fn crc() -> u32 {
    crc32fast::hash(&file())
}

pub(crate) fn moment() -> DateTime<Utc> {
    DateTime::from_timestamp(1_337_174_868, 0).unwrap()
}

pub(crate) fn path(text: &str) -> RemotePath {
    RemotePath::new(text).unwrap()
}

/// For what never waits.
pub(crate) fn now<T>(future: impl Future<Output = T>) -> T {
    futures_util::FutureExt::now_or_never(future).expect("memory does not wait")
}
