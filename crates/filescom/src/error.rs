//! What went wrong, in the service's own words, and what it means for the caller.

mod meaning;

use std::borrow::Cow;
use std::error::Error as StdError;
use std::fmt;
use std::time::Duration;

use wharf_connector::{ErrorKind, Reached};
use wharf_model::ListingError;
use wharf_model::filescom::{BodyForm, ErrorBody, ErrorType};
use wharf_transport as transport;

/// The result of anything this client does.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Why a call to Files.com failed: the neutral kind, the service's own words, and its response
/// document as it was received.
///
/// The kind is decided by the type in that document, then by its group, and only then by the HTTP
/// status, which has drifted over the years (Files.com REST API reference, Errors). `Display` is one
/// line; the story of the request is the [`source`](StdError::source). Nothing in it is secret.
///
/// ```
/// use wharf_filescom::{Client, Config, Credentials};
/// use wharf_transport::testing::{Reply, Script};
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> wharf_filescom::Result<()> {
/// let document = r#"{"error":"Not Found.","http-code":404,"title":"Not Found","type":"not-found"}"#;
/// let script = Script::new().answer(Reply::json(404, document));
/// let config = Config::new("acme", Credentials::api_key("0123456789abcdef")?);
/// let client = Client::builder(config).exchange(script.exchange()).build()?;
///
/// let error = client.files().find("no/such.txt").await.unwrap_err();
/// assert_eq!(error.error_type().unwrap().as_str(), "not-found");
/// assert_eq!(error.document(), Some(document));
/// # Ok(()) }
/// ```
pub struct Error(Box<Inner>);

struct Inner {
    kind: ErrorKind,
    message: Cow<'static, str>,
    remedy: Option<Cow<'static, str>>,
    body: Option<ErrorBody>,
    status: Option<u16>,
    request_id: Option<String>,
    attempts: u32,
    reached: Reached,
    transient: Option<bool>,
    retry_after: Option<Duration>,
    source: Option<Box<dyn StdError + Send + Sync>>,
}

impl Error {
    /// An error of this client's own: a clause, in lower case, without a full stop.
    pub(crate) fn new(kind: ErrorKind, message: impl Into<Cow<'static, str>>) -> Self {
        Self(Box::new(Inner {
            kind,
            message: message.into(),
            remedy: None,
            body: None,
            status: None,
            request_id: None,
            attempts: 0,
            reached: Reached::No,
            transient: None,
            retry_after: None,
            source: None,
        }))
    }

    /// The service broke its own rules.
    pub(crate) fn protocol(message: impl Into<Cow<'static, str>>) -> Self {
        Self::new(ErrorKind::Protocol, message).with_reached(Reached::Maybe)
    }

    pub(crate) fn with_remedy(mut self, remedy: impl Into<Cow<'static, str>>) -> Self {
        self.0.remedy = Some(remedy.into());
        self
    }

    pub(crate) fn with_reached(mut self, reached: Reached) -> Self {
        self.0.reached = reached;
        self
    }

    pub(crate) fn with_kind(mut self, kind: ErrorKind) -> Self {
        self.0.kind = kind;
        self
    }

    pub(crate) fn with_message(mut self, message: impl Into<Cow<'static, str>>) -> Self {
        self.0.message = message.into();
        self
    }

    pub(crate) fn with_source(
        mut self,
        source: impl Into<Box<dyn StdError + Send + Sync>>,
    ) -> Self {
        self.0.source = Some(source.into());
        self
    }

    /// What kind of failure it is, in the words of the contract.
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// What happened, for people.
    pub fn message(&self) -> &str {
        &self.0.message
    }

    /// What can be done about it, as a sentence.
    pub fn remedy(&self) -> Option<&str> {
        self.0.remedy.as_deref()
    }

    /// The type that the service gave, such as `not-authenticated/invalid-credentials`.
    pub fn error_type(&self) -> Option<&ErrorType> {
        self.0.body.as_ref()?.error_type.as_ref()
    }

    /// The title that the service gave.
    pub fn title(&self) -> Option<&str> {
        self.0.body.as_ref()?.title.as_deref()
    }

    /// The id of the request, for the support of the service.
    pub fn request_id(&self) -> Option<&str> {
        self.0.request_id.as_deref()
    }

    /// The service's own words, taken apart.
    pub fn body(&self) -> Option<&ErrorBody> {
        self.0.body.as_ref()
    }

    /// The service's response document, byte for byte as it was received; none if the answer was
    /// no JSON.
    pub fn document(&self) -> Option<&str> {
        self.0.body.as_ref()?.document().map(|document| document.get())
    }

    /// The HTTP status of the answer, if one came.
    pub fn status(&self) -> Option<u16> {
        self.0.status
    }

    /// How often the request was sent.
    pub fn attempts(&self) -> u32 {
        self.0.attempts
    }

    /// Whether the request could have taken effect.
    pub fn reached(&self) -> Reached {
        self.0.reached
    }

    /// Whether the same call may succeed later without anything being changed.
    pub fn is_transient(&self) -> bool {
        self.0.transient.unwrap_or_else(|| self.0.kind.is_transient())
    }

    /// How long the service asks to be left alone.
    pub fn retry_after(&self) -> Option<Duration> {
        self.0.retry_after
    }

    /// Whether the type that the service gave is this one.
    pub(crate) fn is_type(&self, error_type: &str) -> bool {
        self.error_type().is_some_and(|known| *known == error_type)
    }

    /// Whether the service said no, and its word is final: nothing was done.
    pub(crate) fn is_refusal(&self) -> bool {
        self.0.status.is_some_and(|status| (400..500).contains(&status))
    }

    /// Whether what was sent so far is to be gone on with later.
    pub(crate) fn leaves_the_rest_for_later(&self) -> bool {
        self.is_transient() || self.0.kind == ErrorKind::CallLimit
    }

    /// Whether the other side could not prove who it is.
    pub(crate) fn is_tls(&self) -> bool {
        let source = self.source_dyn().and_then(|source| source.downcast_ref::<transport::Error>());
        source.is_some_and(|error| error.kind() == transport::ErrorKind::Tls)
    }

    fn source_dyn(&self) -> Option<&(dyn StdError + 'static)> {
        self.0.source.as_deref().map(|source| source as &(dyn StdError + 'static))
    }
}

impl From<transport::Error> for Error {
    fn from(error: transport::Error) -> Self {
        let kind = wharf_service::kind_of(error.kind());
        let mut new = Self::new(kind, error.message().to_owned());
        new.0.status = error.status().map(|status| status.as_u16());
        new.0.attempts = error.attempts();
        new.0.retry_after = error.retry_after();
        new.0.transient = error.is_transient().then_some(true);
        new.0.reached = match error.reached() {
            transport::Reached::No => Reached::No,
            _ => Reached::Maybe,
        };
        new.0.remedy = error.kind().remedy().map(Into::into);
        if let Some(refusal) = error.refusal() {
            let body = ErrorBody::from_response(refusal.status().as_u16(), refusal.body());
            let id = refusal.header("x-request-id").map(str::to_owned);
            new.0.request_id = id.or_else(|| body.instance.as_deref().map(str::to_owned));
            new.refused(body);
        }
        new.with_source(error)
    }
}

impl Error {
    fn refused(&mut self, body: ErrorBody) {
        let inner = &mut *self.0;
        inner.kind = meaning::of_body(&body);
        inner.message = words(inner.kind, &body, &inner.message).into();
        inner.remedy = body.remedy().map(|remedy| Cow::Owned(sentence(remedy)));
        if meaning::stays(&body) {
            inner.transient = Some(false);
        }
        // What the service turned away had no effect; after a failure of its own nobody knows.
        let turned_away = inner.status.is_some_and(|status| status < 500) && inner.attempts <= 1;
        if turned_away {
            inner.reached = Reached::No;
        }
        inner.body = Some(body);
    }
}

impl From<ListingError> for Error {
    fn from(error: ListingError) -> Self {
        Self::protocol(error.to_string()).with_source(error)
    }
}

/// What a content or a connector beside us says passes through unchanged.
impl From<wharf_connector::Error> for Error {
    fn from(error: wharf_connector::Error) -> Self {
        let mut new = Self::new(error.kind(), error.message().to_owned());
        new.0.reached = error.reached();
        new.0.transient = Some(error.is_transient());
        new.0.retry_after = error.retry_after();
        new.0.remedy = error.remedy().map(|remedy| remedy.to_owned().into());
        new.with_source(error)
    }
}

impl From<Error> for wharf_connector::Error {
    fn from(error: Error) -> Self {
        if matches!(error.source_dyn(), Some(source) if source.is::<Self>())
            && error.0.body.is_none()
        {
            return error.into_connector_source();
        }
        let mut new = Self::new(error.kind(), error.message().to_owned())
            .of(crate::SCHEME)
            .with_reached(error.reached());
        if let Some(transient) = error.0.transient {
            new = new.with_transient(transient);
        }
        if let Some(wait) = error.retry_after() {
            new = new.with_retry_after(wait);
        }
        if let Some(remedy) = error.remedy() {
            new = new.with_remedy(remedy.to_owned());
        }
        if let Some(document) = error.document() {
            new = new.with_document(document);
        }
        new.with_source(error)
    }
}

impl Error {
    /// The error that passed through, as it came; with the words added here, if there are any.
    fn into_connector_source(self) -> wharf_connector::Error {
        let Inner { kind, message, reached, source, .. } = *self.0;
        let passed = source.and_then(|source| source.downcast::<wharf_connector::Error>().ok());
        let error = match passed.map(|error| *error) {
            Some(error) if error.message() == message => error,
            Some(error) => error.with_message(message),
            None => wharf_connector::Error::new(kind, message),
        };
        error.with_reached(reached)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.message)?;
        if let Some(error_type) = self.error_type() {
            write!(f, " ({error_type})")?;
        }
        match self.request_id() {
            Some(id) => write!(f, " [request {id}]"),
            None => Ok(()),
        }
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Error")
            .field("kind", &self.0.kind)
            .field("message", &self.0.message)
            .field("type", &self.error_type())
            .field("status", &self.0.status)
            .field("request_id", &self.0.request_id)
            .field("reached", &self.0.reached)
            .field("source", &self.0.source)
            .finish_non_exhaustive()
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.source_dyn()
    }
}

/// The message of a refusal as a clause. A 404 is said for what it is: this service does not tell
/// "missing" from "not permitted".
fn words(kind: ErrorKind, body: &ErrorBody, http: &str) -> String {
    let said = body.message().split_whitespace().collect::<Vec<_>>().join(" ");
    let said = said.trim_end_matches('.');
    let gave_up = http.strip_prefix("refused").unwrap_or_default();
    match body.form() {
        BodyForm::Storage => format!("the storage says: {said}{gave_up}"),
        _ if kind == ErrorKind::NotFound && body.error_type.is_some() => {
            format!("missing, or not permitted to this key: {said}{gave_up}")
        }
        _ => format!("{said}{gave_up}"),
    }
}

/// A clause as a sentence.
fn sentence(clause: &str) -> String {
    let mut letters = clause.chars();
    let first = letters.next().into_iter().flat_map(char::to_uppercase);
    first.chain(letters).chain(['.']).collect()
}

#[cfg(test)]
mod tests;
