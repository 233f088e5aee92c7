//! `wharf connection edit`: change a connection, which is tested again before it is saved.

use wharf::ErrorKind;
use wharf::connector::Reached;

use super::draft::{Draft, refuse_keys, refuse_keys_in_target};
use super::told;
use crate::account::check_name;
use crate::context::Context;
use crate::failure::{Result, invalid};

#[derive(Debug, clap::Args)]
#[command(after_help = NOTES)]
pub(crate) struct Arguments {
    /// The connection
    name: String,

    /// What it is for; empty to have none
    #[arg(short, long, value_name = "TEXT")]
    description: Option<String>,

    /// Another service, host, user or root
    #[arg(long)]
    target: Option<String>,

    /// A setting to leave out from now on
    #[arg(long, value_name = "NAME")]
    unset: Vec<String>,

    // Read later: a message of clap's would repeat what may be a secret.
    /// Where a secret is that somebody else keeps, from now on
    #[arg(long, value_name = "NAME=WHERE")]
    secret: Vec<String>,

    /// Another name
    #[arg(long, value_name = "NEW NAME")]
    rename: Option<String>,

    /// Save it without a test; the file says so
    #[arg(long)]
    no_test: bool,
}

pub(crate) async fn run(arguments: Arguments, context: &mut Context) -> Result<()> {
    let accounts = &context.accounts;
    let connections = accounts.connections()?;
    let before = connections.find(&arguments.name, accounts.registry())?;
    if let Some(name) = &arguments.rename
        && !name.eq_ignore_ascii_case(&before.name)
    {
        // Before anything is changed.
        connections.check_free(name, accounts.registry())?;
    }
    let mut draft = Draft::of(before.clone());
    change(&arguments, &mut draft, context)?;
    let after = &draft.connection;
    let same_account = after.target == before.target
        && after.settings == before.settings
        && after.secrets == before.secrets;
    if *after == before && arguments.rename.is_none() {
        let remedy = format!("Say what to change, or edit {}.", connections.file().display());
        return Err(invalid("there is nothing to change", remedy).into());
    }
    let report = match (same_account, arguments.no_test) {
        (true, _) => None,
        (false, true) => {
            draft.leave_untested();
            None
        }
        (false, false) => {
            let account = draft.open(accounts)?;
            if !draft.fresh.is_empty() {
                return Err(rotate_instead(&arguments.name).into());
            }
            Some(draft.test(&*account).await?)
        }
    };
    connections.update(&arguments.name, |connection| {
        // A test of it elsewhere changes nothing that this one would undo.
        connection.last_test.clone_from(&before.last_test);
        connection.untested = before.untested;
        if *connection != before {
            return Err(changed_meanwhile(&before.name));
        }
        connection.clone_from(&draft.connection);
        Ok(())
    })?;
    // What no longer refers to a secret of ours lets go of it.
    for (setting, reference) in &before.secrets {
        if draft.connection.secrets.get(setting) != Some(reference) {
            super::remove::let_go(&before.name, reference, context)?;
        }
    }
    if let Some(name) = &arguments.rename {
        let renamed = connections.rename(&arguments.name, name, accounts.registry());
        renamed.map_err(|error| kept_its_name(&before.name, error))?;
        draft.connection.name.clone_from(name);
    }
    told::saved("changed", &draft.connection, report.as_ref(), context)
}

fn change(arguments: &Arguments, draft: &mut Draft, context: &Context) -> Result<()> {
    let accounts = &context.accounts;
    if let Some(description) = &arguments.description {
        refuse_keys("the description", description)?;
        draft.connection.description = Some(description.clone()).filter(|text| !text.is_empty());
    }
    if let Some(target) = &arguments.target {
        refuse_keys_in_target(target)?;
        draft.connection.target = target.parse()?;
    }
    let specs = accounts.registry().factory(draft.connection.target.scheme())?.settings();
    for name in &arguments.unset {
        check_name(name, specs)?;
        draft.connection.settings.remove(name);
    }
    draft.set(accounts, accounts.given())?;
    draft.refer(accounts, &arguments.secret)?;
    if draft.fresh.is_empty() {
        return Ok(());
    }
    Err(rotate_instead(&arguments.name).into())
}

fn changed_meanwhile(name: &str) -> wharf::Error {
    let message = format!("somebody else changed the connection {name} meanwhile");
    wharf::Error::new(ErrorKind::Conflict, message)
        .with_remedy("Look at it, and try again. Nothing was changed.")
}

/// What else was asked for is saved by then.
fn kept_its_name(name: &str, error: wharf::Error) -> wharf::Error {
    let message =
        format!("the connection is changed, and is still called {name}: {}", error.message());
    error.with_message(message).with_reached(Reached::Yes)
}

fn rotate_instead(name: &str) -> wharf::Error {
    let remedy = format!("Use: wharf connection rotate {name}");
    invalid("a new secret is not given by edit", remedy)
}

const NOTES: &str = "\
Examples:
  wharf connection edit acme --description 'Orders and invoices'
  wharf connection edit acme --target filescom://acme.files.com/In
  wharf connection edit acme --rename acme-prod

The file may be edited by hand too; comments in it stay. A new key is given by rotate.";
