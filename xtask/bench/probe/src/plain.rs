//! Documents as a program reads them that does without our types: every string and date a `String`.

use serde::Deserialize;
use wharf::model::filescom;

use crate::Result;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Listing {
    pub(crate) files: Option<Vec<File>>,
    pub(crate) folders: Option<Vec<Folder>>,
}

#[allow(dead_code)]
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct File {
    #[serde(rename = "FileID")]
    id: String,
    #[serde(rename = "ParentFolderID")]
    parent: Option<String>,
    name: String,
    description: Option<String>,
    path: Option<String>,
    tags: Option<Vec<String>>,
    size: Option<i64>,
    effective_permission: Option<u32>,
    date_created: Option<String>,
    date_modified: Option<String>,
    #[serde(rename = "CreatedByUserID")]
    created_by: Option<String>,
    #[serde(rename = "ModifiedByUserID")]
    modified_by: Option<String>,
    is_quarantined: Option<bool>,
    in_favorite: Option<bool>,
    is_partially_uploaded: Option<bool>,
}

#[allow(dead_code)]
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Folder {
    #[serde(rename = "FolderID")]
    id: String,
    name: String,
    path: Option<String>,
    date_created: Option<String>,
}

#[allow(dead_code)]
impl Listing {
    pub(crate) fn len(&self) -> usize {
        self.files.as_ref().map_or(0, Vec::len) + self.folders.as_ref().map_or(0, Vec::len)
    }
}

/// How many entries a page of Files.com holds, each parsed into our type in one go.
#[allow(dead_code)]
pub(crate) fn files(body: &[u8]) -> Result<usize> {
    let page: Vec<filescom::File> = serde_json::from_slice(body)?;
    Ok(page.len())
}
