//! Where the bytes of chunks come from: windows of a content that can be read again, or blocks
//! held of one that cannot.

use std::io;
use std::sync::{Arc, Mutex, PoisonError};

use bytes::{Bytes, BytesMut};
use crc32fast::Hasher;
use futures_util::StreamExt;
use wharf_connector::{Content, ContentStream};
use wharf_service::{Budget, Rereadable, Share};
use wharf_transport::Body;

use super::kept::ChunkSum;
use crate::client::Client;
use crate::config::Pages;
use crate::error::{Error, Result};

/// A content, cut into chunks as they are needed.
pub(super) struct Parts {
    source: Source,
    chunk: u64,
    /// Why the content could not be read: its own error, which the transport does not hand back.
    failure: Failure,
    /// Whether chunks are summed up.
    sums: bool,
}

enum Source {
    /// Any part of it can be read at any time.
    Windows { content: Rereadable, at: u64, size: u64 },
    /// It is read once, from the beginning, under a budget.
    Blocks(Blocks),
    /// It is read once, while it is sent.
    Streamed(Option<ContentStream>, Option<u64>),
}

/// One chunk.
pub(super) struct Part {
    pub(super) body: Body,
    /// Unknown only of a content of unknown size that goes in one request.
    pub(super) length: Option<u64>,
    pub(super) is_last: bool,
    sum: Option<ChunkSum>,
    /// Its share of the budget, kept until it was sent.
    share: Option<Share>,
}

impl Parts {
    pub(super) fn new(client: &Client, content: Content) -> Self {
        let config = client.config();
        let basic = config.upload == Pages::Basic;
        let chunk = if basic { u64::MAX } else { config.chunk_size };
        let size = content.size();
        let source = match (size, Rereadable::of(&content)) {
            (Some(size), Some(content)) => Source::Windows { content, at: 0, size },
            _ if basic => Source::Streamed(Some(content.into_stream()), size),
            _ => Source::Blocks(Blocks::new(content.into_stream(), client.buffer().clone())),
        };
        Self { source, chunk, failure: Failure::default(), sums: false }
    }

    /// The same, with each chunk summed up.
    pub(super) fn with_sums(mut self, sums: bool) -> Self {
        self.sums = sums;
        self
    }

    /// What comes after the first `at` bytes; an empty part if nothing does.
    pub(super) fn after(client: &Client, content: Content, at: u64) -> Option<Self> {
        let mut parts = Self::new(client, content);
        match &mut parts.source {
            Source::Windows { at: begin, size, .. } if at <= *size => *begin = at,
            _ => return None,
        }
        parts.chunk = client.config().chunk_size;
        Some(parts)
    }

    /// The next chunk; an empty one if the content is empty. Not to be asked after the last.
    pub(super) async fn next(&mut self) -> Result<Part> {
        match &mut self.source {
            Source::Windows { content, at, size } => {
                let end = at.saturating_add(self.chunk).min(*size);
                let range = *at..end;
                *at = end;
                let (length, is_last) = (range.end - range.start, end >= *size);
                if length == 0 {
                    if *size == 0 {
                        need_nothing(content, &self.failure).await?;
                    }
                    let body = Body::from(Bytes::new());
                    return Ok(Part { body, length: Some(0), is_last, sum: None, share: None });
                }
                let sum = self.sums.then(ChunkSum::default);
                let (content, failure, end) = (content.clone(), self.failure.clone(), range.end);
                let watch = sum.clone();
                let body = Body::window(range, move |offset| {
                    let (content, failure) = (content.clone(), failure.clone());
                    let sum = watch.clone();
                    async move {
                        let stream = content.open_range(offset..end).await;
                        let stream = stream.map_err(|error| failure.keep(error))?;
                        let whole = if is_last { ending(stream, length) } else { stream };
                        let whole = sum.into_iter().fold(whole, |whole, sum| sum.watch(whole));
                        Ok(failure.watch(whole))
                    }
                });
                Ok(Part { body, length: Some(length), is_last, sum, share: None })
            }
            Source::Blocks(blocks) => {
                let next = blocks.next(self.chunk).await;
                let (block, is_last, share) = next.map_err(unreadable)?;
                let length = Some(block.len() as u64);
                Ok(Part { body: block.into(), length, is_last, sum: None, share: Some(share) })
            }
            Source::Streamed(stream, size) => {
                let stream = stream.take().unwrap_or_else(|| futures_util::stream::empty().boxed());
                let body = Body::stream(self.failure.watch(stream), *size);
                Ok(Part { body, length: *size, is_last: true, sum: None, share: None })
            }
        }
    }

    /// The error of the content, if that is why something failed.
    pub(super) fn explain(&self, error: Error) -> Error {
        self.failure.explain(error)
    }

