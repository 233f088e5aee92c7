//! What a caller reads.

use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::{Bytes, BytesMut};
use futures_util::{Stream, StreamExt, stream};

use crate::{ByteStream, Entry, Error, ErrorKind, Info, Operation, RemotePath, Result};

/// A file, or a range of it, on its way down.
///
/// The stream yields exactly [`length`](Self::length) bytes when that is known, or ends in
/// an [`Interrupted`](ErrorKind::Interrupted) error: never a short file.
#[non_exhaustive]
pub struct Download {
    /// The file as the service described it when the download began.
    pub entry: Entry,
    /// Where in the file the first byte stands.
    pub offset: u64,
    /// Number of bytes that will come, if it is known. Some services mount servers of
    /// others and cannot tell; then the end of the stream is all there is to go by.
    pub length: Option<u64>,
    body: ByteStream,
}

impl Download {
    /// Wraps a body, guarded so that a short or long one is an error.
    pub fn new(
        info: &Info,
        entry: Entry,
        offset: u64,
        length: Option<u64>,
        body: ByteStream,
    ) -> Self {
        let body = match length {
            Some(length) => Guarded {
                body,
                expected: length,
                seen: 0,
                ended: false,
                path: entry.path.clone(),
                scheme: info.scheme,
            }
            .boxed(),
            None => body,
        };
        Self { entry, offset, length, body }
    }

    /// A whole file that is in memory already.
    pub fn of_bytes(info: &Info, entry: Entry, bytes: Bytes) -> Self {
        let length = Some(bytes.len() as u64);
        let body = stream::iter((!bytes.is_empty()).then_some(Ok(bytes))).boxed();
        Self::new(info, entry, 0, length, body)
    }

    /// The bytes, as they come.
    pub fn into_stream(self) -> ByteStream {
        self.body
    }

    /// All bytes at once.
    ///
    /// # Errors
    ///
    /// `TooLarge` when there are more than `limit`; otherwise whatever the stream ends in.
    pub async fn bytes(mut self, limit: u64) -> Result<Bytes> {
        let path = self.entry.path.clone();
        let mut all = BytesMut::new();
        if self.length.is_some_and(|length| length > limit) {
            return Err(too_large(limit, &path));
        }
        while let Some(bytes) = self.body.next().await {
            all.extend_from_slice(&bytes?);
            if all.len() as u64 > limit {
                return Err(too_large(limit, &path));
            }
        }
        Ok(all.freeze())
    }

    /// The same download with its entry changed, for connectors that wrap another.
    #[must_use]
    pub fn map_entry(mut self, change: impl FnOnce(Entry) -> Entry) -> Self {
        self.entry = change(self.entry);
        self
    }

    /// The same download with its stream changed, for connectors that wrap another.
    #[must_use]
    pub fn map_stream(mut self, change: impl FnOnce(ByteStream) -> ByteStream) -> Self {
        self.body = change(self.body);
        self
    }
}

impl fmt::Debug for Download {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Download")
            .field("path", &self.entry.path)
            .field("offset", &self.offset)
            .field("length", &self.length)
            .finish_non_exhaustive()
    }
}

fn too_large(limit: u64, path: &RemotePath) -> Error {
    Error::new(ErrorKind::TooLarge, format!("the content is larger than {limit} bytes"))
        .during(Operation::Read, path)
}

struct Guarded {
    body: ByteStream,
    expected: u64,
    seen: u64,
    ended: bool,
    path: RemotePath,
    scheme: &'static str,
}

impl Guarded {
    fn end_with(&mut self, kind: ErrorKind, message: String) -> Poll<Option<Result<Bytes>>> {
        self.ended = true;
        let error = Error::new(kind, message).of(self.scheme).during(Operation::Read, &self.path);
        Poll::Ready(Some(Err(error)))
    }
}

impl Stream for Guarded {
    type Item = Result<Bytes>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        if self.ended {
            return Poll::Ready(None);
        }
        let (expected, item) = (self.expected, ready!(self.body.poll_next_unpin(cx)));
        match item {
            Some(Ok(bytes)) => {
                self.seen += bytes.len() as u64;
                if self.seen > expected {
                    let message = format!("more than the {expected} bytes announced arrived");
                    return self.end_with(ErrorKind::Protocol, message);
                }
                Poll::Ready(Some(Ok(bytes)))
            }
            Some(Err(error)) => {
                self.ended = true;
                Poll::Ready(Some(Err(error.during(Operation::Read, &self.path))))
            }
            None if self.seen < expected => {
                let message = format!("only {} of {expected} bytes arrived", self.seen);
                self.end_with(ErrorKind::Interrupted, message)
            }
            None => Poll::Ready(None),
        }
    }
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt;

    use super::*;

    fn read(length: Option<u64>, pieces: &'static [&'static str]) -> Result<Bytes> {
        let info = Info::new("test", "test");
        let entry = Entry::file(RemotePath::new("/f").unwrap());
        let body =
            stream::iter(pieces.iter().map(|p| Ok(Bytes::from_static(p.as_bytes())))).boxed();
        Download::new(&info, entry, 0, length, body).bytes(100).now_or_never().unwrap()
    }

    #[test]
    fn a_body_of_another_length_is_an_error() {
        assert_eq!(read(Some(4), &["ab", "cd"]).unwrap(), "abcd");
        assert_eq!(read(None, &["ab"]).unwrap(), "ab");
        assert_eq!(read(Some(0), &[]).unwrap(), "");
        let short = read(Some(5), &["ab", "cd"]).unwrap_err();
        assert_eq!(short.kind(), ErrorKind::Interrupted);
        assert!(short.to_string().contains("/f"), "{short}");
        assert_eq!(read(Some(3), &["ab", "cd"]).unwrap_err().kind(), ErrorKind::Protocol);
    }

    #[test]
    fn a_limit_bounds_what_is_collected() {
        let error = read(Some(101), &[]).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::TooLarge);
    }
}
