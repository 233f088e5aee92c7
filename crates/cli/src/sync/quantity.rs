//! Sizes and ages as people write them: `1.5M`, `7d`.

use std::time::Duration;

/// A number of bytes: `200`, `100k`, `1.5M`, `2GiB`. A unit is a power of 1024.
pub(crate) fn bytes(text: &str) -> Result<u64, String> {
    let (number, unit) = split(text);
    let unit = unit.to_ascii_lowercase();
    let letter = unit.strip_suffix("ib").or_else(|| unit.strip_suffix('b')).unwrap_or(&unit);
    let power = match letter {
        "" => 0,
        "k" => 1,
        "m" => 2,
        "g" => 3,
        "t" => 4,
        _ => return Err("write bytes, or a number with k, M, G or T".to_owned()),
    };
    let value = number.parse::<f64>().ok().filter(|value| value.is_finite());
    let value = value.ok_or("this is no number of bytes")? * 1024f64.powi(power);
    if value >= u64::MAX as f64 {
        return Err("so many bytes nobody has".to_owned());
    }
    Ok(value as u64)
}

/// A duration: `90s`, `30m`, `12h`, `7d`, `2w`; `500ms` for what is short.
pub(crate) fn duration(text: &str) -> Result<Duration, String> {
    let (number, unit) = split(text);
    let seconds = match unit {
        "ms" => 0.001,
        "s" => 1.0,
        "m" => 60.0,
        "h" => 3600.0,
        "d" => 86_400.0,
        "w" => 604_800.0,
        _ => return Err("write a number with s, m, h, d or w, as 7d".to_owned()),
    };
    let value = number.parse::<f64>().map_err(|_| "this is no length of time")?;
    let bounded = Some(value * seconds).filter(|seconds| *seconds <= LONGEST);
    bounded
        .and_then(|seconds| Duration::try_from_secs_f64(seconds).ok())
        .ok_or_else(|| "this is no length of time".to_owned())
}

fn split(text: &str) -> (&str, &str) {
    let end = text.find(|letter: char| !(letter.is_ascii_digit() || letter == '.'));
    text.split_at(end.unwrap_or(text.len()))
}

/// A thousand years: the calendar reaches further.
const LONGEST: f64 = 1000.0 * 366.0 * 86_400.0;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantities_are_read() {
        for (text, want) in
            [("0", 0), ("200", 200), ("100k", 102_400), ("1.5M", 1_572_864), ("2GiB", 2 << 30)]
        {
            assert_eq!(bytes(text), Ok(want), "{text}");
        }
        for (text, want) in [("90s", 90_000), ("1.5h", 5_400_000), ("7d", 604_800_000), ("1ms", 1)]
        {
            assert_eq!(duration(text), Ok(Duration::from_millis(want)), "{text}");
        }
    }

    #[test]
    fn what_is_none_is_refused() {
        for text in ["", "k", "1x", "-1", "1..2", "99999999T", "1 M"] {
            assert!(bytes(text).is_err(), "{text}");
        }
        for text in ["", "7", "d", "-1d", "7 days", "99999999w"] {
            assert!(duration(text).is_err(), "{text}");
        }
    }
}
