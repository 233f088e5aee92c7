//! Reading from a signed address when it ends.

use std::fmt;

use chrono::{DateTime, NaiveDateTime, TimeDelta, Utc};

use crate::date::parse_rfc3339;

/// When a signed address for uploading or downloading ends.
///
/// Knows the storages of Amazon (`X-Amz-Date` and `X-Amz-Expires`), Google (`X-Goog-...`) and
/// Microsoft (`se`, also inside `sp` as official test data has it), and Files.com's own
/// (`X-Files-...`). A transfer that has begun may go on after that moment.
///
/// # Errors
///
/// [`ExpiryError`] if the address is not signed in one of these ways, or its values are repeated
/// or make no sense. It never holds the address, which is a secret.
///
/// ```
/// use wharf_model::filescom::expires_at;
///
/// let address = "https://s3.amazonaws.com/b/k?X-Amz-Date=20230113T194513Z&X-Amz-Expires=60";
/// assert_eq!(expires_at(address)?.to_rfc3339(), "2023-01-13T19:46:13+00:00");
/// # Ok::<(), wharf_model::filescom::ExpiryError>(())
/// ```
pub fn expires_at(address: &str) -> Result<DateTime<Utc>, ExpiryError> {
    let query = Query::of(address)?;
    for (date, life) in DATE_AND_LIFE {
        match (query.value(date)?, query.value(life)?) {
            (Some(date), Some(life)) => return date_and_life(&date, &life),
            (None, None) => {}
            _ => return Err(ExpiryError::Malformed),
        }
    }
    if let Some(end) = query.value("se")? {
        return point(&end).ok_or(ExpiryError::Malformed);
    }
    match query.value("sp")? {
        Some(held) => held
            .split('&')
            .find_map(|pair| pair.strip_prefix("se="))
            .and_then(point)
            .ok_or(ExpiryError::Malformed),
        None => Err(ExpiryError::NotSigned),
    }
}

fn date_and_life(date: &str, life: &str) -> Result<DateTime<Utc>, ExpiryError> {
    let seconds: u32 = life.parse().map_err(|_| ExpiryError::Malformed)?;
    point(date)
        .and_then(|date| date.checked_add_signed(TimeDelta::seconds(seconds.into())))
        .ok_or(ExpiryError::Malformed)
}

/// `20060102T150405Z`, or RFC 3339, which is what Microsoft writes.
fn point(text: &str) -> Option<DateTime<Utc>> {
    NaiveDateTime::parse_from_str(text, "%Y%m%dT%H%M%SZ")
        .map(|date| date.and_utc())
        .or_else(|_| parse_rfc3339(text))
        .ok()
}

/// Why it cannot be told when an address ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum ExpiryError {
    /// It is not signed in a known way.
    NotSigned,
    /// A value is there more than once.
    Repeated,
    /// A value is missing, or makes no sense.
    Malformed,
}

impl fmt::Display for ExpiryError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NotSigned => "the address is not signed in a known way",
            Self::Repeated => "the address says more than once when it ends",
            Self::Malformed => "the address does not say properly when it ends",
        })
    }
}

impl std::error::Error for ExpiryError {}

/// The pairs of an address's query, still encoded.
struct Query<'a>(Vec<(&'a str, &'a str)>);

impl<'a> Query<'a> {
    fn of(address: &'a str) -> Result<Self, ExpiryError> {
        let address = address.split_once('#').map_or(address, |(address, _)| address);
        let Some((_, query)) = address.split_once('?') else {
            return Err(ExpiryError::NotSigned);
        };
        query
            .split('&')
            .map(|pair| match pair {
                // The published vectors want two `&` in a row refused.
                "" => Err(ExpiryError::Malformed),
                pair => Ok(pair.split_once('=').unwrap_or((pair, ""))),
            })
            .collect::<Result<_, _>>()
            .map(Self)
    }

    fn value(&self, name: &str) -> Result<Option<String>, ExpiryError> {
        let mut values = self.0.iter().filter(|(known, _)| known.eq_ignore_ascii_case(name));
        match (values.next(), values.next()) {
            (Some((_, value)), None) => decode(value).map(Some).ok_or(ExpiryError::Malformed),
            (None, _) => Ok(None),
            (Some(_), Some(_)) => Err(ExpiryError::Repeated),
        }
    }
}

/// Resolves percent-encoding.
fn decode(value: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(value.len());
    let mut rest = value;
    while let Some((before, after)) = rest.split_once('%') {
        bytes.extend_from_slice(before.as_bytes());
        bytes.push(u8::from_str_radix(after.get(..2)?, 16).ok()?);
        rest = after.get(2..)?;
    }
    bytes.extend_from_slice(rest.as_bytes());
    String::from_utf8(bytes).ok()
}

const DATE_AND_LIFE: [(&str, &str); 3] = [
    ("X-Amz-Date", "X-Amz-Expires"),
    ("X-Files-Date", "X-Files-Expires"),
    ("X-Goog-Date", "X-Goog-Expires"),
];

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[derive(serde::Deserialize)]
    struct Vectors {
        substitute_urls: Vec<String>,
        error_urls: Vec<String>,
    }

    fn vectors() -> Vectors {
        let vectors = include_str!("../../fixtures/filescom/download_url_expiry_vectors.json");
        serde_json::from_str(vectors).unwrap()
    }

    #[test]
    fn published_vectors() {
        let expected = "2022-01-01T12:15:00+00:00";
        for address in vectors().substitute_urls {
            // Two places are a beginning and seconds, one is the end.
            let filled = if address.matches("%s").count() == 2 {
                address.replacen("%s", "20220101T120000Z", 1).replacen("%s", "900", 1)
            } else {
                address.replacen("%s", "20220101T121500Z", 1)
            };
            assert_eq!(
                expires_at(&filled).map(|at| at.to_rfc3339()).as_deref(),
                Ok(expected),
                "{filled}"
            );
        }
        for address in vectors().error_urls {
            assert!(expires_at(&address).is_err(), "{address}");
        }
    }

    #[test]
    fn other_forms() {
        for (query, expected) in [
            ("x-files-expires=180&X-Files-Date=20220101T120000Z#f", Ok(180)),
            ("sp=r&se=2022-01-01T12%3A00%3A07Z&sig=x", Ok(7)),
            ("X-Amz-Date=20220101T120000Z&X-Amz-Expires=-1", Err(ExpiryError::Malformed)),
            ("X-Amz-Date=20220101T120000Z&X-Amz-Expires=%3", Err(ExpiryError::Malformed)),
            ("X-Amz-Date=a&X-Amz-Date=b&X-Amz-Expires=1", Err(ExpiryError::Repeated)),
            ("a=b", Err(ExpiryError::NotSigned)),
        ] {
            let found = expires_at(&format!("https://h/p?{query}"));
            let base = point("20220101T120000Z").unwrap();
            assert_eq!(found.map(|at| (at - base).num_seconds()), expected, "{query}");
        }
        assert_eq!(expires_at("example"), Err(ExpiryError::NotSigned));
    }

    proptest! {
        #[test]
        fn never_panics(text in "\\PC{0,30}", query in "[%&=?#a-zA-Z0-9-]{0,40}") {
            let _ = expires_at(&text);
            let _ = expires_at(&format!("h?X-Amz-Date={text}&X-Amz-Expires={query}"));
        }
    }
}
