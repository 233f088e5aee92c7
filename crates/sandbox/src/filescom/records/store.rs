//! The things themselves.

use std::io;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::super::auth::Secret;
use crate::data::{Lines, Rows, Table};

/// One thing: what it shows, and what it does not.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Record {
    pub(crate) id: i64,
    /// The user it belongs to; none if to the whole site.
    pub(crate) owner: Option<i64>,
    pub(crate) fields: Map<String, Value>,
    #[serde(default)]
    pub(crate) password: Option<Secret>,
}

/// All things, by kind and number.
#[derive(Debug)]
pub(crate) struct Records(Table<String, Record>);

impl Records {
    pub(crate) fn new() -> Self {
        Self(Table::default())
    }

    /// # Errors
    /// When what was written cannot be read.
    pub(crate) fn read(rows: &mut Rows) -> io::Result<Self> {
        Ok(Self(rows.table(RECORDS)?.into()))
    }

    pub(crate) fn track(&mut self) {
        self.0.track();
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Those of one kind, the oldest first.
    pub(crate) fn all(&self, kind: &str) -> Vec<&Record> {
        let of_kind = |key: &str| key.split_once('/').is_some_and(|(known, _)| known == kind);
        let found = self.0.iter().filter(|(key, _)| of_kind(key)).map(|(_, record)| record);
        let mut found: Vec<&Record> = found.collect();
        found.sort_by_key(|record| record.id);
        found
    }

    pub(crate) fn get(&self, kind: &str, id: i64) -> Option<&Record> {
        self.0.get(&key(kind, id))
    }

    pub(crate) fn get_mut(&mut self, kind: &str, id: i64) -> Option<&mut Record> {
        self.0.get_mut(&key(kind, id))
    }

    pub(crate) fn insert(&mut self, kind: &str, record: Record) {
        self.0.insert(key(kind, record.id), record);
    }

    pub(crate) fn remove(&mut self, kind: &str, id: i64) -> Option<Record> {
        self.0.remove(&key(kind, id))
    }

    /// Removes those of a kind for which a field has this number.
    pub(crate) fn remove_all(&mut self, kind: &str, field: &str, number: i64) {
        let concerned = |record: &&Record| record.number(field) == Some(number);
        let ids: Vec<i64> =
            self.all(kind).into_iter().filter(concerned).map(|record| record.id).collect();
        for id in ids {
            self.remove(kind, id);
        }
    }

    /// # Errors
    /// When the lines cannot be written.
    pub(crate) fn write(&mut self, lines: &mut Lines<'_>) -> io::Result<()> {
        self.0.write(RECORDS, lines)
    }
}

impl Record {
    pub(crate) fn text(&self, field: &str) -> Option<&str> {
        self.fields.get(field)?.as_str()
    }

    pub(crate) fn number(&self, field: &str) -> Option<i64> {
        self.fields.get(field)?.as_i64()
    }

    pub(crate) fn flag(&self, field: &str) -> bool {
        self.fields.get(field).and_then(Value::as_bool).unwrap_or_default()
    }

    pub(crate) fn set(&mut self, field: &str, value: impl Into<Value>) {
        self.fields.insert(field.to_owned(), value.into());
    }
}

fn key(kind: &str, id: i64) -> String {
    format!("{kind}/{id}")
}

const RECORDS: &str = "filescom.records";
