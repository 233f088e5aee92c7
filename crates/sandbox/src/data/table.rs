//! A map that knows which of its rows changed.

use std::collections::{HashMap, HashSet};
use std::fmt::Display;
use std::hash::Hash;
use std::io;
use std::ops::Deref;

use serde::Serialize;

use super::Lines;

/// Rows by key, for tables that may grow long.
#[derive(Debug)]
pub(crate) struct Table<K, V> {
    rows: HashMap<K, V>,
    /// None while nothing is written down.
    touched: Option<HashSet<K>>,
}

impl<K: Clone + Eq + Hash, V> Table<K, V> {
    /// Notes from now on which rows change.
    pub(crate) fn track(&mut self) {
        self.touched.get_or_insert_default();
    }

    pub(crate) fn insert(&mut self, key: K, row: V) {
        self.touch(&key);
        self.rows.insert(key, row);
    }

    pub(crate) fn remove(&mut self, key: &K) -> Option<V> {
        let row = self.rows.remove(key)?;
        self.touch(key);
        Some(row)
    }

    /// The row, about to be changed.
    pub(crate) fn get_mut(&mut self, key: &K) -> Option<&mut V> {
        let row = self.rows.get_mut(key)?;
        if let Some(touched) = &mut self.touched {
            touched.insert(key.clone());
        }
        Some(row)
    }

    /// The row, of which only what is not written down is about to be changed.
    pub(crate) fn unwritten_mut(&mut self, key: &K) -> Option<&mut V> {
        self.rows.get_mut(key)
    }

    /// Likewise for all rows.
    pub(crate) fn all_unwritten_mut(&mut self) -> impl Iterator<Item = &mut V> {
        self.rows.values_mut()
    }

    pub(crate) fn is_tracked(&self) -> bool {
        self.touched.is_some()
    }

    /// Notes that a row changed.
    pub(crate) fn touch(&mut self, key: &K) {
        if let Some(touched) = &mut self.touched {
            touched.insert(key.clone());
        }
    }

    /// The rows noted and not yet written.
    pub(crate) fn touched(&self) -> impl Iterator<Item = &K> {
        self.touched.iter().flatten()
    }

    /// Writes the rows that changed, or all, in the order of their keys.
    ///
    /// # Errors
    /// When the lines cannot be written.
    pub(crate) fn write(&mut self, name: &str, lines: &mut Lines<'_>) -> io::Result<()>
    where
        K: Display + Ord,
        V: Serialize,
    {
        let touched = self.touched.as_mut().map(std::mem::take).unwrap_or_default();
        let mut keys: Vec<&K> = match lines.are_whole() {
            true => self.rows.keys().collect(),
            false => touched.iter().collect(),
        };
        keys.sort_unstable();
        for key in keys {
            match self.rows.get(key) {
                Some(row) => lines.put(name, key, row)?,
                None => lines.gone(name, key)?,
            }
        }
        Ok(())
    }
}

impl<K, V> Default for Table<K, V> {
    fn default() -> Self {
        Self::from(HashMap::new())
    }
}

impl<K, V> From<HashMap<K, V>> for Table<K, V> {
    fn from(rows: HashMap<K, V>) -> Self {
        Self { rows, touched: None }
    }
}

impl<K, V> Deref for Table<K, V> {
    type Target = HashMap<K, V>;

    fn deref(&self) -> &HashMap<K, V> {
        &self.rows
    }
}
