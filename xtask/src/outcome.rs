//! How a task answers: one line when all is well, or everything that is wrong.

use std::fmt;

/// `Ok` holds the one line to print.
pub(crate) type Outcome = Result<String, Failure>;

/// Why a task failed, written for the person who must mend it.
#[derive(Debug, Clone)]
pub(crate) struct Failure {
    message: String,
}

impl Failure {
    pub(crate) fn new(message: impl Into<String>) -> Self {
        Self { message: message.into() }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

/// All findings of a task at once, so that one run shows all there is to mend.
pub(crate) fn settle(task: &str, findings: &[String], all_well: impl Into<String>) -> Outcome {
    if findings.is_empty() {
        return Ok(format!("{task}: {}", all_well.into()));
    }
    let count = match findings.len() {
        1 => "one finding".to_owned(),
        n => format!("{n} findings"),
    };
    Err(Failure::new(format!("{}\n\n{task}: {count}", findings.join("\n"))))
}

/// A task that takes no arguments says so, instead of ignoring them.
pub(crate) fn no_arguments(task: &str, arguments: &[String]) -> Result<(), Failure> {
    match arguments.first() {
        None => Ok(()),
        Some(first) => Err(Failure::new(format!("`{task}` takes no arguments, but got `{first}`"))),
    }
}
