//! Trees that are larger than memory may be.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::Poll;

use chrono::DateTime;
use futures_util::{StreamExt, stream};
use wharf_connector::{
    Capabilities, ConnectionReport, Connector, Content, CreateFolderOptions, DeleteOptions,
    Download, Entry, EntryStream, Error, Info, ListOptions, Operation, ReadOptions, RemotePath,
    Result, WriteOptions, async_trait,
};
use wharf_transfer::{Compare, Place, Tally, compare};

/// Folders of files that nobody keeps: they are made when they are listed.
#[derive(Debug, Clone)]
struct Forest {
    info: Info,
    folders: u64,
    files: u64,
    backwards: bool,
    /// How often each entry says that it is not there yet.
    slow: u32,
    told: Arc<AtomicU64>,
}

impl Forest {
    fn new(folders: u64, files: u64) -> Self {
        let info = Info::new("forest", "Forest");
        Self { info, folders, files, backwards: false, slow: 0, told: Arc::default() }
    }

    fn slow(mut self) -> Self {
        self.slow = 10;
        self
    }

    fn child(&self, folder: &RemotePath, number: u64) -> Entry {
        if folder.is_root() && self.folders > 0 {
            return Entry::folder(folder.join(&format!("folder-{number:07}")).unwrap());
        }
        let mut file = Entry::file(folder.join(&format!("file-{number:07}.csv")).unwrap());
        file.size = Some(number % 1000);
        file.modified = DateTime::from_timestamp(1_700_000_000 + number as i64, 0);
        file.version = Some(format!("{number:x}-{:x}", number % 1000).into());
        file
    }
}

#[async_trait]
impl Connector for Forest {
    fn info(&self) -> &Info {
        &self.info
    }
    fn capabilities(&self) -> Capabilities {
        Capabilities::READ
    }
    async fn test_connection(&self) -> Result<ConnectionReport> {
        Ok(ConnectionReport::new())
    }
    async fn stat(&self, path: &RemotePath) -> Result<Entry> {
        Ok(Entry::folder(path.clone()))
    }
    fn list(&self, folder: &RemotePath, _: ListOptions) -> EntryStream {
        let top = folder.is_root() && self.folders > 0;
        let count = if top { self.folders } else { self.files };
        let (this, folder, backwards) = (self.clone(), folder.clone(), self.backwards);
        let (mut number, mut waits) = (0, self.slow);
        stream::poll_fn(move |cx| {
            if waits > 0 {
                waits -= 1;
                cx.waker().wake_by_ref();
                return Poll::Pending;
            }
            waits = this.slow;
            let place = if backwards { count.checked_sub(number + 1) } else { Some(number) };
            let entry = place.filter(|_| number < count).map(|place| this.child(&folder, place));
            number += 1;
            this.told.fetch_add(u64::from(entry.is_some()), Ordering::Relaxed);
            Poll::Ready(entry.map(Ok))
        })
        .boxed()
    }
    async fn read(&self, file: &RemotePath, _: ReadOptions) -> Result<Download> {
        panic!("{file} was read")
    }
    async fn write(&self, file: &RemotePath, _: Content, _: WriteOptions) -> Result<Entry> {
        Err(Error::unsupported(&self.info, Operation::Write).during(Operation::Write, file))
    }
    async fn create_folder(&self, path: &RemotePath, _: CreateFolderOptions) -> Result<Entry> {
        Err(Error::unsupported(&self.info, Operation::CreateFolder)
            .during(Operation::CreateFolder, path))
    }
    async fn delete(&self, path: &RemotePath, _: DeleteOptions) -> Result<()> {
        Err(Error::unsupported(&self.info, Operation::Delete).during(Operation::Delete, path))
    }
}

async fn tally(from: Forest, to: Forest) -> Tally {
    let place = |forest| Place::new(Arc::new(forest), RemotePath::root());
    let mut tally = Tally::default();
    let mut found = compare(&place(from), &place(to), &Compare::new());
    while let Some(difference) = found.next().await {
        tally.add(&difference);
    }
    tally
}

#[tokio::test]
async fn two_equal_trees_of_many_files_agree_without_reading_one() {
    let tally = tally(Forest::new(100, 100), Forest::new(100, 100)).await;
    assert_eq!((tally.same, tally.troubles), (10_000, 0));
    assert!(tally.agrees());
}

/// The most that one side had told more than the other, by what the tally was.
async fn most_ahead(from: Forest, to: Forest) -> (u64, Tally) {
    let told = (from.told.clone(), to.told.clone());
    let place = |forest| Place::new(Arc::new(forest), RemotePath::root());
    let (mut tally, mut ahead) = (Tally::default(), 0);
    let mut found = compare(&place(from), &place(to), &Compare::new());
    while let Some(difference) = found.next().await {
        let (from, to) = (told.0.load(Ordering::Relaxed), told.1.load(Ordering::Relaxed));
        ahead = ahead.max(from.abs_diff(to));
        tally.add(&difference);
    }
    (ahead, tally)
}

#[tokio::test]
async fn a_fast_listing_waits_for_a_slow_one() {
    for (from, to) in [
        (Forest::new(0, 20_000), Forest::new(0, 20_000).slow()),
        (Forest::new(0, 20_000).slow(), Forest::new(0, 20_000)),
    ] {
        let (ahead, tally) = most_ahead(from, to).await;
        assert_eq!((tally.same, tally.troubles), (20_000, 0));
        assert!(ahead <= 4_098, "{ahead} entries were held");
        assert!(ahead >= 4_000, "{ahead}: it was not given its head");
    }
}

#[tokio::test]
async fn a_listing_never_waits_for_one_that_has_ended_or_has_other_entries() {
    let (_, tally) = most_ahead(Forest::new(0, 20_000).slow(), Forest::new(0, 10)).await;
    assert_eq!((tally.same, tally.missing), (10, 19_990));
    let (_, tally) = most_ahead(Forest::new(0, 10), Forest::new(0, 20_000)).await;
    assert_eq!((tally.same, tally.extra), (10, 19_990));
    let mut backwards = Forest::new(0, 20_000).slow();
    backwards.backwards = true;
    let (_, tally) = most_ahead(Forest::new(0, 20_000), backwards).await;
    assert_eq!(tally.same, 20_000);
}

/// So much memory this process took at most, in MiB.
#[cfg(target_os = "linux")]
fn peak() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with("VmHWM:")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse::<u64>().unwrap() / 1024
}

#[cfg(target_os = "linux")]
#[tokio::test]
#[ignore = "a million entries take a while, and memory is that of the whole process: run it alone"]
async fn a_million_entries_are_compared_within_bounds() {
    for (what, folders, files, backwards, most) in [
        ("1000 folders of 1000 files", 1000, 1000, false, 64),
        ("one folder of a million, in one order", 0, 1_000_000, false, 64),
        ("one folder of 200,000, in opposite orders", 0, 200_000, true, 128),
    ] {
        let mut other = Forest::new(folders, files);
        other.backwards = backwards;
        let tally = tally(Forest::new(folders, files), other).await;
        assert_eq!(tally.same, folders.max(1) * files, "{what}");
        let peak = peak();
        println!("{what}: {peak} MiB at most so far");
        assert!(peak <= most, "{what}: {peak} MiB");
    }
}
