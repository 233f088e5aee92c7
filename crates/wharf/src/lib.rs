//! One connector for managed file transfer: Files.com and Boomi MFT behind one trait.
//!
//! The front door: names and wiring, no logic. [`registry`] knows every service of this build;
//! what it opens is a [`Connector`], and the caller does not care which.
//!
//! # Open by URL
//!
//! ```
//! use wharf::prelude::*;
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<()> {
//! let account = wharf::registry().open("memory:", &Settings::new())?;
//! let report = RemotePath::new("/reports/2026.csv")?;
//! account.write_bytes(&report, "a;b\n1;2\n").await?;
//!
//! let entry = account.stat(&report).await?;
//! assert_eq!(entry.size, Some(8));
//! # Ok(()) }
//! ```
//!
//! # What only one service has
//!
//! Behind the neutral contract stands the service's own client, with everything in its own
//! words. `find` leads to it from any connector, through whatever wraps it.
//!
#![cfg_attr(feature = "filescom", doc = "```")]
#![cfg_attr(not(feature = "filescom"), doc = "```text")]
//! use wharf::filescom::FilesCom;
//! use wharf::prelude::*;
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let sandbox = wharf_sandbox::Sandbox::start().await?;
//! # let url = sandbox.filescom_url().replacen("http:", "filescom+http:", 1);
//! # let key = sandbox.keys().full.clone();
//! let settings = Settings::new().with_secret("api_key", key);
//! let account = wharf::registry().open(&url, &settings)?;
//!
//! let filescom = account.find::<FilesCom>().ok_or("another service")?;
//! let key = filescom.client().api_key().find().await?;
//! assert_eq!(key.permission_set.as_deref(), Some("full"));
//! # Ok(()) }
//! ```
//!
//! # Open by name
//!
//! With the feature `connections`, what `wharf connection add` saved, or what stands in the
//! environment of a container, is opened by its name; its secrets are fetched from where they
//! are.
//!
#![cfg_attr(feature = "connections", doc = "```no_run")]
#![cfg_attr(not(feature = "connections"), doc = "```text")]
//! use wharf::prelude::*;
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<()> {
//! let acme = wharf::connections::open("acme")?;
//! acme.write_bytes(&RemotePath::new("/reports/2026.csv")?, "a;b\n1;2\n").await?;
//! # Ok(()) }
//! ```
//!
//! # Bring a service of your own
//!
//! Whoever implements [`Connector`] and [`Factory`](connector::Factory) is a service like any
//! other. A registry is a value: add to it what you have.
//!
//! ```
//! use std::sync::Arc;
//! use wharf::connector::{Factory, Memory, SettingSpec};
//! use wharf::prelude::*;
//!
//! #[derive(Debug, Default)]
//! struct Shelf(Memory);
//!
//! impl Factory for Shelf {
//!     fn schemes(&self) -> &'static [&'static str] {
//!         &["shelf"]
//!     }
//!     fn settings(&self) -> &'static [SettingSpec] {
//!         &[]
//!     }
//!     fn open(&self, _: &wharf::Target, _: &Settings) -> Result<Arc<dyn Connector>> {
//!         Ok(Arc::new(self.0.clone()))
//!     }
//! }
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<()> {
//! let registry = wharf::registry().with(Shelf::default());
//! let shelf = registry.open("shelf:/top", &Settings::new())?;
//! shelf.write_bytes(&RemotePath::new("/book")?, "...").await?;
//!
//! // The whole shelf, not only its top: the same content.
//! let shelf = registry.open("shelf:", &Settings::new())?;
//! assert!(shelf.exists(&RemotePath::new("/top/book")?).await?);
//! # Ok(()) }
//! ```
//!
//! # Where is what
//!
//! - [`connector`]: the contract, its nouns and options, `memory`; all that a backend needs;
//! - `connections`, by a feature of that name: named connections, and where their secrets are;
//! - `transfer`, by a feature of that name, on by default: copying between any two connectors, and
//!   the proof that it arrived;
//! - [`model`]: the documents of both services, to read saved ones without a network;
//! - [`transport`]: how requests are sent, for whoever writes another service over HTTP.

#[cfg(feature = "connections")]
pub mod connections;
pub mod prelude;

pub use wharf_connector as connector;
#[cfg(feature = "filescom")]
pub use wharf_filescom as filescom;
#[cfg(feature = "fs")]
pub use wharf_local as local;
#[cfg(feature = "mft")]
pub use wharf_mft as mft;
pub use wharf_model as model;
#[cfg(feature = "transfer")]
pub use wharf_transfer as transfer;
pub use wharf_transport as transport;

pub use wharf_connector::{
    ByteRange, Capabilities, Checksums, Connector, ConnectorExt, Content, Download, Entry,
    EntryKind, Error, ErrorKind, Operation, Permissions, Registry, RemotePath, Result, Settings,
    Target,
};

use wharf_connector::MemoryFactory;

/// A registry with every service that this build contains, `memory` and the file system of
/// this machine.
///
/// All that it opens over HTTP shares one set of connections. Make one registry in a process,
/// and add services of your own with [`Registry::with`].
pub fn registry() -> Registry {
    let registry = Registry::new();
    #[cfg(any(feature = "filescom", feature = "mft"))]
    let registry = services(registry, std::sync::Arc::new(wharf_transport::HttpExchange::new()));
    #[cfg(feature = "fs")]
    let registry = registry.with(wharf_local::LocalFactory);
    registry.with(MemoryFactory)
}

#[cfg(any(feature = "filescom", feature = "mft"))]
fn services(
    registry: Registry,
    exchange: std::sync::Arc<dyn wharf_transport::Exchange>,
) -> Registry {
    #[cfg(feature = "filescom")]
    let registry = registry.with(wharf_filescom::FilesComFactory::new(exchange.clone()));
    #[cfg(feature = "mft")]
    let registry = registry.with(wharf_mft::MftFactory::new(exchange));
    registry
}
