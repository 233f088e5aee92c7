//! What stands at a path.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, Utc};

use crate::RemotePath;

/// A file or folder as a service describes it, in neutral words.
///
/// What a service does not say is `None` or empty, never a made-up value.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Entry {
    /// Where it stands, from the connector's root.
    pub path: RemotePath,
    /// The last name as the service keeps it, when it took the asked one for the same
    /// though letters differ. Writing there replaces a file of another name.
    pub kept_name: Option<Box<str>>,
    /// File or folder.
    pub kind: EntryKind,
    /// Size in bytes. Folders have none, even where a service sums one up.
    pub size: Option<u64>,
    /// Last change of the content: the time that the writer gave, if the service keeps
    /// it, else the service's own.
    pub modified: Option<DateTime<Utc>>,
    /// When the service first stored it.
    pub created: Option<DateTime<Utc>>,
    /// Checksums of the content that the service vouches for.
    pub checksums: Checksums,
    /// What the account may do with it.
    pub permissions: Option<Permissions>,
    /// Whether the content may be relied upon.
    pub state: EntryState,
    /// The service's own identifier.
    pub id: Option<Box<str>>,
    /// A text that changes when the content changes.
    pub version: Option<Box<str>>,
    /// MIME type, as the service names it.
    pub content_type: Option<Box<str>>,
    /// Description for people.
    pub description: Option<Box<str>>,
    /// Keywords.
    pub tags: Vec<Box<str>>,
    /// Properties set by users of the service.
    pub properties: BTreeMap<String, String>,
}

impl Entry {
    /// A file of which nothing more is known.
    pub fn file(path: RemotePath) -> Self {
        Self::new(path, EntryKind::File)
    }

    /// A folder of which nothing more is known.
    pub fn folder(path: RemotePath) -> Self {
        Self::new(path, EntryKind::Folder)
    }

    /// An entry of which nothing more is known.
    pub fn new(path: RemotePath, kind: EntryKind) -> Self {
        Self {
            path,
            kept_name: None,
            kind,
            size: None,
            modified: None,
            created: None,
            checksums: Checksums::default(),
            permissions: None,
            state: EntryState::Ready,
            id: None,
            version: None,
            content_type: None,
            description: None,
            tags: Vec::new(),
            properties: BTreeMap::new(),
        }
    }

    /// Sets the size in bytes.
    #[must_use]
    pub fn with_size(mut self, bytes: u64) -> Self {
        self.size = Some(bytes);
        self
    }

    /// The last name of the path; empty for the root.
    pub fn name(&self) -> &str {
        self.path.name().unwrap_or_default()
    }

    /// Whether this is a folder.
    pub fn is_folder(&self) -> bool {
        self.kind == EntryKind::Folder
    }

    /// Whether this is a file.
    pub fn is_file(&self) -> bool {
        self.kind == EntryKind::File
    }
}

/// The two kinds of thing that stand at a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum EntryKind {
    /// Has content.
    File,
    /// Has children.
    Folder,
}

impl EntryKind {
    /// The word for it: `file` or `folder`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::File => "file",
            Self::Folder => "folder",
        }
    }
}

impl fmt::Display for EntryKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// Whether a file's content may be relied upon.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub enum EntryState {
    /// Whole and free to use.
    #[default]
    Ready,
    /// An upload of it has begun and not ended: only the first bytes are there.
    Partial,
    /// The service holds it back, usually after a virus check.
    Quarantined,
}

impl EntryState {
    /// The word for it: `ready`, `partial` or `quarantined`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Ready => "ready",
            Self::Partial => "partial",
            Self::Quarantined => "quarantined",
        }
    }
}

impl fmt::Display for EntryState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// Checksums of a content; those that are not known are `None`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub struct Checksums {
    /// CRC-32 (the one of zip and Ethernet).
    pub crc32: Option<u32>,
    /// MD5.
    pub md5: Option<[u8; 16]>,
    /// SHA-1.
    pub sha1: Option<[u8; 20]>,
    /// SHA-256.
    pub sha256: Option<[u8; 32]>,
}

