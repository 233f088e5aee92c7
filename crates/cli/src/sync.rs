//! Trees for `sync`, `cp -r`, `get -r`, `put -r`, `check` and `apply`: ends, plans, reports.

mod arguments;

mod rules;

mod ends;

mod planned;

mod done;

mod work;

mod tree;

mod report;

pub(crate) use arguments::{Comparison, Links, PlanWishes, Selection};
pub(crate) use ends::{Ends, EndsArguments};
pub(crate) use planned::{FOLLOWS_LINKS, Job, plan_and_do};
pub(crate) use report::{Reported, TroubleDocument, tell_troubles};
pub(crate) use tree::{Tree, carry_tree};
pub(crate) use work::{Manner, Pacing, again, carry_out};
