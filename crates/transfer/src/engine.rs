//! Working on a job: its steps as the journal has them, several at a time.

use std::collections::{HashSet, VecDeque};
use std::future::poll_fn;
use std::path::Path;
use std::pin::pin;
use std::task::Poll;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use futures_util::future::{Either, select};
use futures_util::stream::{FuturesUnordered, StreamExt};
use tokio::time::{Instant, sleep_until};
use wharf_connector::{Calls, EntryKind, Error, ErrorKind, RemotePath, Result};

use crate::apply::Doer;
use crate::journal::{Ended, Item};
use crate::receipts::ReceiptFile;
use crate::{
    Applied, Apply, Done, JobId, JobState, Journal, Observer, Outcome, Place, Receipt, ReceiptLine,
    Step,
};

mod allowance;

mod found;

mod gauge;

use allowance::Allowance;
use found::Found;
use gauge::Gauge;

/// A worker on a job of the journal.
///
/// It borrows shard after shard, does the steps, and writes down what became of each before it
/// takes the next in its place. Whatever ends it, the job can be gone on with: steps that are
/// done are never touched again; one that was begun and of which nothing was heard is looked at
/// first; a large file goes on where its destination has kept it.
#[derive(Debug)]
#[non_exhaustive]
pub struct Worker<'a> {
    /// Where the job is written down.
    pub journal: &'a Journal,
    /// The job.
    pub job: &'a JobId,
    /// Who works: no two that live at the same time have one name.
    pub owner: String,
    /// The root of the source.
    pub from: &'a Place,
    /// The root of the destination.
    pub to: &'a Place,
    /// How the steps are done. The most at a time is its `concurrency`.
    pub options: &'a Apply,
    /// Where receipts are appended.
    pub receipts: Option<&'a Path>,
    /// What a person would write for the two roots, for receipts.
    pub names: Option<(&'a str, &'a str)>,
    /// What time it is: leases run out by it.
    pub clock: fn() -> DateTime<Utc>,
}

impl<'a> Worker<'a> {
    /// A worker without receipts.
    pub fn new(
        (journal, job): (&'a Journal, &'a JobId),
        owner: impl Into<String>,
        (from, to): (&'a Place, &'a Place),
        options: &'a Apply,
    ) -> Self {
        Self {
            journal,
            job,
            owner: owner.into(),
            from,
            to,
            options,
            receipts: None,
            names: None,
            clock: Utc::now,
        }
    }

    /// Sets where receipts are appended.
    #[must_use]
    pub fn with_receipts(mut self, file: Option<&'a Path>) -> Self {
        self.receipts = file;
        self
    }

    /// Sets what a person would write for the two roots.
    #[must_use]
    pub fn with_names(mut self, from: &'a str, to: &'a str) -> Self {
        self.names = Some((from, to));
        self
    }

    /// Sets what time it is.
    #[must_use]
    pub fn with_clock(mut self, clock: fn() -> DateTime<Utc>) -> Self {
        self.clock = clock;
        self
    }

