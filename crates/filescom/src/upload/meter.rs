//! A part on its way out: counted, summed up, and its failure kept for whoever asked.

use std::io;
use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use futures_util::stream::{self, StreamExt};
use wharf_connector::ContentStream;

use crate::sums::Sums;

/// What became of the last reading of a part.
#[derive(Debug, Clone, Default)]
pub(super) struct Reading(Arc<Mutex<State>>);

#[derive(Debug, Default)]
struct State {
    sums: Option<PartSums>,
    failure: Option<io::Error>,
}

/// Sums of one part, and those of the whole up to its end where they are taken in order.
#[derive(Debug, Clone, Default)]
pub(super) struct PartSums {
    pub(super) part: Sums,
    pub(super) whole: Sums,
}

impl Reading {
    /// The sums, once the part was read to its end.
    pub(super) fn take_sums(&self) -> Option<PartSums> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).sums.take()
    }

    /// Why the content could not be read, if that is what went wrong.
    pub(super) fn take_failure(&self) -> Option<io::Error> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).failure.take()
    }

    pub(super) fn end(&self, sums: PartSums) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).sums = Some(sums);
    }

    /// Keeps the true error; what is passed on only says that there was one.
    pub(super) fn fail(&self, error: io::Error) -> io::Error {
        let kind = error.kind();
        self.0.lock().unwrap_or_else(PoisonError::into_inner).failure = Some(error);
        io::Error::new(kind, "the content could not be read")
    }
}

/// The first `length` bytes of `stream`. If they are the last of the content, it must end there.
pub(super) fn metered(
    stream: ContentStream,
    length: u64,
    is_last: bool,
    sums: PartSums,
    reading: Reading,
) -> ContentStream {
    let meter = Meter { stream, left: length, is_last, sums, reading, done: false };
    let next = |mut meter: Meter| async move { meter.next().await.map(|item| (item, meter)) };
    stream::unfold(meter, next).boxed()
}

struct Meter {
    stream: ContentStream,
    left: u64,
    is_last: bool,
    sums: PartSums,
    reading: Reading,
    done: bool,
}

impl Meter {
    async fn next(&mut self) -> Option<io::Result<Bytes>> {
        if self.done {
            return None;
        }
        let item = self.read().await;
        self.done = self.left == 0 || item.is_err();
        Some(item.map_err(|error| self.reading.fail(error)))
    }

    async fn read(&mut self) -> io::Result<Bytes> {
        let mut block = match next_block(&mut self.stream).await? {
            Some(block) => block,
            None => return Err(changed("ended too early")),
        };
        if block.len() as u64 > self.left {
            if self.is_last {
                return Err(changed("grew"));
            }
            block.truncate(usize::try_from(self.left).unwrap_or(usize::MAX));
        }
        self.left -= block.len() as u64;
        self.sums.part.update(&block);
        self.sums.whole.update(&block);
        if self.left == 0 {
            if self.is_last && next_block(&mut self.stream).await?.is_some() {
                return Err(changed("grew"));
            }
            self.reading.end(std::mem::take(&mut self.sums));
        }
        Ok(block)
    }
}

/// The next block that is not empty.
pub(super) async fn next_block(stream: &mut ContentStream) -> io::Result<Option<Bytes>> {
    while let Some(block) = stream.next().await {
        let block = block?;
        if !block.is_empty() {
            return Ok(Some(block));
        }
    }
    Ok(None)
}

pub(super) fn changed(how: &str) -> io::Error {
    let message = format!("the content {how}: it changed while it was read");
    io::Error::new(io::ErrorKind::InvalidData, message)
}

#[cfg(test)]
mod tests {
    use futures_util::TryStreamExt;

    use super::*;

    async fn read(blocks: &[&'static str], length: u64, is_last: bool) -> Result<String, String> {
        let items: Vec<_> = blocks.iter().map(|text| Ok(Bytes::from(*text))).collect();
        let reading = Reading::default();
        let stream = stream::iter(items).boxed();
        let metered = metered(stream, length, is_last, PartSums::default(), reading.clone());
        let read: Result<Vec<Bytes>, _> = metered.try_collect().await;
        match read {
            Ok(blocks) => {
                assert!(reading.take_sums().is_some());
                Ok(String::from_utf8(blocks.concat()).unwrap())
            }
            Err(_) => Err(reading.take_failure().unwrap().to_string()),
        }
    }

    #[tokio::test]
    async fn a_part_is_cut_and_the_last_one_must_end() {
        assert_eq!(read(&["ab", "", "cd"], 3, false).await.unwrap(), "abc");
        assert_eq!(read(&["ab", "cd"], 4, true).await.unwrap(), "abcd");
        assert_eq!(read(&["ab", "cd", ""], 4, true).await.unwrap(), "abcd");
        assert!(read(&["ab", "cd"], 3, true).await.unwrap_err().contains("grew"));
        assert!(read(&["abc", "d"], 3, true).await.unwrap_err().contains("grew"));
        for is_last in [true, false] {
            assert!(read(&["ab"], 3, is_last).await.unwrap_err().contains("too early"));
        }
    }
}
