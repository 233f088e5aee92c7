//! How long to wait and how often to repeat, as settings say it.

use std::sync::Arc;
use std::time::Duration;

use wharf_connector::quantity::within;
use wharf_connector::{Error, ErrorKind, Result, SettingSpec, Settings};
use wharf_transport::{Exchange, HttpExchange, RetryPolicy, Timeouts};

/// The manners of sending, of one account.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Manners {
    /// How long to wait for a sign of life.
    pub timeouts: Timeouts,
    /// How often and how long a request is repeated.
    pub retry: RetryPolicy,
    /// How long a connection may take to be made, if that was set.
    pub connect_timeout: Option<Duration>,
}

/// The settings that [`Manners`] are read from; a backend lists them beside its own.
pub const MANNERS: [SettingSpec; 7] = [
    SettingSpec::new("timeout", "how long to wait for a sign of life from the service")
        .default_value("60s"),
    SettingSpec::new("connect_timeout", "how long a connection may take to be made")
        .default_value("10s"),
    SettingSpec::new("retry_attempts", "how often a request is sent at most, 1 to 100")
        .default_value("5"),
    SettingSpec::new("retry_delay", "bound of the wait before the first repeat; it doubles")
        .default_value("250ms"),
    SettingSpec::new("retry_delay_limit", "bound of all waits that the service does not ask for")
        .default_value("20s"),
    SettingSpec::new("retry_time", "no repeat begins later than this after the first failure")
        .default_value("120s"),
    SettingSpec::new("retry_after_limit", "longest wait that the service may ask for")
        .default_value("60s"),
];

impl Manners {
    /// Reads the settings that [`MANNERS`] names; what is not set keeps its default.
    ///
    /// # Errors
    ///
    /// `Invalid` for a value that cannot be right.
    pub fn from_settings(settings: &Settings) -> Result<Self> {
        let (mut timeouts, mut retry) = (Timeouts::default(), RetryPolicy::default());
        if let Some(limit) = waiting(settings, "timeout")? {
            timeouts = timeouts.with_headers(limit).with_silence(limit);
        }
        set(&mut retry.attempts, settings.parse("retry_attempts")?);
        within("retry_attempts", u64::from(retry.attempts), 1..=MAX_ATTEMPTS)?;
        set(&mut retry.base_delay, settings.time("retry_delay")?);
        set(&mut retry.max_delay, settings.time("retry_delay_limit")?);
        set(&mut retry.total_time, settings.time("retry_time")?);
        set(&mut retry.max_retry_after, settings.time("retry_after_limit")?);
        Ok(Self { timeouts, retry, connect_timeout: waiting(settings, "connect_timeout")? })
    }

    /// The connections to use: those that are shared, or, with a
    /// [`connect_timeout`](Self::connect_timeout), some of the account's own.
    pub fn exchange(&self, shared: &Arc<dyn Exchange>) -> Arc<dyn Exchange> {
        match self.connect_timeout {
            None => shared.clone(),
            Some(limit) => Arc::new(HttpExchange::builder().connect_timeout(limit).build()),
        }
    }
}

fn set<T>(field: &mut T, value: Option<T>) {
    if let Some(value) = value {
        *field = value;
    }
}

/// A time of nothing would let every request fail.
fn waiting(settings: &Settings, name: &str) -> Result<Option<Duration>> {
    let time = settings.time(name)?;
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
        let told = MANNERS.iter().fold(Settings::new(), |settings, spec| {
            settings.with(spec.name, spec.default.unwrap())
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
}
