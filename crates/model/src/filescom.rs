//! What the REST API of Files.com says.
//!
//! Read [`File`] first: files and folders are one entity. [`ErrorBody`] is how the service says
//! no, in all the forms that takes; [`UploadPart`], [`FileAction`] and [`FileMigration`] are the
//! answers to work begun; [`ApiKey`] and [`SessionInfo`] say who is asking. [`User`], [`Group`] and
//! [`ShareLink`] are those whom files are kept for. What has no type is found in [`endpoints`].
//!
//! Also here is what the service does with paths, since one must know it to talk to it: how it
//! tidies them ([`normalize`]) and how it compares them ([`comparison_key`]).
//!
//! The facts come from the public references and official SDKs of Files.com. Recorded answers of
//! different years have different sets of keys, so nearly everything may be missing.

mod file;

mod checksum;
mod date;
mod kind;
mod on_request;
mod origin;
mod permission;
mod rare;

mod action;
mod pairs;
mod upload;

mod account;
mod lock;

mod comma_list;
mod group;
mod share_activity;
mod share_link;
mod unknown;
mod user;

mod endpoint;
mod partner;

mod error;
mod error_catalog;
mod error_type;
mod remedy;
mod storage_error;

mod address;
mod compare;
mod transliteration;

pub use account::{ApiKey, SessionInfo};
pub use action::{FileAction, FileMigration, FileMigrationLogEntry, MigrationStatus, ZipListEntry};
pub use address::{ExpiryError, expires_at};
pub use checksum::{Checksums, Crc32, ParseCrc32Error};
pub use comma_list::CommaList;
pub use compare::{comparison_key, is_same_spelling, normalize};
pub use date::Timestamp;
pub use endpoint::{Endpoint, ParamKind, endpoints};
pub use error::{BodyForm, ErrorBody, ErrorData};
pub use error_type::{ErrorGroup, ErrorType};
pub use file::File;
pub use group::Group;
pub use kind::FileKind;
pub use lock::{Lock, Permission};
pub use on_request::{DirectConnectionInfo, DownloadIdentity, Preview};
pub use origin::Origin;
pub use pairs::Pairs;
pub use partner::{PartnerAction, PartnerNeed, partner_actions};
pub use permission::PathPermissions;
pub use share_activity::{
    ShareLinkDownload, ShareLinkNotification, ShareLinkRecipient, ShareLinkRegistration,
};
pub use share_link::ShareLink;
pub use storage_error::{StorageError, StorageErrorKind};
pub use unknown::Unknown;
pub use upload::UploadPart;
pub use user::User;

/// Reads a folder listing as it arrives, entry by entry in the order sent: folders first.
///
/// ```
/// use wharf_model::filescom::ListingParser;
///
/// let body = br#"[{"path": "a/b", "type": "directory"}, {"path": "a/c.txt", "type": "file", "size": 9}]"#;
/// let mut listing = ListingParser::new();
/// let mut bytes = 0;
/// for chunk in body.chunks(10) {
///     listing.feed(chunk);
///     while let Some(file) = listing.next_entry()? {
///         bytes += file.size.unwrap_or(0);
///     }
/// }
/// listing.finish()?;
/// assert_eq!(bytes, 9);
/// # Ok::<(), wharf_model::ListingError>(())
/// ```
pub type ListingParser = crate::ListingParser<File>;
