//! The journal of whoever runs the program: where it lies, and who works on what.

use std::path::PathBuf;
use std::{env, fs, process};

use wharf::connector::chrono::Utc;
use wharf::transfer::{JobId, Journal};
use wharf::{Error, ErrorKind};

use crate::failure::{Result, on_this_machine};

/// Opens the journal; makes it if it is not there.
pub(crate) fn open() -> Result<Journal> {
    let folder = folder()?;
    make(&folder)?;
    Ok(Journal::open(&folder.join(FILE))?)
}

/// Opens the journal if there is one.
pub(crate) fn open_if_there() -> Result<Option<Journal>> {
    let file = folder()?.join(FILE);
    if !file.exists() {
        return Ok(None);
    }
    Ok(Some(Journal::open(&file)?))
}

/// The name of this process among those that work on jobs.
pub(crate) fn owner() -> String {
    format!("process {}", process::id())
}

/// Takes back what dead processes have left, and refuses where a living one works.
pub(crate) async fn take_over(journal: &Journal, job: &JobId) -> Result<()> {
    for owner in journal.owners(job, Utc::now()).await? {
        let number = owner.strip_prefix("process ").and_then(|number| number.parse().ok());
        if number.is_none_or(is_alive) {
            let message = format!("job {job} is being worked on by {owner}");
            return Err(Error::new(ErrorKind::Conflict, message)
                .with_remedy("Wait until it has ended, or stop it.")
                .into());
        }
        journal.release(job, &owner).await?;
    }
    Ok(())
}

/// Where processes cannot be looked for, none is taken for alive: whoever resumes a job says that
/// nobody works on it.
fn is_alive(process: u32) -> bool {
    process != process::id() && PathBuf::from(format!("/proc/{process}")).exists()
}

/// The folder for what programs keep between runs, as the system has it.
fn folder() -> Result<PathBuf> {
    let set = |name: &str| env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    let home = || set("HOME");
    let folder = set("WHARF_STATE").or_else(|| {
        let parent = if cfg!(windows) {
            set("LOCALAPPDATA")
        } else if cfg!(target_vendor = "apple") {
            home().map(|home| home.join("Library/Application Support"))
        } else {
            set("XDG_STATE_HOME").or_else(|| home().map(|home| home.join(".local/state")))
        };
        parent.map(|parent| parent.join("wharf"))
    });
    folder.ok_or_else(|| {
        Error::new(ErrorKind::Invalid, "there is no place for the journal of jobs")
            .with_remedy("Set WHARF_STATE to a folder.")
            .into()
    })
}

/// For its owner alone: paths and names of files are nobody else's business.
fn make(folder: &PathBuf) -> Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::DirBuilderExt;
        builder.mode(0o700);
    }
    let made = builder.create(folder);
    Ok(made.map_err(|error| on_this_machine(format!("the folder {}", folder.display()), error))?)
}

const FILE: &str = "jobs.db";
