//! A client of the Boomi MFT (formerly Thru) File Sharing REST API 1.16, typed and as a wharf
//! connector.

pub mod api;

mod connector;
mod factory;

mod client;
mod config;
mod raw;

mod convert;
mod download;
mod listing;
mod resolve;
mod upload;

mod dialect;
mod endpoints;
mod error;
mod session;

pub use client::{Client, ClientBuilder};
pub use config::{Config, ListingWay, Login, Pages, Root, SETTINGS, SessionKind, UpdateBody};
pub use connector::Mft;
pub use download::ByteStream;
pub use endpoints::{Certainty, Endpoints, Row, UnknownEndpoint};
pub use error::{Error, Result};
pub use factory::MftFactory;
pub use listing::EntryStream;
pub use raw::Raw;
pub use upload::Stored;

/// The scheme by which [`Mft`] is opened.
pub const SCHEME: &str = "mft";
