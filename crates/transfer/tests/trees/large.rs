//! Trees that are larger than memory may be.

use std::sync::Arc;

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
}

impl Forest {
    fn new(folders: u64, files: u64) -> Self {
        Self { info: Info::new("forest", "Forest"), folders, files, backwards: false }
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
        let entry = move |number| {
            Ok(this.child(&folder, if backwards { count - 1 - number } else { number }))
        };
        stream::iter((0..count).map(entry)).boxed()
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
