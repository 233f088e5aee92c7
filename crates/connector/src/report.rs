//! What a test of a connection found.

use std::time::Duration;

use chrono::{DateTime, Utc};

use crate::RemotePath;

/// What [`Connector::test_connection`](crate::Connector::test_connection) found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct ConnectionReport {
    /// The account as the service names it.
    pub account: Option<String>,
    /// What kind of credential it is, such as `user API key`.
    pub credential: Option<String>,
    /// What the credential may do, in the service's words.
    pub permissions: Option<String>,
    /// The folder that the credential is confined to.
    pub confined_to: Option<RemotePath>,
    /// When the credential expires.
    pub expires: Option<DateTime<Utc>>,
    /// How far this machine's clock is from the service's, in seconds: positive when
    /// this machine is ahead.
    pub clock_skew: Option<i64>,
    /// What was tried, in order.
    pub stages: Vec<Stage>,
    /// What a person should know although the test passed.
    pub warnings: Vec<String>,
}

impl ConnectionReport {
    /// Nothing tried yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Whether no stage failed. Stages may have been skipped.
    pub fn passed(&self) -> bool {
        self.stages.iter().all(|stage| stage.outcome != StageOutcome::Failed)
    }

    /// Adds a stage.
    pub fn stage(
        &mut self,
        name: &'static str,
        outcome: StageOutcome,
        detail: impl Into<String>,
        took: Duration,
    ) {
        self.stages.push(Stage { name, outcome, detail: detail.into(), took });
    }
}

/// One step of a test.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Stage {
    /// What was tried, such as `credentials`.
    pub name: &'static str,
    /// How it went.
    pub outcome: StageOutcome,
    /// What was found.
    pub detail: String,
    /// How long it took.
    pub took: Duration,
}

/// How a step went.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum StageOutcome {
    /// As it should.
    Passed,
    /// Not as it should.
    Failed,
    /// It could not be tried.
    Skipped,
}

impl StageOutcome {
    /// The word for it: `passed`, `failed` or `skipped`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Passed => "passed",
            Self::Failed => "failed",
            Self::Skipped => "skipped",
        }
    }
}
