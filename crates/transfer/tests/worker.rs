//! Workers on a job, between connectors that are in memory.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::Mutex;

use tokio::sync::Barrier;
use wharf_connector::futures_util::FutureExt;
use wharf_connector::{
    Calls, Capabilities, ConnectionReport, Connector, ConnectorExt, Content, CreateFolderOptions,
    DeleteOptions, Download, Entry, EntryKind, EntryStream, Info, ListOptions, Memory, ReadOptions,
    RemotePath, Result, WriteOptions, async_trait,
};
use wharf_transfer::{
    Applied, Apply, Done, JobId, JobState, Journal, Method, NewJob, Observer, Place, ReceiptLine,
    State, Step, Why, Worker,
};

struct Stage {
    journal: Journal,
    from: Place,
    to: Place,
    there: Memory,
    folder: tempfile::TempDir,
}

impl Stage {
    /// So many files at the source, and a job to copy them.
    async fn with(count: u32, more: Vec<Step>) -> (Self, JobId) {
        let (here, there) = (Memory::new(), Memory::new());
        let mut steps = vec![Step::create_folder(path("/sub"))];
        for number in 0..count {
            let at = path(&format!("/sub/{number:04}"));
            let entry = here.write_bytes(&at, format!("file {number}")).await.unwrap();
            steps.push(Step::copy(at.clone(), at, State::of(&entry), Why::Missing));
        }
        steps.extend(more);
        let journal = Journal::in_memory().unwrap();
        let job = journal.begin(NewJob::new("sync", "here", "there")).await.unwrap();
        journal.add(&job, steps).await.unwrap();
        journal.planned(&job).await.unwrap();
        let stage = Self {
            journal,
            from: Place::new(Arc::new(here), RemotePath::root()),
            to: Place::new(Arc::new(there.clone()), RemotePath::root()),
            there,
            folder: tempfile::tempdir().unwrap(),
        };
        (stage, job)
    }

    async fn work(&self, job: &JobId, observer: &dyn Observer) -> Applied {
        let (file, options) = (self.folder.path().join("receipts.jsonl"), Apply::new());
        let places = (&self.from, &self.to);
        let worker = Worker::new((&self.journal, job), "worker", places, &options)
            .with_names("here:/", "there:")
            .with_receipts(Some(&file));
        worker.work(observer).await.unwrap()
    }

    fn receipts(&self) -> Vec<ReceiptLine> {
        let text = std::fs::read_to_string(self.folder.path().join("receipts.jsonl")).unwrap();
        text.lines().map(|line| ReceiptLine::from_line(line).unwrap()).collect()
    }

    async fn state(&self, job: &JobId) -> JobState {
        self.journal.job(job).await.unwrap().unwrap().state
    }

    /// How often each file was carried, by the receipts.
    fn carried(&self) -> BTreeMap<String, u32> {
        let mut carried = BTreeMap::new();
        for line in self.receipts() {
            *carried.entry(line.receipt.to.path.to_string()).or_default() += 1;
        }
        carried
    }
}

fn path(text: &str) -> RemotePath {
    RemotePath::new(text).unwrap()
}

/// Counts, and drops the work it is in after so many steps.
#[derive(Default)]
struct Count(Mutex<u32>);

impl Observer for Count {
    fn done(&self, _: &Done) {
        *self.0.lock().unwrap() += 1;
    }
}

#[tokio::test]
async fn a_job_is_done_once_with_a_receipt_for_each_file() {
    let (stage, job) = Stage::with(700, Vec::new()).await;
    let applied = stage.work(&job, &()).await;
    assert_eq!((applied.copied, applied.folders, applied.failed), (700, 1, 0));
    assert_eq!(stage.state(&job).await, JobState::Done);
    assert_eq!(stage.carried().len(), 700);
    let first = stage.receipts().into_iter().find(|line| line.step == Some(1)).unwrap();
    assert_eq!(first.source.as_deref(), Some("here:/sub/0000"));
    assert_eq!(first.destination.as_deref(), Some("there:/sub/0000"));
    assert_eq!(first.job.as_deref(), Some(job.as_str()));
    let again = stage.work(&job, &()).await;
    assert_eq!(again, Applied::default(), "what is done is not touched");
}

#[tokio::test]
async fn work_that_is_dropped_anywhere_goes_on_and_carries_nothing_twice() {
    let (stage, job) = Stage::with(300, Vec::new()).await;
    for polls in [1, 3, 10, 40, 100, 200] {
        let count = Count::default();
        {
            let mut work = Box::pin(stage.work(&job, &count));
            while *count.0.lock().unwrap() < polls && (&mut work).now_or_never().is_none() {
                tokio::task::yield_now().await;
            }
        }
        stage.journal.release(&job, "worker").await.unwrap();
    }
    stage.work(&job, &()).await;
    assert_eq!(stage.state(&job).await, JobState::Done);
    let carried = stage.carried();
    assert_eq!(carried.len(), 300);
    assert!(carried.values().all(|times| *times == 1), "{carried:?}");
    let versions = stage.there.list_all(&path("/sub")).await.unwrap();
    assert_eq!(versions.len(), 300);
}

