//! `wharf put`: send a file, or what comes on standard input.

use wharf::transfer;

use crate::carry::{Wishes, carry};
use crate::context::Context;
use crate::failure::{Result, invalid};
use crate::place::{End, Place};
use crate::standard;

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
    let (source, name, account) = match context.end(&arguments.from)? {
        End::Stream if to.is_surely_a_folder() => return Err(nameless(&to).into()),
        End::Stream => (standard::input()?, "-".to_owned(), context.accounts.open(&to)?),
        End::Place(from) => {
            let (source, account) = context.accounts.open_both((&from, &[]), (&to, &[]))?;
            let source = transfer::Place::new(source, from.path().clone());
            (source, from.to_string(), account)
        }
    };
    let destination =
        transfer::Place::new(account, to.path().clone()).with_folder(to.is_surely_a_folder());
    let shown = |place: &transfer::Place| to.with_path(place.path.clone()).to_string();
    let carried = carry((&source, name), (&destination, shown), &arguments.wishes, context);
    carried.await?.show(context)
}

fn nameless(to: &Place) -> wharf::Error {
    invalid(
        format!("{to} is a folder, and what comes on standard input has no name"),
        "Add the name of the file to the target.",
    )
}

const EXAMPLES: &str = "\
Examples:
  wharf put report.csv filescom://acme.files.com/vendor/
  pg_dump acme | gzip | wharf put - filescom://acme.files.com/backup/acme.sql.gz
  wharf put --verify required report.csv filescom://acme.files.com/vendor/report.csv";
