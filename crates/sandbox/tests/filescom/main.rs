//! The Files.com face and its storage, driven over real sockets.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

mod client;

mod access;
mod actions;
mod control;
mod downloads;
mod faults;
mod files;
mod fuzz;
mod listing;
mod records;
mod shape;
mod uploads;
