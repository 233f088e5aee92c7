//! Paths on a service: absolute, normalised, and nothing but names.

use std::fmt;
use std::str::FromStr;

/// An absolute path on a service, such as `/vendor/acme/2026-11-01.csv`.
///
/// Segments are separated by `/`. There are no empty segments, no `.`, no `..`, no
/// trailing slash; the root is `/`. A name may hold any other character, blanks and
/// percent signs included: a path is text, not a URL, and is never percent-decoded.
///
/// Equality is exact, letter by letter. How a service compares names is the service's
/// affair (see [`Limits::name_case`](crate::Limits::name_case)).
///
/// ```
/// use wharf_connector::RemotePath;
///
/// let path = RemotePath::new("vendor//acme/./orders/")?;
/// assert_eq!(path.as_str(), "/vendor/acme/orders");
/// assert_eq!(path.name(), Some("orders"));
/// assert!(RemotePath::new("/a/../b").is_err());
/// # Ok::<(), wharf_connector::PathError>(())
/// ```
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RemotePath(Box<str>);

impl RemotePath {
    /// The root, `/`.
    pub fn root() -> Self {
        Self("/".into())
    }

    /// Reads a path. The leading slash may be left out; `""` is the root.
    ///
    /// # Errors
    ///
    /// A `..` segment (it is refused, not resolved: what a person meant by it cannot be
    /// known) and a NUL character.
    pub fn new(text: &str) -> Result<Self, PathError> {
        let mut path = String::with_capacity(text.len() + 1);
        for segment in text.split('/').filter(|s| !s.is_empty() && *s != ".") {
            check_segment(segment, text)?;
            path.push('/');
            path.push_str(segment);
        }
        if path.is_empty() {
            path.push('/');
        }
        Ok(Self(path.into()))
    }

    /// This path with one more name.
    ///
    /// Meant for names that a service sent, so it is strict.
    ///
    /// # Errors
    ///
    /// A name that is empty, `.`, `..`, or holds a slash or NUL.
    pub fn join(&self, name: &str) -> Result<Self, PathError> {
        check_segment(name, name)?;
        if name.is_empty() || name == "." || name.contains('/') {
            return Err(PathError::new(name, "is not the name of one file or folder"));
        }
        let mut path = String::with_capacity(self.0.len() + name.len() + 1);
        if !self.is_root() {
            path.push_str(&self.0);
        }
        path.push('/');
        path.push_str(name);
        Ok(Self(path.into()))
    }

    /// This path with all segments of `below` after it.
    #[must_use]
    pub fn join_path(&self, below: &RemotePath) -> Self {
        match (self.is_root(), below.is_root()) {
            (true, _) => below.clone(),
            (_, true) => self.clone(),
            (false, false) => Self(format!("{}{}", self.0, below.0).into()),
        }
    }

    /// The whole path, with its leading slash.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The path without its leading slash; empty for the root.
    pub fn relative(&self) -> &str {
        self.0.strip_prefix('/').unwrap_or(&self.0)
    }

    /// Whether this is `/`.
    pub fn is_root(&self) -> bool {
        self.relative().is_empty()
    }

    /// The names from the root down.
    pub fn segments(&self) -> impl DoubleEndedIterator<Item = &str> {
        self.relative().split('/').filter(|s| !s.is_empty())
    }

    /// The last name; none for the root.
    pub fn name(&self) -> Option<&str> {
        self.segments().next_back()
    }

    /// The folder that holds this; none for the root.
    #[must_use]
    pub fn parent(&self) -> Option<Self> {
        if self.is_root() {
            return None;
        }
        match self.0.rsplit_once('/') {
            Some(("", _)) | None => Some(Self::root()),
            Some((parent, _)) => Some(Self(parent.into())),
        }
    }

    /// What is left of this path below `folder`; the root if they are equal, none if it
    /// does not lie there.
    pub fn below(&self, folder: &RemotePath) -> Option<Self> {
        if folder.is_root() {
            return Some(self.clone());
        }
        match self.0.strip_prefix(&*folder.0)? {
            "" => Some(Self::root()),
            rest if rest.starts_with('/') => Some(Self(rest.into())),
            _ => None,
        }
    }
}

impl fmt::Display for RemotePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for RemotePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}

impl Default for RemotePath {
    fn default() -> Self {
        Self::root()
    }
}

impl FromStr for RemotePath {
    type Err = PathError;
    fn from_str(text: &str) -> Result<Self, PathError> {
        Self::new(text)
    }
}

impl TryFrom<&str> for RemotePath {
    type Error = PathError;
    fn try_from(text: &str) -> Result<Self, PathError> {
        Self::new(text)
    }
}

/// A text that is not a path, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PathError {
    text: Box<str>,
    reason: &'static str,
}

impl PathError {
    fn new(text: &str, reason: &'static str) -> Self {
        let text = text.chars().take(SHOWN).collect::<String>().into();
        Self { text, reason }
    }
}

impl fmt::Display for PathError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?} {}", self.text, self.reason)
    }
}

impl std::error::Error for PathError {}

fn check_segment(segment: &str, whole: &str) -> Result<(), PathError> {
    if segment == ".." {
        return Err(PathError::new(whole, "climbs with \"..\"; write the path out"));
    }
    if segment.contains('\0') {
        return Err(PathError::new(whole, "holds a NUL character"));
    }
    Ok(())
}

/// So much of a bad path is repeated in its error.
const SHOWN: usize = 120;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn normalises() {
        for (text, want) in [
            ("", "/"),
            ("/", "/"),
            ("///", "/"),
            (".", "/"),
            ("a", "/a"),
            ("/a/", "/a"),
            ("a//b/./c/", "/a/b/c"),
            ("/100%/a+b #?.txt", "/100%/a+b #?.txt"),
            ("/...", "/..."),
            ("/.hidden", "/.hidden"),
            ("/a\\b", "/a\\b"),
        ] {
            assert_eq!(RemotePath::new(text).unwrap().as_str(), want, "{text:?}");
        }
    }

    #[test]
    fn refuses() {
        for text in ["..", "/..", "a/../b", "a/..", "a\0b"] {
            assert!(RemotePath::new(text).is_err(), "{text:?}");
        }
        for name in ["", ".", "..", "a/b", "/", "a\0"] {
            assert!(RemotePath::root().join(name).is_err(), "{name:?}");
        }
    }

    #[test]
    fn takes_apart_and_puts_together() {
        let path = RemotePath::new("/a/b/c").unwrap();
        assert_eq!(path.segments().collect::<Vec<_>>(), ["a", "b", "c"]);
        assert_eq!(path.parent().unwrap().as_str(), "/a/b");
        assert_eq!(RemotePath::new("/a").unwrap().parent(), Some(RemotePath::root()));
        assert_eq!(RemotePath::root().parent(), None);
        assert_eq!(RemotePath::root().name(), None);
        assert_eq!(RemotePath::root().join("x").unwrap().as_str(), "/x");
        let folder = RemotePath::new("/a/b").unwrap();
        assert_eq!(path.below(&folder).unwrap().as_str(), "/c");
        assert_eq!(folder.below(&folder), Some(RemotePath::root()));
        assert_eq!(RemotePath::new("/a/bc").unwrap().below(&folder), None);
        assert_eq!(folder.join_path(&path).as_str(), "/a/b/a/b/c");
        assert_eq!(folder.join_path(&RemotePath::root()), folder);
        assert_eq!(RemotePath::root().join_path(&folder), folder);
    }
}
