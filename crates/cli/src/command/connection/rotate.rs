//! `wharf connection rotate`: a new secret in the place of the old one.

use wharf::connections::{Connection, Reference, Store};
use wharf::connector::secrecy::{ExposeSecret, SecretString};
use wharf::connector::{ConnectionReport, SettingSpec};
use wharf::{Error, ErrorKind};

use super::draft::Draft;
use super::keeping::Keeping;
use super::told;
use crate::account::Accounts;
use crate::context::Context;
use crate::failure::{Result, invalid};
use crate::prompt;

#[derive(Debug, clap::Args)]
#[command(after_help = NOTES)]
pub(crate) struct Arguments {
    /// The connection
    name: String,

    /// Which secret, where there are several: api_key, password
    #[arg(long, value_name = "NAME")]
    setting: Option<String>,

    #[command(flatten)]
    keeping: Keeping,

    /// Take the new key although it belongs to another account than the old one
    #[arg(long)]
    another_account: bool,
}

pub(crate) async fn run(arguments: Arguments, context: &mut Context) -> Result<()> {
    let accounts = &context.accounts;
    let connections = accounts.connections()?;
    let before = connections.find(&arguments.name, accounts.registry())?;
    if before.from_environment {
        return Err(in_the_environment(&before.name).into());
    }
    let spec = spec(&before, arguments.setting.as_deref(), accounts)?;
    let old = before.secrets.get(spec.name).cloned();
    let store = store(old.as_ref(), &arguments.keeping, context)?;
    let mut draft = Draft::of(before.clone());
    draft.connection.secrets.remove(spec.name);
    // What stood in the clear among the settings goes with it.
    draft.connection.settings.remove(spec.name);
    draft.fresh.insert(spec.name.to_owned(), new_secret(spec, &before, accounts)?);
    if let (Some(old), Some(new)) = (&old, draft.fresh.get(spec.name)) {
        let same = connections.secret(old);
        if same.is_ok_and(|old| old.expose_secret() == new.expose_secret()) {
            let remedy = "Make a new one first, with the service.";
            return Err(invalid("this is the old one again", remedy).into());
        }
    }
    let account = draft.open(accounts)?;
    let report = draft.test(&*account).await?;
    if !arguments.another_account {
        same_account(&before, &report)?;
    }
    swap(&mut draft, spec.name, old.as_ref(), store, context)?;
    told::saved("rotated", &draft.connection, Some(&report), context)
}

/// The new secret takes the place of the old one, of which nothing is left in our stores.
fn swap(
    draft: &mut Draft,
    setting: &str,
    old: Option<&Reference>,
    store: Option<Store>,
    context: &Context,
) -> Result<()> {
    let accounts = &context.accounts;
    let connections = accounts.connections()?;
    match (store, old, draft.fresh.get(setting)) {
        (None, Some(old), Some(new)) => {
            let reference = connections.replace(old, new)?;
            draft.connection.secrets.insert(setting.to_owned(), reference);
        }
        (store, _, _) => {
            draft.keep(accounts, store.unwrap_or(Store::Vault))?;
        }
    }
    let reference = draft.connection.secrets.get(setting).cloned();
    let saved = connections.update(&draft.connection.name, |connection| {
        connection.settings.remove(setting);
        connection.secrets.extend(reference.clone().map(|new| (setting.to_owned(), new)));
        connection.last_test.clone_from(&draft.connection.last_test);
        connection.untested = false;
        Ok(())
    });
    if let (Err(_), Some(new)) = (&saved, reference.as_ref().filter(|new| Some(*new) != old)) {
        // The old one stands in the file, and is still in its place.
        let _ = connections.forget(new);
    }
    saved?;
    match old.filter(|old| Some(*old) != reference.as_ref()) {
        Some(old) => super::remove::let_go(&draft.connection.name, old, context),
        None => Ok(()),
    }
}

/// Where the new secret goes; none for the place of the old one.
fn store(old: Option<&Reference>, keeping: &Keeping, context: &Context) -> Result<Option<Store>> {
    match old {
        Some(old) if !keeping.is_said() && old.is_kept_by_us() => {
            // Before a key is asked for: can it be written at all?
            context.accounts.connections()?.secret(old).map(|_| None).or_else(|error| {
                match error.kind() {
                    // The entry is gone: a new one is made.
                    ErrorKind::Unauthenticated if error.message().contains("no entry") => Ok(None),
                    _ => Err(error.into()),
                }
            })
        }
        Some(old) if !keeping.is_said() && !matches!(old, Reference::Missing) => {
            Err(kept_by_others(old).into())
        }
        _ => keeping.chosen(context).map(Some),
    }
}

fn spec<'a>(
    connection: &Connection,
    wanted: Option<&str>,
    accounts: &'a Accounts,
) -> Result<&'a SettingSpec> {
    let specs = accounts.registry().factory(connection.target.scheme())?.settings();
    let mut secrets = specs.iter().filter(|spec| spec.secret);
    let found = match wanted {
        Some(wanted) => secrets.find(|spec| spec.name == wanted),
        None if connection.secrets.len() > 1 => {
            let names: Vec<&str> = connection.secrets.keys().map(String::as_str).collect();
            let remedy = format!("Say which: --setting {}", names.join(" or --setting "));
            return Err(invalid("this connection has several secrets", remedy).into());
        }
        None => {
            let mut again = secrets.clone();
            let held = again.find(|spec| connection.secrets.contains_key(spec.name));
            held.or_else(|| secrets.next())
        }
    };
    let remedy = "`wharf schemes` tells the settings of each service.";
    found.ok_or_else(|| invalid("this service has no such secret", remedy).into())
}

/// By `--set`, or asked for.
fn new_secret(
    spec: &SettingSpec,
    connection: &Connection,
    accounts: &Accounts,
) -> Result<SecretString> {
    let given = accounts.given();
    if let Some(other) = given.iter().find(|given| given.name() != spec.name) {
        let message = format!("rotate changes `{}`, and not `{}`", spec.name, other.name());
        return Err(invalid(message, "Use: wharf connection edit.").into());
    }
    match given.last() {
        Some(given) => Ok(given.secret(spec)?),
        None => {
            let missing = Error::new(ErrorKind::Unauthenticated, "the new secret is missing");
            prompt::secret(spec, &connection.target, missing, true)
        }
    }
}

fn same_account(before: &Connection, report: &ConnectionReport) -> Result<()> {
    let old = before.last_test.as_ref().and_then(|found| found.account.as_deref());
    let (Some(old), Some(new)) = (old, report.account.as_deref()) else {
        return Ok(());
    };
    if old == new {
        return Ok(());
    }
    let message = format!("the new secret belongs to {new}, and the old one to {old}");
    let error = Error::new(ErrorKind::Conflict, message);
    Err(error.with_remedy("If that is meant, say --another-account. Nothing was changed.").into())
}

fn kept_by_others(old: &Reference) -> Error {
    invalid(
        format!("the secret is {}, where wharf does not write", old.described()),
        "Replace it there, then run: wharf connection test. Or have it kept by wharf from now \
         on: --store keyring, --store vault.",
    )
}

fn in_the_environment(name: &str) -> Error {
    invalid(format!("the connection {name} stands in the environment"), "Change its variables.")
}

const NOTES: &str = "\
Examples:
  wharf connection rotate acme
  wharf connection rotate acme --set api_key=@env:NEW_KEY
  wharf connection rotate acme --store vault

The new secret is tested first; if the test fails, the old one stays. Afterwards nothing is left \
of the old one in the store. Revoke it with the service yourself.";
