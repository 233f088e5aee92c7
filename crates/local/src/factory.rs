//! From a target to a folder of this machine.

use std::sync::Arc;

use wharf_connector::{
    Connector, Error, ErrorKind, Factory, Result, SettingSpec, Settings, Target,
};

use crate::Local;
use crate::local::SCHEME;

/// Opens [`Local`] by the scheme `file`.
///
/// The path of the target is a path from the root of the file system, unless the setting
/// `root` names another folder. On Windows the root of the file system is that of the
/// current drive; name another drive by `root`.
///
/// ```
/// use wharf_connector::{Registry, Settings};
/// use wharf_local::LocalFactory;
///
/// let registry = Registry::new().with(LocalFactory);
/// let inbox = registry.open("file:///var/inbox", &Settings::new())?;
/// assert!(inbox.info().root.as_str().ends_with("/var/inbox"));
/// # Ok::<(), wharf_connector::Error>(())
/// ```
#[derive(Debug, Clone, Copy, Default)]
#[expect(clippy::exhaustive_structs, reason = "it has nothing to configure")]
pub struct LocalFactory;

impl Factory for LocalFactory {
    fn schemes(&self) -> &'static [&'static str] {
        &[SCHEME]
    }

    fn settings(&self) -> &'static [SettingSpec] {
        SETTINGS
    }

    fn open(&self, target: &Target, settings: &Settings) -> Result<Arc<dyn Connector>> {
        if target.user().is_some() || !matches!(target.authority(), "" | "localhost") {
            return Err(Error::new(ErrorKind::Invalid, "a file target has no host and no user")
                .with_remedy("Write it with three slashes, as in file:///var/inbox."));
        }
        let flag = |name| settings.parse::<bool>(name).map(Option::unwrap_or_default);
        let local = Local::new(settings.text("root").unwrap_or("/"))
            .with_follow_symlinks(flag("follow_symlinks")?)
            .with_skip_special(flag("skip_special")?)
            .with_fsync(flag("fsync")?);
        Ok(Arc::new(local))
    }
}

const SETTINGS: &[SettingSpec] = &[
    SettingSpec::new("root", "folder of this machine that is the root").default_value("/"),
    SettingSpec::new("follow_symlinks", "follow symbolic links that stay in the root")
        .default_value("false"),
    SettingSpec::new("skip_special", "leave links, devices, pipes and sockets out of listings")
        .default_value("false"),
    SettingSpec::new("fsync", "put a file on the disk before it gets its name")
        .default_value("false"),
];

#[cfg(test)]
mod tests {
    use wharf_connector::Registry;

    use super::*;

    #[test]
    fn a_host_a_user_and_a_bad_flag_are_refused() {
        let registry = Registry::new().with(LocalFactory);
        let bad = Settings::new().with("fsync", "perhaps");
        for (target, settings) in [
            ("file://server/share", Settings::new()),
            ("file://anna@localhost/x", Settings::new()),
            ("file:///x", bad),
        ] {
            let error = registry.open(target, &settings).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Invalid, "{target}");
        }
        assert!(registry.open("file://localhost/x", &Settings::new()).is_ok());
    }

    #[test]
    fn settings_reach_the_connector() {
        let settings = Settings::new().with("root", "/srv").with("follow_symlinks", "true");
        let opened = LocalFactory.open(&"file:///".parse().unwrap(), &settings).unwrap();
        let shown = format!("{opened:?}");
        assert!(shown.contains("/srv") && shown.contains("follow_symlinks: true"), "{shown}");
    }
}
