//! Planning, and showing a plan.

use std::fs::File;
use std::io::BufWriter;
use std::path::Path;

use serde::Serialize;
use wharf::connector::chrono::Utc;
use wharf::transfer::{Plan, PlanHead, Step, SyncPlan, Totals, TroubleKind};
use wharf::{Error, ErrorKind};

use super::report::{
    Reported, StepLine, head_of, summary_of_plan, tell_not_deleted, tell_troubles,
};
use super::{Comparison, Ends, Links, Manner, PlanWishes, Selection, TroubleDocument, carry_out};
use crate::bound;
use crate::context::Context;
use crate::exit;
use crate::failure::{Failure, Result, on_this_machine};

/// What is to be done with two trees.
#[derive(Debug)]
pub(crate) struct Job<'a> {
    pub(crate) ends: Ends,
    pub(crate) options: SyncPlan,
    pub(crate) manner: Manner<'a>,
    pub(crate) wishes: &'a PlanWishes,
    pub(crate) selection: &'a Selection,
    pub(crate) comparison: Option<&'a Comparison>,
}

#[derive(Debug, Serialize)]
struct Document {
    from: String,
    to: String,
    plan: PlanDocument,
    troubles: Vec<TroubleDocument>,
    api_calls: u64,
}

/// How much there is to do.
#[derive(Debug, Serialize)]
pub(super) struct PlanDocument {
    #[serde(flatten)]
    totals: Totals,
    unchanged: u64,
    kept: u64,
    not_deleted: u64,
    calls: u64,
    calls_known: bool,
}

/// Plans, and does it unless only a plan is wanted.
pub(crate) async fn plan_and_do(job: Job<'_>, context: &mut Context) -> Result<()> {
    let drafts = (draft()?, draft()?);
    let busy = context.busy("comparing");
    let plan = Plan::make(&job.ends.from, &job.ends.to, &job.options, drafts).await;
    drop(busy);
    let plan = plan.map_err(|error| bound::advised(error, bound::NOTHING_DONE))?;
    let allowed = plan.check(job.wishes.skip_misfits).map_err(advised);
    let allowed = allowed.and_then(|()| check_links(&plan, job.selection.links));
    let only_planned = job.wishes.dry_run || job.wishes.plan.is_some();
    let is_in_document = context.json && (allowed.is_ok() || job.wishes.dry_run);
    if !is_in_document {
        tell_troubles(plan.troubles(), job.selection.links);
        tell_not_deleted(plan.not_deleted());
    }
    if let Err(refused) = allowed {
        if job.wishes.dry_run {
            show(plan, &job, context)?;
            context.out.flush()?;
        }
        return Err(refused.into());
    }
    if only_planned {
        return keep(plan, &job, context);
    }
    let mut reported = Reported::of(plan.troubles(), job.selection.links);
    reported.kept = plan.tally().kept;
    let unchanged = plan.tally().same - plan.tally().time;
    let steps = plan.into_steps()?;
    carry_out((&job.ends, job.manner), steps, (unchanged, reported), context).await
}

/// Shows the plan, writes it, or both.
fn keep(plan: Plan, job: &Job<'_>, context: &mut Context) -> Result<()> {
    let Some(path) = &job.wishes.plan else {
        let incomplete = Reported::of(plan.troubles(), job.selection.links).incomplete;
        show(plan, job, context)?;
        return ended(incomplete, context);
    };
    let (summary, incomplete) =
        (summary_of_plan(&plan), Reported::of(plan.troubles(), job.selection.links).incomplete);
    if context.json {
        let document = document(&plan, &job.ends, context.calls.made());
        context.out.document(&document)?;
    }
    let head = head(job);
    write(plan, &head, path)?;
    if !context.json {
        context.say(format!("{summary}; written to {}", path.display()))?;
    }
    ended(incomplete, context)
}

fn ended(incomplete: bool, context: &mut Context) -> Result<()> {
    context.out.flush()?;
    if incomplete { Err(Failure::Shown(exit::INCOMPLETE)) } else { Ok(()) }
}

fn head(job: &Job<'_>) -> PlanHead {
    let ends = (job.ends.shown_from(), job.ends.shown_to());
    let mut head = PlanHead::new(ends.0, ends.1, Utc::now());
    if let Some(comparison) = job.comparison {
        head = head.with_option("compare", comparison.text());
    }
    let rules = job.selection.rules.text();
    if !rules.is_empty() {
        head = head.with_option("filter", rules);
    }
    if job.selection.links == Links::Follow {
        head = head.with_option(FOLLOWS_LINKS, "true");
    }
    head
}

fn write(plan: Plan, head: &PlanHead, path: &Path) -> Result<()> {
    let failed = |error| on_this_machine(format!("the plan {}", path.display()), error);
    // Beside its place, so that a plan that is not whole never bears the name.
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    let file = tempfile::NamedTempFile::new_in(folder.unwrap_or(Path::new("."))).map_err(failed)?;
    let mut out = BufWriter::new(file);
    plan.write(head, &mut out)?;
    let file = out.into_inner().map_err(|error| failed(error.into_error()))?;
    file.persist(path).map_err(|error| failed(error.error))?;
    Ok(())
}

/// Prints the steps and how much they are.
fn show(plan: Plan, job: &Job<'_>, context: &mut Context) -> Result<()> {
    if context.json {
        return show_document(plan, job, context);
    }
    let summary = summary_of_plan(&plan);
    for step in plan.into_steps()? {
        context.out.line(StepLine(&step?))?;
    }
    context.say(summary)
}

fn show_document(plan: Plan, job: &Job<'_>, context: &mut Context) -> Result<()> {
    let head = document(&plan, &job.ends, context.calls.made());
    let steps = plan.into_steps()?.map(|step| {
        let step: Step = step?;
        serde_json::to_string(&step).map_err(|error| Failure::writing(error.into()))
    });
    context.out.document_with(&head, "steps", steps)
}

fn document(plan: &Plan, ends: &Ends, api_calls: u64) -> Document {
    let (cost, tally) = (plan.cost(), plan.tally());
    Document {
        from: ends.shown_from(),
        to: ends.shown_to(),
        plan: PlanDocument {
            totals: *plan.totals(),
            unchanged: tally.same - tally.time,
            kept: tally.kept,
            not_deleted: plan.not_deleted(),
            calls: cost.calls,
            calls_known: !cost.is_partial,
        },
        troubles: plan.troubles().iter().map(Into::into).collect(),
        api_calls,
    }
}

fn check_links(plan: &Plan, links: Links) -> Result<(), Error> {
    let special = plan.troubles().iter().filter(|trouble| trouble.kind == TroubleKind::Special);
    match special.count() {
        0 => Ok(()),
        _ if links != Links::Refuse => Ok(()),
        number => {
            let message = format!("there {}, and they are refused", head_of(number));
            Err(Error::new(ErrorKind::Conflict, message).with_remedy("See --links."))
        }
    }
}

fn advised(error: Error) -> Error {
    match error.remedy() {
        None => error.with_remedy(
            "Rename them, or leave them out: --skip-misfits leaves out all, --exclude some.",
        ),
        Some(_) => error,
    }
}

/// An unnamed file that is gone when the program is.
fn draft() -> Result<File> {
    Ok(tempfile::tempfile().map_err(|error| on_this_machine("a file for the plan", error))?)
}

/// The option in the head of a plan that says that links are followed.
pub(crate) const FOLLOWS_LINKS: &str = "links";
