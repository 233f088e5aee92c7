//! Doing one step.

use wharf_connector::{
    Calls, Capabilities, Changes, ConnectorExt, CreateFolderOptions, DeleteOptions, Entry,
    EntryKind, Error, ErrorKind, OnConflict, RemotePath, RenameOptions, Result,
};

use super::{Apply, Change, Done, Outcome, WhatChanged};
use crate::{CopyFile, Place, Progress, State, Step, copy_file};

/// Does one step after the other, or several at a time.
#[derive(Clone, Copy)]
pub(crate) struct Doer<'a> {
    pub(crate) from: &'a Place,
    pub(crate) to: &'a Place,
    pub(crate) options: &'a Apply,
    pub(crate) progress: &'a dyn Progress,
    /// Whether an earlier try, of which nothing was heard, may have made what stands there.
    pub(crate) unheard: bool,
}

impl Doer<'_> {
    /// The same, when another step may begin.
    pub(crate) async fn paced(self, step: Step) -> Done {
        self.options.copy.pace.begin().await;
        self.run(step).await
    }

    pub(crate) async fn run(self, step: Step) -> Done {
        let calls = Calls::new();
        let mut outcome = match calls.count(self.outcome(&step)).await {
            Ok(outcome) => outcome,
            Err(error) if error.kind() == ErrorKind::CallLimit => Outcome::OutOfCalls(error),
            Err(error) => Outcome::Failed(error),
        };
        if let Outcome::Copied(receipt) = &mut outcome {
            receipt.api_calls = Some(calls.made());
        }
        Done { step, outcome, api_calls: calls.made() }
    }

    async fn outcome(&self, step: &Step) -> Result<Outcome> {
        match self.changed(step).await? {
            None => Box::pin(self.work(step)).await,
            Some(change) => Ok(Outcome::Changed(change)),
        }
    }

    /// What is not as planned, if that is asked.
    async fn changed(&self, step: &Step) -> Result<Option<Change>> {
        if !self.options.check {
            return Ok(None);
        }
        let found = match step {
            Step::CreateFolder { .. } => None,
            Step::Copy { from, to, source, replaces, .. } => {
                let file = Some((EntryKind::File, source));
                let at_source = self.look(self.from, from, file).await?;
                let replaced = replaces.as_ref().map(|state| (EntryKind::File, state));
                match at_source {
                    Some(what) => Some((from, true, what)),
                    None => self.look(self.to, to, replaced).await?.map(|what| (to, false, what)),
                }
            }
            Step::Touch { to, was, .. } => {
                let file = Some((EntryKind::File, was));
                self.look(self.to, to, file).await?.map(|what| (to, false, what))
            }
            Step::Delete { to, kind, was, .. } => {
                // The time of a folder changes with what is deleted in it.
                let state = match kind {
                    EntryKind::Folder => &State::default(),
                    _ => was,
                };
                self.look(self.to, to, Some((*kind, state))).await?.map(|what| (to, false, what))
            }
        };
        let Some((path, in_source, what)) = found else {
            return self.new_in_source(step).await;
        };
        if !in_source && self.may_be_ours(step, what).await? {
            return Ok(None);
        }
        Ok(Some(Change { path: path.clone(), in_source, what }))
    }

    async fn look(
        &self,
        place: &Place,
        path: &RemotePath,
        planned: Option<(EntryKind, &State)>,
    ) -> Result<Option<WhatChanged>> {
        let found = match place.connector.stat(&place.path.join_path(path)).await {
            Ok(entry) => Some(entry),
            Err(error) if error.kind() == ErrorKind::NotFound => None,
            Err(error) => return Err(error),
        };
        Ok(match (found, planned) {
            (None, None) => None,
            (None, Some(_)) => Some(WhatChanged::Gone),
            (Some(_), None) => Some(WhatChanged::Appeared),
            (Some(entry), Some((kind, _))) if entry.kind != kind => Some(WhatChanged::Kind),
            (Some(entry), Some((_, state))) => state.still(&entry).err().map(WhatChanged::Trace),
        })
    }

    async fn work(&self, step: &Step) -> Result<Outcome> {
        match step {
            Step::CreateFolder { to } => {
                let options = CreateFolderOptions::new();
                self.to.connector.create_folder(&self.there(to), options).await?;
                Ok(Outcome::Done)
            }
            Step::Copy { from, to, replaces, backup, .. } => {
                if let Some((was, backup)) = replaces.as_ref().zip(backup.as_ref())
                    && let Some(change) = self.back_up(to, was, backup).await?
                {
                    return Ok(Outcome::Changed(change));
                }
                let source =
                    Place::new(self.from.connector.clone(), self.from.path.join_path(from));
                let target = Place::new(self.to.connector.clone(), self.there(to));
                let copied = copy_file(&source, &target, &self.options.copy, self.progress).await?;
                Ok(Outcome::Copied(Box::new(copied)))
            }
            Step::Touch { to, modified, .. } => {
                let changes = Changes::new().with_modified(*modified);
                self.to.connector.update(&self.there(to), changes).await?;
                Ok(Outcome::Done)
            }
            Step::Delete { to, kind: EntryKind::Folder, .. } => self.delete_folder(to).await,
            Step::Delete { to, was, backup: Some(backup), .. } => {
                let change = self.back_up(to, was, backup).await?;
                Ok(change.map_or(Outcome::Done, Outcome::Changed))
            }
            Step::Delete { to, .. } => {
                let options = DeleteOptions::new();
                self.to.connector.delete_if_exists(&self.there(to), options).await?;
                Ok(Outcome::Done)
            }
        }
    }

    async fn delete_folder(&self, folder: &RemotePath) -> Result<Outcome> {
        let options = DeleteOptions::new();
        match self.to.connector.delete_if_exists(&self.there(folder), options).await {
            Err(error) if error.kind() == ErrorKind::NotEmpty => {
                let (path, what) = (folder.clone(), WhatChanged::NotEmpty);
                Ok(Outcome::Changed(Change { path, in_source: false, what }))
            }
            deleted => deleted.map(|_| Outcome::Done),
        }
    }

    /// Moves what was planned to go to the backup folder, unless a try that was broken off has
    /// done so: then nothing else may take the place of what is kept.
    async fn back_up(
        &self,
        to: &RemotePath,
        was: &State,
        backup: &RemotePath,
    ) -> Result<Option<Change>> {
        let file = self.there(to);
        let there = match self.to.connector.stat(&file).await {
            Ok(there) => there,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error),
        };
        if let Err(trace) = was.still(&there)
            && self.to.connector.exists(backup).await?
        {
            let (path, what) = (to.clone(), WhatChanged::Trace(trace));
            return Ok(Some(Change { path, in_source: false, what }));
        }
        self.move_away(&file, backup).await?;
        Ok(None)
    }

    /// Moves a file to the backup folder, in place of what stands there.
    async fn move_away(&self, file: &RemotePath, backup: &RemotePath) -> Result<()> {
        let connector = &self.to.connector;
        if !connector.capabilities().contains(Capabilities::RENAME_FILE) {
            let place = |path: &RemotePath| Place::new(connector.clone(), path.clone());
            let copy = CopyFile::new().with_verify(self.options.copy.verify);
            copy_file(&place(file), &place(backup), &copy, &()).await?;
            return connector.delete(file, DeleteOptions::new()).await;
        }
        match self.rename(file, backup).await {
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {
                connector.delete(backup, DeleteOptions::new()).await?;
                self.rename(file, backup).await.map(drop)
            }
            renamed => renamed.map(drop),
        }
    }

    async fn rename(&self, file: &RemotePath, backup: &RemotePath) -> Result<Entry, Error> {
        let options = RenameOptions::new().with_on_conflict(OnConflict::Fail);
        self.to.connector.rename(file, backup, options).await
    }

    fn there(&self, path: &RemotePath) -> RemotePath {
        self.to.path.join_path(path)
    }
}
