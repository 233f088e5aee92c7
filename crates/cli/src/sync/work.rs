//! Doing the steps of a plan as a job of the journal, which can be gone on with.

use std::path::Path;

use clap::Args;
use serde::{Deserialize, Serialize};
use wharf::connector::OnConflict;
use wharf::transfer::{
    Applied, Apply, Job, JobId, JobState, Journal, NewJob, Observer, Place, Step, Worker,
};
use wharf::{Capabilities, Error, Result as Answer};

use super::done::{Heard, Left, tell_done};
use super::report::Reported;
use super::{Ends, EndsArguments, Links};
use crate::carry::Wishes;
use crate::context::Context;
use crate::events::Begin;
use crate::failure::{Result, invalid};
use crate::journal;
use crate::resume::Again;

/// How many things are done at a time, and how fast.
#[derive(Debug, Clone, Default, Args)]
pub(crate) struct Pacing {
    /// How many files are carried at a time, at most. How many it is depends on what is faster
    #[arg(long, value_name = "NUMBER", value_parser = clap::value_parser!(u16).range(1..=256))]
    parallel: Option<u16>,

    /// How many files are begun in a second, at most; folders and deletions count as files
    #[arg(long, value_name = "NUMBER", value_parser = rate)]
    tps: Option<f64>,
}

/// How a plan is done.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Manner<'a> {
    /// The command.
    pub(crate) verb: &'a str,
    pub(crate) wishes: &'a Wishes,
    pub(crate) pacing: &'a Pacing,
    pub(crate) links: Links,
    /// Whether both ends are looked at before each step.
    pub(crate) check: bool,
}

/// What the journal keeps of all that.
#[derive(Debug, Serialize, Deserialize)]
struct Spec {
    wishes: String,
    parallel: Option<u16>,
    tps: Option<f64>,
    follows_links: bool,
    check: bool,
    unchanged: u64,
    skipped: u64,
    #[serde(default)]
    kept: u64,
    incomplete: bool,
}

impl Pacing {
    /// Whether something was said.
    pub(crate) fn is_empty(&self) -> bool {
        self.parallel.is_none() && self.tps.is_none()
    }
}

impl Manner<'_> {
    fn options(&self, to: &Place) -> Apply {
        let mut copy = self.wishes.copying();
        // What has appeared since it was planned is to be left alone too.
        if self.wishes.no_clobber()
            && to.connector.capabilities().contains(Capabilities::WRITE_IF_ABSENT)
        {
            copy = copy.with_on_conflict(OnConflict::Fail);
        }
        copy.pace = copy.pace.with_steps_per_second(self.pacing.tps);
        let options = Apply::new().with_check(self.check).with_copy(copy);
        options.with_concurrency(self.pacing.parallel.unwrap_or(MOST).into())
    }

    fn spec(&self, unchanged: u64, reported: &Reported) -> String {
        let spec = Spec {
            wishes: self.wishes.spec(),
            parallel: self.pacing.parallel,
            tps: self.pacing.tps,
            follows_links: self.links == Links::Follow,
            check: self.check,
            unchanged,
            skipped: reported.skipped,
            kept: reported.kept,
            incomplete: reported.incomplete,
        };
        // Words, numbers and truths can always be written.
        serde_json::to_string(&spec).unwrap_or_default()
    }
}

