//! Favourites of the current user.

use axum::http::Method;

use super::{Answer, CONTENT, Call, FILE, FOLDER, NoAnswer};
use crate::mft::document::Asked;
use crate::mft::refusal::Refusal;
use crate::mft::world::{Caller, World};

impl World {
    /// # Errors
    /// When the session's user is gone.
    pub(super) fn favorites(&self, asked: Asked, caller: &Caller) -> Result<Answer, Refusal> {
        let scribe = self.scribe(caller)?;
        let marked = scribe.user.favorites.iter();
        let nodes = marked
            .filter_map(|id| self.tree.node(*id))
            .filter(|node| scribe.access.sees(node.id) && asked.includes(node));
        Ok(Answer::ok(CONTENT, scribe.listing(nodes, asked)))
    }

    pub(super) fn favorite_call(
        &mut self,
        folder: bool,
        id: &str,
        call: &Call,
        caller: &Caller,
    ) -> Result<Answer, NoAnswer> {
        let access = self.access(caller)?;
        let (name, node) =
            if folder { (FOLDER, access.folder(id)?) } else { (FILE, access.file(id)?) };
        let id = node.id;
        let user = self.directory.user_mut(caller.user);
        let user = user.ok_or_else(Refusal::session_gone)?;
        match call.method {
            Method::PUT | Method::POST => user.favorites.insert(id),
            Method::DELETE => user.favorites.remove(&id),
            _ => return Err(NoAnswer::MethodNotAllowed),
        };
        let scribe = self.scribe(caller)?;
        let node = self.tree.node(id).map(|node| scribe.entry(node));
        Ok(Answer::ok(name, node))
    }
}
