//! How long to wait before a repeat, and when to stop: arithmetic only, chance passed in.

use std::time::Duration;

use tokio::time::Instant;

/// How often and how long a call is repeated. A value; the loop that obeys it is the only one.
///
/// The wait before repeat *n* is a random part of `base_delay · 2ⁿ⁻¹`, at most of `max_delay`
/// ("full jitter"), unless the service asked for a time of its own.
///
/// ```
/// use std::time::Duration;
/// use wharf_transport::RetryPolicy;
///
/// let policy = RetryPolicy::default().with_attempts(3).with_total_time(Duration::from_secs(30));
/// assert_eq!(policy.attempts, 3);
/// assert_eq!(RetryPolicy::none().attempts, 1);
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct RetryPolicy {
    /// How often a request is sent at most, the first time included. Default 5.
    pub attempts: u32,
    /// No repeat begins later than this after the first failure. A running attempt is never cut by
    /// it, and the first one does not count: a large upload may take longer and may still be
    /// repeated when it breaks. Default 2 minutes.
    pub total_time: Duration,
    /// The bound of the first wait. Default 250 ms.
    pub base_delay: Duration,
    /// The bound of every wait of our own. Default 20 s.
    pub max_delay: Duration,
    /// The longest wait a service may ask for; beyond it the call fails and says so. Default 60 s.
    pub max_retry_after: Duration,
}

/// What to do after a failure that may be repeated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Plan {
    Wait(Duration),
    GiveUp(Reason),
}

/// Why there is no further attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reason {
    Attempts,
    TotalTime { limit: Duration },
    AskedTooLong { asked: Duration, limit: Duration },
}

/// When a time is over. One that no clock reaches is over in some years.
pub(crate) fn after(from: Instant, limit: Duration) -> Instant {
    from.checked_add(limit).unwrap_or_else(|| from + YEARS)
}

const YEARS: Duration = Duration::from_secs(30 * 365 * 24 * 60 * 60);

impl RetryPolicy {
    /// One attempt and no repeat.
    pub fn none() -> Self {
        Self::default().with_attempts(1)
    }

    /// Sets [`attempts`](Self::attempts); 0 counts as 1.
    #[must_use]
    pub fn with_attempts(mut self, attempts: u32) -> Self {
        self.attempts = attempts.max(1);
        self
    }

    /// Sets [`total_time`](Self::total_time).
    #[must_use]
    pub fn with_total_time(mut self, limit: Duration) -> Self {
        self.total_time = limit;
        self
    }

    /// Sets [`base_delay`](Self::base_delay) and [`max_delay`](Self::max_delay).
    #[must_use]
    pub fn with_delays(mut self, base: Duration, max: Duration) -> Self {
        self.base_delay = base;
        self.max_delay = max;
        self
    }

    /// Sets [`max_retry_after`](Self::max_retry_after).
    #[must_use]
    pub fn with_max_retry_after(mut self, limit: Duration) -> Self {
        self.max_retry_after = limit;
        self
    }

    /// What follows the failure number `failures` (from 1), `elapsed` after the first one, when
    /// the service asked for `asked`, with `chance` between 0 and 1.
    pub(crate) fn plan(
        &self,
        failures: u32,
        elapsed: Duration,
        asked: Option<Duration>,
        chance: f64,
    ) -> Plan {
        if failures >= self.attempts {
            return Plan::GiveUp(Reason::Attempts);
        }
        // A wait of nothing (a date in the past, say) is no reason to hurry more than without it.
        let delay = match asked.filter(|asked| !asked.is_zero()) {
            Some(asked) if asked > self.max_retry_after => {
                let limit = self.max_retry_after;
                return Plan::GiveUp(Reason::AskedTooLong { asked, limit });
            }
            Some(asked) => asked,
            None => self.delay(failures, chance),
        };
        match elapsed.checked_add(delay) {
            Some(then) if then <= self.total_time => Plan::Wait(delay),
            _ => Plan::GiveUp(Reason::TotalTime { limit: self.total_time }),
        }
    }

    /// Our own wait after so many failures: full jitter below an exponential bound.
    pub(crate) fn delay(&self, failures: u32, chance: f64) -> Duration {
        let factor = 1_u32.checked_shl(failures.saturating_sub(1)).unwrap_or(u32::MAX);
        let bound = self.base_delay.saturating_mul(factor).min(self.max_delay);
        bound.mul_f64(if chance.is_nan() { 0.0 } else { chance.clamp(0.0, 1.0) })
    }
}

impl Default for RetryPolicy {
    fn default() -> Self {
        Self {
            attempts: 5,
            total_time: Duration::from_secs(120),
            base_delay: Duration::from_millis(250),
            max_delay: Duration::from_secs(20),
            max_retry_after: Duration::from_secs(60),
        }
    }
}

impl std::fmt::Display for Reason {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Attempts => f.write_str("the last attempt was used"),
            Self::TotalTime { limit } => {
                write!(
                    f,
                    "another attempt would begin after the {:.1} s allowed for repeats",
                    limit.as_secs_f64()
                )
            }
            Self::AskedTooLong { asked, limit } => write!(
                f,
                "it asks to wait {} s, more than the {:.1} s allowed",
                asked.as_secs(),
                limit.as_secs_f64()
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MS: fn(u64) -> Duration = Duration::from_millis;

    #[test]
    fn own_delays_double_up_to_the_bound_and_are_scaled_by_chance() {
        let policy = RetryPolicy::default();
        for (failures, chance, delay) in [
            (1, 1.0, 250),
            (2, 1.0, 500),
            (3, 1.0, 1_000),
            (4, 0.5, 1_000),
            (7, 1.0, 16_000),
            (8, 1.0, 20_000),
            (40, 1.0, 20_000),
            (u32::MAX, 1.0, 20_000),
            (3, 0.0, 0),
            (3, f64::NAN, 0),
            (3, 7.0, 1_000),
            (3, -1.0, 0),
        ] {
            assert_eq!(policy.delay(failures, chance), MS(delay), "{failures} {chance}");
        }
    }

    #[test]
    fn plans_stay_within_attempts_time_and_ceiling() {
        let policy = RetryPolicy::default();
        let total = Plan::GiveUp(Reason::TotalTime { limit: policy.total_time });
        let asked = |secs| Some(Duration::from_secs(secs));
        let too_long = |secs| {
            let (asked, limit) = (Duration::from_secs(secs), policy.max_retry_after);
            Plan::GiveUp(Reason::AskedTooLong { asked, limit })
        };
        for (failures, elapsed, wanted, plan) in [
            (1, 0, None, Plan::Wait(MS(250))),
            (4, 0, None, Plan::Wait(MS(2_000))),
            (5, 0, None, Plan::GiveUp(Reason::Attempts)),
            (1, 119_750, None, Plan::Wait(MS(250))),
            (1, 119_751, None, total),
            (1, 0, asked(2), Plan::Wait(MS(2_000))),
            (1, 0, asked(0), Plan::Wait(MS(250))),
            (1, 0, asked(60), Plan::Wait(MS(60_000))),
            (1, 0, asked(61), too_long(61)),
            (1, 0, asked(u64::MAX), too_long(u64::MAX)),
            (5, 0, asked(61), Plan::GiveUp(Reason::Attempts)),
            (1, 90_000, asked(60), total),
        ] {
            assert_eq!(
                policy.plan(failures, MS(elapsed), wanted, 1.0),
                plan,
                "{failures} {elapsed} {wanted:?}"
            );
        }
    }
}
