//! The tree of the in-memory backend: an ordered map from paths to nodes.

use std::collections::BTreeMap;

use bytes::Bytes;
use chrono::{DateTime, Utc};

use crate::{Changes, Entry, Error, ErrorKind, OnConflict, RemotePath, Result, WriteOptions};

/// Every entry by its path. The root is not in it: it is always there.
#[derive(Default)]
pub(super) struct Tree {
    nodes: BTreeMap<RemotePath, Node>,
    changes: u64,
}

#[derive(Clone)]
struct Node {
    entry: Entry,
    bytes: Bytes,
}

impl Tree {
    pub(super) fn len(&self) -> usize {
        self.nodes.len()
    }

    pub(super) fn entry(&self, path: &RemotePath) -> Result<Entry> {
        if path.is_root() {
            return Ok(Entry::folder(RemotePath::root()));
        }
        Ok(self.node(path)?.entry.clone())
    }

    pub(super) fn file(&self, path: &RemotePath) -> Result<(Entry, Bytes)> {
        let entry = self.entry(path)?;
        if entry.is_folder() {
            return Err(Error::new(ErrorKind::IsAFolder, "it is a folder"));
        }
        Ok((entry, self.node(path)?.bytes.clone()))
    }

    pub(super) fn children(&self, folder: &RemotePath) -> Result<Vec<Entry>> {
        self.need_folder(folder)?;
        let entries = self.below(folder).map(|(_, node)| &node.entry);
        Ok(entries.filter(|e| e.path.parent().as_ref() == Some(folder)).cloned().collect())
    }

    /// Makes the folders that are missing, if that is wanted.
    pub(super) fn prepare_file_place(
        &mut self,
        file: &RemotePath,
        options: &WriteOptions,
    ) -> Result<()> {
        match self.entry(file) {
            Ok(there) if there.is_folder() => {
                Err(Error::new(ErrorKind::IsAFolder, "a folder stands there"))
            }
            Ok(_) if options.on_conflict == OnConflict::Fail => Err(exists()),
            _ => self.need_parent(file, options.parents),
        }
    }

    pub(super) fn put(
        &mut self,
        file: &RemotePath,
        bytes: Bytes,
        options: &WriteOptions,
        now: DateTime<Utc>,
    ) {
        let mut entry = Entry::file(file.clone());
        entry.size = Some(bytes.len() as u64);
        entry.modified = Some(options.modified.unwrap_or(now));
        entry.created = self.nodes.get(file).map_or(Some(now), |node| node.entry.created);
        entry.version = Some(self.next_version());
        entry.description = options.description.clone().map(Into::into);
        entry.tags = options.tags.iter().map(|tag| tag.as_str().into()).collect();
        entry.properties = options.properties.clone();
        self.nodes.insert(file.clone(), Node { entry, bytes });
    }

    pub(super) fn create_folder(&mut self, folder: &RemotePath, parents: bool) -> Result<Entry> {
        match self.entry(folder) {
            Ok(there) if there.is_folder() => Ok(there),
            Ok(_) => Err(exists()),
            Err(_) => {
                self.need_parent(folder, parents)?;
                let mut entry = Entry::folder(folder.clone());
                entry.version = Some(self.next_version());
                self.nodes
                    .insert(folder.clone(), Node { entry: entry.clone(), bytes: Bytes::new() });
                Ok(entry)
            }
        }
    }

    pub(super) fn need_parent(&mut self, path: &RemotePath, create: bool) -> Result<()> {
        let Some(parent) = path.parent() else {
            return Ok(());
        };
        if create {
            return self.create_folder(&parent, true).map(drop);
        }
        self.need_folder(&parent)
    }

    pub(super) fn delete(&mut self, path: &RemotePath, recursive: bool) -> Result<()> {
        if path.is_root() {
            return Err(Error::new(ErrorKind::Invalid, "the root cannot be deleted"));
        }
        self.node(path)?;
        let doomed: Vec<_> = self.below(path).map(|(below, _)| below.clone()).collect();
        if !doomed.is_empty() && !recursive {
            return Err(Error::new(ErrorKind::NotEmpty, "the folder is not empty"));
        }
        for below in doomed.iter().chain([path]) {
            self.nodes.remove(below);
        }
        Ok(())
    }

    pub(super) fn check_destination(
        &self,
        source: &Entry,
        to: &RemotePath,
        on_conflict: OnConflict,
    ) -> Result<()> {
        if to.below(&source.path).is_some() {
            let message = "the destination is the source itself or lies in it";
            return Err(Error::new(ErrorKind::Invalid, message));
        }
        match self.entry(to) {
            Err(_) => Ok(()),
            Ok(there)
                if source.is_file() && there.is_file() && on_conflict == OnConflict::Replace =>
            {
                Ok(())
            }
            Ok(_) => Err(exists()),
        }
    }

    pub(super) fn rename(&mut self, from: &RemotePath, to: &RemotePath) {
        self.copy(from, to);
        let moved: Vec<_> = self.below(from).map(|(below, _)| below.clone()).collect();
        for path in moved.iter().chain([from]) {
            self.nodes.remove(path);
        }
    }

    pub(super) fn copy(&mut self, from: &RemotePath, to: &RemotePath) {
        let whole = self.nodes.get(from).into_iter().chain(self.below(from).map(|(_, node)| node));
        let copies: Vec<_> = whole
            .filter_map(|node| {
                let path = to.join_path(&node.entry.path.below(from)?);
                let entry = Entry { path, ..node.entry.clone() };
                Some(Node { entry, bytes: node.bytes.clone() })
            })
            .collect();
        self.nodes.extend(copies.into_iter().map(|node| (node.entry.path.clone(), node)));
    }

    pub(super) fn update(&mut self, path: &RemotePath, changes: Changes) -> Result<Entry> {
        if path.is_root() {
            return Err(Error::new(ErrorKind::Invalid, "the root cannot be changed"));
        }
        let node = self.nodes.get_mut(path).ok_or_else(missing)?;
        if let Some(modified) = changes.modified {
            node.entry.modified = Some(modified);
        }
        if let Some(properties) = changes.properties {
            node.entry.properties = properties;
        }
        if let Some(description) = changes.description {
            node.entry.description = (!description.is_empty()).then(|| description.into());
        }
        if let Some(tags) = changes.tags {
            node.entry.tags = tags.into_iter().map(Into::into).collect();
        }
        Ok(node.entry.clone())
    }

    fn need_folder(&self, path: &RemotePath) -> Result<()> {
        match self.entry(path)? {
            entry if entry.is_folder() => Ok(()),
            _ => Err(Error::new(ErrorKind::NotAFolder, "it is a file")),
        }
    }

    fn node(&self, path: &RemotePath) -> Result<&Node> {
        self.nodes.get(path).ok_or_else(missing)
    }

    fn below<'a>(
        &'a self,
        folder: &'a RemotePath,
    ) -> impl Iterator<Item = (&'a RemotePath, &'a Node)> {
        self.nodes.iter().filter(move |(path, _)| *path != folder && path.below(folder).is_some())
    }

    fn next_version(&mut self) -> Box<str> {
        self.changes += 1;
        self.changes.to_string().into()
    }
}

fn missing() -> Error {
    Error::new(ErrorKind::NotFound, "there is nothing here")
}

fn exists() -> Error {
    Error::new(ErrorKind::AlreadyExists, "something stands there already")
}
