//! One error for all backends, with kinds named for what the caller can do.

use std::borrow::Cow;
use std::error::Error as StdError;
use std::fmt;
use std::io;
use std::time::Duration;

use crate::{ConnectionReport, Info, PathError, RemotePath};

mod kind;

mod operation;

pub use kind::ErrorKind;
pub use operation::{Operation, Reached};

/// The result of anything a connector does.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Why something failed: what was asked, of whom, what the service said, what to do next.
///
/// `Display` is one line without the chain of sources, which
/// [`source`](std::error::Error::source) leads along. Nothing in it is secret.
///
/// ```
/// use wharf_connector::{Error, ErrorKind, Operation, RemotePath};
///
/// let error = Error::new(ErrorKind::NotFound, "there is nothing here")
///     .of("memory")
///     .during(Operation::Stat, &RemotePath::new("/a")?);
/// assert_eq!(error.to_string(), "cannot look at /a on memory: there is nothing here");
/// # Ok::<(), wharf_connector::PathError>(())
/// ```
pub struct Error(Box<Inner>);

#[derive(Default)]
struct Inner {
    kind: ErrorKind,
    message: Cow<'static, str>,
    operation: Option<Operation>,
    path: Option<RemotePath>,
    scheme: Option<&'static str>,
    reached: Reached,
    transient: Option<bool>,
    retry_after: Option<Duration>,
    remedy: Option<Cow<'static, str>>,
    document: Option<String>,
    report: Option<ConnectionReport>,
    source: Option<Box<dyn StdError + Send + Sync>>,
}

impl Error {
    /// An error of `kind`, with a message for people: a clause, in lower case, without a
    /// full stop.
    pub fn new(kind: ErrorKind, message: impl Into<Cow<'static, str>>) -> Self {
        Self(Box::new(Inner { kind, message: message.into(), ..Inner::default() }))
    }

    /// The answer of a backend that does not have `operation`.
    pub fn unsupported(info: &Info, operation: Operation) -> Self {
        let message = format!("{} has no way to {}", info.scheme, operation.verb());
        Self::new(ErrorKind::Unsupported, message).of(info.scheme)
    }

    /// What a backend answers when the content of a write cannot be read.
    ///
    /// A source that is itself a connector wraps its error in [`io::Error::other`]: it comes
    /// out here as it went in, so that a lost connection is not taken for a bad content.
    pub fn unreadable_content(error: io::Error) -> Self {
        match error.downcast::<Self>() {
            Ok(original) => original,
            Err(error) => {
                let message = format!("the content cannot be read: {error}");
                Self::new(ErrorKind::Invalid, message).with_source(error)
            }
        }
    }

    /// The same error once more, without its causes: for one that is needed in two places.
    #[must_use]
    pub fn twin(&self) -> Self {
        let Inner { kind, ref message, operation, ref path, scheme, reached, .. } = *self.0;
        let Inner { transient, retry_after, ref remedy, ref document, ref report, .. } = *self.0;
        Self(Box::new(Inner {
            kind,
            message: message.clone(),
            operation,
            path: path.clone(),
            scheme,
            reached,
            transient,
            retry_after,
            remedy: remedy.clone(),
            document: document.clone(),
            report: report.clone(),
            source: None,
        }))
    }

    /// Names the operation and the path, where they are not named yet.
    #[must_use]
    pub fn during(mut self, operation: Operation, path: &RemotePath) -> Self {
        self.0.operation.get_or_insert(operation);
        self.0.path.get_or_insert_with(|| path.clone());
        self
    }

    /// Names the operation, where it is not named yet.
    #[must_use]
    pub(crate) fn operated(mut self, operation: Operation) -> Self {
        self.0.operation.get_or_insert(operation);
        self
    }

    /// Names the backend by its scheme, where it is not named yet.
    #[must_use]
    pub fn of(mut self, scheme: &'static str) -> Self {
        self.0.scheme.get_or_insert(scheme);
        self
    }

    /// Says it in other words: a clause, in lower case, without a full stop.
    #[must_use]
    pub fn with_message(mut self, message: impl Into<Cow<'static, str>>) -> Self {
        self.0.message = message.into();
        self
    }

    /// Adds what the caller can do about it, as a sentence.
    #[must_use]
    pub fn with_remedy(mut self, remedy: impl Into<Cow<'static, str>>) -> Self {
        self.0.remedy = Some(remedy.into());
        self
    }

    /// Adds the service's own response document, as it was received.
    #[must_use]
    pub fn with_document(mut self, document: impl Into<String>) -> Self {
        self.0.document = Some(document.into());
        self
    }

    /// Adds how far a test of the connection came.
    #[must_use]
    pub fn with_report(mut self, report: ConnectionReport) -> Self {
        self.0.report = Some(report);
        self
    }

    /// Adds whether the request could have taken effect.
    #[must_use]
    pub fn with_reached(mut self, reached: Reached) -> Self {
        self.0.reached = reached;
        self
    }

