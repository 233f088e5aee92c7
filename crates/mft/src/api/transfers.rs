//! The transfer pages: requests that carry content (Boomi: guides "Extended upload" and "Internal
//! download"; Thru REST API manual, 7).
//!
//! Their sessions are parameters and fields, so their addresses are secrets; they are added when a
//! request is signed.

use wharf_model::mft::{FileId, FolderId};
use wharf_transport::{Body, HeaderMap, Method, Multipart, Request};

use crate::dialect::OPERATION_ID;
use crate::endpoints::{Endpoints, Place};

/// `GET DownloadEx.aspx`: a file from an offset on, with a footer after it. `operation` is what
/// the first answer called the transfer, for those that go on with it.
pub fn download(
    endpoints: &Endpoints,
    id: &FileId,
    offset: u64,
    operation: Option<&str>,
) -> Request {
    extended(endpoints, "download file", offset)
        .query(&endpoints.download_file_parameter, id)
        .query_if("logOpID", operation)
        .data()
}

/// `GET DownloadEx.aspx`: a folder as a ZIP archive, with a footer after it.
pub fn download_folder(endpoints: &Endpoints, id: &FolderId) -> Request {
    extended(endpoints, &endpoints.download_folder_action, 0)
        .query(&endpoints.download_folder_parameter, id)
        .data()
}

/// `GET download.aspx`: a file.
pub fn download_basic(endpoints: &Endpoints, id: &FileId) -> Request {
    let request = endpoints.request(Method::GET, Place::download_page, &[]);
    request.query(&endpoints.basic_download_file_parameter, id).data()
}

/// `GET download.aspx`: a folder as a ZIP archive.
pub fn download_folder_basic(endpoints: &Endpoints, id: &FolderId) -> Request {
    let request = endpoints.request(Method::GET, Place::download_page, &[]);
    request.query(&endpoints.basic_download_folder_parameter, id).data()
}

/// `POST UploadMgrLandingEx.aspx`: a whole file.
pub fn upload(endpoints: &Endpoints, to: &Destination, content: Body) -> Request {
    upload_several(endpoints, to, [(&*to.name, content)])
}

/// `POST UploadMgrLandingEx.aspx`: several whole files into the folder of a destination, whose name
/// does not matter. Each needs a name of its own.
pub fn upload_several<'a>(
    endpoints: &Endpoints,
    to: &Destination,
    files: impl IntoIterator<Item = (&'a str, Body)>,
) -> Request {
    // Whoever breaks off leaves nothing behind.
    let form = begin(endpoints, "Upload file", to, None)
        .text(&*endpoints.upload_overwrite_field, flag(to.overwrite))
        .text(&*endpoints.upload_cleanup_field, flag(true));
    let request = finish(endpoints, form, files);
    if to.overwrite { request.idempotent() } else { request }
}

/// `POST UploadMgrLandingEx.aspx`: the first of several chunks of a file.
pub fn first_chunk(endpoints: &Endpoints, to: &Destination, content: Body) -> Request {
    let form = begin(endpoints, "Upload file first chunk", to, None)
        .text(&*endpoints.upload_overwrite_field, flag(to.overwrite))
        .text(&*endpoints.upload_cleanup_field, flag(false));
    finish(endpoints, form, [(&*to.name, content)])
}

/// `POST UploadMgrLandingEx.aspx`: the chunk that comes after `size` stored bytes.
pub fn next_chunk(
    endpoints: &Endpoints,
    to: &Destination,
    upload: &Unfinished,
    (size, is_last): (u64, bool),
    content: Body,
) -> Request {
    let action = if is_last { "Upload file last chunk" } else { "Upload file middle chunk" };
    let form = begin(endpoints, action, to, upload.operation.as_deref())
        .text(&*endpoints.upload_file_field, upload.file.as_str())
        .text(&*endpoints.upload_expected_size_field, size.to_string())
        .text(&*endpoints.upload_cleanup_field, flag(false));
    finish(endpoints, form, [(&*to.name, content)])
}

/// `POST UploadMgrLandingEx.aspx`: removes an upload that was begun.
pub fn discard(endpoints: &Endpoints, to: &Destination, upload: &Unfinished) -> Request {
    let form = begin(endpoints, "Delete file", to, upload.operation.as_deref())
        .text(&*endpoints.upload_file_field, upload.file.as_str());
    finish(endpoints, form, []).idempotent()
}

/// `POST UploadMgrLandingEx.aspx`: makes the folder that the destination names; one that is there
/// stays.
pub fn create_folder(endpoints: &Endpoints, to: &Destination) -> Request {
    let form = begin(endpoints, "Create folder", to, None);
    let form = form.text(&*endpoints.upload_folder_name_field, &*to.name);
    finish(endpoints, form, []).idempotent()
}

/// `POST upload.aspx`: a whole file, by the deprecated page.
pub fn upload_basic(endpoints: &Endpoints, to: &Destination, content: Body) -> Request {
    let form = Multipart::new()
        .text(&*endpoints.basic_upload_folder_field, to.folder.as_str())
        .text(&*endpoints.basic_upload_name_field, &*to.name)
        .text("Description0", "")
        .text("EntityCount", "1")
        .text(&*endpoints.basic_upload_overwrite_field, flag(to.overwrite))
        .text(&*endpoints.upload_no_redirect_field, "1")
        .file(&*endpoints.basic_upload_file_field, encoded(&to.name), content);
    let request = endpoints.request(Method::POST, Place::upload_page, &[]).data().multipart(form);
    if to.overwrite { request.idempotent() } else { request }
}

