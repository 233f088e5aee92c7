//! A connection on its way into the file.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use wharf::connections::{Connection, LastTest, Reference, Store, looks_like_a_key, open_with};
use wharf::connector::chrono::Utc;
use wharf::connector::secrecy::SecretString;
use wharf::connector::{ConnectionReport, Error, SettingSpec};
use wharf::{Connector, RemotePath};

use crate::account::{Accounts, asking, check_name};
use crate::command::test::examine;
use crate::failure::{Result, invalid};
use crate::setting::Assignment;

/// A connection that is not saved yet, and the secrets that are not kept yet.
pub(super) struct Draft {
    pub(super) connection: Connection,
    pub(super) fresh: BTreeMap<String, SecretString>,
}

impl Draft {
    pub(super) fn of(connection: Connection) -> Self {
        Self { connection, fresh: BTreeMap::new() }
    }

    /// Takes over what `--set` says: settings as they are, secrets to be kept.
    pub(super) fn set(&mut self, accounts: &Accounts, given: &[Assignment]) -> Result<()> {
        let specs = self.specs(accounts)?;
        for given in given {
            let name = given.name();
            check_name(name, specs)?;
            match specs.iter().find(|spec| spec.name == name && spec.secret) {
                Some(spec) => {
                    self.connection.secrets.remove(name);
                    self.fresh.insert(name.to_owned(), given.secret(spec)?);
                }
                None => {
                    let text = given.text()?;
                    refuse_keys(&format!("the value of `{name}`"), &text)?;
                    self.connection.settings.insert(name.to_owned(), text);
                }
            }
        }
        Ok(())
    }

    /// Takes over what `--secret` says: where secrets are that somebody else keeps.
    pub(super) fn refer(&mut self, accounts: &Accounts, given: &[String]) -> Result<()> {
        let specs = self.specs(accounts)?;
        for text in given {
            let (name, place) = text.split_once('=').ok_or_else(no_reference)?;
            check_name(name, specs)?;
            let reference: Reference = place.parse().map_err(|_| no_reference())?;
            let reference = match reference {
                Reference::File(path) => Reference::File(absolute(&path)?),
                Reference::Command(line) => {
                    refuse_keys("the command", &line)?;
                    Reference::Command(line)
                }
                Reference::Plain(_) | Reference::Missing => return Err(no_reference().into()),
                other => other,
            };
            self.fresh.remove(name);
            self.connection.secrets.insert(name.to_owned(), reference);
        }
        Ok(())
    }

    /// Opens the account; a secret that is missing is asked for.
    pub(super) fn open(&mut self, accounts: &Accounts) -> Result<Arc<dyn Connector>> {
        let specs = self.specs(accounts)?;
        let mut settings = accounts.connections()?.settings(&self.connection, specs)?;
        for (name, secret) in &self.fresh {
            settings = settings.with_secret(name, secret.clone());
        }
        let open =
            |settings: &wharf::Settings| open_with(&self.connection, settings, accounts.registry());
        let (account, settings) = asking(specs, &self.connection.target, settings, true, open)?;
        let known = |name: &str| {
            self.connection.secrets.contains_key(name) || self.fresh.contains_key(name)
        };
        let asked: Vec<&SettingSpec> = specs
            .iter()
            .filter(|spec| spec.secret && settings.contains(spec.name) && !known(spec.name))
            .collect();
        for spec in asked {
            let secret = settings.secret(spec.name);
            self.fresh.extend(secret.map(|secret| (spec.name.to_owned(), secret)));
        }
        Ok(account)
    }

    /// Tests the account, and notes what was found.
    pub(super) async fn test(&mut self, account: &dyn Connector) -> Result<ConnectionReport> {
        let report = examine(account, &RemotePath::root()).await?;
        self.connection.last_test = Some(LastTest::passed(Utc::now(), &report));
        self.connection.untested = false;
        Ok(report)
    }

    /// Notes that nobody has tested it.
    pub(super) fn leave_untested(&mut self) {
        self.connection.last_test = None;
        self.connection.untested = true;
    }

    /// Keeps the new secrets, and says where; all of them or none.
    pub(super) fn keep(&mut self, accounts: &Accounts, store: Store) -> Result<Vec<Reference>> {
        let connections = accounts.connections()?;
        let mut kept = Vec::new();
        for (setting, secret) in std::mem::take(&mut self.fresh) {
            let place = connections.keep(store, &self.connection.name, &setting, &secret);
            let reference = place.inspect_err(|_| {
                // What the person has to know is why it was not kept.
                kept.iter().for_each(|reference| drop(connections.forget(reference)));
            })?;
            self.connection.secrets.insert(setting, reference.clone());
            kept.push(reference);
        }
        Ok(kept)
    }

    fn specs<'a>(&self, accounts: &'a Accounts) -> Result<&'a [SettingSpec]> {
        Ok(accounts.registry().factory(self.connection.target.scheme())?.settings())
    }
}

/// A slip of the hand that would leave a key in the file, where everybody may read it.
pub(super) fn refuse_keys(what: &str, text: &str) -> Result<(), Error> {
    if !looks_like_a_key(text) {
        return Ok(());
    }
    Err(invalid(
        format!(
            "{what} looks like a key, and arguments can be read by everyone on this machine and \
             stay in the history of the shell"
        ),
        "Leave it out: the key is asked for. If it was real, renew it.",
    ))
}

/// The same for a target, but for its path, where a name may be a checksum.
pub(super) fn refuse_keys_in_target(text: &str) -> Result<(), Error> {
    let after = text.split_once("://").map_or(text, |(_, after)| after);
    refuse_keys("the target", after.split('/').next().unwrap_or_default())
}

fn no_reference() -> Error {
    invalid(
        "a value of --secret does not say where a secret is",
        "Write NAME=env:VARIABLE, NAME=file:PATH, NAME=command:LINE, NAME=keyring:ENTRY or \
         NAME=vault:ENTRY, and never the secret itself. If a secret stood there, renew it.",
    )
}

fn absolute(path: &Path) -> Result<std::path::PathBuf, Error> {
    std::path::absolute(path)
        .map_err(|error| crate::failure::on_this_machine(path.display().to_string(), error))
}
