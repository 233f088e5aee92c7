//! Watching content on its way out: how far it is, and whether its source failed.

use std::io;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
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
    /// Whether the connection would take more, and it is the content that does not come.
    starved: AtomicBool,
    failure: Mutex<Option<io::Error>>,
}

impl Upload {
    pub(crate) fn begin() -> Self {
        Self(Arc::new(State {
            begun: Instant::now(),
            last: AtomicU64::new(0),
            starved: AtomicBool::new(false),
            failure: Mutex::new(None),
        }))
    }

    /// When the connection last took something, or was last seen to wait for the content: how
    /// long content may take to come is its source's business.
    pub(crate) fn last_progress(&self) -> Instant {
        match self.0.starved.load(Ordering::Relaxed) {
            true => Instant::now(),
            false => self.0.begun + Duration::from_millis(self.0.last.load(Ordering::Relaxed)),
        }
    }

    /// The error of the content's own source, if that is why the request failed.
    pub(crate) fn take_failure(&self) -> Option<io::Error> {
        lock(&self.0.failure).take()
    }

    /// The content in blocks small enough that progress is seen, each pull noted.
    pub(crate) fn watch(&self, body: Body) -> ContentStream {
        let upload = self.clone();
        let mut content = body
            .into_stream()
            .map_ok(|block| stream::iter(pieces(block).map(Ok)))
            .try_flatten()
            .boxed();
        let watched = stream::poll_fn(move |cx| {
            let item = content.as_mut().poll_next(cx);
            upload.0.starved.store(item.is_pending(), Ordering::Relaxed);
            item.map(|item| {
                upload.note();
                item.map(|item| item.map_err(|error| upload.fail(error)))
            })
        });
        watched.boxed()
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
