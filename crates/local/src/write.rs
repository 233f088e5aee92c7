//! Writing a file: into a temporary one beside it, then into place in one step.

use std::ffi::OsString;
use std::fs::{File, Permissions};
use std::io::{IoSlice, Seek, Write};
use std::sync::Arc;

use bytes::Buf;
use cap_std::fs::{Dir, Metadata};
use chrono::{DateTime, Utc};
use futures_util::future::{TryFutureExt, try_join};
use wharf_connector::{
    Checkpoint, Checksums, Content, Entry, Error, ErrorKind, OnConflict, Reached, RemotePath,
    Result, WriteOptions,
};

use crate::blocking::{Stop, blocking};
use crate::convert;
use crate::error::{from_io, something_there, special_refused};
use crate::read::{BLOCK, Pool};
use crate::root::{Missing, Root, Spot};
use crate::temporary::Temporary;

mod gather;
mod partial;
mod sums;

use gather::{Batch, Gather};
use partial::Partial;
use sums::Sums;

/// Stores `content` at `file`; where going on later is wanted and worth it, so that it can be.
pub(crate) async fn write(
    root: Arc<Root>,
    file: &RemotePath,
    content: Content,
    options: WriteOptions,
) -> Result<Entry> {
    let checkpoint = options.checkpoint.clone().filter(|_| partial::is_worth_it(&content));
    let checkpoint = match checkpoint {
        Some(_) if is_link(&root, file).await => None,
        checkpoint => checkpoint,
    };
    let Some(checkpoint) = checkpoint else {
        return store(root, file, content, options, None).await;
    };
    let partial = Partial::reserve(&root, file, &checkpoint).await?;
    let stored = store(root.clone(), file, content, options, Some(&partial)).await;
    match &stored {
        Err(error) if Checkpoint::outlives(error) => {}
        // What went wrong counts for more than what then stays behind.
        Err(_) => drop(partial.give_up(root).await),
        Ok(_) => checkpoint.forget().await.map_err(|error| error.with_reached(Reached::Yes))?,
    }
    stored
}

/// Through a link the file lies in a folder that a checkpoint does not know.
async fn is_link(root: &Arc<Root>, file: &RemotePath) -> bool {
    let (root, file) = (root.clone(), file.clone());
    let look = move |_: &Stop| root.spot(&file, Missing::Refuse)?.look();
    matches!(blocking(look).await, Ok(Some(there)) if there.is_symlink())
}

/// The next batch of bytes is gathered while the one before it is written: one write is
/// in flight, and no thread that runs futures waits for the disk. The guard of the
/// temporary file stays here, so that dropping this future removes it at once.
async fn store(
    root: Arc<Root>,
    file: &RemotePath,
    content: Content,
    options: WriteOptions,
    partial: Option<&Partial<'_>>,
) -> Result<Entry> {
    let beginning = {
        let (root, file) = (root.clone(), file.clone());
        let (parents, on_conflict) = (options.parents, options.on_conflict);
        let sums = Sums::new(&options.expected);
        let left = partial.map(|partial| (partial.name().to_owned(), content.size()));
        move |stop: &Stop| {
            let (draft, sink) = begin(&root, &file, parents.into(), on_conflict, (sums, &left))?;
            match left {
                Some((_, size)) => Ok((draft, sink.after_what_is_there(size, stop)?)),
                None => Ok((draft, sink)),
            }
        }
    };
    let (draft, mut sink) = blocking(beginning).await?;
    let stream = match (partial, sink.written) {
        (Some(partial), written @ 1..) => {
            partial.tell(written, sink.sums.crc32());
            content.open_at(written).await.map_err(unreadable)?
        }
        _ => content.into_stream(),
    };
    let mut gather = Gather::new(stream);
    let mut batch = gather.next().await.map_err(unreadable)?;
    while !batch.is_last {
        let written = blocking(move |_| sink.write(batch));
        (sink, batch) = try_join(written, gather.next().map_err(unreadable)).await?;
    }
    let file = file.clone();
    let finish = move |stop: &Stop| draft.finish(&root, file, sink.write(batch)?, &options, stop);
    blocking(finish).await
}

