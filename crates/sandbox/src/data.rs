//! What survives a restart: a folder with the content and a journal of all else.
//!
//! ```text
//! DIR/
//!   state.jsonl   who and what there is: rows, of which a later one replaces an earlier one
//!   blobs/        content longer than 1 KiB, in files that are written once
//!   lock          held while a sandbox runs
//!   ca.pem        whom clients trust, and
//!   ca.key        its key, once it was started with TLS
//! ```
//!
//! Before an answer goes out, everything the request changed stands in `state.jsonl`: one line
//! with a row for each thing changed, so that the effort does not grow with the size of the
//! tree. Content is in its file by then. A process that is killed therefore leaves at most an
//! unfinished line at the end, of a change nobody was told of. Now and then, and at each start,
//! the file is written anew without what was replaced, beside the old one and then in its place.
//!
//! Nothing waits for the disk itself: when the power goes, the last changes may be lost.

mod home;
mod journal;
mod lines;
mod rows;
mod table;
mod watched;

use std::io;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use self::home::Home;
pub(crate) use self::home::create_private;
use self::journal::Journal;
pub(crate) use self::lines::Lines;
pub(crate) use self::rows::Rows;
pub(crate) use self::table::Table;
pub(crate) use self::watched::Watched;
use crate::blob::{Adoption, Folder, Store};

/// What writes itself down.
pub(crate) trait Kept: Send {
    /// Writes what changed since the last time, or everything if the lines are to be whole.
    ///
    /// # Errors
    /// When the lines cannot be written.
    fn write(&mut self, lines: &mut Lines<'_>) -> io::Result<()>;
}

/// A part of the state, shared with who works on it.
pub(crate) type Part = Arc<Mutex<dyn Kept>>;

/// The state on disk of one running sandbox.
pub(crate) struct Data {
    home: Home,
    folder: Arc<Folder>,
    parts: OnceLock<Vec<Part>>,
    journal: Mutex<Journal>,
}

/// What is to be done when the state has been written, and takes longer.
#[derive(Debug, Default)]
#[must_use]
struct Chores {
    left: Vec<u64>,
    rewrite: bool,
}

impl Data {
    /// Takes a folder, and reads what was written there before.
    ///
    /// # Errors
    /// When another sandbox has it, when it holds something else, or when the state in it
    /// cannot be read; nothing in it is changed then.
    pub(crate) fn open(path: &Path) -> io::Result<(Arc<Self>, Option<Rows>)> {
        let home = Home::take(path)?;
        let journal = Journal::new(home.state());
        let rows = journal.read()?;
        let folder = Arc::new(Folder::open(&home.blobs())?);
        let rows = rows.map(|rows| rows.with_content(Adoption::new(folder.clone())));
        let journal = Mutex::new(journal);
        Ok((Arc::new(Self { home, folder, parts: OnceLock::new(), journal }), rows))
    }

    pub(crate) fn store(&self) -> Store {
        Store::in_folder(self.folder.clone())
    }

    /// Writes these parts down from now on, whole for a start; content that none of them has is
    /// removed.
    ///
    /// # Errors
    /// When rows were read that none of them took, or the state cannot be written.
    pub(crate) fn begin(&self, parts: Vec<Part>, read: Option<Rows>) -> io::Result<()> {
        if let Some(rows) = &read {
            rows.check_taken()?;
        }
        let parts = self.parts.get_or_init(|| parts);
        self.journal().rewrite(parts)?;
        match read {
            Some(rows) => rows.sweep(),
            None => Ok(()),
        }
    }

    /// Writes down what changed, before it is told to anyone.
    ///
    /// # Errors
    /// When it cannot be written. The next call tries again, with everything.
    pub(crate) async fn commit(self: &Arc<Self>) -> io::Result<()> {
        let chores = self.append()?;
        if chores.are_none() {
            return Ok(());
        }
        let data = self.clone();
        let work = move || data.finish(chores);
        tokio::task::spawn_blocking(work).await.map_err(io::Error::other)?
    }

    /// The same, for those who cannot wait.
    ///
    /// # Errors
    /// Likewise.
    pub(crate) fn commit_now(&self) -> io::Result<()> {
        let chores = self.append()?;
        self.finish(chores)
    }

    /// Writes everything the next time: more was changed than is noted.
    pub(crate) fn forget(&self) {
        self.journal().forget();
    }

    /// Writes down what changed, and gives the folder free.
    ///
    /// # Errors
    /// When it cannot be written.
    pub(crate) fn close(&self) -> io::Result<()> {
        let written = self.append();
        self.folder.close();
        self.journal().close();
        self.home.leave();
        written.map(drop)
    }

    fn append(&self) -> io::Result<Chores> {
        let Some(parts) = self.parts.get() else {
            return Ok(Chores::default());
        };
        let mut journal = self.journal();
        // Before the parts are written: what is left now is in none of them.
        let mut chores = Chores { left: self.folder.take_left(), rewrite: false };
        let written = journal.append(parts);
        if written.is_err() {
            chores.left.iter().for_each(|number| self.folder.leave(*number));
        }
        chores.rewrite = written?;
        Ok(chores)
    }

    fn finish(&self, chores: Chores) -> io::Result<()> {
        self.folder.remove(&chores.left);
        match self.parts.get() {
            Some(parts) if chores.rewrite => self.journal().rewrite(parts),
            _ => Ok(()),
        }
    }

    fn journal(&self) -> MutexGuard<'_, Journal> {
        self.journal.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Chores {
    fn are_none(&self) -> bool {
        self.left.is_empty() && !self.rewrite
    }
}

impl std::fmt::Debug for Data {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Data").field("path", &self.home.path()).finish_non_exhaustive()
    }
}

/// The lines that someone writes.
#[cfg(test)]
pub(crate) fn written(whole: bool, write: impl FnOnce(&mut Lines<'_>) -> io::Result<()>) -> String {
    let (mut text, mut small) = (Vec::new(), std::collections::HashMap::new());
    let mut lines = Lines::new(&mut text, &mut small, whole);
    write(&mut lines).unwrap();
    lines.end().unwrap();
    String::from_utf8(text).unwrap()
}

#[cfg(test)]
mod tests;
