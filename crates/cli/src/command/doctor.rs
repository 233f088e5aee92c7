//! `wharf doctor`: is everything on this machine as it should be.

mod connections;
mod machine;

use serde::Serialize;

use crate::context::Context;
use crate::exit;
use crate::failure::{Failure, Result};
use crate::present::escape::Shown;
use crate::present::style::Style;
use crate::present::table::Table;

#[derive(Debug, clap::Args)]
#[command(after_help = NOTES)]
pub(crate) struct Arguments {
    /// Test each saved connection too, and compare clocks with its service
    #[arg(long)]
    test: bool,
}

/// What one look came to.
#[derive(Debug, Serialize)]
struct Check {
    name: String,
    outcome: Outcome,
    detail: String,
    remedy: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
enum Outcome {
    Passed,
    Warned,
    Failed,
    Skipped,
}

#[derive(Debug, Serialize)]
struct Document {
    passed: bool,
    checks: Vec<Check>,
}

pub(crate) async fn run(arguments: Arguments, context: &mut Context) -> Result<()> {
    let mut checks = vec![machine::versions()];
    checks.extend(connections::kept(context));
    if arguments.test {
        checks.extend(connections::tested(context).await);
    }
    checks.push(connections::clock(context));
    checks.push(machine::roots());
    checks.push(machine::proxy());
    let passed = checks.iter().all(|check| check.outcome != Outcome::Failed);
    if context.json {
        context.out.document(&Document { passed, checks })?;
    } else {
        for line in lines(&checks, context.out.style()) {
            context.out.line(line)?;
        }
    }
    if passed {
        return Ok(());
    }
    Err(Failure::Shown(exit::OTHER))
}

impl Check {
    fn new(name: impl Into<String>, outcome: Outcome, detail: impl Into<String>) -> Self {
        Self { name: name.into(), outcome, detail: detail.into(), remedy: None }
    }

    fn passed(name: impl Into<String>, detail: impl Into<String>) -> Self {
        Self::new(name, Outcome::Passed, detail)
    }

    fn with_remedy(mut self, remedy: Option<&str>) -> Self {
        self.remedy = remedy.map(str::to_owned);
        self
    }

    /// What an error says, as a failure or a warning.
    fn of(name: impl Into<String>, outcome: Outcome, error: &wharf::Error) -> Self {
        Self::new(name, outcome, error.message()).with_remedy(error.remedy())
    }
}

fn lines(checks: &[Check], style: Style) -> Vec<String> {
    let mut table = Table::new();
    for check in checks {
        let mark = match check.outcome {
            Outcome::Passed => "ok",
            Outcome::Warned => "note",
            Outcome::Failed => "FAILED",
            Outcome::Skipped => "-",
        };
        table.row([mark, &Shown(&check.name).to_string(), &Shown(&check.detail).to_string()]);
        if let Some(remedy) = check.remedy.as_ref().filter(|_| check.outcome != Outcome::Passed) {
            table.row(["", "", &format!("What to do: {}", Shown(remedy))]);
        }
    }
    let lines = table.lines(0).into_iter();
    let coloured = |line: String| match line.strip_prefix("FAILED") {
        Some(rest) => format!("{}{rest}", style.bad("FAILED")),
        None => line,
    };
    lines.map(coloured).collect()
}

const NOTES: &str = "\
Examples:
  wharf doctor
  wharf doctor --test

It looks at the files of the connections and who may read them, at keyring and vault, at where each \
secret is, at the clock, the certificates that are trusted, the proxy and the versions. It asks for \
nothing, runs no command and opens no vault; with --test it does what the connections need.";
