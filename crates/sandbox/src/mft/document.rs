//! The documents of answers: names, order and types as in the printed samples.

use serde::Serialize;
use serde_json::{Value, json};

use super::access::Access;
use super::account::{Group, User};
use super::date::{DateForm, written};
use super::id::Id;
use super::node::{Kind, Node};
use super::options::MftOptions;
use super::rights::Rights;
use super::tree::Tree;

/// Writes entries as one user sees them.
#[derive(Debug)]
pub(crate) struct Scribe<'a> {
    pub(crate) tree: &'a Tree,
    pub(crate) user: &'a User,
    pub(crate) access: Access<'a>,
    pub(crate) options: &'a MftOptions,
}

/// Which of the two arrays of a listing was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Asked {
    Files,
    Folders,
    Both,
}

impl Asked {
    pub(crate) fn includes(self, node: &Node) -> bool {
        match self {
            Self::Both => true,
            Self::Files => !node.is_folder(),
            Self::Folders => node.is_folder(),
        }
    }
}

/// A file or folder.
#[derive(Debug, Serialize)]
#[serde(untagged)]
pub(crate) enum Document<'a> {
    Folder(FolderDocument<'a>),
    File(FileDocument<'a>),
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct FolderDocument<'a> {
    #[serde(rename = "FolderID")]
    id: Id,
    #[serde(rename = "ParentFolderID")]
    parent: Option<Id>,
    name: &'a str,
    path: String,
    description: &'a str,
    tags: &'a [String],
    size: u64,
    effective_permission: Rights,
    date_created: String,
    date_modified: String,
    #[serde(rename = "CreatedByUserID")]
    created_by: Id,
    #[serde(rename = "ModifiedByUserID")]
    modified_by: Id,
    in_favorite: bool,
    folder_type: u8,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct FileDocument<'a> {
    #[serde(rename = "FileID")]
    id: Id,
    #[serde(rename = "ParentFolderID")]
    parent: Option<Id>,
    name: &'a str,
    description: &'a str,
    path: String,
    tags: &'a [String],
    size: u64,
    effective_permission: Rights,
    date_created: String,
    date_modified: String,
    #[serde(rename = "CreatedByUserID")]
    created_by: Id,
    #[serde(rename = "ModifiedByUserID")]
    modified_by: Id,
    is_quarantined: bool,
    in_favorite: bool,
    is_partially_uploaded: bool,
}

/// What a folder holds.
#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Listing<'a> {
    files: Option<Vec<Document<'a>>>,
    folders: Option<Vec<Document<'a>>>,
}

impl<'a> Scribe<'a> {
    pub(crate) fn entry(&self, node: &'a Node) -> Document<'a> {
        self.entry_at(node, self.tree.path(node.id))
    }

    /// A listing of what was asked for.
    pub(crate) fn listing(
        &self,
        nodes: impl IntoIterator<Item = &'a Node>,
        asked: Asked,
    ) -> Listing<'a> {
        let (mut files, mut folders) = (Vec::new(), Vec::new());
        // Entries of one folder mostly follow each other, and share the way there.
        let mut above: Option<(Option<Id>, String)> = None;
        for node in nodes.into_iter().filter(|node| asked.includes(node)) {
            let parent = node.parent;
            let known = above.take().filter(|(known, _)| *known == parent);
            let (_, folder) = above.insert(known.unwrap_or_else(|| {
                let path = parent.map(|parent| self.tree.path(parent));
                (parent, path.unwrap_or_default())
            }));
            let path = match parent {
                Some(_) => format!("{folder}/{}", node.name),
                None => node.name.clone(),
            };
            let kind = if node.is_folder() { &mut folders } else { &mut files };
            kind.push(self.entry_at(node, path));
        }
        // The array that was not asked for is empty, or null.
        let told = |list, kind| {
            let left_out = asked != Asked::Both && asked != kind && self.options.null_arrays;
            (!left_out).then_some(list)
        };
        Listing { files: told(files, Asked::Files), folders: told(folders, Asked::Folders) }
    }

    fn entry_at(&self, node: &'a Node, path: String) -> Document<'a> {
        let effective_permission = self.access.rights(node.id);
        let date = |date| written(date, self.options.dates);
        let in_favorite = self.user.favorites.contains(&node.id);
        match &node.kind {
            Kind::Folder(folder) => Document::Folder(FolderDocument {
                id: node.id,
                parent: node.parent,
                name: &node.name,
                path,
                description: &node.description,
                tags: &node.tags,
                size: folder.size,
                effective_permission,
                date_created: date(node.created),
                date_modified: date(node.modified),
                created_by: node.created_by,
                modified_by: node.modified_by,
                in_favorite,
                folder_type: folder.folder_type.number(),
            }),
            Kind::File(file) => Document::File(FileDocument {
                id: node.id,
                parent: node.parent,
                name: &node.name,
                description: &node.description,
                path,
                tags: &node.tags,
                size: file.content.len(),
                effective_permission,
                date_created: date(node.created),
                date_modified: date(node.modified),
                created_by: node.created_by,
                modified_by: node.modified_by,
                is_quarantined: file.quarantined,
                in_favorite,
                is_partially_uploaded: file.partial,
            }),
        }
    }
}

pub(crate) fn user(user: &User, dates: DateForm) -> Value {
    json!({
        "UserId": user.id.to_string(),
        "Name": user.name,
        "DomainUsername": "",
        "FirstName": user.first_name,
        "LastName": user.last_name,
        "FullName": user.full_name(),
        "Email": user.email,
        "Phone": "",
        "CompanyName": user.company,
        "Role": user.role.number(),
        "DateCreated": written(user.created, dates),
        "DateModified": written(user.modified, dates),
        "CreatedByUserId": user.created_by.map(|by| by.to_string()),
        "ModifiedByUserId": user.modified_by.to_string(),
        "DateLastPasswordChanged": written(user.password_changed, dates),
        "PasswordNeverExpires": true,
    })
}

pub(crate) fn group(group: &Group) -> Value {
    json!({
        "Id": group.id.to_string(),
        "Name": group.name,
        "Description": group.description,
        "ModifyRole": group.modify_role,
        "UserGroupType": group.group_type,
    })
}

/// A counted list, as users and groups are answered.
pub(crate) fn counted(items: Vec<Value>) -> Value {
    json!({"Count": items.len(), "Items": items})
}
