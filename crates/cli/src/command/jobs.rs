//! `wharf jobs`: what was begun, and going on with it.

use clap::Subcommand;
use serde::Serialize;
use wharf::connector::DeleteOptions;
use wharf::transfer::{Job, JobId, JobState, Journal};
use wharf::{Error, ErrorKind};

use crate::bound::CallBound;
use crate::context::Context;
use crate::events::EventsWish;
use crate::failure::Result;
use crate::present::escape::Shown;
use crate::present::size::size;
use crate::present::table::Table;
use crate::resume::{self, Again};
use crate::{journal, single};

#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// List the jobs that the journal knows
    #[command(after_help = "Examples:\n  wharf jobs list\n  wharf jobs list --json")]
    List,
    /// Tell all that is known of a job
    #[command(after_help = "Examples:\n  wharf jobs show k3f9x2ab")]
    Show {
        /// The name of the job
        job: String,
    },
    /// Go on with a job
    #[command(after_help = RESUME)]
    Resume {
        /// The name of the job
        job: String,

        #[command(flatten)]
        again: Again,

        #[command(flatten)]
        bound: CallBound,

        #[command(flatten)]
        events: EventsWish,
    },
    /// Give a job up: what it has left half done is removed, what is done stays
    #[command(after_help = "Examples:\n  wharf jobs cancel k3f9x2ab")]
    Cancel {
        /// The name of the job
        job: String,

        #[command(flatten)]
        again: Again,
    },
    /// Take a job out of the journal
    #[command(after_help = "Examples:\n  wharf jobs forget k3f9x2ab")]
    Forget {
        /// The name of the job
        job: String,
    },
}

#[derive(Debug, Serialize)]
struct Document<'a> {
    job: &'a str,
    verb: &'a str,
    from: &'a str,
    to: &'a str,
    state: &'static str,
    steps: u64,
    done: u64,
    failed: u64,
    bytes: u64,
    bytes_done: u64,
    half_done: u64,
    receipts: Option<&'a str>,
    created: String,
    updated: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    failures: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    partial_files: Vec<String>,
}

pub(crate) async fn run(arguments: Arguments, context: &mut Context) -> Result<()> {
    match arguments.what {
        What::List => list(context).await,
        What::Show { job } => show(&job, context).await,
        What::Resume { job, again, bound, events } => {
            bound.set(context);
            events.set(context)?;
            let (journal, job) = find(&job).await?;
            journal::take_over(&journal, &job.id).await?;
            check_open(&job)?;
            resume::resume(&journal, &job, &again, context).await
        }
        What::Cancel { job, again } => cancel(&job, &again, context).await,
        What::Forget { job } => {
            let (journal, job) = find(&job).await?;
            journal::take_over(&journal, &job.id).await?;
            journal.forget(&job.id).await?;
            context.say(format!("job {} is forgotten", job.id))
        }
    }
}

async fn list(context: &mut Context) -> Result<()> {
    let jobs = match journal::open_if_there()? {
        Some(journal) => journal.jobs().await?,
        None => Vec::new(),
    };
    if context.json {
        let documents: Vec<_> = jobs.iter().map(document).collect();
        return context.out.document(&documents);
    }
    if jobs.is_empty() {
        return context.say("no jobs");
    }
    let mut table = Table::new();
    table.row(["JOB", "STATE", "WHAT", "DONE", "BYTES", "FROM AND TO"]);
    for job in &jobs {
        table.row(row(job).each_ref().map(String::as_str));
    }
    table.lines(0).iter().try_for_each(|line| context.out.line(line))
}

async fn show(name: &str, context: &mut Context) -> Result<()> {
    let (journal, job) = find(name).await?;
    let failures = journal.failures(&job.id, MOST_SHOWN).await?;
    let partials = journal.partials(&job.id).await?;
    let mut document = document(&job);
    document.failures = failures.into_iter().map(|(_, error)| error).collect();
    document.partial_files = partials.iter().map(ToString::to_string).collect();
    if context.json {
        return context.out.document(&document);
    }
    let mut rows = vec![
        ("job", document.job.to_owned()),
        ("what", document.verb.to_owned()),
        ("from", Shown(document.from).to_string()),
        ("to", Shown(document.to).to_string()),
        ("state", document.state.to_owned()),
        ("steps", steps(&job)),
        ("bytes", format!("{} of {}", size(job.bytes_done), size(job.bytes))),
        ("begun", document.created.clone()),
    ];
    rows.extend(job.receipts.iter().map(|file| ("receipts", Shown(file).to_string())));
    let half_done =
        document.partial_files.iter().map(|path| ("half done", Shown(path).to_string()));
    rows.extend(half_done);
    rows.extend(document.failures.iter().map(|text| ("failed", Shown(text).to_string())));
    for (name, value) in rows {
        context.out.line(format!("{name:<10} {value}"))?;
    }
    Ok(())
}

