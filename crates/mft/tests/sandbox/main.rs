//! The client against a stand-in that behaves as the documents say, and worse.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

mod bench;

mod batches;
mod cuts;
mod downloads;
mod errors;
mod hostile;
mod kept;
mod killed;
mod listings;
mod names;
mod quirks;
mod replaced;
mod rights;
mod sessions;
mod typed;
mod uploads;
