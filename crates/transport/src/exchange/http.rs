//! The network: reqwest, with one client per kind of connection, each built when first needed.

use std::fmt;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use futures_util::StreamExt;
use reqwest::redirect;

use super::{Exchange, Outgoing, OutgoingBody, fault, tls};
use crate::address::is_loopback;
use crate::error::{Error, Result};
use crate::response::Response;

/// The exchange with the network.
///
/// Share one between all transports of a process ([`TransportBuilder::exchange`]): connections are
/// pooled per exchange, and the first use of TLS costs 60 to 110 ms, because the system's root
/// certificates are read.
///
/// Inside are up to eight clients, built when first needed:
///
/// - *API* (HTTP/2 where the server offers it, gzip) or *data* (HTTP/1.1, never compressed), by
///   [`Request::data`](crate::Request::data);
/// - with TLS or, for plain HTTP, without loading root certificates;
/// - direct, or by the proxy that the environment names (`HTTPS_PROXY`, `HTTP_PROXY`, `ALL_PROXY`,
///   `NO_PROXY`, in either case, as reqwest reads them). This machine itself is never spoken to by
///   a proxy, and with [`no_proxy`](HttpExchangeBuilder::no_proxy) nothing is.
///
/// TLS is rustls with the platform's own certificate verification. With the feature `rustls` the
/// crypto provider is ring, for these clients only: nothing is installed for the process. With
/// `rustls-no-provider` alone it is the one the application installed; if there is none, every
/// request fails as [`Invalid`](crate::ErrorKind::Invalid). With `native-tls` alone it is the
/// platform's library. If several features are on, the first of these three counts.
///
/// Limits of the head of an answer, from hyper: over HTTP/1.1 100 headers and about 400 KiB, over
/// HTTP/2 16 KiB of headers. Beyond them the answer is an error.
///
/// Below the sending loop two things are repeated, both known not to have been looked at by the
/// server: a request that found its pooled connection closed before a byte of it was sent, and, over
/// HTTP/2, a request with its body in memory that the server explicitly gave back.
///
/// [`TransportBuilder::exchange`]: crate::TransportBuilder::exchange
pub struct HttpExchange {
    settings: HttpExchangeBuilder,
    tls: OnceLock<tls::Config>,
    clients: [OnceLock<reqwest::Client>; Lane::COUNT],
    /// Held while something is built, so that many first calls build it once.
    building: Mutex<()>,
}

/// Settings of an [`HttpExchange`].
#[derive(Clone)]
#[must_use = "a builder does nothing until `build`"]
pub struct HttpExchangeBuilder {
    connect_timeout: Duration,
    proxy: bool,
    idle_connections: usize,
    configure: Option<Arc<Configure>>,
}

type Configure = dyn Fn(reqwest::ClientBuilder) -> reqwest::ClientBuilder + Send + Sync;

impl HttpExchange {
    /// An exchange with the default settings.
    pub fn new() -> Self {
        Self::builder().build()
    }

    /// Settings to be changed.
    pub fn builder() -> HttpExchangeBuilder {
        HttpExchangeBuilder {
            connect_timeout: Duration::from_secs(10),
            proxy: true,
            idle_connections: 64,
            configure: None,
        }
    }

    /// The client of a lane. A failure is not kept: the application may yet install its crypto.
    fn client(&self, lane: Lane) -> Result<&reqwest::Client> {
        let Some(slot) = self.clients.get(lane.index()) else {
            return Err(Error::invalid("there is no such client"));
        };
        if let Some(client) = slot.get() {
            return Ok(client);
        }
        let _building = self.building.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(client) = slot.get() {
            return Ok(client);
        }
        let client = self.build_client(lane)?;
        Ok(slot.get_or_init(|| client))
    }

    fn build_client(&self, lane: Lane) -> Result<reqwest::Client> {
        let settings = &self.settings;
        let builder = reqwest::Client::builder()
            .connect_timeout(settings.connect_timeout)
            .pool_max_idle_per_host(settings.idle_connections)
            .pool_idle_timeout(IDLE_TIMEOUT)
            .http2_keep_alive_interval(PING_INTERVAL)
            .http2_keep_alive_timeout(PING_TIMEOUT)
            .referer(false);
        let mut builder = match lane.tls {
            true => self.tls()?.apply(builder, lane.data),
            false => tls::without_roots(builder)?,
        };
        if lane.data {
            builder = builder.http1_only().no_gzip();
        }
        if let Some(configure) = &settings.configure {
            builder = configure(builder);
        }
        if !lane.proxy {
            builder = builder.no_proxy();
        }
        builder.redirect(redirect::Policy::none()).build().map_err(|error| {
            Error::invalid("no HTTP client can be made").with_source(error.without_url())
        })
    }

