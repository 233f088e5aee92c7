//! Which bytes of which content an answer holds.

use http::StatusCode;
use http::header::{CONTENT_RANGE, ETAG, LAST_MODIFIED};

use crate::dialect::Refusal;
use crate::error::{Error, ErrorKind, Result};
use crate::response::Response;

/// The bytes an answer holds, and what identifies the content they are of.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(super) struct Place {
    /// The first byte.
    pub(super) begin: u64,
    /// Behind the last byte, if known.
    pub(super) end: Option<u64>,
    /// The length of the whole content, if known.
    pub(super) total: Option<u64>,
    etag: Option<String>,
    modified: Option<String>,
}

impl Place {
    pub(super) fn of(response: &Response) -> Result<Self> {
        let length = response.content_length();
        let mut place = Self {
            begin: response.offset().unwrap_or(0),
            end: None,
            total: None,
            etag: response.header(ETAG.as_str()).map(str::to_owned),
            modified: response.header(LAST_MODIFIED.as_str()).map(str::to_owned),
        };
        if response.status() == StatusCode::PARTIAL_CONTENT && response.offset().is_none() {
            let range = response.header(CONTENT_RANGE.as_str()).and_then(content_range);
            let Some((begin, end, total)) = range else {
                return Err(Error::protocol("the answer is a part and does not say which"));
            };
            if length.is_some_and(|length| begin.checked_add(length) != Some(end)) {
                return Err(Error::protocol("the answer's length is not that of its range"));
            }
            (place.begin, place.end, place.total) = (begin, Some(end), total);
        } else if let Some(length) = length {
            place.end = place.begin.checked_add(length);
            place.total = place.end;
        }
        Ok(place)
    }

    /// That a continuation is not of something else.
    pub(super) fn check_same(&self, other: &Self) -> Result<()> {
        let differ =
            |a: &Option<String>, b: &Option<String>| matches!((a, b), (Some(a), Some(b)) if a != b);
        let tags_agree = self.etag.is_some() && self.etag == other.etag;
        if differ(&self.etag, &other.etag) {
            Err(changed("its entity tag is another"))
        } else if matches!((self.total, other.total), (Some(a), Some(b)) if a != b) {
            Err(changed("its length is another"))
        } else if differ(&self.modified, &other.modified) && !tags_agree {
            Err(changed("its date is another"))
        } else {
            Ok(())
        }
    }

    /// That a whole sent anew is the content we have the beginning of. Then its bytes before our
    /// place may be dropped unseen.
    pub(super) fn check_proven(&self, other: &Self) -> Result<()> {
        let same = |a: &Option<String>, b: &Option<String>| a.is_some() && a == b;
        let nothing_said = [&self.etag, &self.modified, &other.etag, &other.modified]
            .iter()
            .all(|mark| mark.is_none());
        let proven = (self.strong_etag().is_some() && same(&self.etag, &other.etag))
            || same(&self.modified, &other.modified)
            || (nothing_said && self.total.is_some() && self.total == other.total);
        match proven {
            true => Ok(()),
            false => Err(changed(
                "it was sent from its beginning, and nothing shows that it is the same",
            )),
        }
    }

    /// Takes over what was not known before.
    pub(super) fn learn(&mut self, other: Self) {
        self.total = self.total.or(other.total);
        self.etag = self.etag.take().or(other.etag);
        self.modified = self.modified.take().or(other.modified);
    }

    pub(super) fn strong_etag(&self) -> Option<String> {
        self.etag.clone().filter(|tag| !tag.starts_with("W/"))
    }
}

/// The total length that a refused range names.
pub(super) fn unsatisfied_total(refusal: &Refusal) -> Option<u64> {
    let total = refusal.header(CONTENT_RANGE.as_str())?.strip_prefix("bytes */")?;
    number(total)
}

/// `bytes 5-9/10`: first byte, behind the last byte, total (`*` if unknown).
fn content_range(text: &str) -> Option<(u64, u64, Option<u64>)> {
    let (range, total) = text.trim().strip_prefix("bytes ")?.split_once('/')?;
    let (first, last) = range.split_once('-')?;
    let (first, end) = (number(first)?, number(last)?.checked_add(1)?);
    let total = match total {
        "*" => None,
        total => Some(number(total)?),
    };
    (first < end && total.is_none_or(|total| end <= total)).then_some((first, end, total))
}

fn number(text: &str) -> Option<u64> {
    let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    digits.then(|| text.parse().ok()).flatten()
}

fn changed(how: &str) -> Error {
    Error::new(ErrorKind::Changed, format!("the file changed during the download: {how}"))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn content_ranges_are_read_strictly() {
        for (text, expected) in [
            ("bytes 5-9/10", Some((5, 10, Some(10)))),
            ("bytes 0-0/*", Some((0, 1, None))),
            (" bytes 0-0/1 ", Some((0, 1, Some(1)))),
            ("bytes 9-5/10", None),
            ("bytes 5-10/10", None),
            ("bytes +5-9/10", None),
            ("bytes 5-9", None),
            ("bytes */10", None),
            ("items 5-9/10", None),
            ("bytes 5-18446744073709551615/*", None),
            ("", None),
        ] {
            assert_eq!(content_range(text), expected, "{text}");
        }
    }

    proptest! {
        #[test]
        fn a_range_that_is_read_is_one(text in "[ -~]{0,30}", inside in "[0-9*/ -]{0,40}") {
            for text in [text, format!("bytes {inside}")] {
                if let Some((begin, end, total)) = content_range(&text) {
                    prop_assert!(begin < end && total.is_none_or(|total| end <= total), "{}", text);
                }
            }
        }
    }
}
