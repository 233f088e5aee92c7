//! Doing a plan, and saying what became of it.

use std::io::{self, Write};
use std::sync::{Arc, Mutex};

use serde::Serialize;
use wharf::connector::Calls;
use wharf::transfer::{Applied, Done, Job, JobId, Observer, Outcome, Step};
use wharf::{Error, ErrorKind};

use super::Ends;
use super::report::{Reported, TroubleDocument, count};
use crate::carry::and_calls;
use crate::context::{Context, fitted};
use crate::document::ErrorBody;
use crate::events::{Begin, Events};
use crate::exit;
use crate::failure::{Failure, Result};
use crate::present::error::report;
use crate::present::escape::Shown;
use crate::present::size::size;
use crate::present::style::Style;
use crate::progress::Progress;

#[derive(Debug, Serialize)]
struct Document {
    from: String,
    to: String,
    copied: u64,
    bytes: u64,
    verified: u64,
    folders: u64,
    touched: u64,
    deleted: u64,
    unchanged: u64,
    kept: u64,
    skipped: u64,
    troubles: Vec<TroubleDocument>,
    changed: Vec<ChangeDocument>,
    held_back: u64,
    failed: u64,
    errors: Vec<ErrorBody>,
    complete: bool,
    done_before: u64,
    job: Option<String>,
    left: u64,
    bytes_left: u64,
    broken_off: u64,
    out_of_calls: bool,
    api_calls: u64,
    api_calls_allowed: Option<u64>,
}

#[derive(Debug, Serialize)]
struct ChangeDocument {
    path: String,
    end: &'static str,
    reason: &'static str,
}

/// Shows what was done, and how to go on if something is left.
pub(super) fn tell_done(
    ends: &Ends,
    (applied, heard, open): (Applied, Heard, Option<Left>),
    (unchanged, before, mut reported): (u64, u64, Reported),
    context: &mut Context,
) -> Result<()> {
    let Heard { errors, changes, progress, .. } = heard;
    drop(progress);
    let errors = errors.into_inner().unwrap_or_default();
    let changes = changes.into_inner().unwrap_or_default();
    if context.json {
        let complete = applied.is_whole() && open.is_none() && !reported.incomplete;
        let document = document(ends, &applied, (unchanged, &mut reported), changes, &errors);
        let left = open.as_ref().map_or((0, 0), |left| (left.steps, left.bytes));
        context.conclude(&Document {
            complete,
            done_before: before,
            job: open.as_ref().map(|left| left.job.to_string()),
            left: left.0,
            bytes_left: left.1,
            api_calls: context.calls.made(),
            api_calls_allowed: context.calls.most(),
            ..document
        })?;
    } else {
        tell(&changes, &errors);
        let mut text = summary(&applied, unchanged, &reported);
        if before > 0 {
            text.push_str(&format!(", {before} done before"));
        }
        text.push_str(&and_calls(context.calls.made()));
        context.say(text)?;
        if let Some(left) = open.as_ref().filter(|_| !context.quiet || applied.out_of_calls) {
            let text = left.text(&applied, &context.calls);
            // Nowhere is left to report a failure of this.
            let _ = writeln!(io::stderr(), "{text}");
        }
    }
    context.out.flush()?;
    if applied.is_whole() && open.is_none() && !reported.incomplete {
        return Ok(());
    }
    let code = if applied.out_of_calls { ErrorKind::CallLimit } else { return incomplete() };
    Err(Failure::Shown(exit::code(code)))
}

fn incomplete() -> Result<()> {
    Err(Failure::Shown(exit::INCOMPLETE))
}

/// What is left of a job.
#[derive(Debug)]
pub(super) struct Left {
    job: JobId,
    steps: u64,
    bytes: u64,
    half_done: u64,
}

impl Left {
    pub(super) fn of(job: &Job) -> Self {
        Self {
            job: job.id.clone(),
            steps: job.steps - job.done,
            bytes: job.bytes - job.bytes_done,
            half_done: job.half_done,
        }
    }

    /// Why it is left, how much it is, and how to go on.
    fn text(&self, applied: &Applied, calls: &Calls) -> String {
        let job = &self.job;
        let Some(allowed) = calls.most().filter(|_| applied.out_of_calls) else {
            return format!("not all of it is done; go on with: wharf jobs resume {job}");
        };
        let made = count(calls.made(), "call");
        let (steps, bytes) = (count(self.steps, "step"), size(self.bytes));
        let mut text = format!("stopped: {made} made, {allowed} allowed; {steps} left ({bytes})");
        if self.half_done > 0 {
            text.push_str(&format!(", {} half done", count(self.half_done, "file")));
        }
        let nothing = applied.copied + applied.folders + applied.touched + applied.deleted == 0;
        if nothing && self.half_done == 0 {
            text.push_str(", and the next needs more calls than were left");
        }
        text + &format!("; go on with: wharf jobs resume {job}")
    }
}

