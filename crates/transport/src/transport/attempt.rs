//! One attempt: sign, send, follow redirects, read what must be read, and say how it went.

use std::time::Duration;

use http::header::{CONTENT_LENGTH, USER_AGENT};
use http::{HeaderValue, Method};
use tokio::time::{Instant, timeout, timeout_at};
use url::Url;

use super::{Transport, Unreadable};
use crate::address::{Address, Base};
use crate::backoff::after;
use crate::body::Upload;
use crate::dialect::Refusal;
use crate::error::{Error, ErrorKind, Reached, Result};
use crate::exchange::Outgoing;
use crate::redact::SafeUrl;
use crate::redirect;
use crate::request::Request;
use crate::response::{Answer, Response};

/// What the caller wants of a success.
#[derive(Clone, Copy)]
pub(crate) enum Mode<'a> {
    Stream,
    Whole(&'a Check<'a>),
}

/// Looks at an answer that was read whole.
pub(crate) type Check<'a> = dyn Fn(&Answer) -> Result<(), Unreadable> + Send + Sync + 'a;

/// A success.
pub(crate) enum Reply {
    Stream(Response),
    Whole(Answer),
}

/// A failure, for the loop to decide about.
pub(crate) enum Failure {
    /// Nothing was sent: the request is invalid, or the dialect could not sign it.
    Unsent(Error),
    /// Not to be repeated, whatever its kind.
    Final(Error),
    /// The exchange failed.
    Broken(Error),
    /// The service refused.
    Refused(Box<Refused>),
}

/// A refusal and the circumstances it needs to be judged in.
pub(crate) struct Refused {
    pub(crate) refusal: Refusal,
    pub(crate) generation: u64,
    pub(crate) base: std::sync::Arc<Base>,
    pub(crate) method: Method,
    pub(crate) url: SafeUrl,
}

/// Where and how one message goes.
struct Hop {
    base: std::sync::Arc<Base>,
    url: Url,
    safe_url: SafeUrl,
    generation: u64,
    signed: bool,
}

impl Transport {
    /// Sends a copy of `request` once; `number` is for the log.
    pub(crate) async fn attempt(
        &self,
        request: &Request,
        mode: Mode<'_>,
        number: u32,
    ) -> Result<Reply, Failure> {
        let mut redirected: Option<Request> = None;
        let mut followed = 0;
        loop {
            let current = redirected.as_ref().unwrap_or(request);
            let (hop, response) = self.hop(current.replay().ok_or_else(spent)?, number).await?;
            let target = redirect::target(response.status(), response.headers(), &hop.url);
            let Some(target) = target else {
                return self.receive(request, hop, response, mode).await;
            };
            followed += 1;
            let to = target.and_then(|to| {
                redirect::check(current, &hop.base, &hop.url, &to, followed).map(|()| to)
            });
            let to = to.map_err(|error| {
                let error = error.with_status(response.status()).with_reached(Reached::Yes);
                Failure::Final(error.at(request.method(), &hop.safe_url))
            })?;
            let mut next = current.replay().ok_or_else(spent)?;
            redirect::follow(&mut next, &hop.url, to);
            redirected = Some(next);
        }
    }

    /// One message and the head of its answer.
    async fn hop(&self, mut request: Request, number: u32) -> Result<(Hop, Response), Failure> {
        request.check().map_err(Failure::Unsent)?;
        let signed = request.is_signed() && matches!(request.address(), Address::Base(_));
        if signed {
            self.dialect().sign(&mut request, self).await.map_err(Failure::Unsent)?;
            request.check().map_err(Failure::Unsent)?;
        }
        self.remember(&request);
        let hop = self.address(&request, signed).map_err(Failure::Unsent)?;
        let is_call = matches!(request.address(), Address::Base(_));
        if is_call {
            self.dialect().count_call().map_err(Failure::Unsent)?;
        }
        let limit = request.headers_timeout_or(self.0.timeouts.headers);
        let outgoing = self.outgoing(request, &hop);
        let (method, upload) = (outgoing.method.clone(), outgoing.upload.clone());

        let begun = Instant::now();
        let result = self.exchange_in_time(outgoing, limit).await;
        let result = result.map_err(|error| match upload.take_failure() {
            Some(cause) => {
                Error::new(ErrorKind::Content, "the content to be sent could not be read")
                    .with_source(cause)
            }
            None => error,
        });
        log(&method, &hop.safe_url, number, begun.elapsed(), &result);
        match result {
            Ok(response) => {
                let silence = self.0.timeouts.silence;
                let response = response.guarded(&method, &hop.safe_url, silence);
                Ok((hop, response))
            }
            Err(error) => {
                if is_call && error.reached() == Reached::No {
                    self.dialect().uncount_call();
                }
                Err(Failure::Broken(error.at(&method, &hop.safe_url)))
            }
        }
    }

