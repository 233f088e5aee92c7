//! A copy of one file that can be gone on with: a job of one step, made when there is something to
//! keep.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use wharf::connector::chrono::{TimeDelta, Utc};
use wharf::connector::{Checkpoint, CheckpointStore, Error, Result, Unfinished, async_trait};
use wharf::transfer::{JobId, Journal, NewJob, State, Step, Why};
use wharf::{ErrorKind, RemotePath};

use crate::failure::Failure;
use crate::journal;

/// The kind of such a job.
pub(crate) const COPY: &str = "copy";

/// Where the state of one copy is kept. Nothing is written for a copy that its destination begins
/// anew rather than to go on with it.
#[derive(Debug)]
pub(crate) struct Single {
    new: NewJob,
    job: Arc<Mutex<Option<(Journal, JobId)>>>,
}

/// The job that was made, if one was.
#[derive(Debug, Clone, Default)]
pub(crate) struct Made(Arc<Mutex<Option<(Journal, JobId)>>>);

impl Made {
    /// Its name.
    pub(crate) fn id(&self) -> Option<JobId> {
        let job = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        job.as_ref().map(|(_, id)| id.clone())
    }

    /// A job is being worked on.
    pub(crate) fn set(&self, journal: &Journal, id: &JobId) {
        let mut job = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *job = Some((journal.clone(), id.clone()));
    }

    /// Says how to go on with what was broken off, and where what is kept stands.
    pub(crate) async fn advised(&self, error: Error) -> Error {
        let job = self.0.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let can_go_on = error.is_transient() || error.kind() == ErrorKind::CallLimit;
        let Some((journal, id)) = job.filter(|_| can_go_on) else {
            return error;
        };
        let partial = journal.partials(&id).await.unwrap_or_default().into_iter().next();
        let place = partial.map(|path| format!(" in {path}")).unwrap_or_default();
        let remedy = error.remedy().map(|remedy| format!("{remedy} ")).unwrap_or_default();
        error.with_remedy(format!(
            "{remedy}What has arrived is kept{place}: go on with `wharf jobs resume {id}`, or with \
             the same command; `wharf jobs cancel {id}` takes it away.",
        ))
    }

    /// Keeps the job for this process, for as long as it is waited for. It ends when another
    /// process has taken it, with what is to be said then.
    pub(crate) async fn hold(&self) -> Error {
        loop {
            tokio::time::sleep(RENEWAL).await;
            let Some((journal, id)) = self.job() else {
                continue;
            };
            // A copy does not end because somebody else writes to the journal for long.
            let kept = journal.renew(&id, &journal::owner(), Utc::now() + LEASE).await;
            // What is done is no job any more, and nobody's.
            if matches!(kept, Ok(0)) && self.id() == Some(id) {
                return taken();
            }
        }
    }

    /// Lets another process have the job.
    pub(crate) async fn let_go(&self) {
        if let Some((journal, id)) = self.job() {
            // It runs out by itself, too.
            let _ = journal.release(&id, &journal::owner()).await;
        }
    }

    fn job(&self) -> Option<(Journal, JobId)> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Nothing is left to go on with.
    pub(crate) fn clear(&self) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }
}

impl Single {
    /// For a copy between two places, as a person would write them.
    pub(crate) fn checkpoint(new: NewJob, made: &Made) -> Checkpoint {
        let single = Self { new, job: made.0.clone() };
        Checkpoint::new(Arc::new(single), "")
    }

