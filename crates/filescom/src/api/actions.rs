//! Copying and moving (Files.com REST API reference, File Actions).

use serde::Serialize;
use wharf_model::filescom::FileAction;
use wharf_transport::Request;

use super::at;
use super::migrations::Migration;
use crate::client::Client;
use crate::error::Result;

/// `POST /file_actions/copy/{path}`.
pub fn copy(path: &str, relocation: &Relocation) -> Request {
    at(Request::post("/file_actions/copy"), path).json(relocation).once()
}

/// `POST /file_actions/move/{path}`: moves or renames.
pub fn move_to(path: &str, relocation: &Relocation) -> Request {
    at(Request::post("/file_actions/move"), path).json(relocation).once()
}

/// The calls of this module, sent.
#[derive(Debug, Clone)]
pub struct Actions {
    client: Client,
}

impl Actions {
    pub(crate) fn new(client: Client) -> Self {
        Self { client }
    }

    /// Copies a file or folder. The service may go on in the background: wait for the answer's
    /// [`Migration`].
    ///
    /// # Errors
    ///
    /// `NotFound` for the source or the parent of the destination; `AlreadyExists` unless
    /// overwriting is allowed.
    pub async fn copy(&self, path: &str, relocation: &Relocation) -> Result<Migration> {
        self.begin(copy(path, relocation)).await
    }

    /// Moves or renames a file or folder, otherwise as [`copy`](Self::copy).
    ///
    /// # Errors
    ///
    /// As [`copy`](Self::copy).
    pub async fn move_to(&self, path: &str, relocation: &Relocation) -> Result<Migration> {
        self.begin(move_to(path, relocation)).await
    }

    async fn begin(&self, request: Request) -> Result<Migration> {
        let action: FileAction = self.client.json(request).await?;
        Ok(Migration::begun(self.client.clone(), action))
    }
}

/// Where a file or folder goes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Relocation {
    /// The whole path of the result, its name included.
    pub destination: String,
    /// Files replace files, and folders are merged into folders.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub overwrite: bool,
    /// Of a copy: the folders only, without the files.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub structure: bool,
    /// Of a copy: what folders do automatically, too.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub copy_behaviors: bool,
}

impl Relocation {
    /// To a path where nothing stands.
    pub fn to(destination: impl Into<String>) -> Self {
        Self {
            destination: destination.into(),
            overwrite: false,
            structure: false,
            copy_behaviors: false,
        }
    }

    /// Allows overwriting.
    #[must_use]
    pub fn with_overwrite(mut self, allow: bool) -> Self {
        self.overwrite = allow;
        self
    }
}
