//! Copying one file for `get`, `put` and `cp`: progress on the way, a verdict at the end.

mod carried;

use std::num::NonZeroU64;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::{Args, ValueEnum};
use serde::{Deserialize, Serialize};
use wharf::connector::OnConflict;
use wharf::connector::quantity;
use wharf::transfer::{
    self, CopyFile, Job, NewJob, Pace, ReceiptLine, State, Step, Verify, Why, append_receipt,
    copy_file, resolve_destination,
};
use wharf::{Capabilities, Connector, ConnectorExt, Error, ErrorKind, Operation, RemotePath};

pub(crate) use carried::{Carried, and_calls, checksum, verdict};

use crate::bound::CallBound;
use crate::context::Context;
use crate::events::{Begin, Events, EventsWish};
use crate::failure::{Failure, Result, invalid, on_this_machine};
use crate::journal;
use crate::place::Place;
use crate::progress::Progress;
use crate::resume::Again;
use crate::setting::{Assignment, assignments};
use crate::single::{COPY, Single};
use crate::standard;
use crate::warning;

/// What every copy understands.
#[derive(Debug, Args)]
pub(crate) struct Wishes {
    /// How sure it must be that the file arrived whole
    #[arg(long, value_enum, value_name = "HOW", default_value = "when-possible")]
    verify: How,

    /// Leave a file alone that stands at the destination, and fail. Where the service has no
    /// such write, it is looked for first. Of a tree, such files are counted as kept, and what is
    /// not there yet is carried
    #[arg(long)]
    no_clobber: bool,

    /// Append a receipt for each file to this file, one JSON document a line
    #[arg(long, value_name = "FILE")]
    receipts: Option<PathBuf>,

    /// How many bytes of content are read in a second, at most, as 10M
    #[arg(long, value_name = "SIZE", value_parser = rate)]
    bwlimit: Option<NonZeroU64>,

    /// Of this run, and not of the job.
    #[command(flatten)]
    pub(crate) bound: CallBound,

    #[command(flatten)]
    pub(crate) events: EventsWish,
}

/// What a job keeps of the wishes.
#[derive(Debug, Serialize, Deserialize)]
struct Spec {
    verify: How,
    no_clobber: bool,
    bwlimit: Option<NonZeroU64>,
}

#[derive(Debug, Clone, Copy, ValueEnum, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum How {
    /// Compare a checksum if both ends know one, else sizes
    WhenPossible,
    /// Anything less than a checksum that agrees is a failure
    Required,
    /// Read the file back and compare
    ReadBack,
}

/// Copies between two places, each with the settings that are its own.
pub(crate) async fn between(
    (from, from_settings): (&Place, &[Assignment]),
    (to, to_settings): (&Place, &[Assignment]),
    wishes: &Wishes,
    context: &mut Context,
) -> Result<Carried> {
    let accounts = &mut context.accounts;
    let (here, there) = accounts.open_both((from, from_settings), (to, to_settings))?;
    let (from, to) = (Side::new(from, here), Side::new(to, there));
    carry(&from, &to, wishes, context).await
}

/// Copies once more what a job says, from where it was broken off.
pub(crate) async fn again(job: &Job, again: &Again, context: &mut Context) -> Result<Carried> {
    let receipts = job.receipts.as_deref().map(Path::new);
    let wishes = Wishes::from_spec(&job.spec, receipts).map_err(|error| {
        invalid(format!("job {} cannot be read: {error}", job.id), "Use the program that began it.")
    })?;
    let (from, to) = (context.place(&job.from)?, context.place(&job.to)?);
    let from_set = assignments("--from-set", &again.from_set)?;
    let to_set = assignments("--to-set", &again.to_set)?;
    between((&from, &from_set), (&to, &to_set), &wishes, context).await
}

/// Copies standard input to a place.
pub(crate) async fn from_stream(
    to: &Place,
    wishes: &Wishes,
    context: &mut Context,
) -> Result<Carried> {
    let from = Side { end: standard::input(), place: None };
    let account = context.accounts.open(to)?;
    let carried = carry(&from, &Side::new(to, account), wishes, context).await;
    carried.map_err(|failure| match failure {
        Failure::Error(error) if error.kind() == ErrorKind::IsAFolder => nameless(to).into(),
        failure => failure,
    })
}

