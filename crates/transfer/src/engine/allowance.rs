//! Whether the next step may begin, where only so many calls may be made.

use wharf_connector::{Calls, Capabilities, Operation};

use crate::journal::Item;
use crate::{Apply, Cost, Place, Step};

/// Knows what the steps under way are expected to cost, and what they have cost.
pub(super) struct Allowance<'a> {
    from: &'a Place,
    to: &'a Place,
    options: &'a Apply,
    /// Number, expected calls, calls made.
    running: Vec<(u64, u64, Calls)>,
    /// Whether a step has ended: the first alone finds out what the others know from it.
    warm: bool,
    /// By how much the last one went over what was expected.
    over: u64,
}

impl<'a> Allowance<'a> {
    pub(super) fn new(from: &'a Place, to: &'a Place, options: &'a Apply) -> Self {
        Self { from, to, options, running: Vec::new(), warm: false, over: 0 }
    }

    /// Whether the calls are left that this step is expected to cost. One that costs more than are
    /// allowed in all would never begin: it does, alone, if it can be gone on with.
    pub(super) fn allows(&self, step: &Step) -> bool {
        let Some((left, most)) = Calls::here() else {
            return true;
        };
        if !self.warm && !self.running.is_empty() {
            return false;
        }
        let cost = self.cost(step) + self.over;
        let running = self.running.iter();
        let to_come =
            running.map(|(_, cost, calls)| (cost + self.over).saturating_sub(calls.made())).sum();
        match left.checked_sub(to_come) {
            Some(free) if cost <= free => true,
            Some(free) => {
                free > 0 && cost > most && self.running.is_empty() && self.can_go_on(step)
            }
            None => false,
        }
    }

    pub(super) fn begin(&mut self, item: &Item) -> Calls {
        let calls = Calls::new();
        self.running.push((item.number, self.cost(&item.step), calls.clone()));
        calls
    }

    /// How many of the steps under way only wait for what a service does in its own time.
    pub(super) fn pausing(&self) -> usize {
        self.running.iter().filter(|(_, _, calls)| calls.is_pausing()).count()
    }

    pub(super) fn end(&mut self, number: u64) {
        if let Some(at) = self.running.iter().position(|(running, ..)| *running == number) {
            let (_, cost, calls) = self.running.swap_remove(at);
            self.over = if self.warm { calls.made().saturating_sub(cost) } else { 0 };
            self.warm = true;
        }
    }

    fn cost(&self, step: &Step) -> u64 {
        let mut cost = Cost::default();
        cost.add(step, self.from, self.to);
        if self.options.check {
            cost.add_looks(step, self.from, self.to);
        }
        cost.calls
    }

    /// Whether its file goes in several parts, which the destination keeps.
    fn can_go_on(&self, step: &Step) -> bool {
        let connector = &self.to.connector;
        let write = |bytes| connector.calls(Operation::Write, bytes);
        connector.capabilities().contains(Capabilities::WRITE_RESUME)
            && matches!(step, Step::Copy { .. })
            && write(step.bytes()) > write(0)
    }
}
