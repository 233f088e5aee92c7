//! Opening accounts: each once, with settings from arguments, a saved connection or the
//! environment, and a prompt.

use std::sync::Arc;

use wharf::connections::{Connection, Connections, open_with};
use wharf::connector::{Error, SettingSpec};
use wharf::{Connector, ErrorKind, Registry, Settings, Target};

use crate::failure::Result;
use crate::place::{LOCAL, Place};
use crate::prompt;
use crate::setting::{Assignment, from_environment};
use crate::warning;

/// The accounts of one command.
///
/// Places on the same account share a connector: then a copy between them can stay within the
/// service, and one login serves both.
#[derive(Debug)]
pub(crate) struct Accounts {
    registry: Registry,
    settings: Vec<Assignment>,
    /// None where there is no home directory.
    connections: Option<Connections>,
    opened: Vec<(Key, Arc<dyn Connector>)>,
    /// Warnings as documents.
    json: bool,
}

#[derive(Debug, PartialEq, Eq)]
struct Key {
    scheme: String,
    user: Option<String>,
    authority: String,
    connection: Option<String>,
    /// Settings of one end only make it an account of its own.
    role: Option<Role>,
}

/// Which end of a copy an account is at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    From,
    To,
}

impl Accounts {
    pub(crate) fn new(
        registry: Registry,
        settings: Vec<Assignment>,
        connections: Option<Connections>,
        json: bool,
    ) -> Self {
        Self { registry, settings, connections, opened: Vec::new(), json }
    }

    /// The saved connections.
    pub(crate) fn connections(&self) -> Result<&Connections, Error> {
        match &self.connections {
            Some(connections) => Ok(connections),
            // It says why there are none.
            None => Err(Connections::of_this_person()
                .err()
                .unwrap_or_else(|| Error::new(ErrorKind::Other, "there are no connections"))),
        }
    }

    /// The settings given for every account of this command.
    pub(crate) fn given(&self) -> &[Assignment] {
        &self.settings
    }

    /// Reads a place as a person wrote it.
    pub(crate) fn place(&self, text: &str) -> Result<Place, Error> {
        let find = |name: &str| self.connections()?.find(name, &self.registry);
        Place::read(text, &self.registry, find)
    }

    pub(crate) fn registry(&self) -> &Registry {
        &self.registry
    }

    /// What is set for a service without an account: all but secrets.
    pub(crate) fn settings(&self, scheme: &str) -> Result<Settings> {
        let specs = self.registry.factory(scheme)?.settings();
        for assignment in &self.settings {
            check_name(assignment.name(), specs)?;
            let spec = specs.iter().find(|spec| spec.name == assignment.name());
            if let Some(spec) = spec.filter(|spec| spec.secret) {
                assignment.secret(spec)?;
            }
        }
        let open: Vec<SettingSpec> = specs.iter().filter(|spec| !spec.secret).cloned().collect();
        gather(&open, &self.settings)
    }

    /// Sets something for all accounts that know it, unless it is set otherwise.
    pub(crate) fn assume(&mut self, setting: Assignment) {
        self.settings.insert(0, setting);
    }

    /// Opens the account of the only place of a command.
    pub(crate) fn open(&mut self, place: &Place) -> Result<Arc<dyn Connector>> {
        self.check_names(&[place])?;
        let common = self.settings.clone();
        self.account(place, None, common)
    }

    /// Opens the accounts of the two ends of a copy, each with settings of its own on top of
    /// the common ones.
    pub(crate) fn open_both(
        &mut self,
        (from, from_settings): (&Place, &[Assignment]),
        (to, to_settings): (&Place, &[Assignment]),
    ) -> Result<(Arc<dyn Connector>, Arc<dyn Connector>)> {
        self.check_names(&[from, to])?;
        let for_from = self.settings_for(from, to, from_settings)?;
        let for_to = self.settings_for(to, from, to_settings)?;
        let from_role = Some(Role::From).filter(|_| !from_settings.is_empty());
        let to_role = Some(Role::To).filter(|_| !to_settings.is_empty());
        Ok((self.account(from, from_role, for_from)?, self.account(to, to_role, for_to)?))
    }

    /// Opens the account of one end by itself. A common setting that it does not know is meant for
    /// others.
    pub(crate) fn open_end(
        &mut self,
        place: &Place,
        role: Role,
        own: &[Assignment],
    ) -> Result<Arc<dyn Connector>> {
        let settings = self.settings_for(place, place, own)?;
        self.account(place, Some(role).filter(|_| !own.is_empty()), settings)
    }

    /// The common settings, and over them those of one end. A common setting that a service and
    /// this machine's files both know is meant for the service.
    fn settings_for(
        &self,
        place: &Place,
        other: &Place,
        own: &[Assignment],
    ) -> Result<Vec<Assignment>> {
        let specs = self.specs(place)?;
        for assignment in own {
            check_name(assignment.name(), specs)?;
        }
        let is_file = |place: &Place| place.target().scheme() == LOCAL;
        let elsewhere = if is_file(place) && !is_file(other) { self.specs(other)? } else { &[] };
        let for_other =
            |common: &&Assignment| elsewhere.iter().any(|spec| spec.name == common.name());
        let common = self.settings.iter().filter(|common| !for_other(common));
        Ok(common.chain(own).cloned().collect())
    }

    fn specs(&self, place: &Place) -> Result<&[SettingSpec]> {
        Ok(self.registry.factory(place.target().scheme())?.settings())
    }

