//! The tree as it is written down: each node by itself, and where it belongs.

use std::collections::HashMap;
use std::io;

use super::{Node, NodeId, Tree};
use crate::blob::Blob;
use crate::data::{Lines, Rows, Table};
use crate::filescom::path::NameKey;

impl Tree {
    /// Takes up the tree that was written down.
    ///
    /// # Errors
    /// When it is no tree, or content is missing.
    pub(crate) fn read(rows: &mut Rows) -> io::Result<Self> {
        let mut nodes: HashMap<NodeId, Node> = rows.table(TABLE)?;
        for file in nodes.values_mut().filter_map(Node::file_mut) {
            rows.adopt(&mut file.blob)?;
        }
        let tops: Vec<NodeId> =
            nodes.values().filter(|node| node.parent.is_none()).map(|node| node.id).collect();
        let [root] = *tops else {
            return Err(rows.broken(&"there is not one root of the Files.com tree"));
        };
        let unhashed =
            nodes.values().filter(|node| is_unhashed(node)).map(|node| node.id).collect();
        let mut tree = Self { nodes: Table::from(nodes), root, unhashed };
        if !tree.connect() {
            return Err(rows.broken(&"the Files.com tree does not hang together"));
        }
        Ok(tree)
    }

    /// Content of which the MD5 was not known when it was written down.
    pub(crate) fn unhashed(&self) -> Vec<Blob> {
        let nodes = self.unhashed.iter().filter_map(|id| self.nodes.get(id));
        nodes.filter_map(Node::file).map(|file| file.blob.clone()).collect()
    }

    /// # Errors
    /// When the lines cannot be written.
    pub(crate) fn write(&mut self, lines: &mut Lines<'_>) -> io::Result<()> {
        self.unhashed.retain(|id| match self.nodes.get(id) {
            Some(node) if is_unhashed(node) => true,
            Some(_) => {
                self.nodes.touch(id);
                false
            }
            None => false,
        });
        let touched = self.nodes.touched();
        let unhashed = touched.filter(|id| self.nodes.get(id).is_some_and(is_unhashed));
        self.unhashed.extend(unhashed);
        self.nodes.write(TABLE, lines)
    }

    /// Enters every node where it belongs; tells whether all are found from the root.
    fn connect(&mut self) -> bool {
        let entries: Vec<(NodeId, Option<NodeId>, NameKey, bool)> = self
            .nodes
            .iter()
            .map(|(id, node)| (*id, node.parent, NameKey::of(&node.name, true), node.is_folder()))
            .collect();
        for (id, parent, key, is_folder) in entries {
            let parent = parent.and_then(|parent| self.nodes.unwritten_mut(&parent));
            if let Some(children) = parent.and_then(Node::children_mut) {
                children.of_kind(is_folder).insert(key, id);
            }
        }
        let keyed = self.nodes.iter().all(|(id, node)| *id == node.id);
        let top = self.nodes.get(&self.root).is_some_and(Node::is_folder);
        keyed && top && self.below(self.root).len() + 1 == self.nodes.len()
    }
}

fn is_unhashed(node: &Node) -> bool {
    node.file().is_some_and(|file| file.blob.md5().is_none())
}

const TABLE: &str = "filescom.nodes";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::written;
    use crate::filescom::tree::{Author, Content, FileContent, Stamp};

    /// Large content is hashed after its upload was answered.
    #[tokio::test]
    async fn an_md5_that_comes_late_is_written_when_it_is_there() {
        let part = Blob::from(bytes::Bytes::from("part"));
        let blob = Blob::concat([&part, &part]);
        let stamp = Stamp::new(chrono::DateTime::UNIX_EPOCH, Author::Key(1));
        let mut tree = Tree::new(1, stamp.clone());
        tree.track();
        let file = FileContent { blob: blob.clone(), etag: String::new(), looks_left: 0 };
        let content = Content::File(file);
        tree.attach(1, Node { id: 2, parent: None, name: "large".to_owned(), content, stamp });
        let mut write = |whole| written(whole, |lines| tree.write(lines));
        assert!(write(false).contains("\"md5\":null"));
        assert_eq!(write(false), "");
        assert!(write(true).contains("\"md5\":null"));
        blob.hash().await.unwrap();
        let text = write(false);
        assert!(text.contains("\"large\"") && !text.contains("\"md5\":null"), "{text}");
        assert_eq!(write(false), "");
    }
}
