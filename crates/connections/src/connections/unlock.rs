//! Opening the vault, once for a command, and changing it.

use std::path::PathBuf;
use std::sync::PoisonError;

use wharf_connector::secrecy::SecretString;
use wharf_connector::{Error, Result};

use super::Connections;
use crate::environment::{VAULT_IDENTITY, VAULT_PASSPHRASE, VAULT_PASSPHRASE_FILE};
use crate::failure::{no_secret, open_to_others};
use crate::folder::{OTHERS, content, replace};
use crate::passphrase::Occasion;
use crate::secret::secret_file;
use crate::vault::{Entries, Key, Lid, seal, unseal};

/// What opened the vault, and what it was like then.
#[derive(Debug)]
pub(crate) struct Opened {
    key: Key,
    sealed: Vec<u8>,
    entries: Entries,
}

/// The vault as it can be told without opening it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum VaultState {
    /// There is none yet.
    Missing,
    /// A passphrase opens it.
    Passphrase,
    /// An identity file opens it.
    Identity,
}

impl Connections {
    /// How the vault is locked, without opening it.
    ///
    /// # Errors
    ///
    /// `Invalid` for a vault that is open to others, `Corrupted` for one that is damaged.
    pub fn vault_state(&self) -> Result<VaultState> {
        Ok(match self.sealed()? {
            None => VaultState::Missing,
            Some(sealed) => match Lid::of(&sealed)? {
                Lid::Passphrase => VaultState::Passphrase,
                Lid::Identity => VaultState::Identity,
            },
        })
    }

    /// The names of the entries of the vault, which is opened for it.
    ///
    /// # Errors
    ///
    /// `Unauthenticated` for a wrong passphrase or identity, or where there is nobody to ask.
    pub fn vault_entries(&self) -> Result<Vec<String>> {
        self.with_vault(|entries| Ok(entries.names()))
    }

    /// Makes sure that the vault can be opened, or made, before anything depends on it.
    ///
    /// # Errors
    ///
    /// As [`vault_entries`](Self::vault_entries).
    pub fn unlock_vault(&self) -> Result<()> {
        self.with_vault(|_| Ok(()))
    }

    /// Looks into the vault. A passphrase is asked for once.
    pub(super) fn with_vault<T>(&self, look: impl FnOnce(&Entries) -> Result<T>) -> Result<T> {
        let mut opened = self.opened.lock().unwrap_or_else(PoisonError::into_inner);
        let sealed = self.sealed()?.unwrap_or_default();
        if let Some(known) = opened.as_ref().filter(|known| known.sealed == sealed) {
            return look(&known.entries);
        }
        let key = match opened.take() {
            Some(known) => known.key,
            None => self.key(&sealed)?,
        };
        let entries = entries(&sealed, &key)?;
        look(&opened.insert(Opened { key, sealed, entries }).entries)
    }

    /// Changes the vault: read, changed and replaced while nobody else may.
    pub(super) fn change_vault(&self, change: impl FnOnce(&mut Entries)) -> Result<()> {
        // Asks for the passphrase, if need be, before others have to wait.
        self.unlock_vault()?;
        let lock = self.folder.lock()?;
        let mut opened = self.opened.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(known) = opened.take() else {
            return Err(no_secret("the vault is locked", "Try again."));
        };
        let mut entries = entries(&self.sealed()?.unwrap_or_default(), &known.key)?;
        change(&mut entries);
        let sealed = seal(&entries.text(), &known.key)?;
        let saved = replace(VAULT, &self.vault(), &sealed, &lock);
        if saved.is_ok() {
            *opened = Some(Opened { key: known.key, sealed, entries });
        }
        saved
    }

    fn sealed(&self) -> Result<Option<Vec<u8>>> {
        let path = self.vault();
        match content(VAULT, &path)? {
            Some((_, mode)) if mode & OTHERS != 0 => Err(open_to_others(VAULT, &path, mode)),
            Some((bytes, _)) => Ok(Some(bytes)),
            None => Ok(None),
        }
    }

    /// What opens the vault; for one that is yet to be made, what shall.
    fn key(&self, sealed: &[u8]) -> Result<Key> {
        let lid = if sealed.is_empty() { None } else { Some(Lid::of(sealed)?) };
        let identity = self.identity_file()?;
        match (lid, identity) {
            (Some(Lid::Identity) | None, Some(path)) => {
                Key::identities(&path, &secret_file(&path)?)
            }
            (Some(Lid::Identity), None) => Err(no_secret(
                "the vault is locked for an identity file, and none is named",
                format!("Set {VAULT_IDENTITY} to the path of the file."),
            )),
            (Some(Lid::Passphrase), _) => Key::passphrase(self.passphrase(Occasion::Open)?),
            (None, None) => Key::passphrase(self.passphrase(Occasion::Make)?),
        }
    }

    /// By the variable, or by `identity` below `[vault]` in the connections file.
    fn identity_file(&self) -> Result<Option<PathBuf>> {
        if let Some(path) = self.environment.path(VAULT_IDENTITY) {
            return Ok(Some(path));
        }
        let document = self.document()?;
        Ok(document.vault_identity().map(|path| self.folder.path().join(path)))
    }

    fn passphrase(&self, occasion: Occasion) -> Result<SecretString> {
        if let Some(passphrase) = self.environment.text(VAULT_PASSPHRASE)? {
            return Ok(passphrase.into());
        }
        if let Some(path) = self.environment.path(VAULT_PASSPHRASE_FILE) {
            return secret_file(&path);
        }
        match &self.ask {
            Some(ask) => ask.passphrase(&self.vault(), occasion),
            None => Err(nobody_to_ask()),
        }
    }
}

fn entries(sealed: &[u8], key: &Key) -> Result<Entries> {
    if sealed.is_empty() {
        return Ok(Entries::default());
    }
    Entries::read(&unseal(sealed, key)?)
}

fn nobody_to_ask() -> Error {
    no_secret(
        "the vault needs its passphrase",
        format!(
            "Set {VAULT_PASSPHRASE_FILE} to a file that holds it and that only you can read, or \
             {VAULT_PASSPHRASE}; or make the vault for an identity file, and set {VAULT_IDENTITY}."
        ),
    )
}

const VAULT: &str = "the vault";
