//! Receipts in a file: one line each, none twice, none lost.

use std::fs::{File, OpenOptions};
use std::io::{BufRead, BufReader, Read, Seek, SeekFrom, Write};
use std::path::Path;

use serde::{Deserialize, Serialize};
use tokio::task::spawn_blocking;
use wharf_connector::{Error, ErrorKind, Result};

use crate::{JobId, Journal, Receipt};

/// A receipt as a line of a file: with the job and the step that it is of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ReceiptLine {
    /// The job.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub job: Option<String>,
    /// The number of the step in it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub step: Option<u64>,
    /// Where it came from, as a person would write it. Without secrets.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// Where it went.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub destination: Option<String>,
    /// What was done.
    #[serde(flatten)]
    pub receipt: Receipt,
}

impl ReceiptLine {
    /// A receipt by itself.
    pub fn new(receipt: Receipt) -> Self {
        Self { job: None, step: None, source: None, destination: None, receipt }
    }

    /// Says of which step it is.
    #[must_use]
    pub fn of_step(mut self, job: &JobId, step: u64) -> Self {
        (self.job, self.step) = (Some(job.as_str().to_owned()), Some(step));
        self
    }

    /// Says where the file came from and where it went, as a person would write it.
    #[must_use]
    pub fn between(mut self, source: impl Into<String>, destination: impl Into<String>) -> Self {
        (self.source, self.destination) = (Some(source.into()), Some(destination.into()));
        self
    }

    /// As one line of JSON, without its end.
    ///
    /// # Errors
    ///
    /// `Other`, for a receipt that cannot be written as JSON.
    pub fn to_line(&self) -> Result<String> {
        serde_json::to_string(self).map_err(|error| {
            Error::new(ErrorKind::Other, "a receipt cannot be written").with_source(error)
        })
    }

    /// Reads a line.
    ///
    /// # Errors
    ///
    /// `Invalid` for what is no receipt.
    pub fn from_line(line: &str) -> Result<Self> {
        serde_json::from_str(line)
            .map_err(|error| Error::new(ErrorKind::Invalid, format!("this is no receipt: {error}")))
    }
}

/// Appends one receipt to a file, durably, on a line of its own. What a crash has left of an
/// earlier receipt at the end of the file is taken off.
///
/// # Errors
///
/// `Other` when the file cannot be written.
pub async fn append_receipt(path: &Path, line: &ReceiptLine) -> Result<()> {
    let (text, owned) = (line.to_line()? + "\n", path.to_owned());
    blocking(&path.display().to_string(), move || {
        let mut options = OpenOptions::new();
        let mut file = options.read(true).append(true).create(true).open(&owned)?;
        end_last_line(&mut file)?;
        file.write_all(text.as_bytes())?;
        file.sync_data()
    })
    .await
}

/// The file that the receipts of one job are appended to.
#[derive(Debug)]
pub(crate) struct ReceiptFile<'a> {
    file: File,
    journal: &'a Journal,
    job: &'a JobId,
}

impl<'a> ReceiptFile<'a> {
    /// Opens the file, takes off a receipt that a crash has cut, and appends what the journal has and
    /// the file has not.
    pub(crate) async fn open(path: &Path, journal: &'a Journal, job: &'a JobId) -> Result<Self> {
        let unfiled = journal.unfiled(job).await?;
        let (shown, owned) = (path.display().to_string(), path.to_owned());
        let (file, missing, numbers) = blocking(&shown, move || {
            let mut options = OpenOptions::new();
            let mut file = options.read(true).append(true).create(true).open(&owned)?;
            end_last_line(&mut file)?;
            let numbers: Vec<u64> = unfiled.iter().map(|(number, _)| *number).collect();
            let missing = missing(&mut file, unfiled)?;
            Ok((file, missing, numbers))
        })
        .await?;
        let file = Self { file, journal, job };
        file.append(missing).await?;
        journal.filed(job, numbers).await?;
        Ok(file)
    }

    /// Appends what has come since.
    pub(crate) async fn file(&mut self) -> Result<()> {
        let unfiled = self.journal.unfiled(self.job).await?;
        let (numbers, lines): (Vec<_>, Vec<_>) = unfiled.into_iter().unzip();
        if numbers.is_empty() {
            return Ok(());
        }
        self.append(lines).await?;
        self.journal.filed(self.job, numbers).await
    }

    async fn append(&self, lines: Vec<String>) -> Result<()> {
        if lines.is_empty() {
            return Ok(());
        }
        let mut text = lines.join("\n");
        text.push('\n');
        let file =
            self.file.try_clone().map_err(|error| unusable("the file of receipts", error))?;
        blocking("the file of receipts", move || {
            let mut file = file;
            file.write_all(text.as_bytes())?;
            file.sync_data()
        })
        .await
    }
}

