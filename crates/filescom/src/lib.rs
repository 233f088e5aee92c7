//! A client of Files.com, typed and as a wharf connector.
//!
//! Four ways in, by how much of the service you want to see:
//!
//! 1. **As a connector**: [`FilesCom`] keeps the promise of
//!    [`Connector`](wharf_connector::Connector), like any other backend; [`FilesComFactory`] opens
//!    it by a target such as `filescom://acme.files.com/inbox`.
//! 2. **As a typed client**: [`Client`] has files, folders, uploads, copies and more in the
//!    service's own words. From a connector it is reached by [`FilesCom::client`].
//! 3. **As Boomi's connector**: [`Client::partner`] has the actions of Boomi's partner connector for
//!    Files.com, with its names in and its keys out.
//! 4. **As it is**: [`Client::raw`] sends any request with the same manners (the key, repeats,
//!    error documents), for whatever nobody has typed yet.
//!
//! ```
//! use wharf_connector::{ConnectorExt, RemotePath};
//! use wharf_filescom::{Client, Config, Credentials, FilesCom};
//!
//! # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let sandbox = wharf_sandbox::Sandbox::start().await?;
//! # let (site, key) = (sandbox.filescom_url(), sandbox.keys().full.clone());
//! let client = Client::new(Config::new(site, Credentials::api_key(key)?))?;
//! let filescom = FilesCom::new(client);
//!
//! let path = RemotePath::new("/inbox/2026/orders.csv")?;
//! filescom.write_bytes(&path, "4711;new\n").await?;
//! assert_eq!(filescom.read_bytes(&path, 1024).await?, "4711;new\n");
//!
//! let key = filescom.client().api_key().find().await?;
//! assert_eq!(key.permission_set.as_deref(), Some("full"));
//! # Ok(()) }
//! ```
//!
//! # What it takes care of
//!
//! - Uploads go as the service says: part by part to the addresses it names, at the same time only
//!   where it allows that, held in memory only where a content cannot be read twice.
//! - Downloads fetch their link at the last moment and go on from the last byte when they break.
//! - Nothing is a success that the service has not confirmed: sizes always, checksums wherever
//!   they can be had.
//! - The key goes to the configured site and to no other host; addresses of the storage get none.
//!
//! The facts come from the public REST API reference of Files.com, its documentation site and the
//! sources of its official SDKs; what each call rests on, and how sure it is, stands in the page
//! `docs/services/filescom.md` of the repository.

mod client;
mod config;
mod connector;
mod convert;
mod dialect;
mod download;
mod error;
mod factory;
mod listing;
mod poll;
mod raw;
mod sums;
mod upload;

pub mod api;
pub mod partner;

pub use client::{Client, ClientBuilder};
pub use config::{Config, Credentials, SETTINGS};
pub use connector::FilesCom;
pub use download::FileDownload;
pub use error::{Error, Result};
pub use factory::FilesComFactory;
pub use raw::Raw;
pub use upload::{Upload, Uploaded};
pub use wharf_model::filescom as model;

/// The scheme by which errors and connectors name this service.
const SCHEME: &str = "filescom";
