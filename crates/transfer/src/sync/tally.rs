//! What a comparison went through, every file counted once.

use crate::Difference;

/// What was compared, every file counted once.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Tally {
    /// Files of the source within the filter.
    pub source_files: u64,
    /// Files and folders of the destination within the filter, as far as they were looked at.
    pub at_destination: u64,
    /// Files that agree.
    pub same: u64,
    /// Of these, files whose time alone differs.
    pub time: u64,
    /// Files that differ.
    pub differ: u64,
    /// Files that differ, or whose time does, and that a plan leaves alone for they stand there:
    /// [`SyncPlan::keep_existing`](crate::SyncPlan::keep_existing). A comparison knows of none.
    pub kept: u64,
    /// Files that the source alone has.
    pub missing: u64,
    /// Files that the destination alone has.
    pub extra: u64,
    /// Folders that the one or the other alone has.
    pub folders: u64,
    /// What can neither be compared nor carried.
    pub troubles: u64,
}

impl Tally {
    /// Counts one more.
    pub fn add(&mut self, difference: &Difference) {
        match difference {
            Difference::Same(pair) if pair.from.is_folder() => self.at_destination += 1,
            Difference::Same(_) => {
                self.both();
                self.same += 1;
            }
            Difference::Time(_) => {
                self.both();
                self.same += 1;
                self.time += 1;
            }
            Difference::Differs(..) => {
                self.both();
                self.differ += 1;
            }
            Difference::Missing(entry, _) if entry.is_folder() => self.folders += 1,
            Difference::Missing(..) => {
                self.source_files += 1;
                self.missing += 1;
            }
            Difference::Extra(entry) => {
                self.at_destination += 1;
                let count = if entry.is_folder() { &mut self.folders } else { &mut self.extra };
                *count += 1;
            }
            Difference::Spared(_) => {}
            Difference::Trouble(_) => self.troubles += 1,
        }
    }

    /// Whether both trees hold the same, as far as they could be compared: troubles are not
    /// in it.
    pub fn agrees(&self) -> bool {
        self.differ + self.missing + self.extra + self.folders == 0
    }

    fn both(&mut self) {
        self.source_files += 1;
        self.at_destination += 1;
    }
}
