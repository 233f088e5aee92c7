//! Kinds of requests, by the name a fault is aimed with.

use serde::{Deserialize, Serialize};

/// What a request is about. Faults are aimed at routes, and the log of requests names them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Route {
    /// A connection, before a request is read from it. Only [`Fault::ResetBefore`] and
    /// [`Fault::Stall`] act on it; [`Rule::on`] picks the face: `filescom`, `storage`, `mft`.
    ///
    /// [`Fault::ResetBefore`]: crate::Fault::ResetBefore
    /// [`Fault::Stall`]: crate::Fault::Stall
    /// [`Rule::on`]: crate::Rule::on
    Connection,
    /// Every request of every face.
    Any,
    /// Every request of the Files.com interface.
    FilesCom,
    /// Every request of the Files.com storage addresses.
    Storage,
    /// Every request of Boomi MFT.
    Mft,

    /// Files.com: `GET /folders/{path}`.
    List,
    /// Files.com: `POST /folders/{path}`.
    CreateFolder,
    /// Files.com: `GET /file_actions/metadata/{path}`, and `GET /files/{path}?action=stat`.
    Find,
    /// Files.com: `GET /files/{path}`, which answers the address to download from.
    Download,
    /// Files.com: `POST /file_actions/begin_upload/{path}` and its older form.
    BeginUpload,
    /// Files.com: `POST /files/{path}` with `action=end`.
    Complete,
    /// Files.com: `PATCH /files/{path}`.
    Update,
    /// Files.com: `DELETE /files/{path}`.
    Delete,
    /// Files.com: `POST /file_actions/copy/{path}`.
    Copy,
    /// Files.com: `POST /file_actions/move/{path}`.
    Move,
    /// Files.com: `GET /file_migrations/{id}`.
    Migration,
    /// Files.com: `GET /file_migration_logs`.
    MigrationLogs,
    /// Files.com: `/locks/{path}`.
    Locks,
    /// Files.com: `/api_key`.
    ApiKey,
    /// Files.com: `/sessions`.
    Sessions,
    /// Files.com: anything else below its prefix.
    Other,

    /// Storage: `PUT` of one part.
    PartPut,
    /// Storage: `GET` of content.
    StorageGet,

    /// Boomi MFT: signing in, by whatever kind of session.
    MftSignIn,
    /// Boomi MFT: facts about the server and the user.
    MftServer,
    /// Boomi MFT: information about one folder, the root and home folders included.
    MftFolderInfo,
    /// Boomi MFT: what a folder holds: files, folders or both.
    MftList,
    /// Boomi MFT: information about one file.
    MftFileInfo,
    /// Boomi MFT: creating a folder.
    MftCreateFolder,
    /// Boomi MFT: changing a file or folder.
    MftUpdate,
    /// Boomi MFT: copying a file or folder.
    MftCopy,
    /// Boomi MFT: moving a file or folder.
    MftMove,
    /// Boomi MFT: deleting a file or folder.
    MftDelete,
    /// Boomi MFT: the content of a file.
    MftDownload,
    /// Boomi MFT: uploading, every step of it.
    MftUpload,
    /// Boomi MFT: anything else.
    MftOther,
}

/// Who answers a request; decides the form of error documents.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Service {
    FilesCom,
    Storage,
    Mft,
}

impl Route {
    /// Whether a rule for this route acts on a request of `other`.
    pub(crate) fn covers(self, other: Self) -> bool {
        match self {
            Self::Any => other != Self::Connection,
            Self::FilesCom => other != Self::Connection && other.service() == Service::FilesCom,
            Self::Storage => other.service() == Service::Storage,
            Self::Mft => other.service() == Service::Mft,
            exact => exact == other,
        }
    }

    pub(crate) fn service(self) -> Service {
        match self {
            Self::Storage | Self::PartPut | Self::StorageGet => Service::Storage,
            Self::Mft
            | Self::MftSignIn
            | Self::MftServer
            | Self::MftFolderInfo
            | Self::MftList
            | Self::MftFileInfo
            | Self::MftCreateFolder
            | Self::MftUpdate
            | Self::MftCopy
            | Self::MftMove
            | Self::MftDelete
            | Self::MftDownload
            | Self::MftUpload
            | Self::MftOther => Service::Mft,
            _ => Service::FilesCom,
        }
    }
}