/// The file in the making, and where it shall stand.
struct Draft {
    temporary: Temporary,
    name: OsString,
    on_conflict: OnConflict,
    /// The rights of the file that is to be replaced: they outlive its content.
    permissions: Option<Permissions>,
}

/// The open temporary file, and what went into it.
struct Sink {
    file: File,
    sums: Sums,
    written: u64,
}

fn begin(
    root: &Root,
    path: &RemotePath,
    missing: Missing,
    on_conflict: OnConflict,
    (sums, left): (Sums, &Option<(String, Option<u64>)>),
) -> Result<(Draft, Sink)> {
    if path.is_root() {
        return Err(Error::new(ErrorKind::IsAFolder, "the root is a folder"));
    }
    let mut spot = root.spot(path, missing)?;
    let mut there = spot.look()?;
    if there.as_ref().is_some_and(Metadata::is_symlink) {
        spot = root.follow(path)?;
        there = spot.look()?;
    }
    if let Some(there) = &there {
        check_replaceable(there, on_conflict)?;
    }
    let Spot { folder, name } = spot;
    let mode = there.as_ref().map_or(NEW_FILE_MODE, file_mode);
    let (temporary, file) = match left {
        Some((name, _)) => Temporary::resumable(folder, name, mode)?,
        None => Temporary::file(folder, mode)?,
    };
    let permissions = there.as_ref().and_then(kept_permissions);
    let draft = Draft { temporary, name, on_conflict, permissions };
    Ok((draft, Sink { file: file.into_std(), sums, written: 0 }))
}

fn check_replaceable(there: &Metadata, on_conflict: OnConflict) -> Result<()> {
    if there.is_dir() {
        return Err(Error::new(ErrorKind::IsAFolder, "a folder stands there"));
    }
    if !there.is_file() {
        return Err(special_refused());
    }
    if on_conflict != OnConflict::Replace {
        return Err(something_there());
    }
    Ok(())
}

impl Sink {
    /// Sums up what an earlier write has left, to go on behind it. More than the whole is none of
    /// it.
    fn after_what_is_there(mut self, size: Option<u64>, stop: &Stop) -> Result<Self> {
        let there = self.file.metadata().map_err(from_io)?.len();
        if size.is_none_or(|size| there > size) {
            self.file.set_len(0).map_err(from_io)?;
            return Ok(self);
        }
        let pool = Arc::new(Pool::default());
        loop {
            stop.check()?;
            let block = pool.read(&self.file, BLOCK).map_err(from_io)?;
            if block.is_empty() {
                return Ok(self);
            }
            self.sums.update(&block);
            self.written += block.len() as u64;
        }
    }

    fn write(mut self, mut batch: Batch) -> Result<Self> {
        for piece in &batch.pieces {
            self.sums.update(piece);
            self.written += piece.len() as u64;
        }
        while !batch.pieces.is_empty() {
            let slices: Vec<IoSlice<'_>> = batch.pieces.iter().map(|p| IoSlice::new(p)).collect();
            let written = match self.file.write_vectored(&slices) {
                Ok(0) => Err(std::io::ErrorKind::WriteZero.into()),
                Err(error) if error.kind() == std::io::ErrorKind::Interrupted => Ok(0),
                written => written,
            };
            drop(slices);
            advance(&mut batch, written.map_err(from_io)?);
        }
        Ok(self)
    }

    /// Reads the file again, from the system's own memory of it or from the disk.
    fn check_stored(&mut self, sums: &Checksums, stop: &Stop) -> Result<()> {
        self.file.rewind().map_err(from_io)?;
        let (pool, mut again) = (Arc::new(Pool::default()), crc32fast::Hasher::new());
        loop {
            stop.check()?;
            let block = pool.read(&self.file, BLOCK).map_err(from_io)?;
            if block.is_empty() {
                break;
            }
            again.update(&block);
        }
        if Some(again.finalize()) != sums.crc32 {
            let message = "what the disk gives back is not what was written";
            return Err(Error::new(ErrorKind::Corrupted, message));
        }
        Ok(())
    }
}

