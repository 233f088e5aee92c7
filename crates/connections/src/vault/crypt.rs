//! The format of age: locked by a passphrase, or for identities.

use std::fmt;
use std::path::Path;

use age::{Decryptor, Encryptor, Identity, Recipient, scrypt, x25519};
use wharf_connector::secrecy::{ExposeSecret, SecretString};
use wharf_connector::{Error, ErrorKind, Result};

use crate::failure::{invalid, no_secret};

/// What opens a vault, and locks it again.
#[derive(Clone)]
pub(crate) enum Key {
    Passphrase(SecretString),
    Identities(Vec<x25519::Identity>),
}

/// How a vault is locked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Lid {
    Passphrase,
    Identity,
}

impl Key {
    /// A passphrase that a person made up.
    pub(crate) fn passphrase(passphrase: SecretString) -> Result<Self> {
        if passphrase.expose_secret().is_empty() {
            return Err(no_secret("the passphrase of the vault is empty", "Give one."));
        }
        Ok(Self::Passphrase(passphrase))
    }

    /// What `age-keygen` writes: one identity a line, comments between.
    pub(crate) fn identities(path: &Path, text: &SecretString) -> Result<Self> {
        let lines = text.expose_secret().lines().map(str::trim).enumerate();
        let lines = lines.filter(|(_, line)| !line.is_empty() && !line.starts_with('#'));
        let identity = |(number, line): (usize, &str)| {
            line.parse::<x25519::Identity>().map_err(|_| {
                let place = format!("line {} of {}", number + 1, path.display());
                invalid(
                    format!("{place} is no age identity"),
                    "Make an identity file with: age-keygen -o FILE. Those of plug-ins and of \
                     SSH do not open the vault.",
                )
            })
        };
        let identities: Vec<_> = lines.map(identity).collect::<Result<_>>()?;
        if identities.is_empty() {
            let message = format!("there is no age identity in {}", path.display());
            return Err(invalid(message, "Make one with: age-keygen -o FILE."));
        }
        Ok(Self::Identities(identities))
    }

    pub(crate) fn lid(&self) -> Lid {
        match self {
            Self::Passphrase(_) => Lid::Passphrase,
            Self::Identities(_) => Lid::Identity,
        }
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.lid().fmt(f)
    }
}

impl Lid {
    /// How a vault is locked, by its first lines.
    pub(crate) fn of(sealed: &[u8]) -> Result<Self> {
        let decryptor = open(sealed)?;
        Ok(if decryptor.is_scrypt() { Self::Passphrase } else { Self::Identity })
    }
}

/// Opens a vault.
pub(crate) fn unseal(sealed: &[u8], key: &Key) -> Result<SecretString> {
    let decryptor = open(sealed)?;
    let stream = match key {
        Key::Passphrase(passphrase) => {
            let mut identity = scrypt::Identity::new(passphrase.clone());
            identity.set_max_work_factor(STRONGEST);
            decryptor.decrypt(std::iter::once(&identity as &dyn Identity))
        }
        Key::Identities(identities) => {
            decryptor.decrypt(identities.iter().map(|identity| identity as &dyn Identity))
        }
    };
    let mut text = String::new();
    let stream = stream.map_err(|error| refused(&error, key))?;
    // Armored or not, only a whole file opens: the last piece is marked.
    let mut stream = std::io::Read::take(stream, LARGEST);
    std::io::Read::read_to_string(&mut stream, &mut text).map_err(|_| damaged())?;
    Ok(text.into())
}

