//! The folder that holds the connections, and how its files are read and replaced.
//!
//! A file is replaced whole: written beside the old one, brought to the disk, renamed over it.
//! Whoever changes one holds the lock from reading to renaming, so that of two at once neither
//! undoes what the other did.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use fs4::FileExt;
use wharf_connector::{Error, Result};

use crate::environment::{CONFIG_DIR, Environment};
use crate::failure::{invalid, on_file, on_save};

/// The folder of the connections.
#[derive(Debug, Clone)]
pub(crate) struct Folder {
    path: PathBuf,
}

/// Held while a file is changed; let go of when dropped.
#[derive(Debug)]
pub(crate) struct Lock {
    _file: File,
}

impl Folder {
    pub(crate) fn new(path: PathBuf) -> Self {
        Self { path }
    }

    pub(crate) fn of(environment: &Environment) -> Result<Self> {
        if let Some(path) = environment.path(CONFIG_DIR) {
            return Ok(Self::new(path));
        }
        let base = environment.configuration().ok_or_else(|| {
            let remedy = format!("Set HOME, or {CONFIG_DIR} to the folder of the connections.");
            invalid("there is no home directory, and so no place for connections", remedy)
        })?;
        Ok(Self::new(base.join("wharf")))
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    pub(crate) fn connections(&self) -> PathBuf {
        self.path.join("connections.toml")
    }

    pub(crate) fn vault(&self) -> PathBuf {
        self.path.join("vault.age")
    }

    /// Waits until nobody else changes a file here. The folder is made if it is missing.
    pub(crate) fn lock(&self) -> Result<Lock> {
        self.make().map_err(|error| on_save("the folder", &self.path, error))?;
        let path = self.path.join(".lock");
        let lock = || {
            let file = private().create(true).truncate(false).open(&path)?;
            FileExt::lock(&file)?;
            Ok(Lock { _file: file })
        };
        lock().map_err(|error| on_save("the lock", &path, error))
    }

    fn make(&self) -> io::Result<()> {
        let mut builder = fs::DirBuilder::new();
        builder.recursive(true);
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder.create(&self.path)
    }
}

/// Replaces a file by one with this content that only its owner can read; or fails, and leaves
/// it as it was.
pub(crate) fn replace(what: &str, path: &Path, content: &[u8], _: &Lock) -> Result<()> {
    let failed = |error| on_save(what, path, error);
    // A link stays a link: people keep their settings elsewhere.
    let real = match fs::canonicalize(path) {
        Ok(real) => real,
        Err(error) if error.kind() == io::ErrorKind::NotFound => path.to_owned(),
        Err(error) => return Err(failed(error)),
    };
    written(&real, content).map_err(failed)
}

/// The temporary file is created for its owner alone, and goes away if anything fails.
fn written(path: &Path, content: &[u8]) -> io::Result<()> {
    let folder = path.parent().unwrap_or_else(|| Path::new("."));
    sweep(folder)?;
    let mut file = tempfile::Builder::new().prefix(BEGIN).suffix(END).tempfile_in(folder)?;
    file.write_all(content)?;
    file.as_file().sync_all()?;
    file.persist(path).map_err(|error| error.error)?;
    #[cfg(unix)]
    File::open(folder)?.sync_all()?;
    Ok(())
}

/// Removes what a process left that was killed in the middle of a save. Under the lock, nobody
/// is at it.
fn sweep(folder: &Path) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name();
        let name = name.to_string_lossy();
        if name.starts_with(BEGIN) && name.ends_with(END) {
            fs::remove_file(entry.path())?;
        }
    }
    Ok(())
}

/// The content of a file and its mode, if there is one.
pub(crate) fn content(what: &str, path: &Path) -> Result<Option<(Vec<u8>, u32)>> {
    let read = || {
        let file = File::open(path)?;
        let metadata = file.metadata()?;
        let mut bytes = Vec::new();
        io::Read::read_to_end(&mut io::Read::take(file, LARGEST + 1), &mut bytes)?;
        Ok((bytes, mode(&metadata)))
    };
    match read() {
        Ok((bytes, _)) if bytes.len() as u64 > LARGEST => Err(too_large(what, path)),
        Ok(found) => Ok(Some(found)),
        Err(error) if is_missing(&error) => Ok(None),
        Err(error) => Err(on_file(what, path, error)),
    }
}

