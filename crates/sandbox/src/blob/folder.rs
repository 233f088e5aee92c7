//! Content that outlives the process: a file for each, side by side in one folder.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

/// A folder of numbered files, each written once and never changed after.
///
/// A file that nothing refers to any more is not removed at once: what is written of the state
/// may still name it. It waits until [`Folder::take_left`] and [`Folder::remove`] are called.
#[derive(Debug)]
pub(crate) struct Folder {
    path: PathBuf,
    next: AtomicU64,
    left: Mutex<Vec<u64>>,
    closed: AtomicBool,
}

impl Folder {
    /// Opens the folder, which must be there.
    pub(crate) fn open(path: &Path) -> io::Result<Self> {
        let newest = numbers(path)?.into_iter().max().unwrap_or(0);
        Ok(Self {
            path: path.to_owned(),
            next: AtomicU64::new(newest + 1),
            left: Mutex::default(),
            closed: AtomicBool::new(false),
        })
    }

    /// Makes a new, empty file.
    pub(super) fn create(&self) -> io::Result<u64> {
        if self.closed.load(Ordering::Acquire) {
            return Err(io::Error::other("the sandbox has stopped"));
        }
        loop {
            let number = self.next.fetch_add(1, Ordering::Relaxed);
            let file = File::options().write(true).create_new(true).open(self.file(number));
            match file {
                Ok(_) => return Ok(number),
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
                Err(error) => return Err(error),
            }
        }
    }

    pub(super) fn file(&self, number: u64) -> PathBuf {
        self.path.join(name_of(number))
    }

    /// Notes that nothing refers to a file any more.
    pub(crate) fn leave(&self, number: u64) {
        self.left.lock().unwrap_or_else(PoisonError::into_inner).push(number);
    }

    /// The files that nothing refers to any more. Once it is written down that nothing does,
    /// they may be removed.
    pub(crate) fn take_left(&self) -> Vec<u64> {
        std::mem::take(&mut *self.left.lock().unwrap_or_else(PoisonError::into_inner))
    }

    pub(crate) fn remove(&self, numbers: &[u64]) {
        for number in numbers {
            // What cannot be removed now is swept at the next start.
            let _ = fs::remove_file(self.file(*number));
        }
    }

    /// Removes every file that is not wanted.
    pub(crate) fn sweep(&self, wanted: impl Fn(u64) -> bool) -> io::Result<()> {
        let unwanted = numbers(&self.path)?.into_iter().filter(|number| !wanted(*number));
        self.remove(&unwanted.collect::<Vec<_>>());
        Ok(())
    }

    /// Makes no more files.
    pub(crate) fn close(&self) {
        self.closed.store(true, Ordering::Release);
    }
}

pub(super) fn name_of(number: u64) -> String {
    format!("{number:016x}{ENDING}")
}

/// The number in a name that [`name_of`] made; `None` for all other names.
pub(super) fn number_in(name: &str) -> Option<u64> {
    let number = u64::from_str_radix(name.strip_suffix(ENDING)?, 16).ok()?;
    (name_of(number) == name).then_some(number)
}

fn numbers(path: &Path) -> io::Result<Vec<u64>> {
    let names = fs::read_dir(path)?.map(|entry| Ok(entry?.file_name()));
    let numbers = names.map(|name| name.map(|name| number_in(name.to_str()?)));
    numbers.filter_map(io::Result::transpose).collect()
}

const ENDING: &str = ".blob";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_back_and_no_others() {
        for number in [0, 1, 0xabc, u64::MAX] {
            assert_eq!(number_in(&name_of(number)), Some(number));
        }
        for name in ["", ".blob", "1.blob", "000000000000000G.blob", "0000000000000001", "notes"] {
            assert_eq!(number_in(name), None, "{name}");
        }
    }

    #[test]
    fn what_is_not_wanted_goes_and_what_is_not_ours_stays() {
        let dir = tempfile::tempdir().unwrap();
        let folder = Folder::open(dir.path()).unwrap();
        let (one, two) = (folder.create().unwrap(), folder.create().unwrap());
        fs::write(dir.path().join("notes"), "mine").unwrap();
        folder.sweep(|number| number == two).unwrap();
        assert!(!folder.file(one).exists() && folder.file(two).exists());
        assert!(dir.path().join("notes").exists());
        let again = Folder::open(dir.path()).unwrap();
        assert!(again.create().unwrap() > two);
        // A number taken by someone else is passed over.
        assert!(folder.create().unwrap() > two + 1);
        folder.close();
        assert!(folder.create().is_err());
    }
}
