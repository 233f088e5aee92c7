//! A file or folder in the making, under a name of its own beside the final one.

use std::ffi::OsStr;
use std::io;

use cap_fs_ext::{DirExt, FollowSymlinks, OpenOptionsFollowExt, OpenOptionsSyncExt};
use cap_std::fs::{Dir, File, OpenOptions};
use wharf_connector::{Error, ErrorKind, Result};

use crate::delete;
use crate::error::from_io;

/// Something under a temporary name. Unless it gets its final name, it is removed when
/// this is dropped.
#[derive(Debug)]
pub(crate) struct Temporary {
    folder: Dir,
    name: String,
    is_folder: bool,
    placed: bool,
    /// Stays when it is dropped: somebody means to go on with it.
    kept: bool,
}

impl Temporary {
    /// A new empty file in `folder`, with these rights as far as the umask grants them.
    pub(crate) fn file(folder: Dir, mode: u32) -> Result<(Self, File)> {
        let mut options = OpenOptions::new();
        options.read(true).write(true).create_new(true);
        set_mode(&mut options, mode);
        Self::new(folder, false, |folder, name| folder.open_with(name, &options))
    }

    /// The file that was left under this name of ours, or a new one. It stays when this is dropped.
    pub(crate) fn resumable(folder: Dir, name: &str, mode: u32) -> Result<(Self, File)> {
        let mut options = OpenOptions::new();
        options.read(true).write(true).create(true).follow(FollowSymlinks::No).nonblock(true);
        // Whoever goes on with it must be able to write it, whatever it is to replace.
        set_mode(&mut options, mode | 0o600);
        let file = folder.open_with(name, &options).map_err(from_io)?;
        if !file.metadata().map_err(from_io)?.is_file() {
            return Err(Error::new(ErrorKind::Conflict, "the partial file is no file any more"));
        }
        let name = name.to_owned();
        Ok((Self { folder, name, is_folder: false, placed: false, kept: true }, file))
    }

    /// A new empty folder in `folder`, with rights as [`create_folder`] gives them.
    pub(crate) fn folder(folder: Dir, mode: u32) -> Result<(Self, Dir)> {
        Self::new(folder, true, |folder, name| {
            create_folder(folder, OsStr::new(name), mode)?;
            folder.open_dir_nofollow(name)
        })
    }

    fn new<T>(
        folder: Dir,
        is_folder: bool,
        create: impl Fn(&Dir, &str) -> io::Result<T>,
    ) -> Result<(Self, T)> {
        for _ in 0..ATTEMPTS {
            let name = random_name();
            match create(&folder, &name) {
                Ok(created) => {
                    return Ok((
                        Self { folder, name, is_folder, placed: false, kept: false },
                        created,
                    ));
                }
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
                Err(error) => return Err(from_io(error)),
            }
        }
        Err(Error::new(ErrorKind::Other, "no free name for a temporary file was found"))
    }

    /// Its name, as long as it is temporary.
    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// The folder that it stands in.
    pub(crate) fn parent(&self) -> &Dir {
        &self.folder
    }

    /// Gives it its final name, in the same folder and in one step. With `replace` a file
    /// there is replaced; without it, whatever is there stays and the answer is
    /// `AlreadyExists`.
    pub(crate) fn place(&mut self, name: &OsStr, replace: bool) -> Result<()> {
        let from = OsStr::new(&self.name);
        let placed = if replace {
            self.folder.rename(from, &self.folder, name)
        } else {
            rename_if_absent((&self.folder, from), (&self.folder, name), self.is_folder)
        };
        placed.map_err(from_io)?;
        self.placed = true;
        Ok(())
    }
}

impl Drop for Temporary {
    /// Removes what did not get its final name. This blocks for as long as the system
    /// needs to free the space; it happens only when a write has failed or was dropped.
    fn drop(&mut self) {
        if self.placed || self.kept {
            return;
        }
        // Nobody is left to hear of a failure.
        if self.is_folder {
            let _ = delete::tree(&self.folder, OsStr::new(&self.name), None);
        } else {
            let _ = self.folder.remove_file(&self.name);
        }
    }
}

