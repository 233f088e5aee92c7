//! A file, as MFT describes it.

use chrono::{DateTime, Utc};

use super::{EffectivePermission, FileId, FolderId, SlashDate, UserId};
use crate::number::Whole;
use crate::object::object;

object! {
    any_case, read_write;
    /// A file (`ThruPublicFileInfo`; Boomi: File Sharing API reference 1.16, File and Root).
    ///
    /// MFT tells neither a checksum nor a version nor a media type. A value that is missing or
    /// null is `None`. Property names are read in any case and written as in the samples.
    ///
    /// ```
    /// let file: wharf_model::mft::FileInfo = serde_json::from_str(
    ///     r#"{"FileID": "2OMFYXLA6BP9D", "Name": "2.html", "Size": 198,
    ///         "EffectivePermission": 254, "DateModified": "/Date(1346072694480)/"}"#,
    /// )?;
    /// assert_eq!(file.id, "2OMFYXLA6BP9D");
    /// assert_eq!(file.size, Some(198));
    /// assert_eq!(file.parent_folder_id, None);
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    #[derive(Debug, Clone, PartialEq)]
    #[non_exhaustive]
    pub struct FileInfo {
        /// Id of the file.
        pub id: FileId = "FileID",
        /// Id of the folder it lies in.
        pub parent_folder_id: Option<FolderId> = "ParentFolderID",
        /// Name with extension.
        pub name: Box<str> = "Name",
        /// Description for people.
        pub description: Option<Box<str>> = "Description",
        /// Path from the top of the tree, without a leading slash:
        /// `FOLDERS/HOME/Admin/My Documents/2.html`.
        pub path: Option<Box<str>> = "Path",
        /// Keywords.
        pub tags: Option<Box<[Box<str>]>> = "Tags",
        /// Size in bytes.
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
        /// Whether it is kept back, as after a virus was found.
        pub is_quarantined: Option<bool> = "IsQuarantined",
        /// Whether the signed-in user marked it as a favorite.
        pub in_favorite: Option<bool> = "InFavorite",
        /// Whether its upload is unfinished: only some chunks have arrived.
        pub is_partially_uploaded: Option<bool> = "IsPartiallyUploaded",
    }
}

impl FileInfo {
    /// A file of which nothing is known but its id and name.
    #[must_use]
    pub fn new(id: FileId, name: impl Into<Box<str>>) -> Self {
        Self {
            id,
            parent_folder_id: None,
            name: name.into(),
            description: None,
            path: None,
            tags: None,
            size: None,
            effective_permission: None,
            date_created: None,
            date_modified: None,
            created_by_user_id: None,
            modified_by_user_id: None,
            is_quarantined: None,
            in_favorite: None,
            is_partially_uploaded: None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_in_any_case() {
        let sample = serde_json::to_value(full()).unwrap();
        for change in [str::to_uppercase, str::to_lowercase, |name: &str| name.replace("ID", "Id")]
        {
            let changed: serde_json::Map<_, _> = sample
                .as_object()
                .unwrap()
                .iter()
                .map(|(name, value)| (change(name), value.clone()))
                .collect();
            let read: FileInfo =
                serde_json::from_str(&serde_json::to_string(&changed).unwrap()).unwrap();
            assert_eq!(read, full());
        }
    }

    #[test]
    fn missing_and_null_are_none() {
        let bare = FileInfo::new("F".into(), "n");
        let read: FileInfo = serde_json::from_str(r#"{"FileID":"F","Name":"n"}"#).unwrap();
        assert_eq!(read, bare);
        let json = r#"{"FileID":"F","ParentFolderID":null,"Name":"n","Description":null,"Path":null,
            "Tags":null,"Size":null,"EffectivePermission":null,"DateCreated":null,"DateModified":"",
            "CreatedByUserID":null,"ModifiedByUserID":null,"IsQuarantined":null,"InFavorite":null,
            "IsPartiallyUploaded":null}"#;
        assert_eq!(serde_json::from_str::<FileInfo>(json).unwrap(), bare);
        assert_eq!(serde_json::to_string(&bare).unwrap(), r#"{"FileID":"F","Name":"n"}"#);
    }

    #[test]
    fn an_entry_without_id_or_name_is_refused() {
        for (json, field) in [(r#"{"Name":"n"}"#, "FileID"), (r#"{"FileID":"F"}"#, "Name")] {
            let error = serde_json::from_str::<FileInfo>(json).unwrap_err().to_string();
            assert!(error.contains(field), "{error}");
        }
    }

    #[test]
    fn unknown_members_are_skipped_and_the_last_of_a_repeated_name_counts() {
        let json = r#"{"New":[{"a":1.5}],"FileID":"A","Name":"n","fileid":"B","X":null}"#;
        assert_eq!(serde_json::from_str::<FileInfo>(json).unwrap().id, "B");
    }

    #[test]
    fn as_small_as_it_can_be() {
        assert!(size_of::<FileInfo>() <= 184, "{}", size_of::<FileInfo>());
    }

    fn full() -> FileInfo {
        FileInfo {
            parent_folder_id: Some("P".into()),
            description: Some("d".into()),
            path: Some("FOLDERS/n".into()),
            tags: Some(["t".into()].into()),
            size: Some(-1),
            effective_permission: Some(EffectivePermission::from_bits_retain(0x1fe)),
            date_created: SlashDate::parse("/Date(-1)/").ok(),
            date_modified: SlashDate::parse("/Date(1)/").ok(),
            created_by_user_id: Some("U".into()),
            modified_by_user_id: Some("V".into()),
            is_quarantined: Some(true),
            in_favorite: Some(false),
            is_partially_uploaded: Some(true),
            ..FileInfo::new("F".into(), "n")
        }
    }
}
