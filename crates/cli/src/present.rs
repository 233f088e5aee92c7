//! How things look to people.

pub(crate) mod error;
pub(crate) mod escape;
pub(crate) mod manual;
pub(crate) mod remedy;
pub(crate) mod size;
pub(crate) mod stages;
pub(crate) mod style;
pub(crate) mod table;
pub(crate) mod time;
pub(crate) mod wrap;
