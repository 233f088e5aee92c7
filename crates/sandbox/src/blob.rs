//! Content: immutable bytes, cheap to clone, in memory when small and on disk when large.

mod folder;
mod record;
mod store;
mod writer;

use std::fmt;
use std::io;
use std::ops::Range;
use std::sync::{Arc, OnceLock};

use bytes::{Bytes, BytesMut};
use futures_util::{Stream, TryStreamExt, stream};
use md5::{Digest, Md5};

pub(crate) use self::folder::Folder;
pub(crate) use self::record::Adoption;
use self::store::Extent;
pub(crate) use self::store::Store;
pub(crate) use self::writer::BlobWriter;

/// The content of one file: immutable, cheap to clone.
///
/// The recorded checksums are those of the bytes that were stored. A blob damaged on purpose
/// (see [`crate::FilesCom::corrupt`]) keeps the checksums of the sound bytes.
#[derive(Clone)]
pub struct Blob {
    inner: Arc<Inner>,
}

struct Inner {
    pieces: Vec<Piece>,
    len: u64,
    crc32: u32,
    md5: OnceLock<[u8; 16]>,
}

/// A run of bytes and where in the content it begins.
#[derive(Clone)]
struct Piece {
    start: u64,
    source: Source,
}

#[derive(Clone)]
enum Source {
    Memory(Bytes),
    Stored(Extent),
}

impl Blob {
    /// Content of no bytes.
    #[must_use]
    pub fn empty() -> Self {
        Self::from(Bytes::new())
    }

    /// Length in bytes.
    #[must_use]
    pub fn len(&self) -> u64 {
        self.inner.len
    }