/// Does the steps, and shows what was done.
pub(crate) async fn carry_out(
    (ends, manner): (&Ends, Manner<'_>),
    steps: impl Iterator<Item = Answer<Step>> + Send,
    (unchanged, reported): (u64, Reported),
    context: &mut Context,
) -> Result<()> {
    let mut steps = steps.peekable();
    if steps.peek().is_none() {
        let (bytes, verb) = (Some(0), manner.verb);
        let begin = Begin { job: None, verb, steps: 0, bytes, done_before: 0 };
        let heard = Heard::new(context, ends, &begin);
        return tell_done(
            ends,
            (Applied::default(), heard, None),
            (unchanged, 0, reported),
            context,
        );
    }
    manner.wishes.check_receipts()?;
    let journal = journal::open()?;
    let (from, to) = (ends.shown_from(), ends.shown_to());
    let new = NewJob::new(manner.verb, from, to)
        .with_spec(manner.spec(unchanged, &reported))
        .with_receipts(manner.wishes.receipts_text()?);
    let job = journal.begin(new).await?;
    loop {
        let batch: Vec<Step> = steps.by_ref().take(BATCH).collect::<Answer<_>>()?;
        if batch.is_empty() {
            break;
        }
        journal.add(&job, batch).await?;
    }
    journal.planned(&job).await?;
    go_on((&journal, &job), (ends, manner), (unchanged, reported), context).await
}

/// Goes on with a job, as far as it comes.
pub(crate) async fn again(
    journal: &Journal,
    job: &Job,
    again: &Again,
    context: &mut Context,
) -> Result<()> {
    let unreadable = |error: serde_json::Error| {
        let message = format!("job {} cannot be read: {error}", job.id);
        invalid(message, "Use the program that began it.")
    };
    let spec: Spec = serde_json::from_str(&job.spec).map_err(unreadable)?;
    let receipts = job.receipts.as_deref().map(Path::new);
    let wishes = Wishes::from_spec(&spec.wishes, receipts).map_err(unreadable)?;
    let links = if spec.follows_links { Links::Follow } else { Links::Skip };
    let pacing = Pacing { parallel: spec.parallel, tps: spec.tps };
    let arguments =
        EndsArguments { from_set: again.from_set.clone(), to_set: again.to_set.clone() };
    let ends = Ends::open((&job.from, &job.to), &arguments, links, context)?;
    // However old the plan is by now.
    let check = true;
    let manner = Manner { verb: &job.verb, wishes: &wishes, pacing: &pacing, links, check };
    let Spec { skipped, kept, incomplete, .. } = spec;
    let reported = Reported { skipped, kept, incomplete, ..Reported::default() };
    journal.retry(&job.id).await?;
    go_on((journal, &job.id), (&ends, manner), (spec.unchanged, reported), context).await
}

async fn go_on(
    (journal, job): (&Journal, &JobId),
    (ends, manner): (&Ends, Manner<'_>),
    (unchanged, reported): (u64, Reported),
    context: &mut Context,
) -> Result<()> {
    let before = journal.job(job).await?;
    let (steps, done, left) =
        before.map_or((0, 0, 0), |job| (job.steps, job.done, job.bytes - job.bytes_done));
    context.made.set(journal, job);
    let (verb, bytes) = (manner.verb, Some(left));
    let begin = Begin { job: Some(job.as_str()), verb, steps, bytes, done_before: done };
    let heard = Heard::new(context, ends, &begin);
    let (options, owner) = (manner.options(&ends.to), journal::owner());
    let (from, to) = (ends.shown_from(), ends.shown_to());
    let receipts = manner.wishes.receipts();
    let worker = Worker::new((journal, job), owner, (&ends.from, &ends.to), &options)
        .with_names(&from, &to)
        .with_receipts(receipts);
    let observer: &dyn Observer = &heard;
    let applied = Box::pin(worker.work(observer)).await.map_err(|error| still_open(error, job))?;
    let after = journal.job(job).await?;
    let open = after.filter(|job| job.state != JobState::Done).as_ref().map(Left::of);
    if open.is_none() {
        // What it was about stands in the receipts; there is nothing to go on with.
        journal.forget(job).await?;
    }
    context.made.clear();
    tell_done(ends, (applied, heard, open), (unchanged, done, reported), context)
}

/// Says how to go on with what was begun.
fn still_open(error: Error, job: &JobId) -> Error {
    let remedy = error.remedy().map(|remedy| format!("{remedy} ")).unwrap_or_default();
    error.with_remedy(format!("{remedy}Then go on with `wharf jobs resume {job}`."))
}

fn rate(text: &str) -> Result<f64, String> {
    let rate = text.parse::<f64>().ok().filter(|rate| rate.is_finite() && *rate > 0.0);
    rate.ok_or_else(|| "write a number above 0".to_owned())
}

/// So many steps are told to the journal at once.
const BATCH: usize = 1000;

/// So many files are carried at a time, at most, if nothing else is said.
const MOST: u16 = 32;
