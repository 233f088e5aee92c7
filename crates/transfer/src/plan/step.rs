//! One thing to do.

use std::fmt;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use wharf_connector::{EntryKind, RemotePath};

use super::State;
use crate::text;

/// One thing to do at the destination. As JSON it is one object, made to be kept as a line.
///
/// Paths are relative to the two roots of the plan: `from` to the root of the source, `to` to
/// that of the destination. A `backup` lies outside the destination, and is a path from the
/// root of its connector. Steps may be done in the order in which they come;
/// of all that are no [`Delete`](Self::Delete), a folder comes before what goes into it. The
/// deletions come last, what lies in a folder before the folder.
///
/// ```
/// use wharf_transfer::Step;
///
/// let line = r#"{"do":"copy","from":"/a.csv","to":"/a.csv","source":{"size":4},"why":"missing"}"#;
/// let step: Step = serde_json::from_str(line).unwrap();
/// assert_eq!(step.bytes(), 4);
/// assert_eq!(serde_json::to_string(&step).unwrap(), line);
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "do", rename_all = "snake_case")]
#[non_exhaustive]
pub enum Step {
    /// A folder is missing.
    #[non_exhaustive]
    CreateFolder {
        /// The folder.
        #[serde(with = "text")]
        to: RemotePath,
    },
    /// The content of a file is to be carried over.
    #[non_exhaustive]
    Copy {
        /// The file in the source.
        #[serde(with = "text")]
        from: RemotePath,
        /// Its name in the destination.
        #[serde(with = "text")]
        to: RemotePath,
        /// What the source was when this was planned.
        source: State,
        /// What stood at the destination then. Without it nothing stood there.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        replaces: Option<State>,
        /// Where the file that is replaced is moved first, if it is kept: a path from the
        /// root of the connector.
        #[serde(with = "text::optional", default, skip_serializing_if = "Option::is_none")]
        backup: Option<RemotePath>,
        /// Why it is to be copied.
        why: Why,
    },
    /// The content is proven equal, only the modification time is not.
    #[non_exhaustive]
    Touch {
        /// The file in the destination.
        #[serde(with = "text")]
        to: RemotePath,
        /// The time that it gets.
        modified: DateTime<Utc>,
        /// What the file was when this was planned.
        was: State,
    },
    /// Nothing stands there in the source, and it is not wanted any more.
    #[non_exhaustive]
    Delete {
        /// The file or folder in the destination. A folder is empty by then: what lies in it
        /// has steps of its own, before this one.
        #[serde(with = "text")]
        to: RemotePath,
        /// Which of the two it is.
        #[serde(with = "text::kind")]
        kind: EntryKind,
        /// What it was when this was planned.
        was: State,
        /// Where the file is moved instead, if it is kept: a path from the root of the
        /// connector.
        #[serde(with = "text::optional", default, skip_serializing_if = "Option::is_none")]
        backup: Option<RemotePath>,
    },
}

impl Step {
    /// The folder `to` is missing.
    pub fn create_folder(to: RemotePath) -> Self {
        Self::CreateFolder { to }
    }

    /// The file `from`, which is as `source` says, is to be carried to `to`.
    pub fn copy(from: RemotePath, to: RemotePath, source: State, why: Why) -> Self {
        Self::Copy { from, to, source, replaces: None, backup: None, why }
    }

    /// The file `to`, which is as `was` says, gets another modification time.
    pub fn touch(to: RemotePath, modified: DateTime<Utc>, was: State) -> Self {
        Self::Touch { to, modified, was }
    }

    /// What stands at `to`, and is as `was` says, is not wanted any more.
    pub fn delete(to: RemotePath, kind: EntryKind, was: State) -> Self {
        Self::Delete { to, kind, was, backup: None }
    }

    /// Says what a copy replaces. Other steps stay as they are.
    #[must_use]
    pub fn replacing(mut self, there: State) -> Self {
        if let Self::Copy { replaces, .. } = &mut self {
            *replaces = Some(there);
        }
        self
    }