/// Copies a file to standard output.
pub(crate) async fn to_stream(
    from: &Place,
    wishes: &Wishes,
    context: &mut Context,
) -> Result<Carried> {
    if context.events {
        let remedy = "Name a file to copy it to, or leave out --events.";
        return Err(invalid("standard output takes the content, and no events", remedy).into());
    }
    let account = context.accounts.open(from)?;
    let to = Side { end: standard::output()?, place: None };
    carry(&Side::new(from, account), &to, wishes, context).await
}

/// One end of a copy, and how people are shown it.
struct Side<'a> {
    end: transfer::Place,
    /// None for a standard stream.
    place: Option<&'a Place>,
}

impl<'a> Side<'a> {
    fn new(place: &'a Place, account: Arc<dyn Connector>) -> Self {
        let end = transfer::Place::new(account, place.path().clone());
        Self { end: end.with_folder(place.is_surely_a_folder()), place: Some(place) }
    }

    fn shown(&self, path: &RemotePath) -> String {
        self.place.map_or("-".to_owned(), |place| place.with_path(path.clone()).to_string())
    }
}

async fn carry(
    from: &Side<'_>,
    to: &Side<'_>,
    wishes: &Wishes,
    context: &Context,
) -> Result<Carried> {
    let end = resolve_destination(&from.end, &to.end).await?;
    let mut options = wishes.options(&end).await?;
    wishes.check_receipts()?;
    let (shown_from, shown_to) = (from.shown(&from.end.path), to.shown(&end.path));
    if from.place.is_some() && to.place.is_some() {
        let job = wishes.job(&shown_from, &shown_to)?;
        match journal::check() {
            Ok(()) => options.checkpoint = Some(Single::checkpoint(job, &context.made)),
            Err(failure) => warn_of_no_journal(&failure, context),
        }
    }
    let mut progress = Progress::new(!context.quiet && !context.json);
    let events = context.events.then(|| Arc::new(Events::new(&*shown_from, &*shown_to)));
    let step = Step::copy(RemotePath::root(), RemotePath::root(), State::default(), Why::Asked);
    if let Some(events) = &events {
        let (job, bytes) = (None, None);
        events.job_begun(&Begin { job, verb: COPY, steps: 1, bytes, done_before: 0 });
        events.begun(&step);
        progress.tell_also(events.clone());
    }
    let copied = tokio::select! {
        copied = copy_file(&from.end, &end, &options, &progress) => copied,
        taken = context.made.hold() => Err(taken),
    };
    context.made.let_go().await;
    let receipt = match copied {
        Ok(receipt) => receipt,
        Err(error) => {
            let error = if to.place.is_some() { advised(error) } else { error };
            let error = context.made.advised(error).await;
            events.iter().for_each(|events| events.failed(&step, &error));
            return Err(Failure::copying(error));
        }
    };
    events.iter().for_each(|events| events.arrived(&step, &receipt));
    if let Some(file) = &wishes.receipts {
        let line = ReceiptLine::new(receipt.clone()).between(&*shown_from, &*shown_to);
        append_receipt(file, &line).await?;
    }
    Ok(Carried { from: shown_from, to: shown_to, receipt })
}

/// A copy needs no journal as long as nothing breaks it off.
fn warn_of_no_journal(failure: &Failure, context: &Context) {
    let why = failure.errors().first().map(Error::message).unwrap_or_default();
    let text = format!("a copy that is broken off cannot be gone on with: {why}");
    if !context.quiet {
        warning::show(&text, None, context.json);
    }
}

impl Wishes {
    /// Nothing in particular.
    pub(crate) const NONE: Self = Self {
        verify: How::WhenPossible,
        no_clobber: false,
        receipts: None,
        bwlimit: None,
        bound: CallBound::NONE,
        events: EventsWish::NONE,
    };

    /// What a job keeps of the wishes.
    pub(crate) fn spec(&self) -> String {
        let Self { verify, no_clobber, bwlimit, .. } = *self;
        // Words, numbers and truths can always be written.
        serde_json::to_string(&Spec { verify, no_clobber, bwlimit }).unwrap_or_default()
    }