    /// Works until nothing is left that nobody else has.
    ///
    /// The job is `Done` then, if every step of it was done; otherwise it stays `Open`, and
    /// [`Journal::retry`] lets what failed be tried once more. Dropping the future stops the work
    /// at once.
    ///
    /// Where only so many [calls](wharf_connector::Calls) are allowed, a step is begun only if the
    /// calls that it is expected to cost are left; one that costs more than are allowed in all is
    /// begun if it can be gone on with. The rest stays in the journal, and
    /// [`Applied::out_of_calls`] says so.
    ///
    /// # Errors
    ///
    /// Those of the journal and of the file of receipts; `Conflict` when somebody else has taken
    /// what this worker was lent. A step that fails is counted and told to the observer.
    pub async fn work(&self, observer: &dyn Observer) -> Result<Applied> {
        let mut file = match self.receipts {
            Some(path) => Some(ReceiptFile::open(path, self.journal, self.job).await?),
            None => None,
        };
        let (mut queue, mut running) = (VecDeque::new(), FuturesUnordered::new());
        let (mut applied, mut gauge) = (Applied::default(), Gauge::new(self.options.concurrency));
        let mut allowance = Allowance::new(self.from, self.to, self.options);
        let (mut lent, mut ended, mut alone) = (Lent::new(), VecDeque::new(), false);
        loop {
            if lent.is_due() {
                going_on(self.renew(&mut lent), &mut running, &mut ended).await?;
            }
            while has_room(&running, &allowance, &gauge) && !alone && !applied.out_of_calls {
                let next = self.next(&mut queue, &mut lent);
                let Some(item) = going_on(next, &mut running, &mut ended).await? else {
                    break;
                };
                if !allowance.allows(&item.step) {
                    // What is under way may need less than was expected.
                    applied.out_of_calls = running.is_empty() && ended.is_empty();
                    queue.push_front(item);
                    break;
                }
                let is_folder = is_folder_delete(&item.step);
                let must_wait = item.step.is_delete() && (is_folder || !gauge.deletes());
                if must_wait && !running.is_empty() {
                    queue.push_front(item);
                    break;
                }
                alone = is_folder;
                gauge.set_deletes(item.step.is_delete());
                let calls = allowance.begin(&item);
                running.push(self.counted(item, calls, observer));
            }
            if ended.is_empty() {
                let next = pin!(ended_or_pausing(&mut running, &allowance));
                match select(next, pin!(sleep_until(lent.due()))).await {
                    Either::Left((Some(Some(done)), _)) => ended.push_back(done),
                    Either::Left((Some(None), _)) => break,
                    Either::Left((None, _)) | Either::Right(_) => continue,
                }
            }
            let mut is_copied = false;
            while let Some(done) = ended.pop_front() {
                let (number, done) = done?;
                allowance.end(number);
                gauge.note(&done.outcome);
                applied.add(&done);
                observer.done(&done);
                is_copied |= matches!(done.outcome, Outcome::Copied(_));
            }
            alone &= !running.is_empty();
            if let (true, Some(file)) = (is_copied, &mut file) {
                going_on(file.file(), &mut running, &mut ended).await?;
            }
        }
        self.close().await?;
        Ok(applied)
    }

    /// The next step: of the shard in hand, or of another.
    async fn next(&self, queue: &mut VecDeque<Item>, lent: &mut Lent) -> Result<Option<Item>> {
        if queue.is_empty() {
            self.renew(lent).await?;
            let now = (self.clock)();
            let lease = self.journal.lease(self.job, &self.owner, now, now + LEASE).await?;
            if let Some(lease) = lease {
                lent.shards.insert(lease.shard);
                queue.extend(lease.items);
            }
        }
        Ok(queue.pop_front())
    }

    /// Keeps what was borrowed: one file may take hours.
    async fn renew(&self, lent: &mut Lent) -> Result<()> {
        lent.renewed = Instant::now();
        let kept = self.journal.renew(self.job, &self.owner, (self.clock)() + LEASE).await?;
        if kept >= lent.shards.len() as u64 {
            return Ok(());
        }
        // This machine has slept, say.
        let message = "somebody else works on this job now, for nothing was heard of this worker";
        Err(Error::new(ErrorKind::Conflict, message)
            .with_remedy("Let them work; what they leave can be gone on with."))
    }

    /// Does one step, and says which and how many calls it took.
    async fn counted(
        &self,
        item: Item,
        calls: Calls,
        observer: &dyn Observer,
    ) -> Result<(u64, Done)> {
        let number = item.number;
        let mut done = Box::pin(calls.count(self.one(item, &calls, observer))).await?;
        done.api_calls = calls.made();
        Ok((number, done))
    }

    /// Does one step, and writes down what became of it.
    async fn one(&self, item: Item, calls: &Calls, observer: &dyn Observer) -> Result<Done> {
        let Item { number, step, tries } = item;
        self.options.copy.pace.begin().await;
        if step.is_delete() && self.journal.has_failed(self.job).await? {
            self.journal.end_step(self.job, number, Ended::Skipped, None).await?;
            return Ok(Done { step, outcome: Outcome::HeldBack, api_calls: 0 });
        }
        self.journal.begin_step(self.job, number).await?;
        observer.begun(&step);
        let mut options = self.options.clone();
        options.copy.checkpoint = Some(self.journal.checkpoint(self.job, number, tries == 0));
        let (from, to, progress) = (self.from, self.to, observer.progress());
        let found = if tries > 0 { self.found(&step).await } else { Found::Other };
        let unheard = matches!(found, Found::Unproven);
        let doer = Doer { from, to, options: &options, progress, unheard };
        let mut done = match found {
            Found::Carried(receipt) => {
                Done { step, outcome: Outcome::Copied(receipt), api_calls: 0 }
            }
            _ => doer.run(step).await,
        };
        self.remember(&done).await?;
        let (ended, text) = match &mut done.outcome {
            Outcome::Copied(receipt) => {
                receipt.tries += tries;
                receipt.api_calls = Some(calls.made());
                (Ended::Done, Some(self.line(number, &done.step, receipt)?))
            }
            Outcome::Done => (Ended::Done, None),
            Outcome::Failed(error) => (Ended::Failed, Some(error.to_string())),
            Outcome::Changed(change) => {
                (Ended::Skipped, Some(format!("{}: {}", change.path, change.what.as_str())))
            }
            Outcome::HeldBack => (Ended::Skipped, None),
            // It stays begun, so that it is looked at first, or gone on with.
            Outcome::OutOfCalls(_) => return Ok(done),
        };
        self.journal.end_step(self.job, number, ended, text).await?;
        Ok(done)
    }