    fn account(
        &mut self,
        place: &Place,
        role: Option<Role>,
        given: Vec<Assignment>,
    ) -> Result<Arc<dyn Connector>> {
        let target = place.target();
        let key = Key {
            scheme: target.scheme().to_owned(),
            user: target.user().map(str::to_owned),
            authority: target.authority().to_owned(),
            connection: place.connection().map(|connection| connection.name.clone()),
            role,
        };
        if let Some((_, connector)) = self.opened.iter().find(|(known, _)| *known == key) {
            return Ok(connector.clone());
        }
        let connector = match place.connection() {
            Some(connection) => self.connect_saved(connection, &given)?,
            None => self.connect(target, &given)?,
        };
        self.opened.push((key, connector.clone()));
        Ok(connector)
    }

    fn connect(&self, target: &Target, given: &[Assignment]) -> Result<Arc<dyn Connector>> {
        let specs = self.registry.factory(target.scheme())?.settings();
        let settings = for_people(target, gather(specs, given)?);
        let open = |settings: &Settings| self.registry.open_account(target, settings);
        let (connector, _) = asking(specs, target, settings, false, open)?;
        Ok(connector)
    }

    /// A saved connection is complete in itself: what the environment says about the service in
    /// general does not count for it. What is given by argument does.
    fn connect_saved(
        &self,
        connection: &Connection,
        given: &[Assignment],
    ) -> Result<Arc<dyn Connector>> {
        let is_open =
            |key: &Key| key.connection.as_deref().is_some_and(|name| name == connection.name);
        if !self.opened.iter().any(|(key, _)| is_open(key)) {
            warning::expiry(connection, self.json);
        }
        let specs = self.registry.factory(connection.target.scheme())?.settings();
        let saved = self.connections()?.settings(&without(connection, given), specs)?;
        let settings = for_people(&connection.target, over(saved, specs, given)?);
        let open = |settings: &Settings| open_with(connection, settings, &self.registry);
        let (connector, _) = asking(specs, &connection.target, settings, true, open)?;
        Ok(connector)
    }

    /// A common setting counts wherever it is known, and must be known somewhere.
    fn check_names(&self, places: &[&Place]) -> Result<()> {
        let mut specs: Vec<SettingSpec> = Vec::new();
        for place in places {
            specs.extend(self.specs(place)?.iter().cloned());
        }
        for assignment in &self.settings {
            check_name(assignment.name(), &specs)?;
        }
        Ok(())
    }
}

/// Opens an account; if a secret is missing, asks for it. What was opened comes with all settings.
pub(crate) fn asking(
    specs: &[SettingSpec],
    target: &Target,
    settings: Settings,
    is_named: bool,
    open: impl Fn(&Settings) -> Result<Arc<dyn Connector>, Error>,
) -> Result<(Arc<dyn Connector>, Settings)> {
    match open(&settings) {
        Err(error) if error.kind() == ErrorKind::Unauthenticated => {
            let Some(spec) = missing_secret(specs, &settings) else {
                return Err(error.into());
            };
            let secret = prompt::secret(spec, target, error, is_named)?;
            let settings = settings.with_secret(spec.name, secret);
            Ok((open(&settings)?, settings))
        }
        opened => Ok((opened?, settings)),
    }
}

/// A connection less the secrets that are given anew: they need not be fetched.
fn without(connection: &Connection, given: &[Assignment]) -> Connection {
    let mut connection = connection.clone();
    connection.secrets.retain(|name, _| given.iter().all(|given| given.name() != name));
    connection
}

/// What was given last wins, and over the environment.
fn gather(specs: &[SettingSpec], given: &[Assignment]) -> Result<Settings> {
    let mut settings = Settings::new();
    for spec in specs {
        if given.iter().all(|given| given.name() != spec.name) {
            settings = add_from_environment(settings, spec)?;
        }
    }
    over(settings, specs, given)
}

/// Settings, and over them what was given; of that the last wins.
pub(crate) fn over(
    mut settings: Settings,
    specs: &[SettingSpec],
    given: &[Assignment],
) -> Result<Settings> {
    for spec in specs {
        let given = given.iter().rev().find(|given| given.name() == spec.name);
        settings = match given {
            Some(given) if spec.secret => settings.with_secret(spec.name, given.secret(spec)?),
            Some(given) => settings.with(spec.name, given.text()?),
            None => settings,
        };
    }
    Ok(settings)
}

/// A person who names a path of this machine means by it what the system does: links lead where
/// they lead.
fn for_people(target: &Target, settings: Settings) -> Settings {
    if target.scheme() == LOCAL && !settings.contains(FOLLOW) {
        return settings.with(FOLLOW, "true");
    }
    settings
}

/// Whether a service knows a setting of this name.
pub(crate) fn check_name(name: &str, specs: &[SettingSpec]) -> Result<(), Error> {
    let optional: Vec<SettingSpec> = specs
        .iter()
        .cloned()
        .map(|mut spec| {
            spec.required = false;
            spec
        })
        .collect();
    Settings::new().with(name, "").check(&optional)
}

fn add_from_environment(settings: Settings, spec: &SettingSpec) -> Result<Settings, Error> {
    let Some(variable) = spec.env else {
        return Ok(settings);
    };
    Ok(match from_environment(variable)? {
        Some(value) if spec.secret => settings.with_secret(spec.name, value),
        Some(value) => settings.with(spec.name, value),
        None => settings,
    })
}

/// The secret to ask for: a required one first, else the first that the service knows.
pub(crate) fn missing_secret<'a>(
    specs: &'a [SettingSpec],
    settings: &Settings,
) -> Option<&'a SettingSpec> {
    let missing = |spec: &&SettingSpec| spec.secret && !settings.contains(spec.name);
    let mut required = specs.iter().filter(|spec| spec.required);
    required.find(missing).or_else(|| specs.iter().find(missing))
}

const FOLLOW: &str = "follow_symlinks";
