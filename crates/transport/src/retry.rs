//! The one loop that repeats requests, and all of its rules.

use std::time::Duration;

use http::{Method, StatusCode};
use tokio::time::Instant;

use crate::backoff::{Plan, Reason};
use crate::dialect::{Renewal, Verdict};
use crate::error::{Error, ErrorKind, Reached, Result};
use crate::request::Request;
use crate::response::Response;
use crate::transport::{Failure, Mode, Refused, Reply, Transport};

/// Sends until it succeeds or must not, or need not, be sent again.
pub(crate) async fn run(transport: &Transport, request: Request, mode: Mode<'_>) -> Result<Reply> {
    let mut call = Call::new(transport, request);
    loop {
        call.attempts += 1;
        let failure = match transport.attempt(&call.request, mode, call.attempts).await {
            Ok(Reply::Stream(response)) => {
                return Ok(Reply::Stream(response.counted(call.attempts)));
            }
            Ok(Reply::Whole(answer)) => return Ok(Reply::Whole(answer.counted(call.attempts))),
            Err(failure) => failure,
        };
        match call.decide(failure).await? {
            Next::Again => {}
            Next::Wait(delay) => pause(delay).await,
            Next::Done(response) => return Ok(Reply::Stream(*response)),
        }
    }
}

/// The one place where anything waits before it is tried again.
pub(crate) async fn pause(delay: Duration) {
    tokio::time::sleep(delay).await;
}

struct Call<'a> {
    transport: &'a Transport,
    request: Request,
    begun: Instant,
    first_failure: Option<Instant>,
    attempts: u32,
    /// Attempts that failed in a way that may be repeated; renewals and moves do not count.
    failures: u32,
    renewed: bool,
    moved: bool,
    /// The highest over the attempts that failed before this one.
    reached: Reached,
    /// Whether one of them may have been carried out: not so where the service turned it away.
    carried_out: bool,
}

enum Next {
    Again,
    Wait(Duration),
    Done(Box<Response>),
}

impl<'a> Call<'a> {
    fn new(transport: &'a Transport, request: Request) -> Self {
        Self {
            transport,
            request,
            begun: Instant::now(),
            first_failure: None,
            attempts: 0,
            failures: 0,
            renewed: false,
            moved: false,
            reached: Reached::No,
            carried_out: false,
        }
    }

    async fn decide(&mut self, failure: Failure) -> Result<Next> {
        match failure {
            Failure::Unsent(error) => Err(self.give_unsent(error)),
            Failure::Final(error) => Err(self.give(error)),
            Failure::Broken(error) => self.broken(error),
            Failure::Refused(refused) => self.refused(*refused).await,
        }
    }

    /// What never connected may be repeated, everything else only if it does no harm.
    /// Errors pass that are so by kind, and answers that were garbled on the way.
    fn broken(&mut self, error: Error) -> Result<Next> {
        let passing = error.is_transient();
        let harmless = error.reached() == Reached::No || self.request.is_idempotent();
        if !passing || !harmless {
            return Err(self.give(error));
        }
        self.carried_out |= error.reached() > Reached::No;
        self.repeat(error, None)
    }

    async fn refused(&mut self, refused: Refused) -> Result<Next> {
        let verdict = self.transport.dialect().judge(&refused.refusal);
        let signed = refused.refusal.is_signed();
        match verdict {
            Verdict::Retry { after } if self.request.is_idempotent() => {
                self.carried_out = true;
                self.passing(refused, after)
            }
            Verdict::Throttled { after } => {
                // An error of the server may come after the work, whatever its words.
                self.carried_out |= refused.refusal.status().is_server_error();
                self.passing(refused, after)
            }
            Verdict::Retry { after } => {
                let asked = after.or(refused.refusal.retry_after());
                Err(self.give(refused.into_error().transient(true).with_retry_after(asked)))
            }
            Verdict::Renew if signed && !self.renewed && self.request.body_ref().can_replay() => {
                self.renew(refused).await
            }
            Verdict::Rehost(url)
                if signed && !self.moved && self.request.body_ref().can_replay() =>
            {
                self.moved = true;
                match self.transport.rehost(&refused.base, &url) {
                    Ok(()) => Ok(Next::Again),
                    Err(error) => {
                        let error = error.at(&refused.method, &refused.url);
                        Err(self.give(error.because(self.hide(refused.into_error()))))
                    }
                }
            }
            verdict => self.standing(refused, &verdict),
        }
    }

