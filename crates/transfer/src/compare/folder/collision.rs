//! Names of one side that are one to the destination, or may be.

use std::borrow::Cow;

use unicode_normalization::UnicodeNormalization;
use wharf_connector::{Entry, NameCase, RemotePath};

use super::{Folder, Trouble, TroubleKind};

impl Folder {
    /// Whether two names may be one to the destination.
    pub(super) fn folds(&self) -> bool {
        self.ends.to.connector.info().limits.name_case != NameCase::Sensitive
    }

    /// The name as the destination compares it.
    pub(super) fn key<'a>(&self, name: &'a str) -> Cow<'a, str> {
        if !self.folds() {
            return Cow::Borrowed(name);
        }
        let connector = &self.ends.to.connector;
        if name.is_ascii() {
            return connector.name_key(name);
        }
        let composed: String = name.nfc().collect();
        Cow::Owned(connector.name_key(&composed).into_owned())
    }

    /// Whether another name of the source is the same to the destination.
    pub(super) fn is_second(&mut self, key: &str, entry: &Entry) -> bool {
        if !self.folds() {
            return false;
        }
        let mut names = std::mem::take(&mut self.names);
        let first = names.add(entry.name(), key, |name| self.key(name).into());
        self.names = names;
        let reason = match self.is_unsure() {
            true => {
                "may be one name to the destination: it is not known whether it tells upper and \
                 lower case apart"
            }
            false => "are one name to the destination",
        };
        self.collides(self.from.clone(), first, entry, reason)
    }

    /// Whether the destination has another name with that key: then it does tell cases apart, and
    /// which of the two the source means is not for us to guess.
    pub(super) fn is_second_there(&mut self, key: &str, entry: &Entry) -> bool {
        if !self.is_unsure() {
            return false;
        }
        let mut names = std::mem::take(&mut self.names_there);
        let first = names.add(entry.name(), key, |name| self.key(name).into());
        self.names_there = names;
        if first.is_some() {
            self.doubtful.remove(key);
        }
        let reason = "both stand at the destination, of which it was not known whether it tells \
                      upper and lower case apart";
        self.collides(self.to.clone(), first, entry, reason)
    }

    /// Whether a pair is one only if the destination does not tell cases apart, and it may still
    /// show that it does.
    pub(super) fn is_doubtful(&self, from: &Entry, to: &Entry) -> bool {
        from.name() != to.name() && self.is_unsure() && !self.destination.is_whole()
    }

    /// Tells of the two, if there was a first.
    fn collides(
        &mut self,
        folder: RemotePath,
        first: Option<Box<str>>,
        second: &Entry,
        reason: &str,
    ) -> bool {
        let Some(first) = first else {
            return false;
        };
        let paths = [folder.join(&first).ok(), Some(second.path.clone())];
        let paths: Vec<RemotePath> = paths.into_iter().flatten().collect();
        self.trouble(Trouble::new(TroubleKind::Collision, paths, reason));
        true
    }

    /// Whether nobody knows if two names may be one to the destination.
    fn is_unsure(&self) -> bool {
        self.ends.to.connector.info().limits.name_case == NameCase::Unknown
    }
}
