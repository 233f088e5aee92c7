//! What is true of the saved connections and of where their secrets are.

use std::fs;
use std::path::Path;

use wharf::connections::{Connection, Connections, Reference, VaultState};
use wharf::connector::chrono::{DateTime, Utc};
use wharf::connector::futures_util::future::join_all;
use wharf::{Error, RemotePath};

use super::{Check, Outcome};
use crate::command::test::examine;
use crate::context::Context;
use crate::place::Place;

/// Folder, file, connections, vault and keyring.
pub(super) fn kept(context: &Context) -> Vec<Check> {
    let connections = match context.accounts.connections() {
        Ok(connections) => connections,
        Err(error) => return vec![Check::of("connections", Outcome::Failed, &error)],
    };
    let mut checks = vec![
        closed("folder", connections.folder(), 0o077, "chmod 700"),
        closed("connections file", &connections.file(), 0o077, "chmod 600"),
    ];
    let all = connections.list(context.accounts.registry());
    match &all {
        Ok(all) => checks.extend(all.iter().map(|known| one(known, connections, context))),
        Err(error) => checks.push(Check::of("connections", Outcome::Failed, error)),
    }
    checks.push(vault(connections));
    checks.push(keyring(connections, all.as_deref().unwrap_or_default()));
    checks
}

/// Tests all, side by side.
pub(super) async fn tested(context: &mut Context) -> Vec<Check> {
    let all = context
        .accounts
        .connections()
        .and_then(|connections| connections.list(context.accounts.registry()))
        .unwrap_or_default();
    let mut tests = Vec::new();
    for connection in all {
        let name = format!("{}:", connection.name);
        tests.push((name, context.accounts.open(&Place::on(connection))));
    }
    let tests = tests.into_iter().map(|(name, account)| async {
        let tested = match account {
            Ok(account) => examine(&*account, &RemotePath::root()).await.map_err(Into::into),
            Err(failure) => Err(failure),
        };
        match tested {
            Ok(report) => {
                let skew = report.clock_skew.map(|skew| format!(", clock {skew:+} s"));
                Check::passed(name, format!("works{}", skew.unwrap_or_default()))
            }
            Err(failure) => match failure.errors().first() {
                Some(error) => Check::of(name, Outcome::Failed, error),
                None => Check::new(name, Outcome::Failed, "does not work"),
            },
        }
    });
    join_all(tests).await
}

/// This machine's clock against what is known for certain.
pub(super) fn clock(context: &Context) -> Check {
    let name = "clock";
    let all = context
        .accounts
        .connections()
        .and_then(|connections| connections.list(context.accounts.registry()))
        .unwrap_or_default();
    let tests = all.iter().filter_map(|connection| connection.last_test.as_ref());
    let newest = tests.filter(|test| test.clock_skew.is_some()).max_by_key(|test| test.at);
    let now = Utc::now();
    if now < DateTime::UNIX_EPOCH + wharf::connector::chrono::TimeDelta::days(EARLIEST) {
        return Check::new(name, Outcome::Failed, format!("it says {now}, which is long past"))
            .with_remedy(Some("Set the clock, or have it set by the network."));
    }
    let Some((test, skew)) = newest.and_then(|test| Some((test, test.clock_skew?))) else {
        return Check::new(
            name,
            Outcome::Skipped,
            "no connection was tested yet to compare it with",
        );
    };
    let detail = format!("{skew:+} s from a service's, when last compared ({})", test.at);
    if skew.abs() <= MOST {
        return Check::passed(name, detail);
    }
    Check::new(name, Outcome::Warned, detail)
        .with_remedy(Some("Set the clock: addresses that a service signs last a minute."))
}

