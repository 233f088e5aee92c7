//! The transport: everything that is the same for all services while sending.

mod attempt;
mod builder;

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::{Duration, SystemTime};

use http::HeaderValue;
use serde::de::DeserializeOwned;
use url::Url;

use crate::address::Base;
use crate::backoff::RetryPolicy;
use crate::dialect::Dialect;
use crate::error::{Error, Result};
use crate::exchange::Exchange;
use crate::request::Request;
use crate::response::{Answer, Response};
use crate::retry;
use crate::secrets::Secrets;
pub(crate) use attempt::{Check, Failure, Mode, Refused, Reply};
pub use builder::TransportBuilder;

/// Sends requests to one service: signs, waits, repeats, follows, and tells what happened.
///
/// Cheap to clone; clones are the same transport. It holds no task and no thread: dropping the
/// future of a call stops the call.
///
/// One [`send`](Self::send) does, in this order:
///
/// 1. keep what is needed to repeat the request (see [`Body::replay`](crate::Body::replay));
/// 2. join its path with the base, or check that its whole address may be spoken to;
/// 3. let the dialect [sign](Dialect::sign) it, if it goes to the base;
/// 4. give it to the [`Exchange`], follow redirects (at most five; only `GET` and `HEAD`; signed
///    requests on the same origin only, bare ones never from HTTPS to HTTP);
/// 5. log one `tracing` event of target `wharf_transport` at level `DEBUG`, with method, safe
///    address, status, attempt and milliseconds;
/// 6. if the answer is a refusal, let the dialect [judge](Dialect::judge) it;
/// 7. renew the credential once, change the host once, wait and repeat, or return.
///
/// The rules of repeating:
///
/// - what never connected is repeated, whatever its method;
/// - otherwise only idempotent requests are, when the connection broke, a time-out struck, or the
///   dialect said [`Retry`](crate::Verdict::Retry); and any request that was
///   [turned away](crate::Verdict::Throttled) unseen;
/// - a body that was begun and cannot be read again is never sent twice;
/// - `Retry-After` wins over our own delay, up to a ceiling; above it the call fails and says so;
/// - attempts and total time are bounded, by [`RetryPolicy`];
/// - "not there" on the repeat of a `DELETE` is success: the first one arrived.
///
/// ```
/// use wharf_transport::testing::{Reply, Script};
/// use wharf_transport::{Request, Transport};
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> wharf_transport::Result<()> {
/// let script = Script::new().answer(Reply::json(200, r#"{"name": "a.txt"}"#));
/// let transport = Transport::builder("https://api.example/v1").exchange(script.exchange()).build()?;
///
/// let name: std::collections::BTreeMap<String, String> =
///     transport.json(Request::get("/files").segment("a.txt")).await?;
/// assert_eq!(name["name"], "a.txt");
/// assert_eq!(script.requests()[0].url(), "https://api.example/v1/files/a.txt");
/// # Ok(()) }
/// ```
#[derive(Clone)]
pub struct Transport(Arc<Shared>);

struct Shared {
    base: RwLock<Arc<Base>>,
    exchange: Arc<dyn Exchange>,
    dialect: Arc<dyn Dialect>,
    retry: RetryPolicy,
    timeouts: Timeouts,
    answer_limit: u64,
    user_agent: HeaderValue,
    printed_keys: Vec<&'static str>,
    chance: Arc<dyn Fn() -> f64 + Send + Sync>,
    clock: Arc<dyn Fn() -> SystemTime + Send + Sync>,
    /// What was sent and must not be repeated.
    secrets: Mutex<Secrets>,
}

/// How long to wait for a sign of life. None of them bounds a transfer as a whole: a large file may
/// take hours.
///
/// The time-out for *connecting* belongs to the connections and so to the exchange:
/// [`HttpExchangeBuilder::connect_timeout`](crate::HttpExchangeBuilder::connect_timeout).
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Timeouts {
    /// From sending to the head of the answer. While a body is being sent, each time the
    /// connection takes more of it, the clock begins anew: a slow upload is fine, one that the
    /// other side does not take is not. Waiting for the *content*, where it comes from somewhere
    /// slow, does not count: that is for its source to bound. Default 60 s.
    pub headers: Duration,
    /// The longest silence within the body of an answer, while somebody is waiting for it.
    /// Default 60 s.
    pub silence: Duration,
    /// The whole body of an answer read into memory ([`Transport::fetch`]), never of a stream:
    /// a server that trickles must come to an end. Default 10 minutes.
    pub answer: Duration,
}

/// Why [`Transport::fetch_with`] does not get a value out of an answer.
#[derive(Debug)]
#[non_exhaustive]
pub enum Unreadable {
    /// It is a refusal in disguise.
    Refusal,
    /// It is not what was expected.
    Failed(Error),
}

impl From<Error> for Unreadable {
    fn from(error: Error) -> Self {
        Self::Failed(error)
    }
}

impl Transport {
    /// Begins a transport to the service at `base`, such as `https://app.example/api/v1`.
    pub fn builder(base: impl Into<String>) -> TransportBuilder {
        TransportBuilder::new(base.into())
    }

    /// Sends a request; the answer is a success, its body not yet read.
    ///
    /// From here on a broken body is the caller's: see [`Resume`](crate::Resume) for downloads, and
    /// [`fetch`](Self::fetch) for everything small.
    ///
    /// # Errors
    ///
    /// Of every [kind](crate::ErrorKind) but `Changed`; [`Error::refusal`](crate::Error::refusal) has the
    /// service's answer.
    pub async fn send(&self, request: Request) -> Result<Response> {
        match Box::pin(retry::run(self, request, Mode::Stream)).await? {
            Reply::Stream(response) => Ok(response),
            Reply::Whole(answer) => {
                Ok(Response::new(answer.status(), answer.headers().clone(), answer.into_body()))
            }
        }
    }

    /// Sends a request and reads the whole answer, up to the transport's limit. An answer that
    /// breaks off is repeated by the same rules as one that did not come.
    ///
    /// # Errors
    ///
    /// As [`send`](Self::send), and [`TooLarge`](crate::ErrorKind::TooLarge).
    pub async fn fetch(&self, request: Request) -> Result<Answer> {
        self.whole(request, &|_| Ok(())).await
    }

    /// As [`fetch`](Self::fetch), for services whose successes may be refusals in disguise: an
    /// answer for which `is_refusal` is true goes to the dialect's [`judge`](Dialect::judge), and
    /// may so lead to a renewal or a repeat like any other.
    ///
    /// # Errors
    ///
    /// As [`fetch`](Self::fetch).
    pub async fn fetch_checked(
        &self,
        request: Request,
        is_refusal: impl Fn(&Answer) -> bool + Send + Sync,
    ) -> Result<Answer> {
        let check = |answer: &Answer| match is_refusal(answer) {
            true => Err(Unreadable::Refusal),
            false => Ok(()),
        };
        self.whole(request, &check).await
    }

    /// As [`fetch`](Self::fetch), and reads the answer within the loop: `read` may call it a refusal
    /// in disguise, as in [`fetch_checked`](Self::fetch_checked), and an answer that was garbled on
    /// the way (an error that is [transient](crate::Error::is_transient)) is repeated like one that
    /// did not come.
    ///
    /// # Errors
    ///
    /// As [`fetch`](Self::fetch), and the last error of `read`.
    ///
    /// ```
    /// # use wharf_transport::testing::{Reply, Script};
    /// # use wharf_transport::{Answer, ErrorKind, Request, Transport, Unreadable};
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> wharf_transport::Result<()> {
    /// let script = Script::new().answer(Reply::json(200, r#"{"ErrorCode": 7001}"#));
    /// let transport = Transport::builder("https://mft.example").exchange(script.exchange()).build()?;
    /// let read = |answer: &Answer| match answer.body().starts_with(br#"{"ErrorCode""#) {
    ///     true => Err(Unreadable::Refusal),
    ///     false => Ok(answer.json::<String>()?),
    /// };
    /// let error = transport.fetch_with(Request::get("/file"), read).await.unwrap_err();
    /// assert_eq!(error.kind(), ErrorKind::Refused);
    /// assert_eq!(error.refusal().unwrap().body(), r#"{"ErrorCode": 7001}"#);
    /// # Ok(()) }
    /// ```
    pub async fn fetch_with<T: Send>(
        &self,
        request: Request,
        read: impl Fn(&Answer) -> Result<T, Unreadable> + Send + Sync,
    ) -> Result<T> {
        let value = Mutex::new(None);
        let keep = |answer: &Answer| {
            let read = read(answer)?;
            *value.lock().unwrap_or_else(PoisonError::into_inner) = Some(read);
            Ok(())
        };
        let answer = self.whole(request, &keep).await?;
        if let Some(value) = value.into_inner().unwrap_or_else(PoisonError::into_inner) {
            return Ok(value);
        }
        // Only the repeat of a `DELETE` that found nothing ends here: a success without a value.
        read(&answer).map_err(|unreadable| match unreadable {
            Unreadable::Failed(error) => error,
            Unreadable::Refusal => {
                Error::protocol("it was deleted, and there is no answer to read")
            }
        })
    }

    /// [`fetch_with`](Self::fetch_with) the value in the answer's JSON.
    ///
    /// # Errors
    ///
    /// As [`fetch`](Self::fetch), and [`Protocol`](crate::ErrorKind::Protocol) naming the bad field.
    pub async fn json<T: DeserializeOwned + Send>(&self, request: Request) -> Result<T> {
        self.fetch_with(request, |answer| Ok(answer.json()?)).await
    }

    async fn whole(&self, request: Request, check: &Check<'_>) -> Result<Answer> {
        match Box::pin(retry::run(self, request, Mode::Whole(check))).await? {
            Reply::Whole(answer) => Ok(answer),
            Reply::Stream(response) => response.into_answer(self.0.answer_limit).await,
        }
    }

    /// Where signed requests go: the configured base, or where the service moved us.
    pub fn base(&self) -> Arc<Base> {
        Arc::clone(&self.0.base.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// The exchange, to be shared with further transports.
    pub fn exchange(&self) -> &Arc<dyn Exchange> {
        &self.0.exchange
    }

    /// The policy of repeating.
    pub fn retry_policy(&self) -> &RetryPolicy {
        &self.0.retry
    }

    /// The time-outs.
    pub fn timeouts(&self) -> &Timeouts {
        &self.0.timeouts
    }

    /// The most bytes of an answer that [`fetch`](Self::fetch) holds, after decompression.
    pub fn answer_limit(&self) -> u64 {
        self.0.answer_limit
    }

    pub(crate) fn dialect(&self) -> &dyn Dialect {
        &*self.0.dialect
    }

    pub(crate) fn chance(&self) -> f64 {
        (self.0.chance)()
    }

    /// A refusal without what it repeats of the secrets that were sent, as those in the errors of
    /// this transport are. For a service that finds refusals where the transport does not.
    pub fn masked(&self, refusal: crate::Refusal) -> crate::Refusal {
        refusal.hiding(&self.0.secrets.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Keeps in mind what a request on its way holds.
    fn remember(&self, request: &Request) {
        self.0.secrets.lock().unwrap_or_else(PoisonError::into_inner).learn(request.secrets());
    }

    /// What an error about a request must not repeat.
    pub(crate) fn secrets(&self, request: &Request) -> Secrets {
        let known = self.0.secrets.lock().unwrap_or_else(PoisonError::into_inner);
        let mut secrets = request.secrets().clone();
        secrets.learn(&known);
        if let crate::Address::Absolute(url) = request.address() {
            secrets.note_link(url);
        }
        secrets
    }

    /// Changes the host for good, if every rule allows it; `from` is the base the refused request
    /// went to, which another call may have left already.
    pub(crate) fn rehost(&self, from: &Base, to: &Url) -> Result<()> {
        if *self.base() != *from {
            return Ok(());
        }
        if !self.dialect().may_move(from, to) {
            let place = crate::SafeUrl::bare(to);
            let message =
                format!("the service names {place}, which is not allowed to get the credential");
            return Err(Error::new(crate::ErrorKind::Redirected, message));
        }
        let moved = Arc::new(from.moved_to(to)?);
        *self.0.base.write().unwrap_or_else(PoisonError::into_inner) = moved;
        Ok(())
    }
}

impl Timeouts {
    /// Sets [`headers`](Self::headers).
    #[must_use]
    pub fn with_headers(mut self, limit: Duration) -> Self {
        self.headers = limit;
        self
    }

    /// Sets [`silence`](Self::silence).
    #[must_use]
    pub fn with_silence(mut self, limit: Duration) -> Self {
        self.silence = limit;
        self
    }

    /// Sets [`answer`](Self::answer).
    #[must_use]
    pub fn with_answer(mut self, limit: Duration) -> Self {
        self.answer = limit;
        self
    }
}

impl Default for Timeouts {
    fn default() -> Self {
        Self {
            headers: Duration::from_secs(60),
            silence: Duration::from_secs(60),
            answer: Duration::from_secs(600),
        }
    }
}

impl fmt::Debug for Transport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Transport")
            .field("base", &self.base())
            .field("dialect", &self.0.dialect)
            .field("exchange", &self.0.exchange)
            .field("retry", &self.0.retry)
            .field("timeouts", &self.0.timeouts)
            .field("answer_limit", &self.0.answer_limit)
            .finish_non_exhaustive()
    }
}
