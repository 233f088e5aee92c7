//! The program as people and scripts meet it: arguments in, text, documents and codes out.

#![allow(clippy::expect_used, clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

mod harness;

mod command_line;
mod demo;
mod errors;
mod explain;
mod filescom;
mod local;
mod mft;
mod output;
mod readme;
mod resume;
mod sandbox;
mod signals;
mod trees;
