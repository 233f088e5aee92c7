//! The client: one account on one server.

use std::fmt;
use std::sync::Arc;

use secrecy::SecretString;
use serde::de::DeserializeOwned;
use wharf_model::mft::{FolderId, UserId};
use wharf_service::Budget;
use wharf_transport::{
    self as transport, Answer, Exchange, Request, Response, RetryPolicy, Timeouts, Transport,
    Unreadable,
};

use crate::api::{
    Batch, Favorites, Files, Folders, Groups, Messages, Roots, Search, Server, Tools, Uploads,
    Users,
};
use crate::config::{Config, UpdateBody};
use crate::dialect::{MftDialect, is_disguised};
use crate::endpoints::{Endpoints, Place};
use crate::error::{Error, Result};
use crate::raw::Raw;
use crate::session::Sessions;

/// A client of one account on one MFT server.
///
/// Cheap to clone; clones share connections, the session and the memory budget of uploads. It
/// signs in when the first request needs it, and starts nothing in the background.
///
/// ```
/// use wharf_mft::{Client, Config, Login};
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let sandbox = wharf_sandbox::Sandbox::start().await?;
/// # let (server, user) = (sandbox.mft_url(), sandbox.mft().users().remove(0));
/// let login = Login::password(user.password);
/// let client = Client::new(Config::new(server, user.name, login))?;
/// let home = client.home().info().await?;
/// let listing = client.folders().content(&home.id).await?;
/// assert!(listing.folders().iter().any(|folder| &*folder.name == "My Documents"));
/// # Ok(()) }
/// ```
#[derive(Clone)]
pub struct Client(Arc<Shared>);

struct Shared {
    transport: Transport,
    config: Config,
    dialect: Arc<MftDialect>,
    /// For contents that can be read once only.
    buffer: Budget,
    allow_http: bool,
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

    /// The account's root folder.
    pub fn root(&self) -> Roots {
        Roots::root(self.clone())
    }

    /// The account's home folder.
    pub fn home(&self) -> Roots {
        Roots::home(self.clone())
    }

    /// Folders: create, look at, list, update, delete.
    pub fn folders(&self) -> Folders {
        Folders::new(self.clone())
    }

    /// Files: look at, read, store, update, delete.
    pub fn files(&self) -> Files {
        Files::new(self.clone())
    }

    /// Several files and folders, stored as one operation that begins in the folder `root`.
    pub fn batch(&self, root: FolderId) -> Batch {
        Batch::new(self.clone(), root)
    }

    /// Search.
    pub fn search(&self) -> Search {
        Search::new(self.clone())
    }

    /// Favourites of the account.
    pub fn favorites(&self) -> Favorites {
        Favorites::new(self.clone())
    }

    /// What the server tells about itself.
    pub fn server(&self) -> Server {
        Server::new(self.clone())
    }

    /// Users of the site.
    pub fn users(&self) -> Users {
        Users::new(self.clone())
    }

    /// User groups of the site.
    pub fn groups(&self) -> Groups {
        Groups::new(self.clone())
    }

    /// Marks and metadata for what this client's session uploads.
    pub fn uploads(&self) -> Uploads {
        Uploads::new(self.clone())
    }

    /// Messages.
    pub fn messages(&self) -> Messages {
        Messages::new(self.clone())
    }

    /// Short keys for the server's browser tools.
    pub fn tools(&self) -> Tools {
        Tools::new(self.clone())
    }

    /// Any other request, with the same manners.
    pub fn raw(&self) -> Raw {
        Raw::new(self.clone())
    }

    /// What it was configured with.
    pub fn config(&self) -> &Config {
        &self.0.config
    }

    /// The paths, pages and names that it uses.
    pub fn endpoints(&self) -> &Endpoints {
        &self.0.config.endpoints
    }

    /// The transport underneath.
    pub fn transport(&self) -> &Transport {
        &self.0.transport
    }

    /// Signs in, if that has not happened yet, and says who is signed in.
    ///
    /// # Errors
    ///
    /// `Unauthenticated` when the service refuses.
    pub async fn sign_in(&self) -> Result<Option<UserId>> {
        let sessions = &self.0.dialect.sessions;
        let signed_in = sessions.current(self.transport()).await;
        signed_in.map_err(|error| self.explain(error, sessions.place()))?;
        Ok(sessions.user_id().await)
    }

    /// A client with a session of its own, by the same connections: marks and metadata hold for
    /// whatever a session uploads, so whoever uses them should not share it.
    ///
    /// # Errors
    ///
    /// None for a configuration that was good before.
    pub fn with_own_session(&self) -> Result<Self> {
        let sessions = Sessions::new(self.config(), self.0.dialect.endpoints.clone());
        self.with_sessions(sessions)
    }

    /// A client that acts as another user, by the same connections. The account must have the
    /// role of an administrator (Boomi: File Sharing API reference 1.16,
    /// ImmutableImpersonateSession).
    ///
    /// # Errors
    ///
    /// None here; its first request fails if the service does not allow it.
    pub fn impersonate(&self, user: &UserId) -> Result<Self> {
        let (administrator, endpoints) = (self.transport().clone(), &self.0.dialect.endpoints);
        let sessions = Sessions::impersonated(administrator, self.config(), endpoints, user);
        self.with_sessions(sessions)
    }

    fn with_sessions(&self, sessions: Sessions) -> Result<Self> {
        let transport = self.transport();
        let builder = ClientBuilder {
            config: self.config().clone(),
            exchange: Some(transport.exchange().clone()),
            retry: transport.retry_policy().clone(),
            timeouts: transport.timeouts().clone(),
            allow_http: self.0.allow_http,
        };
        builder.build_with(|_, _| sessions)
    }