    /// Says where what is replaced or deleted is moved to. Other steps stay as they are.
    #[must_use]
    pub fn with_backup(mut self, path: RemotePath) -> Self {
        if let Self::Copy { backup, .. } | Self::Delete { backup, .. } = &mut self {
            *backup = Some(path);
        }
        self
    }

    /// The path in the destination.
    pub fn to(&self) -> &RemotePath {
        match self {
            Self::CreateFolder { to }
            | Self::Copy { to, .. }
            | Self::Touch { to, .. }
            | Self::Delete { to, .. } => to,
        }
    }

    /// How many bytes are to be carried, as far as that is known.
    pub fn bytes(&self) -> u64 {
        match self {
            Self::Copy { source, .. } => source.size.unwrap_or_default(),
            _ => 0,
        }
    }

    /// Whether something is deleted, which is done after all else.
    pub fn is_delete(&self) -> bool {
        matches!(self, Self::Delete { .. })
    }
}

/// Why a file is to be copied.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Why {
    /// Nothing stands at the destination.
    Missing,
    /// It was said that all are to be copied, without comparing.
    Asked,
    /// The sizes differ.
    Size,
    /// The modification times differ.
    Time,
    /// The checksums differ.
    Checksum,
    /// Both were read, and the bytes differ.
    Content,
    /// What stands at the destination is not whole, or is held back.
    NotReady,
    /// One side tells no size.
    NoSize,
    /// One side tells no modification time, or does not keep the one that it is given: times
    /// cannot be compared.
    NoTime,
    /// The two sides tell no checksum of a common kind.
    NoChecksum,
}

impl Why {
    /// The reason as a clause for people, such as `the sizes differ`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Missing => "missing at the destination",
            Self::Asked => "all are to be copied",
            Self::Size => "the sizes differ",
            Self::Time => "the times differ",
            Self::Checksum => "the checksums differ",
            Self::Content => "the bytes differ",
            Self::NotReady => "not whole at the destination",
            Self::NoSize => "one side tells no size",
            Self::NoTime => "times cannot be compared",
            Self::NoChecksum => "no checksum in common",
        }
    }
}

impl fmt::Display for Why {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn path(text: &str) -> RemotePath {
        RemotePath::new(text).unwrap()
    }

    #[test]
    fn every_step_comes_back_from_its_line() {
        let state = State::default().with_size(7);
        for (step, line) in [
            (Step::create_folder(path("/a")), r#"{"do":"create_folder","to":"/a"}"#),
            (
                Step::copy(path("/a"), path("/b"), state.clone(), Why::NoTime)
                    .replacing(State::default())
                    .with_backup(path("/old/b")),
                r#"{"do":"copy","from":"/a","to":"/b","source":{"size":7},"replaces":{},"backup":"/old/b","why":"no_time"}"#,
            ),
            (
                Step::touch(path("/b"), DateTime::UNIX_EPOCH, state.clone()),
                r#"{"do":"touch","to":"/b","modified":"1970-01-01T00:00:00Z","was":{"size":7}}"#,
            ),
            (
                Step::delete(path("/b"), EntryKind::File, state),
                r#"{"do":"delete","to":"/b","kind":"file","was":{"size":7}}"#,
            ),
        ] {
            assert_eq!(serde_json::to_string(&step).unwrap(), line);
            assert_eq!(serde_json::from_str::<Step>(line).unwrap(), step);
        }
    }

    #[test]
    fn a_line_that_leads_elsewhere_is_refused() {
        for line in [
            r#"{"do":"create_folder","to":"/a/../../b"}"#,
            r#"{"do":"delete","to":"/b","kind":"disk","was":{}}"#,
            r#"{"do":"format","to":"/"}"#,
            r#"{"do":"copy","from":"/a","to":"/b","why":"missing"}"#,
        ] {
            assert!(serde_json::from_str::<Step>(line).is_err(), "{line}");
        }
    }
}
