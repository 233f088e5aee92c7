//! What went wrong while speaking HTTP, and whether the request may have arrived.

use std::borrow::Cow;
use std::error::Error as StdError;
use std::fmt;
use std::time::Duration;

use http::{Method, StatusCode};

use crate::dialect::Refusal;
use crate::redact::SafeUrl;
use crate::secrets::Secrets;

/// The result of everything in this crate that can fail.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// The one error of this crate: the HTTP story of a call that did not succeed.
///
/// It never holds a query, a header value or a credential; what the service repeats of the
/// credentials it was sent is masked, in the [`refusal`](Self::refusal) too. `Display` is one line
/// without the chain of causes; those are reached by [`source`](StdError::source).
/// What a service said is in [`refusal`](Self::refusal), for the service's own crate to read.
///
/// ```
/// use wharf_transport::{Error, ErrorKind, Reached};
///
/// let error = Error::new(ErrorKind::Connect, "could not connect");
/// assert_eq!(error.reached(), Reached::No);
/// assert!(error.is_transient());
/// assert_eq!(error.to_string(), "could not connect");
/// ```
pub struct Error(Box<Inner>);

struct Inner {
    kind: ErrorKind,
    message: Cow<'static, str>,
    reached: Reached,
    transient: bool,
    method: Option<Method>,
    url: Option<SafeUrl>,
    status: Option<StatusCode>,
    attempts: u32,
    elapsed: Duration,
    retry_after: Option<Duration>,
    refusal: Option<Refusal>,
    source: Option<Box<dyn StdError + Send + Sync>>,
}

/// What kind of thing went wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The request or the configuration cannot be used; nothing was sent. Do not repeat.
    Invalid,
    /// No connection: name not found, refused, network down. May be repeated.
    Connect,
    /// The other side could not prove who it is, or TLS could not be agreed on. Do not repeat.
    Tls,
    /// Nothing happened for as long as one of the time-outs allows. May be repeated.
    Timeout,
    /// The connection broke, or the body ended before its announced length. May be repeated.
    Interrupted,
    /// The service answered with a refusal: see [`Error::status`] and [`Error::refusal`].
    Refused,
    /// A redirect that must not be followed; the message names the host.
    Redirected,
    /// The answer does not hold what was expected: not JSON, a field missing, a cursor in a circle.
    Protocol,
    /// The answer is larger than the caller's limit.
    TooLarge,
    /// The content to be sent could not be read, or had another length than it announced.
    Content,
    /// What is being downloaded changed on the way, so that it cannot be continued.
    Changed,
    /// The credential was refused and there is no other.
    Unauthenticated,
    /// The caller allows no more requests; nothing was sent. What a
    /// [`Dialect`](crate::Dialect::count_call) answers that keeps count.
    CallLimit,
}

/// Could the request have arrived, and so have taken effect?
///
/// Ordered: over several attempts the highest counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Reached {
    /// It was never sent.
    No,
    /// It was sent in part or whole, and no answer came.
    Maybe,
    /// The service answered.
    Yes,
}

impl Error {
    /// An error of a kind, with a message that must hold no secret.
    ///
    /// [`reached`](Self::reached) and [`is_transient`](Self::is_transient) follow from the kind;
    /// the sending loop fills in method, address, attempts and time.
    pub fn new(kind: ErrorKind, message: impl Into<Cow<'static, str>>) -> Self {
        Self(Box::new(Inner {
            kind,
            message: message.into(),
            reached: kind.reached(),
            transient: kind.is_transient(),
            method: None,
            url: None,
            status: None,
            attempts: 0,
            elapsed: Duration::ZERO,
            retry_after: None,
            refusal: None,
            source: None,
        }))
    }

    /// [`ErrorKind::Invalid`]: nothing was sent.
    pub fn invalid(message: impl Into<Cow<'static, str>>) -> Self {
        Self::new(ErrorKind::Invalid, message)
    }

    /// [`ErrorKind::Protocol`]: the answer is not what was expected.
    pub fn protocol(message: impl Into<Cow<'static, str>>) -> Self {
        Self::new(ErrorKind::Protocol, message)
    }

    /// [`ErrorKind::Unauthenticated`]: what a [`Dialect`](crate::Dialect) answers that has no other credential.
    pub fn unauthenticated(message: impl Into<Cow<'static, str>>) -> Self {
        Self::new(ErrorKind::Unauthenticated, message)
    }

    /// [`ErrorKind::Refused`], with the service's answer.
    pub fn refused(refusal: Refusal) -> Self {
        let mut error = Self::new(ErrorKind::Refused, "refused");
        error.0.status = Some(refusal.status());
        error.0.retry_after = refusal.retry_after();
        error.0.refusal = Some(refusal);
        error
    }

    /// Adds the cause. It must not print a secret, neither by `Display` nor by `Debug`.
    #[must_use]
    pub fn with_source(mut self, source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        self.0.source = Some(source.into());
        self
    }

    /// States whether the request may have arrived, where the kind alone does not say it.
    #[must_use]
    pub fn with_reached(mut self, reached: Reached) -> Self {
        self.0.reached = reached;
        self
    }

