//! The state of a site: one value, so that it can be put aside and taken up again.

use std::collections::{BTreeMap, HashMap};

use chrono::{DateTime, Utc};

use super::actions::{LogEntry, Migration};
use super::auth::{ApiKey, Rights, Secret, Session};
use super::locks::Lock;
use super::path::SitePath;
use super::problem::Problem;
use super::seed;
use super::storage::Link;
use super::tree::{Author, Children, Content, FileContent, Node, NodeId, Stamp, Tree};
use super::uploads::Upload;
use crate::blob::Blob;
use crate::shared::Shared;

/// Everything a site remembers.
#[derive(Debug)]
pub(crate) struct Site {
    pub(crate) tree: Tree,
    pub(crate) keys: Vec<ApiKey>,
    pub(crate) sessions: HashMap<String, Session>,
    pub(crate) uploads: HashMap<String, Upload>,
    pub(crate) links: HashMap<String, Link>,
    pub(crate) migrations: BTreeMap<i64, Migration>,
    pub(crate) logs: Vec<LogEntry>,
    pub(crate) locks: Vec<Lock>,
}

impl Site {
    pub(crate) fn new(shared: &Shared) -> Self {
        let born = Stamp::new(seed::beginning(), Author::User(ADMIN));
        let mut site = Self {
            tree: Tree::new(shared.ids.number(), born),
            keys: keys(shared),
            sessions: HashMap::new(),
            uploads: HashMap::new(),
            links: HashMap::new(),
            migrations: BTreeMap::new(),
            logs: Vec::new(),
            locks: Vec::new(),
        };
        if shared.options.seed_tree {
            seed::plant(&mut site, shared);
        }
        site
    }

    /// The folder at `path`; made, with its parents, if `make` says so and it is not there.
    pub(crate) fn folder(
        &mut self,
        path: &SitePath,
        make: Option<&Making<'_>>,
    ) -> Result<NodeId, FolderError> {
        let mut id = self.tree.root();
        for name in path.names() {
            id = match (self.tree.child(id, name), make) {
                (Some(node), _) if node.is_folder() => node.id,
                (Some(_), _) => return Err(FolderError::IsAFile),
                (None, None) => return Err(FolderError::Missing),
                (None, Some(making)) => self.add_folder(id, name, making),
            };
        }
        Ok(id)
    }

    /// The folder at `path`, made if need be; files in the way make room.
    pub(crate) fn cleared_folder(&mut self, path: &SitePath, making: &Making<'_>) -> NodeId {
        let mut id = self.tree.root();
        for name in path.names() {
            let there = self.tree.child(id, name);
            let there = there.map(|node| (node.id, node.is_folder()));
            if let Some((file, false)) = there {
                self.tree.remove(file);
            }
            id = match there {
                Some((folder, true)) => folder,
                _ => self.add_folder(id, name, making),
            };
        }
        id
    }

    pub(crate) fn add_folder(&mut self, parent: NodeId, name: &str, making: &Making<'_>) -> NodeId {
        let content = Content::Folder(Children::default());
        self.add(parent, name, content, making)
    }

    /// Puts a file into a folder, in the place of one of the same name if there is one.
    ///
    /// The name keeps the spelling it was first given. Returns whether a file was replaced.
    pub(crate) fn put_file(
        &mut self,
        parent: NodeId,
        name: &str,
        file: FileContent,
        making: &Making<'_>,
    ) -> (NodeId, bool) {
        let old = self.tree.child(parent, name);
        let old = old.map(|old| (old.id, old.name.clone()));
        let name = match &old {
            Some((id, name)) => {
                self.tree.remove(*id);
                name
            }
            None => name,
        };
        let id = self.add(parent, name, Content::File(file), making);
        (id, old.is_some())
    }

    fn add(&mut self, parent: NodeId, name: &str, content: Content, making: &Making<'_>) -> NodeId {
        let id = making.shared.ids.number();
        let node = Node {
            id,
            parent: None,
            name: name.to_owned(),
            content,
            stamp: Stamp::new(making.now, making.author),
        };
        self.tree.attach(parent, node);
        if let Some(folder) = self.tree.node_mut(parent) {
            folder.stamp.modified_at = making.now;
        }
        id
    }
}

/// Who makes something, and when.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Making<'a> {
    pub(crate) shared: &'a Shared,
    pub(crate) author: Author,
    pub(crate) now: DateTime<Utc>,
}

impl<'a> Making<'a> {
    pub(crate) fn new(shared: &'a Shared, author: Author) -> Self {
        Self { shared, author, now: shared.clock.now_in_seconds() }
    }
}

/// Why a folder cannot be entered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum FolderError {
    Missing,
    IsAFile,
}

impl FolderError {
    /// The problem, where the folder is to receive something.
    pub(crate) fn as_destination(self) -> Problem {
        match self {
            Self::Missing => Problem::no_destination_parent(),
            Self::IsAFile => Problem::parent_is_a_file(),
        }
    }
}

impl FileContent {
    /// Content that did not come in parts.
    pub(crate) fn whole(blob: Blob, looks_left: u32) -> Self {
        let md5 = blob.md5().unwrap_or_default();
        Self { etag: multipart_etag(&[md5]), blob, looks_left }
    }
}

/// The ETag storage gives content of several parts: a digest of their digests, and their number.
pub(crate) fn multipart_etag(parts: &[[u8; 16]]) -> String {
    use md5::Digest;
    let digest: [u8; 16] = md5::Md5::digest(parts.concat()).into();
    format!("{}-{}", super::entity::hex(&digest), parts.len())
}

fn keys(shared: &Shared) -> Vec<ApiKey> {
    let secrets = shared.accounts.keys();
    let key = |id, name: &str, secret: &str| ApiKey {
        id,
        name: name.to_owned(),
        description: None,
        secret: Secret(secret.to_owned()),
        rights: Rights::ALL,
        user_id: Some(ADMIN + 1),
        created_at: seed::beginning(),
        expires_at: None,
        last_use_at: None,
        revoked: false,
    };
    let restricted = Rights { root: SitePath::read(RESTRICTED_TO), writes: true };
    let read_only = Rights { root: SitePath::ROOT, writes: false };
    vec![
        ApiKey { user_id: None, ..key(101, "full", &secrets.full) },
        ApiKey { rights: read_only, ..key(102, "read only", &secrets.read_only) },
        ApiKey { rights: restricted, ..key(103, "restricted to vendor/acme", &secrets.restricted) },
        ApiKey { expires_at: Some(seed::beginning()), ..key(104, "expired", &secrets.expired) },
        ApiKey { revoked: true, ..key(105, "revoked", &secrets.revoked) },
    ]
}

/// The folder beyond which the restricted key, and the second user, see nothing.
pub(crate) const RESTRICTED_TO: &str = "vendor/acme";
/// The first user's number; the others follow.
pub(crate) const ADMIN: i64 = 1001;
