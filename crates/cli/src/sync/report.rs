//! Plans, troubles and results in words.

use std::fmt;
use std::io::{self, Write};

use serde::Serialize;
use wharf::transfer::{Plan, Step, Trouble, TroubleKind};
use wharf::{EntryKind, RemotePath};

use super::Links;
use crate::present::escape::Shown;
use crate::present::size::size;

/// One step, as a line for people.
pub(super) struct StepLine<'a>(pub(super) &'a Step);

impl fmt::Display for StepLine<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = self.0.to().relative().to_owned();
        let name = Shown(&name);
        match self.0 {
            Step::CreateFolder { .. } => write!(f, "create    {name}/"),
            Step::Copy { source, replaces, why, .. } => {
                let verb = if replaces.is_some() { "replace" } else { "copy" };
                write!(f, "{verb:<9} {name}  (")?;
                if let Some(bytes) = source.size {
                    write!(f, "{}, ", size(bytes))?;
                }
                write!(f, "{why})")
            }
            Step::Touch { modified, .. } => {
                write!(f, "set time  {name}  ({})", crate::present::time::time(*modified))
            }
            Step::Delete { kind: EntryKind::Folder, .. } => write!(f, "delete    {name}/"),
            Step::Delete { backup: Some(backup), .. } => {
                write!(f, "move      {name}  (to {})", Shown(backup.as_str()))
            }
            _ => write!(f, "delete    {name}"),
        }
    }
}

/// How much a plan has to do, and how much it leaves alone.
pub(super) fn summary_of_plan(plan: &Plan) -> String {
    let (totals, cost, kept) = (plan.totals(), plan.cost(), plan.tally().kept);
    let mut parts = vec![format!("copy {} ({})", count(totals.copies, "file"), size(totals.bytes))];
    for (number, verb, word) in [
        (totals.folders, "create", "folder"),
        (totals.touches, "set the time of", "file"),
        (totals.deletes, "delete", "file"),
        (totals.folder_deletes, "delete", "folder"),
    ] {
        if number > 0 {
            parts.push(format!("{verb} {}", count(number, word)));
        }
    }
    if kept > 0 {
        parts.push(format!("keep {} that differ", count(kept, "file")));
    }
    let more = if cost.is_partial { " or more" } else { "" };
    format!("would {}; about {}{more}", parts.join(", "), count(cost.calls, "call"))
}

/// What of the troubles counts in the end.
#[derive(Debug, Default)]
pub(crate) struct Reported {
    /// What stands in the way; of a job that is gone on with, only how much it was.
    pub(crate) troubles: Vec<TroubleDocument>,
    /// What was left out.
    pub(crate) skipped: u64,
    /// What stands there already and was to be left alone.
    pub(crate) kept: u64,
    /// Whether some of it should have been carried, as far as was asked.
    pub(crate) incomplete: bool,
}

impl Reported {
    pub(crate) fn of(troubles: &[Trouble], links: Links) -> Self {
        let excused =
            |trouble: &Trouble| trouble.kind == TroubleKind::Special && links == Links::Skip;
        Self {
            troubles: troubles.iter().map(Into::into).collect(),
            skipped: troubles.len() as u64,
            kept: 0,
            incomplete: troubles.iter().any(|trouble| !excused(trouble)),
        }
    }
}

/// Tells on standard error what is left out.
pub(crate) fn tell_troubles(troubles: &[Trouble], links: Links) {
    let mut error = io::stderr().lock();
    for trouble in troubles.iter().take(MOST_TOLD) {
        let word = match trouble.kind {
            TroubleKind::Special if links == Links::Skip => "skipped",
            TroubleKind::Unreadable => "error",
            _ => "problem",
        };
        let name = |path: &RemotePath| match path.is_root() {
            true => "the top folder".to_owned(),
            false => path.relative().to_owned(),
        };
        let paths: Vec<String> = trouble.paths.iter().map(name).collect();
        let (paths, reason) = (paths.join(", "), trouble.reason.as_str());
        // Nowhere is left to report a failure of this.
        let _ = writeln!(error, "{word}: {}: {}", Shown(&paths), Shown(reason));
    }
    let more = troubles.len().saturating_sub(MOST_TOLD);
    if more > 0 {
        let _ = writeln!(error, "and {more} more; --json tells them all");
    }
}

/// Tells on standard error that nothing is deleted, where something would have been.
pub(super) fn tell_not_deleted(number: u64) {
    if number > 0 {
        // Nowhere is left to report a failure of this.
        let _ = writeln!(
            io::stderr(),
            "nothing will be deleted ({number} would be), for it is not sure what the source has"
        );
    }
}

/// Something that stands in the way.
#[derive(Debug, Serialize)]
pub(crate) struct TroubleDocument {
    kind: &'static str,
    paths: Vec<String>,
    reason: String,
}

impl From<&Trouble> for TroubleDocument {
    fn from(trouble: &Trouble) -> Self {
        Self {
            kind: trouble.kind.as_str(),
            paths: trouble.paths.iter().map(ToString::to_string).collect(),
            reason: trouble.reason.clone(),
        }
    }
}

/// `1 file`, `2 files`.
pub(super) fn count(number: u64, word: &str) -> String {
    match number {
        1 => format!("1 {word}"),
        number => format!("{number} {word}s"),
    }
}

/// `is 1 link or special file`, `are 2 links or special files`.
pub(super) fn head_of(number: usize) -> String {
    match number {
        1 => "is a link or special file".to_owned(),
        number => format!("are {number} links or special files"),
    }
}

/// So many troubles are told in words.
const MOST_TOLD: usize = 50;
