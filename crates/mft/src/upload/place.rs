//! A file that is complete takes its place.

use wharf_connector::{ErrorKind, Reached};
use wharf_model::mft::{FileInfo, FolderId};

use super::temporary_name;
use crate::api::Update;
use crate::client::Client;
use crate::error::{Error, Result};

/// Where a file goes, and what stands there.
pub(crate) struct Placement<'a> {
    pub(crate) folder: &'a FolderId,
    pub(crate) name: &'a str,
    /// The file to be replaced.
    pub(crate) existing: Option<&'a FileInfo>,
}

/// Renames and moves a file to its place.
///
/// No call replaces one file by another. So the one that stands there steps aside first, comes
/// back if the new one is refused, and is deleted when the new one stands. In between, for the
/// length of one request, nothing stands under the name; at no time is either content lost.
pub(crate) async fn put_in_place(
    client: &Client,
    file: &FileInfo,
    placement: &Placement<'_>,
) -> Result<FileInfo> {
    let files = client.files();
    let to = Update::of_file(file).with_name(placement.name).with_parent(placement.folder.clone());
    let Some(existing) = placement.existing.filter(|existing| existing.id != file.id) else {
        return relocated(files.update(&file.id, &to).await?, placement);
    };
    let aside = Update::of_file(existing).with_name(temporary_name());
    files.update(&existing.id, &aside).await?;
    let placed = files.update(&file.id, &to).await;
    match placed.and_then(|file| relocated(file, placement)) {
        Ok(file) => {
            // The new one stands. That the old one could not be deleted is no reason to fail, but
            // a reason to say so.
            files.delete(&existing.id).await.map_err(|error| {
                let message = format!(
                    "the new file is in its place; the old one is left beside it as {:?}: {}",
                    aside.name,
                    error.message()
                );
                error.with_message(message).with_reached(Reached::Yes)
            })?;
            Ok(file)
        }
        Err(error) => match files.update(&existing.id, &Update::of_file(existing)).await {
            Ok(_) => Err(error),
            Err(second) => {
                let message = format!(
                    "{}; the old file is left as {:?}: {}",
                    error.message(),
                    aside.name,
                    second.message()
                );
                Err(error.with_message(message).with_reached(Reached::Yes))
            }
        },
    }
}

/// A success that did nothing is no success.
fn relocated(file: FileInfo, placement: &Placement<'_>) -> Result<FileInfo> {
    let moved = file.parent_folder_id.as_ref().is_none_or(|parent| parent == placement.folder);
    if *file.name == *placement.name && moved {
        return Ok(file);
    }
    let message = format!("the service confirmed the change, and the file is {:?}", file.name);
    Err(Error::new(ErrorKind::Protocol, message).with_reached(Reached::Yes))
}
