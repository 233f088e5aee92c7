//! Walks: how deep they go, how much they have under way, and that nobody who stops is charged.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::*;
use crate::{
    Capabilities, ConnectionReport, Content, CreateFolderOptions, DeleteOptions, Download, Error,
    Info, Memory, ReadOptions, WriteOptions, async_trait,
};

#[tokio::test]
async fn depth_is_counted_from_the_folder() {
    let memory = Memory::new();
    memory.write_bytes(&RemotePath::new("/a/b/c/d/e.txt").unwrap(), "x").await.unwrap();
    let folder = RemotePath::new("/a/b").unwrap();
    for (depth, want) in [(1, 1), (2, 2), (3, 3), (9, 3)] {
        let options = WalkOptions::new().with_max_depth(depth);
        let found: Vec<Entry> = memory.walk(&folder, options).try_collect().await.unwrap();
        assert_eq!(found.len(), want, "{depth} deep");
    }
}

/// Ten folders in each, to a depth of four: 11,110 in all. Listings are counted.
#[derive(Debug)]
struct Forest {
    info: Info,
    open: Arc<AtomicUsize>,
    begun: AtomicUsize,
    most: AtomicUsize,
}

impl Forest {
    fn new() -> Self {
        let info = Info::new("forest", "Forest");
        Self { info, open: Arc::default(), begun: AtomicUsize::new(0), most: AtomicUsize::new(0) }
    }

    fn no<T>(&self) -> Result<T> {
        Err(Error::new(ErrorKind::Unsupported, "folders alone grow here"))
    }
}

/// A listing that is under way.
struct Open(Arc<AtomicUsize>);

impl Drop for Open {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
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
    async fn stat(&self, _: &RemotePath) -> Result<Entry> {
        self.no()
    }
    fn list(&self, folder: &RemotePath, _: ListOptions) -> EntryStream {
        self.begun.fetch_add(1, Ordering::Relaxed);
        let now = self.open.fetch_add(1, Ordering::Relaxed) + 1;
        self.most.fetch_max(now, Ordering::Relaxed);
        let (open, folder) = (Open(self.open.clone()), folder.clone());
        let children = if folder.segments().count() < 4 { 10 } else { 0 };
        let entries = stream::iter(0..children).then(move |number| {
            let (_held, entry) = (&open, Entry::folder(folder.join(&number.to_string()).unwrap()));
            async move {
                // An answer is never there at once.
                tokio::task::yield_now().await;
                Ok(entry)
            }
        });
        entries.boxed()
    }
    async fn read(&self, _: &RemotePath, _: ReadOptions) -> Result<Download> {
        self.no()
    }
    async fn write(&self, _: &RemotePath, _: Content, _: WriteOptions) -> Result<Entry> {
        self.no()
    }
    async fn create_folder(&self, _: &RemotePath, _: CreateFolderOptions) -> Result<Entry> {
        self.no()
    }
    async fn delete(&self, _: &RemotePath, _: DeleteOptions) -> Result<()> {
        self.no()
    }
}

#[tokio::test]
async fn a_walk_has_so_many_listings_under_way_and_keeps_few_folders_waiting() {
    let forest = Forest::new();
    let mut walk = Walk {
        connector: &forest,
        root: RemotePath::root(),
        waiting: vec![RemotePath::root()],
        listing: SelectAll::new(),
        options: WalkOptions::new(),
    };
    let (mut found, mut waiting) = (0, 0);
    while let Some(entry) = walk.next().await {
        entry.unwrap();
        found += 1;
        waiting = waiting.max(walk.waiting.len());
    }
    assert_eq!(found, 11_110);
    assert_eq!(forest.most.load(Ordering::Relaxed), 16);
    assert!(waiting <= 10 * 16 * 10, "{waiting} folders wait");
}

#[tokio::test]
async fn a_walk_that_nobody_reads_asks_for_nothing() {
    let forest = Forest::new();
    let mut walk = forest.walk(&RemotePath::root(), WalkOptions::new());
    for _ in 0..100 {
        walk.next().await.unwrap().unwrap();
    }
    let begun = forest.begun.load(Ordering::Relaxed);
    for _ in 0..1000 {
        tokio::task::yield_now().await;
    }
    assert_eq!(forest.begun.load(Ordering::Relaxed), begun);
    assert!(begun <= 100 + 16, "{begun} listings for a hundred entries");
    drop(walk);
    assert_eq!(forest.open.load(Ordering::Relaxed), 0, "nothing goes on behind its back");
}
