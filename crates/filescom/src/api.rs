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
pub mod migrations;
pub mod pages;
pub mod sessions;

pub use actions::{Actions, Relocation};
pub use api_key::CurrentKey;
pub use files::{BeginUpload, CompleteUpload, Etag, FileUpdate, Files};
pub use folders::{EntryFilter, Folders, Listing, Order, SortBy};
pub use migrations::{Migration, Migrations};
pub use pages::{Page, Pages};
pub use sessions::{Sessions, SignIn};

use wharf_transport::Request;

/// A request for a path below an endpoint.
fn at(request: Request, path: &str) -> Request {
    request.path_segments(path.split('/').filter(|name| !name.is_empty()))
}
