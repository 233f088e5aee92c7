//! The one entity for files and folders.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use secrecy::SecretString;
use serde::de::{Deserialize, Deserializer};

use super::checksum::NotEmpty;
use super::rare::Rare;
use super::{
    Checksums, Crc32, DirectConnectionInfo, DownloadIdentity, FileKind, Origin, PathPermissions,
    Preview, Timestamp,
};
use crate::ShortText;
use crate::listing::Listed;
use crate::number::Whole;
use crate::object::object;

object! {
    exact, read_write;
    /// A file or a folder: Files.com has one entity for both (Files.com REST API reference, File).
    ///
    /// Answers of different years have different sets of keys, so a value that is missing or null
    /// is `None`. It is written back under the names of today's reference, without what is absent
    /// and without the addresses for downloading, which are secrets.
    ///
    /// ```
    /// use wharf_model::filescom::{File, FileKind};
    ///
    /// let file: File = serde_json::from_str(
    ///     r#"{"path": "orders/4.text", "type": "file", "size": 9, "crc32": "b669a0d4",
    ///         "mtime": "2022-10-25T23:42:50Z", "permissions": "lrwd", "created_by_id": 7}"#,
    /// )?;
    /// assert_eq!(file.kind, FileKind::File);
    /// assert_eq!(file.size, Some(9));
    /// assert_eq!(file.created_by().user, Some(7));
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    #[derive(Debug, Clone)]
    #[non_exhaustive]
    pub struct File {
        /// Path from the root of the site or of the key, without a slash at either end. Missing
        /// in some older answers; empty for the root.
        pub path: Option<Box<str>> = "path",
        /// Pairs of text kept with the file: at most 32, of 256 and 1024 characters.
        pub custom_metadata: Option<BTreeMap<Box<str>, Option<Box<str>>>> = "custom_metadata",
        /// The last name of the path.
        pub display_name: Option<Box<str>> = "display_name",
        /// File or directory.
        pub kind: FileKind = "type",
        /// Size in bytes. Null for directories, and maybe wrong or missing on remote mounts.
        pub size: Option<i64> = "size" as Whole,
        /// When it was created.
        pub created_at: Option<DateTime<Utc>> = "created_at" as Timestamp,
        /// When it last changed, by the clock of the service.
        pub mtime: Option<DateTime<Utc>> = "mtime" as Timestamp,
        /// When it last changed, as told by whoever uploaded it.
        pub provided_mtime: Option<DateTime<Utc>> = "provided_mtime" as Timestamp,
        /// CRC-32. Present only if the file lies on storage of Files.com.
        pub crc32: Option<Crc32> = "crc32" as NotEmpty,
        /// MD5, 32 hexadecimal digits.
        pub md5: Option<Box<str>> = "md5",
        /// Media type, derived from the name alone.
        pub mime_type: Option<ShortText> = "mime_type",
        /// Where it is stored, such as `us-east-1`.
        pub region: Option<ShortText> = "region",
        /// What the caller may do with it.
        pub permissions: Option<PathPermissions> = "permissions",
        /// Whether folders below are locked; only of directories.
        pub subfolders_locked: Option<bool> = "subfolders_locked?",
        /// Whether it is locked; only of directories.
        pub is_locked: Option<bool> = "is_locked",
        /// Where to download it, for about a minute; only in the answer to a download request.
        pub download_uri: Option<SecretString> = "download_uri" | secret,
        ..
        /// What is mostly absent, and members unknown to this crate.
        rare: Rare
    }
}

impl File {
    /// A file or folder of which nothing is known but its path.
    #[must_use]
    pub fn new(path: impl Into<Box<str>>, kind: FileKind) -> Self {
        Self {
            path: Some(path.into()),
            custom_metadata: None,
            display_name: None,
            kind,
            size: None,
            created_at: None,
            mtime: None,
            provided_mtime: None,
            crc32: None,
            md5: None,
            mime_type: None,
            region: None,
            permissions: None,
            subfolders_locked: None,
            is_locked: None,
            download_uri: None,
            rare: Rare::default(),
        }
    }

    /// Whether it is a directory.
    #[must_use]
    pub fn is_directory(&self) -> bool {
        self.kind == FileKind::Directory
    }

    /// When it was last modified, as the official programs show and compare it: the time given by
    /// whoever uploaded it, else the time of the service.
    #[must_use]
    pub fn modified(&self) -> Option<DateTime<Utc>> {
        self.provided_mtime.or(self.mtime)
    }

    /// Its checksums, as many as there are. An empty one counts as none.
    #[must_use]
    pub fn checksums<'a>(&'a self) -> Checksums<'a> {
        let filled = |sum: &'a Option<Box<str>>| sum.as_deref().filter(|sum| !sum.is_empty());
        Checksums {
            crc32: self.crc32,
            md5: filled(&self.md5),
            sha1: self.rare.sha1(),
            sha256: self.rare.sha256(),
        }
    }

    /// What created it.
    #[must_use]
    pub fn created_by(&self) -> Origin {
        self.rare.created_by()
    }

    /// What changed it last.
    #[must_use]
    pub fn last_modified_by(&self) -> Origin {
        self.rare.last_modified_by()
    }

    /// A colour for people; only when asked for.
    #[must_use]
    pub fn priority_color(&self) -> Option<&str> {
        self.rare.priority_color()
    }

    /// Id of its preview.
    #[must_use]
    pub fn preview_id(&self) -> Option<i64> {
        self.rare.preview_id()
    }

    /// Its preview; only when asked for.
    #[must_use]
    pub fn preview(&self) -> Option<&Preview> {
        self.rare.preview()
    }

    /// How to reach an agent directly; only when asked for.
    #[must_use]
    pub fn direct_connection_info(&self) -> Option<&DirectConnectionInfo> {
        self.rare.direct_connection_info()
    }

    /// What pins a download to this version; only when asked for, and not on every site.
    #[must_use]
    pub fn download_identity(&self) -> Option<&DownloadIdentity> {
        self.rare.download_identity()
    }

    /// Members unknown to this crate, kept and written back.
    pub fn unknown(&self) -> impl Iterator<Item = (&str, &serde_json::Value)> {
        self.rare.unknown()
    }
}

impl Listed for File {
    const MEMBERS: &'static [&'static str] = &[];

    fn read<'de, D: Deserializer<'de>>(_: usize, element: D) -> Result<Self, D::Error> {
        Self::deserialize(element)
    }
}

#[cfg(test)]
mod tests;
