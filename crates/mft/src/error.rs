//! What went wrong, in the service's own words, and what it means for the caller.

mod meaning;

use std::borrow::Cow;
use std::error::Error as StdError;
use std::fmt;
use std::time::Duration;

use wharf_connector::{ErrorKind, Reached};
use wharf_model::mft::{ErrorCode, ErrorInfo};
use wharf_model::{ListingError, ListingErrorKind};
use wharf_transport::{self as transport, Refusal};

use crate::SCHEME;
use crate::dialect::{self, ERROR_HEADER};
use crate::endpoints::{Certainty, Row};

/// The result of anything this client does.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Why a call to Boomi MFT failed: the neutral kind, the service's own words, and its response
/// document as it was received.
///
/// The service answers nearly every mistake with status 500, so the code in its document counts
/// first and the status last. `Display` is one line; the story of the request is the
/// [`source`](StdError::source). Nothing in it is secret.
pub struct Error(Box<Inner>);

struct Inner {
    kind: ErrorKind,
    message: Cow<'static, str>,
    remedy: Option<Cow<'static, str>>,
    info: Option<ErrorInfo>,
    document: Option<String>,
    status: Option<u16>,
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
            info: None,
            document: None,
            status: None,
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

    /// Says which path was used, if the failure may come from a path that nobody is sure of.
    pub(crate) fn at(mut self, row: Row<'_>) -> Self {
        let missing = matches!(self.0.status, Some(404 | 405 | 410)) && self.0.info.is_none();
        if !missing && self.0.kind != ErrorKind::Protocol {
            return self;
        }
        self.0.kind = ErrorKind::Protocol;
        let clause = match row.overridden {
            true => "comes from a setting",
            false if row.certainty == Certainty::Documented => return self,
            false => row.certainty.clause(),
        };
        let (message, path) = (&self.0.message, row.value);
        self.0.message = format!("{message}; the path used, {path}, {clause}").into();
        let remedy =
            format!("If this server has another path, give it by the setting `{}`.", row.setting);
        self.0.remedy = Some(remedy.into());
        self
    }

    /// The content to be stored could not be read, or the caller's own stream failed.
    pub(crate) fn of_content(error: wharf_connector::Error) -> Self {
        let mut new = Self::new(error.kind(), error.message().to_owned());
        new.0.transient = Some(error.is_transient());
        new.0.retry_after = error.retry_after();
        new.with_source(error)
    }

