//! The state as it was read: rows by table and key, until someone takes them.

use std::collections::{BTreeMap, HashMap};
use std::fmt::Display;
use std::hash::Hash;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};
use std::str::FromStr;

use serde::de::DeserializeOwned;
use serde_json::value::RawValue;

use super::lines::Row;
use crate::blob::{Adoption, Blob};

/// What a journal tells, read to its end.
#[derive(Debug)]
pub(crate) struct Rows {
    path: PathBuf,
    tables: BTreeMap<String, BTreeMap<String, Found>>,
    adoption: Option<Adoption>,
}

#[derive(Debug)]
struct Found {
    line: usize,
    value: Box<RawValue>,
}

impl Rows {
    pub(super) fn new(path: &Path) -> Self {
        Self { path: path.to_owned(), tables: BTreeMap::new(), adoption: None }
    }

    /// Takes a row from a line of the journal, in the place of an earlier one.
    pub(super) fn take(&mut self, line: usize, row: Row) {
        let table = self.tables.entry(row.table).or_default();
        match row.value {
            Some(value) => drop(table.insert(row.key, Found { line, value })),
            None => drop(table.remove(&row.key)),
        }
    }

    /// Content is looked up here.
    pub(super) fn with_content(mut self, adoption: Adoption) -> Self {
        self.adoption = Some(adoption);
        self
    }

    /// All rows of a table.
    ///
    /// # Errors
    /// When one is not what it should be.
    pub(crate) fn table<K, V>(&mut self, name: &str) -> io::Result<HashMap<K, V>>
    where
        K: FromStr + Eq + Hash,
        V: DeserializeOwned,
    {
        let rows = self.tables.remove(name).unwrap_or_default();
        let rows = rows.into_iter().map(|(key, found)| {
            let unfit = || wrong(&self.path, found.line, &format!("{key} is no key of {name}"));
            let read = key.parse().map_err(|_| unfit())?;
            Ok((read, self.value(name, &key, found)?))
        });
        rows.collect()
    }

    /// The one row of a table that has this key.
    ///
    /// # Errors
    /// When there is none, or it is not what it should be.
    pub(crate) fn one<V: DeserializeOwned>(&mut self, table: &str, key: &str) -> io::Result<V> {
        let found = self.tables.get_mut(table).and_then(|rows| rows.remove(key));
        let found = found.ok_or_else(|| self.broken(&format!("{table} {key} is not there")))?;
        self.value(table, key, found)
    }

    /// Gives content its files.
    ///
    /// # Errors
    /// When they are not there, or not whole.
    pub(crate) fn adopt(&mut self, blob: &mut Blob) -> io::Result<()> {
        let adopted = self.adoption.as_mut().map(|adoption| adoption.adopt(blob));
        match adopted {
            Some(Err(error)) => Err(self.broken(&format!("its content is not there: {error}"))),
            _ => Ok(()),
        }
    }

    /// An error about the state as a whole.
    pub(crate) fn broken(&self, why: &dyn Display) -> io::Error {
        let text = format!("{}: {why}. {LEFT_ALONE}", self.path.display());
        io::Error::new(ErrorKind::InvalidData, text)
    }

    /// Removes the content that nothing claimed.
    ///
    /// # Errors
    /// When the folder cannot be read.
    pub(super) fn sweep(self) -> io::Result<()> {
        self.adoption.map_or(Ok(()), Adoption::sweep)
    }

    /// # Errors
    /// When there are rows that nobody took: they would be lost.
    pub(super) fn check_taken(&self) -> io::Result<()> {
        match self.tables.iter().find(|(_, rows)| !rows.is_empty()) {
            None => Ok(()),
            Some((table, _)) => Err(self.broken(&format!("nobody knows what {table} is"))),
        }
    }

    fn value<V: DeserializeOwned>(&self, table: &str, key: &str, found: Found) -> io::Result<V> {
        serde_json::from_str(found.value.get())
            .map_err(|error| wrong(&self.path, found.line, &format!("{table} {key}: {error}")))
    }
}

/// An error in one line of a journal.
pub(super) fn wrong(path: &Path, line: usize, why: &dyn Display) -> io::Error {
    let text = format!("{}, line {line}: {why}. {LEFT_ALONE}", path.display());
    io::Error::new(ErrorKind::InvalidData, text)
}

const LEFT_ALONE: &str = "Nothing was changed: mend the file, or start in another folder";
