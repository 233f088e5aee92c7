//! File or directory.

use std::fmt;

use serde::de::{self, Deserialize, Deserializer, Visitor};
use serde::ser::{Serialize, Serializer};

use crate::object::Presence;

/// Whether an entry is a file or a directory. An unknown word is kept and written back.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum FileKind {
    /// `file`.
    File,
    /// `directory`. (Only in the filter of a listing is it called `folder`.)
    Directory,
    /// Any other word.
    Other(Box<str>),
}

impl FileKind {
    /// The word on the wire.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match self {
            Self::File => "file",
            Self::Directory => "directory",
            Self::Other(word) => word,
        }
    }
}

impl From<&str> for FileKind {
    fn from(word: &str) -> Self {
        match word {
            "file" => Self::File,
            "directory" => Self::Directory,
            other => Self::Other(other.into()),
        }
    }
}

impl fmt::Display for FileKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Serialize for FileKind {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for FileKind {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(KindVisitor)
    }
}

impl Presence for FileKind {}

struct KindVisitor;

impl Visitor<'_> for KindVisitor {
    type Value = FileKind;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("\"file\" or \"directory\"")
    }

    fn visit_str<E: de::Error>(self, word: &str) -> Result<FileKind, E> {
        Ok(word.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unknown_words_survive() {
        for word in ["file", "directory", "symlink", "File", ""] {
            let json = format!("{word:?}");
            let kind: FileKind = serde_json::from_str(&json).unwrap();
            assert_eq!(serde_json::to_string(&kind).unwrap(), json);
        }
    }
}
