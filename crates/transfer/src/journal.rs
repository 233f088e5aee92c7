//! Where jobs are written down, so that they outlive the process.

use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use chrono::{DateTime, Utc};
use rusqlite::{Connection, ErrorCode, OptionalExtension, Row, TransactionBehavior, params};
use tokio::task::spawn_blocking;
use wharf_connector::{Error, ErrorKind, RemotePath, Result};

use crate::Step;

mod job;

mod steps;

mod lease;

mod checkpoint;

mod baseline;

pub use baseline::Baseline;
pub use job::{Job, JobId, JobState, NewJob};
pub use lease::{Ended, Item, Lease};

/// The journal of jobs: one SQLite file, that several processes may have open.
///
/// What a call has written is there after a crash of the process. After a power cut the last
/// moments may be missing; what they were about is then looked at again.
///
/// ```
/// use wharf_transfer::{Journal, NewJob, JobState};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> wharf_connector::Result<()> {
/// let journal = Journal::in_memory()?;
/// let job = journal.begin(NewJob::new("sync", "/here", "filescom://acme.files.com/there")).await?;
/// journal.planned(&job).await?;
/// assert_eq!(journal.job(&job).await?.unwrap().state, JobState::Open);
/// # Ok(()) }
/// ```
#[derive(Debug, Clone)]
pub struct Journal {
    connection: Arc<Mutex<Connection>>,
}

impl Journal {
    /// Opens the journal in this file, or makes one. This blocks for some milliseconds.
    ///
    /// # Errors
    ///
    /// `Unsupported` for a journal of another version; `Other` for a file that cannot be used.
    pub fn open(path: &Path) -> Result<Self> {
        let connection = Connection::open(path);
        Self::over(connection.map_err(|error| failed(error, &path.display().to_string()))?)
    }

    /// A journal that is forgotten with its last handle.
    ///
    /// # Errors
    ///
    /// As [`open`](Self::open).
    pub fn in_memory() -> Result<Self> {
        Self::over(Connection::open_in_memory().map_err(broken)?)
    }

    fn over(mut connection: Connection) -> Result<Self> {
        connection.busy_timeout(PATIENCE).map_err(broken)?;
        // One that reads first and then wants to write is not waited for, but refused.
        connection.set_transaction_behavior(TransactionBehavior::Immediate);
        let version: i64 =
            connection.query_row("PRAGMA user_version", [], |row| row.get(0)).map_err(broken)?;
        match version {
            0 => connection.execute_batch(SCHEMA).map_err(broken)?,
            VERSION => {}
            other => {
                let message = format!("the journal is of version {other}, and {VERSION} is known");
                return Err(Error::new(ErrorKind::Unsupported, message)
                    .with_remedy("Use the program that wrote it, or move the file away."));
            }
        }
        log_ahead(&connection).map_err(broken)?;
        connection.execute_batch(BASELINES).map_err(broken)?;
        connection.execute_batch(INDEXES).map_err(broken)?;
        Ok(Self { connection: Arc::new(Mutex::new(connection)) })
    }

    /// Writes down a job whose steps are still to be told.
    ///
    /// # Errors
    ///
    /// `Other` when the journal cannot be written.
    pub async fn begin(&self, job: NewJob) -> Result<JobId> {
        self.write(move |journal| {
            let id = JobId::random();
            journal.execute(
                "INSERT INTO jobs (id, verb, source, destination, spec, receipts, state, created, \
                 updated) VALUES (?1, ?2, ?3, ?4, ?5, ?6, 'planning', ?7, ?7)",
                params![id.as_str(), job.verb, job.from, job.to, job.spec, job.receipts, now()],
            )?;
            Ok(id)
        })
        .await
    }

    /// All jobs, the newest first.
    ///
    /// # Errors
    ///
    /// `Other` when the journal cannot be read.
    pub async fn jobs(&self) -> Result<Vec<Job>> {
        self.write(|journal| {
            let mut jobs = journal.prepare(&format!("{JOBS} ORDER BY created DESC, id"))?;
            jobs.query_map([], read_job)?.collect()
        })
        .await
    }

    /// One job.
    ///
    /// # Errors
    ///
    /// `Other` when the journal cannot be read.
    pub async fn job(&self, id: &JobId) -> Result<Option<Job>> {
        let id = id.clone();
        self.write(move |journal| {
            let query = format!("{JOBS} WHERE jobs.id = ?1");
            journal.query_row(&query, [id.as_str()], read_job).optional()
        })
        .await
    }

