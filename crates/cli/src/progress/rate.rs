//! How fast something goes, as of late.

use std::time::Duration;

/// Bytes in a second, the last seconds counting most.
#[derive(Debug, Default)]
pub(super) struct Rate {
    at: Duration,
    moved: u64,
    per_second: f64,
}

impl Rate {
    /// The rate at this time after the beginning, when so many bytes have been moved.
    pub(super) fn at(&mut self, elapsed: Duration, moved: u64) -> f64 {
        let passed = elapsed.saturating_sub(self.at);
        if passed < SHORTEST {
            return self.per_second;
        }
        let now = moved.saturating_sub(self.moved) as f64 / passed.as_secs_f64();
        let weight = match self.at.is_zero() {
            true => 1.0,
            false => 1.0 - (-passed.as_secs_f64() / MEMORY).exp(),
        };
        self.per_second += weight * (now - self.per_second);
        (self.at, self.moved) = (elapsed, moved);
        self.per_second
    }
}

const SHORTEST: Duration = Duration::from_millis(100);

/// What came so many seconds ago counts a third.
const MEMORY: f64 = 4.0;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_follows_what_happens() {
        let mut rate = Rate::default();
        let mut at = |tenths: u64, moved| rate.at(Duration::from_millis(tenths * 100), moved);
        assert_eq!(at(10, 1000), 1000.0);
        assert_eq!(at(10, 9000), 1000.0, "no time has passed");
        let silent = at(50, 1000);
        assert!(silent > 300.0 && silent < 400.0, "{silent}");
        let later = at(250, 1000);
        assert!(later < 10.0, "{later}");
        assert!(at(260, 0) < later, "bytes that are sent again are no rate below nothing");
    }
}
