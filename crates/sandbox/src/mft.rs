//! The Boomi MFT face: File Sharing, REST API 1.16 and its transfer pages.
//!
//! It answers as the public documentation and its samples have it (Boomi: File Sharing API
//! reference 1.16; Boomi: Extended Upload/Download Protocols). Where these are silent it takes
//! the reading the samples support, and [`MftOptions`] switches to other plausible ones. What it
//! had to invent is named so: the error codes in [`INVENTED_CODES`], the paths that no public
//! page prints (everything below `FileSystem` but `Folder`, and `Upload`, `User`, `Users`,
//! `UserGroups`), the members of settings documents that are documented by name only, and the
//! form of tickets.
//!
//! Readings of its own, where nothing is said: names are compared without regard to case; creating
//! answers 201 and deleting 200 without a body; `Range` headers on downloads are ignored; an upload
//! request that breaks off changes nothing, unless `DeletePartiallyUploadedFile` asks for the
//! stored part to go; a first chunk with `Overwrite` takes the old file's place at once; a search
//! criterion is one text (keywords: several, by comma), and the criteria must all fit.
//!
//! Left out: uploads of outsiders into drop boxes, the browser tools behind short keys, and the
//! sending of mail.

mod doors;
mod options;
mod seed;

mod pages;
mod rest;
mod serve;

mod access;
mod account;
mod message;
mod node;
mod rights;
mod session;
mod tree;
mod world;

mod date;
mod document;
mod fields;
mod id;
mod refusal;
mod xml;

use std::sync::{Arc, Mutex, PoisonError};
use std::{fmt, io};

use axum::Router;
use chrono::{DateTime, SubsecRound, Utc};

use self::world::World;
use crate::blob::Store;
use crate::data::{Part, Rows};
use crate::shared::Shared;

pub use self::account::Role;
pub use self::date::DateForm;
pub use self::doors::MftUser;
pub use self::options::{MftOptions, PageErrors, UpdateBodies};
pub use self::refusal::INVENTED_CODES;
pub use self::rights::Rights;
pub use self::session::Replaces;

/// The Boomi MFT side of a sandbox: its content, seen and changed from within a test.
///
/// Paths begin at the top of the tree, without a leading slash: `FOLDERS/HOME/Admin`.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> std::io::Result<()> {
/// let sandbox = wharf_sandbox::Sandbox::start().await?;
/// let mft = sandbox.mft();
/// mft.put("FOLDERS/HOME/Admin/My Documents/note.txt", "ahoy");
/// let page = mft.content("FOLDERS/HOME/Admin/My Documents/2.html");
/// assert_eq!(page.map(|page| page.len()), Some(198));
/// // An awkward server: sessions die, errors come as XML.
/// mft.configure(|options| {
///     options.die_every = Some(10);
///     options.errors_as_xml = true;
/// });
/// # Ok(()) }
/// ```
#[derive(Clone)]
pub struct Mft {
    face: Arc<Face>,
}

/// What every request works on.
pub(crate) struct Face {
    shared: Arc<Shared>,
    world: Arc<Mutex<World>>,
}

impl Mft {
    /// # Errors
    /// When what was written before cannot be used.
    pub(crate) fn new(shared: Arc<Shared>, rows: Option<&mut Rows>) -> io::Result<Self> {
        let world = match rows {
            Some(rows) => Face::ready(&shared, World::read(rows)?),
            None => Face::grown(&shared),
        };
        let world = Arc::new(Mutex::new(world));
        Ok(Self { face: Arc::new(Face { shared, world }) })
    }

    /// What is kept of this face.
    pub(crate) fn part(&self) -> Part {
        self.face.world.clone()
    }

    pub(crate) fn router(&self) -> Router {
        Router::new().fallback(serve::answer).with_state(self.face.clone())
    }

    /// Puts the content, the users and the options back as they were at the start; nobody is
    /// signed in any more.
    pub fn reset(&self) {
        let world = Face::grown(&self.face.shared);
        self.face.with(|old| *old = world);
        self.face.shared.save_all();
    }
}

impl Face {
    /// The world at its start.
    fn grown(shared: &Shared) -> World {
        let options = &shared.options;
        let password = |name: &str| {
            let users = shared.accounts.users().iter();
            let mut same = users.filter(|user| user.name.eq_ignore_ascii_case(name));
            same.next().map(|user| user.password.clone())
        };
        let store = &shared.store;
        Self::ready(shared, seed::world(options.seed, password, options.seed_tree, store))
    }

    /// The world as the options have it.
    fn ready(shared: &Shared, mut world: World) -> World {
        world.configure(shared.options.mft.clone());
        if shared.data.is_some() {
            world.track();
        }
        world
    }

    /// Changes the world without a request, and has it written down.
    fn change<T>(&self, act: impl FnOnce(&mut World) -> T) -> T {
        let done = self.with(act);
        self.shared.save();
        done
    }

    fn with<T>(&self, act: impl FnOnce(&mut World) -> T) -> T {
        act(&mut self.world.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Milliseconds are what the wire can tell.
    fn now(&self) -> DateTime<Utc> {
        self.shared.clock.now().trunc_subsecs(3)
    }

    fn store(&self) -> &Store {
        &self.shared.store
    }
}

impl fmt::Debug for Mft {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.face.with(|world| {
            f.debug_struct("Mft")
                .field("entries", &world.tree.len())
                .field("sessions", &world.sessions)
                .finish_non_exhaustive()
        })
    }
}
