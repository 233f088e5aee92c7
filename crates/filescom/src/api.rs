//! The interface of Files.com, resource by resource.
//!
//! Each module has one function per call that makes its [`Request`], a
//! value that can be looked at without a network, and a type whose methods send it. A path is text
//! in the service's own form: names separated by slashes, with or without one at either end. `.`
//! and `..` are refused; each name is percent-encoded by itself.

pub mod actions;
pub mod api_key;
pub mod files;
pub mod folders;
pub mod groups;
pub mod migrations;
pub mod pages;
pub mod sessions;
pub mod share_links;
pub mod share_notifications;
pub mod share_visitors;
pub mod users;

mod fields;
mod query;
mod records;

pub use actions::{Actions, Relocation};
pub use api_key::CurrentKey;
pub use files::{BeginUpload, CompleteUpload, Etag, FileUpdate, Files};
pub use folders::{EntryFilter, Folders, Listing, Order, SortBy};
pub use groups::{GroupFields, Groups};
pub use migrations::{Migration, Migrations};
pub use pages::{Page, Pages};
pub use query::{Filter, Query};
pub use sessions::{Sessions, SignIn};
pub use share_links::{ShareLinkFields, ShareLinks};
pub use share_notifications::{ShareNotificationFields, ShareNotifications};
pub use share_visitors::{ShareRecipientFields, ShareVisitors};
pub use users::{UserFields, Users};

use wharf_transport::Request;

/// A request for a path below an endpoint.
fn at(request: Request, path: &str) -> Request {
    request.path_segments(path.split('/').filter(|name| !name.is_empty()))
}
