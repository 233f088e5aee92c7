//! A request as a value: built without I/O, compared in tests, sent by a [`Transport`](crate::Transport).

mod encode;
mod sending;

use std::borrow::Cow;
use std::fmt::{self, Display};
use std::ops::Range;
use std::time::Duration;

use http::header::{ACCEPT_ENCODING, CONTENT_TYPE, HeaderName, HeaderValue, RANGE};
use http::{HeaderMap, Method};
use serde::Serialize;
use url::{Position, Url};

use crate::address::Address;
use crate::body::{Body, Multipart};
use crate::error::{Error, Result};
use crate::redact::SafeHeaders;
use crate::secrets::Secrets;
use encode::{encoded, push_pair};

/// A request that was not sent yet.
///
/// The builder methods never fail: what cannot be sent (a header with a line break, a path segment
/// `..`) is remembered, [`check`](Self::check) tells it, and sending answers it as
/// [`Invalid`](crate::ErrorKind::Invalid) before anything leaves.
///
/// ```
/// use wharf_transport::{Method, Request};
///
/// let request = Request::get("/files").segment("a b/ü+?").query("page size", 2);
/// assert_eq!(request.method(), Method::GET);
/// assert_eq!(request.path_and_query(), "/files/a%20b%2F%C3%BC%2B%3F?page%20size=2");
/// ```
#[must_use = "a request does nothing until it is sent"]
pub struct Request {
    method: Method,
    address: Address,
    query: Vec<(String, String)>,
    headers: HeaderMap,
    body: Body,
    idempotent: bool,
    signed: bool,
    data: bool,
    headers_timeout: Option<Duration>,
    generation: u64,
    /// Where a redirect on the same origin led.
    moved: Option<Box<Url>>,
    secrets: Secrets,
    invalid: Option<Cow<'static, str>>,
}

impl Request {
    /// `GET` of a path below the configured base. The path is taken as it is: add anything that
    /// comes from outside by [`segment`](Self::segment).
    pub fn get(path: impl Into<String>) -> Self {
        Self::new(Method::GET, path)
    }

    /// `HEAD` of a path below the configured base.
    pub fn head(path: impl Into<String>) -> Self {
        Self::new(Method::HEAD, path)
    }

    /// `POST` to a path below the configured base.
    pub fn post(path: impl Into<String>) -> Self {
        Self::new(Method::POST, path)
    }

    /// `PUT` to a path below the configured base.
    pub fn put(path: impl Into<String>) -> Self {
        Self::new(Method::PUT, path)
    }

    /// `PATCH` of a path below the configured base.
    pub fn patch(path: impl Into<String>) -> Self {
        Self::new(Method::PATCH, path)
    }

    /// `DELETE` of a path below the configured base.
    pub fn delete(path: impl Into<String>) -> Self {
        Self::new(Method::DELETE, path)
    }

    /// A request of any method to a path below the configured base.
    pub fn new(method: Method, path: impl Into<String>) -> Self {
        let idempotent = method.is_idempotent();
        Self {
            method,
            address: Address::Base(path.into()),
            query: Vec::new(),
            headers: HeaderMap::new(),
            body: Body::empty(),
            idempotent,
            signed: true,
            data: false,
            headers_timeout: None,
            generation: 0,
            moved: None,
            secrets: Secrets::default(),
            invalid: None,
        }
    }

    /// A request to a whole address, such as a pre-signed link. It never gets a credential.
    pub fn bare(method: Method, url: Url) -> Self {
        let request = Self::new(method, String::new());
        Self { address: Address::Absolute(url), signed: false, ..request }
    }

    /// Appends one path segment, with every character outside `A-Z a-z 0-9 - . _ ~` percent-encoded
    /// as UTF-8 (a blank as `%20`, a slash as `%2F`).
    ///
    /// `.`, `..` and the empty segment make the request invalid: on the wire they would name
    /// another place than they say.
    pub fn segment(mut self, text: &str) -> Self {
        if matches!(text, "" | "." | "..") {
            return self.refuse("a path segment is empty, \".\" or \"..\"");
        }
        let Address::Base(path) = &mut self.address else {
            return self.refuse("a whole address takes no further path segment");
        };
        if !path.ends_with('/') {
            path.push('/');
        }
        path.extend(encoded(text));
        self
    }

