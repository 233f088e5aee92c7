//! Copying and moving within the service.

use wharf_connector::{Entry, Error, ErrorKind, OnConflict, Reached, RemotePath, Result};

use super::FilesCom;
use crate::api::Relocation;
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

impl Relocated<'_> {
    pub(super) async fn run(self) -> Result<Entry> {
        let (from, to) = (wire_path(self.from)?, wire_path(self.to)?);
        self.check_places()?;
        let source = self.filescom.look(self.from).await?;
        if !self.parents {
            self.filescom.need_parent(self.to).await?;
        }
        let replace = self.on_conflict == OnConflict::Replace;
        if replace {
            self.check_replaceable(&source).await?;
        }
        let relocation = Relocation::to(to).with_overwrite(replace);
        let relocated = match self.relocate(from, &relocation).await {
            Err(error) if self.parents && is_missing_parent(&error) => {
                if let Some(parent) = self.to.parent() {
                    self.filescom.do_create_folder(&parent, Default::default()).await?;
                }
                self.relocate(from, &relocation).await
            }
            Err(error) if error.reached() == Reached::Maybe => self.settle(&source, error).await,
            result => result,
        };
        relocated?;
        self.filescom.look(self.to).await
    }

    /// What the service would do here is not documented, or an error after a while: it is refused
    /// before anything is asked.
    fn check_places(&self) -> Result<()> {
        let (from, to) = (self.from, self.to);
        let invalid = |message: &'static str| Err(Error::new(ErrorKind::Invalid, message));
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

    async fn relocate(&self, from: &str, relocation: &Relocation) -> crate::Result<()> {
        let actions = self.filescom.client.actions();
        let mut migration = match self.verb {
            Verb::Copy => actions.copy(from, relocation).await?,
            Verb::Move => actions.move_to(from, relocation).await?,
        };
        let limit = self.filescom.client.config().migration_timeout;
        match migration.wait(limit).await {
            Err(error) if migration.status().is_failure() => Err(self.explained(error).await),
            result => result,
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

    /// The answer was lost. A move shows in both places; a copy only where nothing stood before,
    /// and that the copy would have been refused otherwise is known only of `Fail`.
    async fn settle(&self, source: &Entry, error: crate::Error) -> crate::Result<()> {
        let there = self.filescom.look(self.to).await.ok();
        let arrived = there.is_some_and(|there| {
            there.kind == source.kind
                && there.size == source.size
                && there.checksums.agree(&source.checksums) != Some(false)
        });
        let moved = match self.verb {
            Verb::Copy => false,
            Verb::Move => {
                let gone = self.filescom.look(self.from).await;
                gone.is_err_and(|error| error.kind() == ErrorKind::NotFound)
            }
        };
        if arrived && moved {
            return Ok(());
        }
        let message = format!("whether it was done cannot be told: {}", error.message());
        Err(error.with_message(message).with_remedy("Look at both places, then decide."))
    }
}

fn is_missing_parent(error: &crate::Error) -> bool {
    error.is_type("processing-failure/destination-parent-does-not-exist")
}
