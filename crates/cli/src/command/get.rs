//! `wharf get`: bring a file here.

use wharf::transfer;

use crate::carry::{Wishes, carry};
use crate::context::Context;
use crate::failure::{Result, invalid};
use crate::place::End;
use crate::standard;

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
    let to = match context.end(&arguments.to)? {
        End::Place(to) => to,
        End::Stream => {
            if context.json {
                return Err(two_things_at_once().into());
            }
            let account = context.accounts.open(&from)?;
            let source = transfer::Place::new(account, from.path().clone());
            let name = |_: &transfer::Place| "-".to_owned();
            let out = standard::output()?;
            carry((&source, from.to_string()), (&out, name), &arguments.wishes, context).await?;
            return Ok(());
        }
    };
    let (source, account) = context.accounts.open_both((&from, &[]), (&to, &[]))?;
    let source = transfer::Place::new(source, from.path().clone());
    let destination =
        transfer::Place::new(account, to.path().clone()).with_folder(to.is_surely_a_folder());
    let name = |place: &transfer::Place| to.with_path(place.path.clone()).to_string();
    let carried =
        carry((&source, from.to_string()), (&destination, name), &arguments.wishes, context);
    carried.await?.show(context)
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