    /// The wishes that a job has kept.
    pub(crate) fn from_spec(text: &str, receipts: Option<&Path>) -> serde_json::Result<Self> {
        let Spec { verify, no_clobber, bwlimit } = serde_json::from_str(text)?;
        let receipts = receipts.map(Path::to_owned);
        Ok(Self { verify, no_clobber, receipts, bwlimit, ..Self::NONE })
    }

    /// The file that receipts are appended to.
    pub(crate) fn receipts(&self) -> Option<&Path> {
        self.receipts.as_deref()
    }

    /// Looks whether receipts can be appended, before anything is carried. The file is made.
    pub(crate) fn check_receipts(&self) -> Result<()> {
        let Some(file) = &self.receipts else {
            return Ok(());
        };
        let opened = std::fs::OpenOptions::new().read(true).append(true).create(true).open(file);
        let unusable = |error| on_this_machine(format!("the file {}", file.display()), error);
        Ok(opened.map(drop).map_err(unusable)?)
    }

    /// The same for the journal: it has to be found from any folder.
    pub(crate) fn receipts_text(&self) -> Result<Option<String>> {
        let Some(file) = &self.receipts else {
            return Ok(None);
        };
        let file = std::path::absolute(file)
            .map_err(|error| on_this_machine(file.display().to_string(), error))?;
        match file.to_str() {
            Some(text) => Ok(Some(text.to_owned())),
            None => {
                Err(invalid("the file of receipts has a name that is not UTF-8", "Rename it.")
                    .into())
            }
        }
    }

    /// The job that a copy becomes when there is something to go on with.
    fn job(&self, from: &str, to: &str) -> Result<NewJob> {
        let job = NewJob::new(COPY, from, to).with_spec(self.spec());
        Ok(job.with_receipts(self.receipts_text()?))
    }

    /// How each file of a tree is copied.
    pub(crate) fn copying(&self) -> CopyFile {
        let pace = Pace::new().with_bytes_per_second(self.bwlimit);
        CopyFile::new().with_pace(pace).with_verify(match self.verify {
            How::WhenPossible => Verify::WhenPossible,
            How::Required => Verify::Required,
            How::ReadBack => Verify::ReadBack,
        })
    }

    /// Whether files that stand at the destination are left alone.
    pub(crate) fn no_clobber(&self) -> bool {
        self.no_clobber
    }

    async fn options(&self, to: &transfer::Place) -> Result<CopyFile> {
        let options = self.copying();
        Ok(options.with_on_conflict(in_the_way_or(self, to).await?))
    }
}

/// What a write there shall do about a file that stands in its way, unless that is known already.
pub(crate) async fn in_the_way_or(wishes: &Wishes, to: &transfer::Place) -> Result<OnConflict> {
    if !wishes.no_clobber {
        return Ok(OnConflict::Replace);
    }
    if to.connector.capabilities().contains(Capabilities::WRITE_IF_ABSENT) {
        return Ok(OnConflict::Fail);
    }
    if to.connector.exists(&to.path).await? {
        return Err(in_the_way(to).into());
    }
    Ok(OnConflict::Replace)
}

fn rate(text: &str) -> Result<NonZeroU64, String> {
    let bytes = quantity::bytes(text).map_err(|error| error.to_string())?;
    NonZeroU64::new(bytes).ok_or_else(|| "it must be at least 1 byte in a second".to_owned())
}

fn in_the_way(to: &transfer::Place) -> Error {
    let error = Error::new(ErrorKind::AlreadyExists, "something stands there already")
        .of(to.connector.info().scheme)
        .during(Operation::Write, &to.path);
    advised(error)
}

fn nameless(to: &Place) -> Error {
    invalid(
        format!("{to} is a folder, and what comes on standard input has no name"),
        "Add the name of the file to the target.",
    )
}

/// Says what to do in the words of this program, where nothing has been said.
fn advised(error: Error) -> Error {
    match error.kind() {
        ErrorKind::AlreadyExists if error.remedy().is_none() => {
            error.with_remedy("Choose another name, or leave out --no-clobber.")
        }
        ErrorKind::IsAFolder if error.operation() == Some(Operation::Read) => {
            error.with_remedy("Add -r for the folder with all that lies in it.")
        }
        _ => error,
    }
}
