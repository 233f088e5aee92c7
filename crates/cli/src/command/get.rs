//! `wharf get`: bring a file or a tree here.

mod zip;

use crate::carry::{Wishes, between, to_stream};
use crate::context::Context;
use crate::failure::{Result, invalid};
use crate::place::End;
use crate::sync::{EndsArguments, Tree, carry_tree};

#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Arguments {
    /// The file, or with -r the folder
    target: String,

    /// Where to: a name, a folder, or `-` for standard output
    #[arg(default_value = ".")]
    to: String,

    /// Bring a folder as one ZIP archive that the service makes: Boomi MFT only. It comes as it
    /// is, and does not go on after a break
    #[arg(long, conflicts_with_all = ["verify", "recursive", "receipts", "bwlimit"])]
    zip: bool,

    #[command(flatten)]
    tree: Tree,

    #[command(flatten)]
    wishes: Wishes,
}

pub(crate) async fn run(arguments: Arguments, context: &mut Context) -> Result<()> {
    arguments.wishes.bound.set(context);
    arguments.wishes.events.set(context)?;
    if arguments.to != "-" {
        let texts = (arguments.target.as_str(), arguments.to.as_str());
        let how = (&arguments.tree, &arguments.wishes, &EndsArguments::default());
        if carry_tree(texts, how, context).await? {
            return Ok(());
        }
    } else {
        arguments.tree.check_for_file()?;
    }
    let from = context.place(&arguments.target)?;
    let wishes = &arguments.wishes;
    let to = context.end(&arguments.to)?;
    if context.json && matches!(to, End::Stream) {
        return Err(two_things_at_once().into());
    }
    if arguments.zip {
        return zip::run(&from, &to, wishes, context).await;
    }
    match to {
        End::Place(to) => between((&from, &[]), (&to, &[]), wishes, context).await?.show(context),
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
  wharf get --zip mft://anna@mft.acme.com/In archives/
  wharf get -r --include '*.csv' filescom://acme.files.com/vendor reports
  wharf get filescom://acme.files.com/dump.sql.gz - | gunzip";