/// Whether a name is one of ours.
pub(crate) fn is_name(name: &str) -> bool {
    let middle = name.strip_prefix(PREFIX).and_then(|rest| rest.strip_suffix(SUFFIX));
    middle.is_some_and(|middle| {
        middle.len() == LETTERS && middle.bytes().all(|letter| letter.is_ascii_alphanumeric())
    })
}

/// Renames in one step that fails when something stands at `to`.
///
/// Linux and Apple can do that by themselves. Elsewhere, and on file systems that cannot,
/// a file gets a second name, which fails in the same way, and loses the first. Folders
/// have no second name: for them alone there is then a moment between looking and
/// renaming, in which an empty folder made by someone else would be replaced.
pub(crate) fn rename_if_absent(
    (from_folder, from): (&Dir, &OsStr),
    (to_folder, to): (&Dir, &OsStr),
    is_folder: bool,
) -> io::Result<()> {
    if let Some(renamed) = native_rename_if_absent((from_folder, from), (to_folder, to)) {
        return renamed;
    }
    if !is_folder {
        from_folder.hard_link(from, to_folder, to)?;
        return from_folder.remove_file(from);
    }
    match to_folder.symlink_metadata(to) {
        Ok(_) => Err(io::ErrorKind::AlreadyExists.into()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            from_folder.rename(from, to_folder, to)
        }
        Err(error) => Err(error),
    }
}

#[cfg(any(target_os = "linux", target_os = "android", target_vendor = "apple"))]
fn native_rename_if_absent(from: (&Dir, &OsStr), to: (&Dir, &OsStr)) -> Option<io::Result<()>> {
    use rustix::fs::{RenameFlags, renameat_with};
    use rustix::io::Errno;
    match renameat_with(from.0, from.1, to.0, to.1, RenameFlags::NOREPLACE) {
        // The kernel or the file system does not know the flag.
        Err(Errno::NOSYS | Errno::INVAL | Errno::NOTSUP) => None,
        renamed => Some(renamed.map_err(io::Error::from)),
    }
}

#[cfg(not(any(target_os = "linux", target_os = "android", target_vendor = "apple")))]
fn native_rename_if_absent(_: (&Dir, &OsStr), _: (&Dir, &OsStr)) -> Option<io::Result<()>> {
    None
}

/// The rights that a new file gets, as far as the umask grants them.
#[cfg(unix)]
pub(crate) fn set_mode(options: &mut OpenOptions, mode: u32) {
    use cap_std::fs::OpenOptionsExt;
    options.mode(mode);
}

#[cfg(not(unix))]
pub(crate) fn set_mode(_: &mut OpenOptions, _: u32) {}

/// A folder with these rights, as far as the umask grants them. Its owner may always fill it, and
/// take it away again.
#[cfg(unix)]
pub(crate) fn create_folder(parent: &Dir, name: &OsStr, mode: u32) -> io::Result<()> {
    use cap_std::fs::{DirBuilder, DirBuilderExt};
    parent.create_dir_with(name, DirBuilder::new().mode(mode | 0o700))
}

#[cfg(not(unix))]
pub(crate) fn create_folder(parent: &Dir, name: &OsStr, _: u32) -> io::Result<()> {
    parent.create_dir(name)
}

/// A name that nobody else uses.
pub(crate) fn random_name() -> String {
    let middle: String = (0..LETTERS).map(|_| fastrand::alphanumeric()).collect();
    format!("{PREFIX}{middle}{SUFFIX}")
}

const PREFIX: &str = ".wharf-";
const SUFFIX: &str = ".part";
const LETTERS: usize = 16;
const ATTEMPTS: usize = 16;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn own_names_are_known_again() {
        assert!(is_name(&random_name()));
        for name in [".wharf-.part", ".wharf-0123456789abcde/.part", "wharf", ".part"] {
            assert!(!is_name(name), "{name}");
        }
    }
}
