//! Who may use the sandbox: Files.com keys, and the users of both services.

use std::fmt;

use serde::{Deserialize, Serialize};

/// The Files.com API keys of the sandbox, one of each kind. Letters and digits only.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Keys {
    /// A site-wide key: may do everything.
    pub full: String,
    /// May list and read everything, and write nothing.
    pub read_only: String,
    /// Sees and changes only what lies in `vendor/acme`; all else is hidden from it.
    pub restricted: String,
    /// Was good until the start of 2026.
    pub expired: String,
    /// Was good once.
    pub revoked: String,
}

/// A user with a password. Both services know the same users.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct User {
    /// The name to sign in with.
    pub name: String,
    /// The password.
    pub password: String,
}

/// The accounts of one sandbox.
#[derive(Debug, Clone)]
pub(crate) struct Accounts {
    keys: Keys,
    users: Vec<User>,
}

impl Accounts {
    pub(crate) fn keys(&self) -> &Keys {
        &self.keys
    }

    pub(crate) fn users(&self) -> &[User] {
        &self.users
    }

    /// The user of this name, if the password is theirs too. Names ignore case.
    pub(crate) fn user(&self, name: &str, password: &str) -> Option<&User> {
        self.users
            .iter()
            .find(|user| user.name.eq_ignore_ascii_case(name) && user.password == password)
    }
}

/// The accounts as they are kept on disk. `Keys` and `User` themselves cannot be written: they are
/// public, and hold secrets.
#[derive(Serialize, Deserialize)]
struct Written {
    keys: [String; 5],
    users: Vec<(String, String)>,
}

impl Serialize for Accounts {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Keys { full, read_only, restricted, expired, revoked } = self.keys.clone();
        let users = self.users.iter().map(|user| (user.name.clone(), user.password.clone()));
        let keys = [full, read_only, restricted, expired, revoked];
        Written { keys, users: users.collect() }.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Accounts {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let Written { keys, users } = Written::deserialize(deserializer)?;
        let [full, read_only, restricted, expired, revoked] = keys;
        let users = users.into_iter().map(|(name, password)| User { name, password });
        let keys = Keys { full, read_only, restricted, expired, revoked };
        Ok(Self { keys, users: users.collect() })
    }
}

impl Default for Accounts {
    fn default() -> Self {
        let user = |name: &str, password: &str| User {
            name: name.to_owned(),
            password: password.to_owned(),
        };
        Self {
            keys: Keys {
                full: "FullKey7f3a9c2e51b84d60a1c9".to_owned(),
                read_only: "ReadOnlyKey4be07d913c6a52f8".to_owned(),
                restricted: "RestrictedKey91d5e07b3f2c68".to_owned(),
                expired: "ExpiredKey5c08a7e41d92b36f0".to_owned(),
                revoked: "RevokedKey2e6b90f7d4a13c85b".to_owned(),
            },
            users: vec![user("Admin", "AdminPassword51c7"), user("Partner", "PartnerPassword84e2")],
        }
    }
}

impl fmt::Debug for Keys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Keys").finish_non_exhaustive()
    }
}

impl fmt::Debug for User {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("User").field("name", &self.name).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_shows_no_secret() {
        let accounts = Accounts::default();
        let shown = format!("{accounts:?}");
        let keys = accounts.keys();
        for secret in [&keys.full, &keys.revoked, &accounts.users()[0].password] {
            assert!(!shown.contains(secret.as_str()), "{shown}");
            assert!(secret.chars().all(|letter| letter.is_ascii_alphanumeric()));
        }
        assert!(shown.contains("Admin"));
    }

    #[test]
    fn accounts_are_read_as_they_were_written() {
        let accounts = Accounts::default();
        let text = serde_json::to_string(&accounts).unwrap();
        let read: Accounts = serde_json::from_str(&text).unwrap();
        assert!(read.keys() == accounts.keys() && read.users() == accounts.users());
    }

    #[test]
    fn a_user_needs_their_own_password() {
        let accounts = Accounts::default();
        assert!(accounts.user("admin", "AdminPassword51c7").is_some());
        assert!(accounts.user("Admin", "PartnerPassword84e2").is_none());
        assert!(accounts.user("Nobody", "").is_none());
    }
}
