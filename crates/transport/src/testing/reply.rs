//! What a scripted exchange answers.

use std::time::Duration;

use bytes::Bytes;
use futures_util::{StreamExt, stream};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use tokio::time::{Instant, sleep_until};

use crate::error::{Error, ErrorKind, Reached, Result};
use crate::response::Response;

/// One scripted answer or failure, perhaps after a delay.
///
/// ```
/// use std::time::Duration;
/// use wharf_transport::testing::Reply;
///
/// Reply::new(503).header("retry-after", "2");
/// Reply::json(200, "[]").after(Duration::from_secs(1));
/// Reply::new(200).body("half").then_reset();
/// Reply::refused_connection();
/// ```
#[derive(Debug, Clone)]
#[must_use = "a reply does nothing until it is given to a script"]
pub struct Reply {
    delay: Duration,
    outcome: Outcome,
}

#[derive(Debug, Clone)]
enum Outcome {
    Answer { status: StatusCode, headers: HeaderMap, body: Vec<Bytes>, end: End },
    Fail(ErrorKind, Reached),
    Silence,
}

#[derive(Debug, Clone, Copy)]
enum End {
    Clean,
    Reset,
    Stall,
}

impl Reply {
    /// An answer with a status and nothing else. A status that does not exist becomes 500.
    pub fn new(status: u16) -> Self {
        let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let outcome = Outcome::Answer {
            status,
            headers: HeaderMap::new(),
            body: Vec::new(),
            end: End::Clean,
        };
        Self { delay: Duration::ZERO, outcome }
    }

    /// An answer with a JSON document.
    pub fn json(status: u16, text: impl Into<Bytes>) -> Self {
        Self::new(status).header("content-type", "application/json").body(text)
    }

    /// The connection is refused: the request does not arrive.
    pub fn refused_connection() -> Self {
        Self::fail(ErrorKind::Connect, Reached::No)
    }

    /// The connection breaks before an answer comes: the request may have arrived.
    pub fn reset() -> Self {
        Self::fail(ErrorKind::Interrupted, Reached::Maybe)
    }

    /// A failure of any kind.
    pub fn fail(kind: ErrorKind, reached: Reached) -> Self {
        Self { delay: Duration::ZERO, outcome: Outcome::Fail(kind, reached) }
    }

    /// No answer, ever.
    pub fn silence() -> Self {
        Self { delay: Duration::ZERO, outcome: Outcome::Silence }
    }

    /// Adds a header. One that cannot be sent is left out.
    pub fn header(mut self, name: &str, value: &str) -> Self {
        let name = HeaderName::from_bytes(name.as_bytes());
        if let (Outcome::Answer { headers, .. }, Ok(name), Ok(value)) =
            (&mut self.outcome, name, HeaderValue::from_str(value))
        {
            headers.append(name, value);
        }
        self
    }

    /// Adds a block to the body.
    pub fn body(mut self, block: impl Into<Bytes>) -> Self {
        if let Outcome::Answer { body, .. } = &mut self.outcome {
            body.push(block.into());
        }
        self
    }

    /// After the body so far the connection breaks.
    pub fn then_reset(self) -> Self {
        self.ending(End::Reset)
    }

    /// After the body so far nothing comes any more.
    pub fn then_stall(self) -> Self {
        self.ending(End::Stall)
    }

    /// Answers only after a while, by tokio's clock.
    pub fn after(mut self, delay: Duration) -> Self {
        self.delay = delay;
        self
    }

    fn ending(mut self, how: End) -> Self {
        if let Outcome::Answer { end, .. } = &mut self.outcome {
            *end = how;
        }
        self
    }

    /// Whether the request does not even arrive, so that its body is not begun.
    pub(super) fn is_unreached(&self) -> bool {
        matches!(self.outcome, Outcome::Fail(_, Reached::No))
    }

    pub(super) async fn play(self) -> Result<Response> {
        if !self.delay.is_zero() {
            sleep_until(Instant::now() + self.delay).await;
        }
        match self.outcome {
            Outcome::Fail(kind, reached) => {
                Err(Error::new(kind, "scripted failure").with_reached(reached))
            }
            Outcome::Silence => std::future::pending().await,
            Outcome::Answer { status, headers, body, end } => {
                let blocks = stream::iter(body.into_iter().map(Ok));
                let reset = || Error::new(ErrorKind::Interrupted, "scripted reset");
                Ok(match end {
                    End::Clean => Response::streamed(status, headers, blocks),
                    End::Reset => {
                        let end = stream::once(async move { Err(reset()) });
                        Response::streamed(status, headers, blocks.chain(end))
                    }
                    End::Stall => {
                        Response::streamed(status, headers, blocks.chain(stream::pending()))
                    }
                })
            }
        }
    }
}
