//! Answers: streamed, or whole in memory within a limit.

mod answer;
mod guard;
mod json;

use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use futures_util::stream::BoxStream;
use futures_util::{Stream, StreamExt};
use http::header::{CONTENT_ENCODING, CONTENT_LENGTH};
use http::{HeaderMap, Method, StatusCode};
use serde::de::DeserializeOwned;
use tokio::time::{Instant, timeout_at};

use crate::backoff::after;
use crate::error::{Error, ErrorKind, Reached, Result};
use crate::redact::{SafeHeaders, SafeUrl};
pub use answer::Answer;
use guard::Guard;

/// A body on its way in. After an error it ends.
pub type ByteStream = BoxStream<'static, Result<Bytes>>;

/// An answer whose body was not read yet.
///
/// The body comes as fast as it is polled and no faster; a pause longer than the silence time-out
/// *of the other side* is an error, a slow reader is not. A body that ends before its announced
/// length is [`Interrupted`](ErrorKind::Interrupted), never short.
///
/// ```
/// use wharf_transport::{HeaderMap, Response, StatusCode};
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> wharf_transport::Result<()> {
/// let response = Response::new(StatusCode::OK, HeaderMap::new(), "[1, 2]");
/// assert_eq!(response.json::<Vec<u8>>(1024).await?, [1, 2]);
/// # Ok(()) }
/// ```
pub struct Response {
    head: Head,
    offset: Option<u64>,
    body: Incoming,
}

/// A body, watched once it came through the loop.
enum Incoming {
    Raw(ByteStream),
    Guarded(Guard),
}

/// What answers have beside their body.
#[derive(Clone)]
struct Head {
    status: StatusCode,
    headers: HeaderMap,
    from: Option<(Method, SafeUrl)>,
    attempts: u32,
}

impl Response {
    /// An answer with its body in memory, as tests and [`Exchange`](crate::Exchange)s make it.
    pub fn new(status: StatusCode, headers: HeaderMap, body: impl Into<Bytes>) -> Self {
        let body = Some(body.into()).filter(|body: &Bytes| !body.is_empty());
        Self::streamed(status, headers, futures_util::stream::iter(body.map(Ok)))
    }

    /// An answer with a streamed body, as an [`Exchange`](crate::Exchange) makes it.
    pub fn streamed(
        status: StatusCode,
        headers: HeaderMap,
        body: impl Stream<Item = Result<Bytes>> + Send + 'static,
    ) -> Self {
        let head = Head { status, headers, from: None, attempts: 1 };
        Self { head, offset: None, body: Incoming::Raw(body.boxed()) }
    }

    /// The status.
    pub fn status(&self) -> StatusCode {
        self.head.status
    }

    /// The headers.
    pub fn headers(&self) -> &HeaderMap {
        &self.head.headers
    }

    /// One header as text, if it is there and is text.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.head.header(name)
    }

    /// Where it came from, without anything secret.
    pub fn url(&self) -> Option<&SafeUrl> {
        self.head.from.as_ref().map(|(_, url)| url)
    }

    /// How often the request was sent until this answer came.
    pub fn attempts(&self) -> u32 {
        self.head.attempts
    }

    /// The announced length of the body; none if it is unknown or compressed.
    pub fn content_length(&self) -> Option<u64> {
        self.head.content_length()
    }

    /// States at which byte of the whole the body begins, for services that say it otherwise than
    /// by status 206 and `Content-Range`: see [`Resume`](crate::Resume).
    #[must_use]
    pub fn at_offset(mut self, offset: u64) -> Self {
        self.offset = Some(offset);
        self
    }

    /// The offset stated by [`at_offset`](Self::at_offset).
    pub(crate) fn offset(&self) -> Option<u64> {
        self.offset
    }

    /// The body as a stream.
    pub fn into_stream(self) -> ByteStream {
        self.body.into_stream()
    }

    /// The whole body, if it is not larger than `limit` bytes after decompression.
    ///
    /// # Errors
    ///
    /// [`TooLarge`](ErrorKind::TooLarge) above the limit, before more than that is held;
    /// [`Interrupted`](ErrorKind::Interrupted) and [`Timeout`](ErrorKind::Timeout) as they come.
    pub async fn bytes(self, limit: u64) -> Result<Bytes> {
        Ok(self.into_answer(limit).await?.body)
    }

    /// The whole body as text in UTF-8, within a limit as in [`bytes`](Self::bytes).
    ///
    /// # Errors
    ///
    /// As [`bytes`](Self::bytes), and [`Protocol`](ErrorKind::Protocol) if it is not UTF-8.
    pub async fn text(self, limit: u64) -> Result<String> {
        Ok(self.into_answer(limit).await?.text()?.to_owned())
    }

    /// The whole body as a value read from JSON, within a limit as in [`bytes`](Self::bytes).
    ///
    /// # Errors
    ///
    /// As [`bytes`](Self::bytes), and [`Protocol`](ErrorKind::Protocol) naming the bad field.
    pub async fn json<T: DeserializeOwned>(self, limit: u64) -> Result<T> {
        self.into_answer(limit).await?.json()
    }

    /// The whole answer, within a limit as in [`bytes`](Self::bytes).
    ///
    /// # Errors
    ///
    /// As [`bytes`](Self::bytes).
    pub async fn into_answer(self, limit: u64) -> Result<Answer> {
        let Self { head, mut body, .. } = self;
        let announced = match &body {
            Incoming::Guarded(guard) => guard.left(),
            Incoming::Raw(_) => head.content_length(),
        };
        let announced = announced.unwrap_or(0);
        if announced > limit {
            return Err(head.name(too_large(limit)));
        }
        // What a header promises is not yet memory taken.
        let room = usize::try_from(announced.min(FIRST_ROOM)).unwrap_or(0);
        let mut whole = Collected::new(room);
        while let Some(block) = body.next().await {
            let block = block.map_err(|error| head.name(error))?;
            if whole.length() + block.len() as u64 > limit {
                return Err(head.name(too_large(limit)));
            }
            whole.push(block);
        }
        Ok(Answer { head, body: whole.finish() })
    }

    /// The first bytes of the body, as far as they come in time, and no error if it breaks off: for
    /// refusals.
    pub(crate) async fn into_beginning(
        self,
        limit: usize,
        within: Duration,
    ) -> (StatusCode, HeaderMap, Bytes) {
        let Self { head, mut body, .. } = self;
        let deadline = after(Instant::now(), within);
        let mut start = BytesMut::new();
        while let Ok(Some(Ok(block))) = timeout_at(deadline, body.next()).await {
            start.extend_from_slice(block.get(..limit - start.len()).unwrap_or(&block));
            if start.len() >= limit {
                break;
            }
        }
        (head.status, head.headers, start.freeze())
    }

    /// Names the request in every error of the body, and watches its silence and length.
    pub(crate) fn guarded(mut self, method: &Method, url: &SafeUrl, silence: Duration) -> Self {
        let bodiless = *method == Method::HEAD
            || matches!(self.status(), StatusCode::NO_CONTENT | StatusCode::NOT_MODIFIED);
        let length = if bodiless { Some(0) } else { self.content_length() };
        let from = Some((method.clone(), url.clone()));
        self.head.from.clone_from(&from);
        let guard = Guard::new(self.body.into_stream(), length, silence, from);
        Self { body: Incoming::Guarded(guard), ..self }
    }

    pub(crate) fn counted(mut self, attempts: u32) -> Self {
        self.head.attempts = attempts;
        self
    }
}

