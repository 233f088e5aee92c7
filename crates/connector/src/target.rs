//! Where a connector leads, as a person writes it.

use std::fmt;
use std::str::FromStr;

use crate::{Error, ErrorKind, RemotePath, Result};

/// A target: `scheme://[user@]host[:port]/path`, such as `filescom://acme.files.com/vendor`.
///
/// It never holds a password: `user:password@` is refused, for a target is shown, logged
/// and kept in shell histories. The path is text, taken letter by letter: blanks and
/// percent signs stand for themselves. Only the user is percent-decoded, so that an
/// address such as `anna%40acme.com` can be one; `anna@acme.com@host` is understood too.
///
/// ```
/// use wharf_connector::Target;
///
/// let target: Target = "mft://anna@files.acme.com:8443/In/2026 Q1/100%.csv".parse()?;
/// assert_eq!(target.scheme(), "mft");
/// assert_eq!(target.user(), Some("anna"));
/// assert_eq!(target.authority(), "files.acme.com:8443");
/// assert_eq!(target.path().as_str(), "/In/2026 Q1/100%.csv");
/// # Ok::<(), wharf_connector::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Target {
    scheme: Box<str>,
    user: Option<Box<str>>,
    authority: Box<str>,
    path: RemotePath,
}

impl Target {
    /// The scheme, in lower case.
    pub fn scheme(&self) -> &str {
        &self.scheme
    }

    /// The user, decoded.
    pub fn user(&self) -> Option<&str> {
        self.user.as_deref()
    }

    /// Host and port as written; empty for schemes that need none.
    pub fn authority(&self) -> &str {
        &self.authority
    }

    /// The path.
    pub fn path(&self) -> &RemotePath {
        &self.path
    }

    /// The same target with another path.
    #[must_use]
    pub fn with_path(mut self, path: RemotePath) -> Self {
        self.path = path;
        self
    }

    /// Whether a text has the form of a target: a scheme of two letters or more (one is a
    /// drive of Windows), a colon, and two slashes.
    pub fn looks_like(text: &str) -> bool {
        text.split_once("://").is_some_and(|(scheme, _)| is_scheme(scheme))
    }
}

impl FromStr for Target {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        let (scheme, rest) = text.split_once(':').ok_or_else(|| not_a_target(text))?;
        if !is_scheme(scheme) {
            return Err(not_a_target(text));
        }
        let (authority, path) = match rest.strip_prefix("//") {
            Some(rest) => rest.split_at(rest.find('/').unwrap_or(rest.len())),
            None if rest.is_empty() || rest.starts_with('/') => ("", rest),
            None => return Err(not_a_target(text)),
        };
        let (user, authority) = match authority.rsplit_once('@') {
            Some((user, host)) => (Some(decode_user(user)?), host),
            None => (None, authority),
        };
        // What stands behind the colon of a host is a port, or the beginning of a password that had
        // a slash in it.
        let port = authority.rsplit(']').next().and_then(|rest| rest.rsplit_once(':'));
        if port.is_some_and(|(_, port)| !port.bytes().all(|digit| digit.is_ascii_digit())) {
            return Err(no_port());
        }
        Ok(Self {
            scheme: scheme.to_ascii_lowercase().into(),
            user,
            authority: authority.into(),
            path: RemotePath::new(path)?,
        })
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}://", self.scheme)?;
        if let Some(user) = &self.user {
            write!(
                f,
                "{}@",
                user.replace('%', "%25")
                    .replace('@', "%40")
                    .replace(':', "%3A")
                    .replace('/', "%2F")
            )?;
        }
        write!(f, "{}{}", self.authority, self.path)
    }
}

fn is_scheme(text: &str) -> bool {
    text.len() >= 2
        && text.starts_with(|letter: char| letter.is_ascii_alphabetic())
        && text.chars().all(|letter| letter.is_ascii_alphanumeric() || "+-.".contains(letter))
}

fn not_a_target(text: &str) -> Error {
    // What was meant may hold a password, so only the form is shown.
    let form = if text.contains('@') { "the text given" } else { text };
    Error::new(ErrorKind::Invalid, format!("{form} is not a target")).with_remedy(
        "A target looks like scheme://host/path, for example filescom://acme.files.com/vendor.",
    )
}

/// Without what was given: it may be a password.
fn no_port() -> Error {
    let message = "what stands after the host's colon in the target is no port";
    Error::new(ErrorKind::Invalid, message)
        .with_remedy("A target looks like scheme://user@host:8443/path, and holds no password.")
}

fn decode_user(text: &str) -> Result<Box<str>> {
    if text.contains(':') {
        return Err(Error::new(ErrorKind::Invalid, "a target holds no password")
            .with_remedy("Leave the password out of the target; give it by a variable, a prompt or a saved connection."));
    }
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&first, tail)) = rest.split_first() {
        let decoded = (first == b'%').then(|| tail.get(..2)).flatten().and_then(hex_pair);
        match decoded {
            Some(byte) => {
                bytes.push(byte);
                rest = tail.get(2..).unwrap_or_default();
            }
            None => {
                bytes.push(first);
                rest = tail;
            }
        }
    }
    String::from_utf8(bytes)
        .map(Into::into)
        .map_err(|_| Error::new(ErrorKind::Invalid, "the user in the target is not UTF-8"))
}

fn hex_pair(digits: &[u8]) -> Option<u8> {
    let text = std::str::from_utf8(digits).ok()?;
    u8::from_str_radix(text, 16).ok().filter(|_| !text.starts_with('+'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_people_write() {
        for (text, user, authority, path) in [
            ("filescom://acme.files.com", None, "acme.files.com", "/"),
            ("filescom+http://127.0.0.1:4010/", None, "127.0.0.1:4010", "/"),
            ("mft://anna@h/In", Some("anna"), "h", "/In"),
            ("mft://anna%40acme.com@h", Some("anna@acme.com"), "h", "/"),
            ("mft://anna@acme.com@h/a@b:c", Some("anna@acme.com"), "h", "/a@b:c"),
            ("mft://anna@[::1]:8443/a:b", Some("anna"), "[::1]:8443", "/a:b"),
            ("mft://[::1]/", None, "[::1]", "/"),
            ("memory:", None, "", "/"),
            ("memory:/a%20b", None, "", "/a%20b"),
            ("MEMORY:///a", None, "", "/a"),
            ("mft://100%25@h", Some("100%"), "h", "/"),
            ("mft://100%@h", Some("100%"), "h", "/"),
        ] {
            let target: Target = text.parse().unwrap();
            assert_eq!((target.user(), target.authority()), (user, authority), "{text}");
            assert_eq!(target.path().as_str(), path, "{text}");
            assert_eq!(target.to_string().parse::<Target>().unwrap(), target, "{text}");
        }
    }

    #[test]
    fn refuses_without_repeating_a_password() {
        for text in [
            "",
            "acme",
            "c:\\x",
            "://x",
            "mft://anna:hunter2@h/",
            "anna:hunter2@h",
            "x://h/../y",
            "mft://anna:hunter2/x@h/In",
            "mft://h:8443x/",
        ] {
            let error = text.parse::<Target>().unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Invalid, "{text}");
            assert!(!format!("{error} {error:?}").contains("hunter2"), "{error}");
        }
    }
}