async fn cancel(name: &str, again: &Again, context: &mut Context) -> Result<()> {
    let (journal, job) = find(name).await?;
    journal::take_over(&journal, &job.id).await?;
    let partials = journal.partials(&job.id).await?;
    if !partials.is_empty() {
        let account = resume::destination(&job, again, context)?;
        for partial in partials {
            match account.delete(&partial, DeleteOptions::new()).await {
                Err(error) if error.kind() != ErrorKind::NotFound => return Err(error.into()),
                _ => {}
            }
        }
    }
    if job.verb == single::COPY {
        journal.forget(&job.id).await?;
    } else {
        journal.set_state(&job.id, JobState::Cancelled).await?;
    }
    context.say(format!("job {} is cancelled", job.id))
}

fn steps(job: &Job) -> String {
    let mut text = format!("{} of {} done", job.done, job.steps);
    for (number, word) in [(job.half_done, "half done"), (job.failed, "failed")] {
        if number > 0 {
            text.push_str(&format!(", {number} {word}"));
        }
    }
    text
}

/// The job of this name.
async fn find(name: &str) -> Result<(Journal, Job)> {
    let unknown = || {
        Error::new(ErrorKind::NotFound, format!("there is no job {name:?}"))
            .with_remedy("See `wharf jobs list`.")
    };
    let journal = journal::open_if_there()?.ok_or_else(unknown)?;
    let job = journal.job(&JobId::from_text(name)).await?.ok_or_else(unknown)?;
    Ok((journal, job))
}

fn check_open(job: &Job) -> Result<()> {
    let (why, remedy) = match job.state {
        JobState::Open => return Ok(()),
        JobState::Done => ("is done", "There is nothing left to do; run the command again."),
        JobState::Planning => (
            "was stopped while it was planned, before anything was done",
            "Run the command again, and forget this job.",
        ),
        _ => ("was cancelled", "Run the command again, and forget this job."),
    };
    let error = Error::new(ErrorKind::Invalid, format!("job {} {why}", job.id));
    Err(error.with_remedy(remedy).into())
}

fn row(job: &Job) -> [String; 6] {
    let failed = if job.failed > 0 { format!(", {} failed", job.failed) } else { String::new() };
    [
        job.id.to_string(),
        job.state.to_string(),
        Shown(&job.verb).to_string(),
        format!("{}/{}{failed}", job.done, job.steps),
        format!("{} of {}", size(job.bytes_done), size(job.bytes)),
        format!("{} -> {}", Shown(&job.from), Shown(&job.to)),
    ]
}

fn document(job: &Job) -> Document<'_> {
    Document {
        job: job.id.as_str(),
        verb: &job.verb,
        from: &job.from,
        to: &job.to,
        state: job.state.as_str(),
        steps: job.steps,
        done: job.done,
        failed: job.failed,
        bytes: job.bytes,
        bytes_done: job.bytes_done,
        half_done: job.half_done,
        receipts: job.receipts.as_deref(),
        created: job.created.to_rfc3339(),
        updated: job.updated.to_rfc3339(),
        failures: Vec::new(),
        partial_files: Vec::new(),
    }
}

/// So many failures are shown.
const MOST_SHOWN: u32 = 100;

const RESUME: &str = "\
Examples:
  wharf jobs resume k3f9x2ab
  wharf jobs resume k3f9x2ab --to-set api_key=@env:ACME_KEY";

const EXAMPLES: &str = "\
Examples:
  wharf jobs list
  wharf jobs resume k3f9x2ab
  wharf jobs cancel k3f9x2ab

The journal lies in the folder that the system has for such things, or in that of WHARF_STATE. \
It holds no secrets: give them again as you gave them first.";
