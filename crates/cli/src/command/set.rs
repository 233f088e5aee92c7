//! `wharf set`: change what is known about a file or folder.

use std::collections::BTreeMap;

use clap::ArgGroup;
use serde::Serialize;
use wharf::connector::chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, Utc};
use wharf::connector::{Changes, Reached};
use wharf::{Capabilities, Connector, Entry, Error, ErrorKind, Operation, RemotePath};

use crate::context::Context;
use crate::document::EntryDocument;
use crate::failure::{Result, invalid};
use crate::present::escape::Shown;
use crate::present::time::time;

#[derive(Debug, clap::Args)]
#[command(
    after_help = EXAMPLES,
    group = ArgGroup::new("change").required(true).multiple(true)
)]
pub(crate) struct Arguments {
    /// The file or folder
    target: String,

    /// The time of its last change: RFC 3339, or `now`; without a zone it is UTC
    #[arg(long, value_name = "TIME", value_parser = read_time, group = "change")]
    modified: Option<DateTime<Utc>>,

    /// The description; an empty one removes it
    #[arg(long, value_name = "TEXT", group = "change")]
    description: Option<String>,

    /// A tag; all that are given replace all that it has
    #[arg(long = "tag", value_name = "TAG", group = "change")]
    tags: Vec<String>,

    /// Remove all tags
    #[arg(long, conflicts_with = "tags", group = "change")]
    no_tags: bool,

    /// A property of your own; all that are given replace all that it has
    #[arg(
        long = "property",
        value_name = "NAME=VALUE",
        value_parser = read_property,
        group = "change"
    )]
    properties: Vec<(String, String)>,

    /// Remove all properties
    #[arg(long, conflicts_with = "properties", group = "change")]
    no_properties: bool,
}

#[derive(Debug, Serialize)]
struct Document<'a> {
    target: String,
    entry: EntryDocument<'a>,
}

pub(crate) async fn run(arguments: Arguments, context: &mut Context) -> Result<()> {
    let changes = arguments.changes()?;
    let place = context.place(&arguments.target)?;
    let account = context.accounts.open(&place)?;
    check(&changes, &*account, place.path())?;
    let entry = account.update(place.path(), changes.clone()).await?;
    let target = place.to_string();
    if context.json {
        return context.out.document(&Document { target, entry: (&entry).into() });
    }
    let now = summary(&changes, &entry);
    context.say(format!("changed {}: {}", Shown(&target), Shown(&now)))
}

impl Arguments {
    fn changes(&self) -> Result<Changes, Error> {
        let mut changes = Changes::new();
        changes.modified = self.modified;
        changes.description.clone_from(&self.description);
        if self.no_tags || !self.tags.is_empty() {
            changes.tags = Some(self.tags.clone());
        }
        if self.no_properties || !self.properties.is_empty() {
            changes.properties = Some(by_name(&self.properties)?);
        }
        Ok(changes)
    }
}

/// Says in words what the service cannot change, before anything is asked of it.
fn check(changes: &Changes, account: &dyn Connector, path: &RemotePath) -> Result<()> {
    let lacking = changes.needs().difference(account.capabilities());
    let named = |(ability, name): &(Capabilities, &'static str)| {
        lacking.contains(*ability).then_some(*name)
    };
    let names: Vec<&str> = NAMES.iter().filter_map(named).collect();
    if names.is_empty() {
        return Ok(());
    }
    let message = format!("{} cannot be set there", names.join(" and "));
    let error = Error::new(ErrorKind::Unsupported, message)
        .of(account.info().scheme)
        .during(Operation::Update, path)
        .with_reached(Reached::No)
        .with_remedy("Leave it away: nothing was changed.");
    Err(error.into())
}

fn by_name(given: &[(String, String)]) -> Result<BTreeMap<String, String>, Error> {
    let mut properties = BTreeMap::new();
    for (name, value) in given {
        if properties.insert(name.clone(), value.clone()).is_some() {
            let message = format!("the property {name} is given twice");
            return Err(invalid(message, "Give each property once."));
        }
    }
    Ok(properties)
}

