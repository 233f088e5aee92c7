//! `wharf connection test`: does it work, and for whom; several side by side.

use std::sync::Arc;

use serde::Serialize;
use wharf::connections::LastTest;
use wharf::connector::ConnectionReport;
use wharf::connector::chrono::Utc;
use wharf::connector::futures_util::future::join_all;
use wharf::{Connector, Error};

use super::told::service;
use crate::command::test::examine;
use crate::context::Context;
use crate::document::{ErrorBody, ReportDocument};
use crate::failure::{Failure, Result, invalid};
use crate::place::Place;
use crate::present::error::report as told;
use crate::present::escape::Shown;
use crate::present::stages;
use crate::warning;

#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Arguments {
    /// The names; in NAME:PATH the path is looked at too
    #[arg(required_unless_present = "all", value_name = "NAME")]
    names: Vec<String>,

    /// All connections there are
    #[arg(long, conflicts_with = "names")]
    all: bool,
}

#[derive(Debug, Serialize)]
struct Document {
    passed: bool,
    tests: Vec<TestDocument>,
}

#[derive(Debug, Serialize)]
struct TestDocument {
    name: String,
    target: String,
    service: String,
    passed: bool,
    report: Option<ReportDocument>,
    error: Option<ErrorBody>,
}

/// One connection, and how its test went.
struct Tested {
    place: Place,
    outcome: Result<ConnectionReport, Failure>,
}

pub(crate) async fn run(arguments: Arguments, context: &mut Context) -> Result<()> {
    let names = match arguments.all {
        true => context.accounts.connections()?.names()?,
        false => arguments.names,
    };
    let places = names.iter().map(|name| place(name, context)).collect::<Result<Vec<_>>>()?;
    // One after the other: each may ask for something.
    let accounts: Vec<Result<Arc<dyn Connector>>> =
        places.iter().map(|place| context.accounts.open(place)).collect();
    let tests = places.into_iter().zip(accounts).map(|(place, account)| async {
        let outcome = match account {
            Ok(account) => examine(&*account, place.path()).await.map_err(Failure::from),
            Err(failure) => Err(failure),
        };
        Tested { place, outcome }
    });
    let tests = join_all(tests).await;
    for test in &tests {
        remember(test, context);
    }
    if context.json {
        return document(tests, context);
    }
    let mut code = None;
    for test in &tests {
        show(test, context)?;
        if let Err(failure) = &test.outcome {
            code.get_or_insert(failure.code());
        }
    }
    code.map_or(Ok(()), |code| Err(Failure::Shown(code)))
}

fn place(text: &str, context: &Context) -> Result<Place> {
    let accounts = &context.accounts;
    if !text.contains(':') {
        return Ok(Place::on(accounts.connections()?.find(text, accounts.registry())?));
    }
    let place = context.place(text)?;
    if place.connection().is_some() {
        return Ok(place);
    }
    let remedy = "Give names of connections; an account without a name: wharf test TARGET.";
    Err(invalid("this is no saved connection", remedy).into())
}

/// Writes into the file what was found. That it cannot be written is no reason to hide it.
fn remember(test: &Tested, context: &Context) {
    let Some(connection) = test.place.connection().filter(|known| !known.from_environment) else {
        return;
    };
    // A refusal on a path says nothing about the account.
    let is_of_the_path = !test.place.path().is_root() && test.outcome.is_err();
    if is_of_the_path {
        return;
    }
    let now = Utc::now();
    let remembered = context.accounts.connections().and_then(|connections| {
        connections.update(&connection.name, |connection| {
            connection.last_test = Some(match &test.outcome {
                Ok(report) => LastTest::passed(now, report),
                Err(_) => LastTest::failed(now, connection.last_test.as_ref()),
            });
            connection.untested &= test.outcome.is_err();
            Ok(())
        })
    });
    if let Err(error) = remembered {
        let text = format!("what the test found is not remembered: {}", error.message());
        warning::show(&text, Some(&connection.name), context.json);
    }
}

fn show(test: &Tested, context: &mut Context) -> Result<()> {
    let style = context.out.style();
    let whom = test.place.connection().map(|known| service(known, context)).unwrap_or_default();
    let name = Shown(&test.place.to_string()).to_string();
    match &test.outcome {
        Ok(report) => {
            context.out.line(format!("{whom}, {name}: {}", style.good("works")))?;
            for line in stages::lines(report, style) {
                context.out.line(line)?;
            }
            Ok(())
        }
        Err(failure) => {
            context.out.line(format!("{whom}, {name}: {}", style.bad("does not work")))?;
            for error in failure.errors() {
                context.out.line(told(error, style))?;
            }
            Ok(())
        }
    }
}

fn document(tests: Vec<Tested>, context: &mut Context) -> Result<()> {
    let mut documents = Vec::new();
    let mut errors: Vec<Error> = Vec::new();
    for Tested { place, outcome } in tests {
        let Some(connection) = place.connection() else {
            continue;
        };
        let error = outcome.as_ref().err().and_then(|failure| failure.errors().first());
        documents.push(TestDocument {
            name: connection.name.clone(),
            target: place.to_string(),
            service: service(connection, context),
            passed: outcome.is_ok(),
            report: outcome.as_ref().ok().map(Into::into),
            error: error.map(Into::into),
        });
        match outcome {
            Ok(_) => {}
            Err(Failure::Error(error)) => errors.push(error),
            Err(Failure::Several(several)) => errors.extend(several),
            Err(other) => return Err(other),
        }
    }
    context.out.document(&Document { passed: errors.is_empty(), tests: documents })?;
    if errors.is_empty() {
        return Ok(());
    }
    Err(Failure::Several(errors))
}

const EXAMPLES: &str = "\
Examples:
  wharf connection test acme
  wharf connection test --all
  wharf connection test acme:/vendor/globex

The exit code is that of the first that failed.";
