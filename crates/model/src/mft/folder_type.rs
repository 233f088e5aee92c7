//! What kind of folder a folder is.

use std::fmt;

use serde::de::{Deserialize, Deserializer};
use serde::ser::{Serialize, Serializer};
use serde_with::DeserializeAs;

use crate::number::{FromWhole, Whole};

/// The kind of a folder: its place in the tree (Boomi: File Sharing API reference 1.16, Root).
///
/// A number on the wire. An unknown one is kept as [`FolderType::Other`] and written back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum FolderType {
    /// 0: a regular folder.
    Regular,
    /// 1: the root folder.
    Root,
    /// 2: a home folder.
    Home,
    /// 3: a user's "My Documents".
    MyDocuments,
    /// 4: a user's drop box.
    DropBox,
    /// 5: the root of the common folders and files.
    CommonRoot,
    /// 6: the root of the home folders.
    HomeRoot,
    /// Any other number.
    Other(i32),
}

impl From<i32> for FolderType {
    fn from(number: i32) -> Self {
        match number {
            0 => Self::Regular,
            1 => Self::Root,
            2 => Self::Home,
            3 => Self::MyDocuments,
            4 => Self::DropBox,
            5 => Self::CommonRoot,
            6 => Self::HomeRoot,
            other => Self::Other(other),
        }
    }
}

impl From<FolderType> for i32 {
    fn from(folder_type: FolderType) -> Self {
        match folder_type {
            FolderType::Regular => 0,
            FolderType::Root => 1,
            FolderType::Home => 2,
            FolderType::MyDocuments => 3,
            FolderType::DropBox => 4,
            FolderType::CommonRoot => 5,
            FolderType::HomeRoot => 6,
            FolderType::Other(other) => other,
        }
    }
}

impl fmt::Display for FolderType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = match self {
            Self::Regular => "regular folder",
            Self::Root => "root folder",
            Self::Home => "home folder",
            Self::MyDocuments => "My Documents",
            Self::DropBox => "drop box",
            Self::CommonRoot => "root of common folders",
            Self::HomeRoot => "root of home folders",
            Self::Other(other) => return write!(f, "folder type {other}"),
        };
        f.write_str(name)
    }
}

impl FromWhole for FolderType {
    const EXPECTED: &'static str = "a folder type";

    fn from_whole(number: i64) -> Option<Self> {
        i32::from_whole(number).map(Self::from)
    }
}

impl<'de> Deserialize<'de> for FolderType {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Whole::deserialize_as(deserializer)
    }
}

impl Serialize for FolderType {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_i32((*self).into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_number_survives() {
        for number in (-2..10).chain([i32::MIN, i32::MAX]) {
            let json = number.to_string();
            let folder_type: FolderType = serde_json::from_str(&json).unwrap();
            assert_eq!(serde_json::to_string(&folder_type).unwrap(), json);
            let known = (0..=6).contains(&number);
            assert_eq!(matches!(folder_type, FolderType::Other(_)), !known, "{number}");
        }
    }
}
