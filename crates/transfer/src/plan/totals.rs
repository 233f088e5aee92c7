//! How much there is to do.

use serde::{Deserialize, Serialize};

use super::Step;

/// How much a plan has to do. Its last line holds this, so that a plan that was cut short is
/// found out.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Totals {
    /// Folders to create.
    pub folders: u64,
    /// Files to copy, also those that replace another.
    pub copies: u64,
    /// Of these, how many replace a file.
    pub replaced: u64,
    /// Files that only get another time.
    pub touches: u64,
    /// Files to delete.
    pub deletes: u64,
    /// Folders to delete.
    pub folder_deletes: u64,
    /// Bytes to carry, as far as sizes are known.
    pub bytes: u64,
}

impl Totals {
    /// Counts one more step.
    pub fn add(&mut self, step: &Step) {
        self.bytes += step.bytes();
        match step {
            Step::CreateFolder { .. } => self.folders += 1,
            Step::Copy { replaces, .. } => {
                self.copies += 1;
                self.replaced += u64::from(replaces.is_some());
            }
            Step::Touch { .. } => self.touches += 1,
            Step::Delete { kind, .. } if *kind == wharf_connector::EntryKind::Folder => {
                self.folder_deletes += 1;
            }
            Step::Delete { .. } => self.deletes += 1,
        }
    }

    /// How many steps there are.
    pub fn steps(&self) -> u64 {
        self.folders + self.copies + self.touches + self.deletes + self.folder_deletes
    }
}
