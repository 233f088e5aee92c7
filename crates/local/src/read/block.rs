//! Blocks of memory that are used again, at addresses that the processor likes.

use std::io::{self, Read};
use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;

/// Files are read in blocks of this many bytes.
pub(crate) const BLOCK: usize = 256 * 1024;

/// The blocks of one download that wait to be used again.
///
/// Reading a cached file into memory that begins at a page is some four times cheaper
/// than into memory that begins sixteen bytes after it, which is what an allocator gives
/// for a block of this size; and memory that was used before needs no clearing.
#[derive(Debug, Default)]
pub(crate) struct Pool(Mutex<Vec<Vec<u8>>>);

impl Pool {
    /// Reads `size` bytes, fewer only at the end of the file.
    pub(crate) fn read(self: &Arc<Self>, mut file: impl Read, size: usize) -> io::Result<Bytes> {
        let mut block = self.block(size);
        let mut filled = 0;
        while let Some(free) = block.free(filled, size).filter(|free| !free.is_empty()) {
            match file.read(free) {
                Ok(0) => break,
                Ok(read) => filled += read,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        block.length = filled;
        Ok(if filled == 0 { Bytes::new() } else { Bytes::from_owner(block) })
    }

    fn block(self: &Arc<Self>, size: usize) -> Block {
        let mut waiting = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut storage = waiting.pop().unwrap_or_default();
        drop(waiting);
        if storage.len() < size + PAGE {
            storage = vec![0; size + PAGE];
        }
        let start = storage.as_ptr().align_offset(PAGE).min(PAGE);
        Block { storage, start, length: 0, pool: self.clone() }
    }

    fn take_back(&self, storage: Vec<u8>) {
        let mut waiting = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if waiting.len() < KEPT {
            waiting.push(storage);
        }
    }
}

struct Block {
    storage: Vec<u8>,
    start: usize,
    length: usize,
    pool: Arc<Pool>,
}

impl Block {
    fn free(&mut self, filled: usize, size: usize) -> Option<&mut [u8]> {
        self.storage.get_mut(self.start + filled..self.start + size)
    }
}

impl AsRef<[u8]> for Block {
    fn as_ref(&self) -> &[u8] {
        self.storage.get(self.start..self.start + self.length).unwrap_or_default()
    }
}

impl Drop for Block {
    fn drop(&mut self) {
        self.pool.take_back(std::mem::take(&mut self.storage));
    }
}

const PAGE: usize = 4096;

/// One is with the caller and one is being read; a few more for those who hold on to some.
const KEPT: usize = 4;

#[cfg(test)]
mod tests {
    use super::*;

    /// Gives a few bytes at a time, as pipes and network file systems do.
    struct Slow<'a>(&'a [u8]);

    impl Read for Slow<'_> {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            let few = buffer.len().min(7);
            self.0.read(&mut buffer[..few])
        }
    }

    #[test]
    fn blocks_are_full_and_begin_at_a_page() {
        let pool = Arc::new(Pool::default());
        let content: Vec<u8> = (0..=255).cycle().take(1000).collect();
        let mut source = Slow(&content);
        let first = pool.read(&mut source, 600).unwrap();
        assert_eq!(first, content[..600]);
        assert_eq!(first.as_ptr().align_offset(PAGE), 0);
        drop(first);
        assert_eq!(pool.read(&mut source, 600).unwrap(), content[600..]);
        assert!(pool.read(&mut source, 600).unwrap().is_empty());
    }

    #[test]
    fn memory_is_used_again() {
        let pool = Arc::new(Pool::default());
        let zeros = io::repeat(0);
        let first = pool.read(zeros, BLOCK).unwrap().as_ptr();
        assert_eq!(pool.read(io::repeat(1), BLOCK).unwrap().as_ptr(), first);
        let held: Vec<Bytes> = (0..10).map(|_| pool.read(io::repeat(2), 10).unwrap()).collect();
        drop(held);
        assert_eq!(pool.0.lock().unwrap().len(), KEPT);
    }
}
