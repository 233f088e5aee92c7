//! Who may use the sandbox: Files.com keys, and the users of both services.

use std::fmt;

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
#[derive(Debug)]
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
    fn a_user_needs_their_own_password() {
        let accounts = Accounts::default();
        assert!(accounts.user("admin", "AdminPassword51c7").is_some());
        assert!(accounts.user("Admin", "PartnerPassword84e2").is_none());
        assert!(accounts.user("Nobody", "").is_none());
    }
}
