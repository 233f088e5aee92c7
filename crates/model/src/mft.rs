//! What the File Sharing REST API of Boomi MFT says, version 1.16.
//!
//! Read [`FolderInfo`] and [`FileInfo`] first: they are the two entities. [`Listing`] is a
//! listing in one piece, [`ListingParser`] one as it arrives.
//!
//! How sure is it? The names, the samples and the meaning of the fields come from Boomi's public
//! pages "Boomi MFT - File Sharing API Reference (1.16)". The reference types every id as an
//! integer while every sample shows a string, prints dates both as `date-time` and as
//! `/Date(ms)/`, and spells some names in two ways. The types here read all of these forms, and
//! write the one of the samples. Everything but the ids and names of entries may be missing. Where
//! a document is named and not described, its members are kept as they come, as [`Members`].

mod file;
mod folder;
mod listing;

mod date;
mod folder_type;
mod id;
mod permission;

mod group;
mod members;
mod message;
mod server;
mod session;
mod settings;
mod user;

mod error;

pub use date::SlashDate;
pub use error::{ErrorCode, ErrorInfo};
pub use file::FileInfo;
pub use folder::FolderInfo;
pub use folder_type::FolderType;
pub use group::{GroupInfo, GroupItem, GroupList, GroupType};
pub use id::{FileId, FolderId, GroupId, MessageId, RecipientId, SiteId, UserId};
pub use listing::{Entry, Listing, ListingParser};
pub use members::Members;
pub use message::{MessageInfo, Priority, Recipient, RecipientInfo};
pub use permission::{EffectivePermission, ParsePermissionError};
pub use server::{Mark, ServerInfo, ShortUrl, SyncInterval, SyncPolicy};
pub use session::Session;
pub use settings::{
    AllowedBandwidth, AllowedBandwidthInterval, MessageSettings, MobileSettings, PasswordSettings,
    ServiceVersions, UploadSettings,
};
pub use user::{Role, UserInfo, UserList};
