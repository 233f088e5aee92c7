//! A client of the Boomi MFT (formerly Thru) File Sharing API 1.16, typed and as a wharf connector.
//!
//! Three ways in, by how much of the service you want to see:
//!
//! 1. **As a connector**: [`Mft`] keeps the promise of [`Connector`](wharf_connector::Connector),
//!    like any other backend; [`MftFactory`] opens it by a target such as
//!    `mft://anna@files.acme.com/In`.
//! 2. **As a typed client**: [`Client`] has folders, files, searches, favourites, messages, users
//!    and more in the service's own words, by its ids. From a connector it is reached by
//!    [`Mft::client`].
//! 3. **As it is**: [`Client::raw`] sends any request with the same manners (the session, repeats,
//!    error documents), for whatever nobody has typed yet.
//!
//! ```
//! use wharf_connector::{ConnectorExt, RemotePath};
//! use wharf_mft::{Client, Config, Login, Mft};
//!
//! # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let sandbox = wharf_sandbox::Sandbox::start().await?;
//! # let (server, user) = (sandbox.mft_url(), sandbox.mft().users().remove(0));
//! let login = Login::password(user.password);
//! let client = Client::new(Config::new(server, user.name, login))?;
//! let mft = Mft::new(client);
//!
//! let path = RemotePath::new("/COMMON/2026/orders.csv")?;
//! mft.write_bytes(&path, "4711;new\n").await?;
//! assert_eq!(mft.read_bytes(&path, 1024).await?, "4711;new\n");
//!
//! let server = mft.client().server().info().await?;
//! assert_eq!(server.enabled, Some(true));
//! # Ok(()) }
//! ```
//!
//! # How sure is it?
//!
//! The public reference of this interface prints operations, fields and samples, but neither paths
//! nor methods; some names of form fields are printed as labels only. So whatever is not certain
//! is data: [`Endpoints`] holds every path, page and field name with its [`Certainty`] and source,
//! and a setting overrides each. A path that turns out wrong says so in its error, with the
//! setting that mends it.
//!
//! # What it takes care of
//!
//! - A session is opened when the first call needs it, once for any number of waiting calls, and
//!   once more when the service says that it is gone, wherever that strikes.
//! - Refusals are found in the body of an error, in the body of a success, in the header of the
//!   transfer pages, and in pages for people.
//! - Downloads go on from the last byte when they break; what the service appends to the content
//!   is never handed on.
//! - Uploads are looked at afterwards. The service tells no checksum, so size is all there is.
//! - The password and the session go to the configured server and to no other.
//!
//! What each call rests on stands in the page `docs/services/mft.md` of the repository.

mod client;
mod config;
mod connector;
mod convert;
mod dialect;
mod download;
mod endpoints;
mod error;
mod factory;
mod listing;
mod raw;
mod resolve;
mod session;
mod upload;

pub mod api;

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
pub use wharf_model::mft as model;

/// The scheme by which errors and connectors name this service.
const SCHEME: &str = "mft";
