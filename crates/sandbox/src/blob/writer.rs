//! Writing content piece by piece.

use std::fmt;
use std::io;
use std::sync::OnceLock;

use bytes::{Bytes, BytesMut};
use md5::{Digest, Md5};

use super::{Blob, CHUNK, Piece, Source, Store};

/// Takes content chunk by chunk and becomes a [`Blob`].
///
/// Up to 256 KiB stay in memory (up to 1 KiB if content outlives the process); what exceeds that
/// goes to disk as it comes, so that memory does not grow with the content.
pub(crate) struct BlobWriter {
    store: Store,
    waiting: Vec<Bytes>,
    waiting_len: u64,
    keep: u64,
    written: Written,
}

/// What was hashed and written so far; moves to a blocking thread and back.
#[derive(Default)]
struct Written {
    pieces: Vec<Piece>,
    len: u64,
    crc32: crc32fast::Hasher,
    md5: Md5,
}

impl BlobWriter {
    pub(crate) fn new(store: &Store) -> Self {
        Self::keeping(store, CHUNK)
    }

    /// For one of many parts of a larger content: only tiny ones stay in memory.
    pub(crate) fn for_part(store: &Store) -> Self {
        Self::keeping(store, PART_IN_MEMORY)
    }

    fn keeping(store: &Store, keep: u64) -> Self {
        Self {
            store: store.clone(),
            waiting: Vec::new(),
            waiting_len: 0,
            keep: store.in_memory(keep),
            written: Written::default(),
        }
    }

    /// Bytes taken so far.
    pub(crate) fn len(&self) -> u64 {
        self.written.len + self.waiting_len
    }

    /// Takes the next bytes.
    pub(crate) async fn append(&mut self, chunk: Bytes) -> io::Result<()> {
        self.waiting_len += chunk.len() as u64;
        self.waiting.push(chunk);
        if self.waiting_len >= CHUNK {
            self.flush().await?;
        }
        Ok(())
    }

    /// Closes the content.
    pub(crate) async fn finish(mut self) -> io::Result<Blob> {
        if self.written.len == 0 && self.waiting_len <= self.keep {
            return Ok(Blob::from(gathered(&self.waiting)));
        }
        if self.waiting_len > 0 {
            self.flush().await?;
        }
        let written = self.written;
        let md5: [u8; 16] = written.md5.finalize().into();
        let crc32 = written.crc32.finalize();
        let md5 = OnceLock::from(md5);
        Ok(Blob::assembled(written.pieces, written.len, crc32, md5))
    }

    async fn flush(&mut self) -> io::Result<()> {
        let chunks = std::mem::take(&mut self.waiting);
        self.waiting_len = 0;
        let mut written = std::mem::take(&mut self.written);
        let store = self.store.clone();
        let work = move || written.take(&store, &chunks).map(|()| written);
        self.written = tokio::task::spawn_blocking(work).await.map_err(io::Error::other)??;
        Ok(())
    }
}

impl Written {
    fn take(&mut self, store: &Store, chunks: &[Bytes]) -> io::Result<()> {
        let len = chunks.iter().map(|chunk| chunk.len() as u64).sum();
        let last = match self.pieces.last() {
            Some(Piece { start, source: Source::Stored(last) }) => Some((*start, last)),
            _ => None,
        };
        let extent = store.reserve(len, last.map(|(_, last)| last))?;
        extent.write(chunks)?;
        for chunk in chunks {
            self.crc32.update(chunk);
            self.md5.update(chunk);
        }
        let joined = last.and_then(|(start, last)| Some((start, last.joined(&extent)?)));
        let (start, extent) = match joined {
            Some(joined) => {
                self.pieces.pop();
                joined
            }
            None => (self.len, extent),
        };
        let source = Source::Stored(extent);
        self.pieces.push(Piece { start, source });
        self.len += len;
        Ok(())
    }
}

impl fmt::Debug for BlobWriter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BlobWriter").field("len", &self.len()).finish_non_exhaustive()
    }
}

fn gathered(chunks: &[Bytes]) -> Bytes {
    let mut whole = BytesMut::with_capacity(chunks.iter().map(Bytes::len).sum());
    for chunk in chunks {
        whole.extend_from_slice(chunk);
    }
    whole.freeze()
}

const PART_IN_MEMORY: u64 = 8 * 1024;
