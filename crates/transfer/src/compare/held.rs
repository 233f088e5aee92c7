//! What one side of a folder has told and the other not yet, in few bytes.

use chrono::{DateTime, Utc};
use wharf_connector::{Checksums, Entry, EntryKind, EntryState, RemotePath};

use crate::Choice;

/// An entry without what nobody compares: a large folder may have a million of them waiting.
#[derive(Debug)]
pub(super) struct Held {
    kind: EntryKind,
    state: EntryState,
    pub(super) choice: Choice,
    size: Option<u64>,
    modified: Option<DateTime<Utc>>,
    checksums: Option<Box<Checksums>>,
    id: Option<Box<str>>,
    version: Option<Box<str>>,
    /// The name, where it is not its own key.
    name: Option<Box<str>>,
}

impl Held {
    pub(super) fn new(entry: Entry, key: &str, choice: Choice) -> Self {
        Self {
            kind: entry.kind,
            state: entry.state,
            choice,
            size: entry.size,
            modified: entry.modified,
            checksums: (!entry.checksums.is_empty()).then(|| Box::new(entry.checksums)),
            name: (entry.name() != key).then(|| entry.name().into()),
            id: entry.id,
            version: entry.version,
        }
    }

    /// The entry in its folder. None only for a name that was never one.
    pub(super) fn back(self, key: &str, folder: &RemotePath) -> Option<Entry> {
        let path = folder.join(self.name.as_deref().unwrap_or(key)).ok()?;
        let mut entry = Entry::new(path, self.kind);
        entry.state = self.state;
        entry.size = self.size;
        entry.modified = self.modified;
        entry.checksums = self.checksums.map(|sums| *sums).unwrap_or_default();
        entry.id = self.id;
        entry.version = self.version;
        Some(entry)
    }
}
