//! Where a new secret is to be kept.

use clap::ValueEnum;
use wharf::connections::Store;
use wharf::connector::Error;

use crate::context::Context;
use crate::failure::Result;
use crate::warning;

#[derive(Debug, clap::Args)]
pub(super) struct Keeping {
    /// Where to keep a new secret; the keyring if there is one, else the vault
    #[arg(long, value_enum, value_name = "WHERE")]
    store: Option<Name>,

    /// Write the secret into connections.toml as it is, NOT ENCRYPTED: whoever reads that file
    /// or a copy of it has the secret
    #[arg(long, conflicts_with = "store")]
    store_unencrypted: bool,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Name {
    /// The keyring of this system
    Keyring,
    /// A file encrypted with age
    Vault,
}

impl Keeping {
    /// Whether a person said where.
    pub(super) fn is_said(&self) -> bool {
        self.store.is_some() || self.store_unencrypted
    }

    /// The store, made sure of before anything depends on it. That there is no keyring is said,
    /// never passed over.
    pub(super) fn chosen(&self, context: &Context) -> Result<Store> {
        let connections = context.accounts.connections()?;
        let store = match self.store {
            _ if self.store_unencrypted => Store::Unencrypted,
            Some(Name::Keyring) => Store::Keyring,
            Some(Name::Vault) => Store::Vault,
            None => {
                let (store, reason) = connections.best_store();
                if let Some(reason) = reason {
                    say_so(&reason, context);
                }
                store
            }
        };
        connections.prepare(store)?;
        Ok(store)
    }
}

fn say_so(reason: &Error, context: &Context) {
    let reason = reason.message();
    let vault = context.accounts.connections().map(|known| known.vault().display().to_string());
    let vault = vault.unwrap_or_default();
    warning::show(&format!("{reason}; the secret goes into the vault {vault}"), None, context.json);
}
