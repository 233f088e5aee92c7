//! What a caller writes.

use std::fmt;
use std::io;
use std::ops::Range;
use std::sync::{Arc, Mutex, PoisonError};

use bytes::{Bytes, BytesMut};
use futures_util::future::{BoxFuture, FutureExt, TryFutureExt, ready};
use futures_util::stream::{self, BoxStream, StreamExt};
use futures_util::{Stream, TryStreamExt};

use crate::{Error, ErrorKind, Result};

mod chunks;
mod measured;

pub use chunks::Chunks;
use measured::Measured;

/// The bytes of a content on their way up.
pub type ContentStream = BoxStream<'static, io::Result<Bytes>>;

/// What [`Connector::write`](crate::Connector::write) stores: bytes, a stream that can be
/// read once, or a source that can be read again from any offset.
///
/// A source that can be read again is worth having: its parts are streamed and repeated
/// without being held in memory. A stream that can be read once is buffered part by part.
///
/// ```
/// use wharf_connector::Content;
///
/// let content = Content::from("a;b\n");
/// assert_eq!(content.size(), Some(4));
/// assert!(content.is_reopenable());
/// ```
pub struct Content {
    source: Source,
    size: Option<u64>,
}

enum Source {
    Bytes(Bytes),
    /// Nobody locks it: it makes a content one that can be shared between threads.
    Once(Mutex<ContentStream>),
    Reopenable(Opener),
}

/// From an offset, and up to an end if there is one.
type Opener =
    Arc<dyn Fn(u64, Option<u64>) -> BoxFuture<'static, io::Result<ContentStream>> + Send + Sync>;

impl Content {
    /// No bytes: an empty file.
    pub fn empty() -> Self {
        Bytes::new().into()
    }

    /// A stream that can be read once, and its size if that is known.
    ///
    /// A stream that yields another number of bytes than it declared fails the write.
    pub fn stream<S>(stream: S, size: Option<u64>) -> Self
    where
        S: Stream<Item = io::Result<Bytes>> + Send + 'static,
    {
        Self { source: Source::Once(Mutex::new(stream.boxed())), size }
    }

    /// A source that can be read again: `open` gives a stream from an offset to the end.
    pub fn reopenable<F, Fut, S>(open: F, size: Option<u64>) -> Self
    where
        F: Fn(u64) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = io::Result<S>> + Send + 'static,
        S: Stream<Item = io::Result<Bytes>> + Send + 'static,
    {
        Self::reopenable_ranges(move |offset, _| open(offset), size)
    }

    /// As [`reopenable`](Self::reopenable), for a source that can also be told where to stop:
    /// `open` gives a stream from an offset up to an end, if one is given. A stream that goes on
    /// behind its end is cut there.
    pub fn reopenable_ranges<F, Fut, S>(open: F, size: Option<u64>) -> Self
    where
        F: Fn(u64, Option<u64>) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = io::Result<S>> + Send + 'static,
        S: Stream<Item = io::Result<Bytes>> + Send + 'static,
    {
        let open =
            move |offset, end| open(offset, end).map(|opened| opened.map(StreamExt::boxed)).boxed();
        Self { source: Source::Reopenable(Arc::new(open)), size }
    }

    /// A file of this machine, with the size that it has now.
    ///
    /// It is read while it is sent. If it grows or shrinks meanwhile, the write fails.
    ///
    /// # Errors
    ///
    /// The file cannot be found or looked at, or is no regular file.
    #[cfg(feature = "fs")]
    pub async fn file(path: impl Into<std::path::PathBuf>) -> io::Result<Self> {
        let path = path.into();
        let metadata = tokio::fs::metadata(&path).await?;
        if !metadata.is_file() {
            let what = format!("{} is not a regular file", path.display());
            return Err(io::Error::new(io::ErrorKind::InvalidInput, what));
        }
        let open = move |offset, end| open_file(path.clone(), offset, end);
        Ok(Self::reopenable_ranges(open, Some(metadata.len())))
    }

    /// Size in bytes, if it is known.
    pub fn size(&self) -> Option<u64> {
        self.size
    }

    /// Whether it can be read more than once, and from any offset.
    pub fn is_reopenable(&self) -> bool {
        !matches!(self.source, Source::Once(_))
    }

    /// Another handle on the same content; none for a stream that can be read once.
    pub fn try_clone(&self) -> Option<Self> {
        let source = match &self.source {
            Source::Bytes(bytes) => Source::Bytes(bytes.clone()),
            Source::Reopenable(open) => Source::Reopenable(open.clone()),
            Source::Once(_) => return None,
        };
        Some(Self { source, size: self.size })
    }

