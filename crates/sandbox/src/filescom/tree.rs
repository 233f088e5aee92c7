//! The content of a site: folders and files, found by how the service compares names.

mod written;

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::ops::Bound;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::path::{NameKey, SitePath};
use crate::blob::Blob;
use crate::data::Table;

/// All folders and files of a site.
#[derive(Debug)]
pub(crate) struct Tree {
    nodes: Table<NodeId, Node>,
    root: NodeId,
    /// Files that were written down before their MD5 was known.
    unhashed: BTreeSet<NodeId>,
}

pub(crate) type NodeId = i64;

/// A folder or a file.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Node {
    pub(crate) id: NodeId,
    pub(crate) parent: Option<NodeId>,
    pub(crate) name: String,
    pub(crate) content: Content,
    pub(crate) stamp: Stamp,
}

/// What is told of a folder or file besides its content.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Stamp {
    pub(crate) created_at: DateTime<Utc>,
    pub(crate) created_by: Author,
    pub(crate) modified_at: DateTime<Utc>,
    pub(crate) modified_by: Option<Author>,
    pub(crate) provided_mtime: Option<DateTime<Utc>>,
    pub(crate) custom_metadata: Map<String, Value>,
    pub(crate) priority_color: Option<String>,
}

/// Whose key or session did it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Author {
    Key(i64),
    User(i64),
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Content {
    /// Not written down: each entry tells where it is.
    Folder(#[serde(skip)] Children),
    File(FileContent),
}

/// Names compare equal across both maps: a file and a folder cannot share one.
#[derive(Debug, Clone, Default)]
pub(crate) struct Children {
    folders: BTreeMap<NameKey, NodeId>,
    files: BTreeMap<NameKey, NodeId>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct FileContent {
    pub(crate) blob: Blob,
    /// The storage ETag, without quotes.
    pub(crate) etag: String,
    /// Looks at the file until its checksums appear.
    pub(crate) looks_left: u32,
}

/// Where an entry stands in the default order of a listing: folders first, then by name.
pub(crate) type Place = (bool, NameKey);

impl Tree {
    pub(crate) fn new(root: NodeId, stamp: Stamp) -> Self {
        let node = Node {
            id: root,
            parent: None,
            name: String::new(),
            content: Content::Folder(Children::default()),
            stamp,
        };
        let nodes = Table::from(HashMap::from([(root, node)]));
        Self { nodes, root, unhashed: BTreeSet::new() }
    }

    pub(crate) fn root(&self) -> NodeId {
        self.root
    }

    pub(crate) fn find(&self, path: &SitePath) -> Option<&Node> {
        let root = self.nodes.get(&self.root)?;
        path.keys().iter().try_fold(root, |node, key| {
            let child = node.children()?.find(key)?;
            self.nodes.get(&child)
        })
    }

    pub(crate) fn find_mut(&mut self, path: &SitePath) -> Option<&mut Node> {
        let id = self.find(path)?.id;
        self.nodes.get_mut(&id)
    }

    pub(crate) fn node(&self, id: NodeId) -> Option<&Node> {
        self.nodes.get(&id)
    }

    pub(crate) fn node_mut(&mut self, id: NodeId) -> Option<&mut Node> {
        self.nodes.get_mut(&id)
    }

    /// The path of a node, each name in the spelling it was first given.
    pub(crate) fn path_of(&self, id: NodeId) -> SitePath {
        let mut names = Vec::new();
        let mut at = self.nodes.get(&id);
        while let Some(node) = at {
            if node.parent.is_some() {
                names.push(node.name.as_str());
            }
            at = node.parent.and_then(|parent| self.nodes.get(&parent));
        }
        names.iter().rev().copied().collect()
    }

    /// The entry of this name in a folder.
    pub(crate) fn child(&self, folder: NodeId, name: &str) -> Option<&Node> {
        let children = self.nodes.get(&folder)?.children()?;
        self.nodes.get(&children.find(&NameKey::of(name, true))?)
    }

    /// Puts a node into the folder `parent`. The name must be free.
    pub(crate) fn attach(&mut self, parent: NodeId, mut node: Node) {
        node.parent = Some(parent);
        let key = NameKey::of(&node.name, true);
        let (id, is_folder) = (node.id, node.is_folder());
        if let Some(children) = self.nodes.unwritten_mut(&parent).and_then(Node::children_mut) {
            children.of_kind(is_folder).insert(key, id);
            self.nodes.insert(id, node);
        }
    }

    /// Notes from now on what changes.
    pub(crate) fn track(&mut self) {
        self.nodes.track();
    }

    /// Takes a node and all below it out of the tree.
    pub(crate) fn remove(&mut self, id: NodeId) {
        self.unlink(id);
        let mut doomed = vec![id];
        while let Some(id) = doomed.pop() {
            if let Some(node) = self.nodes.remove(&id) {
                doomed.extend(node.children().into_iter().flat_map(Children::ids));
            }
        }
    }

    /// Moves a node, and all below it, to another folder or another name.
    pub(crate) fn relink(&mut self, id: NodeId, parent: NodeId, name: &str) {
        self.unlink(id);
        if let Some(mut node) = self.nodes.remove(&id) {
            node.name = name.to_owned();
            self.attach(parent, node);
        }
    }

    fn unlink(&mut self, id: NodeId) {
        let place = self.nodes.get(&id).and_then(|node| {
            let key = NameKey::of(&node.name, true);
            Some((node.parent?, key, node.is_folder()))
        });
        if let Some((parent, key, is_folder)) = place
            && let Some(children) = self.nodes.unwritten_mut(&parent).and_then(Node::children_mut)
        {
            children.of_kind(is_folder).remove(&key);
        }
    }

    /// The entries of a folder in default order, those after `place` if one is given.
    pub(crate) fn after<'a>(
        &'a self,
        folder: &'a Node,
        place: Option<&Place>,
    ) -> impl Iterator<Item = &'a Node> {
        let bound = |is_folder: bool| match place {
            None => Some(Bound::Unbounded),
            Some((kind, key)) if *kind == is_folder => Some(Bound::Excluded(key)),
            // Folders come first: a place among files has all folders behind it.
            Some((kind, _)) => kind.then_some(Bound::Unbounded),
        };
        let range = |is_folder: bool| {
            let children = folder.children()?;
            let map = children.kind(is_folder);
            let bound = bound(is_folder)?;
            Some(map.range::<NameKey, _>((bound, Bound::Unbounded)))
        };
        let (folders, files) = (range(true), range(false));
        let ids = folders.into_iter().flatten().chain(files.into_iter().flatten());
        ids.filter_map(|(_, id)| self.nodes.get(id))
    }

    /// All nodes below a folder, parents before their children.
    pub(crate) fn below(&self, id: NodeId) -> Vec<&Node> {
        let mut found = Vec::new();
        let mut open = vec![id];
        while let Some(id) = open.pop() {
            for node in self.node(id).into_iter().flat_map(|node| self.after(node, None)) {
                found.push(node);
                open.push(node.id);
            }
        }
        found
    }
}

