//! The type of an error: the stable part of an error document.

use std::fmt;

use serde::de::{Deserialize, Deserializer};
use serde::ser::{Serialize, Serializer};

use super::error_catalog::CATALOG;

/// The type of an error, such as `not-authenticated/invalid-credentials`: a group, and mostly a
/// name in it.
///
/// Texts are localised and change; the type does not. Decide by it, then by its group, and only
/// then by the status, which has drifted over the years (recorded answers). A type that is not
/// in the catalog is kept, and still belongs to its group.
///
/// ```
/// use wharf_model::filescom::{ErrorGroup, ErrorType};
///
/// let new = ErrorType::from("rate-limited/too-many-wishes");
/// assert!(!new.is_cataloged());
/// assert_eq!(new.group(), ErrorGroup::RateLimited);
/// assert_eq!(new.title(), "Too Many Wishes");
/// assert_eq!(new.http_code(), Some(429));
/// ```
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct ErrorType(Repr);

#[derive(Clone, PartialEq, Eq, Hash)]
enum Repr {
    Cataloged(&'static (&'static str, u16)),
    Other(Box<str>),
}

impl ErrorType {
    /// The whole type.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match &self.0 {
            Repr::Cataloged((name, _)) => name,
            Repr::Other(name) => name,
        }
    }

    /// The group: the part before the slash.
    #[must_use]
    pub fn group(&self) -> ErrorGroup {
        ErrorGroup::from(self.split().0)
    }

    /// The name in the group, if it has one.
    #[must_use]
    pub fn name(&self) -> Option<&str> {
        self.split().1
    }

    /// The title: the last part with each word capitalised.
    #[must_use]
    pub fn title(&self) -> String {
        let (group, name) = self.split();
        let words = name.unwrap_or(group).split('-').map(|word| {
            let mut letters = word.chars();
            let first = letters.next().map(|first| first.to_ascii_uppercase());
            first.into_iter().chain(letters).collect::<String>()
        });
        words.collect::<Vec<_>>().join(" ")
    }

    /// The status that the catalog gives, for an unknown type that of its group.
    #[must_use]
    pub fn http_code(&self) -> Option<u16> {
        match self.0 {
            Repr::Cataloged((_, code)) => Some(*code),
            Repr::Other(_) => self.group().http_code(),
        }
    }

    /// Whether it is one of the documented types.
    #[must_use]
    pub fn is_cataloged(&self) -> bool {
        matches!(self.0, Repr::Cataloged(_))
    }

    /// Every documented type, sorted by name.
    pub fn catalog() -> impl ExactSizeIterator<Item = Self> {
        CATALOG.iter().map(|row| Self(Repr::Cataloged(row)))
    }

    fn split(&self) -> (&str, Option<&str>) {
        match self.as_str().split_once('/') {
            Some((group, name)) => (group, Some(name)),
            None => (self.as_str(), None),
        }
    }
}

impl From<&str> for ErrorType {
    fn from(name: &str) -> Self {
        let row = CATALOG.binary_search_by_key(&name, |(known, _)| known);
        let row = row.ok().and_then(|index| CATALOG.get(index));
        Self(row.map_or_else(|| Repr::Other(name.into()), Repr::Cataloged))
    }
}

impl PartialEq<str> for ErrorType {
    fn eq(&self, other: &str) -> bool {
        self.as_str() == other
    }
}

impl PartialEq<&str> for ErrorType {
    fn eq(&self, other: &&str) -> bool {
        self.as_str() == *other
    }
}

impl fmt::Debug for ErrorType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ErrorType({:?})", self.as_str())
    }
}

impl fmt::Display for ErrorType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Serialize for ErrorType {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for ErrorType {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Box::<str>::deserialize(deserializer).map(|name| Self::from(&*name))
    }
}

/// A group of error types.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorGroup {
    /// `bad-request`: something in the request is wrong.
    BadRequest,
    /// `not-authenticated`: nobody, or nobody known, is asking.
    NotAuthenticated,
    /// `not-authorized`: whoever asks may not.
    NotAuthorized,
    /// `not-found`: it does not exist, or whoever asks may not know that it does.
    NotFound,
    /// `processing-failure`: the request was good, yet it cannot be done as things are.
    ProcessingFailure,
    /// `rate-limited`: too much at once.
    RateLimited,
    /// `service-unavailable`: not now. It comes with status 422.
    ServiceUnavailable,
    /// `site-configuration`: the settings of the site forbid it.
    SiteConfiguration,
    /// Anything else.
    Unknown,
}

impl ErrorGroup {
    /// The name on the wire; `unknown` for [`ErrorGroup::Unknown`].
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::BadRequest => "bad-request",
            Self::NotAuthenticated => "not-authenticated",
            Self::NotAuthorized => "not-authorized",
            Self::NotFound => "not-found",
            Self::ProcessingFailure => "processing-failure",
            Self::RateLimited => "rate-limited",
            Self::ServiceUnavailable => "service-unavailable",
            Self::SiteConfiguration => "site-configuration",
            Self::Unknown => "unknown",
        }
    }

    /// The status of nearly all types of the group.
    #[must_use]
    pub fn http_code(self) -> Option<u16> {
        match self {
            Self::NotAuthenticated => Some(401),
            Self::NotAuthorized | Self::SiteConfiguration => Some(403),
            Self::NotFound => Some(404),
            Self::RateLimited => Some(429),
            Self::BadRequest | Self::ProcessingFailure | Self::ServiceUnavailable => Some(422),
            Self::Unknown => None,
        }
    }

    /// The group to assume where an answer has a status and no type.
    #[must_use]
    pub fn from_status(status: u16) -> Self {
        match status {
            400 | 422 => Self::BadRequest,
            401 => Self::NotAuthenticated,
            403 => Self::NotAuthorized,
            404 => Self::NotFound,
            429 => Self::RateLimited,
            502..=504 => Self::ServiceUnavailable,
            _ => Self::Unknown,
        }
    }
}

impl From<&str> for ErrorGroup {
    fn from(name: &str) -> Self {
        match name {
            "bad-request" => Self::BadRequest,
            "not-authenticated" => Self::NotAuthenticated,
            "not-authorized" => Self::NotAuthorized,
            "not-found" => Self::NotFound,
            "processing-failure" => Self::ProcessingFailure,
            "rate-limited" => Self::RateLimited,
            "service-unavailable" => Self::ServiceUnavailable,
            "site-configuration" => Self::SiteConfiguration,
            _ => Self::Unknown,
        }
    }
}

impl fmt::Display for ErrorGroup {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_outside_the_catalog() {
        for (name, group, title) in [
            ("not-found/new-thing", ErrorGroup::NotFound, "New Thing"),
            ("not-authenticated", ErrorGroup::NotAuthenticated, "Not Authenticated"),
            ("download_request_expired", ErrorGroup::Unknown, "Download_request_expired"),
            ("a/b/c", ErrorGroup::Unknown, "B/c"),
            ("", ErrorGroup::Unknown, ""),
        ] {
            let error_type = ErrorType::from(name);
            assert!(!error_type.is_cataloged(), "{name}");
            assert_eq!(
                (error_type.group(), error_type.title()),
                (group, title.to_owned()),
                "{name}"
            );
            let json = serde_json::to_string(&error_type).unwrap();
            assert_eq!(serde_json::from_str::<ErrorType>(&json).unwrap(), error_type);
        }
    }

    #[test]
    fn every_cataloged_type_has_a_group() {
        assert_eq!(ErrorType::catalog().len(), 208);
        assert!(ErrorType::catalog().all(|known| known.group() != ErrorGroup::Unknown));
    }
}