/// Lines that the file has not. A crash may have come between the file and the journal.
fn missing(file: &mut File, unfiled: Vec<(u64, String)>) -> std::io::Result<Vec<String>> {
    let mut missing: Vec<String> = unfiled.into_iter().map(|(_, line)| line).collect();
    if missing.is_empty() {
        return Ok(missing);
    }
    file.seek(SeekFrom::Start(0))?;
    for line in BufReader::new(file).lines() {
        let line = line?;
        missing.retain(|missing| *missing != line);
    }
    Ok(missing)
}

/// Makes room for the next line. A receipt that was being written when something was killed is
/// taken off; anything else stays, for the file may be somebody's own, and gets the end of its
/// line.
fn end_last_line(file: &mut File) -> std::io::Result<()> {
    if !file.metadata()?.is_file() {
        return Ok(()); // A pipe, say: nobody has left anything in it.
    }
    let length = file.seek(SeekFrom::End(0))?;
    let start = last_line(file, length)?;
    if start == length {
        return Ok(());
    }
    let mut line = Vec::new();
    file.seek(SeekFrom::Start(start))?;
    file.take(LONGEST_RECEIPT).read_to_end(&mut line)?;
    if is_torn_receipt(&line) {
        return file.set_len(start);
    }
    file.seek(SeekFrom::End(0))?;
    file.write_all(b"\n")
}

/// Where what stands behind the last end of a line begins.
fn last_line(file: &mut File, length: u64) -> std::io::Result<u64> {
    let mut end = length;
    let mut block = [0; 4096];
    while end > 0 {
        let start = end.saturating_sub(block.len() as u64);
        let part = block.get_mut(..(end - start) as usize).unwrap_or_default();
        file.seek(SeekFrom::Start(start))?;
        file.read_exact(part)?;
        if let Some(last) = part.iter().rposition(|byte| *byte == b'\n') {
            return Ok(start + last as u64 + 1);
        }
        end = start;
    }
    Ok(0)
}

/// Whether it begins as a receipt does, and ends in the midst of it.
fn is_torn_receipt(line: &[u8]) -> bool {
    BEGINNINGS.iter().any(|begin| {
        begin.starts_with(line)
            || (line.starts_with(begin)
                && serde_json::from_slice::<serde::de::IgnoredAny>(line)
                    .is_err_and(|error| error.is_eof()))
    })
}

async fn blocking<T: Send + 'static>(
    what: &str,
    work: impl FnOnce() -> std::io::Result<T> + Send + 'static,
) -> Result<T> {
    match spawn_blocking(work).await {
        Ok(done) => done.map_err(|error| unusable(what, error)),
        Err(error) => {
            Err(Error::new(ErrorKind::Interrupted, "receipts were not written").with_source(error))
        }
    }
}

fn unusable(what: &str, error: std::io::Error) -> Error {
    Error::new(ErrorKind::Other, format!("{what} cannot be used: {error}")).with_source(error)
}

/// How a receipt begins: that of a step, and that of a file by itself.
const BEGINNINGS: [&[u8]; 2] = [br#"{"job":""#, br#"{"source":""#];

/// No receipt is as long as that.
const LONGEST_RECEIPT: u64 = 1 << 20;

#[cfg(test)]
mod tests {
    use super::*;

    fn with(content: &str) -> File {
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(content.as_bytes()).unwrap();
        file
    }

    fn content(file: &mut File) -> String {
        let mut text = String::new();
        file.seek(SeekFrom::Start(0)).unwrap();
        file.read_to_string(&mut text).unwrap();
        text
    }

    #[test]
    fn a_receipt_that_a_crash_has_cut_is_taken_off() {
        let long = format!(r#"{{"job":"j","source":"{}"#, "x".repeat(10_000));
        for torn in ["{", r#"{"job"#, r#"{"job":"j","step":"#, r#"{"source":"/a"#, &long] {
            for before in ["", "a\nb\n"] {
                let mut file = with(&format!("{before}{torn}"));
                end_last_line(&mut file).unwrap();
                assert_eq!(content(&mut file), before, "{torn}");
            }
        }
    }

    #[test]
    fn what_is_no_receipt_stays() {
        let whole = r#"{"job":"j","step":1}"#;
        let large = "x".repeat(2 << 20);
        for own in ["a user's own text", "[\n{\"job\":\"j\"}]", r#"{"job":5"#, whole, &large] {
            let mut file = with(own);
            end_last_line(&mut file).unwrap();
            assert_eq!(content(&mut file), format!("{own}\n"));
        }
        for ended in ["", "a\n", "a\nb\n", "\n"] {
            let mut file = with(ended);
            end_last_line(&mut file).unwrap();
            assert_eq!(content(&mut file), ended);
        }
    }

    #[test]
    fn only_lines_that_are_not_there_are_missing() {
        let mut file = with("one\ntwo\n");
        let unfiled = ["two", "three"].map(|line| (0, line.to_owned())).to_vec();
        assert_eq!(missing(&mut file, unfiled).unwrap(), ["three"]);
    }
}