    /// What a repeated `DELETE` does not find, the first one deleted.
    fn standing(&self, refused: Refused, verdict: &Verdict) -> Result<Next> {
        let status = refused.refusal.status();
        let missing = *verdict == Verdict::Missing
            || matches!(status, StatusCode::NOT_FOUND | StatusCode::GONE);
        if missing && refused.method == Method::DELETE && self.carried_out {
            let headers = refused.refusal.headers().clone();
            let body = refused.refusal.body().clone();
            let response = Response::new(status, headers, body).counted(self.attempts);
            return Ok(Next::Done(Box::new(response)));
        }
        Err(self.give(refused.into_error()))
    }

    async fn renew(&mut self, refused: Refused) -> Result<Next> {
        self.renewed = true;
        let renewal = Renewal::new(self.transport, refused.generation, &refused.refusal);
        match self.transport.dialect().renew(renewal).await {
            Ok(()) => Ok(Next::Again),
            Err(error) if error.kind() == ErrorKind::Unauthenticated => {
                Err(self.give(refused.into_error().with_source(error)))
            }
            Err(error) => Err(error.with_reached(Reached::Yes)),
        }
    }

    /// A refusal that may pass. What the service asks for wins over our own delay.
    fn passing(&mut self, refused: Refused, after: Option<Duration>) -> Result<Next> {
        let asked = after.or(refused.refusal.retry_after());
        let error = refused.into_error().transient(true).with_retry_after(asked);
        self.repeat(error, asked)
    }

    /// Attempts and total time are bounded. And a body that was begun is not sent twice.
    fn repeat(&mut self, error: Error, asked: Option<Duration>) -> Result<Next> {
        self.failures += 1;
        self.reached = self.reached.max(error.reached());
        if !self.request.body_ref().can_replay() {
            return Err(self.give(error.gave_up("the content cannot be read a second time")));
        }
        let elapsed = self.first_failure.get_or_insert_with(Instant::now).elapsed();
        let policy = self.transport.retry_policy();
        match policy.plan(self.failures, elapsed, asked, self.transport.chance()) {
            Plan::Wait(delay) => Ok(Next::Wait(delay)),
            Plan::GiveUp(Reason::Attempts) => Err(self.give(error)),
            Plan::GiveUp(reason) => Err(self.give(error.gave_up(&reason.to_string()))),
        }
    }

    /// An error from before this attempt was sent. One of a login keeps that request's own count.
    fn give_unsent(&self, error: Error) -> Error {
        let error = error.with_reached(self.reached);
        match error.attempts() {
            0 => error.after(self.attempts - 1, self.begun.elapsed(), self.reached),
            _ => error,
        }
    }

    fn give(&self, error: Error) -> Error {
        self.hide(error).after(self.attempts, self.begun.elapsed(), self.reached)
    }

    /// The error without anything secret that the service repeated to us.
    fn hide(&self, error: Error) -> Error {
        error.hiding(&self.transport.secrets(&self.request))
    }
}

impl Refused {
    fn into_error(self) -> Error {
        Error::refused(self.refusal).at(&self.method, &self.url)
    }
}

impl Error {
    /// Keeps what the service said beside an error of ours.
    fn because(self, refused: Self) -> Self {
        self.with_reached(Reached::Yes).with_source(refused)
    }
}
