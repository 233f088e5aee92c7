//! From paths to ids: one folder looked through at a time, from the root down.

use std::collections::HashMap;
use std::hash::{BuildHasher, RandomState};
use std::sync::{Mutex, MutexGuard, PoisonError};

use wharf_connector::{ErrorKind, RemotePath};
use wharf_model::mft::{EffectivePermission, Entry, FolderId, FolderInfo};

use crate::api::NewFolder;
use crate::client::Client;
use crate::config::Root;
use crate::error::{Error, Result};
use crate::listing::{self, Lookup};

/// Finds what stands at a path.
///
/// It remembers the ids of folders, nothing of files. What it remembers may go stale, by this
/// client's own changes, which it is told, or by somebody else's: then an id is refused, or what
/// lies in the folder tells another path. Both times everything remembered on the way is dropped,
/// and the path walked again from the root, once.
#[derive(Debug)]
pub(crate) struct Resolver {
    client: Client,
    known: Mutex<Known>,
    /// Folders of one parent are created one after the other.
    making: [tokio::sync::Mutex<()>; LOCKS],
    shard: RandomState,
}

#[derive(Debug, Default)]
struct Known {
    root: Option<Folder>,
    below: HashMap<RemotePath, Folder>,
}

/// What is remembered of a folder.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Folder {
    pub(crate) id: FolderId,
    /// Its path in the service's own words.
    place: Option<Box<str>>,
    pub(crate) rights: Option<EffectivePermission>,
    /// Whether it was remembered, and not just looked at.
    pub(crate) remembered: bool,
}

/// Where something is to be put.
#[derive(Debug)]
pub(crate) struct Spot {
    pub(crate) folder: Folder,
    pub(crate) name: Box<str>,
    /// What stands there.
    pub(crate) there: Option<Entry>,
    /// What stands beside it and may be the same to the service.
    pub(crate) near: Option<Box<str>>,
}

/// Why a walk failed.
enum Trouble {
    /// What was remembered may be stale.
    Stale(Error),
    Plain(Error),
}

impl Resolver {
    pub(crate) fn new(client: Client) -> Self {
        Self {
            client,
            known: Mutex::default(),
            making: Default::default(),
            shard: RandomState::new(),
        }
    }

    /// The root, as the service tells it now.
    pub(crate) async fn root(&self) -> Result<FolderInfo> {
        let info = match &self.client.config().root {
            Root::Root => self.client.root().info().await?,
            Root::Home => self.client.home().info().await?,
            Root::Folder(id) => self.client.folders().info(id).await?,
        };
        self.known().root = Some(Folder::of(&info));
        Ok(info)
    }

    /// What stands at a path.
    pub(crate) async fn find(&self, path: &RemotePath) -> Result<Entry> {
        match self.spot(path).await {
            Ok(None) => Ok(Entry::Folder(self.root().await?)),
            Ok(Some(Spot { there: Some(entry), .. })) => Ok(entry),
            Ok(Some(Spot { near: Some(other), .. })) => Err(nearly(ErrorKind::NotFound, &other)),
            Ok(Some(_)) => Err(missing()),
            Err(error) if error.kind() == ErrorKind::NotAFolder => Err(missing()),
            Err(error) => Err(error),
        }
    }

    /// The folder at a path; it may be remembered.
    pub(crate) async fn folder(&self, path: &RemotePath) -> Result<Folder> {
        if let Some(folder) = self.remembered(path) {
            return Ok(folder);
        }
        match self.find(path).await? {
            Entry::Folder(info) => Ok(Folder::of(&info)),
            _ => Err(Error::new(ErrorKind::NotAFolder, "a file stands there")),
        }
    }

    /// The folder at a path, with nothing on the way taken from memory.
    pub(crate) async fn folder_afresh(&self, path: &RemotePath) -> Result<Folder> {
        self.forget_way(path);
        self.folder(path).await
    }

    /// The place of a path in its parent; none for the root.
    pub(crate) async fn spot(&self, path: &RemotePath) -> Result<Option<Spot>> {
        match self.walk(path).await {
            Err(Trouble::Stale(_)) => {
                self.forget_way(path);
                self.walk(path).await.map_err(Trouble::into_error)
            }
            walked => walked.map_err(Trouble::into_error),
        }
    }

    /// The place of a path where something is to be put. Beside a name that may be the same to
    /// the service nothing is put.
    pub(crate) async fn destination(&self, path: &RemotePath) -> Result<Spot> {
        match self.spot(path).await? {
            Some(Spot { near: Some(other), .. }) => Err(nearly(ErrorKind::Conflict, &other)),
            Some(spot) => Ok(spot),
            None => Err(Error::new(ErrorKind::IsAFolder, "the root is a folder")),
        }
    }

