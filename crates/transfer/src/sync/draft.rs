//! The steps of a plan that is being made, on disk.

use std::collections::HashSet;
use std::fs::File;
use std::io::{self, BufRead, BufReader, BufWriter, Read, Seek, SeekFrom, Write};

use wharf_connector::{EntryKind, Error, ErrorKind, RemotePath, Result};

use super::Cost;
use crate::{Place, Step, Totals};

/// The steps in two files: those that come first, and the deletions, which are read from the end,
/// so that what lies in a folder comes before it. Some turn out later to be none.
#[derive(Debug)]
pub(super) struct Draft {
    first: BufWriter<File>,
    deletes: BufWriter<File>,
    /// Where each line of `deletes` begins.
    starts: Vec<u64>,
    at: u64,
    /// Paths of the source that are not carried, with all that lies in them.
    skipped: HashSet<RemotePath>,
    /// Folders of the destination that must stay.
    spared: HashSet<RemotePath>,
}

impl Draft {
    pub(super) fn new((first, deletes): (File, File)) -> Self {
        Self {
            first: BufWriter::new(first),
            deletes: BufWriter::new(deletes),
            starts: Vec::new(),
            at: 0,
            skipped: HashSet::new(),
            spared: HashSet::new(),
        }
    }

    pub(super) fn write(&mut self, step: &Step) -> Result<()> {
        let mut line = serde_json::to_vec(step).map_err(|error| unusable(error.into()))?;
        line.push(b'\n');
        if !step.is_delete() {
            return self.first.write_all(&line).map_err(unusable);
        }
        self.deletes.write_all(&line).map_err(unusable)?;
        self.starts.push(self.at);
        self.at += line.len() as u64;
        Ok(())
    }

    /// Leaves out a path of the source, and all that lies in it.
    pub(super) fn skip(&mut self, path: &RemotePath) {
        self.skipped.insert(path.clone());
    }

    /// Keeps the folders above a path of the destination.
    pub(super) fn spare(&mut self, path: &RemotePath) {
        // Nothing is to be done with the path itself, and there may be a million of them.
        let mut above = path.parent();
        while let Some(folder) = above {
            above = folder.parent();
            if !self.spared.insert(folder) {
                break;
            }
        }
    }

    /// Deletes nothing after all, and says how much that was.
    pub(super) fn drop_deletes(&mut self) -> u64 {
        std::mem::take(&mut self.starts).len() as u64
    }

    /// Counts what is left to do.
    pub(super) fn close(&mut self, from: &Place, to: &Place) -> Result<(Totals, Cost)> {
        self.first.flush().and_then(|()| self.deletes.flush()).map_err(unusable)?;
        let (mut totals, mut cost) = (Totals::default(), Cost::default());
        let first = self.first.get_ref().try_clone().map_err(unusable)?;
        let deletes = self.deletes.get_ref().try_clone().map_err(unusable)?;
        let steps = Steps::new((first, deletes), self.starts.clone())?;
        for step in steps {
            let step = step?;
            if self.keeps(&step) {
                totals.add(&step);
                cost.add(&step, from, to);
            }
        }
        Ok((totals, cost))
    }

    pub(super) fn into_steps(self) -> Result<impl Iterator<Item = Result<Step>> + Send + use<>> {
        let files = (self.first.get_ref().try_clone(), self.deletes.get_ref().try_clone());
        let (first, deletes) = (files.0.map_err(unusable)?, files.1.map_err(unusable)?);
        let steps = Steps::new((first, deletes), self.starts.clone())?;
        let keeps = move |step: &Result<Step>| step.as_ref().map_or(true, |step| self.keeps(step));
        Ok(steps.filter(keeps))
    }

    fn keeps(&self, step: &Step) -> bool {
        match step {
            Step::Delete { to, kind, .. } => {
                *kind != EntryKind::Folder || !self.spared.contains(to)
            }
            _ if self.skipped.is_empty() => true,
            Step::Copy { from, .. } => !self.is_skipped(from),
            // A folder that is skipped has the same names in the destination.
            Step::CreateFolder { to } => !self.is_skipped(to),
            Step::Touch { .. } => true,
        }
    }

    fn is_skipped(&self, path: &RemotePath) -> bool {
        let mut here = Some(path.clone());
        while let Some(path) = here {
            if self.skipped.contains(&path) {
                return true;
            }
            here = path.parent();
        }
        false
    }
}

/// The steps of both files.
struct Steps {
    first: Option<BufReader<File>>,
    deletes: File,
    starts: Vec<u64>,
    /// Deletions that were read, the last one first to go.
    block: Vec<String>,
    end: u64,
}

impl Steps {
    fn new((mut first, mut deletes): (File, File), starts: Vec<u64>) -> Result<Self> {
        first.seek(SeekFrom::Start(0)).map_err(unusable)?;
        let end = deletes.seek(SeekFrom::End(0)).map_err(unusable)?;
        Ok(Self { first: Some(BufReader::new(first)), deletes, starts, block: Vec::new(), end })
    }

    fn read(&mut self) -> io::Result<Option<String>> {
        if let Some(first) = &mut self.first {
            let mut line = String::new();
            if first.read_line(&mut line)? > 0 {
                return Ok(Some(line));
            }
            self.first = None;
        }
        if self.block.is_empty() {
            self.fill()?;
        }
        Ok(self.block.pop())
    }

    /// Reads some more deletions, from the end of the file on.
    fn fill(&mut self) -> io::Result<()> {
        let from = self.starts.len().saturating_sub(AT_ONCE);
        let starts = self.starts.split_off(from);
        let Some(start) = starts.first() else {
            return Ok(());
        };
        self.deletes.seek(SeekFrom::Start(*start))?;
        let mut text = String::new();
        (&self.deletes).take(self.end - start).read_to_string(&mut text)?;
        self.block = text.lines().map(str::to_owned).collect();
        self.end = *start;
        Ok(())
    }
}

impl Iterator for Steps {
    type Item = Result<Step>;

    fn next(&mut self) -> Option<Self::Item> {
        let line = self.read().map_err(unusable).transpose()?;
        Some(line.and_then(|line| {
            serde_json::from_str(&line).map_err(|error| unusable(io::Error::from(error)))
        }))
    }
}

fn unusable(error: io::Error) -> Error {
    Error::new(ErrorKind::Other, format!("the draft of the plan cannot be kept: {error}"))
        .with_source(error)
}

/// So many deletions are read at a time.
const AT_ONCE: usize = 512;
