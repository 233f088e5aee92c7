//! The command line.

use std::io::{self, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{ArgAction, Args, CommandFactory, Parser};

use wharf::connections::looks_like_a_key;

use crate::command::Command;
use crate::context;
use crate::exit;
use crate::failure::{Failure, invalid};
use crate::help;

/// Managed file transfer: Files.com, Boomi MFT and this machine, with one set of commands
#[derive(Debug, Parser)]
#[command(
    name = "wharf",
    version,
    max_term_width = 100,
    disable_help_subcommand = true,
    override_help = help::screen(),
    after_long_help = help::pages()
)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) command: Command,
    #[command(flatten)]
    pub(crate) common: Common,
}

/// What every command understands.
#[derive(Debug, Args)]
pub(crate) struct Common {
    /// Print one JSON document instead of text
    #[arg(long, global = true, help_heading = HEADING)]
    pub(crate) json: bool,

    /// No summaries and no progress
    #[arg(short, long, global = true, help_heading = HEADING)]
    pub(crate) quiet: bool,

    /// Log requests to standard error; -vv logs all
    #[arg(short, long, global = true, action = ArgAction::Count, help_heading = HEADING)]
    pub(crate) verbose: u8,

    /// A setting (wharf schemes); a secret as NAME=@PATH
    // Read later: a message of clap's would repeat what may be a secret.
    #[arg(long, global = true, value_name = "NAME=VALUE", help_heading = HEADING)]
    pub(crate) set: Vec<String>,

    /// Where the saved connections are
    #[arg(long, global = true, value_name = "FOLDER", help_heading = HEADING)]
    pub(crate) config_dir: Option<PathBuf>,
}

/// The command line as data, for completions and pages.
pub(crate) fn definition() -> clap::Command {
    Arguments::command()
}

/// Answers to a command line that cannot be read, and to those that ask for help.
pub(crate) fn refused(error: &clap::Error) -> ExitCode {
    let wants_json = std::env::args_os().any(|argument| argument == "--json");
    // It quotes what it does not understand, which may be a key in the wrong place.
    let text = without_keys(&error.render().to_string());
    if error.use_stderr() && wants_json {
        let failure = Failure::from(as_document(&text));
        context::show(&failure, true);
        return ExitCode::from(failure.code());
    }
    if error.use_stderr() {
        // Nowhere is left to report a failure of this.
        let _ = write!(io::stderr(), "{text}");
        return ExitCode::from(exit::code(wharf::ErrorKind::Invalid));
    }
    let mut out = io::stdout();
    match write!(out, "{text}").and_then(|()| out.flush()).map_err(Failure::writing) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            context::show(&failure, wants_json);
            ExitCode::from(failure.code())
        }
    }
}

/// A text with what looks like a key left out.
fn without_keys(text: &str) -> String {
    let words = text.split_inclusive(|letter: char| !letter.is_ascii_alphanumeric());
    words
        .map(|word| match looks_like_a_key(word) {
            true => format!("[hidden]{}", word.trim_start_matches(|l: char| l.is_alphanumeric())),
            false => word.to_owned(),
        })
        .collect()
}

/// The first paragraph says what is wrong, a tip says what was meant.
fn as_document(text: &str) -> wharf::Error {
    let mut paragraphs = text.trim().split("\n\n").map(str::trim);
    let message = paragraphs.next().unwrap_or_default();
    let message = message.strip_prefix("error: ").unwrap_or(message);
    let tip = paragraphs.find_map(|paragraph| paragraph.strip_prefix("tip: "));
    match tip {
        Some(tip) => invalid(message, format!("{tip}. {SEE_HELP}")),
        None => invalid(message, SEE_HELP),
    }
}

const HEADING: &str = "For every command";

const SEE_HELP: &str = "See `wharf --help`.";
