//! `wharf verify`: look again whether what receipts say is still so.

use std::path::PathBuf;

use serde::Serialize;
use tokio::io::{AsyncBufReadExt, BufReader};
use wharf::transfer::{self, Held, ReceiptLine, check_end};
use wharf::{Error, ErrorKind};

use crate::account::Role;

use crate::context::Context;
use crate::exit;
use crate::failure::{Failure, Result, STANDARD_INPUT, STANDARD_OUTPUT, invalid, on_this_machine};
use crate::present::escape::Shown;
use crate::setting::{Assignment, assignments};

#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Arguments {
    /// The file of receipts, as --receipts wrote it
    receipts: PathBuf,

    /// Read files of which a service tells no checksum to compare
    #[arg(long)]
    read: bool,

    /// Look at the destinations only
    #[arg(long)]
    destination_only: bool,

    /// A setting for the accounts that files came from; before --set and the environment
    #[arg(long, value_name = "NAME=VALUE")]
    from_set: Vec<String>,

    /// A setting for the accounts that files went to
    #[arg(long, value_name = "NAME=VALUE")]
    to_set: Vec<String>,
}

/// One end of one receipt, as a line of JSON.
#[derive(Debug, Serialize)]
struct Document<'a> {
    path: &'a str,
    end: &'static str,
    held: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    algorithm: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    change: Option<&'a str>,
}

/// What was found, every end counted once.
#[derive(Debug, Default, Serialize)]
struct Counts {
    files: u64,
    proven: u64,
    unchanged: u64,
    size_only: u64,
    changed: u64,
    gone: u64,
    not_checkable: u64,
}

pub(crate) async fn run(arguments: Arguments, context: &mut Context) -> Result<()> {
    let from_set = assignments("--from-set", &arguments.from_set)?;
    let to_set = assignments("--to-set", &arguments.to_set)?;
    let shown = arguments.receipts.display().to_string();
    let unreadable = |error| {
        on_this_machine(format!("the receipts {shown}"), error)
            .with_remedy("Name the file that --receipts wrote.")
    };
    let file = tokio::fs::File::open(&arguments.receipts).await.map_err(unreadable)?;
    let mut lines = BufReader::new(file).lines();
    let (mut counts, mut number) = (Counts::default(), 0);
    while let Some(line) = lines.next_line().await.map_err(unreadable)? {
        number += 1;
        if line.trim().is_empty() {
            continue;
        }
        let line = ReceiptLine::from_line(&line).map_err(|error| {
            invalid(format!("line {number} of {shown}: {}", error.message()), REMEDY)
        })?;
        counts.files += 1;
        let receipt = &line.receipt;
        if is_stream(&receipt.to.scheme) {
            counts.not_checkable += 1;
        } else {
            let to = written(&line.destination, number, &shown)?;
            let to = place(to, (Role::To, &to_set), context)?;
            let held = check_end(&receipt.to, &receipt.checksums, &to.1, arguments.read).await?;
            tell(&to.0, "destination", &held, &mut counts, context)?;
        }
        if arguments.destination_only {
            continue;
        }
        if is_stream(&receipt.from.scheme) {
            counts.not_checkable += 1;
        } else {
            let from = written(&line.source, number, &shown)?;
            let from = place(from, (Role::From, &from_set), context)?;
            let held =
                check_end(&receipt.from, &receipt.checksums, &from.1, arguments.read).await?;
            tell(&from.0, "source", &held, &mut counts, context)?;
        }
    }
    if context.json {
        context.out.document(&counts)?;
    } else {
        context.say(summary(&counts))?;
    }
    context.out.flush()?;
    match counts.changed + counts.gone {
        0 => Ok(()),
        _ => Err(Failure::Shown(exit::CHANGED)),
    }
}

/// What came from a standard stream, or went there, is nowhere to be looked at.
fn is_stream(scheme: &str) -> bool {
    [STANDARD_INPUT, STANDARD_OUTPUT].contains(&scheme)
}

fn written<'a>(place: &'a Option<String>, number: u64, file: &str) -> Result<&'a str, Error> {
    place.as_deref().ok_or_else(|| {
        let message = format!("line {number} of {file} does not say where its file was");
        Error::new(ErrorKind::Invalid, message).with_remedy(REMEDY)
    })
}

fn place(
    text: &str,
    (role, settings): (Role, &[Assignment]),
    context: &mut Context,
) -> Result<(String, transfer::Place)> {
    let place = context.place(text)?;
    let account = context.accounts.open_end(&place, role, settings)?;
    Ok((place.to_string(), transfer::Place::new(account, place.path().clone())))
}

fn tell(
    path: &str,
    end: &'static str,
    held: &Held,
    counts: &mut Counts,
    context: &mut Context,
) -> Result<()> {
    match held {
        Held::Proven(_) => counts.proven += 1,
        Held::Unchanged => counts.unchanged += 1,
        Held::SizeOnly => counts.size_only += 1,
        Held::Changed(_) => counts.changed += 1,
        _ => counts.gone += 1,
    }
    if context.json {
        let algorithm = match held {
            Held::Proven(algorithm) => Some(algorithm.as_str()),
            _ => None,
        };
        let change = match held {
            Held::Changed(what) => Some(what.as_str()),
            _ => None,
        };
        return context.out.document(&Document {
            path,
            end,
            held: held.as_str(),
            algorithm,
            change,
        });
    }
    if held.agrees() {
        return Ok(());
    }
    context.out.line(format!("{}: {held}", Shown(path)))
}

fn summary(counts: &Counts) -> String {
    let Counts { files, proven, unchanged, size_only, changed, gone, not_checkable } = counts;
    let mut parts = Vec::new();
    for (number, word) in [
        (proven, "proven by checksum"),
        (unchanged, "unchanged"),
        (size_only, "of the same size"),
        (changed, "changed"),
        (gone, "gone"),
        (not_checkable, "not checkable"),
    ] {
        if *number > 0 {
            parts.push(format!("{number} {word}"));
        }
    }
    let word = if *files == 1 { "receipt" } else { "receipts" };
    match parts.is_empty() {
        true => format!("{files} {word}"),
        false => format!("{files} {word}: {}", parts.join(", ")),
    }
}

const REMEDY: &str = "Receipts are what --receipts has written.";

const EXAMPLES: &str = "\
Examples:
  wharf put --receipts sent.jsonl report.csv filescom://acme.files.com/in/
  wharf verify sent.jsonl
  wharf verify --read sent.jsonl

It ends with 42 if anything is changed or gone.";
