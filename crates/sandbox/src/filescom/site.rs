//! The state of a site: one value, so that it can be put aside and taken up again.

use std::collections::HashMap;
use std::io;

use chrono::{DateTime, Utc};

use super::actions::{LogEntry, Migration};
use super::auth::{ApiKey, Rights, Secret, Session};
use super::locks::Lock;
use super::path::SitePath;
use super::problem::Problem;
use super::records::{self, Records};
use super::seed;
use super::storage::Link;
use super::tree::{Author, Children, Content, FileContent, Node, NodeId, Stamp, Tree};
use super::uploads::Upload;
use crate::blob::Blob;
use crate::data::{Kept, Lines, Rows, Table, Watched};
use crate::shared::Shared;

/// Everything a site remembers.
#[derive(Debug)]
pub(crate) struct Site {
    pub(crate) tree: Tree,
    pub(crate) keys: Watched<Vec<ApiKey>>,
    /// Not kept, as a restart of the service would end them.
    pub(crate) sessions: HashMap<String, Session>,
    pub(crate) uploads: Table<String, Upload>,
    /// Parts that came since the state was last written down.
    new_parts: Vec<(String, u32)>,
    /// Not kept: they live for a minute.
    pub(crate) links: HashMap<String, Link>,
    pub(crate) migrations: Table<i64, Migration>,
    /// Numbered from 0.
    pub(crate) logs: Table<u64, LogEntry>,
    pub(crate) locks: Watched<Vec<Lock>>,
    pub(crate) records: Records,
}

impl Site {
    pub(crate) fn new(shared: &Shared) -> Self {
        let born = Stamp::new(seed::beginning(), Author::User(ADMIN));
        let mut site = Self::with(Tree::new(shared.ids.number(), born), keys(shared));
        if shared.options.seed_tree {
            seed::plant(&mut site, shared);
        }
        records::plant(&mut site, shared);
        site
    }

    /// The site that was written down.
    ///
    /// # Errors
    /// When it cannot be read.
    pub(crate) fn read(rows: &mut Rows, shared: &Shared) -> io::Result<Self> {
        let mut keys: Vec<(i64, ApiKey)> = rows.table(KEYS)?.into_iter().collect();
        keys.sort_unstable_by_key(|(id, _)| *id);
        let keys = keys.into_iter().map(|(_, key)| key).collect();
        let mut site = Self::with(Tree::read(rows)?, keys);
        let mut uploads: HashMap<String, Upload> = rows.table(UPLOADS)?;
        let parts: HashMap<String, Blob> = rows.table(PARTS)?;
        for (name, mut part) in parts {
            let place = name.rsplit_once('/').and_then(|(upload, number)| {
                Some((uploads.get_mut(upload)?, number.parse().ok()?))
            });
            // Parts of uploads that are no more are not told to be gone one by one.
            if let Some((upload, number)) = place {
                rows.adopt(&mut part)?;
                upload.parts.insert(number, part);
            }
        }
        site.uploads = uploads.into();
        site.migrations = rows.table(MIGRATIONS)?.into();
        site.logs = rows.table(LOGS)?.into();
        site.locks = rows.one::<Vec<Lock>>(LOCKS, ALL)?.into();
        site.records = Records::read(rows)?;
        // A site always has users; it had none written down before they were kept.
        if site.records.is_empty() {
            records::plant(&mut site, shared);
        }
        Ok(site)
    }

    fn with(tree: Tree, keys: Vec<ApiKey>) -> Self {
        Self {
            tree,
            keys: keys.into(),
            sessions: HashMap::new(),
            uploads: Table::default(),
            new_parts: Vec::new(),
            links: HashMap::new(),
            migrations: Table::default(),
            logs: Table::default(),
            locks: Vec::new().into(),
            records: Records::new(),
        }
    }

    /// Notes from now on what changes.
    pub(crate) fn track(&mut self) {
        self.tree.track();
        self.uploads.track();
        self.migrations.track();
        self.logs.track();
        self.records.track();
    }

    /// Keeps a part of an upload, in the place of an earlier one of its number.
    pub(crate) fn put_part(&mut self, upload: &str, number: u32, part: Blob) {
        if let Some(open) = self.uploads.unwritten_mut(&upload.to_owned()) {
            open.parts.insert(number, part);
            if self.uploads.is_tracked() {
                self.new_parts.push((upload.to_owned(), number));
            }
        }
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

impl Kept for Site {
    fn write(&mut self, lines: &mut Lines<'_>) -> io::Result<()> {
        self.tree.write(lines)?;
        if self.keys.take_changed() || lines.are_whole() {
            for key in self.keys.iter() {
                lines.small(KEYS, &key.id, key)?;
            }
        }
        self.uploads.write(UPLOADS, lines)?;
        let new = std::mem::take(&mut self.new_parts);
        let new = new.iter().map(|(upload, number)| (upload, *number));
        let uploads = self.uploads.iter();
        let all = uploads
            .flat_map(|(name, upload)| upload.parts.keys().map(move |number| (name, *number)));
        let parts: Vec<(&String, u32)> =
            if lines.are_whole() { all.collect() } else { new.collect() };
        for (name, number) in parts {
            let upload = self.uploads.get(name);
            if let Some(part) = upload.and_then(|upload| upload.parts.get(&number)) {
                lines.put(PARTS, &format!("{name}/{number}"), part)?;
            }
        }
        self.migrations.write(MIGRATIONS, lines)?;
        self.logs.write(LOGS, lines)?;
        if self.locks.take_changed() || lines.are_whole() {
            lines.small(LOCKS, &ALL, &*self.locks)?;
        }
        self.records.write(lines)
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

const KEYS: &str = "filescom.keys";
const UPLOADS: &str = "filescom.uploads";
const PARTS: &str = "filescom.parts";
const MIGRATIONS: &str = "filescom.migrations";
const LOGS: &str = "filescom.migration_logs";
const LOCKS: &str = "filescom.locks";
const ALL: &str = "all";
/// The folder beyond which the restricted key, and the second user, see nothing.
pub(crate) const RESTRICTED_TO: &str = "vendor/acme";
/// The first user's number; the others follow.
pub(crate) const ADMIN: i64 = 1001;