    /// An unfinished job of this kind between these two places, the newest.
    ///
    /// # Errors
    ///
    /// `Other` when the journal cannot be read.
    pub async fn unfinished(&self, verb: &str, from: &str, to: &str) -> Result<Option<JobId>> {
        let asked = (verb.to_owned(), from.to_owned(), to.to_owned());
        self.write(move |journal| {
            let query = "SELECT id FROM jobs WHERE verb = ?1 AND source = ?2 AND destination = ?3 \
                         AND state = 'open' ORDER BY created DESC LIMIT 1";
            let id = journal.query_row(query, params![asked.0, asked.1, asked.2], |row| {
                row.get::<_, String>(0)
            });
            Ok(id.optional()?.map(JobId::from_text))
        })
        .await
    }

    /// All steps are told: from here on the job can be worked on, and gone on with.
    ///
    /// # Errors
    ///
    /// `Other` when the journal cannot be written.
    pub async fn planned(&self, id: &JobId) -> Result<()> {
        self.set_state(id, JobState::Open).await
    }

    /// Says that the job is done, or is not to be gone on with.
    ///
    /// # Errors
    ///
    /// `Other` when the journal cannot be written.
    pub async fn set_state(&self, id: &JobId, state: JobState) -> Result<()> {
        let id = id.clone();
        self.write(move |journal| {
            journal.execute(
                "UPDATE jobs SET state = ?2, updated = ?3 WHERE id = ?1",
                params![id.as_str(), state.as_str(), now()],
            )
        })
        .await
        .map(drop)
    }

    /// Takes a job out of the journal, with all that was known of it.
    ///
    /// # Errors
    ///
    /// `Other` when the journal cannot be written.
    pub async fn forget(&self, id: &JobId) -> Result<()> {
        let id = id.clone();
        self.write(move |journal| {
            let all = journal.transaction()?;
            for table in ["steps", "shards"] {
                all.execute(&format!("DELETE FROM {table} WHERE job = ?1"), [id.as_str()])?;
            }
            all.execute("DELETE FROM jobs WHERE id = ?1", [id.as_str()])?;
            all.commit()
        })
        .await
    }

    /// The partial files that unfinished steps have left at the destination.
    ///
    /// # Errors
    ///
    /// `Other` when the journal cannot be read.
    pub async fn partials(&self, id: &JobId) -> Result<Vec<RemotePath>> {
        let id = id.clone();
        let partials: Vec<String> = self
            .write(move |journal| {
                let query = "SELECT partial FROM steps WHERE job = ?1 AND partial IS NOT NULL";
                let mut rows = journal.prepare(query)?;
                rows.query_map([id.as_str()], |row| row.get(0))?.collect()
            })
            .await?;
        Ok(partials.iter().filter_map(|path| RemotePath::new(path).ok()).collect())
    }

