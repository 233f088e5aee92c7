//! Continuing a download that broke.

mod place;

use std::fmt;
use std::future::Future;
use std::ops::Range;
use std::sync::Arc;

use bytes::Bytes;
use futures_util::{StreamExt, stream};
use http::StatusCode;

use crate::backoff::RetryPolicy;
use crate::error::{Error, ErrorKind, Result};
use crate::response::{ByteStream, Response};
use crate::retry;
use crate::transport::Transport;
use place::Place;

/// A download that goes on after a break from the last byte it had.
///
/// When the body breaks off or falls silent, `reopen` is asked for the rest. What it brings is
/// checked before a byte of it is passed on: it must begin where we are, and entity tag, date and
/// total length must be those of the beginning. An answer that begins earlier (a server that
/// ignores ranges) is skipped up to where we are, if something shows that it is still the same
/// content. So no byte comes twice, none is left out, and content that changed on the way is
/// [`Changed`](ErrorKind::Changed), never a mixture.
///
/// Attempts are bounded by the policy and counted anew after every 64 KiB of progress.
///
/// ```
/// use futures_util::TryStreamExt;
/// use wharf_transport::testing::{Reply, Script};
/// use wharf_transport::{Request, Transport};
///
/// # #[tokio::main(flavor = "current_thread", start_paused = true)]
/// # async fn main() -> wharf_transport::Result<()> {
/// let script = Script::new()
///     .answer(Reply::new(200).header("content-length", "10").body("01234").then_reset())
///     .answer(Reply::new(206).header("content-range", "bytes 5-9/10").body("56789"));
/// let transport = Transport::builder("https://h.example").exchange(script.exchange()).build()?;
///
/// let first = transport.send(Request::get("/file").data()).await?;
/// let again = transport.clone();
/// let body = transport.resume(first).into_stream(move |at| {
///     let transport = again.clone();
///     async move { transport.send(Request::get("/file").range_from(at.offset())).await.map(Some) }
/// });
/// let whole: Vec<_> = body.try_collect().await?;
/// assert_eq!(whole.concat(), b"0123456789");
/// # Ok(()) }
/// ```
#[must_use = "a download does nothing until its stream is polled"]
pub struct Resume {
    response: Response,
    wanted: Option<Range<u64>>,
    retry: RetryPolicy,
    chance: Arc<dyn Fn() -> f64 + Send + Sync>,
}

/// Where a download is to be continued.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Continuation {
    offset: u64,
    etag: Option<String>,
}

impl Continuation {
    /// The first byte that is missing, counted from the beginning of the file.
    pub fn offset(&self) -> u64 {
        self.offset
    }

    /// The entity tag of what came so far, if it is a strong one: for `If-Match`.
    pub fn etag(&self) -> Option<&str> {
        self.etag.as_deref()
    }
}

impl Transport {
    /// A download that began with `response`, repeated by this transport's policy.
    pub fn resume(&self, response: Response) -> Resume {
        let chance = self.clone();
        let chance = Arc::new(move || chance.chance());
        Resume { response, wanted: None, retry: self.retry_policy().clone(), chance }
    }
}

impl Resume {
    /// What of the file is wanted: the range that the first request asked for. Without it, all that
    /// the first answer has.
    pub fn range(mut self, wanted: Range<u64>) -> Self {
        self.wanted = Some(wanted);
        self
    }

    /// As [`range`](Self::range), to the end of the file.
    pub fn from_offset(self, offset: u64) -> Self {
        self.range(offset..u64::MAX)
    }

    /// How often to try.
    pub fn retry(mut self, policy: RetryPolicy) -> Self {
        self.retry = policy;
        self
    }

    /// The content, continued by `reopen` after each break. It may answer `None` to say that
    /// nothing is missing.
    ///
    /// `reopen` is told where to go on and sends the request for it, perhaps with a fresh link.
    /// If its answer says by other means than `Content-Range` where it begins, it adds
    /// [`Response::at_offset`].
    pub fn into_stream<F, Fut>(self, reopen: F) -> ByteStream
    where
        F: FnMut(Continuation) -> Fut + Send + 'static,
        Fut: Future<Output = Result<Option<Response>>> + Send + 'static,
    {
        let Self { response, wanted, retry, chance } = self;
        let mut download = Download {
            body: None,
            position: 0,
            skip: 0,
            end: None,
            place: Place::default(),
            failures: 0,
            progress: 0,
            reopen,
            retry,
            chance,
            done: false,
        };
        let begun = download.begin(response, wanted);
        let begun = stream::iter(begun.err().map(Err));
        let rest = stream::unfold(download, |mut download| async move {
            download.next().await.map(|item| (item, download))
        });
        begun.chain(rest).boxed()
    }
}

impl fmt::Debug for Resume {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Resume")
            .field("response", &self.response)
            .field("wanted", &self.wanted)
            .field("retry", &self.retry)
            .finish_non_exhaustive()
    }
}

struct Download<F> {
    body: Option<ByteStream>,
    /// The next byte to pass on.
    position: u64,
    /// What is still to be dropped of an answer that began too early.
    skip: u64,
    /// Behind the last byte, if known.
    end: Option<u64>,
    place: Place,
    failures: u32,
    /// What came since the last failure.
    progress: u64,
    reopen: F,
    retry: RetryPolicy,
    chance: Arc<dyn Fn() -> f64 + Send + Sync>,
    done: bool,
}

