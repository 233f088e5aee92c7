//! Where large content lies: anonymous temporary files, shared by many contents.

use std::fs::File;
use std::io;
use std::ops::Range;
use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;

/// Hands out room in temporary files that have no name and vanish with their last user.
///
/// One file serves many contents, so that thousands of them do not use up the open files a
/// process may have.
#[derive(Debug, Clone, Default)]
pub(crate) struct Store {
    current: Arc<Mutex<Option<Room>>>,
}

#[derive(Debug)]
struct Room {
    file: Arc<File>,
    used: u64,
}

/// A run of bytes in a temporary file.
#[derive(Debug, Clone)]
pub(super) struct Extent {
    file: Arc<File>,
    range: Range<u64>,
}

impl Store {
    /// Reserves room for `len` bytes; blocks on the file system.
    pub(super) fn reserve(&self, len: u64) -> io::Result<Extent> {
        let mut current = self.current.lock().unwrap_or_else(PoisonError::into_inner);
        let mut room = match current.take() {
            Some(room) if room.used < VOLUME => room,
            _ => Room { file: Arc::new(tempfile::tempfile()?), used: 0 },
        };
        let extent = Extent { file: room.file.clone(), range: room.used..room.used + len };
        room.used += len;
        *current = Some(room);
        Ok(extent)
    }
}

impl Extent {
    pub(super) fn len(&self) -> u64 {
        self.range.end - self.range.start
    }

    pub(super) fn slice(&self, part: Range<u64>) -> Self {
        Self {
            file: self.file.clone(),
            range: self.range.start + part.start..self.range.start + part.end,
        }
    }

    /// Whether `next` goes on where this one ends; then both become one.
    pub(super) fn joined(&self, next: &Self) -> Option<Self> {
        let adjacent = Arc::ptr_eq(&self.file, &next.file) && self.range.end == next.range.start;
        adjacent.then(|| Self { file: self.file.clone(), range: self.range.start..next.range.end })
    }

    pub(super) async fn read(self) -> io::Result<Bytes> {
        let read = move || {
            let mut bytes = vec![0; self.len() as usize];
            read_exact_at(&self.file, &mut bytes, self.range.start)?;
            Ok(Bytes::from(bytes))
        };
        tokio::task::spawn_blocking(read).await.map_err(io::Error::other)?
    }

    /// Writes the chunks one after another from the start; blocks on the file system.
    pub(super) fn write(&self, chunks: &[Bytes]) -> io::Result<()> {
        let mut at = self.range.start;
        for chunk in chunks {
            write_all_at(&self.file, chunk, at)?;
            at += chunk.len() as u64;
        }
        Ok(())
    }
}

#[cfg(unix)]
fn read_exact_at(file: &File, bytes: &mut [u8], at: u64) -> io::Result<()> {
    std::os::unix::fs::FileExt::read_exact_at(file, bytes, at)
}

#[cfg(unix)]
fn write_all_at(file: &File, bytes: &[u8], at: u64) -> io::Result<()> {
    std::os::unix::fs::FileExt::write_all_at(file, bytes, at)
}

#[cfg(windows)]
fn read_exact_at(file: &File, mut bytes: &mut [u8], mut at: u64) -> io::Result<()> {
    use std::os::windows::fs::FileExt;
    while !bytes.is_empty() {
        match file.seek_read(bytes, at)? {
            0 => return Err(io::ErrorKind::UnexpectedEof.into()),
            read => {
                bytes = bytes.split_at_mut(read).1;
                at += read as u64;
            }
        }
    }
    Ok(())
}

#[cfg(windows)]
fn write_all_at(file: &File, mut bytes: &[u8], mut at: u64) -> io::Result<()> {
    use std::os::windows::fs::FileExt;
    while !bytes.is_empty() {
        match file.seek_write(bytes, at)? {
            0 => return Err(io::ErrorKind::WriteZero.into()),
            written => {
                bytes = bytes.split_at(written).1;
                at += written as u64;
            }
        }
    }
    Ok(())
}

/// A temporary file is left for a new one when it has grown to this many bytes.
const VOLUME: u64 = 256 * 1024 * 1024;
