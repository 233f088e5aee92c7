//! The settings of this service, and how they become a [`Config`].

use wharf_connector::{SettingSpec, Settings};
use wharf_service::MANNERS;

use super::{Config, Credentials, missing_key};
use crate::error::{Error, Result};

impl Config {
    /// Reads the settings that [`SETTINGS`] names.
    ///
    /// # Errors
    ///
    /// `Unauthenticated` without a key; `Invalid` for a key or a value that cannot be right. Neither
    /// shows the key.
    pub fn from_settings(site: &str, settings: &Settings) -> Result<Self> {
        let key = settings.secret("api_key").ok_or_else(missing_key)?;
        let mut config = Self::new(site, Credentials::api_key(key)?);
        config.workspace_id = told(settings.parse("workspace_id"))?;
        set(&mut config.page_size, told(settings.parse("page_size"))?);
        set(&mut config.parallel, told(settings.parse("parallel"))?);
        set(&mut config.part_size, told(settings.bytes("part_size"))?);
        set(&mut config.upload_buffer, told(settings.bytes("upload_buffer"))?);
        set(&mut config.checksum_wait, told(settings.time("checksum_wait"))?);
        set(&mut config.migration_timeout, told(settings.time("migration_timeout"))?);
        set(&mut config.poll_interval, told(settings.time("poll_interval"))?);
        config.check()?;
        Ok(config)
    }
}

/// What the settings say, or our error of it.
pub(super) fn told<T>(read: wharf_connector::Result<T>) -> Result<T> {
    read.map_err(|error| Error::new(error.kind(), error.message().to_owned()))
}

fn set<T>(field: &mut T, value: Option<T>) {
    if let Some(value) = value {
        *field = value;
    }
}

/// The settings of this service, for the registry, the program's help and the documentation:
/// its own, and the [manners](wharf_service::MANNERS) that all services share.
pub const SETTINGS: &[SettingSpec] =
    &SettingSpec::joined::<{ OWN.len() + MANNERS.len() }>(&[&OWN, &MANNERS]);

const OWN: [SettingSpec; 9] = [
    SettingSpec::new("api_key", "the API key, letters and digits")
        .secret()
        .required()
        .env("FILES_API_KEY"),
    SettingSpec::new("workspace_id", "the workspace to work in, by its number"),
    SettingSpec::new("page_size", "entries to ask for at once in a listing, 1 to 10000")
        .default_value("1000"),
    SettingSpec::new("part_size", "least size of an upload's part, 5MiB to 5GiB")
        .default_value("16MiB"),
    SettingSpec::new("parallel", "parts of an upload sent at the same time, 1 to 64")
        .default_value("4"),
    SettingSpec::new("upload_buffer", "memory for parts of contents that can be read once only")
        .default_value("64MiB"),
    SettingSpec::new("checksum_wait", "how long a verified write waits for checksums, in seconds")
        .default_value("10s"),
    SettingSpec::new("migration_timeout", "how long a copy or rename may take, in seconds")
        .default_value("600s"),
    SettingSpec::new("poll_interval", "longest pause between two looks at work in the background")
        .default_value("1s"),
];

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use wharf_connector::ErrorKind;

    use super::*;

    #[test]
    fn settings_are_read_and_checked() {
        let key = || Settings::new().with_secret("api_key", "planted");
        let settings = key()
            .with("part_size", "8MiB")
            .with("parallel", "2")
            .with("page_size", "50")
            .with("checksum_wait", "1.5s")
            .with("migration_timeout", "2m")
            .with("workspace_id", "0");
        let config = Config::from_settings("acme", &settings).unwrap();
        assert_eq!((config.part_size, config.parallel, config.page_size), (8 << 20, 2, 50));
        assert_eq!(config.checksum_wait, Duration::from_millis(1500));
        assert_eq!(config.migration_timeout, Duration::from_secs(120));
        assert_eq!(config.workspace_id, Some(0));
        for (name, value) in [
            ("part_size", "4MiB"),
            ("part_size", "many"),
            ("parallel", "0"),
            ("parallel", "65"),
            ("page_size", "10001"),
            ("page_size", "-1"),
            ("upload_buffer", "1"),
            ("checksum_wait", "-1"),
            ("poll_interval", "0"),
            ("workspace_id", "main"),
        ] {
            let error = Config::from_settings("acme", &key().with(name, value)).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Invalid, "{name}={value}");
            assert!(error.to_string().contains(name), "{error}");
            assert!(!format!("{error} {error:?}").contains("planted"), "{error}");
        }
        let error = Config::from_settings("acme", &Settings::new()).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Unauthenticated);
    }
}
