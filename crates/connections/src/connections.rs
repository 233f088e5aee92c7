//! All connections of one person: the file, and what the environment adds.

mod change;
mod exchange;
mod keep;
mod unlock;
mod variables;

pub use exchange::{read_exported, seal_export, unseal_export};
pub use keep::Store;
pub use unlock::VaultState;

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use wharf_connector::secrecy::ExposeSecret;
use wharf_connector::{
    Connector, Error, ErrorKind, Registry, Result, Rooted, SettingSpec, Settings, nearest,
};

use crate::connection::Connection;
use crate::document::{Document, malformed};
use crate::environment::Environment;
use crate::failure::{invalid, open_to_others};
use crate::folder::{Folder, OTHERS, OTHERS_WRITE, content};
use crate::keyring::Keyring;
use crate::passphrase::AskPassphrase;
use crate::reference::Reference;
use unlock::Opened;

/// The connections of one person.
///
/// Everything here reads or writes files, and may run commands or ask a keyring: in an
/// asynchronous program, call it where blocking is allowed. Nothing is read before the first
/// call, and every call reads anew, so that what another process saved is seen.
///
/// ```
/// use wharf_connections::{Connection, Connections, Environment};
/// use wharf_connector::{MemoryFactory, Registry};
///
/// let folder = tempfile::tempdir()?;
/// let registry = Registry::new().with(MemoryFactory);
/// let connections = Connections::at(folder.path(), Environment::of_process());
/// connections.add(&Connection::new("scratch", "memory:/inbox")?, &registry)?;
///
/// let inbox = connections.open("scratch", &registry)?;
/// assert_eq!(inbox.info().scheme, "memory");
///
/// let error = connections.open("scrach", &registry).unwrap_err();
/// assert_eq!(error.remedy(), Some("Did you mean `scratch`?"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct Connections {
    folder: Folder,
    environment: Environment,
    keyring: Keyring,
    ask: Option<Arc<dyn AskPassphrase>>,
    opened: Mutex<Option<Opened>>,
}

impl Connections {
    /// The connections where this platform keeps them: `$WHARF_CONFIG_DIR`, else
    /// `~/.config/wharf` (`$XDG_CONFIG_HOME/wharf`) on Linux, `~/Library/Application
    /// Support/wharf` on macOS, `%APPDATA%\wharf` on Windows.
    ///
    /// # Errors
    ///
    /// `Invalid` where there is no home directory.
    pub fn of_this_person() -> Result<Self> {
        let environment = Environment::of_process();
        let folder = Folder::of(&environment)?;
        Ok(Self::new(folder, environment))
    }

    /// The connections in a folder, which need not exist yet.
    pub fn at(folder: impl Into<PathBuf>, environment: Environment) -> Self {
        Self::new(Folder::new(folder.into()), environment)
    }

    fn new(folder: Folder, environment: Environment) -> Self {
        let keyring = Keyring::default();
        Self { folder, environment, keyring, ask: None, opened: Mutex::new(None) }
    }

    /// Asks here for the passphrase of the vault, when the environment does not tell it.
    #[must_use]
    pub fn with_passphrase(mut self, ask: impl AskPassphrase + 'static) -> Self {
        self.ask = Some(Arc::new(ask));
        self
    }

    /// The folder.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// The connections file, which need not exist.
    pub fn file(&self) -> PathBuf {
        self.folder.connections()
    }

    /// The vault, which need not exist.
    pub fn vault(&self) -> PathBuf {
        self.folder.vault()
    }

    /// The names: those of the environment, then those of the file in its order.
    ///
    /// # Errors
    ///
    /// Those of reading the file: `Invalid` if it cannot be understood, or is open to others.
    pub fn names(&self) -> Result<Vec<String>> {
        let mut names = variables::names(&self.environment);
        for name in self.document()?.names() {
            if !names.iter().any(|known| variables::is_same(known, &name)) {
                names.push(name);
            }
        }
        Ok(names)
    }

    /// All connections.
    ///
    /// # Errors
    ///
    /// As [`names`](Self::names).
    pub fn list(&self, registry: &Registry) -> Result<Vec<Connection>> {
        let document = self.document()?;
        let read = |name: String| self.find_in(&document, &name, registry);
        self.names()?.into_iter().filter_map(|name| read(name).transpose()).collect()
    }

    /// One connection, by its name. One of the environment comes before one of the file.
    ///
    /// # Errors
    ///
    /// `Invalid` for an unknown name, with the nearest known one; and those of
    /// [`names`](Self::names).
    pub fn find(&self, name: &str, registry: &Registry) -> Result<Connection> {
        let found = self.find_in(&self.document()?, name, registry)?;
        found.map_or_else(|| Err(self.unknown(name)), Ok)
    }

