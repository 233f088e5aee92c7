//! What a request carries: nothing, bytes, a stream that can be opened again, or one that cannot.

mod exact;
mod multipart;
mod upload;

use std::fmt;
use std::future::Future;
use std::io;
use std::ops::Range;
use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use futures_util::future::BoxFuture;
use futures_util::stream::{self, BoxStream};
use futures_util::{FutureExt, StreamExt, TryFutureExt, TryStreamExt};

use exact::Exact;
pub use multipart::Multipart;
pub(crate) use upload::{PIECE, Upload};

/// Content on its way out. Items of any size; errors are those of the source, such as a file.
pub type ContentStream = BoxStream<'static, io::Result<Bytes>>;

type Open = Arc<dyn Fn(u64) -> BoxFuture<'static, io::Result<ContentStream>> + Send + Sync>;

/// The body of a request.
///
/// Whenever the length is known it is announced as `Content-Length` and kept: a source that turns
/// out shorter or longer fails the request instead of sending something else. Only a stream of
/// unknown length is sent with chunked coding.
///
/// ```
/// use wharf_transport::Body;
///
/// let body = Body::from("hello");
/// assert_eq!(body.length(), Some(5));
/// assert!(body.can_replay());
/// ```
#[derive(Default)]
pub struct Body(Inner);

#[derive(Default)]
enum Inner {
    #[default]
    Empty,
    Bytes(Bytes),
    Window {
        range: Range<u64>,
        open: Open,
    },
    OneShot {
        slot: Arc<Mutex<Option<ContentStream>>>,
        length: Option<u64>,
    },
    Multipart(Box<Multipart>),
}

impl Body {
    /// No body.
    pub fn empty() -> Self {
        Self::default()
    }

    /// A part of something that can be read again: the bytes of `range`, which `open` begins to
    /// read at the offset it is given.
    ///
    /// The stream may go on beyond the end of the range; what is beyond is not read. This is the
    /// form for parts of files: nothing is held in memory, and a repeat simply opens again.
    ///
    /// ```
    /// use futures_util::{StreamExt, stream};
    /// use wharf_transport::{Body, Bytes};
    ///
    /// let file = Bytes::from_static(b"0123456789");
    /// let part = Body::window(4..8, move |offset| {
    ///     let rest = file.slice(offset as usize..);
    ///     async move { Ok(stream::iter([Ok(rest)]).boxed()) }
    /// });
    /// assert_eq!(part.length(), Some(4));
    /// assert!(part.can_replay());
    /// ```
    pub fn window<F, Fut>(range: Range<u64>, open: F) -> Self
    where
        F: Fn(u64) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = io::Result<ContentStream>> + Send + 'static,
    {
        let open: Open = Arc::new(move |offset| open(offset).boxed());
        Self(Inner::Window { range, open })
    }

    /// A whole source of `length` bytes that can be read again: [`Body::window`] from its start.
    pub fn replayable<F, Fut>(length: u64, open: F) -> Self
    where
        F: Fn(u64) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = io::Result<ContentStream>> + Send + 'static,
    {
        Self::window(0..length, open)
    }

    /// A stream that can be read once only. Once it was begun, the request cannot be repeated.
    pub fn stream(
        stream: impl futures_util::Stream<Item = io::Result<Bytes>> + Send + 'static,
        length: Option<u64>,
    ) -> Self {
        let slot = Arc::new(Mutex::new(Some(stream.boxed())));
        Self(Inner::OneShot { slot, length })
    }

    /// The number of bytes, if known.
    pub fn length(&self) -> Option<u64> {
        match &self.0 {
            Inner::Empty => Some(0),
            Inner::Bytes(bytes) => Some(bytes.len() as u64),
            Inner::Window { range, .. } => Some(range.end.saturating_sub(range.start)),
            Inner::OneShot { length, .. } => *length,
            Inner::Multipart(form) => form.length(),
        }
    }

