//! `wharf mkdir`: create folders.

use serde::Serialize;
use wharf::{Entry, connector::CreateFolderOptions};

use crate::context::Context;
use crate::document::EntryDocument;
use crate::failure::Result;
use crate::present::escape::Shown;

#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Arguments {
    /// The folders; one that exists already is fine
    #[arg(required = true)]
    targets: Vec<String>,

    /// Fail if the parent is missing, instead of creating it
    #[arg(long)]
    no_parents: bool,
}

#[derive(Debug, Serialize)]
struct Document<'a> {
    created: Vec<EntryDocument<'a>>,
}

pub(crate) async fn run(arguments: Arguments, context: &mut Context) -> Result<()> {
    let mut created = Vec::new();
    let outcome = create_all(&arguments, context, &mut created).await;
    if context.json {
        let created = created.iter().map(Into::into).collect();
        context.out.document(&Document { created })?;
    }
    outcome
}

/// Up to the first that fails: `created` tells how far it came.
async fn create_all(
    arguments: &Arguments,
    context: &mut Context,
    created: &mut Vec<Entry>,
) -> Result<()> {
    for target in &arguments.targets {
        let place = context.place(target)?;
        let account = context.accounts.open(&place)?;
        let options = CreateFolderOptions::new().with_parents(!arguments.no_parents);
        created.push(account.create_folder(place.path(), options).await?);
        if !context.json {
            context.say(format!("created {}", Shown(&place.to_string())))?;
        }
    }
    Ok(())
}

const EXAMPLES: &str = "\
Examples:
  wharf mkdir filescom://acme.files.com/vendor/acme/2026";
