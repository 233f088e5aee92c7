//! `wharf test`: does the connection work, and for whom.

use std::time::Instant;

use serde::Serialize;
use wharf::connector::{ConnectionReport, StageOutcome};
use wharf::{Connector, Error, Operation, RemotePath};

use crate::context::Context;
use crate::document::ReportDocument;
use crate::failure::Result;
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
    let report = examine(&*account, place.path()).await?;
    let info = account.info();
    if context.json {
        return context.out.document(&Document {
            target: place.to_string(),
            service: info.label,
            host: info.host.clone(),
            user: info.user.clone(),
            report: (&report).into(),
        });
    }
    let whom = Shown(&place.to_string()).to_string();
    let style = context.out.style();
    context.out.line(format!("{}, {whom}: {}", info.label, style.good("works")))?;
    for line in stages::lines(&report, style) {
        context.out.line(line)?;
    }
    Ok(())
}

/// Tests an account, and looks at a path in it. An error tells how far the test came.
pub(crate) async fn examine(
    account: &dyn Connector,
    path: &RemotePath,
) -> Result<ConnectionReport, Error> {
    let tested = account.test_connection().await.map_err(|error| named(error, account));
    let mut report = tested?;
    if !report.passed() {
        let error = Error::new(wharf::ErrorKind::Other, "a stage of the test failed");
        return Err(named(error.with_report(report), account));
    }
    if path.is_root() && account.info().root.is_root() {
        return Ok(report);
    }
    let begun = Instant::now();
    let shown = if path.is_root() { &account.info().root } else { path };
    match account.stat(path).await {
        Ok(entry) => {
            let detail = format!("{shown} is a {}", entry.kind);
            report.stage("path", StageOutcome::Passed, detail, begun.elapsed());
            Ok(report)
        }
        Err(error) => {
            let detail = format!("{shown}: {}", error.message());
            report.stage("path", StageOutcome::Failed, detail, begun.elapsed());
            Err(error.with_report(report))
        }
    }
}

fn named(error: Error, account: &dyn Connector) -> Error {
    error.of(account.info().scheme).during(Operation::TestConnection, &RemotePath::root())
}

const EXAMPLES: &str = "\
Examples:
  wharf test filescom://acme.files.com/
  wharf test mft://anna@mft.acme.com/Inbox
  wharf test acme:";