    pub(crate) fn with_source(
        mut self,
        source: impl Into<Box<dyn StdError + Send + Sync>>,
    ) -> Self {
        self.0.source = Some(source.into());
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

    /// The code that the service gave, such as 101 for a session that is gone.
    pub fn code(&self) -> Option<ErrorCode> {
        self.0.info.as_ref()?.code
    }

    /// The service's own words, taken apart.
    pub fn info(&self) -> Option<&ErrorInfo> {
        self.0.info.as_ref()
    }

    /// The service's response document, as it was received.
    pub fn document(&self) -> Option<&str> {
        self.0.document.as_deref()
    }

    /// The HTTP status of the answer, if one came.
    pub fn status(&self) -> Option<u16> {
        self.0.status
    }

    /// Whether the request could have taken effect on the service.
    pub fn reached(&self) -> Reached {
        self.0.reached
    }

    /// How often the request was sent.
    pub fn attempts(&self) -> u32 {
        self.0.attempts
    }

    /// Whether the service heard the request and said no, by a document or by a status that is
    /// about the request.
    pub(crate) fn is_refusal(&self) -> bool {
        let about_us = self.0.status.is_some_and(|status| (400..500).contains(&status));
        (self.is_told() || about_us) && self.0.transient != Some(true)
    }

    /// Whether there is a document that says what happened: "unknown exception" says nothing.
    fn is_told(&self) -> bool {
        self.0.info.as_ref().is_some_and(|info| info.code != Some(ErrorCode::UNKNOWN_EXCEPTION))
    }

    /// Whether the server, by its status alone, may want another kind of body.
    pub(crate) fn dislikes_the_body(&self) -> bool {
        self.0.info.is_none() && matches!(self.0.status, Some(400 | 415 | 500))
    }

    /// Whether the service refused with a code whose meaning is not published.
    pub(crate) fn is_unexplained(&self) -> bool {
        self.is_told() && self.is_refusal() && self.0.kind == ErrorKind::Other
    }

    /// Whether the same call may succeed later without anything being changed.
    pub fn is_transient(&self) -> bool {
        self.0.transient.unwrap_or(matches!(
            self.0.kind,
            ErrorKind::RateLimited
                | ErrorKind::Unavailable
                | ErrorKind::Timeout
                | ErrorKind::Interrupted
        ))
    }

    /// Whether what was sent so far is to be gone on with later.
    pub(crate) fn leaves_the_rest_for_later(&self) -> bool {
        self.is_transient() || self.0.kind == ErrorKind::CallLimit
    }

    /// Whether nobody knows if the request took effect.
    pub(crate) fn is_lost(&self) -> bool {
        let ours = matches!(self.0.kind, ErrorKind::Invalid | ErrorKind::Unauthenticated);
        self.0.reached == Reached::Maybe && !self.is_told() && !ours
    }

    /// Whether the other side could not prove who it is.
    pub(crate) fn is_tls(&self) -> bool {
        let source = self.source().and_then(|source| source.downcast_ref::<transport::Error>());
        source.is_some_and(|error| error.kind() == transport::ErrorKind::Tls)
    }

    /// The same error, which comes after something was done already.
    pub(crate) fn after_work(self) -> Self {
        match self.0.reached {
            Reached::No => self.with_reached(Reached::Yes),
            _ => self,
        }
    }

    /// How long the service asks to be left alone.
    pub fn retry_after(&self) -> Option<Duration> {
        self.0.retry_after
    }

    fn refused(&mut self, refusal: &Refusal) {
        self.0.info = dialect::error_info(refusal);
        if let Some(info) = &self.0.info {
            self.0.message = said(info).into();
            self.0.document = document(refusal);
            self.0.remedy = info.remedy().map(|remedy| sentence(remedy).into());
            if let Some(kind) = info.code.and_then(meaning::of_code) {
                self.0.kind = kind;
            }
        } else if dialect::is_page(refusal.body()) {
            self.0.message = "the server answered with a page for people, not a document".into();
            if refusal.status().is_success() {
                self.0.kind = ErrorKind::Protocol;
            }
        } else if refusal.status().is_success() {
            self.0.kind = ErrorKind::Protocol;
            self.0.message = "the server answered with something else than was asked for".into();
        }
    }
}

impl From<transport::Error> for Error {
    fn from(error: transport::Error) -> Self {
        let mut new = Self::new(meaning::of_transport(&error), error.message().to_owned());
        new.0.status = error.status().map(|status| status.as_u16());
        new.0.attempts = error.attempts();
        new.0.retry_after = error.retry_after();
        new.0.transient = error.is_transient().then_some(true);
        let (refusal, unauthenticated) = causes(&error);
        if let Some(refusal) = refusal {
            new.0.status.get_or_insert(refusal.status().as_u16());
            new.refused(refusal);
        }
        if unauthenticated {
            new.0.kind = ErrorKind::Unauthenticated;
        }
        let status = new.0.status.unwrap_or_default();
        let told = new.is_told() || (400..500).contains(&status);
        new.0.reached = match (error.reached(), error.kind()) {
            (transport::Reached::No, _) => Reached::No,
            // What the service itself refuses at the first attempt, it has not done.
            (_, transport::ErrorKind::Refused) if told && error.attempts() <= 1 => Reached::No,
            _ => Reached::Maybe,
        };
        if new.0.kind == ErrorKind::Unauthenticated {
            new.0.remedy = Some("Check the user name and the password.".into());
        }
        if error.kind() == transport::ErrorKind::Tls {
            new.0.transient = Some(false);
            new.0.remedy = error.kind().remedy().map(Into::into);
        }
        new.0.source = Some(error.into());
        new
    }
}

/// The innermost refusal (a sign-in's, behind the call that needed it), and whether it was about
/// who we are.
fn causes(error: &transport::Error) -> (Option<&Refusal>, bool) {
    let is_about_us =
        |error: &transport::Error| error.kind() == transport::ErrorKind::Unauthenticated;
    let (mut refusal, mut unauthenticated) = (error.refusal(), is_about_us(error));
    let mut source = error.source();
    while let Some(cause) = source {
        if let Some(error) = cause.downcast_ref::<transport::Error>() {
            refusal = error.refusal().or(refusal);
            unauthenticated |= is_about_us(error);
        }
        source = cause.source();
    }
    (refusal, unauthenticated)
}

impl From<ListingError> for Error {
    fn from(error: ListingError) -> Self {
        let truncated = error.kind() == ListingErrorKind::Truncated;
        let kind = if truncated { ErrorKind::Interrupted } else { ErrorKind::Protocol };
        Self::new(kind, format!("the listing cannot be read: {error}")).with_source(error)
    }
}

impl From<Error> for wharf_connector::Error {
    fn from(error: Error) -> Self {
        let mut inner = *error.0;
        // What came from the caller's own content goes back as it came, with what was added here.
        match inner.source.map(|source| source.downcast::<Self>()) {
            Some(Ok(content)) => {
                let content = match content.message() == inner.message {
                    true => *content,
                    false => content.with_message(inner.message),
                };
                return content.with_reached(inner.reached);
            }
            source => inner.source = source.and_then(std::result::Result::err),
        }
        let mut new = Self::new(inner.kind, inner.message).of(SCHEME).with_reached(inner.reached);
        if let Some(remedy) = inner.remedy {
            new = new.with_remedy(remedy);
        }
        if let Some(document) = inner.document {
            new = new.with_document(document);
        }
        if let Some(transient) = inner.transient {
            new = new.with_transient(transient);
        }
        if let Some(wait) = inner.retry_after {
            new = new.with_retry_after(wait);
        }
        match inner.source {
            Some(source) => new.with_source(source),
            None => new,
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.message)
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Error")
            .field("kind", &self.0.kind)
            .field("message", &self.0.message)
            .field("code", &self.code())
            .field("status", &self.0.status)
            .field("reached", &self.0.reached)
            .field("source", &self.0.source)
            .finish_non_exhaustive()
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.0.source.as_deref().map(|source| source as &(dyn StdError + 'static))
    }
}

fn said(info: &ErrorInfo) -> String {
    let message = info.message.as_deref().unwrap_or("the server gave no message");
    let message: String = message.chars().filter(|letter| !letter.is_control()).collect();
    let message = message.trim_end_matches('.');
    match info.code {
        Some(code) => format!("{message} (code {code})"),
        None => message.to_owned(),
    }
}

/// The body, or the header where the transfer pages put their errors.
fn document(refusal: &Refusal) -> Option<String> {
    let text = String::from_utf8_lossy(refusal.body());
    match text.trim() {
        "" => refusal.header(ERROR_HEADER).map(str::to_owned),
        text => Some(text.to_owned()),
    }
}

fn sentence(clause: &str) -> String {
    let mut letters = clause.chars();
    let first = letters.next().map(|letter| letter.to_uppercase().to_string());
    format!("{}{}.", first.unwrap_or_default(), letters.as_str())
}
