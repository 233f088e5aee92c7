//! Everything this face remembers, behind one lock.

mod written;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::access::Access;
use super::account::{Directory, User};
use super::id::{Id, Mint};
use super::message::Message;
use super::node::{FolderType, Node};
use super::options::MftOptions;
use super::refusal::{self, Refusal};
use super::session::{Session, SessionKind, Sessions};
use super::tree::{Stamp, Tree};
use crate::blob::Blob;
use crate::data::{Table, Watched};

/// The state of the server.
#[derive(Debug)]
pub(crate) struct World {
    pub(crate) tree: Tree,
    pub(crate) directory: Watched<Directory>,
    /// Not kept, as a restart of the service would end them.
    pub(crate) sessions: Sessions,
    pub(crate) operations: Table<String, Operation>,
    pub(crate) messages: Table<Id, Message>,
    pub(crate) short_keys: Table<String, String>,
    /// Who signs in with which ticket. The service's own format is secret: these are just names.
    pub(crate) tickets: Table<String, Id>,
    pub(crate) options: MftOptions,
    pub(crate) mint: Mint,
    pub(crate) site: Id,
    signed_in_requests: u64,
}

/// One logged transfer, tied together by its `X-FileSystemLogOpID`.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Operation {
    pub(crate) user: Id,
    /// What a download is about; none for uploads.
    pub(crate) entry: Option<Id>,
}

/// Who asks, by a live session.
#[derive(Clone, Debug)]
pub(crate) struct Caller {
    pub(crate) user: Id,
    pub(crate) session: SessionName,
    pub(crate) now: DateTime<Utc>,
}

/// A session identifier, kept out of every print.
#[derive(Clone)]
pub(crate) struct SessionName(pub(crate) String);

impl World {
    pub(crate) fn new(tree: Tree, directory: Directory, site: Id, mint: Mint) -> Self {
        Self {
            tree,
            directory: directory.into(),
            sessions: Sessions::default(),
            operations: Table::default(),
            messages: Table::default(),
            short_keys: Table::default(),
            tickets: Table::default(),
            options: MftOptions::default(),
            mint,
            site,
            signed_in_requests: 0,
        }
    }

    /// # Errors
    /// With 101 when the session is dead, unknown, or dies now by [`MftOptions::die_every`].
    pub(crate) fn caller(
        &mut self,
        session: Option<&str>,
        now: DateTime<Utc>,
    ) -> Result<Caller, Refusal> {
        let name = session.unwrap_or_default().trim();
        let live = self.sessions.live(name, now).map(|session| session.user);
        let user = live.ok_or_else(Refusal::session_gone)?;
        self.signed_in_requests += 1;
        if let Some(n) = self.options.die_every.filter(|n| *n > 0)
            && self.signed_in_requests.is_multiple_of(n)
        {
            self.sessions.end(name);
            return Err(Refusal::session_gone());
        }
        Ok(Caller { user, session: SessionName(name.to_owned()), now })
    }

    pub(crate) fn open_session(
        &mut self,
        user: Id,
        application: &str,
        kind: SessionKind,
    ) -> String {
        let id = self.mint.session();
        let session = Session::new(user, application, kind);
        self.sessions.open(id.clone(), session, self.options.replaces);
        id
    }

    pub(crate) fn session_mut(&mut self, caller: &Caller) -> Result<&mut Session, Refusal> {
        self.sessions.live(&caller.session.0, caller.now).ok_or_else(Refusal::session_gone)
    }

    pub(crate) fn user(&self, caller: &Caller) -> Result<&User, Refusal> {
        self.directory.user(caller.user).ok_or_else(Refusal::session_gone)
    }

    pub(crate) fn access(&self, caller: &Caller) -> Result<Access<'_>, Refusal> {
        Ok(Access::new(&self.tree, self.user(caller)?))
    }

    /// The folder every path of this user begins at: the top of the tree.
    pub(crate) fn root_of(&self, caller: &Caller) -> Result<&Node, Refusal> {
        self.access(caller)?.folder(&self.tree.root().to_string())
    }

    pub(crate) fn home_of(&self, caller: &Caller) -> Result<&Node, Refusal> {
        let none = || Refusal::new(refusal::NO_HOME, "The user has no home folder.");
        let home = self.user(caller)?.home.ok_or_else(none)?;
        self.access(caller)?.folder(&home.to_string())
    }

    /// Adds a folder with everything the session puts on what it makes.
    pub(crate) fn add_folder(
        &mut self,
        caller: &Caller,
        parent: Id,
        name: &str,
    ) -> Result<Id, Refusal> {
        let id = self.mint.id();
        let stamp = caller.stamp();
        self.tree.add_folder(id, parent, name, FolderType::Regular, stamp)?;
        self.put_marks(caller, id);
        Ok(id)
    }

    /// Adds a file likewise.
    pub(crate) fn add_file(
        &mut self,
        caller: &Caller,
        parent: Id,
        name: &str,
        content: Blob,
    ) -> Result<Id, Refusal> {
        let id = self.mint.id();
        let stamp = caller.stamp();
        self.tree.add_file(id, parent, name, content, stamp)?;
        self.put_marks(caller, id);
        Ok(id)
    }

    /// Puts the session's mark and metadata on an entry.
    pub(crate) fn put_marks(&mut self, caller: &Caller, id: Id) {
        let Some(session) = self.sessions.live(&caller.session.0, caller.now) else {
            return;
        };
        let (mark, metadata) = (session.mark.clone(), session.metadata.clone());
        if let Some(node) = self.tree.node_mut(id) {
            node.mark = mark;
            node.metadata = metadata;
        }
    }

    /// Removes an entry, and every favourite, home and grant that pointed into it.
    pub(crate) fn remove(&mut self, id: Id) {
        for gone in self.tree.remove(id) {
            for user in &mut self.directory.users {
                user.favorites.remove(&gone);
                user.grants.remove(&gone);
            }
        }
    }

    /// Begins a logged transfer, or goes on with the one the caller names.
    ///
    /// # Errors
    /// When the named operation is not one of this user's.
    pub(crate) fn operation(
        &mut self,
        caller: &Caller,
        named: Option<&str>,
        entry: Option<Id>,
    ) -> Result<String, Refusal> {
        if let Some(name) = named {
            let known = self
                .operations
                .get(name)
                .is_some_and(|operation| operation.user == caller.user && operation.entry == entry);
            return if known {
                Ok(name.to_owned())
            } else {
                Err(Refusal::new(refusal::LOG_OPERATION, "Unknown file system log operation."))
            };
        }
        let name = self.mint.id().to_string();
        let operation = Operation { user: caller.user, entry };
        self.operations.insert(name.clone(), operation);
        Ok(name)
    }
}

impl Caller {
    pub(crate) fn stamp(&self) -> Stamp {
        Stamp { by: self.user, at: self.now }
    }
}

impl std::fmt::Debug for SessionName {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("[session]")
    }
}
