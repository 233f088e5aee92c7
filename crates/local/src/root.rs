//! The folder that everything happens in, and the way from there to an entry.

use std::ffi::OsString;
use std::io;
use std::path::{Path, PathBuf};

use cap_fs_ext::DirExt;
use cap_std::ambient_authority;
use cap_std::fs::{Dir, Metadata};
use wharf_connector::{Entry, Error, ErrorKind, RemotePath, Result};

use crate::convert;
use crate::error::{from_io, link_refused};
use crate::name;
use crate::write::sync_folder;

/// The folder that everything happens in, and the policies.
///
/// The way to an entry is gone folder by folder, each opened through the one above. So
/// there is no moment between looking and opening in which a folder could be exchanged
/// for a link. Where links are followed, the jail of `cap-std` keeps them within.
#[derive(Debug, Clone)]
pub(crate) struct Root {
    pub(crate) path: PathBuf,
    pub(crate) follow_symlinks: bool,
    pub(crate) skip_special: bool,
    pub(crate) fsync: bool,
}

/// A name in an open folder. Something may stand there.
#[derive(Debug)]
pub(crate) struct Spot {
    pub(crate) folder: Dir,
    pub(crate) name: OsString,
}

/// Whether missing folders on the way are created.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Missing {
    Create,
    Refuse,
}

impl From<bool> for Missing {
    fn from(parents: bool) -> Self {
        if parents { Self::Create } else { Self::Refuse }
    }
}

impl Root {
    /// Opens the root itself. Links on the way to it are the caller's own.
    pub(crate) fn open(&self) -> Result<Dir> {
        Dir::open_ambient_dir(&self.path, ambient_authority()).map_err(|error| {
            let shown = self.path.display();
            match error.kind() {
                io::ErrorKind::NotFound => {
                    Error::new(ErrorKind::NotFound, format!("there is no folder {shown}"))
                        .with_remedy("Create the folder, or choose another root.")
                        .with_source(error)
                }
                io::ErrorKind::NotADirectory => {
                    Error::new(ErrorKind::NotAFolder, format!("{shown} is no folder"))
                        .with_source(error)
                }
                _ => from_io(error),
            }
        })
    }

    /// Opens a folder, going down name by name.
    ///
    /// # Errors
    ///
    /// `NotFound`; `NotAFolder` for a file on the way or at the end.
    pub(crate) fn folder(&self, path: &RemotePath, missing: Missing) -> Result<Dir> {
        let mut way = Way { top: self.open()?, here: None, walked: PathBuf::new() };
        for name in path.segments() {
            name::check(name)?;
            way.walked.push(name);
            let next = match self.step(&way, name) {
                Err(error) if is_missing(&error) && missing == Missing::Create => {
                    create_folder(way.folder(), name)?;
                    if self.fsync {
                        sync_folder(way.folder())?;
                    }
                    self.step(&way, name)
                }
                step => step,
            };
            way.here = Some(next.map_err(|error| explain(way.folder(), name, error))?);
        }
        Ok(way.here.unwrap_or(way.top))
    }

    fn step(&self, way: &Way, name: &str) -> io::Result<Dir> {
        if self.follow_symlinks {
            way.top.open_dir(&way.walked)
        } else {
            way.folder().open_dir_nofollow(name)
        }
    }

    /// The name at the end of a path, in its folder. A link there is not followed.
    ///
    /// # Errors
    ///
    /// `Invalid` for the root, which has no name; as [`folder`](Self::folder).
    pub(crate) fn spot(&self, path: &RemotePath, missing: Missing) -> Result<Spot> {
        let (Some(parent), Some(name)) = (path.parent(), path.name()) else {
            return Err(Error::new(ErrorKind::Invalid, "the root itself cannot be changed"));
        };
        name::check(name)?;
        Ok(Spot { folder: self.folder(&parent, missing)?, name: name.into() })
    }

    /// The same, for something that must be there: below a file there is nothing.
    pub(crate) fn existing(&self, path: &RemotePath) -> Result<(Spot, Metadata)> {
        let spot = self.spot(path, Missing::Refuse).map_err(nothing_below_a_file)?;
        let metadata = spot.look()?.ok_or_else(nothing_here)?;
        Ok((spot, metadata))
    }