    /// What kind of thing went wrong.
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// Whether the request may have arrived, over all attempts.
    pub fn reached(&self) -> Reached {
        self.0.reached
    }

    /// Whether the same call may succeed later without anybody changing anything.
    pub fn is_transient(&self) -> bool {
        self.0.transient
    }

    /// The status of the answer, if one came.
    pub fn status(&self) -> Option<StatusCode> {
        self.0.status
    }

    /// The method of the request.
    pub fn method(&self) -> Option<&Method> {
        self.0.method.as_ref()
    }

    /// Where the request went, without anything secret.
    pub fn url(&self) -> Option<&SafeUrl> {
        self.0.url.as_ref()
    }

    /// How often the request was sent; 0 when it never left.
    pub fn attempts(&self) -> u32 {
        self.0.attempts
    }

    /// How long the call took, waits included.
    pub fn elapsed(&self) -> Duration {
        self.0.elapsed
    }

    /// How long the service asked to wait.
    pub fn retry_after(&self) -> Option<Duration> {
        self.0.retry_after
    }

    /// The service's answer, if this is a refusal: the first 64 KiB of it.
    pub fn refusal(&self) -> Option<&Refusal> {
        self.0.refusal.as_ref()
    }

    /// As [`refusal`](Self::refusal), by value.
    pub fn into_refusal(self) -> Option<Refusal> {
        self.0.refusal
    }

    /// What happened, without method, address and attempts.
    pub fn message(&self) -> &str {
        &self.0.message
    }

    /// Fills in where the request went; the first to know wins.
    pub(crate) fn at(mut self, method: &Method, url: &SafeUrl) -> Self {
        self.0.method.get_or_insert_with(|| method.clone());
        self.0.url.get_or_insert_with(|| url.clone());
        self
    }

    pub(crate) fn with_status(mut self, status: StatusCode) -> Self {
        self.0.status.get_or_insert(status);
        self
    }

    pub(crate) fn after(mut self, attempts: u32, elapsed: Duration, reached: Reached) -> Self {
        self.0.attempts = attempts;
        self.0.elapsed = elapsed;
        self.0.reached = self.0.reached.max(reached);
        self
    }

    pub(crate) fn transient(mut self, transient: bool) -> Self {
        self.0.transient = transient;
        self
    }

    /// Says why no further attempt was made.
    pub(crate) fn gave_up(mut self, why: &str) -> Self {
        self.0.message = Cow::Owned(format!("{}; gave up: {why}", self.0.message));
        self
    }

    /// Masks what must not be repeated, in our words and in those of the service.
    pub(crate) fn hiding(mut self, secrets: &Secrets) -> Self {
        if let Some(hidden) = secrets.hidden_text(&self.0.message) {
            self.0.message = Cow::Owned(hidden);
        }
        self.0.refusal = self.0.refusal.take().map(|refusal| refusal.hiding(secrets));
        self
    }

    pub(crate) fn with_retry_after(mut self, asked: Option<Duration>) -> Self {
        self.0.retry_after = asked.or(self.0.retry_after);
        self
    }
}

impl ErrorKind {
    /// What can be done about it, as a sentence, where that is the same for every service.
    pub fn remedy(self) -> Option<&'static str> {
        match self {
            Self::Tls => Some(UNTRUSTED),
            _ => None,
        }
    }

    fn reached(self) -> Reached {
        match self {
            Self::Invalid | Self::Connect | Self::Tls | Self::Unauthenticated | Self::CallLimit => {
                Reached::No
            }
            Self::Timeout | Self::Interrupted | Self::Content => Reached::Maybe,
            Self::Refused | Self::Redirected | Self::Protocol | Self::TooLarge | Self::Changed => {
                Reached::Yes
            }
        }
    }

    fn is_transient(self) -> bool {
        matches!(self, Self::Connect | Self::Timeout | Self::Interrupted)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Inner { method, url, message, status, attempts, elapsed, .. } = &*self.0;
        if let Some(method) = method {
            write!(f, "{method} ")?;
        }
        if let Some(url) = url {
            write!(f, "{url}: ")?;
        }
        f.write_str(message)?;
        if let Some(status) = status {
            write!(f, " (status {status})")?;
        }
        if *attempts > 1 {
            write!(f, " after {attempts} attempts in {:.1} s", elapsed.as_secs_f64())?;
        }
        Ok(())
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let inner = &*self.0;
        f.debug_struct("Error")
            .field("kind", &inner.kind)
            .field("message", &inner.message)
            .field("reached", &inner.reached)
            .field("transient", &inner.transient)
            .field("method", &inner.method)
            .field("url", &inner.url)
            .field("status", &inner.status)
            .field("attempts", &inner.attempts)
            .field("elapsed", &inner.elapsed)
            .field("retry_after", &inner.retry_after)
            .field("refusal", &inner.refusal)
            .field("source", &inner.source)
            .finish()
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.0.source.as_deref().map(|source| source as &(dyn StdError + 'static))
    }
}

const UNTRUSTED: &str = "Check the host's name and this machine's clock. If the server, or a proxy \
                         before it, is one of your own, let this machine trust the authority that \
                         issued its certificate; on Linux also by the variable SSL_CERT_FILE, \
                         which names the file of all that are trusted.";
