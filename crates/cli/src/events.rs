//! `--events`: what happens during a transfer, one JSON document a line.

use std::io::{self, Write};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use clap::Args;
use serde::Serialize;
use wharf::connector::chrono::{SecondsFormat, Utc};
use wharf::transfer::{Done, Outcome, Receipt, Step};
use wharf::{Error, RemotePath};

use crate::context::Context;
use crate::document::ErrorBody;
use crate::failure::{Result, invalid};

/// Whether events are wanted.
#[derive(Debug, Clone, Copy, Default, Args)]
pub(crate) struct EventsWish {
    /// With --json: a line for each thing that happens meanwhile, before that of the result
    #[arg(long)]
    events: bool,
}

impl EventsWish {
    /// None.
    pub(crate) const NONE: Self = Self { events: false };

    /// From here on they are told.
    pub(crate) fn set(self, context: &mut Context) -> Result<()> {
        if !self.events {
            return Ok(());
        }
        if !context.json {
            return Err(invalid("events are told in JSON", "Add --json.").into());
        }
        context.events = true;
        Ok(())
    }
}

/// Tells what happens on standard output. Who reads there may go: the transfer does not end for it.
#[derive(Debug)]
pub(crate) struct Events {
    /// The roots, as a person would write them.
    source: String,
    destination: String,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    moved: u64,
    total: Option<u64>,
    files: u64,
    told: Option<Instant>,
}

/// The beginning of a job.
#[derive(Debug, Serialize)]
pub(crate) struct Begin<'a> {
    pub(crate) job: Option<&'a str>,
    pub(crate) verb: &'a str,
    pub(crate) steps: u64,
    pub(crate) bytes: Option<u64>,
    pub(crate) done_before: u64,
}

/// A document as an event.
#[derive(Debug, Serialize)]
pub(crate) struct Event<T> {
    event: &'static str,
    time: String,
    #[serde(flatten)]
    document: T,
}

impl<T> Event<T> {
    pub(crate) fn new(event: &'static str, document: T) -> Self {
        let time = Utc::now().to_rfc3339_opts(SecondsFormat::Millis, true);
        Self { event, time, document }
    }
}

#[derive(Debug, Serialize)]
struct Between<'a, T> {
    from: &'a str,
    to: &'a str,
    #[serde(flatten)]
    more: T,
}

#[derive(Debug, Serialize)]
struct Size {
    bytes: Option<u64>,
}

#[derive(Debug, Serialize)]
struct Progress {
    bytes: u64,
    bytes_total: Option<u64>,
    files: u64,
}

#[derive(Debug, Serialize)]
struct Arrived<'a> {
    bytes: u64,
    #[serde(flatten)]
    verdict: &'a wharf::transfer::Verdict,
    method: wharf::transfer::Method,
    tries: u32,
    api_calls: Option<u64>,
}

/// A step that carries no file.
#[derive(Debug, Serialize)]
struct Other<'a, T> {
    #[serde(rename = "do")]
    what: &'static str,
    to: &'a str,
    #[serde(flatten)]
    more: T,
}

#[derive(Debug, Serialize)]
struct Failed {
    error: ErrorBody,
}

#[derive(Debug, Serialize)]
struct Skipped {
    end: Option<&'static str>,
    reason: &'static str,
}

#[derive(Debug, Serialize)]
struct Nothing {}

impl Events {
    /// Between two places, as a person would write them.
    pub(crate) fn new(source: impl Into<String>, destination: impl Into<String>) -> Self {
        let (source, destination) = (source.into(), destination.into());
        Self { source, destination, state: Mutex::default() }
    }

    /// A job begins, or is gone on with.
    pub(crate) fn job_begun(&self, begin: &Begin<'_>) {
        self.state(|state| state.total = begin.bytes);
        self.tell("job_begun", Between { from: &self.source, to: &self.destination, more: begin });
    }

    /// A step begins. Folders and deletions are told when they are done.
    pub(crate) fn begun(&self, step: &Step) {
        if let Step::Copy { from, to, source, .. } = step {
            self.file("file_begun", (from, to), Size { bytes: source.size });
        }
    }

