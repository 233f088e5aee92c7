//! Folders: create, look at, list, update, delete (Boomi: File Sharing API reference 1.16, Folder).

use wharf_model::mft::{FolderId, FolderInfo, Listing};
use wharf_transport::{Method, Request};

use super::update::{Update, tags};
use crate::client::Client;
use crate::config::UpdateBody;
use crate::download::{self, ByteStream};
use crate::endpoints::{Endpoints, Place};
use crate::error::Result;
use crate::listing::{self, EntryStream};

/// `POST /FileSystem/Folder`: creates a folder.
pub fn create(endpoints: &Endpoints, folder: &NewFolder) -> Request {
    let mut form = vec![("Name", &*folder.name), ("ParentFolderID", folder.parent.as_str())];
    form.extend(folder.description.as_deref().map(|text| ("Description", text)));
    if !folder.tags.is_empty() {
        form.extend(tags(&folder.tags));
    }
    endpoints.rest(Method::POST, Place::folders, &[]).form(form)
}

/// `GET /FileSystem/Folder/{id}`: what a folder is.
pub fn info(endpoints: &Endpoints, id: &FolderId) -> Request {
    endpoints.rest(Method::GET, Place::folder, &[("id", id.as_str())])
}

/// `GET /FileSystem/Folder/{id}/Content`: its files and folders.
pub fn content(endpoints: &Endpoints, id: &FolderId) -> Request {
    endpoints.rest(Method::GET, Place::folder_content, &[("id", id.as_str())])
}

/// A page of [`content`]: `take` entries after the first `skip`, where the path has a place for
/// them.
pub fn page(endpoints: &Endpoints, id: &FolderId, (skip, take): (u64, u32)) -> Request {
    let (skip, take) = (skip.to_string(), take.to_string());
    let values = [("id", id.as_str()), ("skip", &skip), ("take", &take)];
    endpoints.rest(Method::GET, Place::folder_content, &values)
}

/// `GET /FileSystem/Folder/{id}/Files`: its files.
pub fn files(endpoints: &Endpoints, id: &FolderId) -> Request {
    endpoints.rest(Method::GET, Place::folder_files, &[("id", id.as_str())])
}

/// `GET /FileSystem/Folder/{id}/Folders`: its folders.
pub fn folders(endpoints: &Endpoints, id: &FolderId) -> Request {
    endpoints.rest(Method::GET, Place::folder_folders, &[("id", id.as_str())])
}

/// `PUT /FileSystem/Folder/{id}`: renames, moves, describes, tags.
pub fn update(endpoints: &Endpoints, id: &FolderId, to: &Update, body: UpdateBody) -> Request {
    let request = endpoints.rest(Method::PUT, Place::folder, &[("id", id.as_str())]);
    to.write(request, body)
}

/// `DELETE /FileSystem/Folder/{id}`: deletes a folder with everything in it.
pub fn delete(endpoints: &Endpoints, id: &FolderId) -> Request {
    endpoints.rest(Method::DELETE, Place::folder, &[("id", id.as_str())])
}

/// The calls of this module, sent.
#[derive(Debug, Clone)]
pub struct Folders {
    client: Client,
}

impl Folders {
    pub(crate) fn new(client: Client) -> Self {
        Self { client }
    }

    /// Creates a folder. Not repeated when its answer is lost.
    ///
    /// # Errors
    ///
    /// What the service refuses: a name that is taken, a parent that is not there. Its codes for
    /// these are not published.
    pub async fn create(&self, folder: &NewFolder) -> Result<FolderInfo> {
        self.client.json(Place::folders, create(self.client.endpoints(), folder)).await
    }

    /// What a folder is.
    ///
    /// # Errors
    ///
    /// What the service refuses, such as an id that it does not know.
    pub async fn info(&self, id: &FolderId) -> Result<FolderInfo> {
        self.client.json(Place::folder, info(self.client.endpoints(), id)).await
    }

    /// Its files and folders, in one piece. [`entries`](Self::entries) is for long ones.
    ///
    /// # Errors
    ///
    /// As [`info`](Self::info).
    pub async fn content(&self, id: &FolderId) -> Result<Listing> {
        let request = content(self.client.endpoints(), id);
        listing::whole(&self.client, Place::folder_content, request).await
    }

    /// Its files.
    ///
    /// # Errors
    ///
    /// As [`info`](Self::info).
    pub async fn files(&self, id: &FolderId) -> Result<Listing> {
        let request = files(self.client.endpoints(), id);
        listing::whole(&self.client, Place::folder_files, request).await
    }

    /// Its folders.
    ///
    /// # Errors
    ///
    /// As [`info`](Self::info).
    pub async fn folders(&self, id: &FolderId) -> Result<Listing> {
        let request = folders(self.client.endpoints(), id);
        listing::whole(&self.client, Place::folder_folders, request).await
    }

    /// Its files and folders as they come, each once, by the way of listing that the
    /// configuration chose. Memory does not grow with the folder.
    ///
    /// A listing that breaks off is asked for again from its beginning; if more than 4,096
    /// entries were handed on by then, it ends in an `Interrupted` error instead.
    pub fn entries(&self, id: &FolderId) -> EntryStream {
        listing::children(&self.client, id, None, None)
    }

    /// Renames, moves, describes, tags.
    ///
    /// # Errors
    ///
    /// What the service refuses: a missing right, a name that is taken.
    pub async fn update(&self, id: &FolderId, to: &Update) -> Result<FolderInfo> {
        let endpoints = self.client.endpoints();
        self.client.update(Place::folder, |body| update(endpoints, id, to, body)).await
    }

    /// The folder with everything in it as a ZIP archive.
    ///
    /// The service makes it for each request anew, so it does not go on after a break. For large
    /// trees fetch the files one by one (Thru REST API manual, 7.1).
    ///
    /// # Errors
    ///
    /// As [`info`](Self::info); in the stream `Interrupted` when it breaks off.
    pub async fn archive(&self, id: &FolderId) -> Result<ByteStream> {
        download::archive(&self.client, id).await
    }

    /// Deletes a folder with everything in it.
    ///
    /// # Errors
    ///
    /// As [`info`](Self::info).
    pub async fn delete(&self, id: &FolderId) -> Result<()> {
        self.client.done(Place::folder, delete(self.client.endpoints(), id)).await
    }
}

/// A folder to be created.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct NewFolder {
    /// Where.
    pub parent: FolderId,
    /// Its name.
    pub name: Box<str>,
    /// Its description.
    pub description: Option<Box<str>>,
    /// Its tags.
    pub tags: Box<[Box<str>]>,
}

impl NewFolder {
    /// A folder with nothing but a name.
    pub fn new(parent: FolderId, name: impl Into<Box<str>>) -> Self {
        Self { parent, name: name.into(), description: None, tags: Box::default() }
    }

    /// Describes it.
    #[must_use]
    pub fn with_description(mut self, text: impl Into<Box<str>>) -> Self {
        self.description = Some(text.into());
        self
    }

    /// Tags it.
    #[must_use]
    pub fn with_tags<T: Into<Box<str>>>(mut self, tags: impl IntoIterator<Item = T>) -> Self {
        self.tags = tags.into_iter().map(Into::into).collect();
        self
    }
}
