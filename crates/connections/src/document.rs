//! The connections file: TOML that people edit too, so that comments, order and blanks stay.
//!
//! ```text
//! [connection.acme]
//! description = "Orders of Acme"
//! target = "filescom://acme.files.com/"
//! settings = { page_size = "500" }
//! secrets = { api_key = "vault:acme/api_key" }
//! ```

mod table;

use toml_edit::{DocumentMut, Item, Table};
use wharf_connector::{Error, ErrorKind, Result};

use crate::connection::Connection;
use crate::reference::Reference;

/// The text of a connections file, taken apart.
#[derive(Debug, Clone, Default)]
pub(crate) struct Document(DocumentMut);

impl Document {
    /// A file that begins with a word on what it is.
    pub(crate) fn begun() -> Self {
        let mut document = DocumentMut::new();
        document.set_trailing("");
        let mut connections = Table::new();
        connections.set_implicit(true);
        connections.decor_mut().set_prefix(HEADING);
        document.insert(CONNECTION, Item::Table(connections));
        Self(document)
    }

    /// Reads the text of a file.
    ///
    /// The parser's own message quotes the line, which may hold a secret; only its place is told.
    pub(crate) fn read(text: &str) -> Result<Self> {
        let document = text.parse::<DocumentMut>().map_err(|error| {
            let at = error.span().map_or(0, |span| span.start);
            let line = text.get(..at).unwrap_or(text).matches('\n').count() + 1;
            malformed(format!("line {line} is no TOML: {}", error.message()))
        })?;
        let document = Self(document);
        document.check_roots()?;
        Ok(document)
    }

    pub(crate) fn text(&self) -> String {
        self.0.to_string()
    }

    /// The names of the connections, in the order of the file.
    pub(crate) fn names(&self) -> Vec<String> {
        let tables = self.tables().into_iter();
        tables.flat_map(|table| table.iter().map(|(name, _)| name.to_owned())).collect()
    }

    /// One connection, if there is one of that name.
    pub(crate) fn find(&self, name: &str) -> Result<Option<Connection>> {
        let Some(item) = self.tables().and_then(|table| table.get(name)) else {
            return Ok(None);
        };
        let table = item
            .as_table_like()
            .ok_or_else(|| malformed(format!("`{CONNECTION}.{name}` is no table")))?;
        table::read(name, table).map(Some)
    }

    /// Adds a connection, or brings one up to date. What has not changed keeps its form.
    pub(crate) fn put(&mut self, connection: &Connection) {
        let missing = self.tables().is_none_or(|table| !table.contains_key(&connection.name));
        let is_first = self.names().is_empty();
        let root = self.0.entry(CONNECTION).or_insert_with(|| {
            let mut table = Table::new();
            table.set_implicit(true);
            Item::Table(table)
        });
        let Some(root) = root.as_table_like_mut() else {
            return;
        };
        if missing {
            let mut table = Table::new();
            let prefix = if is_first { format!("{HEADING}\n") } else { "\n".to_owned() };
            table.decor_mut().set_prefix(prefix);
            root.insert(&connection.name, Item::Table(table));
        }
        if let Some(table) = root.get_mut(&connection.name).and_then(Item::as_table_like_mut) {
            table::write(connection, table);
        }
    }

    /// Takes a connection out. Says whether there was one.
    pub(crate) fn remove(&mut self, name: &str) -> bool {
        let root = self.0.get_mut(CONNECTION).and_then(Item::as_table_like_mut);
        root.is_some_and(|root| root.remove(name).is_some())
    }

    /// Gives a connection another name, in the same place.
    pub(crate) fn rename(&mut self, from: &str, to: &str) {
        let Some(root) = self.0.get_mut(CONNECTION).and_then(Item::as_table_like_mut) else {
            return;
        };
        let position = |item: &Item| item.as_table().and_then(Table::position);
        if let Some(mut item) = root.remove(from) {
            if let (Some(at), Some(table)) = (position(&item), item.as_table_mut()) {
                table.set_position(Some(at));
            }
            root.insert(to, item);
        }
    }

    /// Whether a secret stands in the file itself.
    pub(crate) fn has_plain(&self) -> Result<bool> {
        for name in self.names() {
            let connection = self.find(&name)?;
            let mut secrets = connection.iter().flat_map(|found| found.secrets.values());
            if secrets.any(|secret| matches!(secret, Reference::Plain(_))) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// The identity file that opens the vault.
    pub(crate) fn vault_identity(&self) -> Option<&str> {
        self.0.get(VAULT)?.as_table_like()?.get(IDENTITY)?.as_str()
    }

    fn tables(&self) -> Option<&dyn toml_edit::TableLike> {
        self.0.get(CONNECTION)?.as_table_like()
    }

    /// A misspelt heading would make its connections disappear.
    fn check_roots(&self) -> Result<()> {
        for (name, item) in self.0.iter() {
            if ![CONNECTION, VAULT].contains(&name) {
                return Err(malformed(format!("there is no `{name}` at its top level")));
            }
            if item.as_table_like().is_none() {
                return Err(malformed(format!("`{name}` is no table")));
            }
        }
        Ok(())
    }
}

/// A file that cannot be understood is never written over.
pub(crate) fn malformed(what: impl std::fmt::Display) -> Error {
    Error::new(ErrorKind::Invalid, format!("the connections cannot be read: {what}"))
        .with_remedy("Mend the file, or put it aside. Nothing was changed.")
}

const CONNECTION: &str = "connection";
const VAULT: &str = "vault";
const IDENTITY: &str = "identity";
const HEADING: &str = "\
# Connections of wharf. Secrets are not kept here, only where they are.
# This file may be edited by hand; comments stay.
";

#[cfg(test)]
mod tests;
