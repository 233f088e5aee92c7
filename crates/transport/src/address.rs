//! Where a request goes, and which places may be spoken to at all.

use std::fmt;

use url::{Host, Origin, Url};

use crate::error::{Error, Result};
use crate::redact::SafeUrl;

/// Where a request goes. Only requests to [`Address::Base`] are ever signed.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Address {
    /// A percent-encoded path below the configured base.
    Base(String),
    /// A whole address, pre-signed or public: it never gets a credential.
    Absolute(Url),
}

impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Base(path) => {
                let bare = path.split_once('?').map(|(bare, _)| format!("{bare}?…"));
                f.debug_tuple("Base").field(bare.as_ref().unwrap_or(path)).finish()
            }
            Self::Absolute(url) => f.debug_tuple("Absolute").field(&SafeUrl::bare(url)).finish(),
        }
    }
}

/// The configured place of a service: an origin, and perhaps a path that all its paths start with.
///
/// Credentials go to this origin and to no other.
///
/// ```
/// use wharf_transport::Base;
///
/// let base = Base::parse("https://app.example/api/v1/").unwrap();
/// assert_eq!(base.to_string(), "https://app.example/api/v1");
/// assert!(Base::parse("http://app.example/").is_err(), "plain HTTP leaves this machine");
/// assert!(Base::parse("http://127.0.0.1:8080/").is_ok(), "plain HTTP stays on this machine");
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Base {
    url: Url,
    allow_http: bool,
}

impl Base {
    /// Reads `https://host[:port][/path]`; `http` is accepted for loopback addresses only.
    ///
    /// # Errors
    ///
    /// [`Invalid`](crate::ErrorKind::Invalid) for anything else: another scheme, a user name or
    /// password, a query, a fragment.
    pub fn parse(text: &str) -> Result<Self> {
        Self::parse_with(text, false)
    }

    pub(crate) fn parse_with(text: &str, allow_http: bool) -> Result<Self> {
        let mut url = Url::parse(text)
            .map_err(|error| Error::invalid("the base address is not a URL").with_source(error))?;
        if url.query().is_some() || url.fragment().is_some() {
            return Err(Error::invalid("the base address has a query or a fragment"));
        }
        let path = url.path().trim_end_matches('/').to_owned();
        url.set_path(&path);
        check_scheme(&url, allow_http)?;
        Ok(Self { url, allow_http })
    }

    /// The address itself, its path without a slash at the end.
    pub fn url(&self) -> &Url {
        &self.url
    }

    /// The host, as it stands in the address.
    pub fn host(&self) -> &str {
        self.url.host_str().unwrap_or_default()
    }

    /// Scheme, host and port.
    pub fn origin(&self) -> Origin {
        self.url.origin()
    }

    /// Whether a request to `url` would go to the configured origin.
    pub fn is_origin_of(&self, url: &Url) -> bool {
        self.url.origin() == url.origin()
    }

    /// Whether the host is this machine.
    pub fn is_loopback(&self) -> bool {
        is_loopback(&self.url)
    }

    /// The whole address of a path below this base; `query` is encoded, and comes after one that
    /// the path brings along.
    pub(crate) fn join(&self, path: &str, query: &str) -> Result<Url> {
        let (path, first) = path.split_once('?').unwrap_or((path, ""));
        if path.split('/').any(is_dots) {
            return Err(Error::invalid("the path leads out of the base address"));
        }
        if path.contains(|letter: char| matches!(letter, '\\' | '#') || letter.is_ascii_control()) {
            return Err(Error::invalid("the path is not percent-encoded"));
        }
        let mut url = self.url.clone();
        let path = path.strip_prefix('/').unwrap_or(path);
        if !path.is_empty() {
            let joined = [url.path().trim_end_matches('/'), "/", path].concat();
            url.set_path(&joined);
        }
        match (first, query) {
            ("", "") => {}
            (only, "") | ("", only) => url.set_query(Some(only)),
            (first, second) => url.set_query(Some(&[first, "&", second].concat())),
        }
        Ok(url)
    }

