//! `wharf put`: send a file, a tree, or what comes on standard input.

use crate::carry::{Wishes, between, from_stream};
use crate::context::Context;
use crate::failure::Result;
use crate::place::End;
use crate::sync::{EndsArguments, Tree, carry_tree};

#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Arguments {
    /// The file, with -r the folder, or `-` for standard input
    from: String,

    /// Where to: a name, or a folder
    target: String,

    #[command(flatten)]
    tree: Tree,

    #[command(flatten)]
    wishes: Wishes,
}

pub(crate) async fn run(arguments: Arguments, context: &mut Context) -> Result<()> {
    arguments.wishes.bound.set(context);
    arguments.wishes.events.set(context)?;
    if arguments.from != "-" {
        let texts = (arguments.from.as_str(), arguments.target.as_str());
        let how = (&arguments.tree, &arguments.wishes, &EndsArguments::default());
        if carry_tree(texts, how, context).await? {
            return Ok(());
        }
    } else {
        arguments.tree.check_for_file()?;
    }
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
  wharf put -r reports filescom://acme.files.com/vendor/
  wharf put --verify required report.csv acme:/vendor/report.csv
  pg_dump acme | gzip | wharf put - acme:/backup/acme.sql.gz";
