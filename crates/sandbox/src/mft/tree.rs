//! The folder tree: nodes by id, children by name, sizes kept up to date.

mod renewed;
mod written;

use std::collections::{BTreeMap, HashMap};

use chrono::{DateTime, Utc};

use super::id::Id;
use super::node::{File, Folder, FolderType, Kind, Node};
use super::refusal::{self, Refusal};
use crate::blob::Blob;
use crate::data::Table;

/// Every file and folder, reachable from one root.
#[derive(Debug)]
pub(crate) struct Tree {
    nodes: Table<Id, Node>,
    root: Id,
    by_case: bool,
}

/// Who makes or changes an entry, and when.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Stamp {
    pub(crate) by: Id,
    pub(crate) at: DateTime<Utc>,
}

impl Tree {
    pub(crate) fn new(root: Id, stamp: Stamp) -> Self {
        let kind = Kind::Folder(Folder::new(FolderType::Root));
        let node = Node::new(root, None, ROOT_NAME, kind, stamp);
        Self { nodes: Table::from(HashMap::from([(root, node)])), root, by_case: false }
    }

    pub(crate) fn root(&self) -> Id {
        self.root
    }

    pub(crate) fn len(&self) -> usize {
        self.nodes.len()
    }

    /// Notes from now on what changes.
    pub(crate) fn track(&mut self) {
        self.nodes.track();
    }

    /// Whether names that differ only in case are two names.
    pub(crate) fn set_by_case(&mut self, by_case: bool) {
        self.by_case = by_case;
        self.connect();
    }

    /// Enters every node in its folder.
    fn connect(&mut self) {
        let mut names: Vec<(Id, Id, String)> = self
            .nodes
            .values()
            .filter_map(|node| Some((node.parent?, node.id, node.name.clone())))
            .collect();
        // Which of two names that have become one comes first must not be left to chance.
        names.sort_unstable();
        for node in self.nodes.all_unwritten_mut() {
            if let Kind::Folder(folder) = &mut node.kind {
                folder.children.clear();
            }
        }
        for (parent, id, name) in names {
            let mut key = self.key(&name);
            if let Some(folder) = self.folder_mut(parent) {
                // Two names that have become one both stay reachable.
                while folder.children.contains_key(&key) {
                    key.push('\u{0}');
                }
                folder.children.insert(key, id);
            }
        }
    }

    pub(crate) fn node(&self, id: Id) -> Option<&Node> {
        self.nodes.get(&id)
    }

    pub(crate) fn node_mut(&mut self, id: Id) -> Option<&mut Node> {
        self.nodes.get_mut(&id)
    }

    pub(crate) fn folder(&self, id: Id) -> Option<(&Node, &Folder)> {
        let node = self.nodes.get(&id)?;
        match &node.kind {
            Kind::Folder(folder) => Some((node, folder)),
            Kind::File(_) => None,
        }
    }

    pub(crate) fn file(&self, id: Id) -> Option<(&Node, &File)> {
        let node = self.nodes.get(&id)?;
        match &node.kind {
            Kind::File(file) => Some((node, file)),
            Kind::Folder(_) => None,
        }
    }

    pub(crate) fn file_mut(&mut self, id: Id) -> Option<&mut File> {
        match &mut self.nodes.get_mut(&id)?.kind {
            Kind::File(file) => Some(file),
            Kind::Folder(_) => None,
        }
    }

    /// The entries of a folder in the order of their names; none for what is no folder.
    pub(crate) fn children(&self, folder: Id) -> impl Iterator<Item = &Node> {
        self.folder(folder)
            .into_iter()
            .flat_map(|(_, folder)| folder.children.values())
            .filter_map(|id| self.nodes.get(id))
    }

    pub(crate) fn child(&self, folder: Id, name: &str) -> Option<&Node> {
        let (_, folder) = self.folder(folder)?;
        self.nodes.get(folder.children.get(&self.key(name))?)
    }

