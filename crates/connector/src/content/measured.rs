//! A content that must have the size it declared.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use futures_util::{Stream, StreamExt};

use super::ContentStream;

/// Ends in an error when the stream yields fewer or more bytes than were declared.
pub(super) struct Measured {
    stream: ContentStream,
    declared: Option<u64>,
    seen: u64,
    ended: bool,
}

impl Measured {
    pub(super) fn new(stream: ContentStream, declared: Option<u64>) -> Self {
        Self { stream, declared, seen: 0, ended: false }
    }

    fn end_with(&mut self, declared: u64, how: &str) -> Poll<Option<io::Result<Bytes>>> {
        self.ended = true;
        let message = format!(
            "the source {how} the {declared} bytes it declared: it changed while it was read"
        );
        Poll::Ready(Some(Err(io::Error::new(io::ErrorKind::InvalidData, message))))
    }
}

impl Stream for Measured {
    type Item = io::Result<Bytes>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        if self.ended {
            return Poll::Ready(None);
        }
        let item = ready!(self.stream.poll_next_unpin(cx));
        if let Some(Ok(bytes)) = &item {
            self.seen += bytes.len() as u64;
        }
        match (&item, self.declared) {
            (Some(Ok(_)), Some(declared)) if self.seen > declared => {
                self.end_with(declared, "has more than")
            }
            (None, Some(declared)) if self.seen < declared => {
                self.end_with(declared, "ended before")
            }
            _ => Poll::Ready(item),
        }
    }
}

#[cfg(test)]
mod tests {
    use futures_util::{FutureExt, TryStreamExt, stream};

    use super::super::Content;
    use super::*;

    #[test]
    fn a_range_is_exactly_that() {
        let open = |offset: u64, _| {
            let bytes = b"abcdef".iter().skip(offset as usize);
            let bytes: Vec<_> = bytes.map(|byte| Ok(Bytes::copy_from_slice(&[*byte]))).collect();
            std::future::ready(Ok(stream::iter(bytes)))
        };
        for (size, range, want) in [
            (Some(6), 1..3, Some("bc")),
            (Some(6), 4..6, Some("ef")),
            (None, 0..0, Some("")),
            (None, 2..5, Some("cde")),
            (None, 4..9, None),
            (Some(5), 3..5, None),
        ] {
            let content = Content::reopenable_ranges(open, size);
            let read = content.open_range(range.clone()).now_or_never().unwrap().unwrap();
            let read = read.try_collect::<Vec<_>>().now_or_never().unwrap();
            let read = read.ok().map(|pieces| String::from_utf8(pieces.concat()).unwrap());
            assert_eq!(read.as_deref(), want, "{size:?} {range:?}");
        }
    }

    #[test]
    fn another_size_than_declared_is_an_error() {
        for (declared, fits) in [(Some(4), true), (None, true), (Some(3), false), (Some(5), false)]
        {
            let bytes =
                stream::iter([Ok(Bytes::from_static(b"ab")), Ok(Bytes::from_static(b"cd"))]);
            let stream = Content::stream(bytes, declared).into_stream();
            let read = stream.try_collect::<Vec<_>>().now_or_never().unwrap();
            assert_eq!(read.is_ok(), fits, "{declared:?}");
        }
    }
}
