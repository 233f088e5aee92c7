//! What is to be done, as data: to be read by a person, kept in a file, and done later.

mod head;

mod step;

mod state;

mod totals;

mod file;

pub(crate) use file::write;

pub use file::PlanFile;
pub use head::PlanHead;
pub use state::{State, Trace};
pub use step::{Step, Why};
pub use totals::Totals;
