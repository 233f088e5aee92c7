//! Favourites of the account (Boomi: File Sharing API reference 1.16, Favorites).

use wharf_model::mft::{FileId, FolderId, Listing};
use wharf_transport::{Method, Request};

use crate::client::Client;
use crate::endpoints::{Endpoints, Place};
use crate::error::Result;
use crate::listing;

/// `GET /FileSystem/Favorites`: files and folders.
pub fn content(endpoints: &Endpoints) -> Request {
    endpoints.rest(Method::GET, Place::favorites, &[])
}

/// `GET /FileSystem/Favorites/Files`: files.
pub fn files(endpoints: &Endpoints) -> Request {
    endpoints.rest(Method::GET, Place::favorites_files, &[])
}

/// `GET /FileSystem/Favorites/Folders`: folders.
pub fn folders(endpoints: &Endpoints) -> Request {
    endpoints.rest(Method::GET, Place::favorites_folders, &[])
}

/// `PUT /FileSystem/Favorites/File/{id}`: makes a file a favourite; `DELETE` takes it off.
pub fn mark_file(endpoints: &Endpoints, id: &FileId, favorite: bool) -> Request {
    endpoints.rest(method(favorite), Place::favorite_file, &[("id", id.as_str())])
}

/// `PUT /FileSystem/Favorites/Folder/{id}`: makes a folder a favourite; `DELETE` takes it off.
pub fn mark_folder(endpoints: &Endpoints, id: &FolderId, favorite: bool) -> Request {
    endpoints.rest(method(favorite), Place::favorite_folder, &[("id", id.as_str())])
}

/// The calls of this module, sent.
#[derive(Debug, Clone)]
pub struct Favorites {
    client: Client,
}

impl Favorites {
    pub(crate) fn new(client: Client) -> Self {
        Self { client }
    }

    /// Files and folders.
    ///
    /// # Errors
    ///
    /// `Protocol` where the server has another path for this: none is printed anywhere.
    pub async fn content(&self) -> Result<Listing> {
        let request = content(self.client.endpoints());
        listing::whole(&self.client, Place::favorites, request).await
    }

    /// Files.
    ///
    /// # Errors
    ///
    /// As [`content`](Self::content).
    pub async fn files(&self) -> Result<Listing> {
        let request = files(self.client.endpoints());
        listing::whole(&self.client, Place::favorites_files, request).await
    }

    /// Folders.
    ///
    /// # Errors
    ///
    /// As [`content`](Self::content).
    pub async fn folders(&self) -> Result<Listing> {
        let request = folders(self.client.endpoints());
        listing::whole(&self.client, Place::favorites_folders, request).await
    }

    /// Makes a file a favourite, or no longer.
    ///
    /// # Errors
    ///
    /// What the service refuses, such as an id that it does not know.
    pub async fn mark_file(&self, id: &FileId, favorite: bool) -> Result<()> {
        let request = mark_file(self.client.endpoints(), id, favorite);
        self.client.done(Place::favorite_file, request).await
    }

    /// Makes a folder a favourite, or no longer.
    ///
    /// # Errors
    ///
    /// As [`mark_file`](Self::mark_file).
    pub async fn mark_folder(&self, id: &FolderId, favorite: bool) -> Result<()> {
        let request = mark_folder(self.client.endpoints(), id, favorite);
        self.client.done(Place::favorite_folder, request).await
    }
}

fn method(favorite: bool) -> Method {
    if favorite { Method::PUT } else { Method::DELETE }
}