/// What was to be changed, as the service holds it now.
fn summary(changes: &Changes, entry: &Entry) -> String {
    let mut parts = Vec::new();
    if changes.modified.is_some() {
        let known = entry.modified.map_or("not told".to_owned(), time);
        parts.push(format!("modified {known}"));
    }
    if changes.description.is_some() {
        let known = entry.description.as_deref().filter(|text| !text.is_empty());
        parts.push(known.map_or("no description".to_owned(), |text| format!("\"{text}\"")));
    }
    if changes.tags.is_some() {
        let known: Vec<&str> = entry.tags.iter().map(|tag| &**tag).collect();
        parts.push(some("tags", &known));
    }
    if changes.properties.is_some() {
        let known: Vec<String> =
            entry.properties.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let known: Vec<&str> = known.iter().map(String::as_str).collect();
        parts.push(some("properties", &known));
    }
    parts.join("; ")
}

fn some(what: &str, known: &[&str]) -> String {
    match known {
        [] => format!("no {what}"),
        known => format!("{what} {}", known.join(", ")),
    }
}

/// A time as this program prints it, as RFC 3339 writes it, or a day.
pub(super) fn read_time(text: &str) -> Result<DateTime<Utc>, &'static str> {
    if text == "now" {
        return Ok(Utc::now());
    }
    if let Ok(time) = DateTime::parse_from_rfc3339(text) {
        return Ok(time.with_timezone(&Utc));
    }
    let plain = text.replacen('T', " ", 1);
    let plain = plain.strip_suffix('Z').unwrap_or(&plain);
    let day = NaiveDate::parse_from_str(plain, "%Y-%m-%d").map(|day| day.and_time(NaiveTime::MIN));
    NaiveDateTime::parse_from_str(plain, "%Y-%m-%d %H:%M:%S%.f")
        .or_else(|_| NaiveDateTime::parse_from_str(plain, "%Y-%m-%d %H:%M"))
        .or(day)
        .map(|time| time.and_utc())
        .map_err(|_| "write 2026-11-01T09:30:00Z, 2026-11-01T10:30:00+01:00, 2026-11-01 or now")
}

fn read_property(text: &str) -> Result<(String, String), &'static str> {
    match text.split_once('=') {
        Some((name, value)) if !name.is_empty() => Ok((name.to_owned(), value.to_owned())),
        _ => Err("the form is NAME=VALUE"),
    }
}

const NAMES: [(Capabilities, &str); 4] = [
    (Capabilities::UPDATE_MODIFIED, "a time"),
    (Capabilities::UPDATE_DESCRIPTION, "a description"),
    (Capabilities::UPDATE_TAGS, "tags"),
    (Capabilities::UPDATE_PROPERTIES, "properties"),
];

const EXAMPLES: &str = "\
What a service cannot change is refused, and then nothing is changed: Files.com keeps a time and \
properties, Boomi MFT a description and tags, this machine a time.

Examples:
  wharf set --tag invoices --tag 2026 mft://anna@mft.acme.com/In/a.csv
  wharf set --modified 2026-11-01T09:30:00Z filescom://acme.files.com/In/a.csv
  wharf set --property origin=acme --property batch=7 acme:/In/a.csv";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::present::time::exact;

    #[test]
    fn times_are_read_as_people_write_them() {
        for (text, want) in [
            ("2026-11-01T09:30:00Z", "2026-11-01T09:30:00Z"),
            ("2026-11-01T10:30:00.25+01:00", "2026-11-01T09:30:00.250Z"),
            ("2026-11-01 09:30:12Z", "2026-11-01T09:30:12Z"),
            ("2026-11-01T09:30", "2026-11-01T09:30:00Z"),
            ("2026-11-01", "2026-11-01T00:00:00Z"),
            ("1969-12-31", "1969-12-31T00:00:00Z"),
        ] {
            assert_eq!(exact(read_time(text).unwrap()), want, "{text}");
        }
        assert!(read_time("now").is_ok());
        for text in ["", "yesterday", "2026-13-01", "2026-11-31", "01.11.2026", "1793525400"] {
            assert!(read_time(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_property_has_a_name_and_comes_once() {
        assert_eq!(read_property("a=b=c"), Ok(("a".to_owned(), "b=c".to_owned())));
        assert_eq!(read_property("a="), Ok(("a".to_owned(), String::new())));
        assert!(read_property("=b").is_err() && read_property("a").is_err());
        let twice = ["a=1", "a=2"].map(|text| read_property(text).unwrap());
        assert!(by_name(&twice).unwrap_err().to_string().contains("twice"));
    }
}
