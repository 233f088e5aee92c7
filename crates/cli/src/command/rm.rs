//! `wharf rm`: delete files or folders.

use serde::Serialize;
use wharf::connector::DeleteOptions;
use wharf::{Error, ErrorKind};

use crate::context::Context;
use crate::failure::Result;
use crate::present::escape::Shown;

#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Arguments {
    /// The files or folders; the first that cannot be deleted ends the command
    #[arg(required = true)]
    targets: Vec<String>,

    /// Delete folders with all their content
    #[arg(short, long)]
    recursive: bool,
}

#[derive(Debug, Serialize)]
struct Document {
    deleted: Vec<String>,
}

pub(crate) async fn run(arguments: Arguments, context: &mut Context) -> Result<()> {
    let mut deleted = Vec::new();
    let outcome = delete_all(&arguments, context, &mut deleted).await;
    if context.json {
        context.out.document(&Document { deleted })?;
    }
    outcome
}

/// Up to the first that fails: `deleted` tells how far it came.
async fn delete_all(
    arguments: &Arguments,
    context: &mut Context,
    deleted: &mut Vec<String>,
) -> Result<()> {
    for target in &arguments.targets {
        let place = context.place(target)?;
        let account = context.accounts.open(&place)?;
        let options = DeleteOptions::new().with_recursive(arguments.recursive);
        let busy = context.busy("deleting");
        account.delete(place.path(), options).await.map_err(advised)?;
        drop(busy);
        deleted.push(place.to_string());
        if !context.json {
            context.say(format!("deleted {}", Shown(&place.to_string())))?;
        }
    }
    Ok(())
}

/// Says how to delete a folder that has content. It is not empty for want of -r alone.
fn advised(error: Error) -> Error {
    match error.kind() {
        ErrorKind::NotEmpty => error.with_remedy("With -r it is deleted, and all that lies in it."),
        _ => error,
    }
}

const EXAMPLES: &str = "\
Examples:
  wharf rm filescom://acme.files.com/vendor/old.csv
  wharf rm -r mft://anna@mft.acme.com/Archive/2019";
