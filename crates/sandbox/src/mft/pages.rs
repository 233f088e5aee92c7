//! The transfer pages beside the REST resources: downloads, uploads, the lookup for resuming.

mod archive;
mod basic;
mod download;
mod form;
mod resumable;
mod upload;

use axum::http::Method;

use super::fields::Fields;
use crate::faults::Route;

pub(crate) use self::download::Parcel;
pub(crate) use self::upload::Receipt;

/// A page at the application root, by its name without regard to case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Page {
    /// `download.aspx` and `DownloadEx.aspx`, served alike: the parameters tell which protocol.
    Download,
    /// `upload.aspx`: the deprecated basic protocol.
    Upload,
    /// `UploadMgrLandingEx.aspx` and `UploadMgrLanding.aspx`, served alike.
    Landing,
    /// `WS4/FTHAppletService.ashx`: what may be resumed.
    Resumable,
}

impl Page {
    pub(crate) fn named(path: &str) -> Option<Self> {
        match path.to_lowercase().trim_start_matches('/') {
            "download.aspx" | "downloadex.aspx" => Some(Self::Download),
            "upload.aspx" => Some(Self::Upload),
            "uploadmgrlandingex.aspx" | "uploadmgrlanding.aspx" => Some(Self::Landing),
            "ws4/fthappletservice.ashx" => Some(Self::Resumable),
            _ => None,
        }
    }

    pub(crate) fn route(self) -> Route {
        match self {
            Self::Download => Route::MftDownload,
            Self::Upload | Self::Landing => Route::MftUpload,
            Self::Resumable => Route::MftOther,
        }
    }

    pub(crate) fn takes(self, method: &Method) -> bool {
        match self {
            Self::Download => *method == Method::GET,
            Self::Upload | Self::Landing => *method == Method::POST,
            Self::Resumable => matches!(*method, Method::GET | Method::POST),
        }
    }
}

/// The session, under any of the names that the pages know. Only here may it be a field: the
/// REST calls take it from a header.
fn session(fields: &Fields) -> Option<&str> {
    fields.any_filled(&[
        "InternalUpload_SessionID",
        "InternalUpload_AppletUID",
        "SessionID",
        "ThruSessionID",
    ])
}

/// A name reduced to its letters, as actions are compared: "Upload file" and "upload_file" are one.
fn letters(text: &str) -> String {
    text.chars().filter(|c| c.is_alphabetic()).flat_map(char::to_lowercase).collect()
}