    /// The entry and all above it, upwards to the root.
    pub(crate) fn lineage(&self, id: Id) -> impl Iterator<Item = &Node> {
        let mut next = self.nodes.get(&id);
        std::iter::from_fn(move || {
            let node = next?;
            next = node.parent.and_then(|parent| self.nodes.get(&parent));
            Some(node)
        })
    }

    /// From the top of the tree, without a leading slash: "FOLDERS/HOME/Admin".
    pub(crate) fn path(&self, id: Id) -> String {
        let mut names: Vec<&str> = self.lineage(id).map(|node| node.name.as_str()).collect();
        names.reverse();
        names.join("/")
    }

    /// The entry at a path such as "FOLDERS/HOME/Admin"; slashes at the ends do not matter.
    pub(crate) fn find(&self, path: &str) -> Option<Id> {
        let mut names = path.split('/').filter(|name| !name.is_empty());
        let first = names.next()?;
        if self.key(first) != self.key(ROOT_NAME) {
            return None;
        }
        names.try_fold(self.root, |folder, name| Some(self.child(folder, name)?.id))
    }

    /// Everything below a folder, parents before children, names in order.
    pub(crate) fn below(&self, folder: Id) -> Vec<&Node> {
        let mut found = Vec::new();
        let mut waiting: Vec<&Node> = self.children(folder).collect();
        waiting.reverse();
        while let Some(node) = waiting.pop() {
            found.push(node);
            let from = waiting.len();
            waiting.extend(self.children(node.id));
            if let Some(added) = waiting.get_mut(from..) {
                added.reverse();
            }
        }
        found
    }

    /// # Errors
    /// When the parent is no folder, or the name is unfit or taken.
    pub(crate) fn add_folder(
        &mut self,
        id: Id,
        parent: Id,
        name: &str,
        folder_type: FolderType,
        stamp: Stamp,
    ) -> Result<Id, Refusal> {
        let kind = Kind::Folder(Folder::new(folder_type));
        self.add(Node::new(id, Some(parent), name, kind, stamp))
    }

    /// # Errors
    /// As for a folder.
    pub(crate) fn add_file(
        &mut self,
        id: Id,
        parent: Id,
        name: &str,
        content: Blob,
        stamp: Stamp,
    ) -> Result<Id, Refusal> {
        let size = content.len();
        let kind = Kind::File(File::new(content));
        let id = self.add(Node::new(id, Some(parent), name, kind, stamp))?;
        self.resize(parent, 0, size);
        Ok(id)
    }

    /// Puts other content in place; false when the id names no file.
    pub(crate) fn replace(&mut self, id: Id, content: Blob, stamp: Stamp) -> bool {
        let after = content.len();
        let Some(node) = self.nodes.get_mut(&id) else {
            return false;
        };
        let Kind::File(file) = &mut node.kind else {
            return false;
        };
        let before = file.content.len();
        file.content = content;
        node.modified = stamp.at;
        node.modified_by = stamp.by;
        if let Some(parent) = node.parent {
            self.resize(parent, before, after);
        }
        true
    }

    /// Gives an entry another name, another folder, or both.
    ///
    /// # Errors
    /// When the folder is none or lies within the entry, or the name is unfit or taken.
    pub(crate) fn relocate(&mut self, id: Id, parent: Id, name: &str) -> Result<(), Refusal> {
        check_name(name)?;
        let Some(node) = self.nodes.get(&id) else {
            return Err(Refusal::invalid_file(&id.to_string()));
        };
        let Some(from) = node.parent else {
            return Err(Refusal::new(refusal::FIXED, "The root cannot be moved."));
        };
        let (size, old_name) = (node.size(), node.name.clone());
        if self.folder(parent).is_none() {
            return Err(Refusal::invalid_folder(&parent.to_string()));
        }
        if self.lineage(parent).any(|above| above.id == id) {
            return Err(Refusal::new(
                refusal::INTO_ITSELF,
                "A folder cannot be moved into itself.",
            ));
        }
        if self.child(parent, name).is_some_and(|there| there.id != id) {
            return Err(name_taken(name));
        }
        self.unlink(from, id, &old_name);
        self.resize(from, size, 0);
        let key = self.key(name);
        if let Some(folder) = self.folder_mut(parent) {
            folder.children.insert(key, id);
        }
        self.resize(parent, 0, size);
        if let Some(node) = self.nodes.get_mut(&id) {
            node.parent = Some(parent);
            name.clone_into(&mut node.name);
        }
        Ok(())
    }

