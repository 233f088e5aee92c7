//! The ways a test looks behind the counter.

use bytes::Bytes;
use serde_json::{Value, json};

use super::Mft;
use super::account::Role;
use super::id::Id;
use super::node::{File, FolderType};
use super::options::MftOptions;
use super::rights::Rights;
use super::tree::Stamp;
use super::world::World;
use crate::blob::Blob;
use crate::many;
use crate::sandbox::Builder;

/// A user of the Boomi MFT face.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct MftUser {
    /// The public id.
    pub id: String,
    /// The name to sign in with, in any case.
    pub name: String,
    /// The password.
    pub password: String,
    /// What the user is.
    pub role: Role,
}

impl Mft {
    /// The users: Admin (everything), auditor (may look at everything), clerk (own home, common
    /// folders, may put into Admin's drop box) and Partner (one folder).
    #[must_use]
    pub fn users(&self) -> Vec<MftUser> {
        let user = |user: &super::account::User| MftUser {
            id: user.id.to_string(),
            name: user.name.clone(),
            password: user.password.clone(),
            role: user.role,
        };
        self.face.with(|world| world.directory.users.iter().map(user).collect())
    }

    /// Changes how the face behaves, from the next request on.
    pub fn configure(&self, change: impl FnOnce(&mut MftOptions)) {
        self.face.with(|world| {
            let mut options = world.options.clone();
            change(&mut options);
            world.configure(options);
        });
    }

    /// How the face behaves now.
    #[must_use]
    pub fn options(&self) -> MftOptions {
        self.face.with(|world| world.options.clone())
    }

    /// Puts a file with this content at a path, making folders on the way, and returns its id;
    /// `None` when the path does not begin with `FOLDERS` or leads through a file.
    pub fn put(&self, path: &str, content: impl Into<Bytes>) -> Option<String> {
        let blob = self.face.store().keep(Blob::from(content.into()));
        let now = self.face.now();
        self.face.change(|world| world.put(path, blob, now)).map(|id| id.to_string())
    }

    /// Makes many files of one content below a folder, as [`FilesCom::put_many`] does; tells
    /// whether each could stand where it was to.
    ///
    /// [`FilesCom::put_many`]: crate::FilesCom::put_many
    pub fn put_many(
        &self,
        path: &str,
        folders: u32,
        files: u32,
        content: impl Into<Bytes>,
    ) -> bool {
        let blob = self.face.store().keep(Blob::from(content.into()));
        let now = self.face.now();
        self.face.change(|world| {
            many::folders(path, folders).all(|folder| {
                world.folders(&folder, now).is_some()
                    && many::files(files).all(|name| {
                        world.put(&format!("{folder}/{name}"), blob.clone(), now).is_some()
                    })
            })
        })
    }

    /// Makes a folder and those above it, and returns its id; `None` as for [`Mft::put`].
    pub fn make_folder(&self, path: &str) -> Option<String> {
        let now = self.face.now();
        self.face.change(|world| world.folders(path, now)).map(|id| id.to_string())
    }

    /// The content of a file; `None` when there is none.
    #[must_use]
    pub fn content(&self, path: &str) -> Option<Blob> {
        self.face.with(|world| {
            let id = world.tree.find(path)?;
            world.tree.file(id).map(|(_, file)| file.content.clone())
        })
    }

    /// The id of a file or folder.
    #[must_use]
    pub fn id(&self, path: &str) -> Option<String> {
        self.face.with(|world| world.tree.find(path)).map(|id| id.to_string())
    }

    /// Every path there is, folders before what they hold.
    #[must_use]
    pub fn paths(&self) -> Vec<String> {
        self.face.with(|world| {
            let tree = &world.tree;
            let below = tree.below(tree.root());
            below.iter().map(|node| tree.path(node.id)).collect()
        })
    }

    /// Removes a file, or a folder with all in it; false when there is nothing.
    pub fn remove(&self, path: &str) -> bool {
        self.face.change(|world| {
            let found = world.tree.find(path);
            found.inspect(|id| world.remove(*id)).is_some()
        })
    }

    /// Inverts one byte of a file's content, behind everyone's back; false when there is no
    /// such byte.
    pub async fn corrupt(&self, path: &str, at: u64) -> bool {
        let Some(sound) = self.content(path).filter(|content| at < content.len()) else {
            return false;
        };
        let Ok(damaged) = sound.flipped(at).await else {
            return false;
        };
        self.with_file(path, |file| file.content = damaged)
    }

    /// Puts a file into quarantine, or takes it out; false when there is none.
    pub fn quarantine(&self, path: &str, quarantined: bool) -> bool {
        self.with_file(path, |file| file.quarantined = quarantined)
    }

    /// Marks a file as partially uploaded, or as whole; false when there is none.
    pub fn set_partial(&self, path: &str, partial: bool) -> bool {
        self.with_file(path, |file| file.partial = partial)
    }

    /// The metadata that was stored for the session which uploaded this.
    #[must_use]
    pub fn metadata(&self, path: &str) -> Vec<(String, String)> {
        self.face.with(|world| {
            let node = world.tree.find(path).and_then(|id| world.tree.node(id));
            node.map(|node| node.metadata.clone()).unwrap_or_default()
        })
    }

