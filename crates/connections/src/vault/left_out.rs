//! A build without a vault.

use std::path::Path;

use wharf_connector::secrecy::SecretString;
use wharf_connector::{Error, ErrorKind, Result};

/// What opens a vault: nothing, here.
#[derive(Debug, Clone)]
pub(crate) enum Key {}

/// How a vault is locked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Lid {
    #[allow(dead_code, reason = "made in builds with a vault")]
    Passphrase,
    #[allow(dead_code, reason = "made in builds with a vault")]
    Identity,
}

impl Key {
    pub(crate) fn passphrase(_: SecretString) -> Result<Self> {
        Err(left_out())
    }

    pub(crate) fn identities(_: &Path, _: &SecretString) -> Result<Self> {
        Err(left_out())
    }
}

impl Lid {
    pub(crate) fn of(_: &[u8]) -> Result<Self> {
        Err(left_out())
    }
}

pub(crate) fn unseal(_: &[u8], key: &Key) -> Result<SecretString> {
    match *key {}
}

pub(crate) fn seal(_: &SecretString, key: &Key) -> Result<Vec<u8>> {
    match *key {}
}

fn left_out() -> Error {
    Error::new(ErrorKind::Unsupported, "this build has no vault")
        .with_remedy("Build it with the feature `vault`, or keep the secret elsewhere.")
}
