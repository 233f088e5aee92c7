//! The first line of a plan.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// The first line of a plan: what it is a plan for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct PlanHead {
    /// The version of the format: [`FORMAT`](Self::FORMAT).
    pub format: u32,
    /// The root of the source as a target, which never holds a secret.
    pub from: String,
    /// The root of the destination as a target.
    pub to: String,
    /// When the plan was made.
    pub created: DateTime<Utc>,
    /// The options that it was made with, for people, by their names on the command line.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub options: BTreeMap<String, String>,
}

impl PlanHead {
    /// The version of the format that this library writes, and the newest that it reads.
    pub const FORMAT: u32 = 1;

    /// The head of a plan that carries what lies at `from` to `to`.
    pub fn new(from: impl Into<String>, to: impl Into<String>, created: DateTime<Utc>) -> Self {
        let (from, to) = (from.into(), to.into());
        Self { format: Self::FORMAT, from, to, created, options: BTreeMap::new() }
    }

    /// Adds an option that the plan was made with.
    #[must_use]
    pub fn with_option(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.options.insert(name.into(), value.into());
        self
    }
}
