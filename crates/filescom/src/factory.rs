//! From a target and settings to a connector.

use std::fmt;
use std::sync::Arc;

use wharf_connector::{
    Connector, Error, ErrorKind, Factory, Result, SettingSpec, Settings, Target,
};
use wharf_service::Manners;
use wharf_transport::{Exchange, HttpExchange};

use crate::client::Client;
use crate::config::{Config, SETTINGS};
use crate::connector::FilesCom;

/// Opens [`FilesCom`] by `filescom://SITE/path`, and by `filescom+http://` where the site is a
/// stand-in on this machine.
///
/// All connectors of a factory share its connections, but for those with a `connect_timeout` of
/// their own. `SITE` may be a subdomain, a host, or empty
/// for `app.files.com`.
///
/// ```
/// use wharf_connector::{Registry, Settings};
/// use wharf_filescom::FilesComFactory;
///
/// let registry = Registry::new().with(FilesComFactory::default());
/// let settings = Settings::new().with_secret("api_key", "0123456789abcdef");
/// let inbox = registry.open("filescom://acme.files.com/inbox", &settings)?;
/// assert_eq!(inbox.info().host.as_deref(), Some("acme.files.com"));
/// # Ok::<(), wharf_connector::Error>(())
/// ```
pub struct FilesComFactory {
    exchange: Arc<dyn Exchange>,
}

impl FilesComFactory {
    /// A factory whose connectors use these connections. Share one exchange in a process.
    pub fn new(exchange: Arc<dyn Exchange>) -> Self {
        Self { exchange }
    }
}

impl Default for FilesComFactory {
    /// A factory with connections of its own.
    fn default() -> Self {
        Self::new(Arc::new(HttpExchange::new()))
    }
}

impl Factory for FilesComFactory {
    fn schemes(&self) -> &'static [&'static str] {
        &[crate::SCHEME, PLAIN]
    }

    fn settings(&self) -> &'static [SettingSpec] {
        SETTINGS
    }

    fn open(&self, target: &Target, settings: &Settings) -> Result<Arc<dyn Connector>> {
        if target.user().is_some() {
            let message = "the target has a user in it, and Files.com is opened by a key alone";
            return Err(Error::new(ErrorKind::Invalid, message)
                .with_remedy("Leave out everything up to and including the @."));
        }
        let site = match target.scheme() {
            PLAIN => format!("http://{}", target.authority()),
            _ => target.authority().to_owned(),
        };
        let config = Config::from_settings(&site, settings)?;
        let manners = Manners::from_settings(settings)?;
        let client = Client::builder(config)
            .exchange(manners.exchange(&self.exchange))
            .timeouts(manners.timeouts)
            .retry(manners.retry)
            .build()?;
        Ok(Arc::new(FilesCom::new(client)))
    }
}

impl fmt::Debug for FilesComFactory {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FilesComFactory").finish_non_exhaustive()
    }
}

/// For stand-ins on this machine, which have no TLS.
const PLAIN: &str = "filescom+http";

#[cfg(test)]
mod tests {
    use super::*;

    fn open(target: &str) -> Result<Arc<dyn Connector>> {
        let settings = Settings::new().with_secret("api_key", "planted");
        FilesComFactory::default().open(&target.parse()?, &settings)
    }

    #[test]
    fn targets_lead_to_hosts() {
        for (target, host) in [
            ("filescom://acme.files.com/in", "acme.files.com"),
            ("filescom://acme/", "acme.files.com"),
            ("filescom:", "app.files.com"),
            ("filescom://files.acme.com:8443/", "files.acme.com:8443"),
            ("filescom+http://127.0.0.1:4010/", "127.0.0.1:4010"),
        ] {
            assert_eq!(open(target).unwrap().info().host.as_deref(), Some(host), "{target}");
        }
    }

    #[test]
    fn what_cannot_be_opened_is_refused_without_the_key() {
        for target in [
            "filescom+http://acme.files.com/",
            "filescom://me@acme.files.com/",
            "filescom://http://acme/",
        ] {
            let error = open(target).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Invalid, "{target}: {error}");
            assert!(!format!("{error:?}").contains("planted"), "{error:?}");
        }
    }
}
