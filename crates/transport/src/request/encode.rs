//! Percent-encoding, of paths, queries and forms alike.

use std::fmt::Write as _;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// Text as it stands in an address: everything but the unreserved characters encoded.
pub(super) fn encoded(text: &str) -> impl Iterator<Item = &str> {
    utf8_percent_encode(text, RESERVED)
}

/// Adds `key=value`, after `&` unless it is the first.
pub(super) fn push_pair(text: &mut String, key: &str, value: &str) {
    if !text.is_empty() {
        text.push('&');
    }
    let (key, value) = (utf8_percent_encode(key, RESERVED), utf8_percent_encode(value, RESERVED));
    // Writing to a string cannot fail.
    let _ = write!(text, "{key}={value}");
}

/// Everything but the unreserved characters of RFC 3986.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');
