//! Dates on the wire: `/Date(ms)/` as in the samples, RFC 3339 as in the schemas.

use chrono::{DateTime, NaiveDate, NaiveDateTime, SecondsFormat, Utc};
use serde::{Deserialize, Serialize};

/// Which of the two documented forms answers use.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum DateForm {
    /// `/Date(1337174868623)/`: what every printed sample shows.
    #[default]
    Slash,
    /// `2012-05-16T13:27:48.623Z`: what the schemas' `date-time` would mean.
    Rfc3339,
}

pub(crate) fn written(date: DateTime<Utc>, form: DateForm) -> String {
    match form {
        DateForm::Slash => format!("/Date({})/", date.timestamp_millis()),
        DateForm::Rfc3339 => date.to_rfc3339_opts(SecondsFormat::Millis, true),
    }
}

/// Reads a date of a form body in any form a client may think of; no zone means UTC.
pub(crate) fn read(text: &str) -> Option<DateTime<Utc>> {
    let text = text.trim();
    if let Some(inner) = text.strip_prefix("/Date(").and_then(|rest| rest.strip_suffix(")/")) {
        // An offset ("1337174868623+0200") says where, not when.
        let end = inner
            .char_indices()
            .skip(1)
            .find(|(_, c)| matches!(c, '+' | '-'))
            .map_or(inner.len(), |(at, _)| at);
        return DateTime::from_timestamp_millis(inner.get(..end)?.parse().ok()?);
    }
    if let Ok(date) = DateTime::parse_from_rfc3339(text) {
        return Some(date.with_timezone(&Utc));
    }
    if let Ok(date) = text.parse::<NaiveDateTime>() {
        return Some(date.and_utc());
    }
    let day = text.parse::<NaiveDate>().ok()?;
    Some(day.and_hms_opt(0, 0, 0)?.and_utc())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sample_date_is_written_as_printed() {
        let date = read("/Date(1337174868623)/").unwrap();
        assert_eq!(written(date, DateForm::Slash), "/Date(1337174868623)/");
        assert_eq!(written(date, DateForm::Rfc3339), "2012-05-16T13:27:48.623Z");
    }

    #[test]
    fn every_form_of_one_instant_reads_alike() {
        let expected = read("/Date(1337174868000)/");
        assert!(expected.is_some());
        for text in [
            "/Date(1337174868000+0200)/",
            "/Date(1337174868000-0700)/",
            "2012-05-16T13:27:48Z",
            "2012-05-16T15:27:48+02:00",
            "2012-05-16T13:27:48",
        ] {
            assert_eq!(read(text), expected, "{text}");
        }
        assert!(read("/Date(-1)/").unwrap().timestamp_millis() == -1);
        assert!(read("2012-05-16").is_some());
    }

    #[test]
    fn what_is_no_date_is_refused() {
        for text in ["", "/Date()/", "/Date(x)/", "yesterday", "/Date(99999999999999999999)/"] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
