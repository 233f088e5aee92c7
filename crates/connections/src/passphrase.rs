//! Whoever is asked for the passphrase of the vault.

use std::fmt;
use std::path::Path;

use wharf_connector::Result;
use wharf_connector::secrecy::SecretString;

/// Asks a person for the passphrase of the vault. Libraries ask nobody; a program brings this.
pub trait AskPassphrase: fmt::Debug + Send + Sync {
    /// The passphrase of the vault in this file.
    ///
    /// For a vault that is about to be made the program asks twice, and compares.
    ///
    /// # Errors
    ///
    /// Whatever keeps the person from answering.
    fn passphrase(&self, vault: &Path, occasion: Occasion) -> Result<SecretString>;
}

/// Why a passphrase is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Occasion {
    /// There is a vault, and it is to be opened.
    Open,
    /// There is none yet, and one is to be made.
    Make,
}
