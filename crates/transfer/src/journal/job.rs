//! What a job is.

use std::fmt;

use chrono::{DateTime, Utc};

/// A job that is to be written down.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct NewJob {
    /// What it is, such as `sync`.
    pub verb: String,
    /// Where files come from, as a person wrote it. Without secrets: it is kept in the clear.
    pub from: String,
    /// Where they go.
    pub to: String,
    /// What the program needs to go on with it: its own text. Without secrets.
    pub spec: String,
    /// The file that receipts are appended to, if any.
    pub receipts: Option<String>,
}

impl NewJob {
    /// A job between two places.
    pub fn new(verb: impl Into<String>, from: impl Into<String>, to: impl Into<String>) -> Self {
        let (verb, from, to) = (verb.into(), from.into(), to.into());
        Self { verb, from, to, spec: String::new(), receipts: None }
    }

    /// Sets what the program needs to go on with it.
    #[must_use]
    pub fn with_spec(mut self, spec: impl Into<String>) -> Self {
        self.spec = spec.into();
        self
    }

    /// Sets the file that receipts are appended to.
    #[must_use]
    pub fn with_receipts(mut self, file: Option<String>) -> Self {
        self.receipts = file;
        self
    }
}

/// A job as the journal has it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Job {
    /// Its name in the journal.
    pub id: JobId,
    /// What it is, such as `sync`.
    pub verb: String,
    /// Where files come from.
    pub from: String,
    /// Where they go.
    pub to: String,
    /// What the program needs to go on with it.
    pub spec: String,
    /// The file that receipts are appended to.
    pub receipts: Option<String>,
    /// How far it is.
    pub state: JobState,
    /// When it was begun.
    pub created: DateTime<Utc>,
    /// When its state changed last.
    pub updated: DateTime<Utc>,
    /// How many steps it has.
    pub steps: u64,
    /// How many of these are done.
    pub done: u64,
    /// How many have failed, or were skipped.
    pub failed: u64,
    /// How many bytes are to be carried, as far as that was known.
    pub bytes: u64,
    /// Those of the steps that are done.
    pub bytes_done: u64,
    /// How many steps have kept how far they came.
    pub half_done: u64,
}

/// How far a job is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum JobState {
    /// Its steps are being told. After a crash the plan has to be made anew: nothing was done.
    Planning,
    /// It is being worked on, or can be gone on with.
    Open,
    /// Every step was done.
    Done,
    /// It is not to be gone on with.
    Cancelled,
}

impl JobState {
    /// The word for it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Planning => "planning",
            Self::Open => "open",
            Self::Done => "done",
            Self::Cancelled => "cancelled",
        }
    }

    pub(super) fn read(word: &str) -> Self {
        [Self::Open, Self::Done, Self::Cancelled]
            .into_iter()
            .find(|state| state.as_str() == word)
            .unwrap_or(Self::Planning)
    }
}

impl fmt::Display for JobState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// The name of a job: eight letters and digits.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct JobId(String);

impl JobId {
    pub(super) fn random() -> Self {
        let letter =
            |_| char::from(LETTERS.get(fastrand::usize(..LETTERS.len())).copied().unwrap_or(b'a'));
        Self((0..LENGTH).map(letter).collect())
    }

    /// A name as a person wrote it.
    pub fn from_text(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for JobId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

/// None that is easily taken for another.
const LETTERS: &[u8] = b"abcdefghjkmnpqrstuvwxyz23456789";
const LENGTH: usize = 8;