    /// Removes an entry with all below it; returns the ids that are gone.
    pub(crate) fn remove(&mut self, id: Id) -> Vec<Id> {
        let Some(node) = self.nodes.get(&id) else {
            return Vec::new();
        };
        let Some(parent) = node.parent else {
            return Vec::new();
        };
        let (size, name) = (node.size(), node.name.clone());
        let mut gone: Vec<Id> = self.below(id).iter().map(|node| node.id).collect();
        gone.push(id);
        self.unlink(parent, id, &name);
        self.resize(parent, size, 0);
        for id in &gone {
            self.nodes.remove(id);
        }
        gone
    }

    fn add(&mut self, node: Node) -> Result<Id, Refusal> {
        check_name(&node.name)?;
        let (id, key) = (node.id, self.key(&node.name));
        let parent = node.parent.unwrap_or(self.root);
        let taken = name_taken(&node.name);
        let Some(folder) = self.folder_mut(parent) else {
            return Err(Refusal::invalid_folder(&parent.to_string()));
        };
        if folder.children.contains_key(&key) {
            return Err(taken);
        }
        folder.children.insert(key, id);
        self.nodes.insert(id, node);
        Ok(id)
    }

    fn unlink(&mut self, parent: Id, id: Id, name: &str) {
        let key = self.key(name);
        if let Some(folder) = self.folder_mut(parent) {
            if folder.children.get(&key) == Some(&id) {
                folder.children.remove(&key);
            } else {
                folder.children.retain(|_, child| *child != id);
            }
        }
    }

    fn resize(&mut self, folder: Id, before: u64, after: u64) {
        let mut next = Some(folder);
        while let Some(node) = next.and_then(|id| self.nodes.unwritten_mut(&id)) {
            if let Kind::Folder(folder) = &mut node.kind {
                folder.size = (folder.size + after).saturating_sub(before);
            }
            next = node.parent;
        }
    }

    /// The folder, of which only what is not written down may be changed.
    fn folder_mut(&mut self, id: Id) -> Option<&mut Folder> {
        match &mut self.nodes.unwritten_mut(&id)?.kind {
            Kind::Folder(folder) => Some(folder),
            Kind::File(_) => None,
        }
    }

    fn key(&self, name: &str) -> String {
        if self.by_case { name.to_owned() } else { name.to_lowercase() }
    }
}

/// Children under their comparison key.
pub(crate) type Children = BTreeMap<String, Id>;

/// # Errors
/// When no entry can have this name.
pub(crate) fn check_name(name: &str) -> Result<(), Refusal> {
    let unfit = name.trim().is_empty()
        || name == "."
        || name == ".."
        || name.chars().count() > LONGEST_NAME
        || name.chars().any(|c| matches!(c, '/' | '\\') || c.is_control());
    if unfit {
        return Err(Refusal::new(
            refusal::NAME_INVALID,
            "The name is empty, too long or has forbidden characters.",
        ));
    }
    Ok(())
}

pub(crate) fn name_taken(name: &str) -> Refusal {
    Refusal::new(
        refusal::NAME_TAKEN,
        format!("An entry named '{name}' already exists in the folder."),
    )
}

pub(crate) const ROOT_NAME: &str = "FOLDERS";
/// The limit of the service is unknown; this is the usual one of file systems.
const LONGEST_NAME: usize = 255;

#[cfg(test)]
mod tests;
