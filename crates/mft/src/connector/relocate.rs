//! Renaming and moving within the service.

use wharf_connector::{
    Capabilities, Entry, Error, ErrorKind, OnConflict, Operation, Reached, RemotePath,
    RenameOptions, Result,
};
use wharf_model::mft::{self, EffectivePermission, FileInfo, FolderInfo};

use super::change::rights;
use super::write::after_folders;
use super::{Mft, refused};
use crate::api::Update;
use crate::convert;
use crate::resolve::{Spot, of_long_name};
use crate::upload::{Placement, put_in_place};

impl Mft {
    pub(super) async fn do_rename(
        &self,
        from: &RemotePath,
        to: &RemotePath,
        options: RenameOptions,
    ) -> Result<Entry> {
        self.need(Capabilities::RENAME_FILE | Capabilities::RENAME_FOLDER, Operation::Rename)?;
        check_places(from, to)?;
        let source = self.resolver.find(from).await?;
        self.permit(rights(&source), EffectivePermission::MODIFY)?;
        let moves = from.parent() != to.parent();
        let parent = to.parent().unwrap_or_default();
        let made = moves && options.parents && self.resolver.ensure(&parent).await?.1;
        let moved = self.relocate(source, (from, to), moves, options).await;
        moved.map_err(|error| after_folders(made, error))
    }

    async fn relocate(
        &self,
        source: mft::Entry,
        (from, to): (&RemotePath, &RemotePath),
        moves: bool,
        options: RenameOptions,
    ) -> Result<Entry> {
        let mut spot = self.goal(from, to).await?;
        if moves {
            let parent = to.parent().unwrap_or_default();
            let right = EffectivePermission::CREATE;
            spot.folder = self.resolver.with_right(spot.folder, &parent, right).await?;
        }
        let replace = options.on_conflict == OnConflict::Replace;
        match source {
            mft::Entry::File(file) => self.rename_file(file, to, spot, replace).await,
            mft::Entry::Folder(folder) => self.rename_folder(folder, (from, to), spot).await,
            _ => Err(refused(ErrorKind::Unsupported, "an entry of an unknown kind")),
        }
    }

    /// Where it goes. Another spelling of its own name is no other entry.
    async fn goal(&self, from: &RemotePath, to: &RemotePath) -> Result<Spot> {
        if let Some(mut spot) = self.resolver.spot(to).await?
            && let Some(near) = &spot.near
            && from.parent() == to.parent()
            && from.name() == Some(&**near)
        {
            spot.near = None;
            return Ok(spot);
        }
        Ok(self.resolver.destination(to).await?)
    }

    async fn rename_file(
        &self,
        file: FileInfo,
        to: &RemotePath,
        spot: Spot,
        replace: bool,
    ) -> Result<Entry> {
        let existing = match &spot.there {
            Some(mft::Entry::File(there)) if there.id == file.id => None,
            Some(mft::Entry::File(there)) if replace => {
                self.permit(there.effective_permission, EffectivePermission::DELETE)?;
                Some(there)
            }
            Some(there) => return Err(taken(there)),
            None => None,
        };
        let placement = Placement { folder: &spot.folder.id, name: &spot.name, existing };
        let placed = put_in_place(&self.client, &file, &placement).await;
        let placed = placed.map_err(|failed| of_long_name(failed.error, &spot.name))?;
        Ok(convert::file(to.clone(), placed))
    }

    async fn rename_folder(
        &self,
        folder: FolderInfo,
        (from, to): (&RemotePath, &RemotePath),
        spot: Spot,
    ) -> Result<Entry> {
        match &spot.there {
            Some(mft::Entry::Folder(there)) if there.id == folder.id => {}
            Some(there) => return Err(taken(there)),
            None => {}
        }
        let update = Update::of_folder(&folder)
            .with_name(spot.name.clone())
            .with_parent(spot.folder.id.clone());
        let updated = self.client.folders().update(&folder.id, &update).await;
        self.resolver.forget(from);
        self.resolver.forget(to);
        let updated = updated.map_err(|error| of_long_name(error, &spot.name))?;
        let elsewhere = updated.parent_folder_id.as_ref().is_some_and(|id| *id != spot.folder.id);
        if *updated.name != *spot.name || elsewhere {
            let what = if elsewhere { "it lies in another folder" } else { "the name is another" };
            let message = format!("the service confirmed the change, and {what}");
            return Err(Error::new(ErrorKind::Protocol, message).with_reached(Reached::Maybe));
        }
        Ok(convert::folder(to.clone(), updated))
    }
}

fn taken(there: &mft::Entry) -> Error {
    let kind = if matches!(there, mft::Entry::Folder(_)) { "folder" } else { "file" };
    refused(ErrorKind::AlreadyExists, format!("a {kind} stands there"))
}

/// Refused before anything is asked: what the service would do is not documented.
fn check_places(from: &RemotePath, to: &RemotePath) -> Result<()> {
    let invalid = |message: &'static str| Err(refused(ErrorKind::Invalid, message));
    if from.is_root() || to.is_root() {
        return invalid("the root can be neither renamed nor replaced");
    }
    if from == to {
        return invalid("source and destination are the same");
    }
    if to.below(from).is_some() {
        return invalid("the destination lies in the source");
    }
    if from.below(to).is_some() {
        return invalid("the source lies in the destination");
    }
    Ok(())
}