    /// The same base on another origin.
    pub(crate) fn moved_to(&self, url: &Url) -> Result<Self> {
        if self.url.scheme() == "https" && url.scheme() != "https" {
            return Err(Error::invalid("the service named a host without TLS"));
        }
        let mut moved = url.clone();
        moved.set_path(self.url.path());
        moved.set_query(None);
        moved.set_fragment(None);
        check_scheme(&moved, self.allow_http)?;
        Ok(Self { url: moved, allow_http: self.allow_http })
    }

    /// Whether a request without credentials may go to `url`.
    ///
    /// Plain HTTP only where the base itself is spoken to by plain HTTP and both are on this
    /// machine (or it was allowed): a service behind TLS must not be able to lead us out of it.
    pub(crate) fn check_bare(&self, url: &Url) -> Result<()> {
        let allow = self.allow_http || (self.url.scheme() == "http" && self.is_loopback());
        if url.scheme() == "http" && !allow {
            return Err(Error::invalid(format!(
                "plain HTTP to {} is refused: the service itself is spoken to by HTTPS",
                SafeUrl::bare(url)
            )));
        }
        check_scheme(url, self.allow_http)
    }
}

impl fmt::Display for Base {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.url.as_str().trim_end_matches('/'))
    }
}

impl fmt::Debug for Base {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Base({self})")
    }
}

/// Whether the host of an address is this machine: `localhost`, 127.0.0.0/8 or ::1.
pub(crate) fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name.eq_ignore_ascii_case("localhost"),
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

/// Whether a path segment means "here" or "one up" to a URL parser, in any spelling.
fn is_dots(segment: &str) -> bool {
    [".", "..", "%2e", "%2e%2e", ".%2e", "%2e."]
        .iter()
        .any(|dots| segment.eq_ignore_ascii_case(dots))
}

fn check_scheme(url: &Url, allow_http: bool) -> Result<()> {
    if url.host_str().is_none_or(str::is_empty) {
        return Err(Error::invalid("the address has no host"));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(Error::invalid("the address has a user name or password in it"));
    }
    match url.scheme() {
        "https" => Ok(()),
        "http" if allow_http || is_loopback(url) => Ok(()),
        "http" => Err(Error::invalid(format!(
            "plain HTTP to {} is refused: it would send everything in the clear",
            SafeUrl::bare(url)
        ))),
        other => Err(Error::invalid(format!("the scheme {other} is neither https nor http"))),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_a_url_leaves_out_hides_no_way_up() {
        let base = Base::parse("https://h.example/api/v1").unwrap();
        for path in ["..\t", "\t..", ".\n.", ".\r./x", "a/.\t./../x"] {
            assert!(base.join(path, "").is_err(), "{path:?}");
        }
    }

    #[test]
    fn a_query_in_a_path_is_not_printed() {
        let printed = format!("{:?}", Address::Base("/x?token=planted".to_owned()));
        assert_eq!(printed, "Base(\"/x?…\")");
        assert_eq!(format!("{:?}", Address::Base("/x".to_owned())), "Base(\"/x\")");
    }

    proptest! {
        /// Whatever a service, or a user, makes of a path: what is signed stays below the base.
        #[test]
        fn no_path_leads_out_of_the_base(
            any in "\\PC{0,16}",
            dots in r"[./\\%2eE5cC?#@:&= \t\r\n]{0,16}",
            query in "[ -~]{0,12}",
        ) {
            let base = Base::parse("https://h.example:444/api/v1").unwrap();
            for path in [&any, &dots, &format!("{dots}{any}"), &format!("//evil.example/{any}")] {
                let Ok(url) = base.join(path, &query) else { continue };
                prop_assert!(base.is_origin_of(&url), "{:?}: {}", path, url);
                let below = url.path() == "/api/v1" || url.path().starts_with("/api/v1/");
                prop_assert!(below, "{:?}: {}", path, url);
                prop_assert!(url.username().is_empty() && url.password().is_none());
            }
        }

        #[test]
        fn any_text_is_a_base_that_is_safe_or_refused(text in "\\PC{0,30}", host in "[a-z0-9.:@\\[\\]]{0,12}") {
            for text in [text, format!("http://{host}/"), format!("https://{host}/api")] {
                let Ok(base) = Base::parse(&text) else { continue };
                prop_assert!(base.url().scheme() == "https" || base.is_loopback(), "{}", base);
                prop_assert!(!base.host().is_empty());
            }
        }
    }
}
