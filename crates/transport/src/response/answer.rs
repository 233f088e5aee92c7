//! An answer read whole.

use std::fmt;

use bytes::Bytes;
use http::header::CONTENT_TYPE;
use http::{HeaderMap, StatusCode};
use serde::de::DeserializeOwned;

use super::Head;
use super::json::{self, Mismatch};
use crate::error::{Error, Result};
use crate::redact::SafeUrl;

/// An answer read whole.
#[derive(Clone)]
pub struct Answer {
    pub(super) head: Head,
    pub(super) body: Bytes,
}

impl Answer {
    /// An answer read whole, as tests want it.
    pub fn new(status: StatusCode, headers: HeaderMap, body: impl Into<Bytes>) -> Self {
        Self { head: Head { status, headers, from: None, attempts: 1 }, body: body.into() }
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

    /// The body.
    pub fn body(&self) -> &Bytes {
        &self.body
    }

    /// The body by value.
    pub fn into_body(self) -> Bytes {
        self.body
    }

    /// The body as text.
    ///
    /// # Errors
    ///
    /// [`Protocol`](crate::ErrorKind::Protocol) if it is not UTF-8.
    pub fn text(&self) -> Result<&str> {
        std::str::from_utf8(&self.body).map_err(|_| self.fail("the answer is not UTF-8"))
    }

    /// The body as a value read from JSON.
    ///
    /// # Errors
    ///
    /// [`Protocol`](crate::ErrorKind::Protocol) with the path of the bad field, its line and column, and
    /// what was expected there; never with what *stands* there, which may be secret. What is not
    /// JSON at all, or ends in the middle, is [transient](Error::is_transient): it may have suffered
    /// on the way.
    ///
    /// ```
    /// use std::collections::BTreeMap;
    /// use wharf_transport::{Answer, HeaderMap, StatusCode};
    ///
    /// let answer = Answer::new(StatusCode::OK, HeaderMap::new(), r#"{"sizes": [1, "planted"]}"#);
    /// let error = answer.json::<BTreeMap<String, Vec<u8>>>().unwrap_err();
    /// assert_eq!(error.to_string(), "the answer is not what was expected at sizes[1]: expected u8 (line 1 column 23)");
    /// ```
    pub fn json<T: DeserializeOwned>(&self) -> Result<T> {
        json::read(self.text()?).map_err(|mismatch| match mismatch {
            Mismatch::Other(message) => self.fail(message),
            Mismatch::Garbled(mut message) => {
                let kind = self.header(CONTENT_TYPE.as_str()).unwrap_or_default();
                if kind.contains("html") || kind.contains("xml") {
                    message.push_str(&format!("; its type is {kind}"));
                }
                self.fail(message).transient(true)
            }
        })
    }

    pub(crate) fn counted(mut self, attempts: u32) -> Self {
        self.head.attempts = attempts;
        self
    }

    pub(crate) fn into_refused(self) -> (StatusCode, HeaderMap, Bytes) {
        (self.head.status, self.head.headers, self.body)
    }

    fn fail(&self, message: impl Into<std::borrow::Cow<'static, str>>) -> Error {
        self.head.name(Error::protocol(message))
    }
}

/// Prints the length of the body, never the body.
impl fmt::Debug for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.head.debug(f, "Answer").field("body_length", &self.body.len()).finish()
    }
}
