//! Times and durations as people write them.

use std::time::Duration;

use wharf::connector::chrono::{DateTime, SecondsFormat, Utc};

/// A time for people: `2026-11-01 09:30:12Z`, always UTC.
pub(crate) fn time(time: DateTime<Utc>) -> String {
    time.format("%Y-%m-%d %H:%M:%SZ").to_string()
}

/// A time for programs: RFC 3339, with as many digits as are known.
pub(crate) fn exact(time: DateTime<Utc>) -> String {
    time.to_rfc3339_opts(SecondsFormat::AutoSi, true)
}

/// A duration for people: `0.4 ms`, `12 ms`, `3.4 s`, `2 min 5 s`, `1 h 5 min`.
pub(crate) fn duration(duration: Duration) -> String {
    let seconds = duration.as_secs_f64();
    if seconds < 0.001 {
        format!("{:.1} ms", seconds * 1000.0)
    } else if seconds < 1.0 {
        format!("{:.0} ms", seconds * 1000.0)
    } else if seconds < 60.0 {
        format!("{seconds:.1} s")
    } else {
        rough(duration)
    }
}

/// A duration that is not over yet, for people: `45 s`, `2 min 5 s`, `1 h 5 min`.
pub(crate) fn rough(duration: Duration) -> String {
    let seconds = duration.as_secs();
    match (seconds / 3600, seconds / 60 % 60, seconds % 60) {
        (0, 0, seconds) => format!("{seconds} s"),
        (0, minutes, seconds) => format!("{minutes} min {seconds} s"),
        (hours, minutes, _) => format!("{hours} h {minutes} min"),
    }
}

/// A duration for programs, in seconds, with microseconds.
pub(crate) fn seconds(duration: Duration) -> f64 {
    duration.as_micros() as f64 / 1e6
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_and_durations() {
        let moment = DateTime::from_timestamp_millis(1_346_072_694_480).unwrap();
        assert_eq!(time(moment), "2012-08-27 13:04:54Z");
        assert_eq!(exact(moment), "2012-08-27T13:04:54.480Z");
        for (micros, want) in [
            (0, "0.0 ms"),
            (420, "0.4 ms"),
            (12_400, "12 ms"),
            (3_440_000, "3.4 s"),
            (125_000_000, "2 min 5 s"),
        ] {
            assert_eq!(duration(Duration::from_micros(micros)), want);
        }
        for (seconds, want) in [(0, "0 s"), (59, "59 s"), (125, "2 min 5 s"), (3900, "1 h 5 min")] {
            assert_eq!(rough(Duration::from_secs(seconds)), want);
        }
    }
}
