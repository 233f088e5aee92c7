//! Information about the root, the home and any folder, and what they hold.

use axum::http::Method;

use super::{Answer, CONTENT, Call, FOLDER, NoAnswer, Place};
use crate::mft::document::Asked;
use crate::mft::node::Node;
use crate::mft::refusal::Refusal;
use crate::mft::world::{Caller, World};

/// How much of a listing: `/{skip}/{take}` at the end of a path, or all of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Page {
    skip: usize,
    take: usize,
}

impl Page {
    pub(super) fn read(segments: &[&str]) -> Option<Self> {
        match segments {
            [] => Some(Self { skip: 0, take: usize::MAX }),
            [skip, take] => Some(Self { skip: skip.parse().ok()?, take: take.parse().ok()? }),
            _ => None,
        }
    }

    /// The same page, of no more than so many entries.
    pub(super) fn at_most(self, limit: Option<usize>) -> Self {
        Self { take: self.take.min(limit.unwrap_or(usize::MAX)), ..self }
    }

    pub(super) fn of<T>(self, items: impl Iterator<Item = T>) -> impl Iterator<Item = T> {
        items.skip(self.skip).take(self.take)
    }
}

impl World {
    pub(super) fn folder_call(
        &mut self,
        place: &Place,
        call: &Call,
        caller: &Caller,
    ) -> Result<Answer, NoAnswer> {
        match (call.method.clone(), place) {
            (Method::GET, _) => {
                let scribe = self.scribe(caller)?;
                Ok(Answer::ok(FOLDER, scribe.entry(self.place(place, caller)?)))
            }
            (Method::PUT, Place::Folder(id)) => {
                call.body_for_update(self.options.update_bodies)?;
                Ok(self.update_folder(id, call, caller)?)
            }
            (Method::DELETE, Place::Folder(id)) => Ok(self.delete_folder(id, caller)?),
            _ => Err(NoAnswer::MethodNotAllowed),
        }
    }

    pub(super) fn list(
        &self,
        place: &Place,
        asked: Asked,
        page: Page,
        caller: &Caller,
    ) -> Result<Answer, NoAnswer> {
        if matches!(place, Place::Folder(_)) && !self.options.folder_listings {
            return Err(NoAnswer::NotFound);
        }
        let folder = self.place(place, caller)?;
        let scribe = self.scribe(caller)?;
        let children = scribe.access.children(folder)?;
        let wanted = children.into_iter().filter(|node| asked.includes(node));
        Ok(Answer::ok(CONTENT, scribe.listing(page.of(wanted), asked)))
    }

    fn place(&self, place: &Place, caller: &Caller) -> Result<&Node, Refusal> {
        match place {
            Place::Root => self.root_of(caller),
            Place::Home => self.home_of(caller),
            Place::Folder(id) => self.access(caller)?.folder(id),
        }
    }
}
