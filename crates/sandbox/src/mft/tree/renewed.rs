//! Folders that get another id, as one that was deleted and restored.

use super::Tree;
use crate::mft::id::Id;
use crate::mft::node::{FolderType, Kind};

impl Tree {
    /// The folders that belong to nobody but their users.
    pub(crate) fn regular_folders(&self) -> Vec<Id> {
        let regular = |kind: &Kind| matches!(kind, Kind::Folder(folder) if folder.folder_type == FolderType::Regular);
        let mut ids: Vec<Id> = self
            .below(self.root)
            .into_iter()
            .filter(|node| regular(&node.kind))
            .map(|node| node.id)
            .collect();
        ids.sort_unstable();
        ids
    }

    /// Gives a folder another id. What lies in it stays in it.
    pub(crate) fn renew(&mut self, old: Id, new: Id) {
        let Some(mut node) = self.nodes.remove(&old) else {
            return;
        };
        node.id = new;
        let parent = node.parent;
        let children: Vec<Id> = match &node.kind {
            Kind::Folder(folder) => folder.children.values().copied().collect(),
            Kind::File(_) => Vec::new(),
        };
        self.nodes.insert(new, node);
        for child in children {
            if let Some(child) = self.nodes.get_mut(&child) {
                child.parent = Some(new);
            }
        }
        let siblings = parent.and_then(|parent| self.folder_mut(parent));
        for id in siblings.into_iter().flat_map(|folder| folder.children.values_mut()) {
            if *id == old {
                *id = new;
            }
        }
    }
}
