//! The options of each verb.
//!
//! Every verb has its own struct, so that a new option never changes a signature.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

use crate::{ByteRange, Capabilities, Checkpoint, Checksums, Content};

macro_rules! setters {
    ($options:ident { $( $(#[$doc:meta])* $setter:ident => $field:ident : $type:ty, )* }) => {
        impl $options {
            /// The defaults, to be changed with the setters.
            pub fn new() -> Self {
                Self::default()
            }
            $(
                $(#[$doc])*
                #[must_use]
                pub fn $setter(mut self, $field: $type) -> Self {
                    self.$field = $field.into();
                    self
                }
            )*
        }
    };
}

/// Options of [`Connector::list`](crate::Connector::list).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct ListOptions {
    /// How many entries to ask for at once. A hint: the entries that come are the same.
    pub page_size: Option<u32>,
}

setters!(ListOptions {
    /// Sets how many entries to ask for at once.
    with_page_size => page_size: u32,
});

/// Options of [`Connector::read`](crate::Connector::read).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct ReadOptions {
    /// The part of the file to read. Needs
    /// [`READ_RANGE`](crate::Capabilities::READ_RANGE) unless it is the whole.
    pub range: ByteRange,
    /// The caller sums up the CRC-32 of a whole file by itself, and compares it with that of the
    /// entry: a backend need not do so too. Off by default.
    pub crc32_checked: bool,
}

setters!(ReadOptions {
    /// Sets the part of the file to read.
    with_range => range: ByteRange,
    /// Sets whether the caller compares the CRC-32 of a whole file.
    with_crc32_checked => crc32_checked: bool,
});

impl ReadOptions {
    /// The abilities that a backend needs for this.
    pub fn needs(&self) -> Capabilities {
        let mut needs = Capabilities::READ;
        needs.set(Capabilities::READ_RANGE, !self.range.is_whole());
        needs
    }
}

/// Options of [`Connector::write`](crate::Connector::write).
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct WriteOptions {
    /// Create missing parent folders. On by default.
    pub parents: bool,
    /// What to do when a file stands there already. By default it is replaced.
    pub on_conflict: OnConflict,
    /// Modification time to keep with the file.
    pub modified: Option<DateTime<Utc>>,
    /// Checksums that the content must have. A mismatch fails the write, and the file
    /// does not appear.
    pub expected: Checksums,
    /// Wait, within a bound, for a checksum of the service's own and compare it with
    /// that of the bytes sent.
    pub verify: bool,
    /// Description for people.
    pub description: Option<String>,
    /// Keywords.
    pub tags: Vec<String>,
    /// Properties to set.
    pub properties: BTreeMap<String, String>,
    /// Where to keep the state of the write, so that it can be gone on with.
    pub checkpoint: Option<Checkpoint>,
}

impl Default for WriteOptions {
    fn default() -> Self {
        Self {
            parents: true,
            on_conflict: OnConflict::Replace,
            modified: None,
            expected: Checksums::default(),
            verify: false,
            description: None,
            tags: Vec::new(),
            properties: BTreeMap::new(),
            checkpoint: None,
        }
    }
}

setters!(WriteOptions {
    /// Sets whether missing parent folders are created.
    with_parents => parents: bool,
    /// Sets what to do when a file stands there already.
    with_on_conflict => on_conflict: OnConflict,
    /// Sets the modification time to keep with the file.
    with_modified => modified: DateTime<Utc>,
    /// Sets the checksums that the content must have.
    with_expected => expected: Checksums,
    /// Sets whether to wait for the service's own checksum.
    with_verify => verify: bool,
    /// Sets the description.
    with_description => description: String,
    /// Sets the tags.
    with_tags => tags: Vec<String>,
    /// Sets the properties.
    with_properties => properties: BTreeMap<String, String>,
    /// Sets where to keep the state of the write.
    with_checkpoint => checkpoint: Checkpoint,
});

impl WriteOptions {
    /// The abilities that a backend needs to store `content` with these options.
    pub fn needs(&self, content: &Content) -> Capabilities {
        let checked = self.verify || !self.expected.is_empty();
        let mut needs = Capabilities::WRITE;
        needs.set(Capabilities::WRITE_UNKNOWN_SIZE, content.size().is_none());
        needs.set(Capabilities::WRITE_IF_ABSENT, self.on_conflict == OnConflict::Fail);
        needs.set(Capabilities::WRITE_MODIFIED, self.modified.is_some());
        needs.set(Capabilities::WRITE_RESUME, self.checkpoint.is_some());
        needs.set(Capabilities::CHECKSUMS, checked);
        needs.set(Capabilities::UPDATE_DESCRIPTION, self.description.is_some());
        needs.set(Capabilities::UPDATE_TAGS, !self.tags.is_empty());
        needs.set(Capabilities::UPDATE_PROPERTIES, !self.properties.is_empty());
        needs
    }
}

/// Options of [`Connector::create_folder`](crate::Connector::create_folder).
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct CreateFolderOptions {
    /// Create missing parent folders. On by default.
    pub parents: bool,
}

impl Default for CreateFolderOptions {
    fn default() -> Self {
        Self { parents: true }
    }
}

setters!(CreateFolderOptions {
    /// Sets whether missing parent folders are created.
    with_parents => parents: bool,
});

/// Options of [`Connector::delete`](crate::Connector::delete).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct DeleteOptions {
    /// Delete a folder with all its content. Off by default.
    pub recursive: bool,
}

setters!(DeleteOptions {
    /// Sets whether a folder is deleted with all its content.
    with_recursive => recursive: bool,
});

impl DeleteOptions {
    /// The abilities that a backend needs for this.
    pub fn needs(&self) -> Capabilities {
        let mut needs = Capabilities::DELETE;
        needs.set(Capabilities::DELETE_RECURSIVE, self.recursive);
        needs
    }
}

/// Options of [`Connector::copy`](crate::Connector::copy).
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct CopyOptions {
    /// What to do when something stands there already. By default the copy fails.
    pub on_conflict: OnConflict,
    /// Create missing parent folders of the destination. On by default.
    pub parents: bool,
}

impl Default for CopyOptions {
    fn default() -> Self {
        Self { on_conflict: OnConflict::Fail, parents: true }
    }
}

setters!(CopyOptions {
    /// Sets what to do when something stands there already.
    with_on_conflict => on_conflict: OnConflict,
    /// Sets whether missing parent folders of the destination are created.
    with_parents => parents: bool,
});

/// Options of [`Connector::rename`](crate::Connector::rename).
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct RenameOptions {
    /// What to do when something stands there already. By default the rename fails.
    pub on_conflict: OnConflict,
    /// Create missing parent folders of the destination. On by default.
    pub parents: bool,
}

impl Default for RenameOptions {
    fn default() -> Self {
        Self { on_conflict: OnConflict::Fail, parents: true }
    }
}

setters!(RenameOptions {
    /// Sets what to do when something stands there already.
    with_on_conflict => on_conflict: OnConflict,
    /// Sets whether missing parent folders of the destination are created.
    with_parents => parents: bool,
});

/// What to do when the destination exists.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum OnConflict {
    /// Leave it alone and fail with `AlreadyExists`.
    Fail,
    /// Replace a file by a file. A file never replaces a folder, nor a folder a file.
    Replace,
}
