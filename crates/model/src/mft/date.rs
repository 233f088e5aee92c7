//! Dates of MFT.

use std::fmt;

use chrono::{DateTime, Utc};
use serde::de::{self, Deserializer, Visitor};
use serde::ser::Serializer;
use serde_with::{DeserializeAs, SerializeAs};

use crate::date::{DateError, parse_rfc3339};

/// Adapter for dates such as `/Date(1337174868623)/`: milliseconds since 1970 in UTC.
///
/// Reads also a negative number, a suffix `+hhmm` or `-hhmm` (which tells the zone of the writer
/// and does not move the instant), and RFC 3339 with or without a zone, without one meaning UTC.
/// The samples show the first form, the schemas say `date-time` (Boomi: File Sharing API reference
/// 1.16, Root). For an `Option`, null and the empty string mean none. It writes `/Date(ms)/`, to
/// the millisecond.
///
/// As an adapter it serves `serde_with` in your own types:
///
/// ```
/// use serde_with::{DeserializeAs, de::DeserializeAsWrap};
/// use wharf_model::mft::SlashDate;
///
/// let date = SlashDate::parse("/Date(1337174868623+0200)/")?;
/// assert_eq!(date.to_rfc3339(), "2012-05-16T13:27:48.623+00:00");
/// assert_eq!(SlashDate::parse("2012-05-16T13:27:48.623")?, date);
///
/// let read: DeserializeAsWrap<chrono::DateTime<chrono::Utc>, SlashDate> =
///     serde_json::from_str(r#""\/Date(1337174868623)\/""#)?;
/// assert_eq!(read.into_inner(), date);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct SlashDate;

impl SlashDate {
    /// Reads a date in any of the forms above.
    ///
    /// # Errors
    ///
    /// [`DateError`] if the text is in none of these forms, or outside the years that
    /// [`DateTime`] can hold.
    pub fn parse(text: &str) -> Result<DateTime<Utc>, DateError> {
        match inner(text.as_bytes()) {
            Some(number) => parse_number(number).ok_or_else(|| DateError::new(text)),
            None => parse_rfc3339(text),
        }
    }

    /// The form it writes.
    #[must_use]
    pub fn format(date: DateTime<Utc>) -> String {
        format!("/Date({})/", date.timestamp_millis())
    }
}

/// What stands between `/Date(` and `)/`. The slashes may still wear the backslash of JSON, as
/// when the text was copied out of a document.
fn inner(text: &[u8]) -> Option<&[u8]> {
    let text = text.strip_prefix(b"\\").unwrap_or(text);
    let text = text.strip_prefix(b"/Date(")?;
    text.strip_suffix(b")/").or_else(|| text.strip_suffix(b")\\/"))
}

fn parse_number(text: &[u8]) -> Option<DateTime<Utc>> {
    let (negative, text) = match text {
        [b'-', text @ ..] => (true, text),
        text => (false, text),
    };
    let digits = text.iter().map(|byte| byte.wrapping_sub(b'0'));
    let (mut millis, mut len) = (0_i64, 0);
    // As many digits as never overflow; a further one is no zone.
    for digit in digits.take_while(|digit| *digit < 10).take(18) {
        millis = millis * 10 + i64::from(digit);
        len += 1;
    }
    if len == 0 || !is_zone(text.get(len..)?) {
        return None;
    }
    DateTime::from_timestamp_millis(if negative { -millis } else { millis })
}

/// The zone of the writer, which does not move the instant.
fn is_zone(text: &[u8]) -> bool {
    match text {
        [] => true,
        [b'+' | b'-', digits @ ..] => digits.len() == 4 && digits.iter().all(u8::is_ascii_digit),
        _ => false,
    }
}

impl<'de> DeserializeAs<'de, DateTime<Utc>> for SlashDate {
    fn deserialize_as<D: Deserializer<'de>>(deserializer: D) -> Result<DateTime<Utc>, D::Error> {
        deserializer.deserialize_str(DateVisitor)
    }
}

impl<'de> DeserializeAs<'de, Option<DateTime<Utc>>> for SlashDate {
    fn deserialize_as<D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Option<DateTime<Utc>>, D::Error> {
        deserializer.deserialize_option(OptionVisitor)
    }
}

impl SerializeAs<DateTime<Utc>> for SlashDate {
    fn serialize_as<S: Serializer>(date: &DateTime<Utc>, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(&format_args!("/Date({})/", date.timestamp_millis()))
    }
}

