//! Parts out of a stream that can be read once: held as the blocks they came in.

use std::io;

use bytes::{Bytes, BytesMut};
use futures_util::stream::{self, StreamExt};
use wharf_connector::ContentStream;
use wharf_transport::Body;

use super::meter::next_block;
use crate::sums::Sums;

/// Cuts a stream into parts, summing up what passes.
pub(super) struct Collector {
    stream: ContentStream,
    /// What was read and is of the next part.
    ahead: Bytes,
    ended: bool,
    pub(super) sums: Sums,
}

/// The bytes of one part, as they came: nothing is copied but small blocks together.
#[derive(Debug, Clone, Default)]
pub(super) struct Held {
    blocks: Vec<Bytes>,
    length: u64,
}

impl Collector {
    pub(super) fn new(stream: ContentStream, sums: Sums) -> Self {
        Self { stream, ahead: Bytes::new(), ended: false, sums }
    }

    /// Whether nothing is left. Reads until that is known.
    pub(super) async fn is_at_end(&mut self) -> io::Result<bool> {
        if self.ahead.is_empty() && !self.ended {
            match next_block(&mut self.stream).await? {
                Some(block) => self.ahead = block,
                None => self.ended = true,
            }
        }
        Ok(self.ahead.is_empty())
    }

    /// The next `size` bytes, or all that are left.
    pub(super) async fn read(&mut self, size: u64) -> io::Result<Held> {
        let mut held = Held::default();
        let mut small = BytesMut::new();
        while held.length < size && !self.is_at_end().await? {
            let room = usize::try_from(size - held.length).unwrap_or(usize::MAX);
            let block = self.ahead.split_to(self.ahead.len().min(room));
            self.sums.update(&block);
            held.length += block.len() as u64;
            if block.len() >= SMALL {
                held.push_small(&mut small);
                held.blocks.push(block);
                continue;
            }
            if small.capacity() - small.len() < block.len() {
                held.push_small(&mut small);
                small.reserve(GATHERED);
            }
            small.extend_from_slice(&block);
        }
        held.push_small(&mut small);
        Ok(held)
    }
}

impl Held {
    pub(super) fn length(&self) -> u64 {
        self.length
    }

    /// Adds the bytes to sums.
    pub(super) fn sum_up(&self, sums: &mut Sums) {
        self.blocks.iter().for_each(|block| sums.update(block));
    }

    /// A body of these bytes, as often as it is wanted.
    pub(super) fn body(&self) -> Body {
        match &*self.blocks {
            [] => Body::empty(),
            [block] => block.clone().into(),
            _ => {
                let blocks = self.blocks.clone();
                let open = move |_| {
                    let blocks = blocks.clone();
                    async move { Ok(stream::iter(blocks.into_iter().map(Ok)).boxed()) }
                };
                Body::replayable(self.length, open)
            }
        }
    }

    fn push_small(&mut self, small: &mut BytesMut) {
        if !small.is_empty() {
            self.blocks.push(std::mem::take(small).freeze());
        }
    }
}

/// Blocks below this size are gathered in larger ones, so that they do not cost more than they hold.
const SMALL: usize = 4 * 1024;
const GATHERED: usize = 64 * 1024;

#[cfg(test)]
mod tests {
    use futures_util::TryStreamExt;

    use super::*;
    use crate::sums::Wanted;

    async fn parts(blocks: &[usize], size: u64) -> Vec<u64> {
        let total: usize = blocks.iter().sum();
        let whole: Vec<u8> = (0..total).map(|number| (number % 251) as u8).collect();
        let mut rest = Bytes::from(whole.clone());
        let items: Vec<_> = blocks.iter().map(|size| Ok(rest.split_to(*size))).collect();
        let sums = Sums::new(Wanted { crc32: true, ..Wanted::default() });
        let mut collector = Collector::new(stream::iter(items).boxed(), sums);
        let (mut lengths, mut read) = (Vec::new(), Vec::new());
        while !collector.is_at_end().await.unwrap() {
            let held = collector.read(size).await.unwrap();
            for _ in 0..2 {
                let bytes: Vec<Bytes> = held.body().into_stream().try_collect().await.unwrap();
                assert_eq!(bytes.concat().len() as u64, held.length());
            }
            let bytes: Vec<Bytes> = held.body().into_stream().try_collect().await.unwrap();
            read.extend(bytes.concat());
            lengths.push(held.length());
        }
        assert_eq!(read, whole);
        assert_eq!(collector.sums.finish().crc32, Some(crc32fast::hash(&whole)));
        lengths
    }

    #[tokio::test]
    async fn parts_are_exact_whatever_the_blocks_are() {
        assert_eq!(parts(&[], 10).await, [0u64; 0]);
        assert_eq!(parts(&[3, 0, 4], 10).await, [7]);
        assert_eq!(parts(&[10], 10).await, [10]);
        assert_eq!(parts(&[25], 10).await, [10, 10, 5]);
        assert_eq!(parts(&[1; 33], 10).await, [10, 10, 10, 3]);
        assert_eq!(parts(&[5000, 1, 5000, 100_000], 60_000).await, [60_000, 50_001]);
        assert_eq!(parts(&[3000; 50], 140_000).await, [140_000, 10_000]);
    }
}
