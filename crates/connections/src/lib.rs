//! Named connections: one for each account, with references to secrets that are kept elsewhere.
//!
//! A connection has a name, a target, settings, a description, and for each secret a
//! [`Reference`]: the operating system's keyring, an encrypted vault, a variable, a file, a
//! command. [`Connections`] reads and changes the file in which they stand, and opens them.
//!
//! ```
//! use wharf_connections::{Connection, Connections, Environment};
//! use wharf_connector::secrecy::ExposeSecret;
//!
//! let folder = tempfile::tempdir()?;
//! let environment = Environment::made_of([("ACME_KEY", "0123abc")]);
//! let connections = Connections::at(folder.path(), environment);
//!
//! let secret = connections.secret(&"env:ACME_KEY".parse()?)?;
//! assert_eq!(secret.expose_secret(), "0123abc");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # In containers
//!
//! No file is needed: a connection can stand in the environment, with references to the files
//! that Docker and Kubernetes mount.
//!
//! ```
//! use wharf_connections::{Connections, Environment};
//! use wharf_connector::{MemoryFactory, Registry};
//!
//! let environment = Environment::made_of([("WHARF_CONNECTION_ACME", "memory:/inbox")]);
//! let connections = Connections::at("/nowhere", environment);
//! let inbox = connections.open("acme", &Registry::new().with(MemoryFactory))?;
//! assert_eq!(inbox.info().scheme, "memory");
//! # Ok::<(), wharf_connector::Error>(())
//! ```
//!
//! A variable `WHARF_CONNECTION_ACME__API_KEY` says where its secret is, such as
//! `file:/run/secrets/acme`; two underscores in a row stand between the name and a setting, and
//! for a dot within one. A connection of the environment comes before one of the file.
//!
//! # What this crate does not do
//!
//! It speaks with no service, and asks nobody: whoever wants a prompt for the passphrase of the
//! vault brings an [`AskPassphrase`]. Copies of a secret that leave it, in the memory of this
//! process, are wiped as far as `secrecy` wipes them; what the TOML parser and the system's
//! keyring client held meanwhile is not.

mod name;
mod reference;

mod connection;

mod connections;

mod environment;
mod passphrase;

mod document;
mod folder;

mod keyring;
mod secret;
mod vault;

mod failure;

pub use connection::{Connection, LastTest};
pub use connections::{
    Connections, Store, VaultState, open_with, read_exported, seal_export, unseal_export,
};
pub use environment::{
    CONFIG_DIR, Environment, VAULT_IDENTITY, VAULT_PASSPHRASE, VAULT_PASSPHRASE_FILE,
};
pub use name::{check_name, looks_like_a_key};
pub use passphrase::{AskPassphrase, Occasion};
pub use reference::Reference;
pub use secret::secret_file;
