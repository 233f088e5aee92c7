//! The sandbox's clock: the system's, shifted or stopped at will.

use std::sync::{Arc, Mutex, PoisonError};

use chrono::{DateTime, SubsecRound, TimeDelta, Utc};
use tokio::time::Instant;

/// A settable clock. Clones share the same time.
///
/// Everything the sandbox dates or lets expire asks this clock: sessions, pre-signed
/// addresses, modification times. It runs with the system clock until it is frozen.
///
/// ```
/// use chrono::TimeDelta;
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> std::io::Result<()> {
/// let sandbox = wharf_sandbox::Sandbox::start().await?;
/// let clock = sandbox.clock();
/// clock.freeze();
/// let before = clock.now();
/// clock.advance(TimeDelta::minutes(15));
/// assert_eq!(clock.now() - before, TimeDelta::minutes(15));
/// # Ok(()) }
/// ```
#[derive(Debug, Clone, Default)]
pub struct Clock {
    state: Arc<Mutex<State>>,
}

#[derive(Debug, Clone, Copy)]
enum State {
    /// Runs with the runtime's own time, so that a test that pauses it pauses this clock too.
    Running {
        from: DateTime<Utc>,
        since: Instant,
    },
    Frozen(DateTime<Utc>),
}

impl Clock {
    /// The time now, in UTC.
    #[must_use]
    pub fn now(&self) -> DateTime<Utc> {
        self.with(|state| state.now())
    }

    /// The time now, cut to whole seconds, as both services store it.
    #[must_use]
    pub fn now_in_seconds(&self) -> DateTime<Utc> {
        self.now().trunc_subsecs(0)
    }

    /// Moves the clock forward (or back, if `by` is negative), between 1970 and 9000.
    pub fn advance(&self, by: TimeDelta) {
        self.with(|state| {
            let latest = if by < TimeDelta::zero() { earliest() } else { latest() };
            let to = state.now().checked_add_signed(by).unwrap_or(latest);
            state.set(to);
        });
    }

    /// Sets the clock, between 1970 and 9000; it goes on running, or stays frozen, from there.
    pub fn set(&self, to: DateTime<Utc>) {
        self.with(|state| state.set(to));
    }

    /// Stops the clock where it is.
    pub fn freeze(&self) {
        self.with(|state| *state = State::Frozen(state.now()));
    }

    /// Lets a frozen clock run on from where it stands.
    pub fn resume(&self) {
        self.with(|state| *state = State::running(state.now()));
    }

    /// Back to the system's clock.
    pub fn reset(&self) {
        self.with(|state| *state = State::default());
    }

    fn with<T>(&self, act: impl FnOnce(&mut State) -> T) -> T {
        act(&mut self.state.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl State {
    fn running(from: DateTime<Utc>) -> Self {
        Self::Running { from, since: Instant::now() }
    }

    fn now(self) -> DateTime<Utc> {
        match self {
            Self::Running { from, since } => {
                let passed = TimeDelta::from_std(since.elapsed()).unwrap_or_default();
                from.checked_add_signed(passed).unwrap_or(from)
            }
            Self::Frozen(at) => at,
        }
    }

    fn set(&mut self, to: DateTime<Utc>) {
        let to = to.clamp(earliest(), latest());
        *self = match self {
            Self::Running { .. } => Self::running(to),
            Self::Frozen(_) => Self::Frozen(to),
        };
    }
}

impl Default for State {
    fn default() -> Self {
        Self::running(Utc::now())
    }
}

fn earliest() -> DateTime<Utc> {
    DateTime::UNIX_EPOCH
}

/// Before the times that HTTP has no form for.
fn latest() -> DateTime<Utc> {
    DateTime::UNIX_EPOCH + TimeDelta::days(7030 * 365)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_frozen_clock_moves_only_when_told() {
        let clock = Clock::default();
        clock.freeze();
        let start = clock.now();
        assert_eq!(clock.now(), start);
        clock.advance(TimeDelta::hours(2));
        assert_eq!(clock.now(), start + TimeDelta::hours(2));
        clock.set(DateTime::UNIX_EPOCH);
        assert_eq!(clock.now(), DateTime::UNIX_EPOCH);
    }

    #[test]
    fn a_running_clock_keeps_its_lead() {
        let clock = Clock::default();
        clock.advance(TimeDelta::days(30));
        assert!(clock.now() - Utc::now() > TimeDelta::days(29));
        clock.freeze();
        clock.resume();
        assert!(clock.now() - Utc::now() > TimeDelta::days(29));
        clock.reset();
        assert!(clock.now() - Utc::now() < TimeDelta::days(1));
    }

    #[test]
    fn no_order_leads_beyond_the_calendar() {
        let clock = Clock::default();
        for by in [TimeDelta::MAX, TimeDelta::MAX, TimeDelta::MIN, TimeDelta::MIN] {
            clock.advance(by);
            let now = clock.now();
            assert!(now >= earliest() && now < latest() + TimeDelta::days(1), "{now}");
        }
        clock.set(DateTime::<Utc>::MAX_UTC);
        clock.freeze();
        assert!(clock.now().to_rfc3339().starts_with("89"));
    }

    #[tokio::test(start_paused = true)]
    async fn the_clock_runs_with_the_runtimes_time() {
        let clock = Clock::default();
        let start = clock.now();
        tokio::time::advance(std::time::Duration::from_secs(90)).await;
        assert_eq!(clock.now() - start, TimeDelta::seconds(90));
    }
}
