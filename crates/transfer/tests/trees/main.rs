//! Trees compared, planned and carried between connectors that behave, and some that do not.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

mod odd;
mod world;

mod again;
mod compared;
mod large;
mod planned;
mod random;
