//! What differs from service to service while sending.

use std::borrow::Cow;
use std::fmt;
use std::time::{Duration, SystemTime};

use async_trait::async_trait;
use bytes::Bytes;
use http::{HeaderMap, StatusCode};
use url::Url;

use crate::address::Base;
use crate::error::{Error, Result};
use crate::redact::SafeHeaders;
use crate::request::Request;
use crate::response::Response;
use crate::retry_after;
use crate::secrets::Secrets;
use crate::transport::Transport;

/// The service-specific part of sending: how requests are signed and how refusals are read.
///
/// Only the service can tell what a refusal means (one answers almost every error with status 500,
/// another may say that the account lives on another host); only the transport may act on it. So a
/// dialect *judges* and the transport *does*, within its bounds.
///
/// ```
/// use async_trait::async_trait;
/// use secrecy::SecretString;
/// use wharf_transport::{Dialect, Refusal, Request, Result, Transport, Verdict};
///
/// #[derive(Debug)]
/// struct Keyed(SecretString);
///
/// #[async_trait]
/// impl Dialect for Keyed {
///     async fn sign(&self, request: &mut Request, _: &Transport) -> Result<()> {
///         request.insert_secret("x-key", &self.0)
///     }
///     fn judge(&self, refusal: &Refusal) -> Verdict {
///         match refusal.body().as_ref() {
///             b"busy" => Verdict::Retry { after: None },
///             _ => Verdict::by_status(refusal),
///         }
///     }
/// }
/// ```
#[async_trait]
pub trait Dialect: fmt::Debug + Send + Sync {
    /// Adds the credential to a request that goes to the configured base.
    ///
    /// It is called anew for every attempt, on a fresh copy of the request. A dialect that has to
    /// log in first may send its login by `transport`, as an [`unsigned`](Request::unsigned) request.
    ///
    /// # Errors
    ///
    /// Whatever keeps it from having a credential; the call fails with it, without being sent.
    async fn sign(&self, request: &mut Request, transport: &Transport) -> Result<()>;

    /// A message is about to be sent to the configured base, be it the first, a repetition, a
    /// login, or where a redirect led. By default nobody counts.
    ///
    /// # Errors
    ///
    /// [`CallLimit`](crate::ErrorKind::CallLimit) keeps it back, and the call fails with that.
    fn count_call(&self) -> Result<()> {
        Ok(())
    }

    /// The message that was counted was never sent: no connection came about.
    fn uncount_call(&self) {}

    /// Whether an answer is a refusal, by its status and headers.
    ///
    /// By default every status outside 200 to 299. A service that hides errors in the headers of a
    /// success looks for them here; errors hidden in a *body* are found by the check given to
    /// [`Transport::fetch_checked`].
    fn is_refusal(&self, response: &Response) -> bool {
        !response.status().is_success()
    }

    /// What to do about a refusal. By default [`Verdict::by_status`].
    fn judge(&self, refusal: &Refusal) -> Verdict {
        Verdict::by_status(refusal)
    }

    /// Gets another credential after [`Verdict::Renew`]; called at most once per call.
    ///
    /// Many calls may ask at once: compare [`Renewal::generation`] with the credential in hand, and
    /// renew only if it is still the refused one.
    ///
    /// # Errors
    ///
    /// By default [`Unauthenticated`](crate::ErrorKind::Unauthenticated): there is no other. Then
    /// the call fails with the refusal itself, and with any other error of a renewal it fails with that.
    async fn renew(&self, renewal: Renewal<'_>) -> Result<()> {
        let _ = renewal;
        Err(Error::unauthenticated("the credential cannot be renewed"))
    }

    /// Whether the credential may go to another host that the service named.
    ///
    /// By default never. TLS is required in any case, unless the base itself does without.
    fn may_move(&self, base: &Base, to: &Url) -> bool {
        let _ = (base, to);
        false
    }
}

/// The dialect of a service without credentials.
#[derive(Debug, Clone, Copy, Default)]
#[non_exhaustive]
pub struct Anonymous;

#[async_trait]
impl Dialect for Anonymous {
    async fn sign(&self, _: &mut Request, _: &Transport) -> Result<()> {
        Ok(())
    }
}

