//! Doing what was planned.

use std::pin::pin;

use futures_util::stream::{FuturesUnordered, Stream, StreamExt};
use wharf_connector::{EntryKind, Error, RemotePath, Result};

use crate::{CopyFile, Place, Progress, Receipt, Step, Trace};

mod one;

mod again;

pub(crate) use one::Doer;

/// Does the steps of a plan, several at a time, and tells what became of each.
///
/// Deletions begin when everything else has ended well: if any step failed or was skipped by
/// then, they are held back. A folder is deleted when what lay in it is gone, and only if it
/// is empty.
///
/// A step that fails does not end the work; each is counted, and told to the observer. Where a
/// [bound of calls](wharf_connector::Calls) is reached, what is left is told as
/// [`OutOfCalls`](Outcome::OutOfCalls).
///
/// # Errors
///
/// Those of `steps`: what came before is done, and nothing is deleted.
pub async fn apply(
    steps: impl Stream<Item = Result<Step>> + Send,
    from: &Place,
    to: &Place,
    options: &Apply,
    observer: &dyn Observer,
) -> Result<Applied> {
    let doer = Doer { from, to, options, progress: observer.progress(), unheard: false };
    let mut work = Work { running: FuturesUnordered::new(), applied: Applied::default(), observer };
    let mut steps = pin!(steps);
    // Decided when the first deletion comes.
    let mut may_delete: Option<bool> = None;
    while let Some(step) = steps.next().await {
        let step = match step {
            Ok(step) => step,
            Err(error) => {
                work.wait_below(0).await;
                return Err(error);
            }
        };
        let is_folder = matches!(&step, Step::Delete { kind: EntryKind::Folder, .. });
        if step.is_delete() {
            if is_folder || may_delete.is_none() {
                work.wait_below(0).await;
            }
            if !*may_delete.get_or_insert(work.applied.is_whole()) {
                work.note(Done { step, outcome: Outcome::HeldBack, api_calls: 0 });
                continue;
            }
        }
        work.wait_below(options.concurrency.max(1) - 1).await;
        observer.begun(&step);
        work.running.push(doer.paced(step));
        if is_folder {
            work.wait_below(0).await;
        }
    }
    work.wait_below(0).await;
    Ok(work.applied)
}

/// Options of [`apply`].
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Apply {
    /// How files are copied.
    pub copy: CopyFile,
    /// Look at both ends of every step first, and skip what is not as planned: also what is to be
    /// deleted and stands in the source by now. Off by default: it is for plans that have lain for
    /// a while, and for jobs that are gone on with.
    pub check: bool,
    /// How many steps are done at a time. At least one; 8 by default.
    pub concurrency: usize,
}

impl Default for Apply {
    fn default() -> Self {
        Self { copy: CopyFile::default(), check: false, concurrency: 8 }
    }
}

impl Apply {
    /// The defaults, to be changed with the setters.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets how files are copied.
    #[must_use]
    pub fn with_copy(mut self, copy: CopyFile) -> Self {
        self.copy = copy;
        self
    }

    /// Sets whether both ends are looked at before each step.
    #[must_use]
    pub fn with_check(mut self, check: bool) -> Self {
        self.check = check;
        self
    }

    /// Sets how many steps are done at a time.
    #[must_use]
    pub fn with_concurrency(mut self, steps: usize) -> Self {
        self.concurrency = steps;
        self
    }
}

/// Hears what becomes of each step. Every method does nothing unless it is written.
pub trait Observer: Send + Sync {
    /// A step begins.
    fn begun(&self, step: &Step) {
        let _ = step;
    }

    /// A step has ended.
    fn done(&self, done: &Done) {
        let _ = done;
    }

    /// Hears how far the copies have come, all of them together.
    fn progress(&self) -> &dyn Progress {
        &()
    }
}

impl Observer for () {}

/// A step that has ended.
#[derive(Debug)]
#[non_exhaustive]
pub struct Done {
    /// The step.
    pub step: Step,
    /// What became of it.
    pub outcome: Outcome,
    /// How many calls to services it took.
    pub api_calls: u64,
}

