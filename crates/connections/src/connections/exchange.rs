//! Connections on their way to another machine.

use wharf_connector::Result;
use wharf_connector::secrecy::{ExposeSecret, SecretString};

use super::Connections;
use crate::connection::Connection;
use crate::document::Document;
use crate::reference::Reference;
use crate::vault::{Key, seal, unseal};

impl Connections {
    /// The text of these connections without secrets: where one is kept by us, the text says
    /// that it is to be asked for.
    pub fn export(&self, connections: &[Connection]) -> String {
        exported(connections, |reference| match reference.is_kept_by_us() {
            true => Ok(Reference::Missing),
            false => Ok(reference.clone()),
        })
        .unwrap_or_default()
    }

    /// The same with the secrets that are kept by us, in the clear: to be sealed at once, with
    /// [`seal_export`].
    ///
    /// # Errors
    ///
    /// Whatever keeps a secret from being fetched.
    pub fn export_with_secrets(&self, connections: &[Connection]) -> Result<SecretString> {
        let text = exported(connections, |reference| match reference.is_kept_by_us() {
            true => Ok(Reference::Plain(self.secret(reference)?)),
            false => Ok(reference.clone()),
        });
        text.map(Into::into)
    }
}

/// Locks an export with a passphrase, in the format of age.
///
/// # Errors
///
/// `Unauthenticated` for an empty passphrase, `Unsupported` in builds without a vault.
pub fn seal_export(text: &SecretString, passphrase: SecretString) -> Result<Vec<u8>> {
    seal(text, &Key::passphrase(passphrase)?)
}

/// Opens what [`seal_export`] locked.
///
/// # Errors
///
/// `Unauthenticated` for a wrong passphrase, `Corrupted` for a damaged file.
pub fn unseal_export(sealed: &[u8], passphrase: SecretString) -> Result<SecretString> {
    unseal(sealed, &Key::passphrase(passphrase)?)
}

/// The connections in the text of an export.
///
/// # Errors
///
/// `Invalid` for a text that cannot be understood.
pub fn read_exported(text: &SecretString) -> Result<Vec<Connection>> {
    let document = Document::read(text.expose_secret())?;
    let find = |name: String| document.find(&name).transpose();
    document.names().into_iter().filter_map(find).collect()
}

fn exported(
    connections: &[Connection],
    reference: impl Fn(&Reference) -> Result<Reference>,
) -> Result<String> {
    let mut document = Document::begun();
    for connection in connections {
        let mut connection = connection.clone();
        connection.last_test = None;
        connection.untested = false;
        for secret in connection.secrets.values_mut() {
            *secret = reference(secret)?;
        }
        document.put(&connection);
    }
    Ok(document.text())
}
