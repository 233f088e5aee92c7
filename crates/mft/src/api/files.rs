//! Files: look at, read, store, update, delete (Boomi: File Sharing API reference 1.16, File).

use std::future;
use std::ops::Range;

use futures_util::TryStreamExt;
use wharf_connector::Content;
use wharf_model::mft::{Entry, FileId, FileInfo, FolderId};
use wharf_transport::{Method, Request};

use super::transfers::{Destination, Unfinished};
use super::update::Update;
use crate::client::Client;
use crate::config::UpdateBody;
use crate::download::{self, ByteStream};
use crate::endpoints::{Endpoints, Place};
use crate::error::Result;
use crate::upload::{self, Stored};

/// `GET /FileSystem/File/{id}`: what a file is.
pub fn info(endpoints: &Endpoints, id: &FileId) -> Request {
    endpoints.rest(Method::GET, Place::file, &[("id", id.as_str())])
}

/// `PUT /FileSystem/File/{id}`: renames, moves, describes, tags.
pub fn update(endpoints: &Endpoints, id: &FileId, to: &Update, body: UpdateBody) -> Request {
    let request = endpoints.rest(Method::PUT, Place::file, &[("id", id.as_str())]);
    to.write(request, body)
}

/// `DELETE /FileSystem/File/{id}`: deletes a file.
pub fn delete(endpoints: &Endpoints, id: &FileId) -> Request {
    endpoints.rest(Method::DELETE, Place::file, &[("id", id.as_str())])
}

/// The calls of this module, sent.
#[derive(Debug, Clone)]
pub struct Files {
    client: Client,
}

impl Files {
    pub(crate) fn new(client: Client) -> Self {
        Self { client }
    }

    /// What a file is.
    ///
    /// # Errors
    ///
    /// `NotFound` for an id that the service does not know.
    pub async fn info(&self, id: &FileId) -> Result<FileInfo> {
        self.client.json(Place::file, info(self.client.endpoints(), id)).await
    }

    /// The bytes of a range of a file, `0..size` for the whole of it.
    ///
    /// The stream gives exactly these bytes or ends in an error. It goes on by itself after a
    /// break, from the last byte it had. By the basic page only a range that begins at 0 comes
    /// without reading what is before it.
    ///
    /// # Errors
    ///
    /// `Conflict` when the file has another size than `file` says; `Protocol` when it says none.
    pub async fn read(&self, file: &FileInfo, range: Range<u64>) -> Result<ByteStream> {
        download::file(&self.client, file, range).await
    }

    /// Stores a content as a file.
    ///
    /// Up to the chunk size of the configuration it goes in one request, beyond it in chunks under
    /// a name of its own, which is changed to the true one when everything is there. See
    /// [`Mft`](crate::Mft) for what that means.
    ///
    /// # Errors
    ///
    /// `Invalid` for a content that cannot be read or has another size than it declared;
    /// `Corrupted` when the service has stored another number of bytes than were sent;
    /// `AlreadyExists` when a file stands there that is not to be replaced, before anything is
    /// sent; what the service refuses.
    pub async fn upload(&self, to: &Destination, content: Content) -> Result<Stored> {
        let before = upload::replaceable(&self.client, to).await?;
        upload::store(&self.client, to, before.as_ref(), content, None).await
    }

    /// Goes on with an upload of which `stored` bytes are there, as the size of the unfinished
    /// file says, and gives the file its true name; `content` must be the whole content, and one
    /// that can be read again. It may have been begun by another process: a lookup by
    /// [`unfinished`](Self::unfinished) tells what is there.
    ///
    /// # Errors
    ///
    /// `Conflict` when another number of bytes is there by now, or the file is no unfinished one;
    /// `Unsupported` for a content that can be read once only; else as [`upload`](Self::upload).
    pub async fn resume_upload(
        &self,
        to: &Destination,
        unfinished: Unfinished,
        stored: u64,
        content: Content,
    ) -> Result<Stored> {
        upload::resume(&self.client, to, unfinished, stored, content).await
    }

    /// The files of a folder whose upload is not finished, with the bytes that are there as their
    /// size: what [`resume_upload`](Self::resume_upload) can go on with. Those that lack nothing
    /// but their true name are among them.
    ///
    /// # Errors
    ///
    /// What the service refuses, such as an id that it does not know.
    pub async fn unfinished(&self, folder: &FolderId) -> Result<Vec<FileInfo>> {
        let entries = self.client.folders().entries(folder);
        let partial = entries.try_filter_map(|entry| {
            future::ready(Ok(match entry {
                Entry::File(file)
                    if file.is_partially_uploaded == Some(true)
                        || upload::is_temporary(&file.name) =>
                {
                    Some(file)
                }
                _ => None,
            }))
        });
        partial.try_collect().await
    }

    /// Removes an upload that was begun and is not to be gone on with.
    ///
    /// # Errors
    ///
    /// `Conflict` when the file is whole and has its true name: then it is left alone. What the service refuses.
    pub async fn discard_upload(&self, unfinished: &FileInfo) -> Result<()> {
        upload::discard(&self.client, unfinished).await
    }

    /// Renames, moves, describes, tags. That this is so is concluded from folders.
    ///
    /// # Errors
    ///
    /// What the service refuses: a missing right, a name that is taken.
    pub async fn update(&self, id: &FileId, to: &Update) -> Result<FileInfo> {
        let endpoints = self.client.endpoints();
        self.client.update(Place::file, |body| update(endpoints, id, to, body)).await
    }

    /// Deletes a file.
    ///
    /// # Errors
    ///
    /// `NotFound` for an id that the service does not know.
    pub async fn delete(&self, id: &FileId) -> Result<()> {
        self.client.done(Place::file, delete(self.client.endpoints(), id)).await
    }
}
