//! The Boomi MFT face over plain HTTP, as any client would meet it.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs
)]

mod client;

mod downloads;
mod entries;
mod errors;
mod people;
mod rights;
mod searches;
mod sessions;
mod shapes;
mod uploads;
