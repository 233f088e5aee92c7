//! Options of a comparison.

use std::time::Duration;

use crate::{Baseline, Filter};

/// By what two files are compared. Never by their size alone, unless that is said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub enum By {
    /// Size and modification time. Where the times differ and a checksum of both is known at
    /// no cost, that decides.
    #[default]
    Time,
    /// Size and the checksums that the services tell. Where they tell none of a common kind,
    /// the files count as different, unless [`Compare::read`] allows reading them.
    Checksum,
    /// Size, and nothing else.
    SizeOnly,
    /// Not at all: every file counts as different.
    Nothing,
}

/// Options of [`compare`](crate::compare).
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Compare {
    /// By what files are compared.
    pub by: By,
    /// Read files where no checksum in common is told: one side where the other tells one of a
    /// kind that can be computed, else both. Only with [`By::Checksum`]. Off by default.
    pub read: bool,
    /// By how much two times may differ and count as one. By default the coarser of what both
    /// services say they keep; one second where one does not say.
    pub tolerance: Option<Duration>,
    /// What the comparison is about.
    pub filter: Filter,
    /// Tell what stands in the destination alone, with all that lies in such folders. On by
    /// default; without it they are not listed.
    pub extras: bool,
    /// What is known of the two trees from when files were carried. With [`By::Time`], where the
    /// times cannot be compared, two files agree when neither has changed since. What is found equal
    /// by reading is added to it. None by default.
    pub baseline: Option<Baseline>,
    /// How many folders are compared at a time, and files read. At least one; 16 by default.
    pub concurrency: usize,
}

impl Default for Compare {
    fn default() -> Self {
        Self {
            by: By::Time,
            read: false,
            tolerance: None,
            filter: Filter::new(),
            extras: true,
            baseline: None,
            concurrency: 16,
        }
    }
}

impl Compare {
    /// The defaults, to be changed with the setters.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets by what files are compared.
    #[must_use]
    pub fn with_by(mut self, by: By) -> Self {
        self.by = by;
        self
    }

    /// Sets whether files may be read.
    #[must_use]
    pub fn with_read(mut self, read: bool) -> Self {
        self.read = read;
        self
    }

    /// Sets by how much two times may differ.
    #[must_use]
    pub fn with_tolerance(mut self, tolerance: Duration) -> Self {
        self.tolerance = Some(tolerance);
        self
    }

    /// Sets what the comparison is about.
    #[must_use]
    pub fn with_filter(mut self, filter: Filter) -> Self {
        self.filter = filter;
        self
    }

    /// Sets whether what stands in the destination alone is told.
    #[must_use]
    pub fn with_extras(mut self, extras: bool) -> Self {
        self.extras = extras;
        self
    }

    /// Sets what is known of the two trees.
    #[must_use]
    pub fn with_baseline(mut self, baseline: Option<Baseline>) -> Self {
        self.baseline = baseline;
        self
    }

    /// Sets how many folders are compared at a time.
    #[must_use]
    pub fn with_concurrency(mut self, folders: usize) -> Self {
        self.concurrency = folders;
        self
    }
}
