//! Short keys for the server's browser tools (Boomi: File Sharing API reference 1.16, ServerTool).
//!
//! The tools themselves are pages for browsers and not spoken to here.

use secrecy::{ExposeSecret, SecretString};
use wharf_model::mft::{FileId, FolderId, ShortUrl};
use wharf_transport::{Method, Request};

use crate::client::Client;
use crate::endpoints::{Endpoints, Place};
use crate::error::Result;

/// `POST /ServerTool/ViewerRequest`: a key that shows a file.
pub fn viewer(
    endpoints: &Endpoints,
    session: &SecretString,
    file: &FileId,
    pages: &ReturnPages,
) -> Request {
    let form = [
        ("FilePublicId", file.as_str()),
        ("SessionId", session.expose_secret()),
        ("SuccessUrl", &pages.success),
        ("ErrorReportingUrl", &pages.error),
    ];
    endpoints.rest(Method::POST, Place::tool_viewer, &[]).form(form)
}

/// `POST /ServerTool/UploaderRequest`: a key that lets somebody upload into a folder.
///
/// Its list of fields was seen in part; the session and the page after success are concluded
/// from its twin in the SOAP interface.
pub fn uploader(
    endpoints: &Endpoints,
    session: &SecretString,
    upload: &UploaderRequest,
    pages: &ReturnPages,
) -> Request {
    let form = [
        ("FolderPublicId", upload.folder.as_str()),
        ("SessionId", session.expose_secret()),
        ("SuccessUrl", &pages.success),
        ("ErrorReportingUrl", &pages.error),
        ("FileFilter", &upload.allowed),
        ("FileFilterExceptions", &upload.forbidden),
    ];
    endpoints.rest(Method::POST, Place::tool_uploader, &[]).form(form)
}

/// `POST /ServerTool/DownloaderRequest`: a key for downloads. Its fields are not documented, so
/// they are the caller's affair.
pub fn downloader<'a>(
    endpoints: &Endpoints,
    fields: impl IntoIterator<Item = (&'a str, &'a str)>,
) -> Request {
    endpoints.rest(Method::POST, Place::tool_downloader, &[]).form(fields)
}

/// The calls of this module, sent.
#[derive(Debug, Clone)]
pub struct Tools {
    client: Client,
}

impl Tools {
    pub(crate) fn new(client: Client) -> Self {
        Self { client }
    }

    /// A key that shows a file. Whoever has it may use it as long as our session lasts.
    ///
    /// # Errors
    ///
    /// What the service refuses.
    pub async fn viewer(&self, file: &FileId, pages: &ReturnPages) -> Result<ShortUrl> {
        let endpoints = self.client.endpoints();
        let request = |session: &SecretString| viewer(endpoints, session, file, pages);
        self.key(Place::tool_viewer, request).await
    }

    /// A key that lets somebody upload into a folder.
    ///
    /// # Errors
    ///
    /// What the service refuses.
    pub async fn uploader(
        &self,
        upload: &UploaderRequest,
        pages: &ReturnPages,
    ) -> Result<ShortUrl> {
        let endpoints = self.client.endpoints();
        let request = |session: &SecretString| uploader(endpoints, session, upload, pages);
        self.key(Place::tool_uploader, request).await
    }

    /// A key for downloads, by fields that the caller knows.
    ///
    /// # Errors
    ///
    /// What the service refuses.
    pub async fn downloader<'a>(
        &self,
        fields: impl IntoIterator<Item = (&'a str, &'a str)>,
    ) -> Result<ShortUrl> {
        let request = downloader(self.client.endpoints(), fields);
        self.client.json(Place::tool_downloader, request).await
    }

    /// A key that is bound to our session: made once more if that was replaced on the way, for the
    /// form of the repeated request still held the one that is gone.
    async fn key(
        &self,
        place: Place,
        request: impl Fn(&SecretString) -> Request,
    ) -> Result<ShortUrl> {
        let session = self.client.session().await?;
        let key = self.client.json(place, request(&session)).await?;
        let now = self.client.session().await?;
        match now.expose_secret() == session.expose_secret() {
            true => Ok(key),
            false => self.client.json(place, request(&now)).await,
        }
    }
}

/// Where the browser is sent when it is done.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct ReturnPages {
    /// After success.
    pub success: Box<str>,
    /// After a failure; gets the parameter `ThruErrorCode`.
    pub error: Box<str>,
}

impl ReturnPages {
    /// Absolute addresses.
    pub fn new(success: impl Into<Box<str>>, error: impl Into<Box<str>>) -> Self {
        Self { success: success.into(), error: error.into() }
    }
}

/// What may be uploaded with a key, and where to.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct UploaderRequest {
    /// The folder.
    pub folder: FolderId,
    /// Kinds of files allowed, such as `Zip files (*.zip, *.7z): zip, 7z`; empty for all.
    pub allowed: Box<str>,
    /// Extensions forbidden, such as `exe,msi`; not beside `allowed`.
    pub forbidden: Box<str>,
}

impl UploaderRequest {
    /// All kinds of files.
    pub fn new(folder: FolderId) -> Self {
        Self { folder, allowed: Box::default(), forbidden: Box::default() }
    }
}