/// Where an upload goes.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Destination {
    /// The folder.
    pub folder: FolderId,
    /// The file's name.
    pub name: Box<str>,
    /// Whether a file of that name is replaced. Otherwise the service refuses.
    pub overwrite: bool,
    /// The folder of the whole operation, if this is a part of a larger one.
    pub root: Option<FolderId>,
    /// What the service called that operation in its first answer.
    pub operation: Option<Box<str>>,
}

impl Destination {
    /// A name in a folder, where nothing stands.
    pub fn new(folder: FolderId, name: impl Into<Box<str>>) -> Self {
        Self { folder, name: name.into(), overwrite: false, root: None, operation: None }
    }

    /// Makes it a part of a larger operation, which began in the folder `root`.
    #[must_use]
    pub fn within(mut self, root: FolderId, operation: Option<Box<str>>) -> Self {
        (self.root, self.operation) = (Some(root), operation);
        self
    }

    /// Another name in the same folder, as a part of the same operation.
    pub(crate) fn beside(&self, name: impl Into<Box<str>>) -> Self {
        Self { name: name.into(), overwrite: false, ..self.clone() }
    }

    /// Sets whether a file of that name is replaced.
    #[must_use]
    pub fn with_overwrite(mut self, overwrite: bool) -> Self {
        self.overwrite = overwrite;
        self
    }
}

/// An upload of which more chunks are to come.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Unfinished {
    /// The file, as far as it was stored.
    pub file: FileId,
    /// What the service called the transfer.
    pub operation: Option<Box<str>>,
}

impl Unfinished {
    /// An upload by its file, as a listing tells it.
    pub fn new(file: FileId) -> Self {
        Self { file, operation: None }
    }

    /// Adds what the service called the transfer.
    #[must_use]
    pub fn with_operation(mut self, operation: Option<impl Into<Box<str>>>) -> Self {
        self.operation = operation.map(Into::into);
        self
    }
}

/// What the upload page answers, all of it in headers (Boomi: Uploading multiple files).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Receipt {
    /// The file that was stored last.
    pub file: Option<FileId>,
    /// The folder that it was stored in, or that was made.
    pub folder: Option<FolderId>,
    /// What the service calls the transfer.
    pub operation: Option<Box<str>>,
}

impl Receipt {
    pub(crate) fn read(headers: &HeaderMap) -> Self {
        let text = |name: &str| headers.get(name)?.to_str().ok().filter(|text| !text.is_empty());
        Self {
            file: text(FILE_ID).map(FileId::from),
            folder: text(FOLDER_ID).map(FolderId::from),
            operation: text(OPERATION_ID).map(Into::into),
        }
    }
}

fn extended(endpoints: &Endpoints, action: &str, offset: u64) -> Request {
    let request = endpoints.request(Method::GET, Place::extended_download_page, &[]);
    request
        .query("mode", "applet")
        .query("appletAction", action)
        .query("top", 1)
        .query("offset", offset)
}

fn begin(
    endpoints: &Endpoints,
    action: &str,
    to: &Destination,
    operation: Option<&str>,
) -> Multipart {
    let root = to.root.as_ref().unwrap_or(&to.folder);
    let form = Multipart::new()
        .text(&*endpoints.upload_operation_field, "Internal upload")
        .text(&*endpoints.upload_action_field, action)
        .text(&*endpoints.upload_root_field, root.as_str())
        .text(&*endpoints.upload_folder_field, to.folder.as_str())
        .text(&*endpoints.upload_no_redirect_field, "1");
    match operation.or(to.operation.as_deref()) {
        Some(id) => form.text(&*endpoints.upload_log_field, id),
        None => form,
    }
}

/// The contents come last, so that the page knows what to do with them. Their names are URL-encoded
/// (Thru extended protocols 1.8, 2.3.2), their fields numbered if there are several (Boomi:
/// Uploading multiple files).
fn finish<'a>(
    endpoints: &Endpoints,
    form: Multipart,
    files: impl IntoIterator<Item = (&'a str, Body)>,
) -> Request {
    let files: Vec<_> = files.into_iter().collect();
    let alone = files.len() == 1;
    let files = files.into_iter().enumerate();
    let form = files.fold(form, |form, (at, (name, content))| {
        let field = if alone { "File".to_owned() } else { format!("File{}", at + 1) };
        form.file(field, encoded(name), content)
    });
    endpoints.request(Method::POST, Place::extended_upload_page, &[]).data().multipart(form)
}

fn flag(on: bool) -> &'static str {
    if on { "1" } else { "0" }
}

/// Everything but the unreserved characters of RFC 3986, as UTF-8.
fn encoded(name: &str) -> String {
    use std::fmt::Write;
    name.bytes().fold(String::with_capacity(name.len()), |mut text, byte| {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            text.push(char::from(byte));
        } else {
            // Writing to a string cannot fail.
            let _ = write!(text, "%{byte:02X}");
        }
        text
    })
}

pub(crate) const FILE_ID: &str = "x-fileid";
pub(crate) const FOLDER_ID: &str = "x-folderid";
