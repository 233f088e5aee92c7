//! `wharf get`: bring a file here.

use crate::carry::{Wishes, between, to_stream};
use crate::context::Context;
use crate::failure::{Result, invalid};
use crate::place::End;

#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Arguments {
    /// The file
    target: String,

    /// Where to: a name, a folder, or `-` for standard output
    #[arg(default_value = ".")]
    to: String,

    #[command(flatten)]
    wishes: Wishes,
}

pub(crate) async fn run(arguments: Arguments, context: &mut Context) -> Result<()> {
    let from = context.place(&arguments.target)?;
    let wishes = &arguments.wishes;
    match context.end(&arguments.to)? {
        End::Place(to) => between((&from, &[]), (&to, &[]), wishes, context).await?.show(context),
        End::Stream if context.json => Err(two_things_at_once().into()),
        End::Stream => to_stream(&from, wishes, context).await.map(drop),
    }
}

fn two_things_at_once() -> wharf::Error {
    invalid(
        "standard output cannot hold the file and a document",
        "Name a file for it, or leave out --json.",
    )
}

const EXAMPLES: &str = "\
Examples:
  wharf get filescom://acme.files.com/vendor/report.csv
  wharf get mft://anna@mft.acme.com/In/a.csv reports/
  wharf get filescom://acme.files.com/dump.sql.gz - | gunzip";
