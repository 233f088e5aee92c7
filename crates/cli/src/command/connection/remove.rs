//! `wharf connection remove`: connections, and the secrets that are kept for them.

use serde::Serialize;
use wharf::connections::Reference;

use crate::context::Context;
use crate::failure::Result;
use crate::prompt;

#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  wharf connection remove acme\n  wharf connection remove acme globex --yes"
)]
pub(crate) struct Arguments {
    /// The names
    #[arg(required = true)]
    names: Vec<String>,

    /// Do not ask
    #[arg(short, long)]
    yes: bool,
}

#[derive(Debug, Serialize)]
struct Document {
    removed: Vec<String>,
}

pub(crate) fn run(arguments: Arguments, context: &mut Context) -> Result<()> {
    let accounts = &context.accounts;
    for name in &arguments.names {
        accounts.connections()?.find(name, accounts.registry())?;
    }
    let names = arguments.names.join(", ");
    let question = format!("Remove {names}, and the secrets that are kept for it?");
    prompt::may_go_on(&question, arguments.yes, "--yes")?;
    let mut removed = Vec::new();
    for name in arguments.names {
        let connection = context.accounts.connections()?.remove(&name)?;
        for reference in connection.secrets.values() {
            let_go(&name, reference, context)?;
        }
        context.say_if_text(format!("removed {name}"))?;
        removed.push(name);
    }
    if context.json {
        return context.out.document(&Document { removed });
    }
    Ok(())
}

/// Deletes a secret of ours that no connection refers to any more.
pub(super) fn let_go(name: &str, reference: &Reference, context: &Context) -> Result<()> {
    let accounts = &context.accounts;
    let connections = accounts.connections()?;
    let all = connections.list(accounts.registry())?;
    if all.iter().any(|other| other.secrets.values().any(|used| used == reference)) {
        return Ok(());
    }
    connections.forget(reference).map_err(|error| {
        let what = format!("the connection {name} no longer uses its old secret, which is still ");
        let message = format!("{what}{}: {}", reference.described(), error.message());
        let remedy = error.remedy().unwrap_or("Delete it there.").to_owned();
        wharf::Error::new(error.kind(), message).with_remedy(remedy)
    })?;
    Ok(())
}
