//! Copying and moving within the service.

use wharf_connector::{Entry, Error, ErrorKind, OnConflict, Reached, RemotePath, Result};

use super::FilesCom;
use crate::api::{Migration, Relocation};
use crate::convert::{is_below, is_same, wire_path};

/// Which of the two.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verb {
    Copy,
    Move,
}

/// A copy or a move to be done.
pub(super) struct Relocated<'a> {
    pub(super) filescom: &'a FilesCom,
    pub(super) verb: Verb,
    pub(super) from: &'a RemotePath,
    pub(super) to: &'a RemotePath,
    pub(super) on_conflict: OnConflict,
    pub(super) parents: bool,
}

/// What a look says about a call whose answer was lost.
enum Settled {
    Done,
    NotDone,
    Unknown,
}

impl Relocated<'_> {
    pub(super) async fn run(self) -> Result<Entry> {
        wire_path(self.from)?;
        wire_path(self.to)?;
        self.check_places()?;
        let source = self.filescom.look(self.from).await?;
        if !self.parents {
            self.filescom.need_parent(self.to).await?;
        }
        if self.on_conflict == OnConflict::Replace {
            self.check_replaceable(&source).await?;
        }
        if let Some(migration) = self.begin(&source).await? {
            self.wait(migration).await?;
        }
        self.filescom.look(self.to).await.map_err(after_work)
    }

    /// Begins the work. A call whose answer was lost is settled by looking, and repeated only where
    /// that shows that it did not arrive. None if the work turned out to be done.
    async fn begin(&self, source: &Entry) -> Result<Option<Migration>> {
        let mut lost = None;
        let mut made_parent = false;
        for _ in 0..MAX_CALLS {
            let error = match self.call().await {
                Ok(migration) => return Ok(Some(migration)),
                Err(error) => error,
            };
            if is_missing_parent(&error) && self.parents && !made_parent {
                made_parent = true;
                if let Some(parent) = self.to.parent() {
                    self.filescom.do_create_folder(&parent, Default::default()).await?;
                }
                continue;
            }
            if error.reached() == Reached::No && lost.is_none() {
                return Err(error.into());
            }
            match self.settle(source).await {
                Settled::Done => return Ok(None),
                Settled::NotDone if error.reached() != Reached::No => lost = Some(error),
                _ => return Err(uncertain(lost.unwrap_or(error)).into()),
            }
        }
        let gave_up = || crate::Error::protocol("the work could not be begun");
        Err(uncertain(lost.unwrap_or_else(gave_up)).into())
    }

    async fn call(&self) -> crate::Result<Migration> {
        let actions = self.filescom.client.actions();
        let from = self.from.relative();
        let relocation = Relocation::to(self.to.relative())
            .with_overwrite(self.on_conflict == OnConflict::Replace);
        match self.verb {
            Verb::Copy => actions.copy(from, &relocation).await,
            Verb::Move => actions.move_to(from, &relocation).await,
        }
    }

    async fn wait(&self, mut migration: Migration) -> Result<()> {
        let limit = self.filescom.client.config().migration_timeout;
        match migration.wait(limit).await {
            Err(error) if migration.status().is_failure() => {
                Err(self.explained(error).await.into())
            }
            result => Ok(result?),
        }
    }

    /// A move shows at both ends. A copy shows where nothing stood before, or where the same
    /// content stands now; one that may replace may be repeated in any case.
    async fn settle(&self, source: &Entry) -> Settled {
        let missing = |error: &Error| error.kind() == ErrorKind::NotFound;
        let same = |there: &Entry| there.kind == source.kind && there.size == source.size;
        let look = async |path: &RemotePath| self.filescom.look(path).await;
        match self.verb {
            Verb::Copy if self.on_conflict == OnConflict::Replace => Settled::NotDone,
            Verb::Copy => match look(self.to).await {
                Ok(there) if same(&there) && equal(&there, source) => Settled::Done,
                Err(error) if missing(&error) => Settled::NotDone,
                _ => Settled::Unknown,
            },
            Verb::Move => match look(self.from).await {
                Ok(_) => Settled::NotDone,
                Err(error) if missing(&error) => match look(self.to).await {
                    Ok(there) if same(&there) => Settled::Done,
                    _ => Settled::Unknown,
                },
                Err(_) => Settled::Unknown,
            },
        }
    }

    /// What the service would do here is not documented, or an error after a while: it is refused
    /// before anything is asked.
    fn check_places(&self) -> Result<()> {
        let (from, to) = (self.from, self.to);
        let invalid = |message: &'static str| {
            Err(Error::new(ErrorKind::Invalid, message).with_reached(Reached::No))
        };
        if from.is_root() {
            return invalid("the root cannot be copied or moved");
        }
        if is_same(from, to) {
            return invalid("source and destination are the same to Files.com");
        }
        if is_below(to, from) {
            return invalid("the destination lies in the source");
        }
        if is_below(from, to) {
            return invalid("the source lies in the destination");
        }
        Ok(())
    }

    /// Files replace files; the service would merge folders into folders.
    async fn check_replaceable(&self, source: &Entry) -> Result<()> {
        match self.filescom.look(self.to).await {
            Ok(there) if source.is_file() && there.is_file() => Ok(()),
            Ok(there) => {
                let message = format!("a {} stands there", there.kind);
                Err(Error::new(ErrorKind::AlreadyExists, message))
            }
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
            Err(error) => Err(error),
        }
    }

    /// A failed migration gives its reason in words alone, perhaps in another language.
    async fn explained(&self, error: crate::Error) -> crate::Error {
        if self.on_conflict == OnConflict::Fail && self.filescom.look(self.to).await.is_ok() {
            return error.with_kind(ErrorKind::AlreadyExists);
        }
        match self.filescom.look(self.from).await {
            Err(gone) if gone.kind() == ErrorKind::NotFound => error.with_kind(ErrorKind::NotFound),
            _ => error,
        }
    }
}

fn equal(a: &Entry, b: &Entry) -> bool {
    a.checksums.agree(&b.checksums) == Some(true)
}

/// The look at the result failed, and the work is done all the same.
fn after_work(error: Error) -> Error {
    error.with_reached(Reached::Yes)
}

fn uncertain(error: crate::Error) -> crate::Error {
    let message = format!("whether it was done cannot be told: {}", error.message());
    error
        .with_message(message)
        .with_reached(Reached::Maybe)
        .with_remedy("Look at both places, then decide.")
}

fn is_missing_parent(error: &crate::Error) -> bool {
    error.is_type("processing-failure/destination-parent-does-not-exist")
}

/// How often the call is sent.
const MAX_CALLS: u32 = 4;
