//! `wharf cp`: copy a file or a tree from any place to any other.

use crate::carry::{Wishes, between};
use crate::context::Context;
use crate::failure::Result;
use crate::setting::assignments;
use crate::sync::{EndsArguments, Tree, carry_tree};

#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Arguments {
    /// The file, or with -r the folder
    from: String,

    /// Where to: a name, or a folder
    to: String,

    #[command(flatten)]
    tree: Tree,

    #[command(flatten)]
    wishes: Wishes,

    #[command(flatten)]
    ends: EndsArguments,
}

pub(crate) async fn run(arguments: Arguments, context: &mut Context) -> Result<()> {
    arguments.wishes.bound.set(context);
    arguments.wishes.events.set(context)?;
    let texts = (arguments.from.as_str(), arguments.to.as_str());
    let how = (&arguments.tree, &arguments.wishes, &arguments.ends);
    if carry_tree(texts, how, context).await? {
        return Ok(());
    }
    let from = context.place(&arguments.from)?;
    let to = context.place(&arguments.to)?;
    let from_set = assignments("--from-set", &arguments.ends.from_set)?;
    let to_set = assignments("--to-set", &arguments.ends.to_set)?;
    let carried = between((&from, &from_set), (&to, &to_set), &arguments.wishes, context).await;
    carried?.show(context)
}

const EXAMPLES: &str = "\
Examples:
  wharf cp mft://anna@mft.acme.com/In/a.csv filescom://acme.files.com/In/
  wharf cp -r mft://anna@mft.acme.com/In filescom://acme.files.com/archive
  wharf cp acme:/a.csv acme:/b.csv

Between two accounts of one service, say which secret is whose:
  wharf cp filescom://acme.files.com/a.csv filescom://globex.files.com/ \\
      --from-set api_key=@env:ACME_KEY --to-set api_key=@env:GLOBEX_KEY";
