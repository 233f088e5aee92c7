//! How many calls a plan costs.

use wharf_connector::{Operation, RemotePath};

use crate::{Place, Step};

/// About how many calls to the services a plan costs: what the connectors say of each
/// operation, added up ([`Connector::calls`](wharf_connector::Connector::calls)). What the
/// comparison cost is not in it, nor are the looks of a plan that is done later.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Cost {
    /// The calls, as far as they are known.
    pub calls: u64,
    /// Whether a connector does not say what some of the steps cost.
    pub is_partial: bool,
}

impl Cost {
    /// Adds what one step costs.
    pub(crate) fn add(&mut self, step: &Step, from: &Place, to: &Place) {
        match step {
            Step::CreateFolder { .. } => self.operation(to, Operation::CreateFolder, 0),
            Step::Copy { backup, .. } => {
                self.backup(to, backup.as_ref());
                self.operation(from, Operation::Read, step.bytes());
                self.operation(to, Operation::Write, step.bytes());
            }
            Step::Touch { .. } => self.operation(to, Operation::Update, 0),
            Step::Delete { backup: None, .. } => self.operation(to, Operation::Delete, 0),
            Step::Delete { backup, .. } => self.backup(to, backup.as_ref()),
        }
    }

    /// Adds what it costs to look first whether both ends are as planned.
    pub(crate) fn add_looks(&mut self, step: &Step, from: &Place, to: &Place) {
        match step {
            Step::CreateFolder { .. } => {}
            Step::Copy { .. } | Step::Delete { .. } => {
                self.operation(from, Operation::Stat, 0);
                self.operation(to, Operation::Stat, 0);
            }
            Step::Touch { .. } => self.operation(to, Operation::Stat, 0),
        }
    }

    fn backup(&mut self, to: &Place, backup: Option<&RemotePath>) {
        if backup.is_some() {
            self.operation(to, Operation::Stat, 0);
            self.operation(to, Operation::Rename, 0);
        }
    }

    fn operation(&mut self, place: &Place, operation: Operation, bytes: u64) {
        match place.connector.calls(operation, bytes) {
            Some(calls) => self.calls += calls,
            None => self.is_partial = true,
        }
    }
}
