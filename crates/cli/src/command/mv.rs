//! `wharf mv`: rename or move within one account.

use std::sync::Arc;

use serde::Serialize;
use wharf::connector::{OnConflict, RenameOptions};
use wharf::transfer::{self, resolve_destination};

use crate::context::Context;
use crate::document::EntryDocument;
use crate::failure::{Result, invalid};
use crate::present::escape::Shown;

#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Arguments {
    /// The file or folder
    from: String,

    /// The new name, or the folder to move it to
    to: String,

    /// Replace a file that stands at the destination
    #[arg(short, long)]
    force: bool,
}

#[derive(Debug, Serialize)]
struct Document<'a> {
    from: String,
    to: String,
    entry: EntryDocument<'a>,
}

pub(crate) async fn run(arguments: Arguments, context: &mut Context) -> Result<()> {
    let from = context.place(&arguments.from)?;
    let to = context.place(&arguments.to)?;
    let (source, account) = context.accounts.open_both((&from, &[]), (&to, &[]))?;
    if !Arc::ptr_eq(&source, &account) {
        return Err(two_accounts(&arguments).into());
    }
    let source = transfer::Place::new(source, from.path().clone());
    let destination =
        transfer::Place::new(account, to.path().clone()).with_folder(to.is_surely_a_folder());
    let destination = resolve_destination(&source, &destination).await?;
    let on_conflict = if arguments.force { OnConflict::Replace } else { OnConflict::Fail };
    let options = RenameOptions::new().with_on_conflict(on_conflict);
    let busy = context.busy("moving");
    let entry = source.connector.rename(&source.path, &destination.path, options).await?;
    drop(busy);
    let to = to.with_path(entry.path.clone());
    if context.json {
        return context.out.document(&Document {
            from: from.to_string(),
            to: to.to_string(),
            entry: (&entry).into(),
        });
    }
    context.say(format!("moved {} to {}", Shown(&from.to_string()), Shown(&to.to_string())))
}

fn two_accounts(Arguments { from, to, .. }: &Arguments) -> wharf::Error {
    invalid(
        "the two places lie on different accounts, and what is not copied whole must not be \
         deleted",
        format!(
            "Copy, then delete: wharf cp --verify required '{from}' '{to}' && wharf rm '{from}'"
        ),
    )
}

const EXAMPLES: &str = "\
Examples:
  wharf mv filescom://acme.files.com/In/a.csv filescom://acme.files.com/Done/
  wharf mv mft://anna@mft.acme.com/In mft://anna@mft.acme.com/Inbox";