    /// Where the request goes; it is signed only if that is the base's origin.
    fn address(&self, request: &Request, signed: bool) -> Result<Hop> {
        let base = self.base();
        let url = match (request.address(), request.moved()) {
            (Address::Absolute(url), _) => {
                base.check_bare(url)?;
                url.clone()
            }
            (Address::Base(path), None) => base.join(path, &request.encoded_query())?,
            (Address::Base(_), Some(moved)) => {
                let mut url = moved.clone();
                for (key, value) in request.query_pairs() {
                    url.query_pairs_mut().append_pair(key, value);
                }
                url
            }
        };
        let below_base = matches!(request.address(), Address::Base(_));
        if below_base && !base.is_origin_of(&url) {
            return Err(Error::invalid("the request would leave the configured origin"));
        }
        let safe_url = match below_base {
            true => SafeUrl::below_base(&url, &self.0.printed_keys),
            false => SafeUrl::bare(&url),
        };
        Ok(Hop { base, url, safe_url, generation: request.generation(), signed })
    }

    fn outgoing(&self, request: Request, hop: &Hop) -> Outgoing {
        let data = request.is_data();
        let (method, mut headers, body) = request.into_parts();
        headers.entry(USER_AGENT).or_insert_with(|| self.0.user_agent.clone());
        let wants_length = matches!(method, Method::POST | Method::PUT | Method::PATCH);
        match body.length() {
            Some(0) if !wants_length => {}
            Some(length) => {
                headers.insert(CONTENT_LENGTH, HeaderValue::from(length));
            }
            None => {}
        }
        let (url, safe_url) = (hop.url.clone(), hop.safe_url.clone());
        Outgoing { method, url, safe_url, headers, body, data, upload: Upload::begin() }
    }

    /// Waits for the head as long as the upload makes progress, and then `limit`.
    async fn exchange_in_time(&self, outgoing: Outgoing, limit: Duration) -> Result<Response> {
        let upload = outgoing.upload.clone();
        let mut exchange = self.0.exchange.exchange(outgoing);
        loop {
            let deadline = after(upload.last_progress(), limit);
            if let Ok(result) = timeout_at(deadline, &mut exchange).await {
                return result;
            }
            if after(upload.last_progress(), limit) <= Instant::now() {
                let message = format!("no answer within {:.1} s", limit.as_secs_f64());
                return Err(Error::new(ErrorKind::Timeout, message));
            }
        }
    }

    /// Tells a success from a refusal, and reads what is to be read.
    async fn receive(
        &self,
        request: &Request,
        hop: Hop,
        response: Response,
        mode: Mode<'_>,
    ) -> Result<Reply, Failure> {
        if self.dialect().is_refusal(&response) {
            let within = self.0.timeouts.silence;
            let (status, headers, body) = response.into_beginning(REFUSAL_LIMIT, within).await;
            return Err(self.refused(request, hop, status, headers, body));
        }
        let Mode::Whole(check) = mode else {
            return Ok(Reply::Stream(response));
        };
        let status = response.status();
        let whole = timeout(self.0.timeouts.answer, response.into_answer(self.0.answer_limit));
        let answer = match whole.await {
            Ok(Ok(answer)) => answer,
            Ok(Err(error)) => return Err(Failure::Broken(error.with_status(status))),
            Err(_) => {
                let seconds = self.0.timeouts.answer.as_secs_f64();
                let message = format!("the answer was not complete within {seconds:.1} s");
                let error = Error::new(ErrorKind::Timeout, message).with_reached(Reached::Yes);
                let error = error.at(request.method(), &hop.safe_url);
                return Err(Failure::Broken(error.with_status(status)));
            }
        };
        match check(&answer) {
            Ok(()) => Ok(Reply::Whole(answer)),
            Err(Unreadable::Failed(error)) => {
                let error = error.at(request.method(), &hop.safe_url).with_reached(Reached::Yes);
                Err(Failure::Broken(error.with_status(status)))
            }
            Err(Unreadable::Refusal) => {
                let (status, headers, mut body) = answer.into_refused();
                body.truncate(REFUSAL_LIMIT);
                Err(self.refused(request, hop, status, headers, body))
            }
        }
    }

    fn refused(
        &self,
        request: &Request,
        hop: Hop,
        status: http::StatusCode,
        headers: http::HeaderMap,
        body: bytes::Bytes,
    ) -> Failure {
        let now = (self.0.clock)();
        let refusal = Refusal::observed(status, headers, body, hop.signed, now);
        Failure::Refused(Box::new(Refused {
            refusal,
            generation: hop.generation,
            base: hop.base,
            method: request.method().clone(),
            url: hop.safe_url,
        }))
    }
}

fn spent() -> Failure {
    Failure::Unsent(Error::new(ErrorKind::Content, "the content was already sent"))
}

fn log(method: &Method, url: &SafeUrl, attempt: u32, elapsed: Duration, result: &Result<Response>) {
    let elapsed_ms = u64::try_from(elapsed.as_millis()).unwrap_or(u64::MAX);
    match result {
        Ok(response) => tracing::debug!(
            target: "wharf_transport",
            %method, %url, status = response.status().as_u16(), attempt, elapsed_ms, "answered"
        ),
        Err(error) => tracing::debug!(
            target: "wharf_transport",
            %method, %url, error = ?error.kind(), attempt, elapsed_ms, "failed"
        ),
    }
}

/// What is kept of the body of a refusal.
const REFUSAL_LIMIT: usize = 64 * 1024;