    /// Whether there are no bytes.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.inner.len == 0
    }

    /// The recorded CRC-32 (IEEE).
    #[must_use]
    pub fn crc32(&self) -> u32 {
        self.inner.crc32
    }

    /// The recorded MD5. `None` for content put together from parts until [`Blob::hash`] ran.
    #[must_use]
    pub fn md5(&self) -> Option<[u8; 16]> {
        self.inner.md5.get().copied()
    }

    /// The recorded MD5, computed now if it was not yet known.
    ///
    /// # Errors
    /// When the content cannot be read back from disk.
    pub async fn hash(&self) -> io::Result<[u8; 16]> {
        if let Some(known) = self.md5() {
            return Ok(known);
        }
        let whole = self.read(0..self.len());
        let hasher = whole
            .try_fold(Md5::new(), async |hasher, chunk| {
                tokio::task::spawn_blocking(move || hasher.chain_update(&chunk))
                    .await
                    .map_err(io::Error::other)
            })
            .await?;
        Ok(*self.inner.md5.get_or_init(|| hasher.finalize().into()))
    }

    /// Streams a range of the content in chunks of at most 256 KiB; what lies beyond the end
    /// is left out.
    pub fn read(
        &self,
        range: Range<u64>,
    ) -> impl Stream<Item = io::Result<Bytes>> + Send + Unpin + use<> {
        let end = range.end.min(self.len());
        let from = (self.clone(), range.start);
        Box::pin(stream::try_unfold(from, move |(blob, at)| async move {
            if at >= end {
                return Ok(None);
            }
            let chunk = blob.chunk(at, end).await?;
            let next = at + chunk.len() as u64;
            Ok((!chunk.is_empty()).then_some((chunk, (blob, next))))
        }))
    }

    /// The whole content in memory: for tests, and for content known to be small.
    ///
    /// # Errors
    /// When the content cannot be read back from disk.
    pub async fn bytes(&self) -> io::Result<Bytes> {
        let mut chunks = self.read(0..self.len());
        let mut whole = BytesMut::new();
        while let Some(chunk) = chunks.try_next().await? {
            whole.extend_from_slice(&chunk);
        }
        Ok(whole.freeze())
    }

    /// The parts one after another, as one content, without copying a byte.
    pub(crate) fn concat<'a>(parts: impl IntoIterator<Item = &'a Self>) -> Self {
        let mut crc = crc32fast::Hasher::new();
        let mut pieces = Vec::new();
        let mut len = 0;
        let mut md5 = OnceLock::new();
        for (number, part) in parts.into_iter().enumerate() {
            pieces.extend(
                part.inner
                    .pieces
                    .iter()
                    .map(|piece| Piece { start: len + piece.start, source: piece.source.clone() }),
            );
            let hasher = crc32fast::Hasher::new_with_initial_len(part.crc32(), part.len());
            crc.combine(&hasher);
            len += part.len();
            md5 = match (number, part.md5()) {
                (0, Some(known)) => known.into(),
                _ => OnceLock::new(),
            };
        }
        if len == 0 {
            return Self::empty();
        }
        Self::assembled(pieces, len, crc.finalize(), md5)
    }

    /// The same content with one byte inverted, the recorded checksums unchanged.
    pub(crate) async fn flipped(&self, at: u64) -> io::Result<Self> {
        let known = self.hash().await?;
        let Some(&byte) = self.chunk(at, self.len().min(at + 1)).await?.first() else {
            return Ok(self.clone());
        };
        let mut pieces = self.pieces_within(0..at);
        pieces.push(Piece { start: at, source: Source::Memory(Bytes::copy_from_slice(&[!byte])) });
        pieces.extend(self.pieces_within(at + 1..self.len()));
        Ok(Self::assembled(pieces, self.len(), self.crc32(), known.into()))
    }

    fn assembled(pieces: Vec<Piece>, len: u64, crc32: u32, md5: OnceLock<[u8; 16]>) -> Self {
        let inner = Inner { pieces, len, crc32, md5 };
        Self { inner: Arc::new(inner) }
    }

    /// The same content from other places.
    fn with_pieces(&self, pieces: Vec<Piece>) -> Self {
        Self::assembled(pieces, self.len(), self.crc32(), self.inner.md5.clone())
    }

    /// The bytes from `at` to the end of their piece, at most up to `end` and 256 KiB.
    async fn chunk(&self, at: u64, end: u64) -> io::Result<Bytes> {
        let end = end.min(at + CHUNK);
        match self.pieces_within(at..end).into_iter().next() {
            None => Ok(Bytes::new()),
            Some(piece) => match piece.source {
                Source::Memory(bytes) => Ok(bytes),
                Source::Stored(extent) => extent.read().await,
            },
        }
    }

    fn pieces_within(&self, range: Range<u64>) -> Vec<Piece> {
        let pieces = &self.inner.pieces;
        let first = pieces.partition_point(|piece| piece.end() <= range.start);
        pieces
            .iter()
            .skip(first)
            .take_while(|piece| piece.start < range.end)
            .map(|piece| piece.within(&range))
            .collect()
    }
}

impl From<Bytes> for Blob {
    fn from(bytes: Bytes) -> Self {
        let md5: [u8; 16] = Md5::digest(&bytes).into();
        let (len, crc32) = (bytes.len() as u64, crc32fast::hash(&bytes));
        let source = Source::Memory(bytes);
        let pieces = match len {
            0 => Vec::new(),
            _ => vec![Piece { start: 0, source }],
        };
        Self::assembled(pieces, len, crc32, md5.into())
    }
}

impl fmt::Debug for Blob {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Blob")
            .field("len", &self.len())
            .field("crc32", &format_args!("{:08x}", self.crc32()))
            .finish_non_exhaustive()
    }
}

impl Piece {
    fn len(&self) -> u64 {
        match &self.source {
            Source::Memory(bytes) => bytes.len() as u64,
            Source::Stored(extent) => extent.len(),
        }
    }

    fn end(&self) -> u64 {
        self.start + self.len()
    }

    /// The part of this piece that lies in `range`, which it must touch.
    fn within(&self, range: &Range<u64>) -> Self {
        let from = range.start.saturating_sub(self.start);
        let to = (range.end - self.start).min(self.len());
        let source = match &self.source {
            Source::Memory(bytes) => Source::Memory(bytes.slice(from as usize..to as usize)),
            Source::Stored(extent) => Source::Stored(extent.slice(from..to)),
        };
        Self { start: self.start + from, source }
    }
}

/// The most that is read from disk at once, and the most of one content kept in memory.
const CHUNK: u64 = 256 * 1024;

#[cfg(test)]
mod tests;
