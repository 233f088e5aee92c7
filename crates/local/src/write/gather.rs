//! Small pieces gathered into batches worth a trip to the disk.

use std::collections::VecDeque;
use std::io;

use bytes::{Bytes, BytesMut};
use futures_util::StreamExt;
use wharf_connector::ContentStream;

/// So many bytes make a batch: larger ones cost more, smaller ones too.
const BATCH: usize = 256 * 1024;

/// Pieces shorter than this are copied together; longer ones are written as they are.
const SMALL: usize = 8 * 1024;

/// Bytes on their way to the disk, in order.
pub(super) struct Batch {
    pub(super) pieces: VecDeque<Bytes>,
    /// Whether nothing comes after it.
    pub(super) is_last: bool,
}

/// Gathers a content into batches.
pub(super) struct Gather {
    stream: ContentStream,
}

impl Gather {
    pub(super) fn new(stream: ContentStream) -> Self {
        Self { stream }
    }

    /// The next batch: full, or the last.
    pub(super) async fn next(&mut self) -> io::Result<Batch> {
        let mut filling = Filling::default();
        while filling.length < BATCH {
            match self.stream.next().await.transpose()? {
                Some(piece) => filling.push(piece),
                None => return Ok(filling.batch(true)),
            }
        }
        Ok(filling.batch(false))
    }
}

#[derive(Default)]
struct Filling {
    pieces: VecDeque<Bytes>,
    small: BytesMut,
    length: usize,
}

impl Filling {
    fn push(&mut self, piece: Bytes) {
        self.length += piece.len();
        if piece.len() < SMALL {
            self.small.extend_from_slice(&piece);
        } else {
            self.flush();
            self.pieces.push_back(piece);
        }
    }

    fn flush(&mut self) {
        if !self.small.is_empty() {
            self.pieces.push_back(self.small.split().freeze());
        }
    }

    fn batch(mut self, is_last: bool) -> Batch {
        self.flush();
        Batch { pieces: self.pieces, is_last }
    }
}

#[cfg(test)]
mod tests {
    use futures_util::{FutureExt, stream};
    use wharf_connector::Content;

    use super::*;

    fn batches(lengths: &[usize]) -> Vec<Vec<usize>> {
        let total: usize = lengths.iter().sum();
        let all: Vec<u8> = (0..total).map(|n| (n % 251) as u8).collect();
        let mut rest = Bytes::from(all.clone());
        let pieces: Vec<_> = lengths.iter().map(|length| Ok(rest.split_to(*length))).collect();
        let content = Content::stream(stream::iter(pieces), Some(total as u64));
        let mut gather = Gather::new(content.into_stream());
        let (mut shape, mut seen) = (Vec::new(), Vec::<u8>::new());
        loop {
            let batch = gather.next().now_or_never().unwrap().unwrap();
            seen.extend(batch.pieces.iter().flatten());
            shape.push(batch.pieces.iter().map(Bytes::len).collect());
            if batch.is_last {
                assert_eq!(seen, all);
                return shape;
            }
        }
    }

    #[test]
    fn small_pieces_are_joined_and_large_ones_left_alone() {
        assert_eq!(batches(&[]), [Vec::<usize>::new()]);
        assert_eq!(batches(&[1, 2, 3]), [[6]]);
        assert_eq!(batches(&[1, 9000, 2, 3, 9000, 4]), [[1, 9000, 5, 9000, 4]]);
        assert_eq!(batches(&[BATCH, 1]), [[BATCH], [1]]);
        assert_eq!(batches(&[BATCH]), [vec![BATCH], vec![]]);
        assert_eq!(batches(&[BATCH - 1, 1, 5]), [vec![BATCH - 1, 1], vec![5]]);
    }
}