#[tokio::test]
async fn a_copy_whose_end_nobody_heard_is_found_and_not_carried_again() {
    let (stage, job) = Stage::with(2, Vec::new()).await;
    // As a process leaves it that is killed between the answer and the journal.
    stage.journal.begin_step(&job, 1).await.unwrap();
    let entry = stage.from.connector.stat(&path("/sub/0000")).await.unwrap();
    let options = wharf_connector::WriteOptions::new().with_modified(entry.modified.unwrap());
    stage.there.write(&path("/sub/0000"), "file 0".into(), options).await.unwrap();
    let before = stage.there.stat(&path("/sub/0000")).await.unwrap();
    // And of this one something else stands there.
    stage.journal.begin_step(&job, 2).await.unwrap();
    stage.there.write_bytes(&path("/sub/0001"), "FILE 1").await.unwrap();

    let applied = stage.work(&job, &()).await;
    assert_eq!(applied.copied, 2);
    assert_eq!(stage.there.stat(&path("/sub/0000")).await.unwrap(), before);
    let methods: Vec<_> = stage
        .receipts()
        .iter()
        .map(|line| (line.step, line.receipt.method, line.receipt.tries))
        .collect();
    assert!(methods.contains(&(Some(1), Method::Found, 1)), "{methods:?}");
    assert!(methods.contains(&(Some(2), Method::Streamed, 2)), "{methods:?}");
    let content = stage.there.read_bytes(&path("/sub/0001"), 100).await.unwrap();
    assert_eq!(content, "file 1");
}

#[tokio::test]
async fn nothing_is_deleted_after_a_failure_until_it_is_made_good() {
    let delete = [("/old/a", EntryKind::File), ("/old", EntryKind::Folder)];
    let delete = delete.map(|(at, kind)| Step::delete(path(at), kind, State::default()));
    let missing = Step::copy(path("/none"), path("/none"), State::default(), Why::Missing);
    let more = [vec![missing], delete.to_vec()].concat();
    let (stage, job) = Stage::with(3, more).await;
    stage.there.write_bytes(&path("/old/a"), "old").await.unwrap();
    let applied = stage.work(&job, &()).await;
    assert_eq!((applied.copied, applied.failed, applied.held_back), (3, 1, 2));
    assert_eq!(stage.state(&job).await, JobState::Open);
    assert!(stage.there.exists(&path("/old/a")).await.unwrap());
    let failures = stage.journal.failures(&job, 10).await.unwrap();
    assert_eq!(failures.len(), 1);
    assert!(failures[0].1.contains("/none"), "{failures:?}");

    stage.from.connector.write_bytes(&path("/none"), "now").await.unwrap();
    stage.journal.retry(&job).await.unwrap();
    let applied = stage.work(&job, &()).await;
    assert_eq!((applied.copied, applied.deleted, applied.failed), (1, 2, 0));
    assert_eq!(stage.state(&job).await, JobState::Done);
    assert!(!stage.there.exists(&path("/old")).await.unwrap());
}

/// Memory that stores a file and then waits until all of them are stored, as a service does that
/// calculates checksums in its own time.
#[derive(Debug)]
struct Late(Memory, Barrier);

#[async_trait]
impl Connector for Late {
    fn info(&self) -> &Info {
        self.0.info()
    }
    fn capabilities(&self) -> Capabilities {
        self.0.capabilities()
    }
    async fn test_connection(&self) -> Result<ConnectionReport> {
        self.0.test_connection().await
    }
    async fn stat(&self, path: &RemotePath) -> Result<Entry> {
        self.0.stat(path).await
    }
    fn list(&self, path: &RemotePath, options: ListOptions) -> EntryStream {
        self.0.list(path, options)
    }
    async fn read(&self, path: &RemotePath, options: ReadOptions) -> Result<Download> {
        self.0.read(path, options).await
    }
    async fn write(&self, path: &RemotePath, content: Content, how: WriteOptions) -> Result<Entry> {
        let entry = self.0.write(path, content, how).await?;
        Calls::pause(self.1.wait()).await;
        Ok(entry)
    }
    async fn create_folder(&self, path: &RemotePath, how: CreateFolderOptions) -> Result<Entry> {
        self.0.create_folder(path, how).await
    }
    async fn delete(&self, path: &RemotePath, options: DeleteOptions) -> Result<()> {
        self.0.delete(path, options).await
    }
}

#[tokio::test(start_paused = true)]
async fn steps_that_only_wait_for_the_service_keep_no_other_from_beginning() {
    let (mut stage, job) = Stage::with(100, Vec::new()).await;
    let late = Late(stage.there.clone(), Barrier::new(100));
    stage.to = Place::new(Arc::new(late), RemotePath::root());
    // Far fewer at a time are allowed than wait for each other.
    let work = stage.work(&job, &());
    let applied = tokio::time::timeout(std::time::Duration::from_secs(60), work).await;
    assert_eq!(applied.expect("each waits for the others to begin").copied, 100);
}
