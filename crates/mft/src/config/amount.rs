//! Amounts as people write them: `16MiB`, `10s`.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

/// A number of bytes, such as `16MiB`, `5G` or `65536`. `K`, `M`, `G` count in steps of 1024.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Bytes(pub(super) u64);

/// A time, such as `10`, `1.5s`, `500ms` or `2m`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Seconds(pub(super) Duration);

/// A text that is no amount.
#[derive(Debug)]
pub(super) struct NotAnAmount(&'static str);

impl fmt::Display for NotAnAmount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

impl FromStr for Bytes {
    type Err = NotAnAmount;

    fn from_str(text: &str) -> Result<Self, NotAnAmount> {
        let no = NotAnAmount("a number of bytes looks like 16MiB, 64K or 65536");
        let (digits, unit) = split(text, |letter| letter.is_ascii_digit());
        let factor: u64 = match unit.to_ascii_lowercase().as_str() {
            "" | "b" => 1,
            "k" | "kib" => 1 << 10,
            "m" | "mib" => 1 << 20,
            "g" | "gib" => 1 << 30,
            _ => return Err(no),
        };
        let number = digits.parse::<u64>().ok().and_then(|number| number.checked_mul(factor));
        number.map(Self).ok_or(no)
    }
}

impl FromStr for Seconds {
    type Err = NotAnAmount;

    fn from_str(text: &str) -> Result<Self, NotAnAmount> {
        let no = NotAnAmount("a time looks like 10s, 500ms or 2m");
        let (digits, unit) = split(text, |letter| letter.is_ascii_digit() || letter == '.');
        let factor = match unit {
            "" | "s" => 1.0,
            "ms" => 0.001,
            "m" | "min" => 60.0,
            "h" => 3600.0,
            _ => return Err(no),
        };
        let seconds = digits.parse::<f64>().ok().map(|number| number * factor);
        let time = seconds.and_then(|seconds| Duration::try_from_secs_f64(seconds).ok());
        time.map(Self).ok_or(no)
    }
}

fn split(text: &str, of_the_number: impl Fn(char) -> bool) -> (&str, &str) {
    let text = text.trim();
    let end = text.find(|letter| !of_the_number(letter)).unwrap_or(text.len());
    let (digits, unit) = text.split_at(end);
    (digits, unit.trim())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes() {
        for (text, bytes) in [
            ("0", Some(0)),
            ("65536", Some(65_536)),
            ("5 MiB", Some(5 << 20)),
            ("5m", Some(5 << 20)),
            ("1GiB", Some(1 << 30)),
            ("64k", Some(65_536)),
            ("", None),
            ("MiB", None),
            ("-1", None),
            ("1.5M", None),
            ("1T", None),
            ("99999999999999999999", None),
            ("18446744073709551615K", None),
        ] {
            assert_eq!(text.parse::<Bytes>().ok().map(|bytes| bytes.0), bytes, "{text:?}");
        }
    }

    #[test]
    fn times() {
        for (text, millis) in [
            ("10", Some(10_000)),
            ("1.5s", Some(1_500)),
            ("500 ms", Some(500)),
            ("2m", Some(120_000)),
            ("1h", Some(3_600_000)),
            ("0", Some(0)),
            ("-1", None),
            ("", None),
            ("1.2.3", None),
            ("9".repeat(40).as_str(), None),
            ("1d", None),
        ] {
            let time = text.parse::<Seconds>().ok().map(|time| time.0.as_millis());
            assert_eq!(time, millis, "{text:?}");
        }
    }
}