    fn job(&self) -> Option<(Journal, JobId)> {
        self.job.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn set(&self, job: Option<(Journal, JobId)>) {
        *self.job.lock().unwrap_or_else(PoisonError::into_inner) = job;
    }

    /// The job of an earlier run of the same copy.
    async fn find(&self) -> Result<Option<(Journal, JobId)>> {
        if let Some(job) = self.job() {
            return Ok(Some(job));
        }
        let Some(journal) = journal::open_if_there().map_err(plain)? else {
            return Ok(None);
        };
        let found = journal.unfinished(&self.new.verb, &self.new.from, &self.new.to).await?;
        let Some(id) = found else {
            return Ok(None);
        };
        journal::take_over(&journal, &id).await.map_err(plain)?;
        if !lease(&journal, &id).await? {
            // Whoever was faster has it, and is refused to others from now on.
            journal::take_over(&journal, &id).await.map_err(plain)?;
        }
        let job = Some((journal, id));
        self.set(job.clone());
        Ok(job)
    }

    async fn make(&self, size: Option<u64>) -> Result<(Journal, JobId)> {
        if let Some(job) = self.find().await? {
            return Ok(job);
        }
        let journal = journal::open().map_err(plain)?;
        let id = journal.begin(self.new.clone()).await?;
        let root = RemotePath::root();
        let state = size.into_iter().fold(State::default(), State::with_size);
        let step = Step::copy(root.clone(), root, state, Why::Asked);
        journal.add(&id, vec![step]).await?;
        lease(&journal, &id).await?;
        journal.planned(&id).await?;
        self.set(Some((journal.clone(), id.clone())));
        Ok((journal, id))
    }
}

#[async_trait]
impl CheckpointStore for Single {
    async fn load(&self) -> Result<Option<Unfinished>> {
        match self.find().await? {
            Some((journal, id)) => journal.checkpoint(&id, 0, false).store().load().await,
            None => Ok(None),
        }
    }

    async fn keep(&self, unfinished: Unfinished) -> Result<()> {
        // What tells the source from another begins with its size.
        let size = unfinished
            .source
            .strip_prefix("size=")
            .and_then(|rest| rest.split(';').next().and_then(|size| size.parse().ok()));
        let (journal, id) = self.make(size).await?;
        journal.checkpoint(&id, 0, false).store().keep(unfinished).await
    }

    async fn forget(&self) -> Result<()> {
        let Some((journal, id)) = self.find().await? else {
            return Ok(());
        };
        self.set(None);
        journal.forget(&id).await
    }
}

fn taken() -> Error {
    let message = "somebody else goes on with this copy now, for nothing was heard of this process";
    Error::new(ErrorKind::Conflict, message)
        .with_remedy("Let them: two that write the same file would spoil it.")
}

/// Takes the only step of a job, unless another process has it.
async fn lease(journal: &Journal, id: &JobId) -> Result<bool> {
    let now = Utc::now();
    Ok(journal.lease(id, &journal::owner(), now, now + LEASE).await?.is_some())
}

/// What a backend is told of a journal that cannot be used.
fn plain(failure: Failure) -> Error {
    match failure {
        Failure::Error(error) => error,
        other => Error::new(ErrorKind::Other, format!("the journal: {other:?}")),
    }
}

/// So long a job belongs to whoever works on it, unless that is said again.
const LEASE: TimeDelta = TimeDelta::minutes(2);
const RENEWAL: Duration = Duration::from_secs(30);

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_copy_ends_when_another_process_has_taken_it() {
        let journal = Journal::in_memory().unwrap();
        let id = journal.begin(NewJob::new(COPY, "here", "there")).await.unwrap();
        let (root, size) = (RemotePath::root(), State::default());
        journal.add(&id, vec![Step::copy(root.clone(), root, size, Why::Asked)]).await.unwrap();
        journal.planned(&id).await.unwrap();
        assert!(lease(&journal, &id).await.unwrap());
        let made = Made::default();
        made.set(&journal, &id);
        let held = tokio::time::timeout(RENEWAL * 4, made.hold()).await;
        assert!(held.is_err(), "it is ours: {held:?}");

        journal.release(&id, &journal::owner()).await.unwrap();
        let (now, later) = (Utc::now(), Utc::now() + LEASE);
        assert!(journal.lease(&id, "another", now, later).await.unwrap().is_some());
        assert_eq!(made.hold().await.kind(), ErrorKind::Conflict);
    }
}
