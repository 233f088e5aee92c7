//! Blocks of an exact size out of a stream of any blocks.

use std::fmt;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::{Buf, Bytes, BytesMut};
use futures_util::{Stream, StreamExt};

use super::ContentStream;

/// Blocks of exactly the asked size, the last one shorter. No block for no bytes.
///
/// A block that already has the size is passed on without a copy.
pub struct Chunks {
    source: Option<ContentStream>,
    size: usize,
    waiting: Bytes,
    filling: BytesMut,
}

impl Chunks {
    pub(super) fn new(source: ContentStream, size: usize) -> Self {
        Self {
            source: Some(source),
            size: size.max(1),
            waiting: Bytes::new(),
            filling: BytesMut::new(),
        }
    }

    /// Changes the size of the blocks still to come.
    pub fn set_size(&mut self, size: usize) {
        self.size = size.max(1);
    }

    fn take_block(&mut self) -> Option<Bytes> {
        if self.filling.is_empty() && self.waiting.len() >= self.size {
            return Some(self.waiting.split_to(self.size));
        }
        let wanted = self.size.saturating_sub(self.filling.len());
        let moved = wanted.min(self.waiting.len());
        self.filling.extend_from_slice(&self.waiting.split_to(moved));
        (self.filling.len() >= self.size).then(|| self.filling.split_to(self.size).freeze())
    }

    fn take_rest(&mut self) -> Option<Bytes> {
        (self.filling.has_remaining()).then(|| std::mem::take(&mut self.filling).freeze())
    }
}

impl Stream for Chunks {
    type Item = io::Result<Bytes>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        loop {
            if let Some(block) = self.take_block() {
                return Poll::Ready(Some(Ok(block)));
            }
            let Some(source) = self.source.as_mut() else {
                return Poll::Ready(self.take_rest().map(Ok));
            };
            match ready!(source.poll_next_unpin(cx)) {
                Some(Ok(bytes)) => self.waiting = bytes,
                Some(Err(error)) => {
                    self.source = None;
                    self.filling.clear();
                    return Poll::Ready(Some(Err(error)));
                }
                None => self.source = None,
            }
        }
    }
}

impl fmt::Debug for Chunks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Chunks").field("size", &self.size).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use futures_util::{StreamExt, stream};

    use super::super::Content;
    use super::*;

    fn blocks(pieces: &[usize], size: usize) -> Vec<usize> {
        let total: usize = pieces.iter().sum();
        let all: Vec<u8> = (0..total).map(|n| n as u8).collect();
        let mut rest = Bytes::from(all.clone());
        let pieces: Vec<_> = pieces.iter().map(|n| Ok(rest.split_to(*n))).collect();
        let content = Content::stream(stream::iter(pieces), Some(total as u64));
        let blocks: Vec<Bytes> = futures_util::FutureExt::now_or_never(
            content.into_chunks(size).map(Result::unwrap).collect::<Vec<_>>(),
        )
        .unwrap();
        assert_eq!(blocks.concat(), all);
        blocks.iter().map(Bytes::len).collect()
    }

    #[test]
    fn blocks_are_exact() {
        assert_eq!(blocks(&[], 4), [0usize; 0]);
        assert_eq!(blocks(&[4], 4), [4]);
        assert_eq!(blocks(&[1, 1, 1], 4), [3]);
        assert_eq!(blocks(&[1, 9, 2], 4), [4, 4, 4]);
        assert_eq!(blocks(&[10, 1], 4), [4, 4, 3]);
        assert_eq!(blocks(&[0, 3, 0, 2], 2), [2, 2, 1]);
    }
}
