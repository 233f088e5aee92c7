//! Files: find, download, upload, update, delete (Files.com REST API reference, Files and File
//! Actions).

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::{Serialize, Serializer};
use wharf_connector::{ErrorKind, Reached};
use wharf_model::filescom::{File, Timestamp, UploadPart};
use wharf_transport::{Request, StatusCode};

use super::at;
use crate::client::Client;
use crate::error::{Error, Result};

/// `GET /file_actions/metadata/{path}`: what stands at a path.
pub fn find(path: &str) -> Request {
    at(Request::get("/file_actions/metadata"), path)
}

/// `GET /files/{path}`: a file with the address to download it from. Counts as a download.
///
/// It asks for what pins the download to this version, too; sites that do not know that ignore
/// it (seen in the vendor's Python SDK and mock server).
pub fn download(path: &str) -> Request {
    at(Request::get("/files"), path).query("with_download_identity", true)
}

/// [`download`] of exactly the version that `token` stands for.
pub fn download_again(path: &str, token: &str) -> Request {
    download(path).query("expected_download_identity", token)
}

/// `PATCH /files/{path}`: changes what is known about a file or folder.
pub fn update(path: &str, changes: &FileUpdate) -> Request {
    at(Request::patch("/files"), path).json(changes).idempotent()
}

/// `DELETE /files/{path}`: deletes a file, or a folder; with content only if `recursive`.
pub fn delete(path: &str, recursive: bool) -> Request {
    let request = at(Request::delete("/files"), path);
    request.query_if("recursive", recursive.then_some(true))
}

/// `POST /file_actions/begin_upload/{path}`: begins an upload, or asks for addresses of further
/// parts.
///
/// Repeated, it begins another upload or gives further addresses, which harms nothing.
pub fn begin_upload(path: &str, begin: &BeginUpload) -> Request {
    at(Request::post("/file_actions/begin_upload"), path).json(begin).idempotent()
}

/// `POST /files/{path}` with `action=end`: makes a file of the parts.
///
/// An upload can be completed once: a repeat is answered with `file-upload-not-found`, whether
/// the first one arrived or not is for the caller to find out.
pub fn complete_upload(path: &str, complete: &CompleteUpload) -> Request {
    at(Request::post("/files"), path).json(complete).once()
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

    pub(crate) fn client(&self) -> &Client {
        &self.client
    }

    /// What stands at a path.
    ///
    /// # Errors
    ///
    /// `NotFound` when it is missing, or not permitted: the service does not tell the two apart.
    pub async fn find(&self, path: &str) -> Result<File> {
        self.client.json(find(path)).await
    }

    /// A file with its address for downloading, which is a secret and lasts about a minute.
    /// [`read`](Self::read) does the rest, too.
    ///
    /// # Errors
    ///
    /// `NotFound`; `IsAFolder`.
    pub async fn download_link(&self, path: &str) -> Result<File> {
        self.client.json(download(path)).await
    }

    /// Changes what is known about a file or folder.
    ///
    /// # Errors
    ///
    /// `NotFound`; `Invalid` for too many or too long pairs; `Unsupported` on remote mounts.
    pub async fn update(&self, path: &str, changes: &FileUpdate) -> Result<File> {
        self.client.json(update(path, changes)).await
    }

    /// Deletes a file or an empty folder.
    ///
    /// # Errors
    ///
    /// `NotFound`; `NotEmpty`.
    pub async fn delete(&self, path: &str) -> Result<()> {
        self.remove(path, false).await
    }

    /// Deletes a file, or a folder with everything in it.
    ///
    /// # Errors
    ///
    /// `NotFound`.
    pub async fn delete_recursively(&self, path: &str) -> Result<()> {
        self.remove(path, true).await
    }

    /// Deletes until the service says so. Its word for it is 204; any other success may come from
    /// something on the way, and is believed only if nothing stands there any more.
    async fn remove(&self, path: &str, recursive: bool) -> Result<()> {
        let mut tries = 0;
        loop {
            let answer = self.client.fetch(delete(path, recursive)).await?;
            // A repeat that finds nothing is a success, too.
            let status = answer.status();
            if status == StatusCode::NO_CONTENT || !status.is_success() {
                return Ok(());
            }
            let unclear = format!("the service answered the deletion with {status}");
            match self.find(path).await {
                Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
                Err(error) => {
                    let message = format!("{unclear}, and a look failed: {}", error.message());
                    return Err(error.with_message(message).with_reached(Reached::Maybe));
                }
                Ok(_) => {}
            }
            tries += 1;
            if tries >= MAX_TRIES {
                let message = format!("{unclear}, and what it was about still stands there");
                return Err(Error::protocol(message).with_reached(Reached::Maybe));
            }
        }
    }

    /// Begins an upload, or asks for the addresses of further parts.
    /// [`upload`](Self::upload) does the whole of it.
    ///
    /// # Errors
    ///
    /// `NotFound` for a missing parent, unless parents are asked for; `NotAFolder` when the parent
    /// is a file.
    pub async fn begin_upload(&self, path: &str, begin: &BeginUpload) -> Result<Vec<UploadPart>> {
        self.client.json(begin_upload(path, begin)).await
    }

    /// Makes a file of the parts. Not repeated when its answer is lost.
    ///
    /// # Errors
    ///
    /// `Interrupted` for an upload that is unknown or was completed before; `Corrupted` when the
    /// tags are not those of the parts.
    pub async fn complete_upload(&self, path: &str, complete: &CompleteUpload) -> Result<File> {
        self.client.json(complete_upload(path, complete)).await
    }
}