    fn find_in(
        &self,
        document: &Document,
        name: &str,
        registry: &Registry,
    ) -> Result<Option<Connection>> {
        match variables::find(&self.environment, name, registry)? {
            Some(connection) => Ok(Some(connection)),
            None => document.find(name),
        }
    }

    /// Opens a connection. A path in its target becomes the root.
    ///
    /// # Errors
    ///
    /// As [`find`](Self::find) and [`settings`](Self::settings), and those of the service for
    /// bad settings.
    pub fn open(&self, name: &str, registry: &Registry) -> Result<Arc<dyn Connector>> {
        let connection = self.find(name, registry)?;
        let specs = registry.factory(connection.target.scheme())?.settings();
        let settings = self.settings(&connection, specs)?;
        open_with(&connection, &settings, registry)
    }

    /// The settings of a connection, with its secrets fetched from where they are.
    ///
    /// # Errors
    ///
    /// `Invalid` for a secret that stands among the settings in the clear; and whatever keeps a
    /// secret from being fetched: `Unauthenticated` where it is not, or where the vault does
    /// not open, `Unsupported` without a keyring, `Invalid` for files open to others.
    pub fn settings(&self, connection: &Connection, specs: &[SettingSpec]) -> Result<Settings> {
        let is_secret = |name: &str| specs.iter().any(|spec| spec.secret && spec.name == name);
        let mut settings = Settings::new();
        for (name, value) in &connection.settings {
            if is_secret(name) {
                return Err(in_the_clear(&connection.name, name));
            }
            settings = settings.with(name, value);
        }
        for (name, reference) in &connection.secrets {
            let secret = self.secret(reference);
            let secret = secret.map_err(|error| about(error, &connection.name, name))?;
            settings = match is_secret(name) {
                true => settings.with_secret(name, secret),
                false => settings.with(name, secret.expose_secret()),
            };
        }
        Ok(settings)
    }

    pub(crate) fn document(&self) -> Result<Document> {
        let path = self.folder.connections();
        let Some((bytes, mode)) = content(FILE, &path)? else {
            return Ok(Document::begun());
        };
        if mode & OTHERS_WRITE != 0 {
            return Err(open_to_others(FILE, &path, mode));
        }
        let text = String::from_utf8(bytes).map_err(|_| malformed("it is not UTF-8"))?;
        let document = Document::read(&text)
            .map_err(|error| error.with_remedy(format!("Mend {}.", path.display())))?;
        if mode & OTHERS != 0 && document.has_plain()? {
            return Err(open_to_others(FILE, &path, mode));
        }
        Ok(document)
    }

    fn unknown(&self, name: &str) -> Error {
        let error = invalid(
            format!("there is no connection `{name}`"),
            "Make it with: wharf connection add NAME TARGET.",
        );
        let names = self.names().unwrap_or_default();
        match nearest(name, names.iter().map(String::as_str)) {
            Some(known) => error.with_remedy(format!("Did you mean `{known}`?")),
            None if names.is_empty() => error,
            None => error.with_remedy(format!("The known ones are: {}.", names.join(", "))),
        }
    }
}

/// Opens a connection with settings that are complete. A path in its target becomes the root.
///
/// # Errors
///
/// Those of the service, for bad settings.
pub fn open_with(
    connection: &Connection,
    settings: &Settings,
    registry: &Registry,
) -> Result<Arc<dyn Connector>> {
    let account = registry.open_account(&connection.target, settings)?;
    let root = connection.target.path();
    Ok(match root.is_root() {
        true => account,
        false => Arc::new(Rooted::new(account, root.clone())),
    })
}

fn in_the_clear(connection: &str, setting: &str) -> Error {
    invalid(
        format!("`{setting}` of {connection} is a secret, and stands in the clear"),
        format!(
            "Take it out of the settings, renew it, and give the new one: wharf connection \
             rotate {connection}."
        ),
    )
}

/// Names the connection and the setting that an error is about.
fn about(error: Error, connection: &str, setting: &str) -> Error {
    let message = format!("the {setting} of {connection} cannot be had: {}", error.message());
    let wrapped = Error::new(error.kind(), message);
    match error.remedy() {
        Some(remedy) => wrapped.with_remedy(remedy.to_owned()),
        None => wrapped,
    }
}

pub(crate) fn not_here(reference: &Reference) -> Error {
    Error::new(ErrorKind::Unauthenticated, format!("the secret is {}", reference.described()))
        .with_remedy("Give it: wharf connection rotate NAME.")
}

const FILE: &str = "the connections file";

#[cfg(test)]
mod tests;