impl Checksums {
    /// Whether none is known.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Compares the algorithms that both sides know.
    ///
    /// `None` when they have none in common: that is no agreement.
    pub fn agree(&self, other: &Self) -> Option<bool> {
        let verdicts = [
            same(self.crc32, other.crc32),
            same(self.md5, other.md5),
            same(self.sha1, other.sha1),
            same(self.sha256, other.sha256),
        ];
        verdicts.into_iter().flatten().reduce(|a, b| a && b)
    }

    /// The known ones as name and lower-case hexadecimal digits.
    pub fn iter(&self) -> impl Iterator<Item = (&'static str, String)> {
        [
            self.crc32.map(|sum| ("crc32", format!("{sum:08x}"))),
            self.md5.map(|sum| ("md5", hex(&sum))),
            self.sha1.map(|sum| ("sha1", hex(&sum))),
            self.sha256.map(|sum| ("sha256", hex(&sum))),
        ]
        .into_iter()
        .flatten()
    }
}

fn same<T: PartialEq>(a: Option<T>, b: Option<T>) -> Option<bool> {
    Some(a? == b?)
}

fn hex(bytes: &[u8]) -> String {
    use fmt::Write;
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

bitflags::bitflags! {
    /// What an account may do with an entry.
    ///
    /// The eight rights are those of Boomi MFT, whose vocabulary is the finer one;
    /// services with fewer words set several at once.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
    pub struct Permissions: u32 {
        /// It is shown in listings.
        const SHOW = 1;
        /// Its information may be read, and a folder's content listed.
        const READ = 1 << 1;
        /// Something may be created in it.
        const CREATE = 1 << 2;
        /// Its content may be downloaded.
        const DOWNLOAD = 1 << 3;
        /// It may be shared with others.
        const DISTRIBUTE = 1 << 4;
        /// Its permissions may be managed.
        const MANAGE = 1 << 5;
        /// It may be changed.
        const MODIFY = 1 << 6;
        /// It may be deleted.
        const DELETE = 1 << 7;
    }
}

impl fmt::Display for Permissions {
    /// The names of the rights, lower-case, separated by blanks; `none` if there are none.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_empty() {
            return f.write_str("none");
        }
        for (index, (name, _)) in self.iter_names().enumerate() {
            if index > 0 {
                f.write_str(" ")?;
            }
            f.write_str(&name.to_ascii_lowercase())?;
        }
        Ok(())
    }
}

impl FromStr for Permissions {
    type Err = UnknownPermission;

    fn from_str(text: &str) -> Result<Self, UnknownPermission> {
        text.split_whitespace().filter(|word| *word != "none").try_fold(
            Self::empty(),
            |all, word| {
                Self::from_name(&word.to_ascii_uppercase())
                    .map(|one| all | one)
                    .ok_or_else(|| UnknownPermission(word.into()))
            },
        )
    }
}

/// A word that names no permission.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownPermission(Box<str>);

impl fmt::Display for UnknownPermission {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?} is no permission; they are: {}", self.0, Permissions::all())
    }
}

impl std::error::Error for UnknownPermission {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn checksums_agree_only_on_common_ground() {
        let crc = Checksums { crc32: Some(7), ..Checksums::default() };
        let md5 = Checksums { md5: Some([1; 16]), ..Checksums::default() };
        let both = Checksums { crc32: Some(7), md5: Some([2; 16]), ..Checksums::default() };
        assert_eq!(crc.agree(&md5), None);
        assert_eq!(crc.agree(&both), Some(true));
        assert_eq!(md5.agree(&both), Some(false));
        assert_eq!(both.agree(&Checksums { crc32: Some(8), ..both }), Some(false));
    }

    #[test]
    fn hexadecimal_keeps_leading_zeros() {
        let sums = Checksums { crc32: Some(0x2b), md5: Some([0; 16]), ..Checksums::default() };
        let shown: Vec<_> = sums.iter().collect();
        assert_eq!(shown, [("crc32", "0000002b".to_owned()), ("md5", "0".repeat(32))]);
    }

    #[test]
    fn permissions_print_and_parse() {
        let all = "show read create download distribute manage modify delete";
        assert_eq!(Permissions::all().to_string(), all);
        assert_eq!(all.parse(), Ok(Permissions::all()));
        assert_eq!("none".parse(), Ok(Permissions::empty()));
        assert_eq!(Permissions::empty().to_string(), "none");
        assert!("show fly".parse::<Permissions>().unwrap_err().to_string().contains("fly"));
    }
}
