//! Work that blocks, kept off the threads that run futures.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use tokio::task::{JoinError, JoinHandle, spawn_blocking};
use wharf_connector::{Error, ErrorKind, Result};

/// Runs `work` on a thread that may block.
///
/// When the future is dropped, `work` learns it from its [`Stop`], so that a long job
/// (deleting a tree, copying a large file) ends soon after and not at its end.
pub(crate) async fn blocking<T, F>(work: F) -> Result<T>
where
    T: Send + 'static,
    F: FnOnce(&Stop) -> Result<T> + Send + 'static,
{
    let stop = Stop::default();
    let _stops_when_dropped = StopOnDrop(stop.clone());
    joined(spawn_blocking(move || work(&stop))).await
}

/// Waits for a job. A panic in it goes on here.
pub(crate) async fn joined<T>(job: JoinHandle<Result<T>>) -> Result<T> {
    job.await.unwrap_or_else(|error| Err(broken_off(error)))
}

fn broken_off(error: JoinError) -> Error {
    match error.try_into_panic() {
        Ok(panic) => std::panic::resume_unwind(panic),
        Err(cancelled) => Error::new(ErrorKind::Interrupted, "the runtime is shutting down")
            .with_source(cancelled),
    }
}

/// Whether the caller still waits.
#[derive(Debug, Clone, Default)]
pub(crate) struct Stop(Arc<AtomicBool>);

impl Stop {
    /// An error once the caller is gone. Nobody sees it: it only ends the work.
    pub(crate) fn check(&self) -> Result<()> {
        if self.0.load(Ordering::Relaxed) {
            return Err(Error::new(ErrorKind::Interrupted, "the caller no longer waits"));
        }
        Ok(())
    }
}

struct StopOnDrop(Stop);

impl Drop for StopOnDrop {
    fn drop(&mut self) {
        self.0.0.store(true, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_dropped_future_stops_its_work() {
        let (started, has_started) = std::sync::mpsc::channel();
        let (ended, has_ended) = std::sync::mpsc::channel();
        let work = blocking(move |stop| {
            started.send(()).unwrap();
            while stop.check().is_ok() {
                std::thread::yield_now();
            }
            ended.send(()).unwrap();
            Ok(())
        });
        let polled = futures_util::future::select(
            Box::pin(work),
            Box::pin(async move { has_started.recv().unwrap() }),
        );
        drop(polled.await);
        has_ended.recv().unwrap();
    }

    #[tokio::test]
    #[should_panic(expected = "as planned")]
    async fn a_panic_stays_visible() {
        let _never: Result<()> = blocking(|_| panic!("as planned")).await;
    }
}