    /// Sends a request and reads the value in the answer.
    pub(crate) async fn json<T>(&self, place: Place, request: Request) -> Result<T>
    where
        T: DeserializeOwned + Send,
    {
        self.read(place, request, |answer| answer.json()).await
    }

    /// Sends a request whose answer says nothing but that it was done.
    pub(crate) async fn done(&self, place: Place, request: Request) -> Result<()> {
        // A page after the repeat of a deletion says that nothing is there any more.
        let read = |answer: &Answer| match is_disguised(answer) && answer.status().is_success() {
            true => Err(Unreadable::Refusal),
            false => Ok(()),
        };
        let done = self.transport().fetch_with(request, read).await;
        done.map_err(|error| self.explain(error, place))
    }

    /// Sends a request and gets something out of an answer that is no refusal in disguise.
    pub(crate) async fn read<T: Send>(
        &self,
        place: Place,
        request: Request,
        read: impl Fn(&Answer) -> transport::Result<T> + Send + Sync,
    ) -> Result<T> {
        let read = |answer: &Answer| match is_disguised(answer) {
            true => Err(Unreadable::Refusal),
            false => Ok(read(answer)?),
        };
        let value = self.transport().fetch_with(request, read).await;
        value.map_err(|error| self.explain(error, place))
    }

    /// Sends a change, as a form or as a document; if the server does not take the one, the other.
    pub(crate) async fn update<T>(
        &self,
        place: Place,
        request: impl Fn(UpdateBody) -> Request,
    ) -> Result<T>
    where
        T: DeserializeOwned + Send,
    {
        let body = self.config().update_body;
        match self.json(place, request(body)).await {
            Err(error) if error.dislikes_the_body() => {
                let other = match body {
                    UpdateBody::Form => UpdateBody::Json,
                    UpdateBody::Json => UpdateBody::Form,
                };
                self.json(place, request(other)).await
            }
            answer => answer,
        }
    }

    /// The session, for the few calls that want it as a field.
    pub(crate) async fn session(&self) -> Result<SecretString> {
        let sessions = &self.0.dialect.sessions;
        let current = sessions.current(self.transport()).await;
        let current = current.map_err(|error| self.explain(error, sessions.place()));
        current.map(|(session, _)| session)
    }

    /// The number of the session that a request is signed with if it is sent now.
    pub(crate) async fn generation(&self) -> Result<u64> {
        let sessions = &self.0.dialect.sessions;
        let current = sessions.current(self.transport()).await;
        let current = current.map_err(|error| self.explain(error, sessions.place()));
        current.map(|(_, generation)| generation)
    }

    /// Opens another session in place of the one with this number, for a refusal that the
    /// transport could not see, unless somebody did so since.
    pub(crate) async fn renew_session(&self, refused: u64) -> Result<()> {
        let sessions = &self.0.dialect.sessions;
        let renewed = sessions.renew(self.transport(), refused).await;
        renewed.map_err(|error| self.explain(error, sessions.place()))
    }

    /// Sends a request; the body of the answer is read by whoever asked.
    pub(crate) async fn send(&self, place: Place, request: Request) -> Result<Response> {
        let sent = self.transport().send(request).await;
        sent.map_err(|error| self.explain(error, place))
    }

    /// Our error, with a word about the path if that may be wrong: that of the call, or of the
    /// sign-in before it.
    pub(crate) fn explain(&self, error: transport::Error, place: Place) -> Error {
        let sign_in = self.0.dialect.sessions.place();
        let path = self.endpoints().path(sign_in, &[]);
        let signing_in = error.url().is_some_and(|url| url.as_str().ends_with(&path));
        let place = if signing_in { sign_in } else { place };
        Error::from(error).at(self.endpoints().row(place))
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

    /// Speaks plain HTTP to other hosts than this machine: the password and the session can then
    /// be read on the way.
    pub fn dangerous_allow_http(mut self, allow: bool) -> Self {
        self.allow_http = allow;
        self
    }

    /// The client. Nothing is sent.
    ///
    /// # Errors
    ///
    /// `Invalid` for a server or a value that cannot be right.
    pub fn build(self) -> Result<Client> {
        self.build_with(Sessions::new)
    }

    fn build_with(
        self,
        sessions: impl FnOnce(&Config, Arc<Endpoints>) -> Sessions,
    ) -> Result<Client> {
        let Self { config, exchange, retry, timeouts, allow_http } = self;
        config.check()?;
        let endpoints = Arc::new(config.endpoints.clone());
        let sessions = sessions(&config, endpoints.clone());
        let dialect = Arc::new(MftDialect { sessions, endpoints, download: config.download });
        let builder = Transport::builder(config.base_address())
            .dangerous_allow_http(allow_http)
            .shared_dialect(dialect.clone())
            .retry(retry)
            .timeouts(timeouts)
            .user_agent(concat!("wharf-mft/", env!("CARGO_PKG_VERSION")))
            .printed_query_keys(PRINTED);
        let transport = match exchange {
            Some(exchange) => builder.exchange(exchange),
            None => builder,
        }
        .build()?;
        let buffer = Budget::new(config.upload_buffer.max(config.chunk_size));
        Ok(Client(Arc::new(Shared { transport, config, dialect, buffer, allow_http })))
    }
}

/// Query keys that say nothing secret.
const PRINTED: &[&str] = &["appletAction", "mode", "offset", "top"];
