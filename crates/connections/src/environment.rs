//! What the environment says: the only place where it is read.
//!
//! In containers a connection needs no file:
//!
//! ```text
//! WHARF_CONNECTION_ACME=filescom://acme.files.com/
//! WHARF_CONNECTION_ACME__API_KEY=file:/run/secrets/acme
//! WHARF_CONNECTION_ACME__PAGE_SIZE=500
//! ```

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fmt;
use std::path::PathBuf;
use std::{env, iter};

use wharf_connector::{Error, ErrorKind, Result};

/// Environment variables: those of the process, or made up ones.
///
/// `Debug` shows no values: some of them are secret.
#[derive(Clone, Default)]
pub struct Environment {
    /// None for those of the process.
    made_up: Option<BTreeMap<String, OsString>>,
}

impl Environment {
    /// The variables of this process.
    pub fn of_process() -> Self {
        Self::default()
    }

    /// These variables and no others, for tests and for applications that keep their own.
    pub fn made_of<N, V>(variables: impl IntoIterator<Item = (N, V)>) -> Self
    where
        N: Into<String>,
        V: Into<OsString>,
    {
        let variables = variables.into_iter().map(|(name, value)| (name.into(), value.into()));
        Self { made_up: Some(variables.collect()) }
    }

    /// A variable, unless it is unset or empty.
    ///
    /// # Errors
    ///
    /// `Invalid` for a value that is not UTF-8.
    pub fn text(&self, name: &str) -> Result<Option<String>> {
        let Some(value) = self.raw(name) else {
            return Ok(None);
        };
        value.into_string().map(Some).map_err(|_| {
            Error::new(ErrorKind::Invalid, format!("the variable {name} is not UTF-8"))
        })
    }

    /// A variable that holds a path, unless it is unset or empty.
    pub fn path(&self, name: &str) -> Option<PathBuf> {
        self.raw(name).map(PathBuf::from)
    }

    fn raw(&self, name: &str) -> Option<OsString> {
        let value = match &self.made_up {
            Some(variables) => variables.get(name).cloned(),
            None => env::var_os(name),
        };
        value.filter(|value| !value.is_empty())
    }

    /// The names of all variables that begin with `prefix`, sorted.
    pub(crate) fn names(&self, prefix: &str) -> Vec<String> {
        let mut names: Vec<String> = match &self.made_up {
            Some(variables) => variables.keys().cloned().collect(),
            None => env::vars_os().filter_map(|(name, _)| name.into_string().ok()).collect(),
        };
        names.retain(|name| name.starts_with(prefix));
        names.sort_unstable();
        names
    }

    /// The folder where this person's programs keep their settings, by the custom of the
    /// platform.
    pub(crate) fn configuration(&self) -> Option<PathBuf> {
        let home = || self.path("HOME").or_else(env::home_dir);
        if cfg!(windows) {
            return self.path("APPDATA");
        }
        if cfg!(target_os = "macos") {
            return Some(home()?.join("Library/Application Support"));
        }
        let configured = self.path("XDG_CONFIG_HOME").filter(|path| path.is_absolute());
        configured.or_else(|| Some(home()?.join(".config")))
    }
}

impl fmt::Debug for Environment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names = self.made_up.iter().flat_map(BTreeMap::keys);
        let process = iter::once("of the process").filter(|_| self.made_up.is_none());
        f.debug_list().entries(process).entries(names).finish()
    }
}

/// The folder of the connections, before the platform's.
pub const CONFIG_DIR: &str = "WHARF_CONFIG_DIR";
/// The passphrase of the vault, for unattended use.
pub const VAULT_PASSPHRASE: &str = "WHARF_VAULT_PASSPHRASE";
/// A file that holds the passphrase of the vault.
pub const VAULT_PASSPHRASE_FILE: &str = "WHARF_VAULT_PASSPHRASE_FILE";
/// A file with age identities that open the vault.
pub const VAULT_IDENTITY: &str = "WHARF_VAULT_IDENTITY";
/// What the variables of connections begin with.
pub(crate) const CONNECTION: &str = "WHARF_CONNECTION_";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn empty_is_unset_and_values_are_not_shown() {
        let environment = Environment::made_of([("A", "hunter2"), ("B", "")]);
        assert_eq!(environment.text("A").unwrap().as_deref(), Some("hunter2"));
        assert_eq!(environment.text("B").unwrap(), None);
        assert_eq!(environment.text("PATH").unwrap(), None);
        assert!(!format!("{environment:?}").contains("hunter2"));
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn settings_lie_where_the_platform_keeps_them() {
        for (variables, want) in [
            (vec![("HOME", "/home/anna")], "/home/anna/.config"),
            (vec![("HOME", "/home/anna"), ("XDG_CONFIG_HOME", "/cfg")], "/cfg"),
            (vec![("HOME", "/home/anna"), ("XDG_CONFIG_HOME", "cfg")], "/home/anna/.config"),
        ] {
            let environment = Environment::made_of(variables);
            assert_eq!(environment.configuration().unwrap(), PathBuf::from(want));
        }
    }
}
