//! The file the state is written to.

use std::collections::HashMap;
use std::fs::{self, File};
use std::io::{self, BufRead, BufReader, BufWriter, ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::sync::PoisonError;

use serde::{Deserialize, Serialize};

use super::Part;
use super::home::create_private;
use super::lines::{Lines, Row};
use super::rows::{Rows, wrong};

/// Appends what changed, and now and then writes everything anew.
#[derive(Debug)]
pub(super) struct Journal {
    path: PathBuf,
    /// None when the file must be written anew before anything can be appended.
    file: Option<File>,
    small: HashMap<String, String>,
    len: u64,
    /// The length when it was last written anew.
    fresh: u64,
    closed: bool,
}

/// The first line.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Header {
    format: String,
    version: u32,
}

impl Journal {
    pub(super) fn new(path: PathBuf) -> Self {
        Self { path, file: None, small: HashMap::new(), len: 0, fresh: 0, closed: false }
    }

    /// Reads what was written before; `None` if nothing was.
    ///
    /// A last line without an end is of a batch that was being written when the process died. It
    /// is passed over.
    pub(super) fn read(&self) -> io::Result<Option<Rows>> {
        let file = match File::open(&self.path) {
            Ok(file) => file,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(self.told(&error)),
        };
        let mut file = BufReader::new(file);
        let mut rows = Rows::new(&self.path);
        let mut text = Vec::new();
        for line in 1.. {
            text.clear();
            file.read_until(b'\n', &mut text).map_err(|error| self.told(&error))?;
            let whole = text.ends_with(b"\n");
            match line {
                1 => check_header(&self.path, &text)?,
                _ if whole => read_batch(&self.path, line, &text, &mut rows)?,
                _ => break,
            }
        }
        Ok(Some(rows))
    }

    /// Appends what changed; answers whether so much was replaced by now that the file is better
    /// written anew.
    pub(super) fn append(&mut self, parts: &[Part]) -> io::Result<bool> {
        let Some(mut file) = self.file.take() else {
            return self.rewrite(parts).map(|()| false);
        };
        // If this fails the file is not put back, and written anew the next time.
        let mut text = Vec::new();
        let mut lines = Lines::new(&mut text, &mut self.small, false);
        write_all(parts, &mut lines)?;
        self.len += lines.end()?;
        file.write_all(&text).map_err(|error| self.told(&error))?;
        self.file = Some(file);
        Ok(self.len > 2 * self.fresh + SLACK)
    }

    /// Writes everything into a new file, which takes the place of the old one when it is whole.
    pub(super) fn rewrite(&mut self, parts: &[Part]) -> io::Result<()> {
        if self.closed {
            return Err(io::Error::other("the sandbox has stopped"));
        }
        self.file = None;
        let new = self.path.with_extension("jsonl.new");
        let written = self.write_new(&new, parts).map_err(|error| self.told(&error))?;
        fs::rename(&new, &self.path).map_err(|error| self.told(&error))?;
        self.file = Some(written);
        Ok(())
    }

    /// Writes everything the next time.
    pub(super) fn forget(&mut self) {
        self.file = None;
    }

    /// Writes nothing any more.
    pub(super) fn close(&mut self) {
        self.file = None;
        self.closed = true;
    }

    fn write_new(&mut self, path: &Path, parts: &[Part]) -> io::Result<File> {
        let mut out = BufWriter::new(create_private(path)?);
        let mut header = serde_json::to_vec(&Header::current())?;
        header.push(b'\n');
        out.write_all(&header)?;
        let mut lines = Lines::new(&mut out, &mut self.small, true);
        write_all(parts, &mut lines)?;
        self.len = header.len() as u64 + lines.end()?;
        self.fresh = self.len;
        let file = out.into_inner().map_err(io::IntoInnerError::into_error)?;
        file.sync_all()?;
        Ok(file)
    }

    fn told(&self, error: &io::Error) -> io::Error {
        io::Error::new(error.kind(), format!("{}: {error}", self.path.display()))
    }
}

impl Header {
    fn current() -> Self {
        Self { format: FORMAT.to_owned(), version: VERSION }
    }
}

fn write_all(parts: &[Part], lines: &mut Lines<'_>) -> io::Result<()> {
    let mut parts = parts.iter();
    parts.try_for_each(|part| part.lock().unwrap_or_else(PoisonError::into_inner).write(lines))
}

fn check_header(path: &Path, text: &[u8]) -> io::Result<()> {
    let header: Option<Header> = serde_json::from_slice(text).ok();
    match header {
        Some(header) if header == Header::current() && text.ends_with(b"\n") => Ok(()),
        Some(Header { format, version }) if format == FORMAT && version != VERSION => {
            let why = format!(
                "the state is of version {version}, and this sandbox reads version {VERSION}"
            );
            Err(wrong(path, 1, &why))
        }
        _ => Err(wrong(path, 1, &"this is no state of a sandbox")),
    }
}

fn read_batch(path: &Path, line: usize, text: &[u8], rows: &mut Rows) -> io::Result<()> {
    let batch: Vec<Row> = serde_json::from_slice(text).map_err(|why| wrong(path, line, &why))?;
    batch.into_iter().for_each(|row| rows.take(line, row));
    Ok(())
}

const FORMAT: &str = "wharf-sandbox";
const VERSION: u32 = 1;
/// So many bytes that were replaced are borne with, beside as many as there were at first.
const SLACK: u64 = 4 * 1024 * 1024;