    /// Gives a user rights on an entry and all below it; false when either does not exist.
    pub fn grant(&self, user: &str, path: &str, rights: Rights) -> bool {
        self.face.change(|world| {
            let id = world.tree.find(path);
            let user = world.directory.named(user).map(|user| user.id);
            let user = user.and_then(|user| world.directory.user_mut(user));
            match (id, user) {
                (Some(id), Some(user)) => {
                    user.grants.insert(id, rights);
                    true
                }
                _ => false,
            }
        })
    }

    /// A ticket with which this user signs in, as often as wanted. Its form is invented.
    pub fn ticket(&self, user: &str) -> Option<String> {
        self.face.change(|world| {
            let user = world.directory.named(user)?.id;
            let ticket = world.mint.short_key();
            world.tickets.insert(ticket.clone(), user);
            Some(ticket)
        })
    }

    /// Gives every regular folder another id, as if all had been deleted and restored: what a
    /// client remembers of them is refused from now on.
    pub fn renew_folder_ids(&self) {
        self.face.change(|world| {
            for old in world.tree.regular_folders() {
                let new = world.mint.id();
                world.tree.renew(old, new);
                for user in &mut world.directory.users {
                    if let Some(rights) = user.grants.remove(&old) {
                        user.grants.insert(new, rights);
                    }
                    if user.favorites.remove(&old) {
                        user.favorites.insert(new);
                    }
                }
            }
        });
    }

    /// How many operations of transfers the service has logged: uploads of several requests and
    /// downloads that went on after a break are one each.
    #[must_use]
    pub fn operations(&self) -> usize {
        self.face.with(|world| world.operations.len())
    }

    /// How many sessions are open; those whose life is over may be among them.
    #[must_use]
    pub fn sessions(&self) -> usize {
        self.face.with(|world| world.sessions.len())
    }

    /// Ends every session: the next request of each meets error 101.
    pub fn kill_sessions(&self) {
        self.face.with(|world| world.sessions.end_all());
    }

    /// The options as JSON, for those who steer the sandbox over HTTP.
    pub(crate) fn options_json(&self) -> Value {
        json!(self.options())
    }

    /// Sets some of the options from a JSON object, all or none; `{"kill_sessions": true}` ends
    /// every session beside that.
    pub(crate) fn order(&self, orders: &str) -> Result<Value, String> {
        let told = |error: serde_json::Error| error.to_string();
        let mut orders: serde_json::Map<String, Value> =
            serde_json::from_str(orders).map_err(told)?;
        let kill = orders.remove("kill_sessions") == Some(Value::Bool(true));
        let mut options = self.options_json();
        if let Some(members) = options.as_object_mut() {
            members.extend(orders);
        }
        let mut new: MftOptions = serde_json::from_str(&options.to_string()).map_err(told)?;
        self.configure(|options| {
            new.immutable_life = options.immutable_life;
            *options = new;
        });
        if kill {
            self.kill_sessions();
        }
        Ok(self.options_json())
    }

    fn with_file(&self, path: &str, change: impl FnOnce(&mut File)) -> bool {
        self.face.change(|world| {
            let file = world.tree.find(path);
            let file = file.and_then(|id| world.tree.file_mut(id));
            file.map(change).is_some()
        })
    }
}

impl Builder {
    /// How the Boomi MFT face behaves where its documentation leaves room.
    pub fn mft_options(mut self, options: MftOptions) -> Self {
        self.options.mft = options;
        self
    }
}

impl World {
    pub(super) fn configure(&mut self, options: MftOptions) {
        if options.names_by_case != self.options.names_by_case {
            self.tree.set_by_case(options.names_by_case);
        }
        self.options = options;
    }

    fn put(&mut self, path: &str, content: Blob, now: chrono::DateTime<chrono::Utc>) -> Option<Id> {
        let stamp = self.own_stamp(now)?;
        if let Some(id) = self.tree.find(path) {
            return self.tree.replace(id, content, stamp).then_some(id);
        }
        let (folder, name) = path.trim_end_matches('/').rsplit_once('/')?;
        let folder = self.folders(folder, now)?;
        let id = self.mint.id();
        self.tree.add_file(id, folder, name, content, stamp).ok()
    }

    fn folders(&mut self, path: &str, now: chrono::DateTime<chrono::Utc>) -> Option<Id> {
        let stamp = self.own_stamp(now)?;
        let mut names = path.split('/').filter(|name| !name.is_empty());
        let mut here = self.tree.find(names.next()?)?;
        for name in names {
            here = match self.tree.child(here, name) {
                Some(child) => child.is_folder().then_some(child.id)?,
                None => {
                    let id = self.mint.id();
                    let kind = FolderType::Regular;
                    self.tree.add_folder(id, here, name, kind, stamp).ok()?
                }
            };
        }
        Some(here)
    }

    /// What tests put there counts as the first user's, the administrator's.
    fn own_stamp(&self, now: chrono::DateTime<chrono::Utc>) -> Option<Stamp> {
        let by = self.directory.users.first()?.id;
        Some(Stamp { by, at: now })
    }
}

impl std::fmt::Debug for MftUser {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("MftUser")
            .field("name", &self.name)
            .field("role", &self.role)
            .finish_non_exhaustive()
    }
}
