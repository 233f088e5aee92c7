//! What can be changed about a file or folder.

use serde::Serialize;
use wharf_model::mft::{FileInfo, FolderId, FolderInfo};
use wharf_transport::Request;

use crate::config::UpdateBody;

/// What a file or folder shall be like: its name, place, description and tags.
///
/// All four are sent each time, also those that stay: whether the service leaves alone what is
/// not sent is not documented. So begin with what it is like now.
///
/// ```
/// use wharf_mft::api::Update;
/// use wharf_model::mft::FileInfo;
///
/// let mut file = FileInfo::new("2OMFYXLA6BP9D".into(), "2.html");
/// file.parent_folder_id = Some("1UTXM50KW0ISP".into());
/// let update = Update::of_file(&file).with_name("two.html");
/// assert_eq!(update.parent_folder_id.unwrap(), "1UTXM50KW0ISP");
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "PascalCase")]
#[non_exhaustive]
pub struct Update {
    /// The name.
    pub name: Box<str>,
    /// The folder it lies in.
    #[serde(rename = "ParentFolderID", skip_serializing_if = "Option::is_none")]
    pub parent_folder_id: Option<FolderId>,
    /// The description; empty for none.
    pub description: Box<str>,
    /// The tags.
    pub tags: Box<[Box<str>]>,
}

impl Update {
    /// What a file is like now.
    pub fn of_file(file: &FileInfo) -> Self {
        Self {
            name: file.name.clone(),
            parent_folder_id: file.parent_folder_id.clone(),
            description: file.description.clone().unwrap_or_default(),
            tags: file.tags.clone().unwrap_or_default(),
        }
    }

    /// What a folder is like now.
    pub fn of_folder(folder: &FolderInfo) -> Self {
        Self {
            name: folder.name.clone(),
            parent_folder_id: folder.parent_folder_id.clone(),
            description: folder.description.clone().unwrap_or_default(),
            tags: folder.tags.clone().unwrap_or_default(),
        }
    }

    /// Renames.
    #[must_use]
    pub fn with_name(mut self, name: impl Into<Box<str>>) -> Self {
        self.name = name.into();
        self
    }

    /// Moves.
    #[must_use]
    pub fn with_parent(mut self, folder: FolderId) -> Self {
        self.parent_folder_id = Some(folder);
        self
    }

    /// Describes.
    #[must_use]
    pub fn with_description(mut self, text: impl Into<Box<str>>) -> Self {
        self.description = text.into();
        self
    }

    /// Tags.
    #[must_use]
    pub fn with_tags<T: Into<Box<str>>>(mut self, tags: impl IntoIterator<Item = T>) -> Self {
        self.tags = tags.into_iter().map(Into::into).collect();
        self
    }

    /// Puts it into a request.
    pub(super) fn write(&self, request: Request, body: UpdateBody) -> Request {
        if body == UpdateBody::Json {
            return request.json(self);
        }
        let mut form = vec![("Name", &*self.name)];
        form.extend(self.parent_folder_id.as_ref().map(|id| ("ParentFolderID", id.as_str())));
        form.push(("Description", &self.description));
        form.extend(tags(&self.tags));
        request.form(form)
    }
}

/// Tags in a form (Boomi: File Sharing API reference 1.16, Folder). None are sent as an empty one.
pub(super) fn tags(tags: &[Box<str>]) -> impl Iterator<Item = (&'static str, &str)> {
    let none = tags.is_empty().then_some("");
    tags.iter().map(|tag| &**tag).chain(none).map(|tag| ("Tags[]", tag))
}
