//! Storing a file at a path.

use wharf_connector::{
    Checkpoint, Content, DeleteOptions, Entry, Error, ErrorKind, Operation, Reached, RemotePath,
    Result, WriteOptions,
};
use wharf_model::mft::{self, EffectivePermission, FileInfo};

use super::{Mft, refused};
use crate::api::{Destination, Update};
use crate::convert;
use crate::resolve::{of_long_name, permitted};
use crate::upload;

impl Mft {
    pub(super) async fn do_write(
        &self,
        path: &RemotePath,
        content: Content,
        options: WriteOptions,
    ) -> Result<Entry> {
        self.need(options.needs(&content), Operation::Write)?;
        let Some(parent) = path.parent() else {
            return Err(refused(ErrorKind::IsAFolder, "the root is a folder"));
        };
        let made = match options.parents {
            true => self.resolver.ensure(&parent).await?.1,
            false => false,
        };
        let written = self.store(path, &parent, content, options).await;
        written.map_err(|error| after_folders(made, error))
    }

    async fn store(
        &self,
        path: &RemotePath,
        parent: &RemotePath,
        content: Content,
        options: WriteOptions,
    ) -> Result<Entry> {
        let spot = self.resolver.destination(path).await?;
        let before = match spot.there {
            None => None,
            Some(mft::Entry::File(file)) => Some(file),
            Some(_) => return Err(refused(ErrorKind::IsAFolder, "a folder stands there")),
        };
        let folder = match &before {
            Some(file) => {
                self.permit(file.effective_permission, EffectivePermission::MODIFY)?;
                spot.folder
            }
            None => {
                let right = EffectivePermission::CREATE;
                self.resolver.with_right(spot.folder, parent, right).await?
            }
        };
        let to = Destination::new(folder.id.clone(), spot.name).with_overwrite(true);
        let checkpoint = options.checkpoint.clone();
        if let Some(checkpoint) = &checkpoint {
            self.remove_outdated(checkpoint).await?;
        }
        let keeping = checkpoint
            .as_ref()
            .map(|checkpoint| upload::Keeping { checkpoint, folder: parent.clone() });
        let stored = upload::store(&self.client, &to, before.as_ref(), content, keeping).await;
        let stored = stored.map_err(|error| of_long_name(error, &to.name))?;
        if !folder.holds(&mft::Entry::File(stored.file.clone())) {
            return Err(self.misplaced(path, stored.file).await);
        }
        let file = self.describe(stored.file, options).await?;
        Ok(convert::file(path.clone(), file))
    }

    /// What an upload of another content has left, if it is ours.
    async fn remove_outdated(&self, checkpoint: &Checkpoint) -> Result<()> {
        let Some(partial) = checkpoint.outdated().await? else {
            return Ok(());
        };
        if partial.name().is_some_and(upload::is_temporary) {
            let deleted = self.do_delete(&partial, DeleteOptions::new()).await;
            if let Err(error) = deleted
                && error.kind() != ErrorKind::NotFound
            {
                return Err(error);
            }
        }
        checkpoint.forget().await
    }

    /// What a file can be told beside its content. It is stored by then, whatever comes of this.
    async fn describe(&self, file: FileInfo, options: WriteOptions) -> Result<FileInfo> {
        if options.description.is_none() && options.tags.is_empty() {
            return Ok(file);
        }
        let mut update = Update::of_file(&file);
        if let Some(text) = options.description {
            update = update.with_description(text);
        }
        if !options.tags.is_empty() {
            update = update.with_tags(options.tags);
        }
        let updated = self.client.files().update(&file.id, &update).await;
        Ok(updated.map_err(|error| {
            let message =
                format!("the file is stored, its description is not: {}", error.message());
            error.with_message(message).with_reached(Reached::Yes)
        })?)
    }

    /// The folder was moved by somebody else while we remembered its id.
    async fn misplaced(&self, path: &RemotePath, file: FileInfo) -> Error {
        if let Some(parent) = path.parent() {
            self.resolver.forget(&parent);
        }
        let place = file.path.clone().unwrap_or_default();
        let rights = file.effective_permission;
        let removed = match permitted(true, rights, EffectivePermission::DELETE) {
            Ok(()) => self.client.files().delete(&file.id).await,
            Err(error) => Err(error),
        };
        let left = if removed.is_ok() { "" } else { ", where the file is left" };
        let message = format!("the folder was moved meanwhile: it is at {place:?} now{left}");
        Error::new(ErrorKind::Conflict, message)
            .with_reached(if removed.is_ok() { Reached::No } else { Reached::Yes })
            .with_transient(removed.is_ok())
    }
}

/// Folders that were made on the way stay, whatever comes of the rest.
pub(super) fn after_folders(made: bool, error: Error) -> Error {
    match error.reached() {
        Reached::No if made => error.with_reached(Reached::Yes),
        _ => error,
    }
}
