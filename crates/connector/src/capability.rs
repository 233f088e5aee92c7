//! What a backend can do, declared as data.

use std::time::Duration;

use crate::{Error, ErrorKind, Info, Operation, Result};

bitflags::bitflags! {
    /// What a backend can do as it is configured.
    ///
    /// A declared ability works; an undeclared one answers `Unsupported`: the suite of
    /// `wharf-conformance` checks both. `stat`, `list` and `test_connection` have no
    /// flag, for without them there is no backend.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
    pub struct Capabilities: u32 {
        /// Reading files.
        const READ = 1;
        /// Reading a range of a file.
        const READ_RANGE = 1 << 1;
        /// Writing files.
        const WRITE = 1 << 2;
        /// Writing content whose size is not known beforehand.
        const WRITE_UNKNOWN_SIZE = 1 << 3;
        /// Writing only where nothing stands, without a race.
        const WRITE_IF_ABSENT = 1 << 4;
        /// Keeping a modification time given with a write.
        const WRITE_MODIFIED = 1 << 5;
        /// Creating folders.
        const CREATE_FOLDER = 1 << 6;
        /// Deleting files and empty folders.
        const DELETE = 1 << 7;
        /// Deleting folders with their content.
        const DELETE_RECURSIVE = 1 << 8;
        /// Copying files within the service.
        const COPY_FILE = 1 << 9;
        /// Copying folders within the service.
        const COPY_FOLDER = 1 << 10;
        /// Renaming and moving files within the service.
        const RENAME_FILE = 1 << 11;
        /// Renaming and moving folders within the service.
        const RENAME_FOLDER = 1 << 12;
        /// Changing the modification time.
        const UPDATE_MODIFIED = 1 << 13;
        /// Changing the properties.
        const UPDATE_PROPERTIES = 1 << 14;
        /// Changing the description.
        const UPDATE_DESCRIPTION = 1 << 15;
        /// Changing the tags.
        const UPDATE_TAGS = 1 << 16;
        /// Entries may carry checksums.
        const CHECKSUMS = 1 << 17;
        /// Entries carry permissions.
        const PERMISSIONS = 1 << 18;
        /// Going on with a write that was broken off.
        const WRITE_RESUME = 1 << 19;
    }
}

impl Capabilities {
    /// Checks what a call needs, before anything is done.
    ///
    /// ```
    /// use wharf_connector::{ByteRange, Capabilities, Info, Operation, ReadOptions};
    ///
    /// let info = Info::new("shelf", "Shelf");
    /// let options = ReadOptions::new().with_range(ByteRange::last(4));
    /// let error =
    ///     Capabilities::READ.require(options.needs(), &info, Operation::Read).unwrap_err();
    /// assert_eq!(error.message(), "shelf lacks read_range");
    /// ```
    ///
    /// # Errors
    ///
    /// `Unsupported`, naming what is lacking.
    pub fn require(self, needs: Self, info: &Info, operation: Operation) -> Result<()> {
        let lacking = needs - self;
        if lacking.is_empty() {
            return Ok(());
        }
        let names: Vec<_> = lacking.names().collect();
        let message = format!("{} lacks {}", info.scheme, names.join(" and "));
        Err(Error::new(ErrorKind::Unsupported, message).of(info.scheme).operated(operation))
    }

    /// The names of what is declared, such as `read_range`.
    pub fn names(self) -> impl Iterator<Item = String> {
        self.iter_names().map(|(name, _)| name.to_ascii_lowercase())
    }
}

/// The measures within which names and files must stay. `None`: not known.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Limits {
    /// Longest path, in characters.
    pub max_path: Option<usize>,
    /// Longest name, in characters.
    pub max_name: Option<usize>,
    /// Largest file, in bytes.
    pub max_file: Option<u64>,
    /// How names are compared.
    pub name_case: NameCase,
    /// How finely modification times are kept. `None`: not known.
    pub time_resolution: Option<Duration>,
}

impl Limits {
    /// Sets how finely modification times are kept.
    #[must_use]
    pub fn with_time_resolution(mut self, step: Duration) -> Self {
        self.time_resolution = Some(step);
        self
    }

    /// Sets how names are compared.
    #[must_use]
    pub fn with_name_case(mut self, name_case: NameCase) -> Self {
        self.name_case = name_case;
        self
    }

    /// Sets the longest path, in characters.
    #[must_use]
    pub fn with_max_path(mut self, characters: usize) -> Self {
        self.max_path = Some(characters);
        self
    }

    /// Sets the longest name, in characters.
    #[must_use]
    pub fn with_max_name(mut self, characters: usize) -> Self {
        self.max_name = Some(characters);
        self
    }

    /// Sets the largest file, in bytes.
    #[must_use]
    pub fn with_max_file(mut self, bytes: u64) -> Self {
        self.max_file = Some(bytes);
        self
    }
}

/// How a service compares names.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum NameCase {
    /// Letter by letter.
    Sensitive,
    /// Case is kept, but does not distinguish.
    Insensitive,
    /// Neither case nor accents distinguish; both are kept.
    InsensitiveToAccents,
    /// Not known: then two names that differ in case alone are not trusted to be two.
    #[default]
    Unknown,
}