impl Incoming {
    fn into_stream(self) -> ByteStream {
        match self {
            Self::Raw(body) => body,
            Self::Guarded(guard) => guard.boxed(),
        }
    }
}

impl Stream for Incoming {
    type Item = Result<Bytes>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        match &mut *self {
            Self::Raw(body) => body.poll_next_unpin(cx),
            Self::Guarded(guard) => guard.poll_next_unpin(cx),
        }
    }
}

impl Head {
    fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    fn content_length(&self) -> Option<u64> {
        if self.headers.contains_key(CONTENT_ENCODING) {
            // The length of what travels; whether anybody unpacks it is not known here.
            return None;
        }
        self.header(CONTENT_LENGTH.as_str())?.parse().ok()
    }

    fn name(&self, error: Error) -> Error {
        name(error, self.from.as_ref())
    }
}

impl fmt::Debug for Response {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.head.debug(f, "Response").finish_non_exhaustive()
    }
}

impl Head {
    fn debug<'a, 'f>(&self, f: &'a mut fmt::Formatter<'f>, name: &str) -> fmt::DebugStruct<'a, 'f> {
        let mut debug = f.debug_struct(name);
        debug.field("status", &self.status).field("headers", &SafeHeaders(&self.headers));
        debug
    }
}

/// One block is passed on as it is; only several are copied together.
struct Collected {
    first: Bytes,
    rest: BytesMut,
    room: usize,
}

impl Collected {
    fn new(room: usize) -> Self {
        Self { first: Bytes::new(), rest: BytesMut::new(), room }
    }

    fn length(&self) -> u64 {
        (self.first.len() + self.rest.len()) as u64
    }

    fn push(&mut self, block: Bytes) {
        if self.length() == 0 {
            self.first = block;
            return;
        }
        if self.rest.is_empty() {
            self.rest.reserve(self.room.max(self.first.len() + block.len()));
            self.rest.extend_from_slice(&self.first);
            self.first = Bytes::new();
        }
        self.rest.extend_from_slice(&block);
    }

    fn finish(self) -> Bytes {
        if self.rest.is_empty() { self.first } else { self.rest.freeze() }
    }
}

fn name(error: Error, from: Option<&(Method, SafeUrl)>) -> Error {
    let error = match from {
        Some((method, url)) => error.at(method, url),
        None => error,
    };
    error.with_reached(Reached::Yes)
}

fn too_large(limit: u64) -> Error {
    Error::new(ErrorKind::TooLarge, format!("the answer is larger than the {limit} bytes allowed"))
}

/// The most memory set aside because a header announces it.
const FIRST_ROOM: u64 = 1024 * 1024;

#[cfg(test)]
mod tests;
