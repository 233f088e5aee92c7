//! Reading a file, one block ahead of the caller.

use std::fs::File;
use std::io::{self, Seek, SeekFrom};
use std::sync::Arc;

use bytes::Bytes;
use cap_fs_ext::{FollowSymlinks, OpenOptionsFollowExt, OpenOptionsSyncExt};
use cap_std::fs::OpenOptions;
use futures_util::{StreamExt, stream};
use tokio::task::{JoinHandle, spawn_blocking};
use wharf_connector::{
    ByteStream, Download, Entry, EntryState, Error, ErrorKind, Info, ReadOptions, RemotePath,
    Result,
};

use crate::blocking::{blocking, joined};
use crate::convert;
use crate::error::from_io;
use crate::root::{Root, Spot, nothing_below_a_file};

mod block;

pub(crate) use block::{BLOCK, Pool};

/// Opens a file and reads its first block, in one go.
pub(crate) async fn read(
    root: Arc<Root>,
    info: &Info,
    file: &RemotePath,
    options: ReadOptions,
) -> Result<Download> {
    let path = file.clone();
    let opened = blocking(move |_| Opened::open(&root, path, &options)).await?;
    let Opened { entry, offset, length, reader } = opened;
    Ok(Download::new(info, entry, offset, Some(length), reader.into_stream()))
}

struct Opened {
    entry: Entry,
    offset: u64,
    length: u64,
    reader: Reader,
}

impl Opened {
    fn open(root: &Root, path: RemotePath, options: &ReadOptions) -> Result<Self> {
        let (mut file, entry) = open(root, path)?;
        let size = entry.size.unwrap_or_default();
        let range = options.range.resolve(size).ok_or_else(|| {
            let message = format!("{} of {size} bytes", options.range);
            Error::new(ErrorKind::InvalidRange, message)
        })?;
        let (offset, length) = (range.start, range.end - range.start);
        if offset > 0 {
            file.seek(SeekFrom::Start(offset)).map_err(from_io)?;
        }
        let mut reader = Reader {
            file: Arc::new(file),
            pool: Arc::default(),
            left: length,
            ready: None,
            coming: None,
        };
        reader.ready = Some(reader.next_read()().map_err(from_io)?);
        Ok(Self { entry, offset, length, reader })
    }
}

/// Opens a regular file for reading, and says what was opened.
pub(crate) fn open(root: &Root, path: RemotePath) -> Result<(File, Entry)> {
    let (Spot { folder, name }, metadata) = root.find(&path).map_err(nothing_below_a_file)?;
    let entry = convert::entry(path, &metadata)?;
    if entry.is_folder() {
        return Err(Error::new(ErrorKind::IsAFolder, "it is a folder"));
    }
    if entry.state != EntryState::Ready {
        return Err(Error::new(ErrorKind::Blocked, "it is being written")
            .with_remedy("If its writer is gone, delete it: the file it was meant for is whole."));
    }
    let opened = folder.open_with(&name, &quiet_read()).map_err(from_io)?;
    // It may have been exchanged since the look.
    let metadata = opened.metadata().map_err(from_io)?;
    let entry = convert::entry(entry.path, &metadata)?;
    if entry.is_folder() {
        return Err(Error::new(ErrorKind::IsAFolder, "it is a folder"));
    }
    Ok((opened.into_std(), entry))
}

/// Neither follows a link nor waits for the writer of a pipe.
pub(crate) fn quiet_read() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.read(true).follow(FollowSymlinks::No).nonblock(true);
    options
}

struct Reader {
    file: Arc<File>,
    pool: Arc<Pool>,
    /// Bytes that nobody has set out to read yet.
    left: u64,
    ready: Option<Bytes>,
    coming: Option<JoinHandle<Result<Bytes>>>,
}

impl Reader {
    fn into_stream(self) -> ByteStream {
        stream::try_unfold(self, Self::next).boxed()
    }

    async fn next(mut self) -> Result<Option<(Bytes, Self)>> {
        let bytes = match (self.ready.take(), self.coming.take()) {
            (Some(bytes), _) => bytes,
            (None, Some(coming)) => joined(coming).await?,
            (None, None) => return Ok(None),
        };
        if bytes.is_empty() {
            return Ok(None);
        }
        if self.left > 0 {
            let read = self.next_read();
            self.coming = Some(spawn_blocking(move || read().map_err(from_io)));
        }
        Ok(Some((bytes, self)))
    }

    /// The next block as work to be done, up to the end of the range.
    fn next_read(&mut self) -> impl FnOnce() -> io::Result<Bytes> + Send + use<> {
        let size = self.left.min(BLOCK as u64);
        self.left -= size;
        let (file, pool) = (self.file.clone(), self.pool.clone());
        move || pool.read(&*file, size as usize)
    }
}
