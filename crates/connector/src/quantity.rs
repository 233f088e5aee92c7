//! Sizes and times as people write them: `16MiB`, `1.5h`.

use std::fmt;
use std::ops::RangeInclusive;
use std::time::Duration;

use crate::{Error, ErrorKind};

/// Reads a number of bytes: `65536`, `100k`, `1.5M`, `2GiB`. A unit is a power of 1024, in
/// letters of either case: `k`, `M`, `G` or `T`, with or without `B` or `iB` after it.
///
/// ```
/// use wharf_connector::quantity;
///
/// assert_eq!(quantity::bytes("16MiB"), Ok(16 << 20));
/// assert!(quantity::bytes("a lot").is_err());
/// ```
///
/// # Errors
///
/// [`NotAQuantity`], for what is no number of bytes, and for more than 2⁶⁴ of them.
pub fn bytes(text: &str) -> Result<u64, NotAQuantity> {
    let (number, unit) = split(text);
    let unit = unit.to_ascii_lowercase();
    let letter = unit.strip_suffix("ib").or_else(|| unit.strip_suffix('b')).unwrap_or(&unit);
    let factor = match letter {
        "" => 1_u64,
        "k" => 1 << 10,
        "m" => 1 << 20,
        "g" => 1 << 30,
        "t" => 1 << 40,
        _ => return Err(NO_BYTES),
    };
    if !number.contains('.') {
        let whole = number.parse::<u64>().ok();
        return whole.and_then(|whole| whole.checked_mul(factor)).ok_or(NO_BYTES);
    }
    let value = number.parse::<f64>().map_err(|_| NO_BYTES)? * factor as f64;
    if value < u64::MAX as f64 { Ok(value as u64) } else { Err(NO_BYTES) }
}

/// Reads a time: `10` (seconds), `500ms`, `1.5s`, `2m`, `12h`, `7d`, `2w`; a thousand years at
/// the most.
///
/// ```
/// use std::time::Duration;
/// use wharf_connector::quantity;
///
/// assert_eq!(quantity::time("500ms"), Ok(Duration::from_millis(500)));
/// assert!(quantity::time("soon").is_err());
/// ```
///
/// # Errors
///
/// [`NotAQuantity`], for what is none.
pub fn time(text: &str) -> Result<Duration, NotAQuantity> {
    let (number, unit) = split(text);
    let factor = match unit {
        "ms" => 0.001,
        "" | "s" => 1.0,
        "m" | "min" => 60.0,
        "h" => 3600.0,
        "d" => 86_400.0,
        "w" => 604_800.0,
        _ => return Err(NO_TIME),
    };
    let seconds = number.parse::<f64>().map_err(|_| NO_TIME)? * factor;
    let bounded = Some(seconds).filter(|seconds| *seconds <= LONGEST);
    bounded.and_then(|seconds| Duration::try_from_secs_f64(seconds).ok()).ok_or(NO_TIME)
}

/// Checks the number that a setting came to.
///
/// # Errors
///
/// `Invalid`, naming the setting and its bounds.
pub fn within(setting: &str, value: u64, bounds: RangeInclusive<u64>) -> crate::Result<()> {
    if bounds.contains(&value) {
        return Ok(());
    }
    let (least, most) = bounds.into_inner();
    let message = format!("the setting `{setting}` is {value}; it must be from {least} to {most}");
    Err(Error::new(ErrorKind::Invalid, message))
}

/// A text that is no quantity. It says what one looks like.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotAQuantity(&'static str);

impl fmt::Display for NotAQuantity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

impl std::error::Error for NotAQuantity {}

fn split(text: &str) -> (&str, &str) {
    let text = text.trim();
    let end = text.find(|letter: char| !(letter.is_ascii_digit() || letter == '.'));
    let (number, unit) = text.split_at(end.unwrap_or(text.len()));
    (number, unit.trim())
}

const NO_BYTES: NotAQuantity = NotAQuantity("a number of bytes looks like 65536, 100k or 1.5GiB");
const NO_TIME: NotAQuantity = NotAQuantity("a time looks like 10s, 500ms, 2m or 7d");

/// The calendar reaches further.
const LONGEST: f64 = 1000.0 * 366.0 * 86_400.0;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_bytes() {
        for (text, want) in [
            ("0", Some(0)),
            ("65536", Some(65_536)),
            ("18446744073709551615", Some(u64::MAX)),
            ("100k", Some(102_400)),
            ("5m", Some(5 << 20)),
            ("5 MiB", Some(5 << 20)),
            ("1.5M", Some(1_572_864)),
            ("2GiB", Some(2 << 30)),
            ("1T", Some(1 << 40)),
            ("", None),
            ("MiB", None),
            ("-1", None),
            ("1..2", None),
            ("1x", None),
            ("1.5", Some(1)),
            ("99999999T", None),
            ("16777216.0T", None),
            ("18446744073709551615K", None),
        ] {
            assert_eq!(bytes(text).ok(), want, "{text:?}");
        }
    }

    #[test]
    fn times() {
        for (text, millis) in [
            ("0", Some(0)),
            ("10", Some(10_000)),
            ("1ms", Some(1)),
            ("500 ms", Some(500)),
            ("1.5s", Some(1_500)),
            ("2m", Some(120_000)),
            ("1.5h", Some(5_400_000)),
            ("7d", Some(604_800_000)),
            ("2w", Some(1_209_600_000)),
            ("", None),
            ("d", None),
            ("-1", None),
            ("1.2.3", None),
            ("7 days", None),
            ("99999999w", None),
            ("9".repeat(400).as_str(), None),
        ] {
            assert_eq!(time(text).ok().map(|time| time.as_millis()), millis, "{text:?}");
        }
    }
}