impl SerializeAs<Option<DateTime<Utc>>> for SlashDate {
    fn serialize_as<S: Serializer>(date: &Option<DateTime<Utc>>, to: S) -> Result<S::Ok, S::Error> {
        match date {
            Some(date) => Self::serialize_as(date, to),
            None => to.serialize_none(),
        }
    }
}

struct DateVisitor;

impl Visitor<'_> for DateVisitor {
    type Value = DateTime<Utc>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(EXPECTED)
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<DateTime<Utc>, E> {
        SlashDate::parse(text).map_err(E::custom)
    }
}

struct OptionVisitor;

impl<'de> Visitor<'de> for OptionVisitor {
    type Value = Option<DateTime<Utc>>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{EXPECTED}, an empty string or null")
    }

    fn visit_none<E: de::Error>(self) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_unit<E: de::Error>(self) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_str(self)
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Self::Value, E> {
        match text {
            "" => Ok(None),
            text => DateVisitor.visit_str(text).map(Some),
        }
    }
}

const EXPECTED: &str = "a date such as \"/Date(1337174868623)/\"";

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_with::de::DeserializeAsWrap;

    use super::*;

    type Read = DeserializeAsWrap<Option<DateTime<Utc>>, SlashDate>;

    fn millis(json: &str) -> Option<Option<i64>> {
        let read = serde_json::from_str::<Read>(json).ok()?;
        Some(read.into_inner().map(|date| date.timestamp_millis()))
    }

    #[test]
    fn every_form() {
        for (json, expected) in [
            (r#""/Date(1337174868623)/""#, Some(1_337_174_868_623)),
            (r#""\/Date(1337174868623)\/""#, Some(1_337_174_868_623)),
            (r#""\\/Date(7)\\/""#, Some(7)),
            (r#""/Date(-62135596800000)/""#, Some(-62_135_596_800_000)),
            (r#""/Date(1337174868623+0200)/""#, Some(1_337_174_868_623)),
            (r#""/Date(-5-0930)/""#, Some(-5)),
            (r#""2012-05-16T13:27:48.623Z""#, Some(1_337_174_868_623)),
            (r#""2012-05-16T15:27:48.623+02:00""#, Some(1_337_174_868_623)),
            (r#""2012-05-16T13:27:48.623""#, Some(1_337_174_868_623)),
            (r#""2012-05-16T13:27:48""#, Some(1_337_174_868_000)),
            (r#""2012-05-16 13:27:48""#, Some(1_337_174_868_000)),
            (r#""""#, None),
            ("null", None),
        ] {
            assert_eq!(millis(json), Some(expected), "{json}");
        }
    }

    #[test]
    fn anything_else_is_refused() {
        for text in [
            "/Date()/",
            "/Date(x)/",
            "/Date(1",
            "/Date(1)",
            "/Date(+1)/",
            "/Date(--1)/",
            "/Date(1.5)/",
            "/Date(1+200)/",
            "/Date(1+02000)/",
            "/Date(1+02:0)/",
            "/Date(1 )/",
            "Date(1)",
            "/Date(99999999999999999999)/",
            "/Date(9223372036854775807)/",
            "yesterday",
            "2012-13-01T00:00:00",
        ] {
            let error = SlashDate::parse(text).unwrap_err();
            assert!(error.to_string().contains(text), "{error}");
            assert_eq!(millis(&format!("{text:?}")), None, "{text}");
        }
        assert_eq!(millis("5"), None);
    }

    #[test]
    fn a_long_text_is_shortened() {
        let error = SlashDate::parse(&"é".repeat(1000)).unwrap_err();
        assert!(error.to_string().len() < 120);
    }

    proptest! {
        #[test]
        fn what_is_written_is_read(millis in -62_135_596_800_000_i64..253_402_300_800_000) {
            let date = DateTime::from_timestamp_millis(millis).unwrap();
            prop_assert_eq!(SlashDate::parse(&SlashDate::format(date)), Ok(date));
            prop_assert_eq!(SlashDate::parse(&date.to_rfc3339()), Ok(date));
            prop_assert_eq!(SlashDate::parse(&date.naive_utc().format("%FT%T%.3f").to_string()), Ok(date));
        }

        #[test]
        fn never_panics(text in ".{0,40}", inside in "[-+0-9]{0,25}") {
            let _ = SlashDate::parse(&text);
            let _ = SlashDate::parse(&format!("/Date({inside})/"));
        }
    }
}
