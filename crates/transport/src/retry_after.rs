//! The header `Retry-After`: seconds or a date, the first of several values, garbage ignored.

use std::time::{Duration, SystemTime};

use http::HeaderMap;
use http::header::{DATE, RETRY_AFTER};

/// How long an answer asks to wait.
///
/// A date is taken relative to the answer's own `Date`, so that a clock that differs from the
/// server's does no harm; without one, relative to `now`. A date in the past is no wait.
pub(crate) fn parse(headers: &HeaderMap, now: SystemTime) -> Option<Duration> {
    let text = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) {
        // More digits than a number holds is a wait beyond any ceiling, not a missing header.
        return Some(Duration::from_secs(text.parse().unwrap_or(u64::MAX)));
    }
    let until = httpdate::parse_http_date(text).ok()?;
    let from = headers
        .get(DATE)
        .and_then(|date| httpdate::parse_http_date(date.to_str().ok()?).ok())
        .unwrap_or(now);
    Some(until.duration_since(from).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::HeaderValue;
    use proptest::prelude::*;

    /// Headers, the clock in seconds since 1970, and the expected wait in seconds. The first
    /// seven are the test vectors that the Files.com SDKs share ("%s" being a date 8 s ahead);
    /// the SDKs ignore what is above their ceiling of 10 s, which here is the loop's task.
    #[test]
    fn vectors() {
        let date =
            |secs| httpdate::fmt_http_date(SystemTime::UNIX_EPOCH + Duration::from_secs(secs));
        let (now, ahead) = (date(1_000_000), date(1_000_008));
        for (values, server_date, wait) in [
            (vec![], None, None),
            (vec!["aaaaaa"], None, None),
            (vec!["5"], None, Some(5)),
            (vec!["60"], None, Some(60)),
            (vec!["5", "10"], None, Some(5)),
            (vec!["5", "aaaaaa"], None, Some(5)),
            (vec![ahead.as_str()], None, Some(8)),
            (vec!["aaaaaa", "5"], None, None),
            (vec![" 5 "], None, Some(5)),
            (vec!["0"], None, Some(0)),
            (vec![""], None, None),
            (vec!["-5"], None, None),
            (vec!["+5"], None, None),
            (vec!["1.5"], None, None),
            (vec!["1e3"], None, None),
            (vec!["99999999999999999999999"], None, Some(u64::MAX)),
            (vec!["Thu, 99 Foo 2020 00:00:00 GMT"], None, None),
            (vec!["Thu, 01 Jan 1970 00:00:00 GMT"], None, Some(0)),
            (vec![ahead.as_str()], Some(date(1_000_005)), Some(3)),
            (vec![ahead.as_str()], Some("nonsense".into()), Some(8)),
            (vec![ahead.as_str()], Some(date(2_000_000)), Some(0)),
            (vec!["7"], Some(now.clone()), Some(7)),
        ] {
            let mut headers = HeaderMap::new();
            for value in &values {
                headers.append(RETRY_AFTER, HeaderValue::from_str(value).unwrap());
            }
            if let Some(date) = server_date {
                headers.insert(DATE, HeaderValue::from_str(&date).unwrap());
            }
            let clock = SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000);
            assert_eq!(parse(&headers, clock), wait.map(Duration::from_secs), "{values:?}");
        }
    }

    fn parsed(value: &[u8], server: Option<u64>, now: u64) -> Option<Duration> {
        let mut headers = HeaderMap::new();
        headers.insert(RETRY_AFTER, HeaderValue::from_bytes(value).ok()?);
        if let Some(server) = server {
            headers.insert(DATE, HeaderValue::from_str(&date(server)).unwrap());
        }
        parse(&headers, SystemTime::UNIX_EPOCH + Duration::from_secs(now))
    }

    fn date(secs: u64) -> String {
        httpdate::fmt_http_date(SystemTime::UNIX_EPOCH + Duration::from_secs(secs))
    }

    /// The last second that a date of HTTP can name: the end of the year 9999.
    const LAST: u64 = 253_402_300_799;

    proptest! {
        #[test]
        fn whole_seconds_are_taken_as_they_are(digits in "[0-9]{1,30}", now in 0..LAST) {
            let expected = digits.parse().unwrap_or(u64::MAX);
            prop_assert_eq!(parsed(digits.as_bytes(), None, now), Some(Duration::from_secs(expected)));
        }

        #[test]
        fn a_date_is_a_distance_from_the_answer(at in 0..LAST, server in 0..LAST, now in 0..LAST) {
            let wait = |from| Some(Duration::from_secs(at.saturating_sub(from)));
            let text = date(at);
            prop_assert_eq!(parsed(text.as_bytes(), Some(server), now), wait(server), "our clock counts");
            prop_assert_eq!(parsed(text.as_bytes(), None, now), wait(now));
        }

        #[test]
        fn anything_else_is_no_wait(
            value in proptest::collection::vec(any::<u8>(), 0..40), text in "[-+ .,:0-9A-Za-z]{0,32}",
        ) {
            for value in [&value, text.as_bytes()] {
                let wait = parsed(value, None, 0);
                let known = value.trim_ascii().iter().all(u8::is_ascii_digit)
                    || std::str::from_utf8(value).is_ok_and(|value| {
                        httpdate::parse_http_date(value.trim()).is_ok()
                    });
                prop_assert!(wait.is_none() || known, "{:?}: {:?}", value, wait);
            }
        }
    }
}