    /// Says whether the same call may succeed later, where the kind alone does not tell.
    #[must_use]
    pub fn with_transient(mut self, transient: bool) -> Self {
        self.0.transient = Some(transient);
        self
    }

    /// Adds how long the service asks to be left alone.
    #[must_use]
    pub fn with_retry_after(mut self, wait: Duration) -> Self {
        self.0.retry_after = Some(wait);
        self
    }

    /// Adds the cause.
    #[must_use]
    pub fn with_source(mut self, source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        self.0.source = Some(source.into());
        self
    }

    /// Changes the path, for connectors that wrap another.
    #[must_use]
    pub fn map_path(mut self, change: impl FnOnce(RemotePath) -> RemotePath) -> Self {
        self.0.path = self.0.path.take().map(change);
        self
    }

    /// What kind of failure it is.
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// What the service or the backend said, without operation and path.
    pub fn message(&self) -> &str {
        &self.0.message
    }

    /// What was asked.
    pub fn operation(&self) -> Option<Operation> {
        self.0.operation
    }

    /// On which path.
    pub fn path(&self) -> Option<&RemotePath> {
        self.0.path.as_ref()
    }

    /// Of which backend, by its scheme.
    pub fn scheme(&self) -> Option<&'static str> {
        self.0.scheme
    }

    /// Whether the same call may succeed later without anything being changed.
    pub fn is_transient(&self) -> bool {
        self.0.transient.unwrap_or_else(|| self.kind().is_transient())
    }

    /// How long the service asks to be left alone.
    pub fn retry_after(&self) -> Option<Duration> {
        self.0.retry_after
    }

    /// Whether the request could have taken effect on the service.
    pub fn reached(&self) -> Reached {
        self.0.reached
    }

    /// What the caller can do about it.
    pub fn remedy(&self) -> Option<&str> {
        self.0.remedy.as_deref()
    }

    /// The service's own response document, as it was received.
    pub fn document(&self) -> Option<&str> {
        self.0.document.as_deref()
    }

    /// How far a test of the connection came.
    pub fn report(&self) -> Option<&ConnectionReport> {
        self.0.report.as_ref()
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Inner { operation, path, scheme, message, .. } = &*self.0;
        if let Some(operation) = operation {
            write!(f, "cannot {}", operation.verb())?;
            if let Some(path) = path.as_ref().filter(|_| operation.has_path()) {
                write!(f, " {}", Shown(path.as_str()))?;
            }
            if let Some(scheme) = scheme {
                write!(f, " on {scheme}")?;
            }
            f.write_str(": ")?;
        } else if let Some(scheme) = scheme {
            write!(f, "{scheme}: ")?;
        }
        f.write_str(if message.is_empty() { self.kind().as_str() } else { message })
    }
}

/// Text from elsewhere, safe for a terminal: control characters are shown, not sent.
struct Shown<'a>(&'a str);

impl fmt::Display for Shown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.chars().try_for_each(|letter| {
            if letter.is_control() {
                write!(f, "{}", letter.escape_default())
            } else {
                write!(f, "{letter}")
            }
        })
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut debug = f.debug_struct("Error");
        debug.field("kind", &self.0.kind).field("message", &self.0.message);
        debug.field("operation", &self.0.operation).field("path", &self.0.path);
        debug.field("scheme", &self.0.scheme).field("reached", &self.0.reached);
        if let Some(wait) = self.0.retry_after {
            debug.field("retry_after", &wait);
        }
        if let Some(source) = &self.0.source {
            debug.field("source", source);
        }
        debug.finish_non_exhaustive()
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.0.source.as_deref().map(|source| source as &(dyn StdError + 'static))
    }
}

impl From<PathError> for Error {
    fn from(error: PathError) -> Self {
        Self::new(ErrorKind::Invalid, format!("the path {error}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_result_of_nothing_stays_one_word() {
        assert_eq!(size_of::<Result<()>>(), size_of::<usize>());
    }

    #[test]
    fn context_is_filled_once_and_from_within() {
        let (inner, outer) = (RemotePath::new("/in").unwrap(), RemotePath::new("/out").unwrap());
        let error = Error::new(ErrorKind::Timeout, "no answer in 60 s")
            .of("filescom")
            .during(Operation::List, &inner)
            .during(Operation::Read, &outer)
            .of("mft");
        assert_eq!(error.to_string(), "cannot list /in on filescom: no answer in 60 s");
        assert!(error.is_transient());
    }

    #[test]
    fn control_characters_do_not_reach_the_terminal() {
        let path = RemotePath::new("/a\u{1b}[2Jb").unwrap();
        let text =
            Error::new(ErrorKind::NotFound, "missing").during(Operation::Stat, &path).to_string();
        assert!(!text.contains('\u{1b}'), "{text:?}");
    }
}
