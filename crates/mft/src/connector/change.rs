//! Deleting, and changing what is known about an entry.

use futures_util::TryStreamExt;
use wharf_connector::{
    Changes, DeleteOptions, Entry, Error, ErrorKind, Operation, RemotePath, Result,
};
use wharf_model::mft::{self, EffectivePermission, FolderInfo};

use super::Mft;
use crate::api::Update;
use crate::convert;
use crate::listing;

impl Mft {
    pub(super) async fn do_delete(&self, path: &RemotePath, options: DeleteOptions) -> Result<()> {
        self.need(options.needs(), Operation::Delete)?;
        if path.is_root() {
            return Err(Error::new(ErrorKind::Invalid, "the root cannot be deleted"));
        }
        let right = EffectivePermission::DELETE;
        let deleted = match self.resolver.find(path).await? {
            mft::Entry::File(file) => {
                self.permit(file.effective_permission, right)?;
                self.client.files().delete(&file.id).await
            }
            mft::Entry::Folder(folder) => {
                self.permit(folder.effective_permission, right)?;
                if !options.recursive {
                    self.need_empty(&folder).await?;
                }
                let deleted = self.client.folders().delete(&folder.id).await;
                self.resolver.forget(path);
                deleted
            }
            _ => return Err(Error::new(ErrorKind::Unsupported, "an entry of an unknown kind")),
        };
        match deleted {
            Ok(()) => Ok(()),
            Err(error) => self.settle_deletion(path, error).await,
        }
    }

    /// The service deletes folders with everything in them; so we look first.
    async fn need_empty(&self, folder: &FolderInfo) -> Result<()> {
        let mut entries = listing::children(&self.client, &folder.id, None, Some(1));
        match entries.try_next().await? {
            None => Ok(()),
            Some(_) => Err(Error::new(ErrorKind::NotEmpty, "the folder is not empty")),
        }
    }

    /// The repeat of a deletion whose answer was lost is refused: nothing is there any more.
    async fn settle_deletion(&self, path: &RemotePath, error: crate::Error) -> Result<()> {
        let doubtful = error.is_lost() || error.attempts() > 1;
        if doubtful
            && let Err(gone) = self.resolver.find(path).await
            && gone.kind() == ErrorKind::NotFound
        {
            return Ok(());
        }
        Err(error.into())
    }

    pub(super) async fn do_update(&self, path: &RemotePath, changes: Changes) -> Result<Entry> {
        self.need(changes.needs(), Operation::Update)?;
        let entry = self.resolver.find(path).await?;
        if changes.is_empty() {
            return Ok(convert::entry(path.clone(), entry));
        }
        let right = EffectivePermission::MODIFY;
        match entry {
            mft::Entry::File(file) => {
                self.permit(file.effective_permission, right)?;
                let update = changed(Update::of_file(&file), changes);
                let file = self.client.files().update(&file.id, &update).await?;
                Ok(convert::file(path.clone(), file))
            }
            mft::Entry::Folder(folder) => {
                self.permit(folder.effective_permission, right)?;
                let update = changed(Update::of_folder(&folder), changes);
                let folder = self.client.folders().update(&folder.id, &update).await?;
                Ok(convert::folder(path.clone(), folder))
            }
            _ => Err(Error::new(ErrorKind::Unsupported, "an entry of an unknown kind")),
        }
    }
}

fn changed(mut update: Update, changes: Changes) -> Update {
    if let Some(text) = changes.description {
        update = update.with_description(text);
    }
    if let Some(tags) = changes.tags {
        update = update.with_tags(tags);
    }
    update
}
