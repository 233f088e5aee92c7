//! What every command has at hand.

use std::io::{self, Write};

use serde::Serialize;
use terminal_size::{Width, terminal_size_of};
use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;
use wharf::connections::{Connections, Environment};
use wharf::connector::Calls;

use crate::account::Accounts;
use crate::arguments::Common;
use crate::document::ErrorDocument;
use crate::events::Event;
use crate::failure::{Failure, Result};
use crate::output::Output;
use crate::place::{End, Place};
use crate::present::error::report;
use crate::present::style::Style;
use crate::present::wrap::wrapped;
use crate::progress::Busy;
use crate::prompt::Terminal;
use crate::setting::assignments;
use crate::single::Made;

/// The accounts, the output, and how it is wanted.
#[derive(Debug)]
pub(crate) struct Context {
    pub(crate) accounts: Accounts,
    pub(crate) out: Output,
    /// Documents for programs instead of lines for people.
    pub(crate) json: bool,
    /// A document for each thing that happens meanwhile.
    pub(crate) events: bool,
    /// No summaries and no progress.
    pub(crate) quiet: bool,
    /// The job that can be gone on with, should the command be stopped.
    pub(crate) made: Made,
    /// The calls to services that the command makes.
    pub(crate) calls: Calls,
}

impl Context {
    pub(crate) fn new(common: Common) -> Result<Self> {
        if common.verbose > 0 {
            log(common.verbose);
        }
        let settings = assignments("--set", &common.set)?;
        let connections = match common.config_dir {
            Some(folder) => Some(Connections::at(folder, Environment::of_process())),
            None => Connections::of_this_person().ok(),
        };
        let connections = connections.map(|connections| connections.with_passphrase(Terminal));
        Ok(Self {
            accounts: Accounts::new(wharf::registry(), settings, connections, common.json),
            out: Output::new(),
            json: common.json,
            events: false,
            quiet: common.quiet,
            made: Made::default(),
            calls: Calls::new(),
        })
    }

    /// Reads a place as a person wrote it.
    pub(crate) fn place(&self, text: &str) -> Result<Place> {
        Ok(self.accounts.place(text)?)
    }

    /// Reads a place, or `-` for a stream.
    pub(crate) fn end(&self, text: &str) -> Result<End> {
        Ok(End::read(text, |text| self.accounts.place(text))?)
    }

    /// A line that says what is being done, should that take long.
    pub(crate) fn busy(&self, what: &str) -> Busy {
        Busy::new(!self.quiet && !self.json, what)
    }

    /// A line for people that a quiet person does not want.
    pub(crate) fn say(&mut self, text: impl std::fmt::Display) -> Result<()> {
        if self.quiet {
            return Ok(());
        }
        let text = text.to_string();
        match self.out.columns().filter(|_| !text.contains('\n')) {
            Some(columns) => {
                let lines = wrapped(&text, (0, HANGING), columns);
                lines.iter().try_for_each(|line| self.out.line(line))
            }
            None => self.out.line(text),
        }
    }

    /// The document that a transfer ends with.
    pub(crate) fn conclude(&mut self, document: &impl Serialize) -> Result<()> {
        match self.events {
            true => self.out.document(&Event::new("job_finished", document)),
            false => self.out.document(document),
        }
    }

    /// The same where no document is wanted.
    pub(crate) fn say_if_text(&mut self, text: impl std::fmt::Display) -> Result<()> {
        if self.json { Ok(()) } else { self.say(text) }
    }
}

/// Says on standard error how to go on with what was stopped.
pub(crate) fn show_resumable(made: &Made, quiet: bool) {
    if let Some(job) = made.id().filter(|_| !quiet) {
        // Nowhere is left to report a failure of this.
        let _ = writeln!(io::stderr(), "stopped; go on with: wharf jobs resume {job}");
    }
}

/// Shows on standard error why a command ended early.
pub(crate) fn show(failure: &Failure, json: bool) {
    let errors = failure.errors();
    if errors.is_empty() {
        return;
    }
    let text = match errors.split_first() {
        Some((first, others)) if json => {
            // A document of strings and numbers can always be written.
            serde_json::to_string(&ErrorDocument::new(first, others)).unwrap_or_default()
        }
        _ => {
            let style = Style::of_stderr();
            let reports = errors.iter().map(|error| fitted(&report(error, style)));
            reports.collect::<Vec<_>>().join("\n\n")
        }
    };
    // Nowhere is left to report a failure of this.
    let _ = writeln!(io::stderr(), "{text}");
}

/// A report whose prose ends where the terminal ends; what is indented stays as it is.
pub(crate) fn fitted(report: &str) -> String {
    let Some((Width(columns), _)) = terminal_size_of(io::stderr()) else {
        return report.to_owned();
    };
    let lines = report.lines().flat_map(|line| match line.starts_with(' ') {
        true => vec![line.to_owned()],
        false => wrapped(line, (0, HANGING), columns.into()),
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// Each request, on standard error. Only our own crates are let speak: they know what is secret.
fn log(verbosity: u8) {
    let level = if verbosity == 1 { LevelFilter::DEBUG } else { LevelFilter::TRACE };
    tracing_subscriber::fmt()
        .with_max_level(level)
        .with_writer(io::stderr)
        .with_ansi(false)
        .finish()
        .with(Targets::new().with_target("wharf", level))
        .init();
}

/// Prose that goes on is set off by so many blanks.
const HANGING: usize = 2;