/// Locks a vault.
pub(crate) fn seal(text: &SecretString, key: &Key) -> Result<Vec<u8>> {
    let recipients: Vec<Box<dyn Recipient>> = match key {
        Key::Passphrase(passphrase) => {
            let mut recipient = scrypt::Recipient::new(passphrase.clone());
            recipient.set_work_factor(WORK);
            vec![Box::new(recipient)]
        }
        Key::Identities(identities) => {
            let public = identities.iter().map(|identity| Box::new(identity.to_public()) as _);
            public.collect()
        }
    };
    let failed = |error: &dyn fmt::Display| {
        Error::new(ErrorKind::Other, format!("the vault cannot be locked: {error}"))
    };
    let mut sealed = Vec::new();
    let encryptor = Encryptor::with_recipients(recipients.iter().map(|recipient| &**recipient))
        .map_err(|error| failed(&error))?;
    let armored =
        age::armor::ArmoredWriter::wrap_output(&mut sealed, age::armor::Format::AsciiArmor);
    let armored = armored.map_err(|error| failed(&error))?;
    let mut stream = encryptor.wrap_output(armored).map_err(|error| failed(&error))?;
    std::io::Write::write_all(&mut stream, text.expose_secret().as_bytes())
        .and_then(|()| stream.finish())
        .and_then(|armored| armored.finish())
        .map_err(|error| failed(&error))?;
    Ok(sealed)
}

fn open(sealed: &[u8]) -> Result<Decryptor<age::armor::ArmoredReader<std::io::BufReader<&[u8]>>>> {
    Decryptor::new_buffered(age::armor::ArmoredReader::new(sealed)).map_err(|_| damaged())
}

fn refused(error: &age::DecryptError, key: &Key) -> Error {
    use age::DecryptError::{DecryptionFailed, ExcessiveWork, KeyDecryptionFailed, NoMatchingKeys};
    match (error, key) {
        (ExcessiveWork { .. }, _) => invalid(
            "the vault asks for more work than is sensible to try a passphrase",
            "Whoever made it chose a work factor above 22; encrypt it again with another.",
        ),
        (DecryptionFailed | KeyDecryptionFailed | NoMatchingKeys, Key::Passphrase(_)) => {
            no_secret("the passphrase does not open the vault", "Try again. Nothing was changed.")
        }
        (DecryptionFailed | KeyDecryptionFailed | NoMatchingKeys, Key::Identities(_)) => no_secret(
            "the identity file does not open the vault",
            "Give the identity file for which the vault was made, or its passphrase. Nothing \
             was changed.",
        ),
        _ => damaged(),
    }
}

fn damaged() -> Error {
    Error::new(ErrorKind::Corrupted, "the vault is damaged, or no file of age at all")
        .with_remedy("Bring it back from a backup, or put it aside and give the secrets again.")
}

/// The exponent of what a guess costs: 128 MiB and some tenths of a second. Tests have no time
/// for that.
const WORK: u8 = if cfg!(test) { 10 } else { 17 };
/// What `age` itself is willing to do.
const STRONGEST: u8 = 22;
const LARGEST: u64 = 16 * 1024 * 1024;

#[cfg(test)]
mod tests {
    use super::*;

    fn passphrase(text: &str) -> Key {
        Key::passphrase(text.into()).unwrap()
    }

    fn identity(identity: &x25519::Identity) -> Key {
        let text = format!("# created\n\n{}\n", identity.to_string().expose_secret());
        Key::identities(Path::new("key.txt"), &text.into()).unwrap()
    }

    #[test]
    fn only_its_own_key_opens_a_vault() {
        let (one, other) = (x25519::Identity::generate(), x25519::Identity::generate());
        for (key, wrong, lid) in [
            (passphrase("right"), passphrase("wrong"), Lid::Passphrase),
            (identity(&one), identity(&other), Lid::Identity),
        ] {
            let sealed = seal(&"the secrets".into(), &key).unwrap();
            assert_eq!(Lid::of(&sealed).unwrap(), lid);
            assert_eq!(unseal(&sealed, &key).unwrap().expose_secret(), "the secrets");
            let error = unseal(&sealed, &wrong).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Unauthenticated, "{error}");
            let cut = sealed.len() / 2;
            let error = unseal(&sealed[..cut], &key).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Corrupted, "{error}");
        }
    }

    #[test]
    fn what_is_no_vault_and_no_identity_is_refused() {
        assert_eq!(Lid::of(b"hunter2").unwrap_err().kind(), ErrorKind::Corrupted);
        for text in ["", "# nothing", "AGE-SECRET-KEY-1HUNTER2"] {
            let error = Key::identities(Path::new("key.txt"), &text.into()).unwrap_err();
            assert!(!format!("{error:?}").contains("HUNTER2"), "{error:?}");
        }
        assert!(Key::passphrase("".into()).is_err());
    }
}
