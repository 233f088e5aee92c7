//! One entry of the tree: a folder of one of seven types, or a file with its content.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::id::Id;
use super::tree::{Children, Stamp};
use crate::blob::Blob;

/// A file or folder with what both have.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Node {
    pub(crate) id: Id,
    pub(crate) parent: Option<Id>,
    pub(crate) name: String,
    pub(crate) description: String,
    pub(crate) tags: Vec<String>,
    pub(crate) created: DateTime<Utc>,
    pub(crate) modified: DateTime<Utc>,
    pub(crate) created_by: Id,
    pub(crate) modified_by: Id,
    /// The GUID put on everything uploaded after it was asked for.
    pub(crate) mark: Option<String>,
    /// Keys and values stored for the session that uploaded this.
    pub(crate) metadata: Vec<(String, String)>,
    pub(crate) kind: Kind,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Kind {
    Folder(Folder),
    File(File),
}

#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Folder {
    pub(crate) folder_type: FolderType,
    /// Not written down: each entry tells where it is.
    #[serde(skip)]
    pub(crate) children: Children,
    /// Bytes of all content below; not written down either.
    #[serde(skip)]
    pub(crate) size: u64,
}

#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct File {
    pub(crate) content: Blob,
    pub(crate) quarantined: bool,
    /// Only some chunks have arrived.
    pub(crate) partial: bool,
}

/// The seven documented folder types (Boomi: File Sharing API reference 1.16, Root).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum FolderType {
    Regular = 0,
    Root = 1,
    Home = 2,
    MyDocuments = 3,
    DropBox = 4,
    CommonRoot = 5,
    HomeRoot = 6,
}

impl FolderType {
    /// The number on the wire.
    pub(crate) fn number(self) -> u8 {
        self as u8
    }

    /// Only regular folders may be renamed, moved or deleted; the others belong to the system.
    pub(crate) fn is_fixed(self) -> bool {
        self != Self::Regular
    }
}

impl Node {
    pub(crate) fn new(id: Id, parent: Option<Id>, name: &str, kind: Kind, stamp: Stamp) -> Self {
        Self {
            id,
            parent,
            name: name.to_owned(),
            description: String::new(),
            tags: Vec::new(),
            created: stamp.at,
            modified: stamp.at,
            created_by: stamp.by,
            modified_by: stamp.by,
            mark: None,
            metadata: Vec::new(),
            kind,
        }
    }

    pub(crate) fn size(&self) -> u64 {
        match &self.kind {
            Kind::Folder(folder) => folder.size,
            Kind::File(file) => file.content.len(),
        }
    }

    pub(crate) fn is_folder(&self) -> bool {
        matches!(self.kind, Kind::Folder(_))
    }
}

impl Folder {
    pub(crate) fn new(folder_type: FolderType) -> Self {
        Self { folder_type, children: Children::new(), size: 0 }
    }
}

impl File {
    pub(crate) fn new(content: Blob) -> Self {
        Self { content, quarantined: false, partial: false }
    }
}
