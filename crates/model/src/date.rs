//! Reading dates: what both services share, and the one error they report.

use std::fmt;

use chrono::{DateTime, NaiveDateTime, Utc};

/// A text that is no date in any form the service is known to send.
///
/// Printed with the beginning of the text, at most 40 characters of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DateError {
    text: Box<str>,
}

impl DateError {
    pub(crate) fn new(text: &str) -> Self {
        let shown: String = text.chars().take(SHOWN).collect();
        Self { text: shown.into() }
    }
}

impl fmt::Display for DateError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "not a date: {:?}", self.text)
    }
}

impl std::error::Error for DateError {}

/// Reads RFC 3339 with a zone, or the same form without one, which then means UTC.
pub(crate) fn parse_rfc3339(text: &str) -> Result<DateTime<Utc>, DateError> {
    // Far quicker than chrono's `FromStr`, which accepts more forms than either service sends.
    if let Ok(date) = DateTime::parse_from_rfc3339(text) {
        return Ok(date.to_utc());
    }
    ["%Y-%m-%dT%H:%M:%S%.f", "%Y-%m-%d %H:%M:%S%.f"]
        .iter()
        .find_map(|form| NaiveDateTime::parse_from_str(text, form).ok())
        .map(|date| date.and_utc())
        .ok_or_else(|| DateError::new(text))
}

/// How much of a refused text an error shows, in characters.
const SHOWN: usize = 40;