    /// A fresh stream from `offset` to the end.
    ///
    /// If the size is known, the stream ends in an error should it turn out to be another.
    ///
    /// # Errors
    ///
    /// `Unsupported` for a stream that can be read once; otherwise whatever the source
    /// answers.
    pub fn open_at(&self, offset: u64) -> BoxFuture<'static, io::Result<ContentStream>> {
        let left = self.size.map(|size| size.saturating_sub(offset));
        let opening = match &self.source {
            Source::Bytes(bytes) => {
                let start = usize::try_from(offset).unwrap_or(usize::MAX).min(bytes.len());
                ready(Ok(one(bytes.slice(start..)))).boxed()
            }
            Source::Reopenable(open) => open(offset, None),
            Source::Once(_) => ready(Err(io::ErrorKind::Unsupported.into())).boxed(),
        };
        opening.map_ok(move |stream| Measured::new(stream, left).boxed()).boxed()
    }

    /// A fresh stream of the bytes of `range`, which yields exactly them or ends in an error.
    ///
    /// The source is told where to stop, if it can be: several ranges of a source on another
    /// machine may be read at the same time, and no connection is broken off. A range that
    /// reaches to the declared size is [`open_at`](Self::open_at): it also notices a source that
    /// goes on behind it.
    ///
    /// ```
    /// # use wharf_connector::Content;
    /// # use futures_util::TryStreamExt;
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> std::io::Result<()> {
    /// let content = Content::from("a;b\n1;2\n");
    /// let line: Vec<_> = content.open_range(4..7).await?.try_collect().await?;
    /// assert_eq!(line.concat(), b"1;2");
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    ///
    /// As [`open_at`](Self::open_at), and `InvalidInput` for a range that reaches beyond the
    /// declared size.
    pub fn open_range(&self, range: Range<u64>) -> BoxFuture<'static, io::Result<ContentStream>> {
        let Range { start, end } = range;
        match self.size {
            Some(size) if end > size => {
                return ready(Err(io::ErrorKind::InvalidInput.into())).boxed();
            }
            Some(size) if end == size => return self.open_at(start),
            _ => {}
        }
        let length = end.saturating_sub(start);
        let opening = match &self.source {
            Source::Reopenable(open) => open(start, Some(end)),
            _ => self.open_at(start),
        };
        opening
            .map_ok(move |stream| Measured::new(cut(stream, length), Some(length)).boxed())
            .boxed()
    }

    /// The whole content as one stream, checked against the declared size.
    pub fn into_stream(self) -> ContentStream {
        let stream = match self.source {
            Source::Bytes(bytes) => one(bytes),
            Source::Once(stream) => stream.into_inner().unwrap_or_else(PoisonError::into_inner),
            Source::Reopenable(open) => {
                stream::once(async move { open(0, None).await }).try_flatten().boxed()
            }
        };
        Measured::new(stream, self.size).boxed()
    }

    /// The whole content, held in memory, for backends that keep small things.
    ///
    /// # Errors
    ///
    /// `TooLarge` when there are more than `limit` bytes; `Invalid` when the source fails.
    pub async fn bytes(self, limit: u64) -> Result<Bytes> {
        let mut stream = self.into_stream();
        let mut all = BytesMut::new();
        while let Some(bytes) = stream.next().await {
            all.extend_from_slice(&bytes.map_err(Error::unreadable_content)?);
            if all.len() as u64 > limit {
                let message = format!("the content is larger than {limit} bytes");
                return Err(Error::new(ErrorKind::TooLarge, message));
            }
        }
        Ok(all.freeze())
    }

    /// The whole content in blocks of exactly `size` bytes, the last one shorter.
    pub fn into_chunks(self, size: usize) -> Chunks {
        Chunks::new(self.into_stream(), size)
    }
}

impl fmt::Debug for Content {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let source = match self.source {
            Source::Bytes(_) => "bytes",
            Source::Once(_) => "stream, read once",
            Source::Reopenable(_) => "source, read from any offset",
        };
        f.debug_struct("Content").field("source", &source).field("size", &self.size).finish()
    }
}

impl From<Bytes> for Content {
    fn from(bytes: Bytes) -> Self {
        let size = Some(bytes.len() as u64);
        Self { source: Source::Bytes(bytes), size }
    }
}

impl From<Vec<u8>> for Content {
    fn from(bytes: Vec<u8>) -> Self {
        Bytes::from(bytes).into()
    }
}

impl From<String> for Content {
    fn from(text: String) -> Self {
        Bytes::from(text).into()
    }
}

impl From<&'static str> for Content {
    fn from(text: &'static str) -> Self {
        Bytes::from_static(text.as_bytes()).into()
    }
}

impl From<&'static [u8]> for Content {
    fn from(bytes: &'static [u8]) -> Self {
        Bytes::from_static(bytes).into()
    }
}

/// The first `length` bytes.
fn cut(stream: ContentStream, length: u64) -> ContentStream {
    stream::try_unfold((stream, length), |(mut stream, left)| async move {
        if left == 0 {
            return Ok(None);
        }
        let Some(mut bytes) = stream.next().await.transpose()? else {
            return Ok(None);
        };
        bytes.truncate(usize::try_from(left).unwrap_or(usize::MAX));
        let left = left - bytes.len() as u64;
        Ok(Some((bytes, (stream, left))))
    })
    .boxed()
}

fn one(bytes: Bytes) -> ContentStream {
    if bytes.is_empty() {
        return stream::empty().boxed();
    }
    stream::once(std::future::ready(Ok(bytes))).boxed()
}

#[cfg(feature = "fs")]
async fn open_file(
    path: std::path::PathBuf,
    offset: u64,
    end: Option<u64>,
) -> io::Result<ContentStream> {
    use tokio::io::{AsyncReadExt, AsyncSeekExt};
    let mut file = tokio::fs::File::open(path).await?;
    file.seek(io::SeekFrom::Start(offset)).await?;
    file.set_max_buf_size(READ_BLOCK);
    let file = file.take(end.map_or(u64::MAX, |end| end.saturating_sub(offset)));
    Ok(stream::try_unfold(file, |mut file| async move {
        let mut block = bytes::BytesMut::with_capacity(READ_BLOCK);
        let read = file.read_buf(&mut block).await?;
        Ok((read > 0).then(|| (block.freeze(), file)))
    })
    .boxed())
}

/// Files are read in blocks of this many bytes.
#[cfg(feature = "fs")]
const READ_BLOCK: usize = 256 * 1024;
