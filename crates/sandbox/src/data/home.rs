//! The folder a sandbox keeps its state in, and that it has it alone.

use std::fs::{self, File};
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use fs4::{FileExt, TryLockError};

/// A folder taken by this sandbox, until it leaves it or the process ends, however it ends.
#[derive(Debug)]
pub(super) struct Home {
    path: PathBuf,
    lock: Mutex<Option<File>>,
}

impl Home {
    /// Takes a folder, and makes it if need be.
    pub(super) fn take(path: &Path) -> io::Result<Self> {
        make(path).map_err(|error| told(path, &error))?;
        check(path)?;
        let lock = lock(path)?;
        let blobs = path.join(BLOBS);
        make(&blobs).map_err(|error| told(&blobs, &error))?;
        Ok(Self { path: path.to_owned(), lock: Mutex::new(Some(lock)) })
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    pub(super) fn state(&self) -> PathBuf {
        self.path.join(STATE)
    }

    pub(super) fn blobs(&self) -> PathBuf {
        self.path.join(BLOBS)
    }

    /// Lets others take the folder.
    pub(super) fn leave(&self) {
        let lock = self.lock.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(lock) = lock {
            // To close it is not enough: a program that is just being started may have it, too. The
            // end of this process lets go of it in any case.
            let _ = FileExt::unlock(&lock);
        }
    }
}

/// Makes a file, empty if it was there, for its owner alone where the system knows that.
pub(crate) fn create_private(path: &Path) -> io::Result<File> {
    let mut options = File::options();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

/// For its owner alone likewise: passwords and keys lie in it.
fn make(path: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)
}

/// Refuses folders that hold something else.
fn check(path: &Path) -> io::Result<()> {
    if path.join(STATE).exists() {
        return Ok(());
    }
    for entry in fs::read_dir(path).map_err(|error| told(path, &error))? {
        let name = entry?.file_name();
        if !OURS.iter().any(|ours| name == *ours) {
            let text = format!(
                "{} holds {} and no state of a sandbox: give a folder that is empty or not there",
                path.display(),
                Path::new(&name).display()
            );
            return Err(io::Error::new(ErrorKind::InvalidInput, text));
        }
    }
    Ok(())
}

fn lock(path: &Path) -> io::Result<File> {
    let name = path.join(LOCK);
    let open = File::options().read(true).write(true).create(true).truncate(false).open(&name);
    let mut file = open.map_err(|error| told(&name, &error))?;
    match FileExt::try_lock(&file) {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => {
            let holder = fs::read_to_string(&name).unwrap_or_default();
            let holder = match holder.trim() {
                "" => String::new(),
                process => format!(" (process {process})"),
            };
            let text = format!("{} is in use by another sandbox{holder}", path.display());
            return Err(io::Error::new(ErrorKind::ResourceBusy, text));
        }
        Err(TryLockError::Error(error)) => return Err(told(&name, &error)),
    }
    // The number is a courtesy to whoever finds the folder taken.
    let _ = file.set_len(0).and_then(|()| writeln!(file, "{}", std::process::id()));
    Ok(file)
}

fn told(path: &Path, error: &io::Error) -> io::Error {
    io::Error::new(error.kind(), format!("{}: {error}", path.display()))
}

const STATE: &str = "state.jsonl";
const BLOBS: &str = "blobs";
const LOCK: &str = "lock";
/// What a folder may hold before there is a state in it.
const OURS: [&str; 5] = [BLOBS, LOCK, "state.jsonl.new", "ca.pem", "ca.key"];
