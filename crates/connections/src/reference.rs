//! Where a secret is: what a connection holds in its place.

use std::fmt;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use wharf_connector::secrecy::{ExposeSecret, SecretString};
use wharf_connector::{Error, ErrorKind, Result};

/// Where a secret is.
///
/// Written as a word, a colon and the place: `keyring:acme/api_key`, `vault:acme/api_key`,
/// `env:ACME_KEY`, `file:/run/secrets/acme`, `command:pass show acme`. Neither `Display` nor
/// `Debug` shows the secret of a `plain:` one.
///
/// ```
/// use wharf_connections::Reference;
///
/// let reference: Reference = "env:ACME_KEY".parse()?;
/// assert_eq!(reference.to_string(), "env:ACME_KEY");
/// assert!("ACME_KEY".parse::<Reference>().is_err());
/// # Ok::<(), wharf_connector::Error>(())
/// ```
#[derive(Clone)]
#[non_exhaustive]
pub enum Reference {
    /// An entry of the operating system's keyring.
    Keyring(String),
    /// An entry of the encrypted vault.
    Vault(String),
    /// An environment variable.
    Variable(String),
    /// A file that only its owner can read.
    File(PathBuf),
    /// The first line that a shell command prints.
    Command(String),
    /// The secret itself, in the clear.
    Plain(SecretString),
    /// Nowhere yet: an exported connection, whose secret is asked for when it is imported.
    Missing,
}

impl Reference {
    /// The word before the colon.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Keyring(_) => KEYRING,
            Self::Vault(_) => VAULT,
            Self::Variable(_) => VARIABLE,
            Self::File(_) => FILE,
            Self::Command(_) => COMMAND,
            Self::Plain(_) => PLAIN,
            Self::Missing => MISSING,
        }
    }

    /// Whether the secret lies in a store of ours, so that it can be replaced and deleted.
    pub fn is_kept_by_us(&self) -> bool {
        matches!(self, Self::Keyring(_) | Self::Vault(_) | Self::Plain(_))
    }

    /// Where the secret is, for people.
    pub fn described(&self) -> String {
        match self {
            Self::Keyring(entry) => format!("in the keyring of this system, as wharf {entry}"),
            Self::Vault(entry) => format!("in the vault, encrypted, as {entry}"),
            Self::Variable(name) => format!("in the environment variable {name}"),
            Self::File(path) => format!("in the file {}", path.display()),
            Self::Command(line) => format!("printed by the command {line}"),
            Self::Plain(_) => "in the connections file, NOT ENCRYPTED".to_owned(),
            Self::Missing => "nowhere yet".to_owned(),
        }
    }

    /// The text for the connections file. It holds the secret of a `plain:` reference.
    pub(crate) fn written(&self) -> String {
        match self {
            Self::Plain(secret) => format!("{PLAIN}:{}", secret.expose_secret()),
            other => other.to_string(),
        }
    }
}

impl FromStr for Reference {
    type Err = Error;

    /// The message never repeats the text: it may be a secret in the wrong place.
    fn from_str(text: &str) -> Result<Self> {
        let (kind, rest) = text.split_once(':').unwrap_or(("", ""));
        let rest_text = || rest.to_owned();
        match kind {
            MISSING => Ok(Self::Missing),
            _ if rest.is_empty() => Err(not_a_reference()),
            KEYRING => Ok(Self::Keyring(rest_text())),
            VAULT => Ok(Self::Vault(rest_text())),
            VARIABLE if is_variable(rest) => Ok(Self::Variable(rest_text())),
            FILE => Ok(Self::File(Path::new(rest).to_owned())),
            COMMAND => Ok(Self::Command(rest_text())),
            PLAIN => Ok(Self::Plain(rest.into())),
            _ => Err(not_a_reference()),
        }
    }
}

impl fmt::Display for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Keyring(rest) | Self::Vault(rest) => write!(f, "{}:{rest}", self.kind()),
            Self::Variable(rest) | Self::Command(rest) => write!(f, "{}:{rest}", self.kind()),
            Self::File(path) => write!(f, "{FILE}:{}", path.display()),
            Self::Plain(_) => write!(f, "{PLAIN}:[hidden]"),
            Self::Missing => write!(f, "{MISSING}:"),
        }
    }
}

impl fmt::Debug for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl PartialEq for Reference {
    fn eq(&self, other: &Self) -> bool {
        self.written() == other.written()
    }
}

impl Eq for Reference {}

fn is_variable(name: &str) -> bool {
    name.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '_')
}

fn not_a_reference() -> Error {
    Error::new(ErrorKind::Invalid, "this does not say where a secret is").with_remedy(
        "Write keyring:ENTRY, vault:ENTRY, env:VARIABLE, file:PATH or command:LINE, and never \
         the secret itself. If a secret stood there, renew it.",
    )
}

const KEYRING: &str = "keyring";
const VAULT: &str = "vault";
const VARIABLE: &str = "env";
const FILE: &str = "file";
const COMMAND: &str = "command";
const PLAIN: &str = "plain";
const MISSING: &str = "ask";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_read_is_written_again() {
        for text in [
            "keyring:acme/api_key",
            "vault:acme/api_key",
            "env:ACME_KEY",
            "file:/run/secrets/a b",
            "command:pass show acme | head -1",
            "plain:a:b=c",
            "ask:",
        ] {
            let reference: Reference = text.parse().unwrap();
            assert_eq!(reference.written(), text);
        }
    }

    #[test]
    fn no_message_and_no_print_repeats_a_secret() {
        let plain: Reference = "plain:hunter2".parse().unwrap();
        assert!(!format!("{plain} {plain:?} {}", plain.described()).contains("hunter2"));
        for text in ["hunter2", "hunter2:", ":hunter2", "env:", "env:hunter2!", "vault:", ""] {
            let error = text.parse::<Reference>().unwrap_err();
            assert!(!format!("{error} {error:?}").contains("hunter2"), "{text}");
        }
    }
}
