//! One connection as a table of TOML.

use std::collections::BTreeMap;

use toml_edit::{Datetime, InlineTable, Item, TableLike, Value};
use wharf_connector::chrono::{DateTime, SecondsFormat, Utc};
use wharf_connector::{ConnectionReport, Result, Target};

use super::malformed;
use crate::connection::{Connection, LastTest};
use crate::name::check_name;
use crate::reference::Reference;

pub(super) fn read(name: &str, table: &dyn TableLike) -> Result<Connection> {
    let here = Place { name, table };
    check_name(name).map_err(|error| {
        malformed("a name in it can be none").with_remedy(error.remedy().unwrap_or("").to_owned())
    })?;
    here.check_keys()?;
    let target = here.text(TARGET)?.ok_or_else(|| here.wrong(TARGET, "missing"))?;
    let mut connection =
        Connection::new(name, &target).map_err(|error| here.wrong(TARGET, error.message()))?;
    connection.description = here.text(DESCRIPTION)?;
    connection.untested = here.boolean(TESTED)? == Some(false);
    connection.settings = here.pairs(SETTINGS)?;
    for (setting, text) in here.pairs(SECRETS)? {
        let reference: Reference = text.parse().map_err(|error: wharf_connector::Error| {
            let remedy = error.remedy().unwrap_or("").to_owned();
            here.wrong(&format!("{SECRETS}.{setting}"), error.message()).with_remedy(remedy)
        })?;
        connection.secrets.insert(setting, reference);
    }
    connection.last_test = here.last_test()?;
    Ok(connection)
}

/// Writes what differs, and leaves the rest in its form.
pub(super) fn write(connection: &Connection, table: &mut dyn TableLike) {
    set(table, DESCRIPTION, connection.description.as_deref().map(Value::from));
    // A target is written in several ways.
    let written = table.get(TARGET).and_then(Item::as_str).map(str::parse);
    if !written.is_some_and(|target| target.is_ok_and(|target: Target| target == connection.target))
    {
        set(table, TARGET, Some(connection.target.to_string().into()));
    }
    set(table, TESTED, connection.untested.then(untested));
    set_pairs(table, SETTINGS, &connection.settings);
    let written = |(name, reference): (&String, &Reference)| (name.clone(), reference.written());
    set_pairs(table, SECRETS, &connection.secrets.iter().map(written).collect());
    if connection.last_test.is_none() {
        table.remove(LAST_TEST);
    }
    let Some(found) = &connection.last_test else {
        return;
    };
    if table.get(LAST_TEST).and_then(Item::as_table_like).is_none() {
        table.insert(LAST_TEST, Item::Table(toml_edit::Table::new()));
    }
    let Some(table) = table.get_mut(LAST_TEST).and_then(Item::as_table_like_mut) else {
        return;
    };
    set(table, AT, Some(moment(found.at)));
    set(table, PASSED, Some(found.passed.into()));
    set(table, ACCOUNT, found.account.as_deref().map(Value::from));
    set(table, CREDENTIAL, found.credential.as_deref().map(Value::from));
    set(table, PERMISSIONS, found.permissions.as_deref().map(Value::from));
    set(table, CONFINED_TO, found.confined_to.as_deref().map(Value::from));
    set(table, EXPIRES, found.expires.map(moment));
    set(table, CLOCK_SKEW, found.clock_skew.map(Value::from));
}

/// A table, and whose it is.
struct Place<'a> {
    name: &'a str,
    table: &'a dyn TableLike,
}

