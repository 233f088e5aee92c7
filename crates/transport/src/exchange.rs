//! The one seam between the sending loop and the network.

mod fault;
mod http;
mod tls;

use std::fmt;

use ::http::{HeaderMap, Method};
use async_trait::async_trait;
use bytes::Bytes;
use url::Url;

use crate::body::{Body, ContentStream, Upload};
use crate::error::Result;
use crate::redact::{SafeHeaders, SafeUrl};
use crate::response::Response;
pub use http::{HttpExchange, HttpExchangeBuilder};

/// Sends one request and brings back the head of one answer: no redirect is followed, nothing is
/// repeated, no status is an error.
///
/// The network is [`HttpExchange`]; tests use the scripted exchange of the feature `testing`.
/// The caller bounds the time; an exchange that is dropped stops.
#[async_trait]
pub trait Exchange: fmt::Debug + Send + Sync {
    /// Sends the request.
    ///
    /// # Errors
    ///
    /// [`Connect`](crate::ErrorKind::Connect), [`Tls`](crate::ErrorKind::Tls),
    /// [`Timeout`](crate::ErrorKind::Timeout), [`Interrupted`](crate::ErrorKind::Interrupted) or
    /// [`Invalid`](crate::ErrorKind::Invalid), with [`Error::reached`](crate::Error::reached) set
    /// truly: the loop repeats what never arrived.
    async fn exchange(&self, outgoing: Outgoing) -> Result<Response>;
}

/// A request on its last step: signed, addressed, complete.
pub struct Outgoing {
    pub(crate) method: Method,
    pub(crate) url: Url,
    pub(crate) safe_url: SafeUrl,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Body,
    pub(crate) data: bool,
    pub(crate) upload: Upload,
}

/// The body of an [`Outgoing`].
#[non_exhaustive]
pub enum OutgoingBody {
    /// None; `Content-Length: 0` is among the headers where the method wants it.
    Empty,
    /// All of it.
    Bytes(Bytes),
    /// A stream; its length, if known, is in the header `Content-Length` and is kept exactly.
    Stream(ContentStream),
}

impl Outgoing {
    /// The method.
    pub fn method(&self) -> &Method {
        &self.method
    }

    /// The whole address, secrets included: not for printing.
    pub fn url(&self) -> &Url {
        &self.url
    }

    /// All headers, secrets included: not for printing.
    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// Whether file content travels: see [`Request::data`](crate::Request::data).
    pub fn is_data(&self) -> bool {
        self.data
    }

    /// Method, address, headers and body, to be sent.
    pub fn into_parts(self) -> (Method, Url, HeaderMap, OutgoingBody) {
        let body = match self.body {
            body if body.is_empty() => OutgoingBody::Empty,
            body => match body.as_bytes() {
                Some(bytes) if bytes.len() <= crate::body::PIECE => {
                    OutgoingBody::Bytes(bytes.clone())
                }
                _ => OutgoingBody::Stream(self.upload.watch(body)),
            },
        };
        (self.method, self.url, self.headers, body)
    }
}

impl fmt::Debug for Outgoing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Outgoing")
            .field("method", &self.method)
            .field("url", &self.safe_url)
            .field("headers", &SafeHeaders(&self.headers))
            .field("body", &self.body)
            .field("data", &self.data)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for OutgoingBody {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("Empty"),
            Self::Bytes(bytes) => write!(f, "Bytes({})", bytes.len()),
            Self::Stream(_) => f.write_str("Stream"),
        }
    }
}
