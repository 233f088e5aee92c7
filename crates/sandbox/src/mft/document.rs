//! The documents of answers: names, order and types as in the printed samples.

use serde_json::{Value, json};

use super::access::Access;
use super::account::{Group, User};
use super::date::{DateForm, written};
use super::id::Id;
use super::node::{Kind, Node};
use super::options::MftOptions;
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

impl Scribe<'_> {
    pub(crate) fn entry(&self, node: &Node) -> Value {
        self.entry_at(node, &self.tree.path(node.id))
    }

    /// A listing of what was asked for.
    pub(crate) fn listing<'n>(
        &self,
        nodes: impl IntoIterator<Item = &'n Node>,
        asked: Asked,
    ) -> Value {
        let (mut files, mut folders) = (Vec::new(), Vec::new());
        // Entries of one folder mostly follow each other, and share the way there.
        let mut above: Option<(Option<Id>, String)> = None;
        for node in nodes {
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
            match (node.is_folder(), asked) {
                (true, Asked::Both | Asked::Folders) => folders.push(self.entry_at(node, &path)),
                (false, Asked::Both | Asked::Files) => files.push(self.entry_at(node, &path)),
                _ => {}
            }
        }
        let none = if self.options.null_arrays { Value::Null } else { json!([]) };
        match asked {
            Asked::Both => json!({"Files": files, "Folders": folders}),
            Asked::Files => json!({"Files": files, "Folders": none}),
            Asked::Folders => json!({"Files": none, "Folders": folders}),
        }
    }

    fn entry_at(&self, node: &Node, path: &str) -> Value {
        let rights = self.access.rights(node.id).bits();
        let dates = self.options.dates;
        let favorite = self.user.favorites.contains(&node.id);
        let parent = node.parent.map(|parent| parent.to_string());
        match &node.kind {
            Kind::Folder(folder) => json!({
                "FolderID": node.id.to_string(),
                "ParentFolderID": parent,
                "Name": node.name,
                "Path": path,
                "Description": node.description,
                "Tags": node.tags,
                "Size": folder.size,
                "EffectivePermission": rights,
                "DateCreated": written(node.created, dates),
                "DateModified": written(node.modified, dates),
                "CreatedByUserID": node.created_by.to_string(),
                "ModifiedByUserID": node.modified_by.to_string(),
                "InFavorite": favorite,
                "FolderType": folder.folder_type.number(),
            }),
            Kind::File(file) => json!({
                "FileID": node.id.to_string(),
                "ParentFolderID": parent,
                "Name": node.name,
                "Description": node.description,
                "Path": path,
                "Tags": node.tags,
                "Size": file.content.len(),
                "EffectivePermission": rights,
                "DateCreated": written(node.created, dates),
                "DateModified": written(node.modified, dates),
                "CreatedByUserID": node.created_by.to_string(),
                "ModifiedByUserID": node.modified_by.to_string(),
                "IsQuarantined": file.quarantined,
                "InFavorite": favorite,
                "IsPartiallyUploaded": file.partial,
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