impl Place<'_> {
    fn wrong(&self, key: &str, what: &str) -> wharf_connector::Error {
        malformed(format!("`{key}` of {} is wrong: {what}", self.name))
    }

    /// A misspelt key would be a setting that does nothing.
    fn check_keys(&self) -> Result<()> {
        match self.table.iter().find(|(key, _)| !KEYS.contains(key)) {
            // What was meant may be a secret; the names of our own keys are not.
            Some(_) => {
                let known = KEYS.join(", ");
                Err(malformed(format!("{} has a key that is not known", self.name)).with_remedy(
                    format!(
                        "The known ones are: {known}. Settings of the service \
                        belong below `{SETTINGS}`, references to secrets below `{SECRETS}`."
                    ),
                ))
            }
            None => Ok(()),
        }
    }

    fn text(&self, key: &str) -> Result<Option<String>> {
        let Some(item) = self.table.get(key) else {
            return Ok(None);
        };
        let text = item.as_str().ok_or_else(|| self.wrong(key, "it is no text"))?;
        Ok(Some(text.to_owned()))
    }

    fn boolean(&self, key: &str) -> Result<Option<bool>> {
        let Some(item) = self.table.get(key) else {
            return Ok(None);
        };
        let value =
            item.as_bool().ok_or_else(|| self.wrong(key, "it is neither true nor false"))?;
        Ok(Some(value))
    }

    fn time(&self, key: &str) -> Result<Option<DateTime<Utc>>> {
        let Some(item) = self.table.get(key) else {
            return Ok(None);
        };
        let text = match (item.as_datetime(), item.as_str()) {
            (Some(moment), _) => moment.to_string(),
            (None, Some(text)) => text.to_owned(),
            (None, None) => String::new(),
        };
        let time = DateTime::parse_from_rfc3339(&text);
        Ok(Some(time.map_err(|_| self.wrong(key, "it is no time with an offset"))?.to_utc()))
    }

    /// Texts by name; numbers and booleans are taken as they are written.
    fn pairs(&self, key: &str) -> Result<BTreeMap<String, String>> {
        let Some(item) = self.table.get(key) else {
            return Ok(BTreeMap::new());
        };
        let table = item.as_table_like().ok_or_else(|| self.wrong(key, "it is no table"))?;
        let pair = |(name, item): (&str, &Item)| {
            let text = match item.as_value() {
                Some(Value::String(text)) => text.value().clone(),
                Some(Value::Integer(number)) => number.value().to_string(),
                Some(Value::Boolean(value)) => value.value().to_string(),
                _ => return Err(self.wrong(&format!("{key}.{name}"), "it is no plain value")),
            };
            Ok((name.to_owned(), text))
        };
        table.iter().map(pair).collect()
    }

    fn last_test(&self) -> Result<Option<LastTest>> {
        let Some(item) = self.table.get(LAST_TEST) else {
            return Ok(None);
        };
        let table = item.as_table_like().ok_or_else(|| self.wrong(LAST_TEST, "it is no table"))?;
        let here = Place { name: self.name, table };
        let Some(at) = here.time(AT)? else {
            return Ok(None);
        };
        let mut found = LastTest::passed(at, &ConnectionReport::new());
        found.passed = here.boolean(PASSED)?.unwrap_or(false);
        found.account = here.text(ACCOUNT)?;
        found.credential = here.text(CREDENTIAL)?;
        found.permissions = here.text(PERMISSIONS)?;
        found.confined_to = here.text(CONFINED_TO)?;
        found.expires = here.time(EXPIRES)?;
        found.clock_skew = table.get(CLOCK_SKEW).and_then(Item::as_integer);
        Ok(Some(found))
    }
}

fn set(table: &mut dyn TableLike, key: &str, value: Option<Value>) {
    let Some(mut value) = value else {
        table.remove(key);
        return;
    };
    match table.get_mut(key).and_then(Item::as_value_mut) {
        Some(old) if is_same(old, &value) => {}
        Some(old) => {
            // The blanks and the comment around the old value stay.
            *value.decor_mut() = old.decor().clone();
            *old = value;
        }
        None => {
            table.insert(key, Item::Value(value));
        }
    }
}

/// A table of texts, brought up to date pair by pair.
fn set_pairs(table: &mut dyn TableLike, key: &str, pairs: &BTreeMap<String, String>) {
    if pairs.is_empty() {
        table.remove(key);
        return;
    }
    if table.get(key).and_then(Item::as_table_like).is_none() {
        table.insert(key, Item::Value(Value::InlineTable(InlineTable::new())));
    }
    let Some(table) = table.get_mut(key).and_then(Item::as_table_like_mut) else {
        return;
    };
    let names: Vec<String> = table.iter().map(|(name, _)| name.to_owned()).collect();
    for name in names.iter().filter(|name| !pairs.contains_key(*name)) {
        table.remove(name);
    }
    for (name, text) in pairs {
        let same = table.get(name).and_then(Item::as_value).is_some_and(|old| is_text(old, text));
        if !same {
            set(table, name, Some(text.as_str().into()));
        }
    }
}

/// Whether a value reads as this text: a number written as one stays one.
fn is_text(value: &Value, text: &str) -> bool {
    match value {
        Value::String(old) => old.value() == text,
        Value::Integer(old) => old.value().to_string() == text,
        Value::Boolean(old) => old.value().to_string() == text,
        _ => false,
    }
}

fn is_same(one: &Value, other: &Value) -> bool {
    let bare = |value: &Value| value.clone().decorated("", "").to_string();
    match (one.as_str(), other.as_str()) {
        (Some(one), Some(other)) => one == other,
        _ => bare(one) == bare(other),
    }
}

fn untested() -> Value {
    let mut value = Value::from(false);
    value.decor_mut().set_prefix(" ");
    value.decor_mut().set_suffix(" # saved with --no-test");
    value
}

/// To the second: nobody cares for more.
fn moment(time: DateTime<Utc>) -> Value {
    let text = time.to_rfc3339_opts(SecondsFormat::Secs, true);
    text.parse::<Datetime>().map_or_else(|_| Value::from(text), Value::from)
}

const DESCRIPTION: &str = "description";
const TARGET: &str = "target";
const TESTED: &str = "tested";
const SETTINGS: &str = "settings";
const SECRETS: &str = "secrets";
const LAST_TEST: &str = "last_test";
const KEYS: [&str; 6] = [DESCRIPTION, TARGET, TESTED, SETTINGS, SECRETS, LAST_TEST];

const AT: &str = "at";
const PASSED: &str = "passed";
const ACCOUNT: &str = "account";
const CREDENTIAL: &str = "credential";
const PERMISSIONS: &str = "permissions";
const CONFINED_TO: &str = "confined_to";
const EXPIRES: &str = "expires";
const CLOCK_SKEW: &str = "clock_skew";
