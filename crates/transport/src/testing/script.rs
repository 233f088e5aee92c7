//! The script: a queue of replies, and a record of what was asked.

use std::collections::VecDeque;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use bytes::{Bytes, BytesMut};
use futures_util::TryStreamExt;
use http::{HeaderMap, Method};
use url::Url;

use super::Reply;
use crate::error::{Error, ErrorKind, Result};
use crate::exchange::{Exchange, Outgoing, OutgoingBody};
use crate::redact::{SafeHeaders, SafeUrl};
use crate::response::Response;

/// An exchange that answers by script and remembers what it was asked.
///
/// Replies given by [`answer`](Self::answer) are played in order; after them
/// [`respond`](Self::respond)'s function is asked. A request that finds neither fails as
/// [`Invalid`](ErrorKind::Invalid), which no loop repeats. Clones share one script.
///
/// ```
/// use wharf_transport::testing::{Reply, Script};
/// use wharf_transport::{Request, Transport};
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> wharf_transport::Result<()> {
/// let script = Script::new().respond(|request| match request.path() {
///     "/name" => Reply::json(200, r#""wharf""#),
///     _ => Reply::new(404),
/// });
/// let transport = Transport::builder("https://h.example").exchange(script.exchange()).build()?;
/// assert_eq!(transport.json::<String>(Request::get("/name")).await?, "wharf");
/// assert!(transport.send(Request::get("/other")).await.is_err());
/// assert_eq!(script.requests().len(), 2);
/// # Ok(()) }
/// ```
#[derive(Clone, Default)]
pub struct Script(Arc<Mutex<State>>);

#[derive(Default)]
struct State {
    replies: VecDeque<Reply>,
    respond: Option<Arc<Respond>>,
    requests: Vec<Recorded>,
}

type Respond = dyn Fn(&Recorded) -> Reply + Send + Sync;

/// A request as it would have gone on the wire, secrets included.
#[derive(Clone)]
pub struct Recorded {
    method: Method,
    url: Url,
    safe_url: SafeUrl,
    headers: HeaderMap,
    body: Bytes,
    data: bool,
    at: tokio::time::Instant,
}

impl Script {
    /// An empty script.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a reply to the queue.
    #[must_use]
    pub fn answer(self, reply: Reply) -> Self {
        self.lock().replies.push_back(reply);
        self
    }

    /// Answers by a function whatever the queue does not.
    #[must_use]
    pub fn respond(self, respond: impl Fn(&Recorded) -> Reply + Send + Sync + 'static) -> Self {
        self.lock().respond = Some(Arc::new(respond));
        self
    }

    /// This script as an exchange.
    pub fn exchange(&self) -> Arc<dyn Exchange> {
        Arc::new(self.clone())
    }

    /// What was asked so far, in order.
    pub fn requests(&self) -> Vec<Recorded> {
        self.lock().requests.clone()
    }

    /// How many replies of the queue were not played.
    pub fn left(&self) -> usize {
        self.lock().replies.len()
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn record(&self, request: Recorded) -> Option<Arc<Respond>> {
        let mut state = self.lock();
        state.requests.push(request);
        state.respond.clone()
    }
}

#[async_trait]
impl Exchange for Script {
    async fn exchange(&self, outgoing: Outgoing) -> Result<Response> {
        let (data, at) = (outgoing.is_data(), tokio::time::Instant::now());
        let safe_url = outgoing.safe_url.clone();
        let queued = self.lock().replies.pop_front();
        let (method, url, headers, body) = outgoing.into_parts();
        let body = match body {
            _ if queued.as_ref().is_some_and(Reply::is_unreached) => Bytes::new(),
            body => collect(body).await?,
        };
        let request = Recorded { method, url, safe_url, headers, body, data, at };
        let respond = self.record(request.clone());
        match queued.or_else(|| respond.map(|respond| respond(&request))) {
            Some(reply) => reply.play().await,
            None => Err(Error::invalid("the script has no reply for this request")),
        }
    }
}

async fn collect(body: OutgoingBody) -> Result<Bytes> {
    let stream = match body {
        OutgoingBody::Empty => return Ok(Bytes::new()),
        OutgoingBody::Bytes(bytes) => return Ok(bytes),
        OutgoingBody::Stream(stream) => stream,
    };
    let whole = stream.try_fold(BytesMut::new(), |mut whole, block| async move {
        whole.extend_from_slice(&block);
        Ok(whole)
    });
    let broken = |_| Error::new(ErrorKind::Interrupted, "the content broke off");
    Ok(whole.await.map_err(broken)?.freeze())
}

impl fmt::Debug for Script {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Script").field("left", &self.left()).finish_non_exhaustive()
    }
}

impl Recorded {
    /// The method.
    pub fn method(&self) -> &Method {
        &self.method
    }

    /// The whole address.
    pub fn url(&self) -> &str {
        self.url.as_str()
    }

    /// Scheme, host and port.
    pub fn origin(&self) -> String {
        self.url.origin().ascii_serialization()
    }

    /// The path, percent-encoded.
    pub fn path(&self) -> &str {
        self.url.path()
    }

    /// Path and query, percent-encoded.
    pub fn path_and_query(&self) -> &str {
        &self.url[url::Position::BeforePath..url::Position::AfterQuery]
    }

    /// The first value of a query key, decoded.
    pub fn query(&self, key: &str) -> Option<String> {
        self.url.query_pairs().find(|(name, _)| name == key).map(|(_, value)| value.into_owned())
    }

    /// All headers.
    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// One header as text.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// The body.
    pub fn body(&self) -> &Bytes {
        &self.body
    }

    /// Whether it came by the connections for file content.
    pub fn is_data(&self) -> bool {
        self.data
    }

    /// When it came, by tokio's clock.
    pub fn at(&self) -> tokio::time::Instant {
        self.at
    }
}

/// Prints as little as everything else here: tests are logged too.
impl fmt::Debug for Recorded {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Recorded")
            .field("method", &self.method)
            .field("url", &self.safe_url)
            .field("headers", &SafeHeaders(&self.headers))
            .field("body_length", &self.body.len())
            .field("data", &self.data)
            .finish_non_exhaustive()
    }
}