    /// Appends several segments; the slashes between them stay slashes.
    ///
    /// ```
    /// # use wharf_transport::Request;
    /// let request = Request::get("/files").path_segments("a b/c%".split('/'));
    /// assert_eq!(request.path_and_query(), "/files/a%20b/c%25");
    /// ```
    pub fn path_segments<S: AsRef<str>>(self, segments: impl IntoIterator<Item = S>) -> Self {
        segments.into_iter().fold(self, |request, segment| request.segment(segment.as_ref()))
    }

    /// Adds a query pair, both sides percent-encoded as in [`segment`](Self::segment).
    pub fn query(mut self, key: &str, value: impl Display) -> Self {
        if matches!(self.address, Address::Absolute(_)) {
            return self.refuse("a whole address takes no further query");
        }
        self.push_query(key, value);
        self
    }

    /// Adds the pair if there is a value.
    pub fn query_if(self, key: &str, value: Option<impl Display>) -> Self {
        match value {
            Some(value) => self.query(key, value),
            None => self,
        }
    }

    /// Sets a header. Those that frame the message (`Host`, `Content-Length`, `Connection` and
    /// their like) are set by the transport and refused here.
    pub fn header(mut self, name: &str, value: impl AsRef<str>) -> Self {
        match (header_name(name), HeaderValue::from_str(value.as_ref())) {
            (Ok(name), Ok(value)) => {
                self.headers.insert(name, value);
                self
            }
            (Err(error), _) => self.refuse(error.message().to_owned()),
            (_, Err(_)) => self.refuse(format!("the value of header {name} cannot be sent")),
        }
    }

    /// Sets the body as it is.
    pub fn body(mut self, body: impl Into<Body>) -> Self {
        self.body = body.into();
        self
    }

    /// Sets a JSON body and its content type.
    pub fn json(self, value: &(impl Serialize + ?Sized)) -> Self {
        match serde_json::to_vec(value) {
            Ok(bytes) => self.content_type("application/json").body(bytes),
            Err(_) => self.refuse("the body cannot be written as JSON"),
        }
    }

    /// Sets an `application/x-www-form-urlencoded` body (blanks as `%20`) and its content type.
    ///
    /// ```
    /// # use wharf_transport::Request;
    /// let request = Request::post("/login").form([("name", "a b"), ("tags[]", "1"), ("tags[]", "2")]);
    /// assert_eq!(request.body_ref().as_bytes().unwrap(), "name=a%20b&tags%5B%5D=1&tags%5B%5D=2");
    /// ```
    pub fn form<K: AsRef<str>, V: AsRef<str>>(
        self,
        pairs: impl IntoIterator<Item = (K, V)>,
    ) -> Self {
        let mut text = String::new();
        for (key, value) in pairs {
            push_pair(&mut text, key.as_ref(), value.as_ref());
        }
        self.content_type("application/x-www-form-urlencoded").body(text)
    }

    /// Sets a `multipart/form-data` body and its content type.
    pub fn multipart(self, form: Multipart) -> Self {
        let content_type = form.content_type();
        self.content_type(&content_type).body(form)
    }

    /// Asks for the bytes of a range only; implies [`data`](Self::data).
    pub fn range(self, range: Range<u64>) -> Self {
        if range.is_empty() {
            return self.refuse("the range is empty");
        }
        self.header(RANGE.as_str(), format!("bytes={}-{}", range.start, range.end - 1)).data()
    }

    /// Asks for everything from an offset on; implies [`data`](Self::data).
    pub fn range_from(self, offset: u64) -> Self {
        self.header(RANGE.as_str(), format!("bytes={offset}-")).data()
    }

    /// States that sending it twice does no harm. `GET`, `HEAD`, `PUT` and `DELETE` already say so.
    pub fn idempotent(mut self) -> Self {
        self.idempotent = true;
        self
    }

    /// States that it must not be sent again once it may have arrived, whatever its method.
    pub fn once(mut self) -> Self {
        self.idempotent = false;
        self
    }

    /// Sends it without a credential although it goes to the configured base: for logins.
    pub fn unsigned(mut self) -> Self {
        self.signed = false;
        self
    }

