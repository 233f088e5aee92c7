//! What was asked, and whether it took effect.

/// What was asked of a connector.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Operation {
    /// Opening a connector from a target.
    Open,
    /// Testing the connection.
    TestConnection,
    /// Looking at one path.
    Stat,
    /// Listing a folder.
    List,
    /// Reading a file.
    Read,
    /// Writing a file.
    Write,
    /// Creating a folder.
    CreateFolder,
    /// Deleting.
    Delete,
    /// Copying within the service.
    Copy,
    /// Renaming or moving within the service.
    Rename,
    /// Changing what is known about an entry.
    Update,
}

impl Operation {
    /// The operation as a word, such as `create-folder`: stable, for programs.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::TestConnection => "test-connection",
            Self::Stat => "stat",
            Self::List => "list",
            Self::Read => "read",
            Self::Write => "write",
            Self::CreateFolder => "create-folder",
            Self::Delete => "delete",
            Self::Copy => "copy",
            Self::Rename => "rename",
            Self::Update => "update",
        }
    }

    /// The operation as an infinitive, such as `look at`.
    pub fn verb(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::TestConnection => "test the connection",
            Self::Stat => "look at",
            Self::List => "list",
            Self::Read => "read",
            Self::Write => "write",
            Self::CreateFolder => "create the folder",
            Self::Delete => "delete",
            Self::Copy => "copy",
            Self::Rename => "rename",
            Self::Update => "update",
        }
    }

    pub(super) fn has_path(self) -> bool {
        !matches!(self, Self::Open | Self::TestConnection)
    }
}

/// Whether a failed request could have taken effect on the service.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub enum Reached {
    /// It never left, or was refused before anything happened.
    No,
    /// It may have: the answer was lost.
    #[default]
    Maybe,
    /// It did, in part or whole.
    Yes,
}
