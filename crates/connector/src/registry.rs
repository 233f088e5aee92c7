//! From a target to a connector.

use std::fmt;
use std::sync::Arc;

use crate::settings::nearest;
use crate::{
    Connector, Error, ErrorKind, Operation, RemotePath, Result, Rooted, SettingSpec, Settings,
    Target,
};

/// Opens connectors of one service.
pub trait Factory: fmt::Debug + Send + Sync {
    /// The schemes it answers to, the usual one first.
    fn schemes(&self) -> &'static [&'static str];

    /// The settings it knows.
    fn settings(&self) -> &'static [SettingSpec];

    /// Opens a connector onto the root of the account. The target's path is not for the
    /// factory to look at.
    ///
    /// It does no I/O, so it is not `async` and cannot half-fail;
    /// [`test_connection`](Connector::test_connection) is the I/O.
    ///
    /// # Errors
    ///
    /// `Invalid` for bad settings, `Unauthenticated` for missing credentials.
    fn open(&self, target: &Target, settings: &Settings) -> Result<Arc<dyn Connector>>;
}

/// The services that a program knows: a value, not a global.
///
/// ```
/// use wharf_connector::{MemoryFactory, Registry, Settings};
///
/// let registry = Registry::new().with(MemoryFactory);
/// let connector = registry.open("memory:/inbox", &Settings::new())?;
/// assert_eq!(connector.info().scheme, "memory");
///
/// let error = registry.open("memry:/inbox", &Settings::new()).unwrap_err();
/// assert_eq!(error.remedy(), Some("Did you mean `memory`?"));
/// # Ok::<(), wharf_connector::Error>(())
/// ```
#[derive(Debug, Clone, Default)]
pub struct Registry {
    factories: Vec<Arc<dyn Factory>>,
}

impl Registry {
    /// No service.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a service. Of two with the same scheme the one added last answers.
    #[must_use]
    pub fn with(mut self, factory: impl Factory + 'static) -> Self {
        self.factories.push(Arc::new(factory));
        self
    }

    /// Opens a target. A path in it becomes the root of the connector.
    ///
    /// # Errors
    ///
    /// `Invalid` for a text that is no target, an unknown scheme (the answer names the
    /// known ones) or bad settings; `Unauthenticated` for missing credentials.
    pub fn open(&self, target: &str, settings: &Settings) -> Result<Arc<dyn Connector>> {
        let target: Target = target.parse()?;
        let path = target.path().clone();
        let connector = self.open_account(&target, settings)?;
        Ok(if path.is_root() { connector } else { Arc::new(Rooted::new(connector, path)) })
    }

    /// Opens the account of a target, whatever its path: the root of the connector is the
    /// root of the account.
    ///
    /// # Errors
    ///
    /// As [`open`](Self::open).
    pub fn open_account(&self, target: &Target, settings: &Settings) -> Result<Arc<dyn Connector>> {
        let factory = self.factory(target.scheme())?;
        let open = || {
            settings.check(factory.settings())?;
            factory.open(&target.clone().with_path(RemotePath::root()), settings)
        };
        let scheme = factory.schemes().first().copied();
        open().map_err(|error| {
            let error = error.during(Operation::Open, &RemotePath::root());
            scheme.into_iter().fold(error, Error::of)
        })
    }

    /// The factory that answers to a scheme.
    ///
    /// # Errors
    ///
    /// `Invalid` for an unknown scheme, naming the known ones.
    pub fn factory(&self, scheme: &str) -> Result<&dyn Factory> {
        let answers = |factory: &&Arc<dyn Factory>| factory.schemes().contains(&scheme);
        let found = self.factories.iter().rev().find(answers);
        found.map(|factory| &**factory).ok_or_else(|| self.unknown(scheme))
    }

    /// All schemes, in the order in which they were added.
    pub fn schemes(&self) -> impl Iterator<Item = &'static str> {
        self.factories.iter().flat_map(|factory| factory.schemes().iter().copied())
    }

    /// All factories, in the order in which they were added.
    pub fn factories(&self) -> impl Iterator<Item = &dyn Factory> {
        self.factories.iter().map(|factory| &**factory)
    }

    fn unknown(&self, scheme: &str) -> Error {
        let error = Error::new(ErrorKind::Invalid, format!("there is no service `{scheme}`"));
        match nearest(scheme, self.schemes()) {
            Some(known) => error.with_remedy(format!("Did you mean `{known}`?")),
            None => {
                let known: Vec<_> = self.schemes().collect();
                error.with_remedy(format!("The known ones are: {}.", known.join(", ")))
            }
        }
    }
}