impl Node {
    pub(crate) fn is_folder(&self) -> bool {
        matches!(self.content, Content::Folder(_))
    }

    pub(crate) fn children(&self) -> Option<&Children> {
        match &self.content {
            Content::Folder(children) => Some(children),
            Content::File(_) => None,
        }
    }

    fn children_mut(&mut self) -> Option<&mut Children> {
        match &mut self.content {
            Content::Folder(children) => Some(children),
            Content::File(_) => None,
        }
    }

    pub(crate) fn file(&self) -> Option<&FileContent> {
        match &self.content {
            Content::Folder(_) => None,
            Content::File(file) => Some(file),
        }
    }

    pub(crate) fn file_mut(&mut self) -> Option<&mut FileContent> {
        match &mut self.content {
            Content::Folder(_) => None,
            Content::File(file) => Some(file),
        }
    }

    pub(crate) fn place(&self) -> Place {
        (self.is_folder(), NameKey::of(&self.name, true))
    }
}

impl Children {
    pub(crate) fn is_empty(&self) -> bool {
        self.folders.is_empty() && self.files.is_empty()
    }

    fn find(&self, key: &NameKey) -> Option<NodeId> {
        let found = self.folders.get(key).or_else(|| self.files.get(key));
        found.copied()
    }

    fn ids(&self) -> impl Iterator<Item = NodeId> {
        self.folders.values().chain(self.files.values()).copied()
    }

    fn kind(&self, is_folder: bool) -> &BTreeMap<NameKey, NodeId> {
        match is_folder {
            true => &self.folders,
            false => &self.files,
        }
    }

    fn of_kind(&mut self, is_folder: bool) -> &mut BTreeMap<NameKey, NodeId> {
        match is_folder {
            true => &mut self.folders,
            false => &mut self.files,
        }
    }
}

impl Stamp {
    pub(crate) fn new(at: DateTime<Utc>, by: Author) -> Self {
        Self {
            created_at: at,
            created_by: by,
            modified_at: at,
            modified_by: None,
            provided_mtime: None,
            custom_metadata: Map::new(),
            priority_color: None,
        }
    }
}
