//! From a target and settings to a connector.

use std::fmt;
use std::sync::Arc;

use wharf_connector::{Connector, Factory, Result, SettingSpec, Settings, Target};
use wharf_service::Manners;
use wharf_transport::{Exchange, HttpExchange};

use crate::client::Client;
use crate::config::{Config, SETTINGS};
use crate::connector::Mft;

/// Opens [`Mft`] by `mft://USER@SERVER/path`, and by `mft+http://` where the server is a stand-in
/// on this machine.
///
/// All connectors of a factory share its connections, but for those with a `connect_timeout` of
/// their own.
///
/// ```
/// use wharf_connector::{Registry, Settings};
/// use wharf_mft::MftFactory;
///
/// let registry = Registry::new().with(MftFactory::default());
/// let settings = Settings::new().with_secret("password", "planted");
/// let inbox = registry.open("mft://anna@files.acme.com/In", &settings)?;
/// assert_eq!(inbox.info().host.as_deref(), Some("files.acme.com"));
/// assert_eq!(inbox.info().user.as_deref(), Some("anna"));
/// # Ok::<(), wharf_connector::Error>(())
/// ```
pub struct MftFactory {
    exchange: Arc<dyn Exchange>,
}

impl MftFactory {
    /// A factory whose connectors use these connections. Share one exchange in a process.
    pub fn new(exchange: Arc<dyn Exchange>) -> Self {
        Self { exchange }
    }
}

impl Default for MftFactory {
    /// A factory with connections of its own.
    fn default() -> Self {
        Self::new(Arc::new(HttpExchange::new()))
    }
}

impl Factory for MftFactory {
    fn schemes(&self) -> &'static [&'static str] {
        &[crate::SCHEME, PLAIN]
    }

    fn settings(&self) -> &'static [SettingSpec] {
        SETTINGS
    }

    fn open(&self, target: &Target, settings: &Settings) -> Result<Arc<dyn Connector>> {
        let server = match (target.scheme(), target.authority()) {
            (_, "") => String::new(),
            (PLAIN, authority) => format!("http://{authority}"),
            (_, authority) => authority.to_owned(),
        };
        let config = Config::from_settings(&server, target.user(), settings)?;
        let manners = Manners::from_settings(settings)?;
        let client = Client::builder(config)
            .exchange(manners.exchange(&self.exchange))
            .timeouts(manners.timeouts)
            .retry(manners.retry)
            .build()?;
        Ok(Arc::new(Mft::new(client)))
    }
}

impl fmt::Debug for MftFactory {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MftFactory").finish_non_exhaustive()
    }
}

/// For stand-ins on this machine, which have no TLS.
const PLAIN: &str = "mft+http";

#[cfg(test)]
mod tests {
    use wharf_connector::ErrorKind;

    use super::*;

    fn open(target: &str) -> Result<Arc<dyn Connector>> {
        let settings = Settings::new().with_secret("password", "planted");
        MftFactory::default().open(&target.parse()?, &settings)
    }

    #[test]
    fn targets_lead_to_servers() {
        for (target, host, user) in [
            ("mft://anna@files.acme.com/in", "files.acme.com", "anna"),
            ("mft://anna%40acme.com@h.example:8443", "h.example:8443", "anna@acme.com"),
            ("mft+http://Admin@127.0.0.1:4010/", "127.0.0.1:4010", "Admin"),
        ] {
            let connector = open(target).unwrap();
            let info = connector.info();
            assert_eq!(info.host.as_deref(), Some(host), "{target}");
            assert_eq!(info.user.as_deref(), Some(user), "{target}");
        }
    }

    #[test]
    fn what_cannot_be_opened_is_refused_without_the_password() {
        for (target, kind) in [
            ("mft+http://anna@files.acme.com/", ErrorKind::Invalid),
            ("mft://files.acme.com/", ErrorKind::Unauthenticated),
            ("mft:", ErrorKind::Unauthenticated),
            ("mft://anna@", ErrorKind::Invalid),
        ] {
            let error = open(target).unwrap_err();
            assert_eq!(error.kind(), kind, "{target}: {error}");
            assert!(!format!("{error:?}").contains("planted"), "{error:?}");
        }
    }
}
