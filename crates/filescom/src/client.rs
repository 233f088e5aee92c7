//! The client: one account on one site.

use std::fmt;
use std::sync::Arc;

use serde::de::DeserializeOwned;
use wharf_service::Budget;
use wharf_transport::{
    Answer, Exchange, Request, Response, RetryPolicy, Timeouts, Transport, TransportBuilder,
};

use crate::api::{
    Actions, CurrentKey, Files, Folders, Groups, Migrations, Sessions, ShareLinks,
    ShareNotifications, ShareVisitors, Users,
};
use crate::config::{Config, Credentials};
use crate::dialect::FilesComDialect;
use crate::error::Result;
use crate::partner::Partner;
use crate::raw::Raw;

/// A client of one site of Files.com, on behalf of one key or session.
///
/// Cheap to clone; clones share connections, the host that the service may have moved us to, and
/// the memory budget of uploads. It starts nothing in the background.
///
/// ```
/// use wharf_filescom::{Client, Config, Credentials};
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let sandbox = wharf_sandbox::Sandbox::start().await?;
/// # let (site, key) = (sandbox.filescom_url(), sandbox.keys().full.clone());
/// let client = Client::new(Config::new(site, Credentials::api_key(key)?))?;
/// let folder = client.folders().create("reports/2026").await?;
/// assert!(folder.is_directory());
/// # Ok(()) }
/// ```
#[derive(Clone)]
pub struct Client(Arc<Shared>);

struct Shared {
    transport: Transport,
    config: Config,
    allow_http: bool,
    /// For contents that can be read once only.
    buffer: Budget,
}

impl Client {
    /// A client with connections of its own and the usual manners.
    ///
    /// # Errors
    ///
    /// `Invalid` for a configuration that cannot be right. Nothing is sent.
    pub fn new(config: Config) -> Result<Self> {
        Self::builder(config).build()
    }

    /// A client with other connections or manners.
    pub fn builder(config: Config) -> ClientBuilder {
        ClientBuilder {
            config,
            exchange: None,
            retry: RetryPolicy::default(),
            timeouts: Timeouts::default(),
            allow_http: false,
        }
    }

    /// Files: find, read, upload, update, delete.
    pub fn files(&self) -> Files {
        Files::new(self.clone())
    }

    /// Folders: list, create.
    pub fn folders(&self) -> Folders {
        Folders::new(self.clone())
    }

    /// Copying and moving.
    pub fn actions(&self) -> Actions {
        Actions::new(self.clone())
    }

    /// Work that goes on in the background.
    pub fn migrations(&self) -> Migrations {
        Migrations::new(self.clone())
    }

    /// Signing in and out.
    pub fn sessions(&self) -> Sessions {
        Sessions::new(self.clone())
    }

    /// The key that asks.
    pub fn api_key(&self) -> CurrentKey {
        CurrentKey::new(self.clone())
    }

    /// Users of the site.
    pub fn users(&self) -> Users {
        Users::new(self.clone())
    }

    /// Groups of users.
    pub fn groups(&self) -> Groups {
        Groups::new(self.clone())
    }

    /// Share links.
    pub fn share_links(&self) -> ShareLinks {
        ShareLinks::new(self.clone())
    }

    /// Who is told what happens to share links.
    pub fn share_notifications(&self) -> ShareNotifications {
        ShareNotifications::new(self.clone())
    }

    /// Whom a share link was sent to, and who came by it.
    pub fn share_visitors(&self, share_link: i64) -> ShareVisitors {
        ShareVisitors::new(self.clone(), share_link)
    }

    /// The actions of Boomi's partner connector, in its own words.
    pub fn partner(&self) -> Partner {
        Partner::new(self.clone())
    }

    /// Any other request, with the same manners.
    pub fn raw(&self) -> Raw {
        Raw::new(self.clone())
    }

    /// What it was configured with.
    pub fn config(&self) -> &Config {
        &self.0.config
    }

    /// The transport underneath.
    pub fn transport(&self) -> &Transport {
        &self.0.transport
    }

    /// The same site by the same connections, on behalf of someone else.
    ///
    /// # Errors
    ///
    /// `Invalid` for a key that cannot be one.
    pub fn with_credentials(&self, credentials: Credentials) -> Result<Self> {
        let transport = self.transport();
        let config = Config { credentials, ..self.config().clone() };
        let builder = Self::builder(config)
            .exchange(transport.exchange().clone())
            .retry(transport.retry_policy().clone())
            .timeouts(transport.timeouts().clone())
            .dangerous_allow_http(self.0.allow_http);
        builder.build()
    }

    /// Sends a request and reads the value in the answer.
    pub(crate) async fn json<T: DeserializeOwned + Send>(&self, request: Request) -> Result<T> {
        Ok(self.transport().json(request).await?)
    }

    /// Sends a request and reads the whole answer.
    pub(crate) async fn fetch(&self, request: Request) -> Result<Answer> {
        Ok(self.transport().fetch(request).await?)
    }

    /// Sends a request; the body of the answer is read by whoever asked.
    pub(crate) async fn send(&self, request: Request) -> Result<Response> {
        Ok(self.transport().send(request).await?)
    }

    pub(crate) fn buffer(&self) -> &Budget {
        &self.0.buffer
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client")
            .field("base", &self.transport().base())
            .field("config", self.config())
            .finish_non_exhaustive()
    }
}

/// Connections and manners of a [`Client`].
#[derive(Debug)]
#[must_use = "a builder does nothing until `build`"]
pub struct ClientBuilder {
    config: Config,
    exchange: Option<Arc<dyn Exchange>>,
    retry: RetryPolicy,
    timeouts: Timeouts,
    allow_http: bool,
}

impl ClientBuilder {
    /// The connections to use. Share one exchange between all clients of a process.
    pub fn exchange(mut self, exchange: Arc<dyn Exchange>) -> Self {
        self.exchange = Some(exchange);
        self
    }

    /// How often and how long a request is repeated.
    pub fn retry(mut self, policy: RetryPolicy) -> Self {
        self.retry = policy;
        self
    }

    /// How long to wait for a sign of life.
    pub fn timeouts(mut self, timeouts: Timeouts) -> Self {
        self.timeouts = timeouts;
        self
    }

    /// Speaks plain HTTP to other hosts than this machine: the key can then be read on the way.
    pub fn dangerous_allow_http(mut self, allow: bool) -> Self {
        self.allow_http = allow;
        self
    }

    /// The client. Nothing is sent.
    ///
    /// # Errors
    ///
    /// `Invalid` for a site, key or limit that cannot be right.
    pub fn build(self) -> Result<Client> {
        let Self { config, exchange, retry, timeouts, allow_http } = self;
        config.check()?;
        let dialect = FilesComDialect::new(config.credentials.clone(), config.workspace_id);
        let builder: TransportBuilder = Transport::builder(config.base_address()?)
            .dangerous_allow_http(allow_http)
            .dialect(dialect)
            .retry(retry)
            .timeouts(timeouts)
            .user_agent(concat!("wharf-filescom/", env!("CARGO_PKG_VERSION")))
            .printed_query_keys(PRINTED);
        let transport = match exchange {
            Some(exchange) => builder.exchange(exchange),
            None => builder,
        }
        .build()?;
        let buffer = Budget::new(config.upload_buffer);
        Ok(Client(Arc::new(Shared { transport, config, allow_http, buffer })))
    }
}

/// Query keys that say nothing secret.
const PRINTED: &[&str] = &["action", "per_page", "recursive", "type", "with_download_identity"];