fn one(connection: &Connection, connections: &Connections, context: &Context) -> Check {
    let name = format!("{}:", connection.name);
    for reference in connection.secrets.values() {
        if let Err(error) = reachable(reference, connections) {
            return Check::of(name, Outcome::Failed, &error);
        }
    }
    if let Err(error) = context.accounts.registry().factory(connection.target.scheme()) {
        return Check::of(name, Outcome::Failed, &error);
    }
    if let Some(warning) = connection.expiry_warning(Utc::now()) {
        let remedy = format!("wharf connection rotate {}", connection.name);
        return Check::new(name, Outcome::Warned, warning).with_remedy(Some(&remedy));
    }
    if connection.secrets.values().any(|reference| matches!(reference, Reference::Plain(_))) {
        let remedy = format!("wharf connection rotate {} --store vault", connection.name);
        return Check::new(name, Outcome::Warned, "its secret stands in the file, NOT ENCRYPTED")
            .with_remedy(Some(&remedy));
    }
    match &connection.last_test {
        Some(test) if test.passed => {
            Check::passed(name, format!("worked when last tested ({})", test.at))
        }
        Some(test) => {
            Check::new(name, Outcome::Warned, format!("failed when last tested ({})", test.at))
                .with_remedy(Some("wharf connection test"))
        }
        None => Check::new(name, Outcome::Warned, "was never tested")
            .with_remedy(Some("wharf connection test")),
    }
}

/// Whether a secret is where it should be, as far as can be seen without asking and running.
fn reachable(reference: &Reference, connections: &Connections) -> Result<(), Error> {
    match reference {
        Reference::Variable(_) | Reference::File(_) | Reference::Missing => {
            connections.secret(reference).map(|_| ())
        }
        _ => Ok(()),
    }
}

fn vault(connections: &Connections) -> Check {
    let path = connections.vault();
    let shown = path.display();
    match connections.vault_state() {
        Ok(VaultState::Missing) => Check::new("vault", Outcome::Skipped, "there is none yet"),
        Ok(VaultState::Identity) => {
            Check::passed("vault", format!("{shown}: an identity file opens it"))
        }
        Ok(_) => Check::passed("vault", format!("{shown}: a passphrase opens it")),
        Err(error) => Check::of("vault", Outcome::Failed, &error),
    }
}

/// That there is no keyring is a failure only where a secret is in it.
fn keyring(connections: &Connections, all: &[Connection]) -> Check {
    let needed = all
        .iter()
        .flat_map(|connection| connection.secrets.values())
        .any(|reference| matches!(reference, Reference::Keyring(_)));
    match connections.check_keyring() {
        Ok(()) => Check::passed("keyring", "there is one, and it answers"),
        Err(error) if needed => Check::of("keyring", Outcome::Failed, &error),
        Err(error) => Check::new("keyring", Outcome::Skipped, error.message()),
    }
}

#[cfg(unix)]
fn closed(name: &str, path: &Path, others: u32, remedy: &str) -> Check {
    use std::os::unix::fs::PermissionsExt;
    let shown = path.display();
    let Ok(metadata) = fs::metadata(path) else {
        return Check::new(name, Outcome::Skipped, format!("{shown} is not there yet"));
    };
    let mode = metadata.permissions().mode() & 0o777;
    let detail = format!("{shown} (mode {mode:03o})");
    match (mode & others, mode & 0o022) {
        (0, _) => Check::passed(name, detail),
        (_, 0) => Check::new(name, Outcome::Warned, format!("{detail} can be read by others"))
            .with_remedy(Some(&format!("{remedy} '{shown}'"))),
        _ => Check::new(name, Outcome::Failed, format!("{detail} can be changed by others"))
            .with_remedy(Some(&format!("{remedy} '{shown}'"))),
    }
}

#[cfg(not(unix))]
fn closed(name: &str, path: &Path, _: u32, _: &str) -> Check {
    let shown = path.display();
    match fs::metadata(path) {
        Ok(_) => Check::passed(name, shown.to_string()),
        Err(_) => Check::new(name, Outcome::Skipped, format!("{shown} is not there yet")),
    }
}

/// More than this is worth a word, in seconds.
const MOST: i64 = 30;
/// In 2026, in days since 1970.
const EARLIEST: i64 = 20_454;
