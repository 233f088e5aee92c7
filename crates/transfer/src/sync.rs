//! Planning: from what differs between two trees to what is to be done.

use std::fs::File;

use futures_util::StreamExt;
use wharf_connector::{Error, ErrorKind, Operation, RemotePath, Result};

use crate::{
    Difference, Pair, Place, PlanHead, State, Step, Totals, Trouble, TroubleKind, Why, compare,
};

mod options;

mod guard;

mod draft;

mod cost;

mod tally;

pub use cost::Cost;
pub use guard::MaxDelete;
pub use options::SyncPlan;
pub use tally::Tally;

use draft::Draft;

/// A plan that makes one tree like another: compared to its end, and nothing done yet.
///
/// ```
/// use std::sync::Arc;
/// use wharf_connector::{ConnectorExt, Memory, RemotePath, Result};
/// use wharf_transfer::{Place, Plan, Step, SyncPlan};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<()> {
/// let (there, here) = (Arc::new(Memory::new()), Arc::new(Memory::new()));
/// there.write_bytes(&RemotePath::new("/out/a.csv")?, "a;b\n").await?;
/// let from = Place::new(there, RemotePath::new("/out")?);
/// let to = Place::new(here, RemotePath::new("/in")?);
///
/// let drafts = (tempfile::tempfile().unwrap(), tempfile::tempfile().unwrap());
/// let plan = Plan::make(&from, &to, &SyncPlan::new(), drafts).await?;
/// assert_eq!((plan.totals().copies, plan.totals().bytes), (1, 4));
/// for step in plan.into_steps()? {
///     println!("{} is to be done", step?.to());
/// }
/// # Ok(()) }
/// ```
#[derive(Debug)]
pub struct Plan {
    draft: Draft,
    totals: Totals,
    tally: Tally,
    cost: Cost,
    troubles: Vec<Trouble>,
    not_deleted: u64,
    max_delete: MaxDelete,
}

impl Plan {
    /// Compares the two trees, and writes down what is to be done into the two files, which
    /// are empty: so that a plan of millions of steps needs no memory for them.
    ///
    /// Nothing is refused here for what was found: [`check`](Self::check) does that.
    ///
    /// # Errors
    ///
    /// `NotFound` or `NotAFolder` for a source that is no folder; `Invalid` for trees that lie
    /// in each other, and for a backup folder in the destination that the filter does not
    /// leave out; `Other` when a draft cannot be written; `CallLimit` when no more
    /// [calls](wharf_connector::Calls) are allowed before all is compared.
    pub async fn make(
        from: &Place,
        to: &Place,
        options: &SyncPlan,
        drafts: (File, File),
    ) -> Result<Self> {
        check_ends(from, to, options).await?;
        let mut planner = Planner::new(options, drafts);
        let mut differences = compare(from, to, &options.comparison());
        while let Some(difference) = differences.next().await {
            planner.take(difference)?;
        }
        planner.finish(from, to)
    }

    /// How much there is to do.
    pub fn totals(&self) -> &Totals {
        &self.totals
    }

    /// What was compared.
    pub fn tally(&self) -> &Tally {
        &self.tally
    }

    /// How many calls it is about to cost.
    pub fn cost(&self) -> Cost {
        self.cost
    }

    /// What can neither be compared nor carried, and is in no step.
    pub fn troubles(&self) -> &[Trouble] {
        &self.troubles
    }

    /// How many deletions are in no step, for it is not sure what the source has: a folder could
    /// not be listed to its end, or names collide. Then nothing at all is deleted.
    pub fn not_deleted(&self) -> u64 {
        self.not_deleted
    }

    /// Whether the plan may be done as it is.
    ///
    /// # Errors
    ///
    /// `Conflict` when names of the source have no place at the destination, unless `skip` allows
    /// to leave them out; `Conflict` when more is to be deleted than [`MaxDelete`] allows.
    pub fn check(&self, skip: bool) -> Result<()> {
        let names = self.troubles.iter().filter(|trouble| trouble.kind.is_of_names()).count();
        if names > 0 && !skip {
            let message = format!(
                "{names} {} no place at the destination",
                if names == 1 { "entry of the source has" } else { "entries of the source have" }
            );
            return Err(Error::new(ErrorKind::Conflict, message));
        }
        self.max_delete.check(&self.totals, &self.tally)
    }

    /// Writes the plan as lines: the head, the steps, and the totals.
    ///
    /// # Errors
    ///
    /// `Other` when the draft cannot be read, or the file not be written.
    pub fn write(self, head: &PlanHead, out: &mut dyn std::io::Write) -> Result<()> {
        crate::plan::write(head, self.into_steps()?, out)
    }

    /// The steps, in the order in which they are to be done.
    ///
    /// # Errors
    ///
    /// `Other` when the draft cannot be read.
    pub fn into_steps(self) -> Result<impl Iterator<Item = Result<Step>> + Send + use<>> {
        self.draft.into_steps()
    }
}

