//! Settings of a backend, by name.

use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

use secrecy::{ExposeSecret, SecretString};

use crate::{Error, ErrorKind, Result, quantity};

/// What a backend is configured with, by the names of its [`SettingSpec`]s.
///
/// ```
/// use wharf_connector::Settings;
///
/// let settings = Settings::new().with("page_size", "100").with_secret("api_key", "0123abc");
/// assert_eq!(settings.text("page_size"), Some("100"));
/// assert!(!format!("{settings:?}").contains("0123abc"));
/// ```
#[derive(Debug, Clone, Default)]
pub struct Settings(BTreeMap<String, SettingValue>);

/// The value of one setting.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum SettingValue {
    /// May be shown.
    Text(String),
    /// May not.
    Secret(SecretString),
}

impl Settings {
    /// No setting.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a setting that may be shown.
    #[must_use]
    pub fn with(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.0.insert(name.into(), SettingValue::Text(value.into()));
        self
    }

    /// Adds a secret.
    #[must_use]
    pub fn with_secret(mut self, name: impl Into<String>, value: impl Into<SecretString>) -> Self {
        self.0.insert(name.into(), SettingValue::Secret(value.into()));
        self
    }

    /// Whether a setting is there.
    pub fn contains(&self, name: &str) -> bool {
        self.0.contains_key(name)
    }

    /// The names of the settings that are there.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    /// A setting that may be shown.
    pub fn text(&self, name: &str) -> Option<&str> {
        match self.0.get(name)? {
            SettingValue::Text(text) => Some(text),
            SettingValue::Secret(_) => None,
        }
    }

    /// A secret, however it was given.
    pub fn secret(&self, name: &str) -> Option<SecretString> {
        Some(match self.0.get(name)? {
            SettingValue::Text(text) => text.clone().into(),
            SettingValue::Secret(secret) => secret.expose_secret().to_owned().into(),
        })
    }

    /// A setting read as another type.
    ///
    /// # Errors
    ///
    /// `Invalid`, naming the setting, when the text cannot be read.
    pub fn parse<T>(&self, name: &str) -> Result<Option<T>>
    where
        T: std::str::FromStr,
        T::Err: fmt::Display,
    {
        self.read(name, str::parse)
    }

    /// A number of bytes, as [`quantity::bytes`] reads it.
    ///
    /// # Errors
    ///
    /// `Invalid`, naming the setting.
    pub fn bytes(&self, name: &str) -> Result<Option<u64>> {
        self.read(name, quantity::bytes)
    }

    /// A time, as [`quantity::time`] reads it.
    ///
    /// # Errors
    ///
    /// `Invalid`, naming the setting.
    pub fn time(&self, name: &str) -> Result<Option<Duration>> {
        self.read(name, quantity::time)
    }

    fn read<T, E: fmt::Display>(
        &self,
        name: &str,
        read: impl FnOnce(&str) -> std::result::Result<T, E>,
    ) -> Result<Option<T>> {
        let Some(text) = self.text(name) else {
            return Ok(None);
        };
        let value = read(text).map_err(|error| {
            Error::new(ErrorKind::Invalid, format!("the setting `{name}` is {text:?}: {error}"))
        })?;
        Ok(Some(value))
    }

    /// Checks names and presence against what a backend knows.
    ///
    /// # Errors
    ///
    /// `Invalid` for a setting that the backend does not know, with the nearest name that
    /// it does, for one that is given as a secret and is none, and for a required one that is
    /// missing.
    pub fn check(&self, specs: &[SettingSpec]) -> Result<()> {
        for (name, value) in &self.0 {
            match specs.iter().find(|spec| spec.name == name) {
                None => return Err(unknown(name, specs)),
                Some(spec) if !spec.secret && matches!(value, SettingValue::Secret(_)) => {
                    let message = format!("the setting `{name}` is no secret");
                    return Err(Error::new(ErrorKind::Invalid, message)
                        .with_remedy("Give it as a setting that may be shown."));
                }
                Some(_) => {}
            }
        }
        match specs.iter().find(|spec| spec.required && !self.contains(spec.name)) {
            Some(missing) => Err(missing_setting(missing)),
            None => Ok(()),
        }
    }
}

/// What a setting is: it feeds the program's help, the documentation and redaction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct SettingSpec {
    /// The name, such as `api_key`.
    pub name: &'static str,
    /// What it does, in one line.
    pub help: &'static str,
    /// Whether it must never be shown.
    pub secret: bool,
    /// Whether the backend cannot do without it.
    pub required: bool,
    /// What holds when it is not given, for people.
    pub default: Option<&'static str>,
    /// The environment variable by which programs take it. Libraries read none.
    pub env: Option<&'static str>,
}

impl SettingSpec {
    /// A setting that may be shown and may be left out.
    pub const fn new(name: &'static str, help: &'static str) -> Self {
        Self { name, help, secret: false, required: false, default: None, env: None }
    }

    /// Marks it as secret.
    #[must_use]
    pub const fn secret(mut self) -> Self {
        self.secret = true;
        self
    }

    /// Marks it as required.
    #[must_use]
    pub const fn required(mut self) -> Self {
        self.required = true;
        self
    }

    /// Says what holds when it is not given.
    #[must_use]
    pub const fn default_value(mut self, default: &'static str) -> Self {
        self.default = Some(default);
        self
    }

