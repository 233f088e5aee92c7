//! `wharf sync`: make one tree like another.

use wharf::transfer::{Baseline, MaxDelete, SyncPlan};

use crate::carry::Wishes;
use crate::context::Context;
use crate::failure::Result;
use crate::journal;
use crate::sync::{
    Comparison, Ends, EndsArguments, Job, Manner, Pacing, PlanWishes, Selection, plan_and_do,
};

#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Arguments {
    /// The folder to take from
    source: String,

    /// The folder that becomes like it; it need not exist
    destination: String,

    /// Delete what stands in the destination alone, when everything was copied without an error
    #[arg(long)]
    delete: bool,

    /// How much may be deleted: a share of the destination as 25%, or a number of entries. Above
    /// it, and for a source without a file, nothing is done
    #[arg(long, value_name = "LIMIT", default_value = "50%", requires = "delete")]
    max_delete: MaxDelete,

    /// Move files to this folder of the destination's account before they are replaced or deleted
    #[arg(long, value_name = "FOLDER")]
    backup_dir: Option<String>,

    #[command(flatten)]
    plan: PlanWishes,

    #[command(flatten)]
    comparison: Comparison,

    #[command(flatten)]
    wishes: Wishes,

    #[command(flatten)]
    pacing: Pacing,

    #[command(flatten)]
    selection: Selection,

    #[command(flatten)]
    ends: EndsArguments,
}

pub(crate) async fn run(arguments: Arguments, context: &mut Context) -> Result<()> {
    arguments.wishes.bound.set(context);
    arguments.wishes.events.set(context)?;
    let ends = (arguments.source.as_str(), arguments.destination.as_str());
    let ends = Ends::open(ends, &arguments.ends, arguments.selection.links(), context)?;
    let filter = arguments.selection.filter(wharf::connector::chrono::Utc::now())?;
    let compare = arguments.comparison.options(filter, false);
    let baseline = baseline(&ends, &arguments.plan)?;
    let mut options = SyncPlan::new()
        .with_compare(compare.with_baseline(baseline))
        .with_delete(arguments.delete)
        .with_max_delete(arguments.max_delete)
        .with_keep_existing(arguments.wishes.no_clobber());
    if let Some(folder) = &arguments.backup_dir {
        options = options.with_backup(ends.at_destination(folder, context)?);
    }
    let job = Job {
        ends,
        options,
        manner: Manner {
            verb: "sync",
            wishes: &arguments.wishes,
            pacing: &arguments.pacing,
            links: arguments.selection.links(),
            check: false,
        },
        wishes: &arguments.plan,
        selection: &arguments.selection,
        comparison: Some(&arguments.comparison),
    };
    plan_and_do(job, context).await
}

/// What the journal knows of the two trees from earlier runs, where that is needed.
fn baseline(ends: &Ends, wishes: &PlanWishes) -> Result<Option<Baseline>> {
    let journal = if !Baseline::is_needed(&ends.to) {
        None
    } else if wishes.dry_run || wishes.plan.is_some() {
        journal::open_if_there()?
    } else {
        Some(journal::open()?)
    };
    Ok(journal.and_then(|journal| journal.baseline(&ends.from, &ends.to)))
}

const EXAMPLES: &str = "\
Examples:
  wharf sync reports/ filescom://acme.files.com/reports
  wharf sync --dry-run --delete globex:/Out acme:/Out
  wharf sync --plan tonight.jsonl --delete reports/ acme:/reports
  wharf sync --include '*.csv' --exclude /old --max-age 7d reports/ acme:/in

Files are compared by size and time, never by size alone unless --size-only says so. Patterns: \
*.tmp matches in any folder, /logs only at the top, logs/ folders only; the first rule that \
matches decides, and what is left out is never deleted.";
