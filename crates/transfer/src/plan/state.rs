//! What an entry was when something was planned for it.

use std::fmt;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use wharf_connector::{Checksums, Entry};

use crate::receipt::sums;
use crate::source::are_apart;

/// What an entry was when something was planned for it, to see later whether it still is.
///
/// ```
/// use wharf_connector::{Entry, RemotePath};
/// use wharf_transfer::{State, Trace};
///
/// let entry = Entry::file(RemotePath::new("/a")?).with_size(4);
/// let state = State::of(&entry);
/// assert_eq!(state.still(&entry), Ok(()));
/// assert_eq!(state.still(&entry.with_size(5)), Err(Trace::Size));
/// # Ok::<(), wharf_connector::PathError>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct State {
    /// Size in bytes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub size: Option<u64>,
    /// Modification time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub modified: Option<DateTime<Utc>>,
    /// The checksums that the service told.
    #[serde(with = "sums", default, skip_serializing_if = "Checksums::is_empty")]
    pub checksums: Checksums,
    /// The service's own text for this content.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// The service's own identifier.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
}

impl State {
    /// What `entry` is.
    pub fn of(entry: &Entry) -> Self {
        Self {
            size: entry.size,
            modified: entry.modified,
            checksums: entry.checksums,
            version: entry.version.as_deref().map(str::to_owned),
            id: entry.id.as_deref().map(str::to_owned),
        }
    }

    /// Sets the size in bytes.
    #[must_use]
    pub fn with_size(mut self, bytes: u64) -> Self {
        self.size = Some(bytes);
        self
    }

    /// Whether `entry` is still what was planned with.
    ///
    /// What one of the two does not tell is not compared: a listing tells less than a look at
    /// the file itself, on some services. Times that one answer tells in whole seconds are
    /// compared in whole seconds.
    ///
    /// # Errors
    ///
    /// What changed first, in the order of [`Trace`].
    pub fn still(&self, entry: &Entry) -> Result<(), Trace> {
        let now = Self::of(entry);
        if differ(self.size, now.size) {
            return Err(Trace::Size);
        }
        if self.checksums.agree(&now.checksums) == Some(false) {
            return Err(Trace::Checksum);
        }
        if self.modified.zip(now.modified).is_some_and(|(was, is)| are_apart(was, is)) {
            return Err(Trace::Time);
        }
        if differ(self.version.as_deref(), now.version.as_deref()) {
            return Err(Trace::Version);
        }
        if differ(self.id.as_deref(), now.id.as_deref()) {
            return Err(Trace::Id);
        }
        Ok(())
    }
}

/// By what a change of an entry was seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Trace {
    /// It has another size.
    Size,
    /// It has another checksum.
    Checksum,
    /// It has another modification time.
    Time,
    /// The service calls it another version.
    Version,
    /// The service knows it by another identifier: it was replaced.
    Id,
}

impl Trace {
    /// What is other now: `size`, `checksum`, `time`, `version` or `id`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Size => "size",
            Self::Checksum => "checksum",
            Self::Time => "time",
            Self::Version => "version",
            Self::Id => "id",
        }
    }
}

impl fmt::Display for Trace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

fn differ<T: PartialEq>(was: Option<T>, is: Option<T>) -> bool {
    was.zip(is).is_some_and(|(was, is)| was != is)
}

#[cfg(test)]
mod tests {
    use wharf_connector::RemotePath;

    use super::*;

    fn entry() -> Entry {
        let mut entry = Entry::file(RemotePath::root()).with_size(3);
        entry.modified = DateTime::from_timestamp_millis(5_000);
        entry.checksums.crc32 = Some(1);
        entry.version = Some("1".into());
        entry.id = Some("x".into());
        entry
    }

    fn changed(change: impl FnOnce(&mut Entry)) -> Entry {
        let mut entry = entry();
        change(&mut entry);
        entry
    }

    #[test]
    fn each_change_is_seen() {
        let state = State::of(&entry());
        assert_eq!(state.still(&entry()), Ok(()));
        for (now, want) in [
            (changed(|now| now.size = Some(4)), Trace::Size),
            (changed(|now| now.checksums.crc32 = Some(2)), Trace::Checksum),
            (changed(|now| now.modified = DateTime::from_timestamp_millis(6_000)), Trace::Time),
            (changed(|now| now.version = Some("2".into())), Trace::Version),
            (changed(|now| now.id = Some("y".into())), Trace::Id),
        ] {
            assert_eq!(state.still(&now), Err(want), "{now:?}");
        }
    }

    #[test]
    fn what_is_not_told_is_no_change() {
        let state = State::of(&entry());
        assert_eq!(state.still(&Entry::file(RemotePath::root())), Ok(()));
        let finer = changed(|now| now.modified = DateTime::from_timestamp_millis(5_250));
        assert_eq!(state.still(&finer), Ok(()), "whole seconds against a finer time");
    }
}