    /// The bytes, if they are all in memory.
    pub fn as_bytes(&self) -> Option<&Bytes> {
        match &self.0 {
            Inner::Bytes(bytes) => Some(bytes),
            _ => None,
        }
    }

    /// The form, if this is one.
    pub fn as_multipart(&self) -> Option<&Multipart> {
        match &self.0 {
            Inner::Multipart(form) => Some(form),
            _ => None,
        }
    }

    pub(crate) fn as_multipart_mut(&mut self) -> Option<&mut Multipart> {
        match &mut self.0 {
            Inner::Multipart(form) => Some(form),
            _ => None,
        }
    }

    /// Whether there is nothing to send, and no length to announce.
    pub fn is_empty(&self) -> bool {
        matches!(self.0, Inner::Empty)
    }

    /// Whether the body can be sent (again): false only for a one-shot stream that was begun.
    pub fn can_replay(&self) -> bool {
        match &self.0 {
            Inner::OneShot { slot, .. } => lock(slot).is_some(),
            Inner::Multipart(form) => form.can_replay(),
            _ => true,
        }
    }

    /// A second body with the same content, or `None` for a one-shot stream that was begun.
    ///
    /// Nothing is copied: bytes are shared, sources opened again. A one-shot stream that was *not*
    /// begun is shared too, and whoever is sent first reads it.
    pub fn replay(&self) -> Option<Self> {
        if !self.can_replay() {
            return None;
        }
        Some(Self(match &self.0 {
            Inner::Empty => Inner::Empty,
            Inner::Bytes(bytes) => Inner::Bytes(bytes.clone()),
            Inner::Window { range, open } => {
                Inner::Window { range: range.clone(), open: Arc::clone(open) }
            }
            Inner::OneShot { slot, length } => {
                Inner::OneShot { slot: Arc::clone(slot), length: *length }
            }
            Inner::Multipart(form) => Inner::Multipart(Box::new(form.replay()?)),
        }))
    }

    /// The content as a stream that yields exactly [`length`](Self::length) bytes, where that is
    /// known, or ends in an error.
    pub fn into_stream(self) -> ContentStream {
        match self.0 {
            Inner::Empty => stream::empty().boxed(),
            Inner::Bytes(bytes) => stream::iter([Ok(bytes)]).boxed(),
            Inner::Window { range, open } => {
                let length = range.end.saturating_sub(range.start);
                let content = open(range.start).try_flatten_stream();
                Exact::window(content.boxed(), length).boxed()
            }
            Inner::OneShot { slot, length } => {
                let content = stream::once(async move {
                    lock(&slot)
                        .take()
                        .ok_or_else(|| io::Error::other("the content was already sent"))
                })
                .try_flatten()
                .boxed();
                match length {
                    Some(length) => Exact::whole(content, length).boxed(),
                    None => content,
                }
            }
            Inner::Multipart(form) => form.into_stream(),
        }
    }
}

impl From<Bytes> for Body {
    fn from(bytes: Bytes) -> Self {
        Self(Inner::Bytes(bytes))
    }
}

impl From<Vec<u8>> for Body {
    fn from(bytes: Vec<u8>) -> Self {
        Bytes::from(bytes).into()
    }
}

impl From<String> for Body {
    fn from(text: String) -> Self {
        Bytes::from(text).into()
    }
}

impl From<&'static str> for Body {
    fn from(text: &'static str) -> Self {
        Bytes::from_static(text.as_bytes()).into()
    }
}

impl From<Multipart> for Body {
    fn from(form: Multipart) -> Self {
        Self(Inner::Multipart(Box::new(form)))
    }
}

/// Prints kind and length, never the content.
impl fmt::Debug for Body {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Inner::Empty => f.write_str("Empty"),
            Inner::Bytes(bytes) => write!(f, "Bytes({})", bytes.len()),
            Inner::Window { range, .. } => write!(f, "Window({}..{})", range.start, range.end),
            Inner::OneShot { length, .. } => write!(f, "OneShot({length:?})"),
            Inner::Multipart(form) => form.fmt(f),
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
