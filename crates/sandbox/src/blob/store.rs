//! Where large content lies: in temporary files shared by many, or each in a file that stays.

use std::fs::File;
use std::io;
use std::ops::Range;
use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;

use super::folder::Folder;
use super::{Blob, Piece, Source};

/// Hands out room for content on disk.
///
/// Without a folder of its own it takes temporary files that have no name and vanish with their
/// last user. One of them serves many contents, so that thousands of contents do not use up the
/// open files a process may have. In a folder each content has a file, which is open only while
/// it is read or written.
#[derive(Debug, Clone)]
pub(crate) struct Store {
    place: Place,
}

#[derive(Debug, Clone)]
enum Place {
    Temporary(Arc<Mutex<Option<Room>>>),
    Folder(Arc<Folder>),
}

#[derive(Debug)]
struct Room {
    volume: Arc<Volume>,
    used: u64,
}

/// A file that holds content.
#[derive(Debug)]
pub(super) enum Volume {
    Nameless(File),
    Named(u64, Arc<Folder>),
    /// As it was written down, before a folder says that it has the file.
    Claimed(u64),
}

/// A run of bytes in a file.
#[derive(Debug, Clone)]
pub(super) struct Extent {
    pub(super) volume: Arc<Volume>,
    pub(super) range: Range<u64>,
}

impl Store {
    /// Content outlives the process, in this folder.
    pub(crate) fn in_folder(folder: Arc<Folder>) -> Self {
        Self { place: Place::Folder(folder) }
    }

    /// The most bytes of one content that stay in memory, where `usual` is what memory affords.
    pub(super) fn in_memory(&self, usual: u64) -> u64 {
        match &self.place {
            Place::Temporary(_) => usual,
            Place::Folder(_) => usual.min(IN_THE_STATE),
        }
    }

    /// Reserves room for `len` bytes, behind what the same writer reserved last if that can be;
    /// blocks on the file system.
    pub(super) fn reserve(&self, len: u64, last: Option<&Extent>) -> io::Result<Extent> {
        let (volume, start) = match (&self.place, last) {
            (Place::Temporary(current), _) => Room::take(current, len)?,
            (Place::Folder(_), Some(last)) => (last.volume.clone(), last.range.end),
            (Place::Folder(folder), None) => {
                (Arc::new(Volume::Named(folder.create()?, folder.clone())), 0)
            }
        };
        Ok(Extent { volume, range: start..start + len })
    }

    /// The same content, out of memory if the store is to outlive it; blocks on the file system.
    /// What cannot be written stays in memory.
    pub(crate) fn keep(&self, blob: Blob) -> Blob {
        match self.place {
            Place::Temporary(_) => blob,
            Place::Folder(_) => self.moved(&blob).unwrap_or(blob),
        }
    }

    fn moved(&self, blob: &Blob) -> io::Result<Blob> {
        let pieces = blob.inner.pieces.iter().map(|piece| match &piece.source {
            Source::Memory(bytes) if piece.len() > IN_THE_STATE => {
                let extent = self.reserve(piece.len(), None)?;
                extent.write(std::slice::from_ref(bytes))?;
                Ok(Piece { start: piece.start, source: Source::Stored(extent) })
            }
            _ => Ok(piece.clone()),
        });
        Ok(blob.with_pieces(pieces.collect::<io::Result<_>>()?))
    }
}

impl Default for Store {
    fn default() -> Self {
        Self { place: Place::Temporary(Arc::default()) }
    }
}

impl Room {
    fn take(current: &Mutex<Option<Self>>, len: u64) -> io::Result<(Arc<Volume>, u64)> {
        let mut current = current.lock().unwrap_or_else(PoisonError::into_inner);
        let mut room = match current.take() {
            Some(room) if room.used < VOLUME => room,
            _ => {
                let file = tempfile::tempfile()?;
                Self { volume: Arc::new(Volume::Nameless(file)), used: 0 }
            }
        };
        let taken = (room.volume.clone(), room.used);
        room.used += len;
        *current = Some(room);
        Ok(taken)
    }
}

impl Volume {
    /// Works on the file, which is opened for it if it has a name.
    fn with<T>(&self, write: bool, act: impl FnOnce(&File) -> io::Result<T>) -> io::Result<T> {
        match self {
            Self::Nameless(file) => act(file),
            Self::Named(number, folder) => {
                act(&File::options().read(!write).write(write).open(folder.file(*number))?)
            }
            Self::Claimed(_) => Err(io::Error::other("the content was never looked up")),
        }
    }
}

impl Drop for Volume {
    fn drop(&mut self) {
        if let Self::Named(number, folder) = self {
            folder.leave(*number);
        }
    }
}

impl Extent {
    pub(super) fn len(&self) -> u64 {
        self.range.end - self.range.start
    }

    pub(super) fn slice(&self, part: Range<u64>) -> Self {
        Self {
            volume: self.volume.clone(),
            range: self.range.start + part.start..self.range.start + part.end,
        }
    }

    /// Whether `next` goes on where this one ends; then both become one.
    pub(super) fn joined(&self, next: &Self) -> Option<Self> {
        let same = Arc::ptr_eq(&self.volume, &next.volume);
        let adjacent = same && self.range.end == next.range.start;
        let range = self.range.start..next.range.end;
        adjacent.then(|| Self { volume: self.volume.clone(), range })
    }

    pub(super) async fn read(self) -> io::Result<Bytes> {
        let read = move || {
            let mut bytes = vec![0; self.len() as usize];
            self.volume.with(false, |file| read_exact_at(file, &mut bytes, self.range.start))?;
            Ok(Bytes::from(bytes))
        };
        tokio::task::spawn_blocking(read).await.map_err(io::Error::other)?
    }

    /// Writes the chunks one after another from the start; blocks on the file system.
    pub(super) fn write(&self, chunks: &[Bytes]) -> io::Result<()> {
        self.volume.with(true, |file| {
            let mut at = self.range.start;
            for chunk in chunks {
                write_all_at(file, chunk, at)?;
                at += chunk.len() as u64;
            }
            Ok(())
        })
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
/// So short a content is written into the state itself, and stays in memory.
const IN_THE_STATE: u64 = 1024;
