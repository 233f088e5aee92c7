//! A broken promise.

use std::fmt;

use wharf_connector::{Error, PathError};

/// What a case found: the promise kept, or how it was broken.
pub type Verdict<T = ()> = Result<T, Violation>;

/// A broken promise, in words.
#[derive(Clone, PartialEq, Eq)]
pub struct Violation(String);

impl Violation {
    /// Says what was promised and what was seen.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Violation {}

impl From<Error> for Violation {
    fn from(error: Error) -> Self {
        Self(format!("a call that should work failed: {error} [{}]", error.kind()))
    }
}

impl From<PathError> for Violation {
    fn from(error: PathError) -> Self {
        Self(error.to_string())
    }
}

/// Ends the case with a violation unless the condition holds.
macro_rules! require {
    ($condition:expr, $($text:tt)+) => {
        if !$condition {
            return Err($crate::Violation::new(format!($($text)+)));
        }
    };
}

pub(crate) use require;