    fn tls(&self) -> Result<&tls::Config> {
        if let Some(config) = self.tls.get() {
            return Ok(config);
        }
        let config = tls::Config::with_platform_roots()?;
        Ok(self.tls.get_or_init(|| config))
    }

    fn lane(&self, outgoing: &Outgoing) -> Lane {
        Lane {
            data: outgoing.data,
            tls: outgoing.url.scheme() == "https",
            proxy: self.settings.proxy && !is_loopback(&outgoing.url),
        }
    }
}

impl Default for HttpExchange {
    fn default() -> Self {
        Self::new()
    }
}

impl HttpExchangeBuilder {
    /// How long a connection may take to be made, TLS included. Default 10 s.
    pub fn connect_timeout(mut self, limit: Duration) -> Self {
        self.connect_timeout = limit;
        self
    }

    /// Ignores the proxy that the environment names.
    pub fn no_proxy(mut self) -> Self {
        self.proxy = false;
        self
    }

    /// How many idle connections are kept per host. Default 64.
    pub fn idle_connections(mut self, count: usize) -> Self {
        self.idle_connections = count;
        self
    }

    /// Changes each reqwest client before it is built: an explicit proxy, a TLS configuration with
    /// further root certificates, an address bound to. Redirects stay off whatever is set here:
    /// reqwest would carry a service's own credential header to another host.
    ///
    /// This is the one place where reqwest shows in this crate's interface.
    pub fn configure_reqwest(
        mut self,
        configure: impl Fn(reqwest::ClientBuilder) -> reqwest::ClientBuilder + Send + Sync + 'static,
    ) -> Self {
        self.configure = Some(Arc::new(configure));
        self
    }

    /// The exchange. Nothing is loaded or connected yet.
    pub fn build(self) -> HttpExchange {
        HttpExchange {
            settings: self,
            tls: OnceLock::new(),
            clients: [const { OnceLock::new() }; Lane::COUNT],
            building: Mutex::new(()),
        }
    }
}

#[async_trait]
impl Exchange for HttpExchange {
    async fn exchange(&self, outgoing: Outgoing) -> Result<Response> {
        if !HAS_TLS && outgoing.url.scheme() == "https" {
            let message = "this build has no TLS: enable the feature rustls, rustls-no-provider or native-tls";
            return Err(Error::invalid(message));
        }
        let client = self.client(self.lane(&outgoing))?;
        let (method, url, headers, body) = outgoing.into_parts();
        let mut request = reqwest::Request::new(method, url);
        *request.headers_mut() = headers;
        match body {
            OutgoingBody::Empty => {}
            OutgoingBody::Bytes(bytes) => *request.body_mut() = Some(bytes.into()),
            OutgoingBody::Stream(stream) => {
                *request.body_mut() = Some(reqwest::Body::wrap_stream(stream));
            }
        }
        let mut response = client.execute(request).await.map_err(fault::of_request)?;
        let headers = std::mem::take(response.headers_mut());
        let status = response.status();
        let body = response.bytes_stream().map(|block| block.map_err(fault::of_body));
        Ok(Response::streamed(status, headers, body))
    }
}

impl fmt::Debug for HttpExchange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HttpExchange").field("settings", &self.settings).finish_non_exhaustive()
    }
}

impl fmt::Debug for HttpExchangeBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HttpExchangeBuilder")
            .field("connect_timeout", &self.connect_timeout)
            .field("proxy", &self.proxy)
            .field("idle_connections", &self.idle_connections)
            .finish_non_exhaustive()
    }
}

/// Shorter than what servers and balancers keep idle connections for (a minute and more), so that a
/// request seldom meets a connection that is just being closed.
const IDLE_TIMEOUT: Duration = Duration::from_secs(45);

/// A dead HTTP/2 connection would swallow every repeat too, so it is found out by pings.
const PING_INTERVAL: Duration = Duration::from_secs(20);
const PING_TIMEOUT: Duration = Duration::from_secs(20);

const HAS_TLS: bool = cfg!(any(feature = "rustls-no-provider", feature = "native-tls"));

/// Which client a request uses.
#[derive(Debug, Clone, Copy)]
struct Lane {
    data: bool,
    tls: bool,
    proxy: bool,
}

impl Lane {
    const COUNT: usize = 8;

    fn index(self) -> usize {
        usize::from(self.data) * 4 + usize::from(self.tls) * 2 + usize::from(self.proxy)
    }
}
