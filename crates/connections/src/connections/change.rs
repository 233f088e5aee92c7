//! Changing the connections file: each change is read, made and saved under the lock.

use wharf_connector::{Error, ErrorKind, Registry, Result};

use super::{Connections, FILE};
use crate::connection::Connection;
use crate::document::Document;
use crate::failure::invalid;
use crate::folder::replace;
use crate::name::check_name;

impl Connections {
    /// Checks that a connection of this name can be added.
    ///
    /// # Errors
    ///
    /// `Invalid` for a text that can be no name, or is a scheme of the registry;
    /// `AlreadyExists` for a name that differs from a known one in nothing or in case alone.
    pub fn check_free(&self, name: &str, registry: &Registry) -> Result<()> {
        check_name(name)?;
        if registry.schemes().any(|scheme| scheme.eq_ignore_ascii_case(name)) {
            return Err(invalid(
                format!("`{name}` is the name of a service, so that {name}: would mean two things"),
                "Choose another name.",
            ));
        }
        self.names()?.iter().find(|known| known.eq_ignore_ascii_case(name)).map_or(Ok(()), taken)
    }

    /// Adds a connection.
    ///
    /// # Errors
    ///
    /// As [`check_free`](Self::check_free); those of reading and of saving the file, which then
    /// is as it was.
    pub fn add(&self, connection: &Connection, registry: &Registry) -> Result<()> {
        self.check_free(&connection.name, registry)?;
        self.change(|document| {
            // Another process may have been quicker.
            let known = document.names();
            let mut known = known.iter();
            let same = known.find(|known| known.eq_ignore_ascii_case(&connection.name));
            same.map_or(Ok(()), taken)?;
            document.put(connection);
            Ok(())
        })
    }

    /// Changes a connection, as it is in the file at that moment.
    ///
    /// # Errors
    ///
    /// Those of `edit`; `Invalid` for an unknown name or one of the environment; those of
    /// reading and of saving the file, which then is as it was.
    pub fn update(
        &self,
        name: &str,
        edit: impl FnOnce(&mut Connection) -> Result<()>,
    ) -> Result<()> {
        self.change(|document| {
            let mut connection = document.find(name)?.ok_or_else(|| self.not_in_the_file(name))?;
            edit(&mut connection)?;
            document.put(&connection);
            Ok(())
        })
    }

    /// Gives a connection another name.
    ///
    /// # Errors
    ///
    /// As [`check_free`](Self::check_free) and [`update`](Self::update).
    pub fn rename(&self, from: &str, to: &str, registry: &Registry) -> Result<()> {
        if !from.eq_ignore_ascii_case(to) {
            self.check_free(to, registry)?;
        }
        check_name(to)?;
        self.change(|document| {
            if document.find(from)?.is_none() {
                return Err(self.not_in_the_file(from));
            }
            let mut others = document.names().into_iter().filter(|name| name != from);
            let same = others.find(|name| name.eq_ignore_ascii_case(to));
            same.as_ref().map_or(Ok(()), taken)?;
            document.rename(from, to);
            Ok(())
        })
    }

    /// Takes a connection out of the file, and returns it. Its secrets stay where they are: see
    /// [`forget`](Self::forget).
    ///
    /// # Errors
    ///
    /// As [`update`](Self::update).
    pub fn remove(&self, name: &str) -> Result<Connection> {
        self.change(|document| {
            let connection = document.find(name)?.ok_or_else(|| self.not_in_the_file(name))?;
            document.remove(name);
            Ok(connection)
        })
    }

    fn change<T>(&self, change: impl FnOnce(&mut Document) -> Result<T>) -> Result<T> {
        let lock = self.folder.lock()?;
        let mut document = self.document()?;
        let before = document.text();
        let done = change(&mut document)?;
        let after = document.text();
        if before != after {
            replace(FILE, &self.file(), after.as_bytes(), &lock)?;
        }
        Ok(done)
    }

    fn not_in_the_file(&self, name: &str) -> Error {
        let is_variable = super::variables::names(&self.environment)
            .iter()
            .any(|known| super::variables::is_same(known, name));
        if is_variable {
            return invalid(
                format!("the connection `{name}` stands in the environment, not in the file"),
                "Change its variables.",
            );
        }
        self.unknown(name)
    }
}

fn taken(name: &String) -> Result<()> {
    Err(Error::new(ErrorKind::AlreadyExists, format!("there is a connection `{name}` already"))
        .with_remedy(format!(
            "Choose another name; or change that one: wharf connection edit {name}, or rotate."
        )))
}
