//! `wharf connection add`: test an account, and save it under a name.

use wharf::connections::Connection;

use super::draft::{Draft, refuse_keys, refuse_keys_in_target};
use super::keeping::Keeping;
use super::told;
use crate::context::Context;
use crate::failure::Result;

#[derive(Debug, clap::Args)]
#[command(after_help = NOTES)]
pub(crate) struct Arguments {
    /// The name, such as acme: what stands before the colon from now on
    name: String,

    /// The service, host and user; a path in it becomes the root of the connection
    target: String,

    /// What it is for: a key says nothing about itself
    #[arg(short, long, value_name = "TEXT")]
    description: Option<String>,

    // Read later: a message of clap's would repeat what may be a secret.
    /// Where a secret is that somebody else keeps: NAME=env:VARIABLE, NAME=file:PATH or
    /// NAME=command:LINE
    #[arg(long, value_name = "NAME=WHERE")]
    secret: Vec<String>,

    #[command(flatten)]
    keeping: Keeping,

    /// Save it without a test; the file says so
    #[arg(long)]
    no_test: bool,
}

pub(crate) async fn run(arguments: Arguments, context: &mut Context) -> Result<()> {
    let Arguments { name, target, description, secret, keeping, no_test } = arguments;
    let accounts = &context.accounts;
    let connections = accounts.connections()?;
    refuse_keys_in_target(&target)?;
    let mut connection = Connection::new(name, &target)?;
    if let Some(description) = &description {
        refuse_keys("the description", description)?;
    }
    connections.check_free(&connection.name, accounts.registry())?;
    connection.description = description;
    let mut draft = Draft::of(connection);
    draft.set(accounts, accounts.given())?;
    draft.refer(accounts, &secret)?;
    let account = draft.open(accounts)?;
    let store = match draft.fresh.is_empty() {
        true => None,
        false => Some(keeping.chosen(context)?),
    };
    let report = match no_test {
        true => {
            draft.leave_untested();
            None
        }
        false => Some(draft.test(&*account).await?),
    };
    save(&mut draft, store, context)?;
    told::saved("saved", &draft.connection, report.as_ref(), context)
}

/// Keeps the secrets, then saves the connection; if that fails, the secrets go again.
pub(super) fn save(
    draft: &mut Draft,
    store: Option<wharf::connections::Store>,
    context: &Context,
) -> Result<()> {
    let accounts = &context.accounts;
    let connections = accounts.connections()?;
    let kept = match store {
        Some(store) => draft.keep(accounts, store)?,
        None => Vec::new(),
    };
    let added = connections.add(&draft.connection, accounts.registry());
    added.map_err(|error| {
        for reference in &kept {
            // What the person has to know is why the connection was not saved.
            let _ = connections.forget(reference);
        }
        error.into()
    })
}

const NOTES: &str = "\
Examples:
  wharf connection add acme filescom://acme.files.com/ -d 'Orders of Acme'
  wharf connection add globex mft://anna@mft.globex.com/In --set page_size=200
  wharf connection add ci filescom://acme.files.com/ \\
      --secret api_key=file:/run/secrets/acme

The secret is asked for without echo. From a script it comes by --set api_key=@PATH or --set \
api_key=@env:VARIABLE, and is then kept as if it had been typed; with --secret it stays where it \
is. Nothing is saved unless the test passes.

The passphrase of the vault is asked for, or comes from WHARF_VAULT_PASSPHRASE_FILE or \
WHARF_VAULT_PASSPHRASE; with WHARF_VAULT_IDENTITY=FILE a new vault is made for the age identity in \
that file, for unattended use.";
