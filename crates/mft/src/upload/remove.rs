//! Removing what is ours, by whatever way works.

use wharf_model::mft::FileInfo;

use super::{look, receipt};
use crate::api::transfers::{self, Destination, Unfinished};
use crate::client::Client;
use crate::endpoints::Place;
use crate::error::{Error, Result};

/// Removes a file of ours that stands at `at`. What the service confirms is believed only when the
/// file is gone: nothing is documented of the answer.
pub(super) async fn remove(client: &Client, at: &Destination, upload: &Unfinished) -> Result<()> {
    let deleted = client.files().delete(&upload.file).await;
    let failed = match (deleted, is_gone(client, at, upload).await) {
        (_, Some(true)) | (Ok(()), None) => return Ok(()),
        (Ok(()), Some(false)) => Error::protocol("it was confirmed, and the file is still there"),
        (Err(error), _) => error,
    };
    let request = transfers::discard(client.endpoints(), at, upload);
    let discarded = receipt(client, Place::extended_upload_page, request).await;
    match (discarded, is_gone(client, at, upload).await) {
        (_, Some(true)) | (Ok(_), None) => Ok(()),
        _ => Err(failed),
    }
}

/// As [`remove`], for a file that is there as a whole.
pub(super) async fn remove_file(client: &Client, file: &FileInfo, at: &Destination) -> Result<()> {
    remove(client, at, &Unfinished::new(file.id.clone())).await
}

/// Whether it is gone; none if that cannot be told.
async fn is_gone(client: &Client, at: &Destination, upload: &Unfinished) -> Option<bool> {
    let there = look(client, at).await.ok()?;
    Some(there.is_none_or(|there| there.id != upload.file))
}
