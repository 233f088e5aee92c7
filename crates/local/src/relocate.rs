//! Copying and renaming.

use std::ffi::OsStr;
use std::fs::File;
use std::io::{self, Read};

use cap_fs_ext::DirExt;
use cap_std::fs::{Dir, DirEntry, Metadata, OpenOptions};
use wharf_connector::{
    CopyOptions, Entry, EntryKind, Error, ErrorKind, OnConflict, Reached, RemotePath,
    RenameOptions, Result,
};

use crate::blocking::Stop;
use crate::convert;
use crate::error::{from_io, in_it, something_there, special_refused, unwritable};
use crate::read::quiet_read;
use crate::root::{Root, Spot};
use crate::temporary::{self, Temporary, rename_if_absent};
use crate::write::{file_mode, sync_folder};

/// Renames or moves a file or folder, in one step. A link is moved as a link.
pub(crate) fn rename(
    root: &Root,
    from: &RemotePath,
    to: &RemotePath,
    options: &RenameOptions,
) -> Result<Entry> {
    refuse(from)?;
    let (source, metadata) = root.existing(from)?;
    // The answer tells what the link leads to: better to know now that it leads nowhere.
    root.find(from)?;
    let way = Way { root, from, to };
    let there = |error| unwritable(error, to);
    let (spot, replace) =
        way.destination(&metadata, options.on_conflict, options.parents).map_err(there)?;
    let renamed = if replace {
        source.folder.rename(&source.name, &spot.folder, &spot.name)
    } else {
        let from = (&source.folder, &*source.name);
        rename_if_absent(from, (&spot.folder, &spot.name), metadata.is_dir())
    };
    renamed.map_err(from_io)?;
    let told = || {
        if root.fsync {
            sync_folder(&spot.folder)?;
            sync_folder(&source.folder)?;
        }
        root.entry(to)
    };
    told().map_err(|error| error.with_reached(Reached::Yes))
}

/// Copies a file or folder: into a temporary one, then into place in one step.
///
/// # Errors
///
/// Beside the usual ones, `Unsupported` for a folder that holds a link or a special file.
pub(crate) fn copy(
    root: &Root,
    from: &RemotePath,
    to: &RemotePath,
    options: &CopyOptions,
    stop: &Stop,
) -> Result<Entry> {
    refuse(from)?;
    let (source, metadata) = root.find(from)?;
    let is_folder = convert::kind(&metadata)? == EntryKind::Folder;
    let way = Way { root, from, to };
    let there = |error| unwritable(error, to);
    let (spot, replace) =
        way.destination(&metadata, options.on_conflict, options.parents).map_err(there)?;
    let Spot { folder, name } = spot;
    let (fsync, mode) = (root.fsync, file_mode(&metadata));
    let mut temporary = if is_folder {
        let (temporary, target) = Temporary::folder(folder, mode).map_err(there)?;
        let copy = Copy { stop, fsync, target: temporary.name() };
        copy.tree(&source.folder, &source.name, &target)?;
        temporary
    } else {
        let (temporary, target) = Temporary::file(folder, mode).map_err(there)?;
        let copy = Copy { stop, fsync, target: temporary.name() };
        copy.file(&source.folder, &source.name, &target.into_std())?;
        temporary
    };
    stop.check()?;
    temporary.place(&name, replace).map_err(there)?;
    let told = || {
        if root.fsync {
            sync_folder(temporary.parent())?;
        }
        root.entry(to)
    };
    told().map_err(|error| error.with_reached(Reached::Yes))
}

fn refuse(from: &RemotePath) -> Result<()> {
    if from.is_root() {
        return Err(Error::new(ErrorKind::Invalid, "the root cannot be copied or moved"));
    }
    if from.name().is_some_and(temporary::is_name) {
        return Err(Error::new(ErrorKind::Blocked, "it is being written"));
    }
    Ok(())
}

