//! Deleting, and changing what is known about an entry.

use futures_util::TryStreamExt;
use wharf_connector::{
    Changes, DeleteOptions, Entry, ErrorKind, Operation, Reached, RemotePath, Result,
};
use wharf_model::mft::{self, EffectivePermission, FolderInfo};

use super::{Mft, refused};
use crate::api::Update;
use crate::convert;
use crate::listing;

impl Mft {
    pub(super) async fn do_delete(&self, path: &RemotePath, options: DeleteOptions) -> Result<()> {
        self.need(options.needs(), Operation::Delete)?;
        if path.is_root() {
            return Err(refused(ErrorKind::Invalid, "the root cannot be deleted"));
        }
        let entry = self.resolver.find(path).await?;
        self.permit(rights(&entry), EffectivePermission::DELETE)?;
        if let mft::Entry::Folder(folder) = &entry
            && !options.recursive
        {
            self.need_empty(folder).await?;
        }
        let mut again = true;
        loop {
            let deleted = self.send_deletion(&entry).await;
            self.resolver.forget(path);
            let error = match deleted {
                Err(error) if !error.is_lost() && error.attempts() <= 1 => return Err(error.into()),
                Err(error) => error,
                // Nothing is documented of the answer, so it is not enough.
                Ok(()) => crate::Error::protocol("the service confirmed it, and it is still there"),
            };
            match self.resolver.find(path).await {
                Err(gone) if gone.kind() == ErrorKind::NotFound => return Ok(()),
                Err(look) => {
                    let message = format!("it may be deleted; a look failed: {}", look.message());
                    return Err(look.with_message(message).with_reached(Reached::Maybe).into());
                }
                // Somebody put another there.
                Ok(there) if id(&there) != id(&entry) => return Ok(()),
                Ok(_) if std::mem::take(&mut again) && error.retry_after().is_none() => {}
                Ok(_) => return Err(error.into()),
            }
        }
    }

    async fn send_deletion(&self, entry: &mft::Entry) -> crate::Result<()> {
        match entry {
            mft::Entry::File(file) => self.client.files().delete(&file.id).await,
            mft::Entry::Folder(folder) => self.client.folders().delete(&folder.id).await,
            _ => Err(crate::Error::new(ErrorKind::Unsupported, "an entry of an unknown kind")),
        }
    }

    /// The service deletes folders with everything in them; so we look first.
    async fn need_empty(&self, folder: &FolderInfo) -> Result<()> {
        let mut entries = listing::children(&self.client, &folder.id, None, Some(1));
        match entries.try_next().await? {
            None => Ok(()),
            Some(_) => Err(refused(ErrorKind::NotEmpty, "the folder is not empty")),
        }
    }

    pub(super) async fn do_update(&self, path: &RemotePath, changes: Changes) -> Result<Entry> {
        self.need(changes.needs(), Operation::Update)?;
        let entry = self.resolver.find(path).await?;
        if changes.is_empty() {
            return Ok(convert::entry(path.clone(), entry));
        }
        self.permit(rights(&entry), EffectivePermission::MODIFY)?;
        match entry {
            mft::Entry::File(file) => {
                let update = changed(Update::of_file(&file), changes);
                let file = self.client.files().update(&file.id, &update).await?;
                Ok(convert::file(path.clone(), file))
            }
            mft::Entry::Folder(folder) => {
                let update = changed(Update::of_folder(&folder), changes);
                let folder = self.client.folders().update(&folder.id, &update).await?;
                Ok(convert::folder(path.clone(), folder))
            }
            _ => Err(refused(ErrorKind::Unsupported, "an entry of an unknown kind")),
        }
    }
}

/// What the account may do with it, as far as that is told.
pub(super) fn rights(entry: &mft::Entry) -> Option<EffectivePermission> {
    match entry {
        mft::Entry::File(file) => file.effective_permission,
        mft::Entry::Folder(folder) => folder.effective_permission,
        _ => None,
    }
}

fn id(entry: &mft::Entry) -> Option<&str> {
    match entry {
        mft::Entry::File(file) => Some(file.id.as_str()),
        mft::Entry::Folder(folder) => Some(folder.id.as_str()),
        _ => None,
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