fn advance(batch: &mut Batch, mut written: usize) {
    while let Some(first) = batch.pieces.front_mut() {
        let of_first = written.min(first.len());
        first.advance(of_first);
        written -= of_first;
        if !first.is_empty() {
            break;
        }
        batch.pieces.pop_front();
    }
}

impl Draft {
    fn finish(
        mut self,
        root: &Root,
        path: RemotePath,
        mut sink: Sink,
        options: &WriteOptions,
        stop: &Stop,
    ) -> Result<Entry> {
        let sums = sink.sums.finish();
        check_expected(&options.expected, &sums)?;
        if options.verify {
            sink.check_stored(&sums, stop)?;
        }
        if let Some(permissions) = self.permissions.take() {
            sink.file.set_permissions(permissions).map_err(from_io)?;
        }
        if let Some(modified) = options.modified {
            set_modified(&sink.file, modified)?;
        }
        if root.fsync {
            sink.file.sync_all().map_err(from_io)?;
        }
        stop.check()?;
        self.temporary.place(&self.name, self.on_conflict == OnConflict::Replace)?;
        let placed = self.placed(root, path, &sink);
        let mut entry = placed.map_err(|error| error.with_reached(Reached::Yes))?;
        entry.checksums = sums;
        Ok(entry)
    }

    fn placed(&self, root: &Root, path: RemotePath, sink: &Sink) -> Result<Entry> {
        if root.fsync {
            sync_folder(self.temporary.parent())?;
        }
        let metadata = Metadata::from_file(&sink.file).map_err(from_io)?;
        convert::entry(path, &metadata)
    }
}

/// A new name is safe from a power cut once the folder that holds it is on the disk.
pub(crate) fn sync_folder(folder: &Dir) -> Result<()> {
    if cfg!(windows) {
        return Ok(()); // Windows has no such call for folders.
    }
    let opened = folder.open(".").map_err(from_io)?;
    opened.sync_all().map_err(from_io)
}

/// Sets the modification time, and makes sure that it was kept.
pub(crate) fn set_modified(file: &File, modified: DateTime<Utc>) -> Result<()> {
    file.set_modified(convert::to_system(modified)?).map_err(from_io)?;
    let kept = file.metadata().and_then(|metadata| metadata.modified()).map_err(from_io)?;
    convert::check_kept(modified, kept)
}

fn check_expected(expected: &Checksums, sums: &Checksums) -> Result<()> {
    if expected.agree(sums) != Some(false) {
        return Ok(());
    }
    let wrong = expected.iter().find_map(|(name, want)| {
        let got = sums.iter().find(|(computed, _)| *computed == name)?.1;
        (got != want).then(|| format!("its {name} is {got}, and {want} was expected"))
    });
    let message = wrong.unwrap_or_else(|| "a checksum does not agree".to_owned());
    Err(Error::new(ErrorKind::Corrupted, message).with_reached(Reached::No))
}

fn unreadable(error: std::io::Error) -> Error {
    Error::unreadable_content(error).with_reached(Reached::No)
}

/// As far as the umask grants them.
const NEW_FILE_MODE: u32 = 0o666;

#[cfg(unix)]
pub(crate) fn file_mode(metadata: &Metadata) -> u32 {
    use cap_std::fs::PermissionsExt;
    metadata.permissions().mode() & 0o777
}

#[cfg(not(unix))]
pub(crate) fn file_mode(_: &Metadata) -> u32 {
    NEW_FILE_MODE
}

/// The rights that a file keeps when its content is replaced: all but those that let a
/// program run as its owner, for these were given to the content that goes.
#[cfg(unix)]
fn kept_permissions(metadata: &Metadata) -> Option<Permissions> {
    use std::os::unix::fs::PermissionsExt;
    Some(Permissions::from_mode(file_mode(metadata)))
}

#[cfg(not(unix))]
fn kept_permissions(_: &Metadata) -> Option<Permissions> {
    None
}
