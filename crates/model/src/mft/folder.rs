//! A folder, as MFT describes it.

use chrono::{DateTime, Utc};

use super::{EffectivePermission, FolderId, FolderType, SlashDate, UserId};
use crate::number::Whole;
use crate::object::object;

object! {
    any_case, read_write;
    /// A folder (`ThruPublicFolderInfo`; Boomi: File Sharing API reference 1.16, Root).
    ///
    /// A value that is missing or null is `None`. Property names are read in any case and
    /// written as in the samples.
    ///
    /// ```
    /// use wharf_model::mft::{FolderInfo, FolderType};
    ///
    /// let folder: FolderInfo = serde_json::from_str(
    ///     r#"{"FolderId": "0QN8H2VKTGIWE", "ParentFolderId": null, "Name": "FOLDERS", "FolderType": 1}"#,
    /// )?;
    /// assert_eq!(folder.folder_type, Some(FolderType::Root));
    /// assert_eq!(folder.parent_folder_id, None);
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    #[derive(Debug, Clone, PartialEq)]
    #[non_exhaustive]
    pub struct FolderInfo {
        /// Id of the folder.
        pub id: FolderId = "FolderID",
        /// Id of the folder it lies in; null for the root, and written so.
        pub parent_folder_id: Option<FolderId> = "ParentFolderID" | null,
        /// Name of the folder.
        pub name: Box<str> = "Name",
        /// Path from the top of the tree, without a leading slash: `FOLDERS/HOME/Admin`.
        pub path: Option<Box<str>> = "Path",
        /// Description for people.
        pub description: Option<Box<str>> = "Description",
        /// Keywords.
        pub tags: Option<Box<[Box<str>]>> = "Tags",
        /// Size in bytes; by the looks of the samples, of its whole content.
        pub size: Option<i64> = "Size" as Whole,
        /// What the signed-in user may do with it.
        pub effective_permission: Option<EffectivePermission> = "EffectivePermission",
        /// When it was created.
        pub date_created: Option<DateTime<Utc>> = "DateCreated" as SlashDate,
        /// When it was last modified.
        pub date_modified: Option<DateTime<Utc>> = "DateModified" as SlashDate,
        /// Who created it.
        pub created_by_user_id: Option<UserId> = "CreatedByUserID",
        /// Who modified it last.
        pub modified_by_user_id: Option<UserId> = "ModifiedByUserID",
        /// Whether the signed-in user marked it as a favorite.
        pub in_favorite: Option<bool> = "InFavorite",
        /// What kind of folder it is.
        pub folder_type: Option<FolderType> = "FolderType",
    }
}

impl FolderInfo {
    /// A folder of which nothing is known but its id and name.
    #[must_use]
    pub fn new(id: FolderId, name: impl Into<Box<str>>) -> Self {
        Self {
            id,
            parent_folder_id: None,
            name: name.into(),
            path: None,
            description: None,
            tags: None,
            size: None,
            effective_permission: None,
            date_created: None,
            date_modified: None,
            created_by_user_id: None,
            modified_by_user_id: None,
            in_favorite: None,
            folder_type: None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_root_has_a_null_parent() {
        let root = FolderInfo {
            folder_type: Some(FolderType::Root),
            ..FolderInfo::new("R".into(), "FOLDERS")
        };
        let json = serde_json::to_string(&root).unwrap();
        assert_eq!(
            json,
            r#"{"FolderID":"R","ParentFolderID":null,"Name":"FOLDERS","FolderType":1}"#
        );
        assert_eq!(serde_json::from_str::<FolderInfo>(&json).unwrap(), root);
    }

    #[test]
    fn unknown_values_survive() {
        let json = concat!(
            r#"{"FolderID":"R","ParentFolderID":"P","Name":"n","EffectivePermission":65790,"#,
            r#""DateCreated":"/Date(-1)/","FolderType":42}"#
        );
        let folder: FolderInfo = serde_json::from_str(json).unwrap();
        assert_eq!(folder.folder_type, Some(FolderType::Other(42)));
        assert_eq!(serde_json::to_string(&folder).unwrap(), json);
    }

    #[test]
    fn as_small_as_it_can_be() {
        assert!(size_of::<FolderInfo>() <= 192, "{}", size_of::<FolderInfo>());
    }
}