    /// File content travels by it: HTTP/1.1, never compressed, on connections of its own.
    pub fn data(mut self) -> Self {
        self.data = true;
        if self.method == Method::GET {
            self.headers.insert(ACCEPT_ENCODING, HeaderValue::from_static("identity"));
        }
        self
    }

    /// Waits so long for the head of the answer instead of the transport's own time-out: for calls
    /// that the service is known to take long over.
    pub fn headers_timeout(mut self, limit: Duration) -> Self {
        self.headers_timeout = Some(limit);
        self
    }

    /// The method.
    pub fn method(&self) -> &Method {
        &self.method
    }

    /// Where it goes.
    pub fn address(&self) -> &Address {
        &self.address
    }

    /// The headers set so far; those of framing and of the client are added on sending.
    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// The body.
    pub fn body_ref(&self) -> &Body {
        &self.body
    }

    /// Path and query as they go on the wire; below the base for [`Address::Base`].
    pub fn path_and_query(&self) -> String {
        let mut text = match &self.address {
            Address::Base(path) => path.clone(),
            Address::Absolute(url) => url[Position::BeforePath..Position::AfterQuery].to_owned(),
        };
        let query = self.encoded_query();
        if !query.is_empty() {
            text.push(if text.contains('?') { '&' } else { '?' });
            text.push_str(&query);
        }
        text
    }

    /// The query pairs, not encoded.
    pub fn query_pairs(&self) -> impl Iterator<Item = (&str, &str)> {
        self.query.iter().map(|(key, value)| (key.as_str(), value.as_str()))
    }

    /// Whether it may be sent again after it may have arrived.
    pub fn is_idempotent(&self) -> bool {
        self.idempotent
    }

    /// Whether a credential will be added.
    pub fn is_signed(&self) -> bool {
        self.signed
    }

    /// Whether it uses the connections for file content.
    pub fn is_data(&self) -> bool {
        self.data
    }

    /// A second request like this one, or `None` if its body was a stream that was begun.
    pub fn replay(&self) -> Option<Self> {
        Some(Self {
            method: self.method.clone(),
            address: self.address.clone(),
            query: self.query.clone(),
            headers: self.headers.clone(),
            body: self.body.replay()?,
            idempotent: self.idempotent,
            signed: self.signed,
            data: self.data,
            headers_timeout: self.headers_timeout,
            generation: self.generation,
            moved: self.moved.clone(),
            secrets: self.secrets.clone(),
            invalid: self.invalid.clone(),
        })
    }

    /// Whether it can be sent.
    ///
    /// # Errors
    ///
    /// [`Invalid`](crate::ErrorKind::Invalid), with the first thing that was wrong.
    pub fn check(&self) -> Result<()> {
        match &self.invalid {
            Some(message) => Err(Error::invalid(message.clone())),
            None => Ok(()),
        }
    }
}

impl Request {
    fn refuse(mut self, message: impl Into<Cow<'static, str>>) -> Self {
        self.invalid.get_or_insert_with(|| message.into());
        self
    }

    fn content_type(self, value: &str) -> Self {
        self.header(CONTENT_TYPE.as_str(), value)
    }
}

/// Prints no query value, no header value outside a short list, and no content.
impl fmt::Debug for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let keys: Vec<&str> = self.query_pairs().map(|(key, _)| key).collect();
        f.debug_struct("Request")
            .field("method", &self.method)
            .field("address", &self.address)
            .field("query", &keys)
            .field("headers", &SafeHeaders(&self.headers))
            .field("body", &self.body)
            .field("idempotent", &self.idempotent)
            .field("signed", &self.signed)
            .field("data", &self.data)
            .finish_non_exhaustive()
    }
}

fn header_name(name: &str) -> Result<HeaderName> {
    let name = HeaderName::from_bytes(name.as_bytes())
        .map_err(|_| Error::invalid("a header name has characters that cannot be sent"))?;
    if FRAMING.contains(&name.as_str()) {
        return Err(Error::invalid(format!("the header {name} is set by the transport alone")));
    }
    Ok(name)
}

/// Headers that say how long the message is or where it goes.
const FRAMING: [&str; 8] = [
    "connection",
    "content-length",
    "expect",
    "host",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
];

#[cfg(test)]
mod tests;
