//! `wharf test`: does the connection work, and for whom.

use serde::Serialize;
use wharf::{Connector, Operation, RemotePath};

use crate::context::Context;
use crate::document::ReportDocument;
use crate::exit;
use crate::failure::{Failure, Result};
use crate::present::escape::Shown;
use crate::present::stages;

#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Arguments {
    /// The account; a path in it is looked at too
    target: String,
}

#[derive(Debug, Serialize)]
struct Document {
    target: String,
    service: &'static str,
    host: Option<String>,
    user: Option<String>,
    report: ReportDocument,
}

pub(crate) async fn run(arguments: Arguments, context: &mut Context) -> Result<()> {
    let place = context.place(&arguments.target)?;
    let account = context.accounts.open(&place)?;
    let report = account.test_connection().await.map_err(|error| named(error, &*account))?;
    if !place.path().is_root() {
        account.stat(place.path()).await?;
    }
    let info = account.info();
    let passed = report.passed();
    if context.json {
        context.out.document(&Document {
            target: place.to_string(),
            service: info.label,
            host: info.host.clone(),
            user: info.user.clone(),
            report: (&report).into(),
        })?;
    } else {
        let whom = Shown(&place.to_string()).to_string();
        let style = context.out.style();
        let verdict = if passed { style.good("works") } else { style.bad("does not work") };
        context.out.line(format!("{}, {whom}: {verdict}", info.label))?;
        for line in stages::lines(&report, style) {
            context.out.line(line)?;
        }
    }
    if passed {
        return Ok(());
    }
    Err(Failure::Shown(exit::OTHER))
}

fn named(error: wharf::Error, account: &dyn Connector) -> wharf::Error {
    error.of(account.info().scheme).during(Operation::TestConnection, &RemotePath::root())
}

const EXAMPLES: &str = "\
Examples:
  wharf test filescom://acme.files.com/
  wharf test mft://anna@mft.acme.com/Inbox";
