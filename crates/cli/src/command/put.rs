//! `wharf put`: send a file, or what comes on standard input.

use crate::carry::{Wishes, between, from_stream};
use crate::context::Context;
use crate::failure::Result;
use crate::place::End;

#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Arguments {
    /// The file, or `-` for standard input
    from: String,

    /// Where to: a name, or a folder
    target: String,

    #[command(flatten)]
    wishes: Wishes,
}

pub(crate) async fn run(arguments: Arguments, context: &mut Context) -> Result<()> {
    let to = context.place(&arguments.target)?;
    let wishes = &arguments.wishes;
    let carried = match context.end(&arguments.from)? {
        End::Place(from) => between((&from, &[]), (&to, &[]), wishes, context).await,
        End::Stream => from_stream(&to, wishes, context).await,
    };
    carried?.show(context)
}

const EXAMPLES: &str = "\
Examples:
  wharf put report.csv filescom://acme.files.com/vendor/
  pg_dump acme | gzip | wharf put - filescom://acme.files.com/backup/acme.sql.gz
  wharf put --verify required report.csv filescom://acme.files.com/vendor/report.csv";
