//! Everything that may be told about a connection, and no secret.

use std::collections::BTreeMap;

use serde::Serialize;
use wharf::connections::{Connection, LastTest};
use wharf::connector::ConnectionReport;

use crate::context::Context;
use crate::document::ReportDocument;
use crate::failure::Result;
use crate::present::error::known_as;
use crate::present::escape::Shown;
use crate::present::table::Table;
use crate::present::time::{exact, time};

/// A connection, as programs get it.
#[derive(Debug, Serialize)]
pub(super) struct ConnectionDocument {
    name: String,
    description: Option<String>,
    service: String,
    target: String,
    host: Option<String>,
    user: Option<String>,
    account: Option<String>,
    credential: Option<String>,
    permissions: Option<String>,
    confined_to: Option<String>,
    expires: Option<String>,
    tested: Option<Tested>,
    untested: bool,
    settings: BTreeMap<String, String>,
    secrets: BTreeMap<String, SecretDocument>,
    source: &'static str,
}

#[derive(Debug, Serialize)]
struct Tested {
    at: String,
    passed: bool,
    clock_skew: Option<i64>,
}

#[derive(Debug, Serialize)]
struct SecretDocument {
    kind: &'static str,
    reference: String,
    encrypted: bool,
}

impl ConnectionDocument {
    pub(super) fn new(connection: &Connection, context: &Context) -> Self {
        let found = connection.last_test.as_ref();
        let target = &connection.target;
        let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        let secrets = connection.secrets.iter().map(|(name, reference)| {
            let kind = reference.kind();
            let encrypted = matches!(kind, "keyring" | "vault");
            let reference = reference.to_string();
            (name.clone(), SecretDocument { kind, reference, encrypted })
        });
        Self {
            name: connection.name.clone(),
            description: connection.description.clone(),
            service: service(connection, context),
            target: target.to_string(),
            host: some(target.authority()),
            user: target.user().map(str::to_owned),
            account: found.and_then(|found| found.account.clone()),
            credential: found.and_then(|found| found.credential.clone()),
            permissions: found.and_then(|found| found.permissions.clone()),
            confined_to: found.and_then(|found| found.confined_to.clone()),
            expires: found.and_then(|found| found.expires).map(exact),
            tested: found.map(Tested::new),
            untested: connection.untested,
            settings: connection.settings.clone(),
            secrets: secrets.collect(),
            source: if connection.from_environment { "environment" } else { "file" },
        }
    }
}

impl Tested {
    fn new(found: &LastTest) -> Self {
        Self { at: exact(found.at), passed: found.passed, clock_skew: found.clock_skew }
    }
}

/// A connection that was saved, and what its test found, if it was tested.
#[derive(Debug, Serialize)]
pub(super) struct SavedDocument {
    pub(super) connection: ConnectionDocument,
    pub(super) report: Option<ReportDocument>,
}

impl SavedDocument {
    pub(super) fn new(
        connection: &Connection,
        report: Option<&ConnectionReport>,
        context: &Context,
    ) -> Self {
        let connection = ConnectionDocument::new(connection, context);
        Self { connection, report: report.map(Into::into) }
    }
}

/// A connection, as people are told of it.
pub(super) fn lines(connection: &Connection, context: &Context) -> Vec<String> {
    let mut table = Table::new();
    let mut row = |name: &str, value: Option<String>| {
        if let Some(value) = value {
            table.row([name, &Shown(&value).to_string()]);
        }
    };
    let found = connection.last_test.as_ref();
    row("description", connection.description.clone());
    row("service", Some(service(connection, context)));
    row("target", Some(connection.target.to_string()));
    row("user", connection.target.user().map(str::to_owned));
    row("account", found.and_then(|found| found.account.clone()));
    row("credential", found.and_then(|found| found.credential.clone()));
    row("permissions", found.and_then(|found| found.permissions.clone()));
    row("confined to", found.and_then(|found| found.confined_to.clone()));
    row("expires", found.and_then(|found| found.expires).map(time));
    row("tested", Some(tested(connection)));
    for (name, value) in &connection.settings {
        row(name, Some(value.clone()));
    }
    for (name, reference) in &connection.secrets {
        row(name, Some(reference.described()));
    }
    if connection.from_environment {
        row("stands in", Some("the environment".to_owned()));
    }
    table.lines(2)
}

/// When it was tested last, and how that went.
pub(super) fn tested(connection: &Connection) -> String {
    match &connection.last_test {
        Some(found) if found.passed => time(found.at),
        Some(found) => format!("{}, and FAILED", time(found.at)),
        None if connection.untested => "never: saved with --no-test".to_owned(),
        None => "never".to_owned(),
    }
}

/// The service by the name that people know.
pub(super) fn service(connection: &Connection, context: &Context) -> String {
    let scheme = connection.target.scheme();
    let factory = context.accounts.registry().factory(scheme);
    let usual = factory.ok().and_then(|factory| factory.schemes().first().copied());
    known_as(usual.unwrap_or(scheme)).to_owned()
}

/// What was saved, and what its test found.
pub(super) fn saved(
    verb: &str,
    connection: &Connection,
    report: Option<&ConnectionReport>,
    context: &mut Context,
) -> Result<()> {
    if context.json {
        let document = SavedDocument::new(connection, report, context);
        return context.out.document(&document);
    }
    if let Some(report) = report {
        let style = context.out.style();
        for line in crate::present::stages::lines(report, style) {
            context.say(line)?;
        }
    }
    let places = connection.secrets.iter();
    let places = places.map(|(name, reference)| format!("; {name} {}", reference.described()));
    let places: String = places.collect();
    let untested = if connection.untested { ", untested" } else { "" };
    context.say(format!("{verb} {}{untested}{}", connection.name, Shown(&places)))
}