/// What went wrong, as far as it is kept.
#[derive(Debug)]
pub(super) struct Heard {
    errors: Mutex<Vec<Error>>,
    changes: Mutex<Vec<ChangeDocument>>,
    progress: Progress,
    events: Option<Arc<Events>>,
}

impl Heard {
    /// Nothing yet.
    pub(super) fn new(context: &Context, ends: &Ends, begin: &Begin<'_>) -> Self {
        let (bytes, steps) = (begin.bytes.unwrap_or_default(), begin.steps - begin.done_before);
        let mut progress = Progress::of_all(!context.quiet && !context.json, bytes, steps);
        let ends = (ends.shown_from(), ends.shown_to());
        let events = context.events.then(|| Arc::new(Events::new(ends.0, ends.1)));
        if let Some(events) = &events {
            events.job_begun(begin);
            progress.tell_also(events.clone());
        }
        Self { errors: Mutex::default(), changes: Mutex::default(), progress, events }
    }
}

impl Observer for Heard {
    fn begun(&self, step: &Step) {
        self.events.iter().for_each(|events| events.begun(step));
    }

    fn done(&self, done: &Done) {
        self.events.iter().for_each(|events| events.done(done));
        self.progress.step();
        match &done.outcome {
            // Broken off, not failed: told as what is left.
            Outcome::OutOfCalls(_) => {}
            Outcome::Failed(error) => keep(&self.errors, || error.twin()),
            Outcome::Changed(change) => keep(&self.changes, || ChangeDocument {
                path: change.path.to_string(),
                end: if change.in_source { "source" } else { "destination" },
                reason: change.what.as_str(),
            }),
            _ => {}
        }
    }

    fn progress(&self) -> &dyn wharf::transfer::Progress {
        &self.progress
    }
}

fn keep<T>(list: &Mutex<Vec<T>>, make: impl FnOnce() -> T) {
    if let Ok(mut list) = list.lock()
        && list.len() < MOST_KEPT
    {
        list.push(make());
    }
}

fn document(
    ends: &Ends,
    applied: &Applied,
    (unchanged, reported): (u64, &mut Reported),
    changed: Vec<ChangeDocument>,
    errors: &[Error],
) -> Document {
    Document {
        from: ends.shown_from(),
        to: ends.shown_to(),
        copied: applied.copied,
        bytes: applied.bytes,
        verified: applied.verified,
        folders: applied.folders,
        touched: applied.touched,
        deleted: applied.deleted,
        unchanged,
        kept: reported.kept,
        skipped: reported.skipped,
        troubles: std::mem::take(&mut reported.troubles),
        changed,
        held_back: applied.held_back,
        failed: applied.failed,
        errors: errors.iter().map(Into::into).collect(),
        complete: false,
        done_before: 0,
        job: None,
        left: 0,
        bytes_left: 0,
        broken_off: applied.broken_off,
        out_of_calls: applied.out_of_calls,
        api_calls: 0,
        api_calls_allowed: None,
    }
}

fn tell(changes: &[ChangeDocument], errors: &[Error]) {
    let (style, mut out) = (Style::of_stderr(), io::stderr().lock());
    // Nowhere is left to report a failure of this.
    for error in errors {
        let _ = writeln!(out, "{}", fitted(&report(error, style)));
    }
    for ChangeDocument { path, end, reason } in changes {
        let _ = writeln!(out, "skipped: {} in the {end}: {reason}", Shown(path));
    }
}

/// Every file counted once.
fn summary(applied: &Applied, unchanged: u64, reported: &Reported) -> String {
    let proof = match applied.verified {
        0 => String::new(),
        number if number == applied.copied => ", all verified by checksum".to_owned(),
        number => format!(", {number} verified by checksum"),
    };
    let copied = count(applied.copied, "file");
    let mut parts = vec![format!("copied {copied} ({}{proof})", size(applied.bytes))];
    if applied.folders > 0 {
        parts.push(format!("created {}", count(applied.folders, "folder")));
    }
    for (number, text) in [
        (applied.touched, "with the time set"),
        (applied.deleted, "deleted"),
        (unchanged, "unchanged"),
        (reported.kept, "kept"),
        (reported.skipped, "left out"),
        (applied.changed, "not as planned"),
        (applied.held_back, "not deleted for that"),
        (applied.failed, "failed"),
        (applied.broken_off, "broken off"),
    ] {
        if number > 0 {
            parts.push(format!("{number} {text}"));
        }
    }
    parts.join(", ")
}

/// So many of each are told; all are counted.
const MOST_KEPT: usize = 100;