struct Way<'a> {
    root: &'a Root,
    from: &'a RemotePath,
    to: &'a RemotePath,
}

impl Way<'_> {
    /// Where it shall stand, and whether it replaces a file there.
    fn destination(
        &self,
        source: &Metadata,
        on_conflict: OnConflict,
        parents: bool,
    ) -> Result<(Spot, bool)> {
        if self.to.below(self.from).is_some() {
            return Err(onto_itself());
        }
        if self.to.is_root() {
            return Err(something_there());
        }
        let spot = self.root.spot(self.to, parents.into())?;
        match spot.look()? {
            None => Ok((spot, false)),
            Some(there) if same(&there, source) => Err(onto_itself()),
            Some(there) if on_conflict == OnConflict::Replace => {
                if there.is_file() && source.is_file() {
                    return Ok((spot, true));
                }
                Err(something_there())
            }
            Some(_) => Err(something_there()),
        }
    }
}

/// Two names of one file, or two ways to one folder.
fn same(there: &Metadata, source: &Metadata) -> bool {
    let identity = convert::identity(source);
    identity.is_some() && identity == convert::identity(there)
}

fn onto_itself() -> Error {
    let message = "the destination is the source itself or lies in it";
    Error::new(ErrorKind::Invalid, message)
}

struct Copy<'a> {
    stop: &'a Stop,
    fsync: bool,
    /// The temporary name of what is made.
    target: &'a str,
}

impl Copy<'_> {
    /// Content and modification time. On Linux the kernel copies, and shares the blocks
    /// where the file system can.
    fn file(&self, folder: &Dir, name: &OsStr, target: &File) -> Result<()> {
        let source = folder.open_with(name, &quiet_read()).map_err(from_io)?.into_std();
        let metadata = source.metadata().map_err(from_io)?;
        if !metadata.is_file() {
            return Err(special_refused());
        }
        while io::copy(&mut (&source).take(STRETCH), &mut &*target).map_err(from_io)? > 0 {
            self.stop.check()?;
        }
        let modified = metadata.modified().map_err(from_io)?;
        target.set_modified(modified).map_err(from_io)?;
        if self.fsync {
            target.sync_all().map_err(from_io)?;
        }
        Ok(())
    }

    fn tree(&self, parent: &Dir, name: &OsStr, target: &Dir) -> Result<()> {
        let folder = parent.open_dir_nofollow(name).map_err(from_io)?;
        for child in folder.entries().map_err(from_io)? {
            self.stop.check()?;
            let child = child.map_err(from_io)?;
            let name = child.file_name();
            if name == self.target {
                return Err(onto_itself());
            }
            // Somebody is still writing it.
            if name.to_str().is_some_and(temporary::is_name) {
                continue;
            }
            self.child(&folder, &child, target)?;
        }
        if self.fsync {
            sync_folder(target)?;
        }
        Ok(())
    }

    /// With the rights of the child, as far as the umask grants them.
    fn child(&self, folder: &Dir, child: &DirEntry, target: &Dir) -> Result<()> {
        let name = child.file_name();
        let metadata = child.metadata().map_err(from_io)?;
        let kind = convert::kind(&metadata);
        let mode = file_mode(&metadata);
        if kind.map_err(|error| in_it(&name.to_string_lossy(), error))? == EntryKind::File {
            let mut options = OpenOptions::new();
            options.write(true).create_new(true);
            temporary::set_mode(&mut options, mode);
            let copied = target.open_with(&name, &options).map_err(from_io)?;
            return self.file(folder, &name, &copied.into_std());
        }
        temporary::create_folder(target, &name, mode).map_err(from_io)?;
        let copied = target.open_dir_nofollow(&name).map_err(from_io)?;
        self.tree(folder, &name, &copied)
    }
}

/// After so many bytes a copy looks whether the caller still waits.
const STRETCH: u64 = 16 * 1024 * 1024;
