//! Fetching secrets, keeping them, replacing them and letting go of them.

use std::fmt;

use wharf_connector::secrecy::SecretString;
use wharf_connector::{Error, Result};

use super::{Connections, not_here};
use crate::environment::CONNECTION;
use crate::failure::no_secret;
use crate::reference::Reference;
use crate::secret::{printed_by, secret_file};

/// Where a secret can be kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Store {
    /// The keyring of the operating system.
    Keyring,
    /// The encrypted vault.
    Vault,
    /// The connections file, as it is: whoever reads the file has the secret.
    Unencrypted,
}

impl Connections {
    /// The secret that a reference leads to.
    ///
    /// # Errors
    ///
    /// `Unauthenticated` where it is not, or where the vault does not open; `Unsupported`
    /// without a keyring; `Invalid` for a file that is open to others.
    pub fn secret(&self, reference: &Reference) -> Result<SecretString> {
        match reference {
            Reference::Keyring(entry) => self.keyring.get(entry),
            Reference::Vault(entry) => self.with_vault(|entries| entries.get(entry)),
            Reference::Variable(name) => {
                self.environment.text(name)?.map(Into::into).ok_or_else(|| {
                    let message = format!("the variable {name} is not set");
                    no_secret(message, format!("Set {name} to the secret."))
                })
            }
            Reference::File(path) => secret_file(path),
            Reference::Command(line) => printed_by(line, &self.environment.names(CONNECTION)),
            Reference::Plain(secret) => Ok(secret.clone()),
            Reference::Missing => Err(not_here(reference)),
        }
    }

    /// Where a new secret is best kept: in the keyring, or where there is none in the vault;
    /// then the reason is told too.
    pub fn best_store(&self) -> (Store, Option<Error>) {
        match self.keyring.available() {
            Ok(()) => (Store::Keyring, None),
            Err(error) => (Store::Vault, Some(error)),
        }
    }

    /// Whether the keyring of this system can be used.
    ///
    /// # Errors
    ///
    /// `Unsupported`, with the reason, when it cannot.
    pub fn check_keyring(&self) -> Result<()> {
        self.keyring.available()
    }

    /// Makes sure that a store can take a secret, before anything depends on it.
    ///
    /// # Errors
    ///
    /// Whatever keeps the store from being used.
    pub fn prepare(&self, store: Store) -> Result<()> {
        match store {
            Store::Keyring => self.keyring.available(),
            Store::Vault => self.unlock_vault(),
            Store::Unencrypted => Ok(()),
        }
    }

    /// Keeps a new secret, under a name that nothing else has.
    ///
    /// # Errors
    ///
    /// Whatever keeps the store from being used; then nothing has changed.
    pub fn keep(
        &self,
        store: Store,
        connection: &str,
        setting: &str,
        secret: &SecretString,
    ) -> Result<Reference> {
        let entries = (1..).map(|number: u32| match number {
            1 => format!("{connection}/{setting}"),
            number => format!("{connection}-{number}/{setting}"),
        });
        match store {
            Store::Keyring => {
                for entry in entries {
                    if !self.keyring.contains(&entry)? {
                        self.keyring.set(&entry, secret)?;
                        return Ok(Reference::Keyring(entry));
                    }
                }
                Err(not_here(&Reference::Missing))
            }
            Store::Vault => {
                let mut kept = String::new();
                self.change_vault(|vault| {
                    let mut free = entries.filter(|entry| !vault.contains(entry));
                    kept = free.next().unwrap_or_default();
                    vault.set(&kept, secret);
                })?;
                Ok(Reference::Vault(kept))
            }
            Store::Unencrypted => Ok(Reference::Plain(secret.clone())),
        }
    }

    /// Writes a secret over the one that a reference leads to, of which nothing is left. What
    /// comes back is the reference to hold from now on.
    ///
    /// # Errors
    ///
    /// `Invalid` where the secret is not kept by us: in a variable, a file, a command; and
    /// whatever keeps the store from being used.
    pub fn replace(&self, reference: &Reference, secret: &SecretString) -> Result<Reference> {
        match reference {
            Reference::Keyring(entry) => self.keyring.set(entry, secret)?,
            Reference::Vault(entry) => self.change_vault(|vault| vault.set(entry, secret))?,
            Reference::Plain(_) => return Ok(Reference::Plain(secret.clone())),
            elsewhere => return Err(not_ours(elsewhere)),
        }
        Ok(reference.clone())
    }

    /// Deletes the secret that a reference leads to, if it is kept by us. Says whether it was.
    ///
    /// # Errors
    ///
    /// Whatever keeps the store from being used; then the secret is still there.
    pub fn forget(&self, reference: &Reference) -> Result<bool> {
        match reference {
            Reference::Keyring(entry) => self.keyring.remove(entry).map(|()| true),
            Reference::Vault(entry) => {
                if !self.with_vault(|vault| Ok(vault.contains(entry)))? {
                    return Ok(false);
                }
                self.change_vault(|vault| {
                    vault.remove(entry);
                })?;
                Ok(true)
            }
            Reference::Plain(_) => Ok(true),
            _ => Ok(false),
        }
    }
}

impl fmt::Display for Store {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Keyring => "the keyring of this system",
            Self::Vault => "the vault",
            Self::Unencrypted => "the connections file, unencrypted",
        })
    }
}

fn not_ours(reference: &Reference) -> Error {
    crate::failure::invalid(
        format!("the secret is {}, where wharf does not write", reference.described()),
        "Replace it there, then run: wharf connection test NAME. Or have it kept by wharf from \
         now on, with --store.",
    )
}
