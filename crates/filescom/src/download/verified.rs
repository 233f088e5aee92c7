//! A download whose last bytes are given out only if its checksum is right.

use bytes::Bytes;
use futures_util::stream::{self, BoxStream, StreamExt};
use wharf_connector::{Checksums, ErrorKind, Reached};

use crate::error::{Error, Result};
use crate::sums::{Sums, Wanted, difference};

/// Compares what passes with `expected` as soon as `length` bytes have passed, or at the end.
pub(super) fn verified(
    body: BoxStream<'static, Result<Bytes>>,
    wanted: Wanted,
    expected: Checksums,
    length: Option<u64>,
) -> BoxStream<'static, Result<Bytes>> {
    let check = Check { body, sums: Some(Sums::new(wanted)), expected, left: length };
    let next = |mut check: Check| async move { check.next().await.map(|item| (item, check)) };
    stream::unfold(check, next).boxed()
}

struct Check {
    body: BoxStream<'static, Result<Bytes>>,
    /// None once it was compared.
    sums: Option<Sums>,
    expected: Checksums,
    left: Option<u64>,
}

impl Check {
    async fn next(&mut self) -> Option<Result<Bytes>> {
        let block = match self.body.next().await {
            Some(Ok(block)) => block,
            Some(Err(error)) => {
                self.sums = None;
                return Some(Err(error));
            }
            None => return self.compare().err().map(Err),
        };
        if let Some(sums) = &mut self.sums {
            sums.update(&block);
        }
        if let Some(left) = &mut self.left {
            *left = left.saturating_sub(block.len() as u64);
            if *left == 0 {
                return Some(self.compare().map(|()| block));
            }
        }
        Some(Ok(block))
    }

    fn compare(&mut self) -> Result<()> {
        let Some(sums) = self.sums.take() else {
            return Ok(());
        };
        let sums = sums.finish();
        if sums.agree(&self.expected) != Some(false) {
            return Ok(());
        }
        let message = format!(
            "the bytes that arrived are not those of the file: {}",
            difference(&sums, &self.expected)
        );
        Err(Error::new(ErrorKind::Corrupted, message).with_reached(Reached::No))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn read(length: Option<u64>, crc32: u32) -> (usize, Option<ErrorKind>) {
        let blocks = [Ok(Bytes::from_static(b"a")), Ok(Bytes::from_static(b"bc"))];
        let mut expected = Checksums::default();
        expected.crc32 = Some(crc32);
        let wanted = Wanted::of(&expected);
        let mut body = verified(stream::iter(blocks).boxed(), wanted, expected, length);
        let mut passed = 0;
        while let Some(item) = body.next().await {
            match item {
                Ok(block) => passed += block.len(),
                Err(error) => return (passed, Some(error.kind())),
            }
        }
        (passed, None)
    }

    #[tokio::test]
    async fn the_last_bytes_come_only_if_the_sum_is_right() {
        for length in [Some(3), None] {
            assert_eq!(read(length, 0x3524_41c2).await, (3, None));
        }
        assert_eq!(read(Some(3), 1).await, (1, Some(ErrorKind::Corrupted)));
        assert_eq!(read(None, 1).await, (3, Some(ErrorKind::Corrupted)));
    }
}
