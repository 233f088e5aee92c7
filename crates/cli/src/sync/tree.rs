//! Copying a tree for `cp -r`, `get -r` and `put -r`.

use clap::Args;
use wharf::connector::chrono::Utc;
use wharf::transfer::{By, Compare, SyncPlan};

use super::{Ends, EndsArguments, Job, Manner, Pacing, PlanWishes, Selection, plan_and_do};
use crate::carry::Wishes;
use crate::context::Context;
use crate::failure::{Result, invalid};

/// What a copy understands when it is one of a tree.
#[derive(Debug, Clone, Args)]
pub(crate) struct Tree {
    /// A folder with all that lies in it. Into a folder that exists it goes under its own name;
    /// every file is copied, without comparing
    #[arg(short, long)]
    pub(crate) recursive: bool,

    #[command(flatten)]
    plan: PlanWishes,

    #[command(flatten)]
    pacing: Pacing,

    #[command(flatten)]
    selection: Selection,
}

impl Tree {
    /// Refuses what has no meaning for one file. To leave it out would carry what was to be only
    /// shown, or left alone.
    pub(crate) fn check_for_file(&self) -> Result<()> {
        let plan = &self.plan;
        if plan.dry_run || plan.plan.is_some() || plan.skip_misfits || !self.selection.is_empty() {
            let message = "plans and filters are for trees, and this is one file";
            return Err(invalid(message, "Leave them out, or name a folder.").into());
        }
        Ok(())
    }

    /// Whether something was said that a tree alone understands.
    fn is_needed(&self) -> bool {
        !self.pacing.is_empty() || self.check_for_file().is_err()
    }
}

/// Copies a tree if that is wanted and the source is one. `false`: it is for one file.
pub(crate) async fn carry_tree(
    texts: (&str, &str),
    (tree, wishes, ends): (&Tree, &Wishes, &EndsArguments),
    context: &mut Context,
) -> Result<bool> {
    if !tree.recursive {
        if tree.is_needed() {
            let message = "plans and filters are for trees";
            return Err(invalid(message, "Add --recursive.").into());
        }
        return Ok(false);
    }
    let ends = Ends::open(texts, ends, tree.selection.links, context)?;
    if ends.from.connector.stat(&ends.from.path).await?.is_file() {
        tree.check_for_file()?;
        return Ok(false);
    }
    let compare =
        Compare::new().with_by(By::Nothing).with_filter(tree.selection.filter(Utc::now())?);
    let job = Job {
        ends: ends.resolved().await?,
        options: SyncPlan::new().with_compare(compare).with_keep_existing(wishes.no_clobber()),
        manner: Manner {
            verb: "cp -r",
            wishes,
            pacing: &tree.pacing,
            links: tree.selection.links,
            check: false,
        },
        wishes: &tree.plan,
        selection: &tree.selection,
        comparison: None,
    };
    plan_and_do(job, context).await?;
    Ok(true)
}
