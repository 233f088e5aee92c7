//! A file that is complete takes its place.

use wharf_connector::{ErrorKind, Reached};
use wharf_model::mft::{FileInfo, FolderId};

use super::remove::remove_file;
use super::{find, replaced_name};
use crate::api::{Destination, Update};
use crate::client::Client;
use crate::error::{Error, Result};

/// Where a file goes, and what stands there.
pub(crate) struct Placement<'a> {
    pub(crate) folder: &'a FolderId,
    pub(crate) name: &'a str,
    /// The file to be replaced.
    pub(crate) existing: Option<&'a FileInfo>,
}

/// Why a file could not take its place.
pub(crate) struct NotPlaced {
    pub(crate) error: Error,
    /// The file that was to be replaced, if it could not be given its name back.
    pub(crate) aside: Option<FileInfo>,
    /// Whether the file has its place all the same, and only what it replaced is left.
    pub(crate) stands: bool,
}

impl NotPlaced {
    /// Everything is as it was.
    pub(super) fn unchanged(error: Error) -> Self {
        Self { error, aside: None, stands: false }
    }
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
) -> Result<FileInfo, NotPlaced> {
    let to = Destination::new(placement.folder.clone(), placement.name);
    let Some(existing) = placement.existing.filter(|existing| existing.id != file.id) else {
        return renamed(client, file, &to).await.map_err(NotPlaced::unchanged);
    };
    let home = Destination::new(placement.folder.clone(), &*existing.name);
    let aside = Destination::new(placement.folder.clone(), replaced_name());
    let stepped = renamed(client, existing, &aside).await;
    let stepped = stepped.map_err(NotPlaced::unchanged)?;
    match renamed(client, file, &to).await {
        Ok(file) => match remove_file(client, &stepped, &aside).await {
            Ok(()) => Ok(file),
            Err(error) => {
                let error = left(&error, &aside);
                Err(NotPlaced { error, aside: None, stands: true })
            }
        },
        Err(error) => match renamed(client, &stepped, &home).await {
            Ok(_) => Err(NotPlaced::unchanged(error)),
            Err(second) => {
                let (first, name) = (error.message(), &aside.name);
                let second = second.message();
                let message = format!("{first}; the old file is left as {name:?}: {second}");
                let error = error.with_message(message).with_reached(Reached::Yes);
                Err(NotPlaced { error, aside: Some(stepped), stands: false })
            }
        },
    }
}

/// The new one stands. That the old one could not be removed is no reason to take that back, and a
/// reason to say so.
pub(super) fn left(error: &Error, aside: &Destination) -> Error {
    let (name, why) = (&aside.name, error.message());
    let message = format!("the new file stands; the old one is left beside it as {name:?}: {why}");
    Error::new(error.kind(), message).with_reached(Reached::Yes)
}

/// Renames and moves one file. A change says what shall be, not what to do, so one whose outcome is
/// not known is made once more, unless a look shows that it was made.
async fn renamed(client: &Client, file: &FileInfo, to: &Destination) -> Result<FileInfo> {
    let update = Update::of_file(file).with_name(&*to.name).with_parent(to.folder.clone());
    let mut again = true;
    loop {
        let updated = client.files().update(&file.id, &update).await;
        let error = match updated.and_then(|file| changed(file, to)) {
            Ok(file) => return Ok(file),
            Err(error) if error.is_refusal() => return Err(error),
            Err(error) => error,
        };
        if let Ok(Some(there)) = find(client, to, Some(&file.id)).await
            && there.id == file.id
            && there.name == to.name
        {
            return Ok(there);
        }
        if !std::mem::take(&mut again) || error.retry_after().is_some() {
            return Err(error);
        }
    }
}

/// A success that did nothing is no success.
fn changed(file: FileInfo, to: &Destination) -> Result<FileInfo> {
    let moved = file.parent_folder_id.as_ref().is_none_or(|parent| *parent == to.folder);
    if file.name == to.name && moved {
        return Ok(file);
    }
    let message = format!("the service confirmed the change, and the file is {:?}", file.name);
    Err(Error::new(ErrorKind::Protocol, message).with_reached(Reached::Maybe))
}
