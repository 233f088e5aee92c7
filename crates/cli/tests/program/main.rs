//! The program as people and scripts meet it: arguments in, text, documents and codes out.

#![allow(clippy::expect_used, clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

mod harness;
#[cfg(target_os = "linux")]
mod person;
#[cfg(target_os = "linux")]
mod screen;
#[cfg(target_os = "linux")]
mod terminal;

mod api;
mod calls;
mod command_line;
mod demo;
mod errors;
mod events;
mod explain;
mod filescom;
mod local;
mod mft;
mod output;
mod partner;
mod people;
mod readme;
mod receipts;
#[cfg(target_os = "linux")]
mod recordings;
#[cfg(target_os = "linux")]
mod refusals;
mod resume;
mod sandbox;
#[cfg(target_os = "linux")]
mod saved;
mod secrets;
mod signals;
#[cfg(target_os = "linux")]
mod storage;
mod trees;
#[cfg(target_os = "linux")]
mod two_services;
