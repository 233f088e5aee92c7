//! `wharf connection list`: what there is.

use serde::Serialize;
use wharf::connections::Connection;

use super::told::{ConnectionDocument, service, tested};
use crate::context::Context;
use crate::failure::Result;
use crate::present::escape::Shown;
use crate::present::table::Table;
use crate::present::time::time;

#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  wharf connection list\n  wharf connection list --names")]
pub(crate) struct Arguments {
    /// Print names alone, one a line
    #[arg(long)]
    names: bool,
}

#[derive(Debug, Serialize)]
struct Document {
    file: String,
    connections: Vec<ConnectionDocument>,
}

pub(crate) fn run(arguments: Arguments, context: &mut Context) -> Result<()> {
    let known = context.accounts.connections()?;
    let file = known.file().display().to_string();
    if arguments.names && !context.json {
        let names = known.names()?;
        return names.iter().try_for_each(|name| context.out.line(name));
    }
    let connections = known.list(context.accounts.registry())?;
    if context.json {
        let connections =
            connections.iter().map(|known| ConnectionDocument::new(known, context)).collect();
        return context.out.document(&Document { file, connections });
    }
    if connections.is_empty() {
        return context.say("There are no connections: make one with wharf connection add.");
    }
    let table = table(&connections, context);
    let table = match context.out.columns() {
        Some(columns) => table.fitted(&LEAST_WANTED, columns),
        None => table,
    };
    table.lines(0).iter().try_for_each(|line| context.out.line(line))
}

fn table(connections: &[Connection], context: &Context) -> Table {
    let mut table = Table::new();
    table.row([
        "NAME",
        "SERVICE",
        "HOST",
        "ACCOUNT",
        "CREDENTIAL",
        "MAY",
        "WITHIN",
        "EXPIRES",
        "TESTED",
        "SECRET",
        "DESCRIPTION",
    ]);
    for connection in connections {
        let found = connection.last_test.as_ref();
        let cell = |text: Option<String>| {
            Shown(&text.filter(|text| !text.is_empty()).unwrap_or("-".to_owned())).to_string()
        };
        let root = Some(connection.target.path()).filter(|root| !root.is_root());
        let within = found.and_then(|found| found.confined_to.clone());
        let account = found.and_then(|found| found.account.clone());
        let user = connection.target.user().map(str::to_owned);
        let secrets = connection.secrets.values().map(|secret| secret.kind());
        table.row([
            &connection.name,
            &service(connection, context),
            &cell(Some(connection.target.authority().to_owned())),
            &cell(account.or(user)),
            &cell(found.and_then(|found| found.credential.clone())),
            &cell(found.and_then(|found| found.permissions.clone())),
            &cell(root.map(ToString::to_string).or(within)),
            &cell(found.and_then(|found| found.expires).map(time)),
            &tested(connection),
            &cell(Some(secrets.collect::<Vec<_>>().join(","))),
            &cell(connection.description.clone()),
        ]);
    }
    table
}

/// What `connection show` tells too, the least wanted first.
const LEAST_WANTED: [&str; 6] = ["CREDENTIAL", "SECRET", "WITHIN", "SERVICE", "TESTED", "ACCOUNT"];