/// What to change about a file or folder; what is `None` stays.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct FileUpdate {
    /// The time of the last change, kept in whole seconds.
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "timestamp")]
    pub provided_mtime: Option<DateTime<Utc>>,
    /// The pairs kept with the file: they replace all that were there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_metadata: Option<BTreeMap<String, String>>,
    /// The colour shown to people.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub priority_color: Option<String>,
}

impl FileUpdate {
    /// No change yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets the time of the last change.
    #[must_use]
    pub fn with_provided_mtime(mut self, time: DateTime<Utc>) -> Self {
        self.provided_mtime = Some(time);
        self
    }

    /// Sets the pairs.
    #[must_use]
    pub fn with_custom_metadata(mut self, pairs: BTreeMap<String, String>) -> Self {
        self.custom_metadata = Some(pairs);
        self
    }

    /// Sets the colour.
    #[must_use]
    pub fn with_priority_color(mut self, color: impl Into<String>) -> Self {
        self.priority_color = Some(color.into());
        self
    }
}

/// What an upload begins with, or goes on with.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct BeginUpload {
    /// Create missing parents at once.
    #[serde(skip_serializing_if = "is_false")]
    pub mkdir_parents: bool,
    /// Size of the whole file in bytes, if known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub size: Option<u64>,
    /// The upload to go on with.
    #[serde(rename = "ref", skip_serializing_if = "Option::is_none")]
    pub reference: Option<String>,
    /// The part to ask an address for, from 1; means nothing without `reference`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub part: Option<u64>,
    /// How many parts to ask addresses for, from that one on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parts: Option<u64>,
    /// Store it under a new name if the name is taken.
    #[serde(skip_serializing_if = "is_false")]
    pub with_rename: bool,
    /// On remote mounts: store it at Files.com first, so that parts may go at the same time.
    #[serde(skip_serializing_if = "is_false")]
    pub buffered_upload: bool,
}

impl BeginUpload {
    /// A new upload.
    pub fn new() -> Self {
        Self::default()
    }

    /// The addresses of `count` parts from number `part` on of an upload that has begun.
    pub fn parts(reference: impl Into<String>, part: u64, count: u64) -> Self {
        Self {
            reference: Some(reference.into()),
            part: Some(part),
            parts: (count > 1).then_some(count),
            ..Self::default()
        }
    }

    /// Creates missing parents.
    #[must_use]
    pub fn with_mkdir_parents(mut self, create: bool) -> Self {
        self.mkdir_parents = create;
        self
    }

    /// Tells the size.
    #[must_use]
    pub fn with_size(mut self, bytes: Option<u64>) -> Self {
        self.size = bytes;
        self
    }
}

/// What an upload ends with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct CompleteUpload {
    action: &'static str,
    /// The upload.
    #[serde(rename = "ref")]
    pub reference: String,
    /// The tags that the storage gave for the parts. Without them the service finds the parts
    /// itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub etags: Option<Vec<Etag>>,
    /// Size of the whole file in bytes; a wrong one is refused.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub size: Option<u64>,
    /// The time of the last change to keep.
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "timestamp")]
    pub provided_mtime: Option<DateTime<Utc>>,
    /// Create missing parents.
    #[serde(skip_serializing_if = "is_false")]
    pub mkdir_parents: bool,
}

impl CompleteUpload {
    /// The end of an upload, with nothing but its reference.
    pub fn new(reference: impl Into<String>) -> Self {
        Self {
            action: "end",
            reference: reference.into(),
            etags: None,
            size: None,
            provided_mtime: None,
            mkdir_parents: false,
        }
    }
}

/// The tag that the storage gave for a part.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Etag {
    /// The tag, without quotation marks.
    pub etag: String,
    /// The number of the part.
    pub part: u64,
}

impl Etag {
    /// The tag of a part.
    pub fn new(etag: impl Into<String>, part: u64) -> Self {
        Self { etag: etag.into(), part }
    }
}

#[expect(clippy::ref_option, reason = "this is how serde calls it")]
fn timestamp<S: Serializer>(time: &Option<DateTime<Utc>>, to: S) -> Result<S::Ok, S::Error> {
    match time {
        Some(time) => to.serialize_str(&Timestamp::format(*time)),
        None => to.serialize_none(),
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "this is how serde calls it")]
fn is_false(value: &bool) -> bool {
    !value
}

/// How often a deletion is asked for that the service neither confirms nor refuses.
const MAX_TRIES: u32 = 3;
