//! `wharf connection show`: all about connections but their secrets.

use serde::Serialize;

use super::told::{ConnectionDocument, lines};
use crate::context::Context;
use crate::failure::Result;

#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  wharf connection show acme globex")]
pub(crate) struct Arguments {
    /// The names
    #[arg(required = true)]
    names: Vec<String>,
}

#[derive(Debug, Serialize)]
struct Document {
    connections: Vec<ConnectionDocument>,
}

pub(crate) fn run(arguments: Arguments, context: &mut Context) -> Result<()> {
    let mut connections = Vec::new();
    for name in &arguments.names {
        let accounts = &context.accounts;
        connections.push(accounts.connections()?.find(name, accounts.registry())?);
    }
    if context.json {
        let connections =
            connections.iter().map(|found| ConnectionDocument::new(found, context)).collect();
        return context.out.document(&Document { connections });
    }
    for connection in &connections {
        let heading = context.out.style().bold(&connection.name);
        context.out.line(heading)?;
        for line in lines(connection, context) {
            context.out.line(line)?;
        }
    }
    Ok(())
}