    pub(super) fn failure(&self) -> Failure {
        self.failure.clone()
    }
}

impl Part {
    /// The body, and what is known of the chunk while it is sent.
    pub(super) fn split(self) -> (Body, Sent) {
        let Self { body, length, is_last, sum, share } = self;
        (body, Sent { length, is_last, sum, _share: share })
    }
}

/// What is known of a chunk while it is sent.
pub(super) struct Sent {
    pub(super) length: Option<u64>,
    pub(super) is_last: bool,
    sum: Option<ChunkSum>,
    _share: Option<Share>,
}

impl Sent {
    /// Of a whole file that is held nowhere.
    pub(super) fn whole(length: u64) -> Self {
        Self { length: Some(length), is_last: true, sum: None, _share: None }
    }

    pub(super) fn length(&self) -> u64 {
        self.length.unwrap_or_default()
    }

    /// The sum of what was sent, where it is taken.
    pub(super) fn sum(&self) -> Option<Hasher> {
        self.sum.as_ref().map(ChunkSum::take)
    }
}

fn unreadable(error: io::Error) -> Error {
    Error::of_content(wharf_connector::Error::unreadable_content(error))
}

/// That a content which says it is empty is.
async fn need_nothing(content: &Rereadable, failure: &Failure) -> Result<()> {
    let opened = content.open_range(0..0).await;
    let mut stream = failure.watch(opened.map_err(unreadable)?);
    while let Some(block) = stream.next().await {
        let block = block.map_err(|error| unreadable(failure.take().unwrap_or(error)))?;
        if !block.is_empty() {
            return Err(unreadable(longer(0)));
        }
    }
    Ok(())
}

/// The last `length` bytes of a content, of which the last block is held back until it is known
/// that nothing follows: a content that grew is not stored as a part of itself.
fn ending(stream: ContentStream, length: u64) -> ContentStream {
    let state = (stream, length, None);
    futures_util::stream::try_unfold(state, move |(mut stream, mut left, mut held)| async move {
        while let Some(block) = stream.next().await {
            let block: Bytes = block?;
            let size = block.len() as u64;
            if size == 0 {
                continue;
            }
            left = left.checked_sub(size).ok_or_else(|| longer(length))?;
            if left > 0 {
                return Ok(Some((block, (stream, left, held))));
            }
            held = Some(block);
        }
        // What ends too early is noticed by whoever counts.
        Ok::<_, io::Error>(held.take().map(|block| (block, (stream, left, held))))
    })
    .fuse()
    .boxed()
}

fn longer(length: u64) -> io::Error {
    let message = format!("the source has more than the {length} bytes that were left of it");
    io::Error::new(io::ErrorKind::InvalidData, message)
}

/// Where the error of a content is kept for its caller.
#[derive(Clone, Default)]
pub(super) struct Failure(Arc<Mutex<Option<io::Error>>>);

impl Failure {
    /// The error of the content, if that is why something failed.
    pub(super) fn explain(&self, error: Error) -> Error {
        match self.take() {
            Some(cause) => unreadable(cause),
            None => error,
        }
    }

    fn watch(&self, stream: ContentStream) -> ContentStream {
        let failure = self.clone();
        stream.map(move |block| block.map_err(|error| failure.keep(error))).boxed()
    }

    fn keep(&self, error: io::Error) -> io::Error {
        let kind = error.kind();
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(error);
        io::Error::new(kind, "the content could not be read")
    }

    fn take(&self) -> Option<io::Error> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

/// Blocks of an exact size, the last one shorter, each known to be the last or not.
struct Blocks {
    stream: ContentStream,
    /// What came beyond the last block.
    ahead: Bytes,
    ended: bool,
    budget: Budget,
}

impl Blocks {
    fn new(stream: ContentStream, budget: Budget) -> Self {
        Self { stream, ahead: Bytes::new(), ended: false, budget }
    }

    async fn next(&mut self, size: u64) -> io::Result<(Bytes, bool, Share)> {
        let mut share = self.budget.take(size).await?;
        let size = usize::try_from(size).unwrap_or(usize::MAX);
        let mut block = BytesMut::new();
        while block.len() < size && self.fill().await? {
            let free = (size - block.len()).min(self.ahead.len());
            block.extend_from_slice(&self.ahead.split_to(free));
        }
        let is_last = !self.fill().await?;
        share.keep(block.len() as u64);
        Ok((block.freeze(), is_last, share))
    }

    /// Whether there is more, and some of it at hand.
    async fn fill(&mut self) -> io::Result<bool> {
        while self.ahead.is_empty() && !self.ended {
            match self.stream.next().await {
                Some(piece) => self.ahead = piece?,
                None => self.ended = true,
            }
        }
        Ok(!self.ahead.is_empty())
    }
}

#[cfg(test)]
mod tests;
