//! How long to wait and how often to repeat, as settings say it.

use std::time::Duration;

use wharf_connector::quantity::within;
use wharf_connector::{ErrorKind, Settings};
use wharf_transport::{RetryPolicy, Timeouts};

use super::{set, told};
use crate::error::{Error, Result};

/// The manners of sending, of one account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Manners {
    pub(crate) timeouts: Timeouts,
    pub(crate) retry: RetryPolicy,
    /// Only if it was set: then the account has connections of its own.
    pub(crate) connect_timeout: Option<Duration>,
}

impl Manners {
    /// Reads the settings that [`SETTINGS`](super::SETTINGS) names.
    pub(crate) fn from_settings(settings: &Settings) -> Result<Self> {
        let (mut timeouts, mut retry) = (Timeouts::default(), RetryPolicy::default());
        if let Some(limit) = waiting(settings, "timeout")? {
            timeouts = timeouts.with_headers(limit).with_silence(limit);
        }
        set(&mut retry.attempts, told(settings.parse("retry_attempts"))?);
        told(within("retry_attempts", u64::from(retry.attempts), 1..=MAX_ATTEMPTS))?;
        set(&mut retry.base_delay, told(settings.time("retry_delay"))?);
        set(&mut retry.max_delay, told(settings.time("retry_delay_limit"))?);
        set(&mut retry.total_time, told(settings.time("retry_time"))?);
        set(&mut retry.max_retry_after, told(settings.time("retry_after_limit"))?);
        Ok(Self { timeouts, retry, connect_timeout: waiting(settings, "connect_timeout")? })
    }
}

/// A time of nothing would let every request fail.
fn waiting(settings: &Settings, name: &str) -> Result<Option<Duration>> {
    let time = told(settings.time(name))?;
    if time.is_some_and(|time| time.is_zero()) {
        let message = format!("the setting `{name}` is 0, and then nothing has time to answer");
        return Err(Error::new(ErrorKind::Invalid, message));
    }
    Ok(time)
}

const MAX_ATTEMPTS: u64 = 100;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_set_stays_as_it_is() {
        let manners = Manners::from_settings(&Settings::new()).unwrap();
        assert_eq!(manners.timeouts, Timeouts::default());
        assert_eq!(manners.retry, RetryPolicy::default());
        assert_eq!(manners.connect_timeout, None);
    }

    #[test]
    fn the_defaults_told_are_those_that_count() {
        let told = NAMES.iter().fold(Settings::new(), |settings, name| {
            let spec = crate::SETTINGS.iter().find(|spec| spec.name == *name).unwrap();
            settings.with(*name, spec.default.unwrap())
        });
        let mut manners = Manners::from_settings(&told).unwrap();
        assert_eq!(manners.connect_timeout.take(), Some(Duration::from_secs(10)));
        assert_eq!(manners, Manners::from_settings(&Settings::new()).unwrap());
    }

    #[test]
    fn each_is_read_and_checked() {
        let settings = Settings::new()
            .with("timeout", "500ms")
            .with("connect_timeout", "2")
            .with("retry_attempts", "3")
            .with("retry_delay", "5ms")
            .with("retry_delay_limit", "1s")
            .with("retry_time", "0")
            .with("retry_after_limit", "2m");
        let manners = Manners::from_settings(&settings).unwrap();
        assert_eq!(manners.timeouts.headers, Duration::from_millis(500));
        assert_eq!(manners.timeouts.silence, Duration::from_millis(500));
        assert_eq!(manners.connect_timeout, Some(Duration::from_secs(2)));
        assert_eq!(manners.retry.attempts, 3);
        assert_eq!(manners.retry.base_delay, Duration::from_millis(5));
        assert_eq!(manners.retry.max_delay, Duration::from_secs(1));
        assert_eq!(manners.retry.total_time, Duration::ZERO);
        assert_eq!(manners.retry.max_retry_after, Duration::from_secs(120));
        for (name, value) in [
            ("timeout", "0"),
            ("timeout", "soon"),
            ("connect_timeout", "0s"),
            ("retry_attempts", "0"),
            ("retry_attempts", "101"),
            ("retry_attempts", "-1"),
            ("retry_delay", "-1"),
        ] {
            let error = Manners::from_settings(&Settings::new().with(name, value)).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Invalid, "{name}={value}");
            assert!(error.to_string().contains(name), "{error}");
        }
    }

    const NAMES: [&str; 7] = [
        "timeout",
        "connect_timeout",
        "retry_attempts",
        "retry_delay",
        "retry_delay_limit",
        "retry_time",
        "retry_after_limit",
    ];
}
