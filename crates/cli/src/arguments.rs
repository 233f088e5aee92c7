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

/// Managed file transfer: Files.com, Boomi MFT and this machine, with one set of commands
#[derive(Debug, Parser)]
#[command(
    name = "wharf",
    version,
    max_term_width = 100,
    disable_help_subcommand = true,
    after_help = after_help(),
    after_long_help = after_long_help()
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
    /// Print one JSON document instead of text; errors too, on standard error
    #[arg(long, global = true, help_heading = HEADING)]
    pub(crate) json: bool,

    /// No summaries and no progress
    #[arg(short, long, global = true, help_heading = HEADING)]
    pub(crate) quiet: bool,

    /// Log each request to standard error, without secrets; all there is with -vv
    #[arg(short, long, global = true, action = ArgAction::Count, help_heading = HEADING)]
    pub(crate) verbose: u8,

    /// A setting of the service (see `wharf schemes`); a secret only as NAME=@PATH or
    /// NAME=@env:VARIABLE
    // Read later: a message of clap's would repeat what may be a secret.
    #[arg(long, global = true, value_name = "NAME=VALUE", help_heading = HEADING)]
    pub(crate) set: Vec<String>,

    /// The folder of the saved connections, instead of WHARF_CONFIG_DIR and the platform's
    #[arg(long, global = true, value_name = "FOLDER", help_heading = HEADING)]
    pub(crate) config_dir: Option<PathBuf>,
}

/// The command line as data, for completions.
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
    let written = if error.use_stderr() {
        write!(io::stderr(), "{text}")
    } else {
        write!(io::stdout(), "{text}")
    };
    match written {
        Ok(()) if error.use_stderr() => ExitCode::from(exit::code(wharf::ErrorKind::Invalid)),
        _ => ExitCode::SUCCESS,
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

fn after_help() -> String {
    format!("{EXAMPLES}\n\nTargets, secrets and exit codes are told by --help.")
}

fn after_long_help() -> String {
    format!("{EXAMPLES}\n\n{TARGETS}\n\n{}", exit::table())
}

const HEADING: &str = "For every command";

const SEE_HELP: &str = "See `wharf --help`.";

const EXAMPLES: &str = "\
Start here:
  wharf demo                  the main job, on an embedded sandbox
  wharf sandbox               both services on this machine, to try things
  wharf connection add acme filescom://acme.files.com/
  wharf ls acme:
  FILES_API_KEY=... wharf ls filescom://acme.files.com/
  wharf cp mft://anna@mft.acme.com/In/a.csv filescom://acme.files.com/In/";

const TARGETS: &str = "\
Targets:
  filescom://HOST/PATH        Files.com; the key comes from FILES_API_KEY
  mft://USER@HOST/PATH        Boomi MFT; the password comes from WHARF_MFT_PASSWORD
  filescom+http://HOST/PATH   the same over plain HTTP, to this machine only;
  mft+http://USER@HOST/PATH     meant for the sandbox
  NAME:PATH                   a saved connection (wharf connection); NAME has two letters or
                                more and no slash, and is not the name of a service
  PATH, file:/PATH            a file of this machine; with a colon in its name ./PATH
  memory:/PATH                nothing but memory, empty at the start
  The path is taken letter by letter: blanks and percent signs stand for themselves.

Secrets:
  never in arguments, where others can read them: they come from a saved connection, from the
  environment, from a file that only you can read (--set api_key=@PATH), from another variable
  (--set api_key=@env:NAME), or are asked for.";