    /// A step has ended.
    pub(crate) fn done(&self, done: &Done) {
        match &done.outcome {
            Outcome::Copied(receipt) => self.arrived(&done.step, receipt),
            Outcome::Done => self.step(&done.step, ["file_done", "step_done"], Nothing {}),
            Outcome::Changed(change) => {
                let end = Some(if change.in_source { "source" } else { "destination" });
                let skipped = Skipped { end, reason: change.what.as_str() };
                self.step(&done.step, ["file_skipped", "step_skipped"], skipped);
            }
            Outcome::HeldBack => {
                let skipped = Skipped { end: None, reason: "something before it went wrong" };
                self.step(&done.step, ["file_skipped", "step_skipped"], skipped);
            }
            Outcome::OutOfCalls(error) => {
                let failed = Failed { error: error.into() };
                self.step(&done.step, ["file_broken_off", "step_broken_off"], failed);
            }
            Outcome::Failed(error) => self.failed(&done.step, error),
            _ => {}
        }
    }

    /// A file is there.
    pub(crate) fn arrived(&self, step: &Step, receipt: &Receipt) {
        self.state(|state| state.files += 1);
        let Receipt { bytes, verdict, method, tries, api_calls, .. } = receipt;
        let (bytes, method, tries, api_calls) = (*bytes, *method, *tries, *api_calls);
        let arrived = Arrived { bytes, verdict, method, tries, api_calls };
        self.step(step, ["file_done", "step_done"], arrived);
    }

    /// A step failed.
    pub(crate) fn failed(&self, step: &Step, error: &Error) {
        let failed = Failed { error: error.into() };
        self.step(step, ["file_failed", "step_failed"], failed);
    }

    /// So many more bytes went, or fewer if they go once more.
    pub(crate) fn moved(&self, by: impl FnOnce(u64) -> u64) {
        let progress = self.state(|state| {
            state.moved = by(state.moved);
            state.progress(Instant::now())
        });
        if let Some(progress) = progress {
            self.tell("progress", progress);
        }
    }

    /// How many bytes there are in all, where that is known by now.
    pub(crate) fn expect(&self, bytes: Option<u64>) {
        self.state(|state| state.total = bytes);
    }

    fn step(&self, step: &Step, [of_file, of_other]: [&'static str; 2], more: impl Serialize) {
        let what = match step {
            Step::Copy { from, to, .. } => return self.file(of_file, (from, to), more),
            Step::CreateFolder { .. } => "create_folder",
            Step::Touch { .. } => "touch",
            Step::Delete { .. } => "delete",
            _ => "other",
        };
        let to = below(&self.destination, step.to());
        self.tell(of_other, Other { what, to: &to, more });
    }

    fn file(&self, event: &'static str, ends: (&RemotePath, &RemotePath), more: impl Serialize) {
        let (from, to) = (below(&self.source, ends.0), below(&self.destination, ends.1));
        self.tell(event, Between { from: &from, to: &to, more });
    }

    fn tell(&self, event: &'static str, document: impl Serialize) {
        // Text and numbers can always be written as JSON.
        let mut line = serde_json::to_vec(&Event::new(event, document)).unwrap_or_default();
        line.push(b'\n');
        let mut out = io::stdout().lock();
        // Whoever read this may be gone: the end of the command finds that out.
        let _ = out.write_all(&line).and_then(|()| out.flush());
    }

    fn state<T>(&self, act: impl FnOnce(&mut State) -> T) -> T {
        act(&mut self.state.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl State {
    /// What is to be told now: the first bytes, and then no more than once in a second.
    fn progress(&mut self, now: Instant) -> Option<Progress> {
        let is_due = self.told.is_none_or(|told| now.duration_since(told) >= INTERVAL);
        if !is_due {
            return None;
        }
        self.told = Some(now);
        Some(Progress { bytes: self.moved, bytes_total: self.total, files: self.files })
    }
}

/// A path below a root as a person would write it.
fn below(root: &str, path: &RemotePath) -> String {
    if path.is_root() { root.to_owned() } else { format!("{}{path}", root.trim_end_matches('/')) }
}

const INTERVAL: Duration = Duration::from_secs(1);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn progress_is_told_at_once_and_then_once_in_a_second() {
        let (mut state, begin) = (State::default(), Instant::now());
        let told = (0..3_500u64)
            .filter(|millis| state.progress(begin + Duration::from_millis(*millis)).is_some());
        assert_eq!(told.collect::<Vec<_>>(), [0, 1000, 2000, 3000]);
    }
}
