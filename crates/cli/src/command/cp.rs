//! `wharf cp`: copy a file from any place to any other.

use crate::carry::{Wishes, between};
use crate::context::Context;
use crate::failure::Result;
use crate::setting::assignments;

#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Arguments {
    /// The file
    from: String,

    /// Where to: a name, or a folder
    to: String,

    #[command(flatten)]
    wishes: Wishes,

    // Read later: a message of clap's would repeat what may be a secret.
    /// A setting for the first account only; before --set and the environment
    #[arg(long, value_name = "NAME=VALUE")]
    from_set: Vec<String>,

    /// A setting for the second account only
    #[arg(long, value_name = "NAME=VALUE")]
    to_set: Vec<String>,
}

pub(crate) async fn run(arguments: Arguments, context: &mut Context) -> Result<()> {
    let from = context.place(&arguments.from)?;
    let to = context.place(&arguments.to)?;
    let from_set = assignments("--from-set", &arguments.from_set)?;
    let to_set = assignments("--to-set", &arguments.to_set)?;
    let carried = between((&from, &from_set), (&to, &to_set), &arguments.wishes, context).await;
    carried?.show(context)
}

const EXAMPLES: &str = "\
Examples:
  wharf cp mft://anna@mft.acme.com/In/a.csv filescom://acme.files.com/In/
  wharf cp filescom://acme.files.com/a.csv filescom://acme.files.com/b.csv

Between two accounts of one service, say which secret is whose:
  wharf cp filescom://acme.files.com/a.csv filescom://globex.files.com/ \\
      --from-set api_key=@env:ACME_KEY --to-set api_key=@env:GLOBEX_KEY";