    /// The file or folder at a path, through the last link if links are followed.
    ///
    /// # Errors
    ///
    /// `NotFound`; `Unsupported` for a link that is not followed.
    pub(crate) fn find(&self, path: &RemotePath) -> Result<(Spot, Metadata)> {
        if path.is_root() {
            return self.at_root();
        }
        let (spot, metadata) = self.existing(path)?;
        if metadata.is_symlink() {
            let spot = self.follow(path)?;
            let metadata = spot.look()?.ok_or_else(nothing_here)?;
            return Ok((spot, metadata));
        }
        Ok((spot, metadata))
    }

    /// The entry at a path.
    pub(crate) fn entry(&self, path: &RemotePath) -> Result<Entry> {
        let (_, metadata) = self.find(path)?;
        convert::entry(path.clone(), &metadata)
    }

    /// Where the link at the end of `path` leads in the end.
    ///
    /// # Errors
    ///
    /// `Unsupported` where links are not followed; `PermissionDenied` for one that leads
    /// out of the root; `NotFound` for one that leads to nothing.
    pub(crate) fn follow(&self, path: &RemotePath) -> Result<Spot> {
        if !self.follow_symlinks {
            return Err(link_refused());
        }
        let target = self.real(path)?;
        let (Some(parent), Some(name)) = (target.parent(), target.file_name()) else {
            return self.at_root().map(|(spot, _)| spot);
        };
        let top = self.open()?;
        let folder = match parent.as_os_str().is_empty() {
            true => top,
            false => top.open_dir(parent).map_err(from_io)?,
        };
        Ok(Spot { folder, name: name.to_owned() })
    }

    /// Whether the folder behind a link is one that the path to the link came through: a
    /// walk would go round for ever.
    pub(crate) fn leads_back(&self, link: &RemotePath) -> Result<bool> {
        let target = self.real(link)?;
        let mut above = link.parent();
        while let Some(folder) = above {
            if self.real(&folder)? == target {
                return Ok(true);
            }
            above = folder.parent();
        }
        Ok(false)
    }

    fn real(&self, path: &RemotePath) -> Result<PathBuf> {
        let relative = if path.is_root() { "." } else { path.relative() };
        let real = self.open()?.canonicalize(relative).map_err(from_io)?;
        Ok(real.strip_prefix(".").map(Path::to_path_buf).unwrap_or(real))
    }

    fn at_root(&self) -> Result<(Spot, Metadata)> {
        let folder = self.open()?;
        let metadata = folder.dir_metadata().map_err(from_io)?;
        Ok((Spot { folder, name: ".".into() }, metadata))
    }
}

impl Spot {
    /// What stands here, if anything does. A link is told as a link.
    pub(crate) fn look(&self) -> Result<Option<Metadata>> {
        match self.folder.symlink_metadata(&self.name) {
            Ok(metadata) => Ok(Some(metadata)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(from_io(error)),
        }
    }
}

/// How far the way down has come.
struct Way {
    top: Dir,
    here: Option<Dir>,
    walked: PathBuf,
}

impl Way {
    fn folder(&self) -> &Dir {
        self.here.as_ref().unwrap_or(&self.top)
    }
}

/// For what must be there: below a file there is nothing.
pub(crate) fn nothing_below_a_file(error: Error) -> Error {
    if error.kind() == ErrorKind::NotAFolder {
        return nothing_here().with_source(error);
    }
    error
}

fn nothing_here() -> Error {
    Error::new(ErrorKind::NotFound, "there is nothing here")
}

/// Another caller may create the same folder at the same time.
fn create_folder(parent: &Dir, name: &str) -> Result<()> {
    match parent.create_dir(name) {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => Err(from_io(error)),
        _ => Ok(()),
    }
}

/// Why a name could not be opened as a folder: systems answer alike for files and links.
fn explain(parent: &Dir, name: &str, error: io::Error) -> Error {
    match parent.symlink_metadata(name) {
        Ok(there) if there.is_symlink() && !is_missing(&error) => match from_io(error) {
            escape if escape.kind() == ErrorKind::PermissionDenied => escape,
            other => link_refused().with_source(other),
        },
        Ok(there) if !there.is_dir() && !there.is_symlink() => {
            let message = format!("{name:?} on the way is no folder");
            Error::new(ErrorKind::NotAFolder, message).with_source(error)
        }
        _ => from_io(error),
    }
}

fn is_missing(error: &io::Error) -> bool {
    error.kind() == io::ErrorKind::NotFound
}
