//! What a connector is.

use crate::{Limits, RemotePath};

/// What a connector is, without a secret in it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Info {
    /// The scheme it is opened by, such as `filescom`.
    pub scheme: &'static str,
    /// The service's name for people, such as `Files.com`.
    pub label: &'static str,
    /// The host it speaks to, with the port if that is not the usual one.
    pub host: Option<String>,
    /// The account as it was configured. Services that know a key alone have none.
    pub user: Option<String>,
    /// Where the connector's root lies on the service.
    pub root: RemotePath,
    /// The measures within which names and files must stay.
    pub limits: Limits,
}

impl Info {
    /// Scheme and label, and nothing more.
    pub fn new(scheme: &'static str, label: &'static str) -> Self {
        Self {
            scheme,
            label,
            host: None,
            user: None,
            root: RemotePath::root(),
            limits: Limits::default(),
        }
    }

    /// Sets the host.
    #[must_use]
    pub fn with_host(mut self, host: impl Into<String>) -> Self {
        self.host = Some(host.into());
        self
    }

    /// Sets the account.
    #[must_use]
    pub fn with_user(mut self, user: impl Into<String>) -> Self {
        self.user = Some(user.into());
        self
    }

    /// Sets where the root lies.
    #[must_use]
    pub fn with_root(mut self, root: RemotePath) -> Self {
        self.root = root;
        self
    }

    /// Sets the limits.
    #[must_use]
    pub fn with_limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }
}
