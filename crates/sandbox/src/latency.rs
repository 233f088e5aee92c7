//! How far away the services are.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// A time that passes before each request is looked at, as on the way to a service far away.
#[derive(Debug, Default)]
pub(crate) struct Latency(AtomicU64);

impl Latency {
    pub(crate) fn new(time: Duration) -> Self {
        let latency = Self::default();
        latency.set(time);
        latency
    }

    pub(crate) fn set(&self, time: Duration) {
        let micros = u64::try_from(time.as_micros()).unwrap_or(u64::MAX);
        self.0.store(micros, Ordering::Relaxed);
    }

    pub(crate) fn time(&self) -> Duration {
        Duration::from_micros(self.0.load(Ordering::Relaxed))
    }

    /// Lets it pass.
    pub(crate) async fn pass(&self) {
        let time = self.time();
        if !time.is_zero() {
            tokio::time::sleep(time).await;
        }
    }
}