    /// The folder at a path, created with those above it where it is missing; and whether any was.
    pub(crate) async fn ensure(&self, path: &RemotePath) -> Result<(Folder, bool)> {
        match self.folder(path).await {
            Err(error) if error.kind() == ErrorKind::NotFound => {}
            found => return found.map(|folder| (folder, false)),
        }
        let mut created = false;
        // Boxed: each folder may need the one above it.
        if let Some(parent) = path.parent() {
            created = Box::pin(self.ensure(&parent)).await?.1;
        }
        match self.make(path).await {
            Ok(made) => Ok((Folder::of(&made), true)),
            Err(error) if created => Err(error.after_work()),
            Err(error) => Err(error),
        }
    }

    /// Creates the folder at a path, whose parent is there. One that is there already is as good.
    pub(crate) async fn make(&self, path: &RemotePath) -> Result<FolderInfo> {
        let parent = path.parent().unwrap_or_default();
        let _turn = self.lock(&parent).lock().await;
        let spot = self.destination(path).await?;
        match spot.there {
            Some(Entry::Folder(info)) => return Ok(info),
            Some(_) => return Err(Error::new(ErrorKind::AlreadyExists, "a file stands there")),
            None => {}
        }
        let folder = self.with_right(spot.folder, &parent, EffectivePermission::CREATE).await?;
        let new = NewFolder::new(folder.id.clone(), spot.name.clone());
        let info = self.create(&new).await.map_err(|error| of_long_name(error, &spot.name))?;
        self.remember(path.clone(), Folder::of(&info));
        Ok(info)
    }

    /// Creates a folder. Where the answer is lost, or somebody else may have been faster, a look
    /// tells; only what is not there is asked for again.
    async fn create(&self, new: &NewFolder) -> Result<FolderInfo> {
        let attempts = self.client.transport().retry_policy().attempts.max(1);
        let mut attempt = 1;
        loop {
            let error = match self.client.folders().create(new).await {
                Err(error) if error.is_lost() || error.is_refusal() => error,
                created => return created,
            };
            match listing::look(&self.client, &new.parent, &new.name).await? {
                Lookup::Found(entry) => match *entry {
                    Entry::Folder(info) => return Ok(info),
                    _ => return Err(Error::new(ErrorKind::AlreadyExists, "a file stands there")),
                },
                _ if error.is_refusal() || attempt >= attempts => return Err(error),
                _ => attempt += 1,
            }
        }
    }

    /// The folder, if the account has this right over it as far as it is known. What is only
    /// remembered is asked for again before it counts against the account.
    pub(crate) async fn with_right(
        &self,
        folder: Folder,
        path: &RemotePath,
        right: EffectivePermission,
    ) -> Result<Folder> {
        let config = self.client.config();
        if permitted(config.check_permissions, folder.rights, right).is_ok() {
            return Ok(folder);
        }
        let folder = match folder.remembered {
            true => self.folder_afresh(path).await?,
            false => folder,
        };
        permitted(config.check_permissions, folder.rights, right)?;
        Ok(folder)
    }

    /// Remembers a folder that was just looked at.
    pub(crate) fn remember(&self, path: RemotePath, folder: Folder) {
        let mut known = self.known();
        if path.is_root() {
            known.root = Some(folder);
            return;
        }
        if known.below.len() >= CAPACITY && !known.below.contains_key(&path) {
            known.below.clear();
        }
        known.below.insert(path, folder);
    }

    /// Forgets a path and everything below it.
    pub(crate) fn forget(&self, path: &RemotePath) {
        self.known().below.retain(|known, _| known.below(path).is_none());
    }

    /// Forgets everything on the way to a path, and what lies below it.
    fn forget_way(&self, path: &RemotePath) {
        let mut known = self.known();
        known.root = None;
        known.below.retain(|known, _| path.below(known).is_none() && known.below(path).is_none());
    }

    async fn walk(&self, path: &RemotePath) -> Result<Option<Spot>, Trouble> {
        let (Some(parent), Some(name)) = (path.parent(), path.name()) else {
            return Ok(None);
        };
        let (mut at, mut folder) = self.start(&parent).await.map_err(Trouble::Plain)?;
        let below = parent.below(&at).unwrap_or_default();
        for segment in below.segments() {
            at = at.join(segment).map_err(|error| Trouble::Plain(not_a_name(&error)))?;
            folder = match self.look(&folder, segment).await? {
                Lookup::Found(entry) => match *entry {
                    Entry::Folder(info) => {
                        let next = Folder::of(&info);
                        self.remember(at.clone(), next.clone());
                        next
                    }
                    _ if at == parent => {
                        let error = Error::new(ErrorKind::NotAFolder, "its parent is a file");
                        return Err(Trouble::Plain(error));
                    }
                    _ => return Err(Trouble::Plain(missing())),
                },
                _ => return Err(Trouble::Plain(missing())),
            };
        }
        let (there, near) = match self.look(&folder, name).await? {
            Lookup::Found(entry) => (Some(*entry), None),
            Lookup::Near(other) => (None, Some(other)),
            Lookup::Nothing => (None, None),
        };
        if let Some(Entry::Folder(info)) = &there {
            self.remember(path.clone(), Folder::of(info));
        }
        Ok(Some(Spot { folder, name: name.into(), there, near }))
    }