    /// Runs a query on a thread that may block.
    async fn write<T, F>(&self, work: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnOnce(&mut Connection) -> rusqlite::Result<T> + Send + 'static,
    {
        let connection = self.connection.clone();
        let done = spawn_blocking(move || {
            let mut connection = connection.lock().unwrap_or_else(PoisonError::into_inner);
            work(&mut connection)
        });
        match done.await {
            Ok(done) => done.map_err(broken),
            Err(error) => Err(Error::new(ErrorKind::Interrupted, "the journal was not written")
                .with_source(error)),
        }
    }
}

fn read_job(row: &Row<'_>) -> rusqlite::Result<Job> {
    let state: String = row.get(6)?;
    let number = |index| row.get::<_, i64>(index).map(i64::cast_unsigned);
    Ok(Job {
        id: JobId::from_text(row.get::<_, String>(0)?),
        verb: row.get(1)?,
        from: row.get(2)?,
        to: row.get(3)?,
        spec: row.get(4)?,
        receipts: row.get(5)?,
        state: JobState::read(&state),
        created: time(row.get(7)?),
        updated: time(row.get(8)?),
        steps: number(9)?,
        done: number(10)?,
        failed: number(11)?,
        bytes: number(12)?,
        bytes_done: number(13)?,
        half_done: number(14)?,
    })
}

fn read_step(text: &str) -> Result<Step> {
    serde_json::from_str(text).map_err(|error| {
        Error::new(ErrorKind::Other, "the journal holds a step that cannot be read")
            .with_source(error)
    })
}

/// A write-ahead log: readers do not wait for writers, and a commit is one append. The file stays
/// so; while another process is just opening it, that one sees to it.
fn log_ahead(connection: &Connection) -> rusqlite::Result<()> {
    connection.execute_batch("PRAGMA synchronous = NORMAL;")?;
    match connection.execute_batch("PRAGMA journal_mode = WAL;") {
        Err(error) if error.sqlite_error_code() == Some(ErrorCode::DatabaseBusy) => Ok(()),
        set => set,
    }
}

fn now() -> i64 {
    Utc::now().timestamp_millis()
}

fn time(milliseconds: i64) -> DateTime<Utc> {
    DateTime::from_timestamp_millis(milliseconds).unwrap_or_default()
}

fn broken(error: rusqlite::Error) -> Error {
    failed(error, "the journal")
}

fn failed(error: rusqlite::Error, what: &str) -> Error {
    let message = format!("{what} cannot be used: {error}");
    Error::new(ErrorKind::Other, message).with_source(error)
}

/// How long another process is waited for.
const PATIENCE: Duration = Duration::from_secs(20);

const VERSION: i64 = 1;

const SCHEMA: &str = "
BEGIN IMMEDIATE;
CREATE TABLE IF NOT EXISTS jobs (
  id TEXT PRIMARY KEY, verb TEXT NOT NULL, source TEXT NOT NULL, destination TEXT NOT NULL,
  spec TEXT NOT NULL, receipts TEXT, state TEXT NOT NULL,
  created INTEGER NOT NULL, updated INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS shards (
  job TEXT NOT NULL, shard INTEGER NOT NULL, deletes INTEGER NOT NULL,
  unsettled INTEGER NOT NULL, owner TEXT, expires INTEGER,
  PRIMARY KEY (job, shard)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS steps (
  job TEXT NOT NULL, number INTEGER NOT NULL, shard INTEGER NOT NULL, step TEXT NOT NULL,
  bytes INTEGER NOT NULL, state INTEGER NOT NULL DEFAULT 0, tries INTEGER NOT NULL DEFAULT 0,
  receipt TEXT, filed INTEGER NOT NULL DEFAULT 0, error TEXT,
  token TEXT, source TEXT, partial TEXT,
  PRIMARY KEY (job, number)
) WITHOUT ROWID;
PRAGMA user_version = 1;
COMMIT;
";

/// What was added to a journal of this version without changing what was there.
const BASELINES: &str = "
CREATE TABLE IF NOT EXISTS trees (
  id INTEGER PRIMARY KEY, source TEXT NOT NULL, destination TEXT NOT NULL,
  created INTEGER NOT NULL, UNIQUE (source, destination)
);
CREATE TABLE IF NOT EXISTS baselines (
  trees INTEGER NOT NULL, path TEXT NOT NULL, size INTEGER NOT NULL,
  from_modified INTEGER, from_version TEXT, from_id TEXT, from_crc32 INTEGER,
  to_modified INTEGER, to_version TEXT, to_id TEXT,
  PRIMARY KEY (trees, path)
) WITHOUT ROWID;
";

/// What each step asks, found without going through all of them. The queries name them: without
/// statistics SQLite would take the primary key. Older journals get them when they are opened.
const INDEXES: &str = "
CREATE INDEX IF NOT EXISTS unsettled ON steps (job, shard) WHERE state < 2;
CREATE INDEX IF NOT EXISTS failed ON steps (job) WHERE state > 2;
CREATE INDEX IF NOT EXISTS unfiled ON steps (job, number) WHERE receipt IS NOT NULL AND filed = 0;
";

/// A job and what its steps add up to.
const JOBS: &str = "
SELECT jobs.id, verb, source, destination, spec, receipts, jobs.state, created, updated,
  (SELECT count(*) FROM steps WHERE job = jobs.id),
  (SELECT count(*) FROM steps WHERE job = jobs.id AND state = 2),
  (SELECT count(*) FROM steps WHERE job = jobs.id AND state > 2),
  (SELECT coalesce(sum(bytes), 0) FROM steps WHERE job = jobs.id),
  (SELECT coalesce(sum(bytes), 0) FROM steps WHERE job = jobs.id AND state = 2),
  (SELECT count(*) FROM steps WHERE job = jobs.id AND token IS NOT NULL)
FROM jobs";