fn is_missing(error: &io::Error) -> bool {
    error.kind() == io::ErrorKind::NotFound
}

fn too_large(what: &str, path: &Path) -> Error {
    let message = format!("{what} {} is larger than {LARGEST} bytes", path.display());
    Error::new(wharf_connector::ErrorKind::TooLarge, message)
}

/// The permission bits; where there are none, those of a file that is closed to others.
#[cfg(unix)]
pub(crate) fn mode(metadata: &fs::Metadata) -> u32 {
    std::os::unix::fs::PermissionsExt::mode(&metadata.permissions()) & 0o777
}

/// The permission bits; where there are none, those of a file that is closed to others.
#[cfg(not(unix))]
pub(crate) fn mode(_: &fs::Metadata) -> u32 {
    0o600
}

fn private() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.read(true).write(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}

const BEGIN: &str = ".wharf-";
const END: &str = ".new";
/// Others may read it.
pub(crate) const OTHERS: u32 = 0o077;
/// Others may change it.
pub(crate) const OTHERS_WRITE: u32 = 0o022;
/// No file of ours comes near it.
const LARGEST: u64 = 16 * 1024 * 1024;

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;

    fn folder() -> (tempfile::TempDir, Folder) {
        let home = tempfile::tempdir().unwrap();
        let folder = Folder::new(home.path().join("deep/wharf"));
        (home, folder)
    }

    #[test]
    fn folder_and_files_are_closed_to_others() {
        let (_home, folder) = folder();
        let lock = folder.lock().unwrap();
        replace("the file", &folder.connections(), b"a", &lock).unwrap();
        let mode_of = |path: &Path| mode(&fs::metadata(path).unwrap());
        assert_eq!(mode_of(folder.path()), 0o700);
        assert_eq!(mode_of(&folder.connections()), 0o600);
        assert_eq!(mode_of(&folder.path().join(".lock")), 0o600);
    }

    #[test]
    fn a_save_that_fails_leaves_the_old_file_and_no_other() {
        let (_home, folder) = folder();
        let lock = folder.lock().unwrap();
        let path = folder.connections();
        replace("the file", &path, b"old", &lock).unwrap();
        // A folder cannot be renamed over: the last step of a save fails.
        let taken = folder.path().join("taken");
        fs::create_dir(&taken).unwrap();
        let error = replace("the file", &taken, b"new", &lock).unwrap_err();
        assert!(error.remedy().unwrap().contains("Nothing was changed"), "{error}");
        assert_eq!(fs::read(&path).unwrap(), b"old");
        let names: Vec<_> = fs::read_dir(folder.path()).unwrap().map(|e| e.unwrap()).collect();
        assert!(names.iter().all(|e| !e.file_name().to_string_lossy().ends_with(".new")));
    }

    #[test]
    fn what_a_killed_process_left_is_swept_away() {
        let (_home, folder) = folder();
        let lock = folder.lock().unwrap();
        let left = folder.path().join(".wharf-x7Yz.new");
        fs::write(&left, "half a secr").unwrap();
        fs::write(folder.path().join("mine.new"), "kept").unwrap();
        replace("the file", &folder.connections(), b"new", &lock).unwrap();
        assert!(!left.exists() && folder.path().join("mine.new").exists());
    }

    #[test]
    fn a_link_stays_a_link() {
        let (home, folder) = folder();
        let lock = folder.lock().unwrap();
        let kept = home.path().join("kept.toml");
        fs::write(&kept, "old").unwrap();
        fs::set_permissions(&kept, fs::Permissions::from_mode(0o644)).unwrap();
        std::os::unix::fs::symlink(&kept, folder.connections()).unwrap();
        replace("the file", &folder.connections(), b"new", &lock).unwrap();
        assert!(fs::symlink_metadata(folder.connections()).unwrap().is_symlink());
        assert_eq!(fs::read(&kept).unwrap(), b"new");
        assert_eq!(mode(&fs::metadata(&kept).unwrap()), 0o600);
    }
}
