//! Work that may go on after the answer: copying, moving, zipping.

use std::fmt;

use chrono::{DateTime, Utc};
use secrecy::SecretString;
use serde::de::{Deserialize, Deserializer};
use serde::ser::{Serialize, Serializer};

use super::Timestamp;
use crate::ShortText;
use crate::number::Whole;
use crate::object::{Presence, object};

object! {
    exact, read_write;
    /// The answer to a copy or a move (Files.com REST API reference, FileAction).
    ///
    /// ```
    /// let action: wharf_model::filescom::FileAction =
    ///     serde_json::from_str(r#"{"status": "pending", "file_migration_id": 14}"#)?;
    /// assert!(action.status.is_running());
    /// assert_eq!(action.file_migration_id, Some(14));
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    #[derive(Debug, Clone, PartialEq, Eq)]
    #[non_exhaustive]
    pub struct FileAction {
        /// How far the work is.
        pub status: MigrationStatus = "status",
        /// What to ask about the work. Absent when it is done already.
        pub file_migration_id: Option<i64> = "file_migration_id" as Whole,
    }
}

object! {
    exact, read;
    /// Work on files in the background (Files.com REST API reference, FileMigration).
    ///
    /// Without `operation` and `dest_path` it is a move to another region.
    #[derive(Debug, Clone)]
    #[non_exhaustive]
    pub struct FileMigration {
        /// Id of the work.
        pub id: Option<i64> = "id" as Whole,
        /// From where.
        pub path: Option<Box<str>> = "path",
        /// To where.
        pub dest_path: Option<Box<str>> = "dest_path",
        /// Why it failed; in newer answers.
        pub failure_message: Option<Box<str>> = "failure_message",
        /// How many files are moved; 0 except between regions.
        pub files_moved: Option<i64> = "files_moved" as Whole,
        /// How many files there are; 0 except between regions.
        pub files_total: Option<i64> = "files_total" as Whole,
        /// What is done: `move` or `copy`, also `zip` or `unzip`.
        pub operation: Option<Box<str>> = "operation",
        /// Region it goes to.
        pub region: Option<Box<str>> = "region",
        /// How far it is.
        pub status: MigrationStatus = "status",
        /// Where to download a log of JSON lines.
        pub log_url: Option<SecretString> = "log_url",
    }
}

/// How far some work in the background is. The word is kept.
///
/// The names of states differ between sources: `pending`, `processing` and `in_progress` for
/// running, `completed` and (in the reference) `complete` for done. So only the ends are judged,
/// and every other word means running.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct MigrationStatus(ShortText);

impl MigrationStatus {
    /// The word as it came.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }

    /// Whether it ended well.
    #[must_use]
    pub fn is_success(&self) -> bool {
        matches!(self.as_str(), "completed" | "complete")
    }

    /// Whether it ended badly.
    #[must_use]
    pub fn is_failure(&self) -> bool {
        self.as_str() == "failed"
    }

    /// Whether it has not ended.
    #[must_use]
    pub fn is_running(&self) -> bool {
        !self.is_success() && !self.is_failure()
    }
}

impl From<&str> for MigrationStatus {
    fn from(word: &str) -> Self {
        Self(word.into())
    }
}

impl fmt::Display for MigrationStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self.as_str(), f)
    }
}

impl Serialize for MigrationStatus {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for MigrationStatus {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        ShortText::deserialize(deserializer).map(Self)
    }
}

impl Presence for MigrationStatus {}

object! {
    exact, read_write;
    /// One line of the log of some work (Files.com REST API reference, FileMigrationLog).
    #[derive(Debug, Clone, PartialEq)]
    #[non_exhaustive]
    pub struct FileMigrationLogEntry {
        /// When it happened.
        pub timestamp: Option<DateTime<Utc>> = "timestamp" as Timestamp,
        /// Id of the work.
        pub file_migration_id: Option<i64> = "file_migration_id" as Whole,
        /// To where.
        pub dest_path: Option<Box<str>> = "dest_path",
        /// Kind of the error.
        pub error_type: Option<Box<str>> = "error_type",
        /// What happened, for people.
        pub message: Option<Box<str>> = "message",
        /// What was done.
        pub operation: Option<Box<str>> = "operation",
        /// From where.
        pub path: Option<Box<str>> = "path",
        /// How it ended.
        pub status: Option<Box<str>> = "status",
        /// When this line was written.
        pub created_at: Option<DateTime<Utc>> = "created_at" as Timestamp,
    }
}

object! {
    exact, read_write;
    /// One entry of a zip archive (Files.com REST API reference, ZipListEntry).
    #[derive(Debug, Clone, PartialEq, Eq)]
    #[non_exhaustive]
    pub struct ZipListEntry {
        /// Path in the archive; that of a folder ends in a slash.
        pub path: Box<str> = "path",
        /// Size when unpacked, in bytes.
        pub size: Option<i64> = "size" as Whole,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_ends_are_judged() {
        for (word, success, failure) in [
            ("completed", true, false),
            ("complete", true, false),
            ("failed", false, true),
            ("pending", false, false),
            ("processing", false, false),
            ("in_progress", false, false),
            ("enqueued", false, false),
            ("Failed", false, false),
            ("", false, false),
        ] {
            let status: MigrationStatus = serde_json::from_str(&format!("{word:?}")).unwrap();
            assert_eq!(status.as_str(), word);
            assert_eq!((status.is_success(), status.is_failure()), (success, failure), "{word}");
            assert_eq!(status.is_running(), !success && !failure, "{word}");
        }
    }
}