    /// Keeps what both ends of a file are, where the destination's time says nothing of the source.
    async fn remember(&self, done: &Done) -> Result<()> {
        let Some(baseline) = self.journal.baseline(self.from, self.to) else {
            return Ok(());
        };
        match (&done.step, &done.outcome) {
            (Step::Copy { to, .. }, Outcome::Copied(receipt)) => {
                baseline.keep(to, &receipt.from.state, &receipt.to.state).await
            }
            (Step::Delete { to, .. }, Outcome::Done) => baseline.forget(to).await,
            _ => Ok(()),
        }
    }

    fn line(&self, number: u64, step: &Step, receipt: &Receipt) -> Result<String> {
        let mut line = ReceiptLine::new(receipt.clone()).of_step(self.job, number);
        if let (Some((source, destination)), Step::Copy { from, to, .. }) = (self.names, step) {
            line = line.between(below(source, from), below(destination, to));
        }
        line.to_line()
    }

    async fn close(&self) -> Result<()> {
        self.journal.release(self.job, &self.owner).await?;
        let job = self.journal.job(self.job).await?;
        if job.is_some_and(|job| job.done == job.steps) {
            self.journal.set_state(self.job, JobState::Done).await?;
        }
        Ok(())
    }
}

/// What a worker has been lent.
struct Lent {
    shards: HashSet<u64>,
    renewed: Instant,
}

impl Lent {
    fn new() -> Self {
        Self { shards: HashSet::new(), renewed: Instant::now() }
    }

    fn due(&self) -> Instant {
        self.renewed + RENEWAL
    }

    fn is_due(&self) -> bool {
        self.due() <= Instant::now()
    }
}

/// Whether another step may begin: those that only wait for a service are not in its way, up to a
/// bound.
fn has_room<F>(running: &FuturesUnordered<F>, allowance: &Allowance<'_>, gauge: &Gauge) -> bool {
    let pausing = allowance.pausing().min(MOST_PAUSING);
    running.len() < gauge.limit() + pausing
}

/// The step that ends next, if there is one; none once another one has begun to pause.
async fn ended_or_pausing<F: Future>(
    running: &mut FuturesUnordered<F>,
    allowance: &Allowance<'_>,
) -> Option<Option<F::Output>> {
    let before = allowance.pausing();
    poll_fn(|context| match running.poll_next_unpin(context) {
        Poll::Ready(ended) => Poll::Ready(Some(ended)),
        Poll::Pending if allowance.pausing() > before => Poll::Ready(None),
        Poll::Pending => Poll::Pending,
    })
    .await
}

/// Waits for `what`, while what is under way goes on.
async fn going_on<T, F: Future>(
    what: impl Future<Output = T>,
    running: &mut FuturesUnordered<F>,
    ended: &mut VecDeque<F::Output>,
) -> T {
    let mut what = pin!(what);
    loop {
        match select(what.as_mut(), running.next()).await {
            Either::Left((done, _)) => return done,
            Either::Right((Some(done), _)) => ended.push_back(done),
            Either::Right((None, _)) => return what.await,
        }
    }
}

fn is_folder_delete(step: &Step) -> bool {
    matches!(step, Step::Delete { kind: EntryKind::Folder, .. })
}

/// A path below a root as a person would write it.
fn below(root: &str, path: &RemotePath) -> String {
    if path.is_root() { root.to_owned() } else { format!("{}{path}", root.trim_end_matches('/')) }
}

/// Whether the service asks for fewer calls.
fn is_too_fast(outcome: &Outcome) -> bool {
    matches!(outcome, Outcome::Failed(error) if error.kind() == ErrorKind::RateLimited)
}

/// So many steps at the most wait for a service beside those that do something.
const MOST_PAUSING: usize = 256;
/// For so long a shard is lent, unless it is renewed.
const LEASE: TimeDelta = TimeDelta::minutes(10);
const RENEWAL: Duration = Duration::from_secs(3 * 60);