impl<F, Fut> Download<F>
where
    F: FnMut(Continuation) -> Fut + Send,
    Fut: Future<Output = Result<Option<Response>>> + Send,
{
    /// Takes the first answer, from which everything else is measured.
    fn begin(&mut self, response: Response, wanted: Option<Range<u64>>) -> Result<()> {
        self.done = true;
        self.place = Place::of(&response)?;
        self.position = wanted.as_ref().map_or(self.place.begin, |wanted| wanted.start);
        self.skip = self.distance(self.place.begin)?;
        self.end = match wanted {
            None => self.place.end,
            // A server may answer less than the range it was asked for; the total says more.
            Some(wanted) => match self.place.total.or(self.place.end) {
                Some(known) => Some(wanted.end.min(known)),
                None => Some(wanted.end).filter(|end| *end < u64::MAX),
            },
        };
        self.body = Some(response.into_stream());
        self.done = false;
        Ok(())
    }

    /// Takes the answer to a continuation.
    fn adopt(&mut self, response: Response) -> Result<()> {
        let place = Place::of(&response)?;
        self.place.check_same(&place)?;
        self.skip = self.distance(place.begin)?;
        if self.skip > 0 {
            self.place.check_proven(&place)?;
        }
        if self.end.is_none() {
            self.end = place.end;
        }
        self.place.learn(place);
        self.body = Some(response.into_stream());
        Ok(())
    }

    fn distance(&self, begin: u64) -> Result<u64> {
        self.position.checked_sub(begin).ok_or_else(|| {
            Error::protocol(format!(
                "the answer begins at byte {begin} instead of {}",
                self.position
            ))
        })
    }

    async fn next(&mut self) -> Option<Result<Bytes>> {
        loop {
            if self.done || self.end.is_some_and(|end| self.position >= end) {
                return None;
            }
            let broken = match &mut self.body {
                None => return None,
                Some(body) => match body.next().await {
                    Some(Ok(block)) => match self.take(block) {
                        Some(block) => return Some(Ok(block)),
                        None => continue,
                    },
                    None => match self.end {
                        None if self.skip == 0 => return None,
                        _ => Error::new(
                            ErrorKind::Interrupted,
                            "the body ended before the last byte",
                        ),
                    },
                    Some(Err(error)) => error,
                },
            };
            if let Err(error) = self.continue_after(broken).await {
                self.done = true;
                return Some(Err(error));
            }
        }
    }

    /// Drops what was there before and what is not wanted.
    fn take(&mut self, mut block: Bytes) -> Option<Bytes> {
        let known = usize::try_from(self.skip).unwrap_or(usize::MAX).min(block.len());
        let _ = block.split_to(known);
        self.skip -= known as u64;
        if let Some(end) = self.end {
            block.truncate(usize::try_from(end - self.position).unwrap_or(usize::MAX));
        }
        let size = block.len() as u64;
        self.position += size;
        self.progress += size;
        (size > 0).then_some(block)
    }

    async fn continue_after(&mut self, mut broken: Error) -> Result<()> {
        self.body = None;
        if self.progress >= PROGRESS {
            self.failures = 0;
        }
        self.progress = 0;
        loop {
            let passing = broken.is_transient()
                || matches!(broken.kind(), ErrorKind::Interrupted | ErrorKind::Timeout);
            if !passing {
                return Err(broken);
            }
            self.failures += 1;
            if self.failures >= self.retry.attempts {
                let why = format!(
                    "no progress after byte {} in {} attempts",
                    self.position, self.failures
                );
                return Err(broken.gave_up(&why));
            }
            retry::pause(self.retry.delay(self.failures, (self.chance)())).await;
            let at = Continuation { offset: self.position, etag: self.place.strong_etag() };
            match (self.reopen)(at).await {
                Ok(Some(response)) => return self.adopt(response),
                Ok(None) => {
                    self.done = true;
                    return Ok(());
                }
                Err(error) => match self.judge(error)? {
                    Some(error) => broken = error,
                    None => return Ok(()),
                },
            }
        }
    }

    /// Reads the refusals that say something about where we are.
    fn judge(&mut self, error: Error) -> Result<Option<Error>> {
        let changed = |error: Error| {
            Error::new(ErrorKind::Changed, "the file changed during the download")
                .with_source(error)
        };
        match error.status() {
            Some(StatusCode::RANGE_NOT_SATISFIABLE) => {
                let total = error.refusal().and_then(place::unsatisfied_total);
                if total == Some(self.position) && self.end.is_none() {
                    self.done = true;
                    return Ok(None);
                }
                Err(if total.is_some() { changed(error) } else { error })
            }
            Some(StatusCode::PRECONDITION_FAILED) => Err(changed(error)),
            _ => Ok(Some(error)),
        }
    }
}

/// Less than this between two breaks is no progress: a server that gives a byte at a time must not
/// keep us asking for ever.
const PROGRESS: u64 = 64 * 1024;

#[cfg(test)]
mod tests;
