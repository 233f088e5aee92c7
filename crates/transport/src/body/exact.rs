//! A stream that keeps to its announced length.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use futures_util::Stream;

use super::ContentStream;

/// Yields exactly so many bytes or ends in an error.
pub(super) struct Exact {
    content: ContentStream,
    length: u64,
    left: u64,
    /// What may follow the last byte: more of the file (a window), or nothing (the whole).
    may_go_on: bool,
    /// The last block, held back until the source has shown that it ends there.
    held: Option<Bytes>,
    done: bool,
}

impl Exact {
    /// The first `length` bytes of a source that may be longer.
    pub(super) fn window(content: ContentStream, length: u64) -> Self {
        Self { content, length, left: length, may_go_on: true, held: None, done: false }
    }

    /// A source that must be `length` bytes long. One that is longer is found out before its last
    /// announced byte is passed on, so that the receiver never takes a part for the whole.
    pub(super) fn whole(content: ContentStream, length: u64) -> Self {
        Self { may_go_on: false, ..Self::window(content, length) }
    }

    fn fail(&mut self, kind: io::ErrorKind, message: String) -> Poll<Option<io::Result<Bytes>>> {
        self.done = true;
        Poll::Ready(Some(Err(io::Error::new(kind, message))))
    }
}

impl Stream for Exact {
    type Item = io::Result<Bytes>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = &mut *self;
        loop {
            if this.done || (this.left == 0 && this.may_go_on) {
                return Poll::Ready(None);
            }
            let block = match ready!(this.content.as_mut().poll_next(cx)) {
                Some(Ok(block)) if block.is_empty() => continue,
                Some(Ok(block)) => block,
                Some(Err(error)) => {
                    this.done = true;
                    return Poll::Ready(Some(Err(error)));
                }
                None if this.left == 0 => {
                    this.done = true;
                    return Poll::Ready(this.held.take().map(Ok));
                }
                None => {
                    let have = this.length - this.left;
                    let message = format!("content ended after {have} of {} bytes", this.length);
                    return this.fail(io::ErrorKind::UnexpectedEof, message);
                }
            };
            let size = block.len() as u64;
            if size > this.left && !this.may_go_on {
                let message = format!("content is longer than its {} bytes", this.length);
                return this.fail(io::ErrorKind::InvalidData, message);
            }
            let keep = usize::try_from(size.min(this.left)).unwrap_or(usize::MAX);
            this.left -= size.min(this.left);
            let block = block.slice(..keep.min(block.len()));
            if this.left > 0 || this.may_go_on {
                return Poll::Ready(Some(Ok(block)));
            }
            this.held = Some(block);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures_util::{StreamExt, TryStreamExt, stream};

    async fn check(whole: bool, length: u64, blocks: &[&'static str]) -> Result<String, String> {
        let items: Vec<_> =
            blocks.iter().map(|text| Ok(Bytes::from_static(text.as_bytes()))).collect();
        let content = stream::iter(items).boxed();
        let exact =
            if whole { Exact::whole(content, length) } else { Exact::window(content, length) };
        let blocks: Vec<Bytes> = exact.try_collect().await.map_err(|error| error.to_string())?;
        Ok(String::from_utf8(blocks.concat()).unwrap())
    }

    #[tokio::test]
    async fn a_window_cuts_and_a_whole_does_not() {
        assert_eq!(check(false, 3, &["ab", "cd", "ef"]).await.unwrap(), "abc");
        assert_eq!(check(false, 0, &["ab"]).await.unwrap(), "");
        assert_eq!(check(true, 4, &["ab", "", "cd", ""]).await.unwrap(), "abcd");
        assert_eq!(check(true, 0, &[]).await.unwrap(), "");
        assert_eq!(
            check(true, 3, &["ab", "cd"]).await.unwrap_err(),
            "content is longer than its 3 bytes"
        );
        assert_eq!(
            check(true, 2, &["ab", "c"]).await.unwrap_err(),
            "content is longer than its 2 bytes"
        );
        for whole in [true, false] {
            assert_eq!(
                check(whole, 5, &["ab", "cd"]).await.unwrap_err(),
                "content ended after 4 of 5 bytes"
            );
        }
    }
}