    /// Names the environment variable by which programs take it.
    #[must_use]
    pub const fn env(mut self, variable: &'static str) -> Self {
        self.env = Some(variable);
        self
    }

    /// Several tables as one, of `N` settings in all: a backend's own, and what it shares.
    ///
    /// ```
    /// use wharf_connector::SettingSpec;
    ///
    /// const OWN: [SettingSpec; 1] = [SettingSpec::new("site", "where it lies")];
    /// const SHARED: [SettingSpec; 1] = [SettingSpec::new("timeout", "how long to wait")];
    /// const SETTINGS: [SettingSpec; 2] = SettingSpec::joined(&[&OWN, &SHARED]);
    /// assert_eq!(SETTINGS[1].name, "timeout");
    /// ```
    ///
    /// # Panics
    ///
    /// If there are more or fewer than `N`: in a constant, that is an error of the compiler.
    #[expect(clippy::indexing_slicing, reason = "a constant function has no iterators")]
    pub const fn joined<const N: usize>(tables: &[&[Self]]) -> [Self; N] {
        let mut all = [const { Self::new("", "") }; N];
        let (mut at, mut table) = (0, 0);
        while table < tables.len() {
            let mut row = 0;
            while row < tables[table].len() {
                all[at] = tables[table][row];
                (at, row) = (at + 1, row + 1);
            }
            table += 1;
        }
        assert!(at == N, "the tables have fewer settings");
        all
    }
}

fn unknown(name: &str, specs: &[SettingSpec]) -> Error {
    let message = format!("there is no setting `{name}`");
    let error = Error::new(ErrorKind::Invalid, message);
    match nearest(name, specs.iter().map(|spec| spec.name)) {
        Some(nearest) => error.with_remedy(format!("Did you mean `{nearest}`?")),
        None if specs.is_empty() => error.with_remedy("This service has no settings."),
        None => {
            let names: Vec<_> = specs.iter().map(|spec| spec.name).collect();
            error.with_remedy(format!("The settings are: {}.", names.join(", ")))
        }
    }
}

fn missing_setting(spec: &SettingSpec) -> Error {
    let message = format!("the setting `{}` is missing: {}", spec.name, spec.help);
    let kind = if spec.secret { ErrorKind::Unauthenticated } else { ErrorKind::Invalid };
    let error = Error::new(kind, message);
    match spec.env {
        Some(variable) => error.with_remedy(format!("Set it, or the variable {variable}.")),
        None => error,
    }
}

/// The known word that is nearest to one that is not known, if it is near enough to have been
/// meant: for two letters changed, added or dropped at most.
///
/// ```
/// use wharf_connector::nearest;
///
/// assert_eq!(nearest("acmee", ["globex", "acme"].into_iter()), Some("acme"));
/// assert_eq!(nearest("initech", ["globex", "acme"].into_iter()), None);
/// ```
pub fn nearest<'a>(word: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let word = word.to_lowercase();
    let far = |known: &str| distance(&word, &known.to_lowercase());
    let found = known.min_by_key(|known| far(known))?;
    (far(found) <= NEAR.min(word.chars().count().div_ceil(2))).then_some(found)
}

const NEAR: usize = 2;

/// The number of letters to change, add or drop to make one word of the other.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, letter) in a.chars().enumerate() {
        let mut diagonal = i;
        let mut left = i + 1;
        for (cell, other) in row.iter_mut().skip(1).zip(&b) {
            let changed = diagonal + usize::from(letter != *other);
            diagonal = *cell;
            left = changed.min(left + 1).min(diagonal + 1);
            *cell = left;
        }
        if let Some(first) = row.first_mut() {
            *first = i + 1;
        }
    }
    row.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    const SPECS: &[SettingSpec] = &[
        SettingSpec::new("api_key", "the key").secret().required().env("KEY"),
        SettingSpec::new("page_size", "entries per page"),
    ];

    #[test]
    fn unknown_and_missing_settings_are_named() {
        let complete = Settings::new().with_secret("api_key", "k");
        assert!(complete.check(SPECS).is_ok());
        let typo = complete.clone().with("page-size", "1").check(SPECS).unwrap_err();
        assert_eq!(typo.remedy(), Some("Did you mean `page_size`?"));
        let odd = complete.with("x", "1").check(SPECS).unwrap_err();
        assert!(odd.remedy().unwrap().contains("api_key, page_size"));
        let hidden = Settings::new().with_secret("api_key", "k").with_secret("page_size", "1");
        assert!(hidden.check(SPECS).unwrap_err().to_string().contains("page_size"));
        let missing = Settings::new().check(SPECS).unwrap_err();
        assert_eq!(missing.kind(), ErrorKind::Unauthenticated);
        assert!(missing.remedy().unwrap().contains("KEY"));
    }

    #[test]
    fn a_bad_value_names_its_setting() {
        let settings = Settings::new().with("page_size", "many");
        for error in [
            settings.parse::<u32>("page_size").unwrap_err(),
            settings.bytes("page_size").unwrap_err(),
            settings.time("page_size").unwrap_err(),
        ] {
            assert_eq!(error.kind(), ErrorKind::Invalid);
            assert!(error.to_string().contains("page_size"), "{error}");
        }
    }

    #[test]
    fn distance_counts_letters() {
        for (a, b, want) in [("", "", 0), ("a", "", 1), ("kitten", "sitting", 3), ("ab", "ba", 2)] {
            assert_eq!(distance(a, b), want, "{a} {b}");
        }
    }
}
