//! Listings of MFT: in one piece, or entry by entry as they arrive.

use serde::de::{Deserialize, Deserializer};

use super::{FileInfo, FolderInfo};
use crate::listing::Listed;
use crate::object::object;

object! {
    any_case, read_write;
    /// A listing in one piece (`ThruPublicContentResult`; Boomi: File Sharing API reference 1.16,
    /// Root): the files and folders that some request found.
    ///
    /// Either member may be absent, null or an array. A listing knows no pages and no total.
    /// A long one is better read with a [`ListingParser`].
    ///
    /// ```
    /// let listing: wharf_model::mft::Listing = serde_json::from_str(
    ///     r#"{"Files": null, "Folders": [{"FolderID": "F", "Name": "Admin"}]}"#,
    /// )?;
    /// assert_eq!(&*listing.folders()[0].name, "Admin");
    /// assert!(listing.files().is_empty());
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    #[derive(Debug, Clone, PartialEq)]
    #[non_exhaustive]
    pub struct Listing {
        /// The files, if the answer has any word about files.
        pub files: Option<Vec<FileInfo>> = "Files",
        /// The folders, if the answer has any word about folders.
        pub folders: Option<Vec<FolderInfo>> = "Folders",
    }
}

impl Listing {
    /// The files; none if the answer has no word about files.
    #[must_use]
    pub fn files(&self) -> &[FileInfo] {
        self.files.as_deref().unwrap_or_default()
    }

    /// The folders; none if the answer has no word about folders.
    #[must_use]
    pub fn folders(&self) -> &[FolderInfo] {
        self.folders.as_deref().unwrap_or_default()
    }
}

/// One entry of a listing.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Entry {
    /// A file.
    File(FileInfo),
    /// A folder.
    Folder(FolderInfo),
}

impl Entry {
    /// The name of the file or folder.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::File(file) => &file.name,
            Self::Folder(folder) => &folder.name,
        }
    }
}

/// Reads a listing of files and folders as it arrives, entry by entry in the order sent.
///
/// ```
/// use wharf_model::mft::{Entry, ListingParser};
///
/// let mut listing = ListingParser::new();
/// let mut names = Vec::new();
/// for chunk in [&br#"{"Folders": null, "Files": [{"FileID": "1", "Na"#[..], br#"me": "2.html"}]}"#] {
///     listing.feed(chunk);
///     while let Some(entry) = listing.next_entry()? {
///         names.push(entry.name().to_owned());
///     }
/// }
/// listing.finish()?;
/// assert_eq!(names, ["2.html"]);
/// # Ok::<(), wharf_model::ListingError>(())
/// ```
pub type ListingParser = crate::ListingParser<Entry>;

impl Listed for Entry {
    const MEMBERS: &'static [&'static str] = &["Files", "Folders"];

    fn read<'de, D: Deserializer<'de>>(member: usize, element: D) -> Result<Self, D::Error> {
        match member {
            0 => FileInfo::deserialize(element).map(Self::File),
            _ => FolderInfo::deserialize(element).map(Self::Folder),
        }
    }
}
