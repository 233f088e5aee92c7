//! The kinds of failure, named for what the caller can do.

use std::fmt;

/// What a caller can do about an error.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub enum ErrorKind {
    /// Nothing stands at the path, or the account may not see it. Check the spelling,
    /// then the permissions. Repeating does not help.
    NotFound,
    /// Something stands at the destination. Choose another name, or allow replacing.
    AlreadyExists,
    /// The folder has content. Delete recursively if that is meant.
    NotEmpty,
    /// The path leads to a folder where a file is needed.
    IsAFolder,
    /// The path leads to a file where a folder is needed.
    NotAFolder,
    /// The credentials are missing, wrong, expired or revoked. Renew them.
    Unauthenticated,
    /// The account is known and may not do this. Ask for the right, or use another account.
    PermissionDenied,
    /// The state of the service forbids it now: a lock, a change by someone else. Look
    /// again, then decide.
    Conflict,
    /// The service holds the file back: quarantined, half uploaded, in processing.
    Blocked,
    /// The call makes no sense: a bad path, a bad setting, the root where it cannot be.
    Invalid,
    /// The range starts at or after the end of the file.
    InvalidRange,
    /// This backend cannot do that. See its capabilities.
    Unsupported,
    /// More bytes than the limit allows.
    TooLarge,
    /// The service asks for fewer calls. Wait for
    /// [`retry_after`](crate::Error::retry_after), then repeat.
    RateLimited,
    /// The service does not work at the moment. Repeat later.
    Unavailable,
    /// No answer in time. Whether the request took effect says
    /// [`reached`](crate::Error::reached).
    Timeout,
    /// A transfer broke off, or bytes are missing. Repeat or resume it.
    Interrupted,
    /// The service works on it in the background and had not finished in time. Look later.
    Pending,
    /// The caller allows no more calls: see [`Calls`](crate::Calls). What needed one more was not
    /// sent. Allow more, or go on later.
    CallLimit,
    /// Bytes arrived, and they are not the right ones: a checksum does not agree. Nothing
    /// was left under the final name.
    Corrupted,
    /// The service broke its own rules, or ours. Worth a report.
    Protocol,
    /// Anything else.
    #[default]
    Other,
}

impl ErrorKind {
    /// The kind as a word, such as `not-found`: stable, for programs.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::NotFound => "not-found",
            Self::AlreadyExists => "already-exists",
            Self::NotEmpty => "not-empty",
            Self::IsAFolder => "is-a-folder",
            Self::NotAFolder => "not-a-folder",
            Self::Unauthenticated => "unauthenticated",
            Self::PermissionDenied => "permission-denied",
            Self::Conflict => "conflict",
            Self::Blocked => "blocked",
            Self::Invalid => "invalid",
            Self::InvalidRange => "invalid-range",
            Self::Unsupported => "unsupported",
            Self::TooLarge => "too-large",
            Self::RateLimited => "rate-limited",
            Self::Unavailable => "unavailable",
            Self::Timeout => "timeout",
            Self::Interrupted => "interrupted",
            Self::Pending => "pending",
            Self::CallLimit => "call-limit",
            Self::Corrupted => "corrupted",
            Self::Protocol => "protocol",
            Self::Other => "other",
        }
    }

    /// Whether the same call may succeed later, as far as the kind tells: a service is busy, or out of
    /// reach for a while.
    pub fn is_transient(self) -> bool {
        matches!(
            self,
            Self::RateLimited
                | Self::Unavailable
                | Self::Timeout
                | Self::Interrupted
                | Self::Pending
        )
    }
}

impl fmt::Display for ErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}
