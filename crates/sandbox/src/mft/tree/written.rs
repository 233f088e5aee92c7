//! The tree as it is written down: each entry by itself, and where it belongs.

use std::collections::HashMap;
use std::io;

use super::Tree;
use crate::data::{Lines, Rows, Table};
use crate::mft::id::Id;
use crate::mft::node::{Kind, Node};

impl Tree {
    /// Takes up the tree that was written down.
    ///
    /// # Errors
    /// When it is no tree, or content is missing.
    pub(crate) fn read(rows: &mut Rows) -> io::Result<Self> {
        let mut nodes: HashMap<Id, Node> = rows.table(TABLE)?;
        for node in nodes.values_mut() {
            if let Kind::File(file) = &mut node.kind {
                rows.adopt(&mut file.content)?;
            }
        }
        let tops: Vec<Id> =
            nodes.values().filter(|node| node.parent.is_none()).map(|node| node.id).collect();
        let [root] = *tops else {
            return Err(rows.broken(&"there is not one root of the MFT tree"));
        };
        let keyed = nodes.iter().all(|(id, node)| *id == node.id);
        let mut tree = Self { nodes: Table::from(nodes), root, by_case: false };
        tree.connect();
        if !keyed || tree.folder(root).is_none() || tree.below(root).len() + 1 != tree.len() {
            return Err(rows.broken(&"the MFT tree does not hang together"));
        }
        let files: Vec<(Option<Id>, u64)> = tree
            .nodes
            .values()
            .filter(|node| !node.is_folder())
            .map(|node| (node.parent, node.size()))
            .collect();
        for (parent, size) in files {
            tree.resize(parent.unwrap_or(root), 0, size);
        }
        Ok(tree)
    }

    /// # Errors
    /// When the lines cannot be written.
    pub(crate) fn write(&mut self, lines: &mut Lines<'_>) -> io::Result<()> {
        self.nodes.write(TABLE, lines)
    }
}

const TABLE: &str = "mft.nodes";
