//! The journal of whoever runs the program: where it lies, and who works on what.

mod owner;

use std::path::PathBuf;
use std::{env, fs};

use wharf::connector::chrono::Utc;
use wharf::transfer::{JobId, Journal};
use wharf::{Error, ErrorKind};

use crate::failure::{Result, on_this_machine};

pub(crate) use owner::owner;

/// Opens the journal; makes it if it is not there.
pub(crate) fn open() -> Result<Journal> {
    let folder = folder()?;
    make(&folder)?;
    let file = folder.join(FILE);
    for_its_owner(fs::OpenOptions::new().append(true).create(true))
        .open(&file)
        .map_err(|error| on_this_machine(file.display().to_string(), error))?;
    Ok(Journal::open(&file)?)
}

/// Looks whether there is a journal, or could be one: in good time, before anything is done that
/// would have to be written down. None is made.
pub(crate) fn check() -> Result<()> {
    let folder = folder()?;
    make(&folder)?;
    let there = |error| on_this_machine(format!("the folder {}", folder.display()), error);
    tempfile::tempfile_in(&folder).map_err(there)?;
    open_if_there().map(drop)
}

/// Opens the journal if there is one.
pub(crate) fn open_if_there() -> Result<Option<Journal>> {
    let file = folder()?.join(FILE);
    if !file.exists() {
        return Ok(None);
    }
    Ok(Some(Journal::open(&file)?))
}

/// Takes back what dead processes have left, and refuses where a living one works.
pub(crate) async fn take_over(journal: &Journal, job: &JobId) -> Result<()> {
    let own = owner();
    for owner in journal.owners(job, Utc::now()).await? {
        if owner != own && !owner::is_dead(&owner) {
            return Err(worked_on(job, &owner).into());
        }
        journal.release(job, &owner).await?;
    }
    Ok(())
}

/// What is said to whoever wants a job that another process has.
fn worked_on(job: &JobId, owner: &str) -> Error {
    let message = format!("job {job} is being worked on by {}", owner::shown(owner));
    Error::new(ErrorKind::Conflict, message).with_remedy(
        "Wait until it has ended, or stop it. What was killed on another machine or in another \
         container lets go of its job within ten minutes.",
    )
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

/// With what a new file is made with: nobody but its owner may read it.
fn for_its_owner(options: &mut fs::OpenOptions) -> &mut fs::OpenOptions {
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600);
    }
    options
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