    /// The deepest folder on the way that is remembered, else the root.
    async fn start(&self, path: &RemotePath) -> Result<(RemotePath, Folder)> {
        let mut at = path.clone();
        loop {
            if let Some(folder) = self.remembered(&at) {
                return Ok((at, folder));
            }
            match at.parent() {
                Some(parent) => at = parent,
                None => return Ok((at, Folder::of(&self.root().await?))),
            }
        }
    }

    async fn look(&self, folder: &Folder, name: &str) -> Result<Lookup, Trouble> {
        let looked = listing::look(&self.client, &folder.id, name).await;
        match looked {
            Err(error) if folder.remembered && error.is_refusal() => Err(Trouble::Stale(error)),
            Err(error) => Err(Trouble::Plain(error)),
            Ok(Lookup::Found(entry)) if folder.remembered && !folder.holds(&entry) => {
                Err(Trouble::Stale(missing()))
            }
            Ok(found) => Ok(found),
        }
    }

    fn remembered(&self, path: &RemotePath) -> Option<Folder> {
        let known = self.known();
        let folder = match path.is_root() {
            true => known.root.as_ref(),
            false => known.below.get(path),
        };
        folder.map(|folder| Folder { remembered: true, ..folder.clone() })
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn lock(&self, parent: &RemotePath) -> &tokio::sync::Mutex<()> {
        let [first, ..] = &self.making;
        let at = usize::try_from(self.shard.hash_one(parent) % LOCKS as u64).unwrap_or_default();
        self.making.get(at).unwrap_or(first)
    }
}

impl Folder {
    pub(crate) fn of(info: &FolderInfo) -> Self {
        Self {
            id: info.id.clone(),
            place: info.path.clone(),
            rights: info.effective_permission,
            remembered: false,
        }
    }

    /// Whether an entry found in the folder says that it lies there, as far as both tell a path.
    pub(crate) fn holds(&self, entry: &Entry) -> bool {
        let path = match entry {
            Entry::File(file) => file.path.as_deref(),
            Entry::Folder(folder) => folder.path.as_deref(),
            _ => None,
        };
        match (&self.place, path.and_then(|path| path.strip_suffix(entry.name()))) {
            (Some(place), Some(above)) => {
                above.trim_end_matches('/') == place.trim_end_matches('/')
            }
            _ => true,
        }
    }
}

impl Trouble {
    fn into_error(self) -> Error {
        match self {
            Self::Stale(error) | Self::Plain(error) => error,
        }
    }
}

/// Refuses what the rights forbid; what is not told is for the service to decide.
pub(crate) fn permitted(
    check: bool,
    rights: Option<EffectivePermission>,
    right: EffectivePermission,
) -> Result<()> {
    match rights.filter(|rights| check && !rights.contains(right)) {
        None => Ok(()),
        Some(rights) => {
            let message = format!("the account lacks the right to {right}; it has: {rights}");
            Err(Error::new(ErrorKind::PermissionDenied, message).with_remedy(FOR_A_RIGHT))
        }
    }
}

pub(crate) fn missing() -> Error {
    Error::new(ErrorKind::NotFound, "nothing is there, or the account may not see it")
}

/// How long names may be is not documented. Where the service refuses a very long one for a reason
/// it does not explain, that is the likeliest.
pub(crate) fn of_long_name(error: Error, name: &str) -> Error {
    let letters = name.chars().count();
    if letters <= USUAL_NAME || !error.is_unexplained() {
        return error;
    }
    let message = format!("a name of {letters} characters is refused: {}", error.message());
    error.with_kind(ErrorKind::Invalid).with_message(message)
}

fn nearly(kind: ErrorKind, other: &str) -> Error {
    let message = format!("nothing of that very name is there, but {other:?}");
    Error::new(kind, message).with_remedy(
        "If this server compares names without regard to case, set `name_case` to `insensitive`; if it tells them apart, to `sensitive`.",
    )
}

fn not_a_name(error: &wharf_connector::PathError) -> Error {
    Error::new(ErrorKind::Invalid, format!("the path {error}"))
}

const FOR_A_RIGHT: &str = "Ask the server's administrator for the right. If the server is not so \
                           strict, `check_permissions=false` leaves it to the service.";
const LOCKS: usize = 16;
/// So many folders are remembered; when there are more, all are forgotten.
const CAPACITY: usize = 20_000;
/// The longest name in most file systems.
const USUAL_NAME: usize = 255;
