//! Deleting, a link as a link.

use std::ffi::OsStr;

use cap_fs_ext::DirExt;
use cap_std::fs::Dir;
use wharf_connector::{DeleteOptions, Error, ErrorKind, Reached, RemotePath, Result};

use crate::blocking::Stop;
use crate::error::from_io;
use crate::root::{Root, Spot};

/// Deletes what stands at `path`.
pub(crate) fn delete(
    root: &Root,
    path: &RemotePath,
    options: &DeleteOptions,
    stop: &Stop,
) -> Result<()> {
    if path.is_root() {
        return Err(Error::new(ErrorKind::Invalid, "the root cannot be deleted"));
    }
    let (Spot { folder, name }, metadata) = root.existing(path)?;
    if !metadata.is_dir() {
        return folder.remove_file_or_symlink(&name).map_err(from_io);
    }
    if !options.recursive {
        return folder.remove_dir(&name).map_err(from_io);
    }
    tree(&folder, &name, Some(stop)).map_err(|error| error.with_reached(Reached::Yes))
}

/// Deletes a folder with all its content, from the leaves up. Links are removed, never
/// followed. What is gone meanwhile by another hand is no error.
pub(crate) fn tree(parent: &Dir, name: &OsStr, stop: Option<&Stop>) -> Result<()> {
    let folder = parent.open_dir_nofollow(name).map_err(from_io)?;
    for child in folder.entries().map_err(from_io)? {
        stop.map_or(Ok(()), Stop::check)?;
        let child = child.map_err(from_io)?;
        let name = child.file_name();
        let removed = match child.file_type().map_err(from_io) {
            Ok(kind) if kind.is_dir() => tree(&folder, &name, stop),
            Ok(_) => folder.remove_file_or_symlink(&name).map_err(from_io),
            Err(error) => Err(error),
        };
        gone(removed)?;
    }
    gone(parent.remove_dir(name).map_err(from_io))
}

fn gone(removed: Result<()>) -> Result<()> {
    match removed {
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
        removed => removed,
    }
}
