//! What a site keeps besides files: users, groups, share links, and everything else that the table
//! of operations knows.

mod operation;

mod deed;
mod page;
mod right;
mod store;

mod generic;
mod people;
mod share_links;

mod seed;

pub(crate) use self::deed::answer;
pub(crate) use self::generic::stamp;
pub(crate) use self::operation::{Lookup, find};
pub(crate) use self::people::signed_in;
pub(crate) use self::seed::{came, plant};
pub(crate) use self::store::Records;
