//! The sandbox's clock: the system's, shifted or stopped at will.

use std::sync::{Arc, Mutex, PoisonError};

use chrono::{DateTime, SubsecRound, TimeDelta, Utc};

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
    Running { ahead: TimeDelta },
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

    /// Moves the clock forward (or back, if `by` is negative).
    pub fn advance(&self, by: TimeDelta) {
        self.with(|state| match state {
            State::Running { ahead } => *ahead += by,
            State::Frozen(at) => *at += by,
        });
    }

    /// Sets the clock; it goes on running, or stays frozen, from there.
    pub fn set(&self, to: DateTime<Utc>) {
        self.with(|state| match state {
            State::Running { ahead } => *ahead = to - Utc::now(),
            State::Frozen(at) => *at = to,
        });
    }

    /// Stops the clock where it is.
    pub fn freeze(&self) {
        self.with(|state| *state = State::Frozen(state.now()));
    }

    /// Lets a frozen clock run on from where it stands.
    pub fn resume(&self) {
        self.with(|state| {
            *state = State::Running { ahead: state.now() - Utc::now() };
        });
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
    fn now(self) -> DateTime<Utc> {
        match self {
            Self::Running { ahead } => Utc::now() + ahead,
            Self::Frozen(at) => at,
        }
    }
}

impl Default for State {
    fn default() -> Self {
        Self::Running { ahead: TimeDelta::zero() }
    }
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
}
