//! State on disk: what survives a restart, a kill, and what is refused.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

#[allow(dead_code)]
#[path = "../filescom/client.rs"]
mod client;
#[allow(dead_code)]
#[path = "../mft/client.rs"]
mod mft_client;
mod witness;

mod damage;
mod filescom;
mod folder;
mod kill;
mod mft;
