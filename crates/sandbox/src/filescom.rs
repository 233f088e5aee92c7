//! The Files.com face and the storage behind it.

mod face;

mod actions;
mod files;
mod folders;
mod listing;
mod locks;
mod sessions;
mod storage;
mod uploads;

mod answer;
mod ask;
mod auth;
mod call;
mod entity;
mod params;
mod path;
mod problem;
mod records;
mod seed;
mod site;
mod tree;

use std::fmt;
use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::Router;
use axum::extract::Request;
use bytes::Bytes;
use serde_json::Value;

use self::auth::{Caller, Rights};
use self::entity::View;
use self::path::SitePath;
use self::site::{ADMIN, Making, Site};
use self::tree::{Author, FileContent};
use crate::blob::Blob;
use crate::data::{Part, Rows};
use crate::many;
use crate::shared::Shared;

pub(crate) use self::problem::title_of;
pub(crate) use self::storage::Signer;

/// The Files.com side of a sandbox: its content, seen and changed from within a test.
///
/// # Readings of its own
///
/// Most answers follow what is published about Files.com or was recorded from it. Where nothing
/// is known the sandbox had to choose, and a client should not rely on it:
///
/// - listing the path of a file: 404 `not-found`;
/// - beginning an upload in a missing folder without `mkdir_parents`: 409
///   `destination-parent-does-not-exist`, as for moves;
/// - `with_rename` stores `NAME_2.ext`, `NAME_3.ext` and so on;
/// - a file is not put in the place of a folder, nor a folder in that of a file, even when
///   overwriting: `destination-exists`;
/// - a folder put into itself: `destination-parent-conflict`;
/// - deleting the root: `bad-request/invalid-path`;
/// - a gap between parts, or a part too small: `invalid-upload-part-gap`,
///   `invalid-upload-part-size`; a wrong total `size`: `request-params-invalid`;
/// - priority colours besides `red`: orange, yellow, green, blue, purple, gray;
/// - users without the right to administer the site see and change what is their own (themselves,
///   their share links, their keys and the like) and the groups they are in; a key that may only
///   read changes nothing;
/// - what starts something (an automation, a sync, a welcome mail) is answered and does nothing;
/// - the texts of errors that were never recorded;
/// - storage signs its addresses with a digest of its own in the form of the real one.
///
/// # Paths
///
/// Paths are written without a slash in front and are compared as the service does, without
/// regard to case and accents. What is planted here needs no permission and obeys no rule.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> std::io::Result<()> {
/// let sandbox = wharf_sandbox::Sandbox::start().await?;
/// sandbox.filescom().put("inbound/a.txt", "abc");
/// let content = sandbox.filescom().content("Inbound/A.TXT").unwrap();
/// assert_eq!(content.bytes().await?, "abc");
/// # Ok(()) }
/// ```
#[derive(Clone)]
pub struct FilesCom {
    shared: Arc<Shared>,
    site: Arc<Mutex<Site>>,
}

impl FilesCom {
    /// # Errors
    /// When what was written before cannot be used.
    pub(crate) fn new(shared: Arc<Shared>, rows: Option<&mut Rows>) -> io::Result<Self> {
        let mut site = match rows {
            Some(rows) => Site::read(rows, &shared)?,
            None => Site::new(&shared),
        };
        if shared.data.is_some() {
            site.track();
        }
        Ok(Self { shared, site: Arc::new(Mutex::new(site)) })
    }

    /// What is kept of this face.
    pub(crate) fn part(&self) -> Part {
        self.site.clone()
    }

    /// Finds out the MD5 of content that was stored without it.
    pub(crate) async fn finish_hashing(self) {
        let unhashed = self.site().tree.unhashed();
        for blob in unhashed {
            // What cannot be read now cannot be downloaded either, which will be heard of.
            let _ = blob.hash().await;
        }
    }

    pub(crate) fn router(&self) -> Router {
        let face = self.clone();
        Router::new().fallback(move |request: Request| face.clone().answer(request))
    }

    pub(crate) fn storage_router(&self) -> Router {
        let face = self.clone();
        Router::new().fallback(move |request: Request| face.clone().store(request))
    }

    pub(crate) fn reset(&self) {
        let mut new = Site::new(&self.shared);
        if self.shared.data.is_some() {
            new.track();
        }
        *self.site() = new;
    }

    /// Puts a file there, in the place of what is there; makes the folders above it. The root
    /// stays what it is.
    pub fn put(&self, path: &str, content: impl AsRef<[u8]>) {
        let path = SitePath::read(path);
        if path.is_root() {
            return;
        }
        let blob = Blob::from(Bytes::copy_from_slice(content.as_ref()));
        let file = FileContent::whole(self.shared.store.keep(blob), 0);
        let making = self.making();
        self.change(|site| {
            let parent = site.cleared_folder(&path.parent(), &making);
            site.put_file(parent, path.name(), file, &making);
        });
    }