/// What to do about a refusal.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Verdict {
    /// It stands.
    Final,
    /// What was asked for is not there. It stands, except on the *repeat* of a `DELETE`: then the
    /// first one arrived, and the call has succeeded.
    Missing,
    /// It may pass: repeat an idempotent request, after this long or after what `Retry-After` says.
    Retry {
        /// How long to wait; without it, what the headers ask for, else our own delay.
        after: Option<Duration>,
    },
    /// The service turned the request away before doing anything with it: repeat any request.
    Throttled {
        /// As in [`Verdict::Retry`].
        after: Option<Duration>,
    },
    /// The credential is no longer good: renew it once and repeat.
    Renew,
    /// The account lives on another host: go there once, if [`Dialect::may_move`] allows it, and
    /// stay there. Of the address only scheme, host and port count.
    Rehost(Url),
}

impl Verdict {
    /// The verdict by status alone: 502, 503 and 504 may pass; 408, 425 and 429 were turned away
    /// unseen (RFC 9110, 15.5.9; RFC 8470; RFC 6585); 404 and 410 are missing, everything else
    /// stands.
    pub fn by_status(refusal: &Refusal) -> Self {
        match refusal.status().as_u16() {
            502..=504 => Self::Retry { after: None },
            408 | 425 | 429 => Self::Throttled { after: None },
            404 | 410 => Self::Missing,
            _ => Self::Final,
        }
    }
}

/// An answer that is not a success: its head and the first 64 KiB of its body.
#[derive(Clone)]
pub struct Refusal {
    status: StatusCode,
    headers: HeaderMap,
    body: Bytes,
    signed: bool,
    retry_after: Option<Duration>,
}

impl Refusal {
    /// A refusal to a signed request, as a service's crate wants it for tests of its own.
    pub fn new(status: StatusCode, headers: HeaderMap, body: impl Into<Bytes>) -> Self {
        Self::observed(status, headers, body.into(), true, SystemTime::now())
    }

    pub(crate) fn observed(
        status: StatusCode,
        headers: HeaderMap,
        body: Bytes,
        signed: bool,
        now: SystemTime,
    ) -> Self {
        let retry_after = retry_after::parse(&headers, now);
        Self { status, headers, body, signed, retry_after }
    }

    /// The refusal as others may read it: without what it repeats of the secrets it was sent.
    pub(crate) fn hiding(mut self, secrets: &Secrets) -> Self {
        if let Cow::Owned(body) = secrets.hidden(&self.body) {
            self.body = body.into();
        }
        secrets.hide_in_headers(&mut self.headers);
        self
    }

    /// The status.
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// The headers.
    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// One header as text, if it is there and is text.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// The body, cut after 64 KiB.
    pub fn body(&self) -> &Bytes {
        &self.body
    }

    /// Whether it answers a signed request; otherwise it comes from a whole address, such as storage.
    pub fn is_signed(&self) -> bool {
        self.signed
    }

    /// What the header `Retry-After` asks for.
    pub fn retry_after(&self) -> Option<Duration> {
        self.retry_after
    }
}

/// Prints the status and the length of the body, never the body.
impl fmt::Debug for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Refusal")
            .field("status", &self.status)
            .field("headers", &SafeHeaders(&self.headers))
            .field("body_length", &self.body.len())
            .field("signed", &self.signed)
            .finish_non_exhaustive()
    }
}

/// What a dialect is told when it is to renew its credential.
#[derive(Debug, Clone, Copy)]
pub struct Renewal<'a> {
    transport: &'a Transport,
    generation: u64,
    refusal: &'a Refusal,
}

impl<'a> Renewal<'a> {
    pub(crate) fn new(transport: &'a Transport, generation: u64, refusal: &'a Refusal) -> Self {
        Self { transport, generation, refusal }
    }

    /// To send the login by, as an [`unsigned`](Request::unsigned) request.
    pub fn transport(&self) -> &'a Transport {
        self.transport
    }

    /// The number given to [`Request::set_generation`] when the refused request was signed; 0 if none.
    pub fn generation(&self) -> u64 {
        self.generation
    }

    /// The refusal.
    pub fn refusal(&self) -> &'a Refusal {
        self.refusal
    }
}
