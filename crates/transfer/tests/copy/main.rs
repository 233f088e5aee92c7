//! Copies between connectors that behave, and between those that do not.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

mod twisted;

mod destination;
mod native;
mod parts;
mod source;
mod verdict;
