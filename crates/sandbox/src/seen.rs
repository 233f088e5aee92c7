//! The log of what clients really sent.

mod mask;

use std::collections::VecDeque;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use axum::http::request::Parts;
use axum::http::{HeaderMap, Method};
use bytes::Bytes;
use chrono::{DateTime, SecondsFormat, Utc};
use serde_json::{Value, json};

use crate::faults::Route;

/// What clients sent, oldest first: the last 10,000 requests.
///
/// ```no_run
/// # async fn example(sandbox: &wharf_sandbox::Sandbox) {
/// for request in sandbox.seen().requests() {
///     println!("{request:?}"); // secrets are masked
///     assert!(request.header("x-filesapi-key").is_none() || request.face() == "filescom");
/// }
/// # }
/// ```
#[derive(Debug, Clone, Default)]
pub struct Seen {
    log: Arc<Mutex<Log>>,
}

#[derive(Debug, Default)]
struct Log {
    requests: VecDeque<Request>,
    dropped: u64,
    connections: u64,
}

/// One request as it came, and how it was answered.
///
/// The accessors tell everything, secrets included; `Debug` and the control address mask them.
#[derive(Clone)]
pub struct Request {
    at: DateTime<Utc>,
    face: &'static str,
    method: Method,
    path: String,
    query: String,
    headers: HeaderMap,
    connection: u64,
    body: Vec<u8>,
    body_len: u64,
    route: Option<Route>,
    fault: Option<String>,
    status: Option<u16>,
}

impl Seen {
    /// The requests so far, oldest first.
    #[must_use]
    pub fn requests(&self) -> Vec<Request> {
        self.with(|log| log.requests.iter().cloned().collect())
    }

    /// The requests of one route.
    #[must_use]
    pub fn of(&self, route: Route) -> Vec<Request> {
        let covered = |request: &&Request| request.route.is_some_and(|seen| route.covers(seen));
        self.with(|log| log.requests.iter().filter(covered).cloned().collect())
    }

    /// How many requests came in all.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.with(|log| log.dropped + log.requests.len() as u64)
    }

    /// Forgets everything.
    pub fn clear(&self) {
        self.with(|log| {
            log.requests.clear();
            log.dropped = 0;
        });
    }

    pub(crate) fn next_connection(&self) -> u64 {
        self.with(|log| {
            log.connections += 1;
            log.connections
        })
    }

    /// Notes a request at its arrival; the number is for [`Seen::amend`].
    pub(crate) fn note(
        &self,
        at: DateTime<Utc>,
        face: &'static str,
        connection: u64,
        parts: &Parts,
    ) -> u64 {
        let request = Request {
            at,
            face,
            method: parts.method.clone(),
            path: parts.uri.path().to_owned(),
            query: parts.uri.query().unwrap_or_default().to_owned(),
            headers: parts.headers.clone(),
            connection,
            body: Vec::new(),
            body_len: 0,
            route: None,
            fault: None,
            status: None,
        };
        self.with(|log| {
            if log.requests.len() >= LIMIT {
                log.requests.pop_front();
                log.dropped += 1;
            }
            log.requests.push_back(request);
            log.dropped + log.requests.len() as u64 - 1
        })
    }

    /// Adds what became known of a request later.
    pub(crate) fn amend(&self, number: u64, change: impl FnOnce(&mut Request)) {
        self.with(|log| {
            let at = number.checked_sub(log.dropped).and_then(|at| usize::try_from(at).ok());
            at.and_then(|at| log.requests.get_mut(at)).map(change);
        });
    }

    /// The log as JSON, secrets masked.
    pub(crate) fn to_json(&self) -> Value {
        self.requests().iter().map(Request::to_json).collect()
    }

    fn with<T>(&self, act: impl FnOnce(&mut Log) -> T) -> T {
        act(&mut self.log.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Request {
    /// When it came, by the sandbox's clock.
    #[must_use]
    pub fn at(&self) -> DateTime<Utc> {
        self.at
    }

    /// The face it came to: `filescom`, `storage` or `mft`.
    #[must_use]
    pub fn face(&self) -> &'static str {
        self.face
    }

    /// The method, in capitals.
    #[must_use]
    pub fn method(&self) -> &str {
        self.method.as_str()
    }

    /// The path as it was written, percent-encoding included.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The query as it was written, without its question mark; secrets unmasked.
    #[must_use]
    pub fn query(&self) -> &str {
        &self.query
    }

    /// A header by its name, of whatever case; secrets unmasked.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// The first 64 KiB of the body, as far as it was read; secrets unmasked. Content, which
    /// goes to storage addresses and upload pages, is not kept.
    #[must_use]
    pub fn body(&self) -> &[u8] {
        &self.body
    }

    /// How many bytes of the body were read.
    #[must_use]
    pub fn body_len(&self) -> u64 {
        self.body_len
    }

    /// The number of the connection it came on.
    #[must_use]
    pub fn connection(&self) -> u64 {
        self.connection
    }

    /// What it was about, if the face knew it.
    #[must_use]
    pub fn route(&self) -> Option<Route> {
        self.route
    }

    /// The fault it met, by name.
    #[must_use]
    pub fn fault(&self) -> Option<&str> {
        self.fault.as_deref()
    }

    /// The status it was answered with; `None` while there is no answer, and if there was none.
    #[must_use]
    pub fn status(&self) -> Option<u16> {
        self.status
    }

    pub(crate) fn settle(
        &mut self,
        route: Option<Route>,
        fault: Option<String>,
        status: Option<u16>,
    ) {
        (self.route, self.fault, self.status) = (route, fault, status);
    }

    /// Counts a chunk of the body, and keeps it while it is text and short.
    pub(crate) fn take_body(&mut self, chunk: &Bytes, keep: bool) {
        self.body_len += chunk.len() as u64;
        if keep {
            let room = BODY_LIMIT.saturating_sub(self.body.len());
            self.body.extend(chunk.iter().take(room));
        }
    }

    fn to_json(&self) -> Value {
        let headers = self.headers.iter().map(|(name, value)| {
            let value = String::from_utf8_lossy(value.as_bytes());
            (name.to_string(), Value::String(mask::header(name, &value)))
        });
        json!({
            "at": self.at.to_rfc3339_opts(SecondsFormat::Millis, true),
            "face": self.face,
            "method": self.method.as_str(),
            "path": self.path,
            "query": mask::query(&self.query),
            "headers": headers.collect::<serde_json::Map<_, _>>(),
            "connection": self.connection,
            "body": mask::body(&self.body),
            "body_len": self.body_len,
            "route": self.route,
            "fault": self.fault,
            "status": self.status,
        })
    }
}

impl fmt::Debug for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.to_json())
    }
}

const LIMIT: usize = 10_000;
const BODY_LIMIT: usize = 64 * 1024;
