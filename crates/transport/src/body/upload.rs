//! Watching content on its way out: how far it is, and whether its source failed.

use std::io;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bytes::Bytes;
use futures_util::{StreamExt, TryStreamExt, stream};
use tokio::time::Instant;

use super::{Body, ContentStream, lock};

/// Shared between the loop, which waits, and the body, which the connection pulls.
#[derive(Debug, Clone)]
pub(crate) struct Upload(Arc<State>);

#[derive(Debug)]
struct State {
    begun: Instant,
    /// Milliseconds from `begun` to the last block that the connection took.
    last: AtomicU64,
    failure: Mutex<Option<io::Error>>,
}

impl Upload {
    pub(crate) fn begin() -> Self {
        let (last, failure) = (AtomicU64::new(0), Mutex::new(None));
        Self(Arc::new(State { begun: Instant::now(), last, failure }))
    }

    /// When the connection last took something.
    pub(crate) fn last_progress(&self) -> Instant {
        self.0.begun + Duration::from_millis(self.0.last.load(Ordering::Relaxed))
    }

    /// The error of the content's own source, if that is why the request failed.
    pub(crate) fn take_failure(&self) -> Option<io::Error> {
        lock(&self.0.failure).take()
    }

    /// The content in blocks small enough that progress is seen, each pull noted.
    pub(crate) fn watch(&self, body: Body) -> ContentStream {
        let (seen, failed) = (self.clone(), self.clone());
        body.into_stream()
            .map_ok(|block| stream::iter(pieces(block).map(Ok)))
            .try_flatten()
            .inspect_ok(move |_| seen.note())
            .map_err(move |error| failed.fail(error))
            .boxed()
    }

    fn note(&self) {
        let millis = u64::try_from(self.0.begun.elapsed().as_millis()).unwrap_or(u64::MAX);
        self.0.last.store(millis, Ordering::Relaxed);
    }

    /// Keeps the true error for the caller; the connection only learns that there was one.
    fn fail(&self, error: io::Error) -> io::Error {
        let kind = error.kind();
        *lock(&self.0.failure) = Some(error);
        io::Error::new(kind, "the content could not be read")
    }
}

/// Cuts a block without copying.
fn pieces(mut block: Bytes) -> impl Iterator<Item = Bytes> {
    std::iter::from_fn(move || {
        let size = block.len().min(PIECE);
        (size > 0).then(|| block.split_to(size))
    })
}

/// Larger blocks would hide from us whether the connection still takes anything.
pub(crate) const PIECE: usize = 256 * 1024;