/// What became of a step.
#[derive(Debug)]
#[non_exhaustive]
pub enum Outcome {
    /// A file was copied.
    Copied(Box<Receipt>),
    /// What was to be done is done.
    Done,
    /// It is not as it was planned with, and was left alone.
    Changed(Change),
    /// A deletion that was not done, for something before it went wrong.
    HeldBack,
    /// It was broken off, or not begun, for it needs more calls than are allowed. A
    /// [`Worker`](crate::Worker) can go on with it.
    OutOfCalls(Error),
    /// It failed.
    Failed(Error),
}

/// What is not as it was planned with.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Change {
    /// The path: in the source, or in the destination.
    pub path: RemotePath,
    /// Whether it is that in the source.
    pub in_source: bool,
    /// What is other now.
    pub what: WhatChanged,
}

/// What is other than when it was planned.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum WhatChanged {
    /// The file itself, as seen by this.
    Trace(Trace),
    /// It is gone.
    Gone,
    /// Something stands there now.
    Appeared,
    /// It is of another kind.
    Kind,
    /// Something new lies in the folder.
    NotEmpty,
}

impl WhatChanged {
    /// The change as a clause for people.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Trace(Trace::Size) => "its size has changed",
            Self::Trace(Trace::Checksum) => "its checksum has changed",
            Self::Trace(Trace::Time) => "its time has changed",
            Self::Trace(Trace::Version) => "its version has changed",
            Self::Trace(Trace::Id) => "it was replaced",
            Self::Gone => "it is gone",
            Self::Appeared => "something stands there now",
            Self::Kind => "it is of another kind now",
            Self::NotEmpty => "something lies in it",
        }
    }
}

/// What was done with a plan, every step counted once.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Applied {
    /// Folders that were created, or stood there already.
    pub folders: u64,
    /// Files that were copied.
    pub copied: u64,
    /// Bytes of these.
    pub bytes: u64,
    /// Of these files, how many are proven by a checksum.
    pub verified: u64,
    /// Files that got another time.
    pub touched: u64,
    /// Files and folders that were deleted, or moved to the backup folder.
    pub deleted: u64,
    /// Steps that were skipped, since something is not as planned.
    pub changed: u64,
    /// Deletions that were held back.
    pub held_back: u64,
    /// Steps that failed.
    pub failed: u64,
    /// Steps that were broken off, for they need more calls than are allowed.
    pub broken_off: u64,
    /// Whether it ended before all was done, for no more calls are allowed.
    pub out_of_calls: bool,
    /// Calls to services that the steps took.
    pub api_calls: u64,
}

impl Applied {
    /// Whether every step was done.
    pub fn is_whole(&self) -> bool {
        !self.out_of_calls && self.changed + self.held_back + self.failed == 0
    }

    pub(crate) fn add(&mut self, done: &Done) {
        self.api_calls += done.api_calls;
        match (&done.outcome, &done.step) {
            (Outcome::Copied(receipt), _) => {
                self.copied += 1;
                self.bytes += receipt.bytes;
                self.verified += u64::from(receipt.verdict.is_verified());
            }
            (Outcome::Done, Step::CreateFolder { .. }) => self.folders += 1,
            (Outcome::Done, Step::Touch { .. }) => self.touched += 1,
            (Outcome::Done, _) => self.deleted += 1,
            (Outcome::Changed(_), _) => self.changed += 1,
            (Outcome::HeldBack, _) => self.held_back += 1,
            (Outcome::OutOfCalls(_), _) => {
                self.broken_off += 1;
                self.out_of_calls = true;
            }
            (Outcome::Failed(_), _) => self.failed += 1,
        }
    }
}

struct Work<'a, F> {
    running: FuturesUnordered<F>,
    applied: Applied,
    observer: &'a dyn Observer,
}

impl<F: Future<Output = Done>> Work<'_, F> {
    /// Waits until at most so many steps are under way.
    async fn wait_below(&mut self, most: usize) {
        while self.running.len() > most {
            if let Some(done) = self.running.next().await {
                self.note(done);
            }
        }
    }

    fn note(&mut self, done: Done) {
        self.applied.add(&done);
        self.observer.done(&done);
    }
}
