//! A plan as a file: one JSON object a line.

use std::io::{BufRead, Write};

use serde::{Deserialize, Serialize};
use wharf_connector::{Error, ErrorKind, Result};

use super::{PlanHead, Step, Totals};

/// Writes a plan: the head, the steps, and the totals.
pub(crate) fn write(
    head: &PlanHead,
    steps: impl Iterator<Item = Result<Step>>,
    out: &mut dyn Write,
) -> Result<()> {
    line(&First::Begin(head.clone()), out)?;
    let mut totals = Totals::default();
    for step in steps {
        let step = step?;
        totals.add(&step);
        line(&step, out)?;
    }
    line(&Last::End(totals), out)?;
    out.flush().map_err(unwritable)
}

/// A plan that is read from a file, line by line.
///
/// The steps come as an iterator. It ends well only where the file does: with its last line, and
/// with as many steps as that says; so a plan that was cut short is an error, though not
/// before its last step. [`check`](Self::check) reads a whole file for that alone.
///
/// ```
/// use wharf_transfer::PlanFile;
///
/// let text = r#"{"do":"begin","format":1,"from":"memory:/a","to":"memory:/b","created":"2026-11-01T00:00:00Z"}
/// {"do":"create_folder","to":"/x"}
/// "#;
/// let mut plan = PlanFile::open(text.as_bytes())?;
/// assert_eq!(plan.head().to, "memory:/b");
/// assert!(plan.next().is_some_and(|step| step.is_ok()));
/// let error = plan.next().unwrap().unwrap_err();
/// assert!(error.message().contains("cut short"));
/// # Ok::<(), wharf_connector::Error>(())
/// ```
#[derive(Debug)]
pub struct PlanFile<R> {
    input: R,
    head: PlanHead,
    totals: Totals,
    number: u64,
    ended: bool,
}

impl<R: BufRead> PlanFile<R> {
    /// Reads the head.
    ///
    /// # Errors
    ///
    /// `Invalid` for what is no plan, or one of a later format.
    pub fn open(mut input: R) -> Result<Self> {
        let text = read_line(&mut input, 1)?;
        let read = serde_json::from_str(&text);
        let First::Begin(head) = read.map_err(|error| {
            Error::new(ErrorKind::Invalid, format!("this is no plan: {error}"))
                .with_remedy("A plan is written by --plan FILE.")
        })?;
        if head.format > PlanHead::FORMAT {
            let message = format!("the plan is of format {}, which is newer", head.format);
            return Err(Error::new(ErrorKind::Invalid, message));
        }
        Ok(Self { input, head, totals: Totals::default(), number: 1, ended: false })
    }

    /// What it is a plan for.
    pub fn head(&self) -> &PlanHead {
        &self.head
    }

    /// Reads all that is left, and tells how much there is to do.
    ///
    /// # Errors
    ///
    /// `Invalid` for a line that is none, and for a file that was cut short.
    pub fn check(mut self) -> Result<Totals> {
        for step in &mut self {
            step?;
        }
        Ok(self.totals)
    }

    fn read(&mut self) -> Result<Option<Step>> {
        self.number += 1;
        let text = read_line(&mut self.input, self.number)?;
        if text.is_empty() {
            let message = format!("the plan was cut short after line {}", self.number - 1);
            return Err(Error::new(ErrorKind::Invalid, message));
        }
        let bad = |error: serde_json::Error| {
            let message = format!("line {} of the plan cannot be read: {error}", self.number);
            Error::new(ErrorKind::Invalid, message)
        };
        let Verb { verb } = serde_json::from_str(&text).map_err(bad)?;
        if verb != "end" {
            let step = serde_json::from_str(&text).map_err(bad)?;
            self.totals.add(&step);
            return Ok(Some(step));
        }
        let Last::End(totals) = serde_json::from_str(&text).map_err(bad)?;
        if totals != self.totals {
            let message = "the plan does not have the steps that its last line counts";
            return Err(Error::new(ErrorKind::Invalid, message));
        }
        Ok(None)
    }
}

impl<R: BufRead> Iterator for PlanFile<R> {
    type Item = Result<Step>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.ended {
            return None;
        }
        let step = self.read();
        self.ended = !matches!(step, Ok(Some(_)));
        step.transpose()
    }
}

#[derive(Serialize, Deserialize)]
#[serde(tag = "do", rename_all = "snake_case")]
enum First {
    Begin(PlanHead),
}

#[derive(Serialize, Deserialize)]
#[serde(tag = "do", rename_all = "snake_case")]
enum Last {
    End(Totals),
}

#[derive(Deserialize)]
struct Verb {
    #[serde(rename = "do")]
    verb: String,
}

fn line(value: &impl Serialize, out: &mut dyn Write) -> Result<()> {
    let mut text = serde_json::to_vec(value).map_err(|error| unwritable(error.into()))?;
    text.push(b'\n');
    out.write_all(&text).map_err(unwritable)
}

/// A line, bounded: a file that is no plan may have one without an end.
fn read_line(input: &mut impl BufRead, number: u64) -> Result<String> {
    let mut text = String::new();
    let read = std::io::Read::take(&mut *input, LONGEST_LINE).read_line(&mut text);
    read.map_err(|error| {
        let message = format!("line {number} of the plan cannot be read: {error}");
        Error::new(ErrorKind::Invalid, message).with_source(error)
    })?;
    Ok(text)
}

fn unwritable(error: std::io::Error) -> Error {
    Error::new(ErrorKind::Other, format!("the plan cannot be written: {error}")).with_source(error)
}

/// Paths have thousands of characters at most.
const LONGEST_LINE: u64 = 1024 * 1024;

#[cfg(test)]
mod tests {
    use chrono::DateTime;
    use wharf_connector::RemotePath;

    use super::*;

    fn written() -> String {
        let head = PlanHead::new("memory:/a", "memory:/b", DateTime::UNIX_EPOCH);
        let folder = |name| Ok(Step::create_folder(RemotePath::new(name).unwrap()));
        let mut text = Vec::new();
        write(&head, [folder("/x"), folder("/y")].into_iter(), &mut text).unwrap();
        String::from_utf8(text).unwrap()
    }

    #[test]
    fn what_is_written_is_read_again() {
        let text = written();
        let plan = PlanFile::open(text.as_bytes()).unwrap();
        assert_eq!(plan.head().from, "memory:/a");
        assert_eq!(plan.check().unwrap().folders, 2);
    }

    #[test]
    fn a_plan_that_is_not_whole_is_found_out() {
        let text = written();
        let lines: Vec<&str> = text.lines().collect();
        for (kept, part) in [
            (vec![0, 1, 2], "cut short after line 3"),
            (vec![0], "cut short after line 1"),
            (vec![0, 1, 3], "its last line counts"),
        ] {
            let cut: String = kept.iter().map(|line| format!("{}\n", lines[*line])).collect();
            let error = PlanFile::open(cut.as_bytes()).unwrap().check().unwrap_err();
            assert!(error.message().contains(part), "{kept:?}: {error}");
        }
        let half = &text[..text.len() - 20];
        assert!(PlanFile::open(half.as_bytes()).unwrap().check().is_err());
    }

    #[test]
    fn what_is_no_plan_is_refused() {
        let newer = written().replace("\"format\":1", "\"format\":2");
        for text in ["", "hello\n", "{}\n", "{\"do\":\"create_folder\",\"to\":\"/\"}\n", &newer] {
            let error = PlanFile::open(text.as_bytes()).map(drop).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Invalid, "{text:?}");
        }
    }
}
