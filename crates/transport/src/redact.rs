//! Addresses and headers as they may be printed: only what is known to be harmless.

use std::fmt;
use std::sync::Arc;

use http::HeaderMap;
use url::{Position, Url};

/// An address that may be printed and logged.
///
/// Of an address below the configured base it keeps scheme, host, path and the query keys the
/// builder allowed; everything else of the query is replaced by `…`. Of any other address it keeps
/// scheme and host only, because such an address is often a secret as a whole: whoever knows a
/// pre-signed link can use it. User names, passwords and fragments are never kept.
///
/// ```
/// use wharf_transport::{SafeUrl, Url};
///
/// let link = Url::parse("https://storage.example/o/77?X-Signature=0123").unwrap();
/// assert_eq!(SafeUrl::bare(&link).to_string(), "https://storage.example/…");
///
/// let page = Url::parse("https://h.example/files?per_page=100&sessionid=0123").unwrap();
/// assert_eq!(SafeUrl::below_base(&page, &["per_page"]).to_string(), "https://h.example/files?per_page=100&…");
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct SafeUrl(Arc<str>);

impl SafeUrl {
    /// Keeps scheme, host, port, path, and the query pairs whose key is in `keys`.
    pub fn below_base(url: &Url, keys: &[&str]) -> Self {
        let mut text = origin(url);
        text.push_str(url.path());
        let mut separator = '?';
        let mut dropped = false;
        for pair in url.query().into_iter().flat_map(|query| query.split('&')) {
            let key = pair.split('=').next().unwrap_or_default();
            if keys.contains(&key) {
                text.push(separator);
                text.push_str(pair);
                separator = '&';
            } else {
                dropped = true;
            }
        }
        if dropped {
            text.push(separator);
            text.push('…');
        }
        Self(text.into())
    }

    /// Keeps scheme, host and port.
    pub fn bare(url: &Url) -> Self {
        Self((origin(url) + "/…").into())
    }

    /// The text, as `Display` prints it.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for SafeUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for SafeUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}

/// Headers as they may be printed: names always, values of an allow-list only.
pub(crate) struct SafeHeaders<'a>(pub(crate) &'a HeaderMap);

impl fmt::Debug for SafeHeaders<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut map = f.debug_map();
        for (name, value) in self.0 {
            if PRINTED_HEADERS.contains(&name.as_str()) && !value.is_sensitive() {
                map.entry(&name.as_str(), value);
            } else {
                map.entry(&name.as_str(), &"…");
            }
        }
        map.finish()
    }
}

fn origin(url: &Url) -> String {
    let mut text = String::with_capacity(url.as_str().len());
    text.push_str(&url[..Position::AfterScheme]);
    text.push_str("://");
    text.push_str(&url[Position::BeforeHost..Position::AfterPort]);
    text
}

/// Headers whose values say something about the exchange and nothing about the caller.
const PRINTED_HEADERS: [&str; 15] = [
    "accept",
    "accept-encoding",
    "accept-ranges",
    "cache-control",
    "content-encoding",
    "content-length",
    "content-range",
    "content-type",
    "date",
    "range",
    "retry-after",
    "server",
    "transfer-encoding",
    "user-agent",
    "x-request-id",
];

#[cfg(test)]
mod tests {
    use super::*;
    use http::HeaderValue;
    use proptest::prelude::*;

    #[test]
    fn urls_lose_everything_that_may_be_secret() {
        for (url, below, bare) in [
            ("https://h/p", "https://h/p", "https://h/…"),
            ("https://h:444/p/q%20r", "https://h:444/p/q%20r", "https://h:444/…"),
            ("https://me:pw@h/p#frag", "https://h/p", "https://h/…"),
            ("https://h/p?a=1&b=2", "https://h/p?a=1&…", "https://h/…"),
            ("https://h/p?b=2&a=1&a=3", "https://h/p?a=1&a=3&…", "https://h/…"),
            ("https://h/p?token", "https://h/p?…", "https://h/…"),
            ("http://[::1]:80/", "http://[::1]/", "http://[::1]/…"),
        ] {
            let url = Url::parse(url).unwrap();
            assert_eq!(SafeUrl::below_base(&url, &["a"]).as_str(), below);
            assert_eq!(SafeUrl::bare(&url).as_str(), bare);
        }
    }

    #[test]
    fn header_values_are_printed_from_the_allow_list_only() {
        let mut headers = HeaderMap::new();
        headers.insert("x-key", HeaderValue::from_static("planted"));
        headers.insert("content-type", HeaderValue::from_static("text/plain"));
        let mut range = HeaderValue::from_static("bytes=planted");
        range.set_sensitive(true);
        headers.insert("range", range);
        let text = format!("{:?}", SafeHeaders(&headers));
        assert!(!text.contains("planted"), "{text}");
        assert!(text.contains("x-key") && text.contains("text/plain"), "{text}");
    }

    proptest! {
        #[test]
        fn no_url_is_printed_with_its_secrets(
            user in "[a-z]{0,5}", path in "[ -~]{0,12}", key in "[ -~]{0,6}", last in "[ -~]{0,12}",
        ) {
            for text in [
                format!("https://{user}:planted@h/{path}?{key}={last}"),
                format!("https://h/{path}?{key}=planted{last}"),
                format!("https://h/{path}?a=1&{key}=planted&a={last}"),
                format!("https://h/{path}#planted{last}"),
            ] {
                let Ok(url) = Url::parse(&text) else { continue };
                let bare = SafeUrl::bare(&url);
                prop_assert_eq!(bare.as_str(), "https://h/…", "{}", url);
                // What stands behind an allowed key is meant to be seen.
                let pairs = url.query().into_iter().flat_map(|query| query.split('&'));
                let allowed = pairs.filter(|pair| pair.starts_with("a=")).any(|p| p.contains("planted"));
                let shown = SafeUrl::below_base(&url, &["a"]);
                prop_assert!(allowed || !shown.as_str().contains("planted"), "{}: {}", url, shown);
            }
        }
    }
}
