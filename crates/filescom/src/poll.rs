//! Looking again and again at work that goes on in the service: the one place here that waits.

use std::time::Duration;

use tokio::time::Instant;

/// Pauses that grow up to a bound, until a deadline.
#[derive(Debug)]
pub(crate) struct Poll {
    begun: Instant,
    limit: Duration,
    pause: Duration,
    longest: Duration,
}

impl Poll {
    pub(crate) fn new(limit: Duration, longest: Duration) -> Self {
        Self { begun: Instant::now(), limit, pause: longest / 8, longest }
    }

    /// Waits until the next look is due; false when the time is over.
    pub(crate) async fn wait(&mut self) -> bool {
        let left = self.limit.saturating_sub(self.begun.elapsed());
        if left.is_zero() {
            return false;
        }
        tokio::time::sleep(self.pause.min(left)).await;
        self.pause = (self.pause * 2).min(self.longest);
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn pauses_grow_and_end_at_the_limit() {
        let mut poll = Poll::new(Duration::from_secs(3), Duration::from_secs(1));
        let mut looks = Vec::new();
        while poll.wait().await {
            looks.push(poll.begun.elapsed().as_millis());
        }
        assert_eq!(looks, [125, 375, 875, 1875, 2875, 3000]);
    }
}
