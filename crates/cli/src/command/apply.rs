//! `wharf apply`: do what a plan says.

use std::fs::File;
use std::io::BufReader;
use std::path::PathBuf;

use wharf::transfer::PlanFile;

use crate::carry::Wishes;
use crate::context::Context;
use crate::failure::{Result, on_this_machine};
use crate::sync::{Ends, EndsArguments, FOLLOWS_LINKS, Links, Manner, Pacing, Reported, carry_out};

#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Arguments {
    /// The plan, as --plan wrote it
    file: PathBuf,

    #[command(flatten)]
    wishes: Wishes,

    #[command(flatten)]
    pacing: Pacing,

    #[command(flatten)]
    ends: EndsArguments,
}

pub(crate) async fn run(arguments: Arguments, context: &mut Context) -> Result<()> {
    arguments.wishes.bound.set(context);
    arguments.wishes.events.set(context)?;
    // Whether it is whole has to be known before anything is done.
    open(&arguments.file)?.check()?;
    let plan = open(&arguments.file)?;
    let head = plan.head().clone();
    let links = match head.options.contains_key(FOLLOWS_LINKS) {
        true => Links::Follow,
        false => Links::Skip,
    };
    let ends = Ends::open((&head.from, &head.to), &arguments.ends, links, context)?;
    let (wishes, pacing) = (&arguments.wishes, &arguments.pacing);
    let manner = Manner { verb: "apply", wishes, pacing, links, check: true };
    carry_out((&ends, manner), plan, (0, Reported::default()), context).await
}

fn open(path: &PathBuf) -> Result<PlanFile<BufReader<File>>> {
    let file = File::open(path)
        .map_err(|error| on_this_machine(format!("the plan {}", path.display()), error))?;
    let named = |error: wharf::Error| {
        let message = format!("{}: {}", path.display(), error.message());
        wharf::Error::new(error.kind(), message).with_remedy(REMEDY)
    };
    Ok(PlanFile::open(BufReader::new(file)).map_err(named)?)
}

const REMEDY: &str = "Name a file that --plan wrote, as in wharf sync --plan FILE.";

const EXAMPLES: &str = "\
Examples:
  wharf sync --plan tonight.jsonl --delete reports/ acme:/reports
  wharf apply tonight.jsonl

Each step is done only if both ends still are as they were when the plan was made; what has \
changed is skipped and reported, and the program ends with 41. After that nothing is deleted.";
