//! What a `Range` header asks for.

use std::ops::Range;

use axum::http::HeaderValue;

/// One range, everything, or what cannot be had.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Asked {
    Whole,
    Part(Range<u64>),
    Impossible,
}

/// Reads a range of content of this length. As HTTP asks, a header that cannot be understood
/// is ignored; so are several ranges at once, which the real storage does not serve.
pub(super) fn asked(header: Option<&HeaderValue>, length: u64) -> Asked {
    let text = header.and_then(|header| header.to_str().ok());
    let Some((from, to)) = text
        .and_then(|text| text.strip_prefix("bytes="))
        .and_then(|range| range.trim().split_once('-'))
    else {
        return Asked::Whole;
    };
    let range = match (number(from), number(to)) {
        (Some(from), Some(to)) if from <= to => from..length.min(to.saturating_add(1)),
        (Some(from), None) if to.is_empty() => from..length,
        (None, Some(last)) if from.is_empty() => length.saturating_sub(last)..length,
        _ => return Asked::Whole,
    };
    match range.start < range.end {
        true => Asked::Part(range),
        false => Asked::Impossible,
    }
}

fn number(text: &str) -> Option<u64> {
    let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    digits.then(|| text.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_are_read_as_http_has_it() {
        for (header, length, expected) in [
            ("bytes=0-3", 10, Asked::Part(0..4)),
            ("bytes=4-", 10, Asked::Part(4..10)),
            ("bytes=-3", 10, Asked::Part(7..10)),
            ("bytes=-30", 10, Asked::Part(0..10)),
            ("bytes=8-99", 10, Asked::Part(8..10)),
            ("bytes=0-18446744073709551615", 10, Asked::Part(0..10)),
            ("bytes=10-", 10, Asked::Impossible),
            ("bytes=-0", 10, Asked::Impossible),
            ("bytes=0-", 0, Asked::Impossible),
            ("bytes=5-2", 10, Asked::Whole),
            ("bytes=0--1", 10, Asked::Whole),
            ("bytes=0-1,4-5", 10, Asked::Whole),
            ("bytes=99999999999999999999-", 10, Asked::Whole),
            ("lines=0-1", 10, Asked::Whole),
            ("", 10, Asked::Whole),
        ] {
            let header = HeaderValue::from_static(header);
            assert_eq!(asked(Some(&header), length), expected, "{header:?}");
        }
        assert_eq!(asked(None, 5), Asked::Whole);
    }
}
