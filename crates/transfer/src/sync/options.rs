//! Options of a plan.

use wharf_connector::RemotePath;

use super::MaxDelete;
use crate::Compare;

/// Options of [`Plan::make`](crate::Plan::make).
#[derive(Debug, Clone, Default)]
#[non_exhaustive]
pub struct SyncPlan {
    /// How files are compared, and what the plan is about.
    pub compare: Compare,
    /// Delete what stands in the destination alone. Off by default.
    pub delete: bool,
    /// Leave files alone that stand at the destination, whatever they hold. Off by default.
    pub keep_existing: bool,
    /// How much may be deleted.
    pub max_delete: MaxDelete,
    /// The folder that files are moved to before they are replaced or deleted, as a path on
    /// the connector of the destination. A file that stands there already is replaced.
    pub backup: Option<RemotePath>,
}

impl SyncPlan {
    /// The defaults, to be changed with the setters.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets how files are compared, and what the plan is about.
    #[must_use]
    pub fn with_compare(mut self, compare: Compare) -> Self {
        self.compare = compare;
        self
    }

    /// Sets whether what stands in the destination alone is deleted.
    #[must_use]
    pub fn with_delete(mut self, delete: bool) -> Self {
        self.delete = delete;
        self
    }

    /// Sets whether files that stand at the destination are left alone.
    #[must_use]
    pub fn with_keep_existing(mut self, keep: bool) -> Self {
        self.keep_existing = keep;
        self
    }

    /// Sets how much may be deleted.
    #[must_use]
    pub fn with_max_delete(mut self, max_delete: MaxDelete) -> Self {
        self.max_delete = max_delete;
        self
    }

    /// Sets the folder that files are moved to before they are replaced or deleted.
    #[must_use]
    pub fn with_backup(mut self, folder: RemotePath) -> Self {
        self.backup = Some(folder);
        self
    }

    /// Without deleting, nobody needs to know what the destination alone has.
    pub(super) fn comparison(&self) -> Compare {
        self.compare.clone().with_extras(self.delete)
    }
}
