//! How many steps are done at a time: more while that is faster, fewer when it is not.

use std::time::Duration;

use tokio::time::Instant;

use super::is_too_fast;
use crate::Outcome;

/// Climbs while the throughput grows, and goes down when it falls or the service asks for it.
#[derive(Debug)]
pub(super) struct Gauge {
    limit: usize,
    most: usize,
    /// Whether the last change was upwards.
    up: bool,
    since: Instant,
    /// Worth of what has ended since: its bytes, and so many for the trouble of a step.
    worth: u64,
    ended: usize,
    /// Worth per second before the last change.
    before: f64,
    deletes: bool,
}

impl Gauge {
    pub(super) fn new(most: usize) -> Self {
        let most = most.max(1);
        Self {
            limit: most.min(FIRST),
            most,
            up: true,
            since: Instant::now(),
            worth: 0,
            ended: 0,
            before: 0.0,
            deletes: false,
        }
    }

    pub(super) fn limit(&self) -> usize {
        self.limit
    }

    /// Whether what is under way are deletions.
    pub(super) fn deletes(&self) -> bool {
        self.deletes
    }

    pub(super) fn set_deletes(&mut self, deletes: bool) {
        self.deletes = deletes;
    }

    /// A step has ended.
    pub(super) fn note(&mut self, outcome: &Outcome) {
        if is_too_fast(outcome) {
            self.turn(self.limit / 2, false);
            self.before = 0.0;
            return;
        }
        self.ended += 1;
        self.worth += STEP;
        if let Outcome::Copied(receipt) = outcome {
            self.worth += receipt.bytes;
        }
        let passed = self.since.elapsed();
        if self.ended >= 2 * self.limit && passed >= WINDOW {
            self.weigh(self.worth as f64 / passed.as_secs_f64());
        }
    }

    fn weigh(&mut self, now: f64) {
        let up = match now {
            now if now > self.before * BETTER => self.up,
            now if now < self.before / BETTER => !self.up,
            // As fast as before: fewer do as well.
            _ => false,
        };
        self.before = now;
        let limit = match up {
            true => self.limit + (self.limit / 2).max(1),
            false => self.limit.saturating_sub((self.limit / 4).max(1)),
        };
        self.turn(limit, up);
    }

    fn turn(&mut self, limit: usize, up: bool) {
        self.limit = limit.clamp(1, self.most);
        (self.up, self.since, self.worth, self.ended) = (up, Instant::now(), 0, 0);
    }
}

/// So many at first.
const FIRST: usize = 8;
/// What the trouble of one step is worth, in bytes.
const STEP: u64 = 256 * 1024;
/// No sooner than this is the throughput believed.
const WINDOW: Duration = Duration::from_millis(100);
/// By this factor it has to grow to count.
const BETTER: f64 = 1.03;

#[cfg(test)]
mod tests {
    use wharf_connector::{Error, ErrorKind};

    use super::*;

    /// Steps of a service whose throughput grows up to so many at a time, then stays.
    async fn settles(best: usize, most: usize) -> (usize, usize) {
        let mut gauge = Gauge::new(most);
        let mut seen = Vec::new();
        for _ in 0..400 {
            let together = gauge.limit().min(best) as u32;
            tokio::time::advance(Duration::from_millis(60) / together).await;
            gauge.note(&Outcome::Done);
            seen.push(gauge.limit());
        }
        let late = seen.get(200..).unwrap_or_default();
        (late.iter().copied().min().unwrap(), late.iter().copied().max().unwrap())
    }

    #[tokio::test(start_paused = true)]
    async fn it_climbs_to_what_is_of_use() {
        let (least, most) = settles(12, 64).await;
        assert!(least >= 6 && most <= 24, "{least} to {most}");
        let (_, most) = settles(64, 8).await;
        assert_eq!(most, 8);
        let (least, most) = settles(1, 64).await;
        assert!(least <= 2 && most <= 4, "{least} to {most}");
    }

    #[tokio::test(start_paused = true)]
    async fn a_service_that_asks_for_fewer_calls_is_heard() {
        let mut gauge = Gauge::new(16);
        let slow = Outcome::Failed(Error::new(ErrorKind::RateLimited, "slow down"));
        for want in [4, 2, 1, 1] {
            gauge.note(&slow);
            assert_eq!(gauge.limit(), want);
        }
    }
}