/// Takes differences and writes steps.
struct Planner<'a> {
    options: &'a SyncPlan,
    draft: Draft,
    tally: Tally,
    troubles: Vec<Trouble>,
    /// The source could not be listed whole: what seems to be gone may be there.
    unsure: bool,
}

impl<'a> Planner<'a> {
    fn new(options: &'a SyncPlan, drafts: (File, File)) -> Self {
        Self {
            options,
            draft: Draft::new(drafts),
            tally: Tally::default(),
            troubles: Vec::new(),
            unsure: false,
        }
    }

    fn take(&mut self, difference: Difference) -> Result<()> {
        self.tally.add(&difference);
        let step = match difference {
            Difference::Same(_) => return Ok(()),
            Difference::Time(_) | Difference::Differs(..) if self.options.keep_existing => {
                self.tally.kept += 1;
                return Ok(());
            }
            Difference::Time(Pair { from, to }) => {
                let Some(modified) = from.modified else {
                    return Ok(());
                };
                Step::touch(to.path.clone(), modified, State::of(&to))
            }
            Difference::Differs(Pair { from, to }, why) => {
                let step = Step::copy(from.path.clone(), to.path.clone(), State::of(&from), why);
                self.kept(step.replacing(State::of(&to)), &to.path)
            }
            Difference::Missing(entry, to) if entry.is_folder() => Step::create_folder(to),
            Difference::Missing(entry, to) => {
                Step::copy(entry.path.clone(), to, State::of(&entry), Why::Missing)
            }
            Difference::Extra(entry) if self.options.delete => {
                let step = Step::delete(entry.path.clone(), entry.kind, State::of(&entry));
                if entry.is_file() { self.kept(step, &entry.path) } else { step }
            }
            Difference::Extra(_) => return Ok(()),
            Difference::Spared(path) => {
                self.draft.spare(&path);
                return Ok(());
            }
            Difference::Trouble(Trouble { error: Some(error), .. })
                if error.kind() == ErrorKind::CallLimit =>
            {
                return Err(error);
            }
            Difference::Trouble(trouble) => {
                self.trouble(trouble);
                return Ok(());
            }
        };
        self.draft.write(&step)
    }

    /// Where what is replaced or deleted goes instead.
    fn kept(&self, step: Step, path: &RemotePath) -> Step {
        match &self.options.backup {
            Some(folder) => step.with_backup(folder.join_path(path)),
            None => step,
        }
    }

    fn trouble(&mut self, trouble: Trouble) {
        match trouble.kind {
            // None of the names is carried: which of them would be the right one?
            TroubleKind::Collision => {
                trouble.paths.iter().for_each(|path| self.draft.skip(path));
                // Nor is known to which of them belongs what stands there.
                self.unsure = true;
            }
            TroubleKind::Unreadable => self.unsure = true,
            _ => {}
        }
        self.troubles.push(trouble);
    }

    fn finish(mut self, from: &Place, to: &Place) -> Result<Plan> {
        let not_deleted = if self.unsure { self.draft.drop_deletes() } else { 0 };
        let (totals, cost) = self.draft.close(from, to)?;
        Ok(Plan {
            draft: self.draft,
            totals,
            tally: self.tally,
            cost,
            troubles: self.troubles,
            not_deleted,
            max_delete: self.options.max_delete,
        })
    }
}

async fn check_ends(from: &Place, to: &Place, options: &SyncPlan) -> Result<()> {
    let connector = &from.connector;
    let entry = connector.stat(&from.path).await?;
    if !entry.is_folder() {
        let error = Error::new(ErrorKind::NotAFolder, "the source is a file, not a tree");
        return Err(error.of(connector.info().scheme).during(Operation::List, &from.path));
    }
    if from.same_account(to) {
        check_apart(from, to, options)?;
    }
    let Some(backup) = &options.backup else {
        return Ok(());
    };
    let inside = backup.below(&to.path);
    let left_out =
        |below: &RemotePath| !below.is_root() && options.compare.filter.leaves_out(below);
    if inside.as_ref().is_some_and(|below| !left_out(below)) || to.path.below(backup).is_some() {
        let message = "the backup folder lies in the destination, or the destination in it";
        return Err(Error::new(ErrorKind::Invalid, message)
            .with_remedy("Choose a folder beside it, or leave it out by --exclude."));
    }
    Ok(())
}

fn check_apart(from: &Place, to: &Place, options: &SyncPlan) -> Result<()> {
    let (source, destination) = (from.in_account(), to.in_account());
    let overlap = match (destination.below(&source), source.below(&destination)) {
        (Some(below), _) | (_, Some(below)) => below,
        (None, None) => return Ok(()),
    };
    if !overlap.is_root() && options.compare.filter.leaves_out(&overlap) {
        return Ok(());
    }
    let message = if overlap.is_root() {
        "source and destination are the same folder"
    } else {
        "source and destination lie in each other"
    };
    Err(Error::new(ErrorKind::Invalid, message))
}
