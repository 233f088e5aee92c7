//! How the storage behind Files.com says no: in XML.

use std::fmt;

use crate::line::Line;
use crate::xml;

/// An error document of the storage to which parts are sent and from which files are read.
///
/// ```
/// use wharf_model::filescom::{StorageError, StorageErrorKind};
///
/// let body = b"<Error><Code>AccessDenied</Code><Message>Request has expired</Message></Error>";
/// let error = StorageError::from_body(body);
/// assert_eq!(error.map(|error| error.kind()), Some(StorageErrorKind::Expired));
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct StorageError {
    /// What happened, for programs: `SlowDown`.
    pub code: Box<str>,
    /// What happened, for people.
    pub message: Option<Box<str>>,
    /// Id of the request, for the support of the storage.
    pub request_id: Option<Box<str>>,
    /// Id of the host, for the support of the storage.
    pub host_id: Option<Box<str>>,
}

/// What an error of the storage means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum StorageErrorKind {
    /// The request did not arrive in time; it may be repeated.
    Timeout,
    /// Not now; it may be repeated.
    Unavailable,
    /// Too much at once; it may be repeated after a wait.
    RateLimited,
    /// The signed address has ended; ask for a new one.
    Expired,
    /// There is no such object.
    NotFound,
    /// More than the storage takes.
    TooLarge,
    /// Not allowed.
    Permission,
    /// The object is not the version asked for; start over.
    Changed,
    /// The object lies in an archive.
    Archived,
    /// The storage is set up wrongly.
    Configuration,
    /// A code unknown to this crate.
    Unknown,
}

impl StorageError {
    /// Finds an error document in the body of an answer; `None` if it is something else. No more
    /// than the first 64 KiB are looked at.
    #[must_use]
    pub fn from_body(body: &[u8]) -> Option<Self> {
        Self::from_text(&String::from_utf8_lossy(body.get(..LOOKED_AT).unwrap_or(body)))
    }

    pub(super) fn from_text(text: &str) -> Option<Self> {
        let text = text.trim_start_matches('\u{feff}').trim_start();
        if !text.starts_with('<') || xml::root(text)? != "Error" {
            return None;
        }
        let part = |name| xml::text(text, name).map(|text| text.trim().into());
        Some(Self {
            code: part("Code")?,
            message: part("Message"),
            request_id: part("RequestId"),
            host_id: part("HostId"),
        })
    }

    /// What it means.
    #[must_use]
    pub fn kind(&self) -> StorageErrorKind {
        match &*self.code {
            // The official SDKs know an ended address by this text, whatever its end.
            "AccessDenied" if self.says("Request has expired") => StorageErrorKind::Expired,
            "ExpiredToken" | "RequestExpired" => StorageErrorKind::Expired,
            "RequestTimeout" | "DatabaseTimeout" => StorageErrorKind::Timeout,
            "InternalError" | "ServiceUnavailable" | "TemporarilyUnavailable" => {
                StorageErrorKind::Unavailable
            }
            "SlowDown" | "RequestLimitExceeded" => StorageErrorKind::RateLimited,
            "NoSuchKey" | "NotFound" | "NoSuchEntity" => StorageErrorKind::NotFound,
            "EntityTooLarge" | "RequestEntityTooLarge" | "StorageQuotaExceeded" => {
                StorageErrorKind::TooLarge
            }
            "AccessDenied"
            | "Forbidden"
            | "Unauthorized"
            | "SecurityPolicyViolated"
            | "SignatureDoesNotMatch"
            | "AuthorizationHeaderMalformed"
            | "ExpiredTokenException"
            | "AccessDeniedException" => StorageErrorKind::Permission,
            "PreconditionFailed" => StorageErrorKind::Changed,
            "InvalidObjectState" => StorageErrorKind::Archived,
            "NoSuchBucket"
            | "InvalidBucketName"
            | "InvalidAccessKeyId"
            | "PermanentRedirect"
            | "IllegalLocationConstraintException"
            | "InvalidRequest"
            | "InvalidKey"
            | "AccountProblem"
            | "PoorAccountStanding" => StorageErrorKind::Configuration,
            _ => StorageErrorKind::Unknown,
        }
    }

    fn says(&self, text: &str) -> bool {
        self.message.as_deref().is_some_and(|message| message.contains(text))
    }
}

impl StorageErrorKind {
    /// Whether the same request may be repeated.
    #[must_use]
    pub fn is_transient(self) -> bool {
        matches!(self, Self::Timeout | Self::Unavailable | Self::RateLimited)
    }
}

impl fmt::Display for StorageError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.message.as_deref() {
            None | Some("") => write!(f, "the storage refused: {}", Line(&self.code)),
            Some(message) => {
                write!(f, "the storage refused: {} ({})", Line(message), Line(&self.code))
            }
        }
    }
}

/// An error document is tiny: what is longer is something else.
const LOOKED_AT: usize = 64 * 1024;

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn kind(code: &str, message: &str) -> StorageErrorKind {
        let body = format!(
            "<?xml version=\"1.0\"?>\n<Error><Code>{code}</Code><Message>{message}</Message><RequestId>R</RequestId></Error>"
        );
        let error = StorageError::from_body(body.as_bytes()).unwrap();
        assert_eq!(error.request_id.as_deref(), Some("R"));
        error.kind()
    }

    #[test]
    fn codes_and_what_they_mean() {
        assert_eq!(kind("AccessDenied", "Request has expired"), StorageErrorKind::Expired);
        assert_eq!(kind("AccessDenied", "no"), StorageErrorKind::Permission);
        assert_eq!(kind("SlowDown", ""), StorageErrorKind::RateLimited);
        assert_eq!(kind("NoSuchKey", "gone &amp; lost"), StorageErrorKind::NotFound);
        assert_eq!(kind("Novel", ""), StorageErrorKind::Unknown);
        for transient in ["RequestTimeout", "InternalError", "SlowDown", "DatabaseTimeout"] {
            assert!(kind(transient, "").is_transient(), "{transient}");
        }
        assert!(!kind("PreconditionFailed", "").is_transient());
    }

    #[test]
    fn anything_else_is_no_storage_error() {
        for body in [
            "",
            "{}",
            "<html><Code>x</Code></html>",
            "<Error/>",
            "<Error><Message>m</Message></Error>",
        ] {
            assert_eq!(StorageError::from_body(body.as_bytes()), None, "{body}");
        }
    }

    proptest! {
        #[test]
        fn never_panics(body in proptest::collection::vec(any::<u8>(), 0..100), tail in "[<>/&;a-zA-Z]{0,40}") {
            let _ = StorageError::from_body(&body);
            let _ = StorageError::from_body(format!("<Error><Code>{tail}").as_bytes());
        }
    }
}
