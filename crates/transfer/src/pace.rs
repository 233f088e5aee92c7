//! How fast work is done at most.

use std::fmt;
use std::num::NonZeroU64;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::time::{Instant, sleep_until};

/// How fast work is done at most. Clones share their budget. By default there is no bound.
///
/// Both bounds are averages over some seconds: what was not used is saved up for a second at
/// most. What is counted is the content of files as it is read from its source; headers, listings
/// and what is repeated on the way to the destination are not in it.
#[derive(Debug, Clone, Default)]
pub struct Pace {
    bytes: Option<Arc<Meter>>,
    steps: Option<Arc<Meter>>,
}

impl Pace {
    /// No bound.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets how many bytes of content are read from the source in a second.
    #[must_use]
    pub fn with_bytes_per_second(mut self, bytes: Option<NonZeroU64>) -> Self {
        self.bytes = bytes.map(|rate| Arc::new(Meter::new(rate.get() as f64)));
        self
    }

    /// Sets how many steps are begun in a second: files copied, folders created, entries deleted.
    #[must_use]
    pub fn with_steps_per_second(mut self, steps: Option<f64>) -> Self {
        self.steps = steps.map(|rate| Arc::new(Meter::new(rate)));
        self
    }

    pub(crate) fn bounds_bytes(&self) -> bool {
        self.bytes.is_some()
    }

    /// Waits until another step may begin.
    pub(crate) async fn begin(&self) {
        if let Some(steps) = &self.steps {
            steps.take(1.0).await;
        }
    }

    /// Waits until so many bytes more may have come.
    pub(crate) async fn advance(&self, bytes: usize) {
        if let Some(meter) = &self.bytes {
            meter.take(bytes as f64).await;
        }
    }
}

/// Whether both are one budget.
impl PartialEq for Pace {
    fn eq(&self, other: &Self) -> bool {
        let same = |a: &Option<Arc<Meter>>, b: &Option<Arc<Meter>>| match (a, b) {
            (Some(a), Some(b)) => Arc::ptr_eq(a, b),
            (a, b) => a.is_none() && b.is_none(),
        };
        same(&self.bytes, &other.bytes) && same(&self.steps, &other.steps)
    }
}

impl Eq for Pace {}

/// Says when the next may come.
struct Meter {
    /// Units per second.
    rate: f64,
    /// When all that was taken is paid for.
    paid: Mutex<Option<Instant>>,
}

impl Meter {
    fn new(rate: f64) -> Self {
        Self { rate: rate.max(f64::MIN_POSITIVE), paid: Mutex::new(None) }
    }

    async fn take(&self, units: f64) {
        let due = {
            let mut paid = self.paid.lock().unwrap_or_else(PoisonError::into_inner);
            let now = Instant::now();
            let earliest = now.checked_sub(SAVED).unwrap_or(now);
            let from = paid.map_or(now, |paid| paid.max(earliest));
            let price = Duration::try_from_secs_f64(units / self.rate).unwrap_or(LONGEST);
            *paid = Some(from + price.min(LONGEST));
            from
        };
        sleep_until(due).await;
    }
}

impl fmt::Debug for Meter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Meter").field("rate", &self.rate).finish_non_exhaustive()
    }
}

/// What was not used is saved up for so long.
const SAVED: Duration = Duration::from_secs(1);
const LONGEST: Duration = Duration::from_secs(24 * 60 * 60);

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn the_average_is_kept() {
        let bytes = NonZeroU64::new(1000);
        let pace = Pace::new().with_bytes_per_second(bytes).with_steps_per_second(Some(2.0));
        let begin = Instant::now();
        for _ in 0..10 {
            pace.advance(500).await;
        }
        assert_eq!(begin.elapsed(), Duration::from_millis(4_500));
        tokio::time::advance(Duration::from_secs(60)).await;
        let begin = Instant::now();
        for _ in 0..7 {
            pace.begin().await;
        }
        assert_eq!(begin.elapsed(), Duration::from_secs(3));
    }

    #[tokio::test(start_paused = true)]
    async fn without_a_bound_nobody_waits() {
        let begin = Instant::now();
        Pace::new().advance(usize::MAX).await;
        Pace::new().begin().await;
        assert_eq!(begin.elapsed(), Duration::ZERO);
    }
}
