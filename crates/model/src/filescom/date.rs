//! Dates of Files.com.

use std::fmt;

use chrono::{DateTime, SecondsFormat, Utc};
use serde::de::{self, Deserializer, Visitor};
use serde::ser::Serializer;
use serde_with::{DeserializeAs, SerializeAs};

use crate::date::{DateError, parse_rfc3339};

/// Adapter for dates such as `2025-05-23T17:31:05Z`.
///
/// Files carry UTC, users and sessions the offset of their site, as in
/// `2025-05-23T20:51:16-04:00` (recorded answers). A date without a zone is read as UTC. For an
/// `Option`, null and the empty string mean none. It writes UTC with `Z`, and fractions of a
/// second only if there are any.
///
/// A number, or a text of digits, is read as the time since 1970: in milliseconds from 10^11 on
/// (the year 1973), else in seconds. Boomi's connector has such dates, and does not say of which
/// unit; the service itself was never seen to send one.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct Timestamp;

impl Timestamp {
    /// Reads a date in any of the forms above.
    ///
    /// # Errors
    ///
    /// [`DateError`] if the text is in none of these forms.
    pub fn parse(text: &str) -> Result<DateTime<Utc>, DateError> {
        match text.trim().parse().ok().and_then(since_1970) {
            Some(date) => Ok(date),
            None => parse_rfc3339(text),
        }
    }

    /// The form it writes.
    #[must_use]
    pub fn format(date: DateTime<Utc>) -> String {
        date.to_rfc3339_opts(SecondsFormat::AutoSi, true)
    }
}

impl<'de> DeserializeAs<'de, DateTime<Utc>> for Timestamp {
    fn deserialize_as<D: Deserializer<'de>>(deserializer: D) -> Result<DateTime<Utc>, D::Error> {
        deserializer.deserialize_any(DateVisitor)
    }
}

impl<'de> DeserializeAs<'de, Option<DateTime<Utc>>> for Timestamp {
    fn deserialize_as<D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Option<DateTime<Utc>>, D::Error> {
        deserializer.deserialize_option(OptionVisitor)
    }
}

impl SerializeAs<DateTime<Utc>> for Timestamp {
    fn serialize_as<S: Serializer>(date: &DateTime<Utc>, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(&Self::format(*date))
    }
}

impl SerializeAs<Option<DateTime<Utc>>> for Timestamp {
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
        Timestamp::parse(text).map_err(E::custom)
    }

    fn visit_i64<E: de::Error>(self, number: i64) -> Result<DateTime<Utc>, E> {
        let unexpected = de::Unexpected::Signed(number);
        since_1970(number).ok_or_else(|| E::invalid_value(unexpected, &self))
    }

    fn visit_u64<E: de::Error>(self, number: u64) -> Result<DateTime<Utc>, E> {
        let unexpected = de::Unexpected::Unsigned(number);
        let date = i64::try_from(number).ok().and_then(since_1970);
        date.ok_or_else(|| E::invalid_value(unexpected, &self))
    }
}

fn since_1970(number: i64) -> Option<DateTime<Utc>> {
    match number.unsigned_abs() < MILLISECONDS {
        true => DateTime::from_timestamp(number, 0),
        false => DateTime::from_timestamp_millis(number),
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
        deserializer.deserialize_any(self)
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Self::Value, E> {
        match text {
            "" => Ok(None),
            text => DateVisitor.visit_str(text).map(Some),
        }
    }

    fn visit_i64<E: de::Error>(self, number: i64) -> Result<Self::Value, E> {
        DateVisitor.visit_i64(number).map(Some)
    }

    fn visit_u64<E: de::Error>(self, number: u64) -> Result<Self::Value, E> {
        DateVisitor.visit_u64(number).map(Some)
    }
}

/// From here on a number counts milliseconds.
const MILLISECONDS: u64 = 100_000_000_000;
const EXPECTED: &str = "a date such as \"2025-05-23T17:31:05Z\"";

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn zones_and_fractions() {
        for (text, written) in [
            ("2025-05-23T17:31:05Z", "2025-05-23T17:31:05Z"),
            ("2025-05-23T20:51:16-04:00", "2025-05-24T00:51:16Z"),
            ("2023-02-06T09:28:32.761609850-08:00", "2023-02-06T17:28:32.761609850Z"),
            ("2026-11-21T23:31:27.715912", "2026-11-21T23:31:27.715912Z"),
            ("1714671900", "2024-05-02T17:45:00Z"),
            ("1714671900000", "2024-05-02T17:45:00Z"),
            ("0", "1970-01-01T00:00:00Z"),
        ] {
            assert_eq!(Timestamp::format(Timestamp::parse(text).unwrap()), written);
        }
        for text in ["", "example", "2025-05-23", "/Date(1)/"] {
            assert!(Timestamp::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn numbers_count_from_1970() {
        use serde_with::de::DeserializeAsWrap;
        let read = |json: &str| {
            serde_json::from_str::<DeserializeAsWrap<Option<DateTime<Utc>>, Timestamp>>(json)
                .map(|date| date.into_inner().map(Timestamp::format))
                .ok()
        };
        let date = Some(Some("2024-05-02T17:45:00Z".to_owned()));
        assert_eq!(read("1714671900"), date);
        assert_eq!(read("1714671900000"), date);
        assert_eq!(read("\"2024-05-02T13:45:00-04:00\""), date);
        assert_eq!((read("null"), read("\"\"")), (Some(None), Some(None)));
        assert_eq!((read("9223372036854775807"), read("1.5"), read("true")), (None, None, None));
    }

    proptest! {
        #[test]
        fn what_is_written_is_read(seconds in -62_135_596_800_i64..253_402_300_800, nanos in 0..1_000_000_000_u32) {
            let date = DateTime::from_timestamp(seconds, nanos).unwrap();
            prop_assert_eq!(Timestamp::parse(&Timestamp::format(date)), Ok(date));
        }

        #[test]
        fn never_panics(text in ".{0,40}", date in "[0-9]{4,6}-[0-9-]{0,6}[T ][0-9:.]{0,20}[-+Z0-9:]{0,7}") {
            let _ = Timestamp::parse(&text);
            let _ = Timestamp::parse(&date);
        }
    }
}
