//! A folder of this machine for the length of a demonstration.

use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};
use std::{env, fs, process};

use crate::failure::{Result, on_this_machine};

/// A new folder among the temporary ones; gone, with all in it, when dropped.
#[derive(Debug)]
pub(super) struct Folder(PathBuf);

impl Folder {
    pub(super) fn new() -> Result<Self> {
        let now = SystemTime::now().duration_since(UNIX_EPOCH);
        let moment = now.map_or(0, |now| now.as_nanos());
        let path = env::temp_dir().join(format!("wharf-demo-{}-{moment}", process::id()));
        // Creating fails if somebody was quicker: nobody else's folder is ever used.
        let made = create(&path).and_then(|()| path.canonicalize());
        let failed = |error| on_this_machine(format!("the folder {}", path.display()), error);
        Ok(Self(made.map_err(failed)?))
    }

    pub(super) fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // What cannot be removed lies among the temporary files, whose cleaning is the system's.
        let _ = fs::remove_dir_all(&self.0);
    }
}

#[cfg(unix)]
fn create(path: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::DirBuilderExt;
    fs::DirBuilder::new().mode(0o700).create(path)
}

#[cfg(not(unix))]
fn create(path: &Path) -> std::io::Result<()> {
    fs::create_dir(path)
}
