//! The keyring of the operating system: Secret Service (GNOME Keyring, KWallet, KeePassXC),
//! Keychain, Credential Manager.

use wharf_connector::secrecy::SecretString;
use wharf_connector::{Error, ErrorKind, Result};

#[cfg(feature = "keyring")]
mod platform;

/// The keyring, reached when it is first needed.
#[derive(Debug, Clone, Default)]
pub(crate) struct Keyring {
    #[cfg(all(test, feature = "keyring"))]
    pub(crate) stand_in: Option<std::sync::Arc<keyring_core::CredentialStore>>,
}

#[cfg(feature = "keyring")]
impl Keyring {
    /// Whether there is one that keeps what it is given.
    pub(crate) fn available(&self) -> Result<()> {
        match self.entry("probe")?.get_password() {
            Ok(_) | Err(keyring_core::Error::NoEntry) => Ok(()),
            Err(error) => Err(unusable(&error)),
        }
    }

    pub(crate) fn get(&self, name: &str) -> Result<SecretString> {
        match self.entry(name)?.get_password() {
            Ok(secret) => Ok(secret.into()),
            Err(keyring_core::Error::NoEntry) => Err(missing(name)),
            Err(error) => Err(unusable(&error)),
        }
    }

    pub(crate) fn contains(&self, name: &str) -> Result<bool> {
        match self.entry(name)?.get_password() {
            Ok(_) => Ok(true),
            Err(keyring_core::Error::NoEntry) => Ok(false),
            Err(error) => Err(unusable(&error)),
        }
    }

    pub(crate) fn set(&self, name: &str, secret: &SecretString) -> Result<()> {
        use wharf_connector::secrecy::ExposeSecret;
        let set = self.entry(name)?.set_password(secret.expose_secret());
        set.map_err(|error| unusable(&error))
    }

    pub(crate) fn remove(&self, name: &str) -> Result<()> {
        match self.entry(name)?.delete_credential() {
            Ok(()) | Err(keyring_core::Error::NoEntry) => Ok(()),
            Err(error) => Err(unusable(&error)),
        }
    }

    fn entry(&self, name: &str) -> Result<keyring_core::Entry> {
        #[cfg(test)]
        if let Some(store) = &self.stand_in {
            return store.build(SERVICE, name, None).map_err(|error| unusable(&error));
        }
        let store = platform::store().map_err(|error| unusable(&error))?;
        store.build(SERVICE, name, None).map_err(|error| unusable(&error))
    }
}

#[cfg(feature = "keyring")]
fn unusable(error: &keyring_core::Error) -> Error {
    // Some of these carry what they found; only what the system said is repeated.
    let what = match error {
        keyring_core::Error::PlatformFailure(error)
        | keyring_core::Error::NoStorageAccess(error) => plainly(innermost(&**error)),
        keyring_core::Error::NotSupportedByStore(what) => what.clone(),
        keyring_core::Error::Ambiguous(_) => "several entries have the same name".to_owned(),
        _ => "its answer makes no sense".to_owned(),
    };
    let message = format!("the keyring of this system cannot be used: {what}");
    Error::new(ErrorKind::Unsupported, message).with_remedy(
        "Unlock it, or start a session that has one. Without one, keep secrets in the vault \
         (--store vault), or refer to a file, a variable or a command.",
    )
}

#[cfg(feature = "keyring")]
fn innermost(error: &(dyn std::error::Error + 'static)) -> String {
    let mut last = error;
    while let Some(cause) = last.source() {
        last = cause;
    }
    last.to_string()
}

/// What the D-Bus library says where there is no session.
#[cfg(feature = "keyring")]
fn plainly(said: String) -> String {
    match said.contains("DBUS_SESSION_BUS_ADDRESS") {
        true => "there is no session bus".to_owned(),
        false => said,
    }
}

#[cfg(feature = "keyring")]
fn missing(name: &str) -> Error {
    Error::new(ErrorKind::Unauthenticated, format!("the keyring has no entry {name}"))
        .with_remedy("Give the secret again: wharf connection rotate NAME.")
}

#[cfg(feature = "keyring")]
const SERVICE: &str = "wharf";

#[cfg(not(feature = "keyring"))]
impl Keyring {
    pub(crate) fn available(&self) -> Result<()> {
        Err(left_out())
    }

    pub(crate) fn get(&self, _: &str) -> Result<SecretString> {
        Err(left_out())
    }

    pub(crate) fn contains(&self, _: &str) -> Result<bool> {
        Err(left_out())
    }

    pub(crate) fn set(&self, _: &str, _: &SecretString) -> Result<()> {
        Err(left_out())
    }

    pub(crate) fn remove(&self, _: &str) -> Result<()> {
        Err(left_out())
    }
}

#[cfg(not(feature = "keyring"))]
fn left_out() -> Error {
    Error::new(ErrorKind::Unsupported, "this build has no access to keyrings")
        .with_remedy("Build it with the feature `keyring`, or keep the secret elsewhere.")
}

#[cfg(all(test, feature = "keyring"))]
mod tests {
    use super::*;
    use wharf_connector::secrecy::ExposeSecret;

    #[test]
    fn what_is_set_is_there_until_it_is_removed() {
        let keyring = Keyring { stand_in: Some(keyring_core::mock::Store::new().unwrap()) };
        keyring.available().unwrap();
        assert!(!keyring.contains("acme/api_key").unwrap());
        assert_eq!(keyring.get("acme/api_key").unwrap_err().kind(), ErrorKind::Unauthenticated);
        for secret in ["one", "two"] {
            keyring.set("acme/api_key", &secret.into()).unwrap();
            assert_eq!(keyring.get("acme/api_key").unwrap().expose_secret(), secret);
        }
        keyring.remove("acme/api_key").unwrap();
        keyring.remove("acme/api_key").unwrap();
        assert!(!keyring.contains("acme/api_key").unwrap());
    }

    #[test]
    fn a_failure_does_not_repeat_what_it_found() {
        let error = unusable(&keyring_core::Error::BadEncoding(b"hunter2".to_vec()));
        assert!(!format!("{error:?} {error}").contains("hunter2"));
        assert!(error.remedy().unwrap().contains("--store vault"), "{error:?}");
    }
}
