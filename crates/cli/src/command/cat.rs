//! `wharf cat`: the content of files, to standard output.

use serde::Serialize;
use wharf::{ConnectorExt, Entry, Error, ErrorKind};

use crate::carry::{Wishes, to_stream};
use crate::context::Context;
use crate::document::EntryDocument;
use crate::failure::Result;
use crate::place::Place;

#[derive(Debug, clap::Args)]
#[command(after_help = NOTES)]
pub(crate) struct Arguments {
    /// The files, one after another
    #[arg(required = true)]
    targets: Vec<String>,
}

#[derive(Debug, Serialize)]
struct Document<'a> {
    files: Vec<File<'a>>,
}

#[derive(Debug, Serialize)]
struct File<'a> {
    target: String,
    entry: EntryDocument<'a>,
    text: &'a str,
}

pub(crate) async fn run(arguments: Arguments, context: &mut Context) -> Result<()> {
    let places = arguments.targets.iter().map(|text| context.place(text));
    let places: Vec<Place> = places.collect::<Result<_>>()?;
    if context.json {
        return print_document(&places, context).await;
    }
    for place in &places {
        to_stream(place, &Wishes::NONE, context).await?;
    }
    Ok(())
}

async fn print_document(places: &[Place], context: &mut Context) -> Result<()> {
    let mut contents: Vec<(String, Entry, String)> = Vec::new();
    for place in places {
        let account = context.accounts.open(place)?;
        let entry = account.stat(place.path()).await?;
        let bytes = account.read_bytes(place.path(), LARGEST_DOCUMENT).await?;
        let text = String::from_utf8(bytes.into()).map_err(|_| not_text(place))?;
        contents.push((place.to_string(), entry, text));
    }
    let files = contents.iter().map(|(target, entry, text)| File {
        target: target.clone(),
        entry: entry.into(),
        text,
    });
    let files = files.collect();
    context.out.document(&Document { files })
}

fn not_text(place: &Place) -> Error {
    let message = format!("{place} is not UTF-8, and JSON holds text only");
    Error::new(ErrorKind::Unsupported, message)
        .with_remedy("Leave --json out, or bring the file here: wharf get --json.")
}

/// A document is held in memory, so what it may hold is bounded.
const LARGEST_DOCUMENT: u64 = 16 * 1024 * 1024;

const NOTES: &str = "\
Examples:
  wharf cat filescom://acme.files.com/vendor/report.csv | head

Bytes are passed on as they come: should the transfer break off, or a checksum not agree, the \
command fails, and what was printed is not the file. With --json: text files of up to 16 MiB.";
