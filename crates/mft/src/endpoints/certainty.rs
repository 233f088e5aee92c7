//! How sure something is.

use std::fmt;

/// How sure a path, page or name is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Certainty {
    /// Printed in the current documentation of Boomi MFT.
    Documented,
    /// Printed in a manual of the same product under its former name, Thru.
    OlderManual,
    /// Concluded from what is printed.
    Inferred,
    /// Printed nowhere that was seen: a proposal.
    Unknown,
}

impl Certainty {
    /// The word for it, such as `older manual`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Documented => "documented",
            Self::OlderManual => "older manual",
            Self::Inferred => "inferred",
            Self::Unknown => "unknown",
        }
    }

    /// The word within a sentence, such as `is printed in an older manual only`.
    pub(crate) fn clause(self) -> &'static str {
        match self {
            Self::Documented => "is documented",
            Self::OlderManual => "is printed in an older manual only",
            Self::Inferred => "is inferred, not documented",
            Self::Unknown => "is a proposal: the real one is not documented",
        }
    }
}

impl fmt::Display for Certainty {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}