    /// Makes a folder, and those above it; files in the way make room.
    pub fn put_folder(&self, path: &str) {
        let making = self.making();
        self.change(|site| site.cleared_folder(&SitePath::read(path), &making));
    }

    /// Makes many files of one content below a folder, in the place of what bears their names.
    ///
    /// They lie in `folders` folders, `files` in each; right in `path` if that is no folder at
    /// all. Their names are `folder-00001`, `file-00001` and so on.
    pub fn put_many(&self, path: &str, folders: u32, files: u32, content: impl AsRef<[u8]>) {
        let blob = Blob::from(Bytes::copy_from_slice(content.as_ref()));
        let file = FileContent::whole(self.shared.store.keep(blob), 0);
        let making = self.making();
        self.change(|site| {
            for folder in many::folders(path, folders) {
                let parent = site.cleared_folder(&SitePath::read(&folder), &making);
                for name in many::files(files) {
                    site.put_file(parent, &name, file.clone(), &making);
                }
            }
        });
    }

    /// The content of a file; `None` if there is no file.
    #[must_use]
    pub fn content(&self, path: &str) -> Option<Blob> {
        let site = self.site();
        let node = site.tree.find(&SitePath::read(path))?;
        Some(node.file()?.blob.clone())
    }

    /// The entity of a folder or file as a full key sees it; `None` if there is nothing.
    #[must_use]
    pub fn entity(&self, path: &str) -> Option<Value> {
        let caller = Caller {
            author: Author::User(ADMIN),
            username: String::new(),
            rights: Rights::ALL,
            key: None,
            user: None,
            admin: true,
        };
        let view = View { caller: &caller, priority_color: true, checksums: true, md5: true };
        let site = self.site();
        let node = site.tree.find(&SitePath::read(path))?;
        let entity = view.entity(node, &site.tree.path_of(node.id));
        Some(Value::Object(entity.into_fields()))
    }

    /// The paths of all folders, which end in a slash, and files.
    #[must_use]
    pub fn paths(&self) -> Vec<String> {
        let site = self.site();
        let nodes = site.tree.below(site.tree.root()).into_iter();
        let path = |node: &tree::Node| {
            let end = if node.is_folder() { "/" } else { "" };
            format!("{}{end}", site.tree.path_of(node.id))
        };
        let mut paths: Vec<String> = nodes.map(path).collect();
        paths.sort();
        paths
    }

    /// Takes a file or a folder with all it holds away; tells whether it was there.
    pub fn remove(&self, path: &str) -> bool {
        let path = SitePath::read(path);
        self.change(|site| {
            let found = site.tree.find(&path).map(|node| node.id);
            let found = found.filter(|_| !path.is_root());
            found.map(|id| site.tree.remove(id)).is_some()
        })
    }

    /// Inverts one byte in the middle of a stored file, its recorded checksums unchanged;
    /// tells whether there was a byte to invert.
    ///
    /// # Errors
    /// When the content cannot be read back from disk.
    pub async fn corrupt(&self, path: &str) -> io::Result<bool> {
        let Some(blob) = self.content(path).filter(|blob| !blob.is_empty()) else {
            return Ok(false);
        };
        let damaged = blob.flipped(blob.len() / 2).await?;
        Ok(self.change(|site| {
            let node = site.tree.find_mut(&SitePath::read(path));
            let file = node.and_then(tree::Node::file_mut);
            file.map(|file| file.blob = damaged).is_some()
        }))
    }

    /// Lets somebody come by a share link: they register, and download what is at `path` if there
    /// is one. Tells whether there is such a share link.
    pub fn visit(&self, share_link: i64, name: &str, email: &str, path: Option<&str>) -> bool {
        let ids = [self.shared.ids.number(), self.shared.ids.number()];
        let when = records::stamp("bundle_registration", self.shared.clock.now_in_seconds());
        self.change(|site| {
            let known = site.records.get("bundle", share_link).is_some();
            if known {
                records::came(site, share_link, ids, &when, [name, email], path);
            }
            known
        })
    }

    /// Revokes a key, from now on.
    pub fn revoke(&self, key: &str) {
        self.change(|site| {
            let keys = site.keys.iter_mut();
            keys.filter(|known| known.secret.0 == key).for_each(|known| known.revoked = true);
        });
    }

    /// Ends all sessions.
    pub fn end_sessions(&self) {
        self.site().sessions.clear();
    }

    /// How many uploads were begun and not completed.
    #[must_use]
    pub fn open_uploads(&self) -> usize {
        self.site().uploads.len()
    }

    fn making(&self) -> Making<'_> {
        Making::new(&self.shared, Author::User(ADMIN))
    }

    /// Changes the content without a request, and has it written down.
    fn change<T>(&self, act: impl FnOnce(&mut Site) -> T) -> T {
        let done = act(&mut self.site());
        self.shared.save();
        done
    }

    fn site(&self) -> MutexGuard<'_, Site> {
        self.site.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for FilesCom {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FilesCom").finish_non_exhaustive()
    }
}
