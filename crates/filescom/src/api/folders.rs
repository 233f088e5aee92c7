//! Folders: list, create (Files.com REST API reference, Folders).

use std::fmt;

use chrono::{DateTime, Utc};
use futures_util::stream::BoxStream;
use serde::Serialize;
use wharf_model::filescom::{File, Timestamp};
use wharf_transport::{Cursor, Request};

use super::at;
use super::pages::{Pages, pages_of};
use crate::client::Client;
use crate::error::Result;
use crate::listing;

/// `GET /folders/{path}`: one page of what a folder holds.
pub fn list(path: &str, listing: &Listing, cursor: Option<&Cursor>) -> Request {
    let Listing { per_page, sort_by, filter, search, changed_after, .. } = listing;
    let request = at(Request::get("/folders/"), path)
        .query_if("cursor", cursor)
        .query_if("per_page", *per_page)
        .query_if("search", search.as_deref())
        .query_if("search_all", listing.search_all.then_some(true))
        .query_if("search_custom_metadata_key", listing.search_custom_metadata_key.as_deref())
        .query_if("type", *filter)
        .query_if("modified_at_datetime", changed_after.map(Timestamp::format))
        .query_if("with_priority_color", listing.with_priority_color.then_some(true));
    match sort_by {
        Some((field, order)) => request.query(&format!("sort_by[{field}]"), order),
        None => request,
    }
}

/// `POST /folders/{path}`: creates a folder, and its missing parents if asked to.
///
/// Repeated, it finds that the folder is there.
pub fn create(path: &str, mkdir_parents: bool) -> Request {
    at(Request::post("/folders"), path).json(&CreateFolder { mkdir_parents }).idempotent()
}

#[derive(Serialize)]
struct CreateFolder {
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    mkdir_parents: bool,
}

/// The calls of this module, sent.
#[derive(Debug, Clone)]
pub struct Folders {
    client: Client,
}

impl Folders {
    pub(crate) fn new(client: Client) -> Self {
        Self { client }
    }

    /// What a folder holds, entry by entry, each given out as soon as its last byte is there.
    ///
    /// Memory does not grow with the folder. A page that breaks off is asked for again, and goes
    /// on where it broke. Entries that come twice are given once. Ends with an error, after which
    /// nothing follows.
    pub fn list(&self, path: &str, listing: Listing) -> BoxStream<'static, Result<File>> {
        listing::entries(self.client.clone(), path.to_owned(), listing)
    }

    /// What a folder holds, page by page, as the service sends it.
    pub fn pages(&self, path: &str, listing: Listing) -> Pages<File> {
        let listing = self.filled(listing);
        pages_of(self.client.clone(), list(path, &listing, None))
    }

    /// Creates a folder and its missing parents.
    ///
    /// # Errors
    ///
    /// `AlreadyExists` when anything stands there, a folder too.
    pub async fn create(&self, path: &str) -> Result<File> {
        self.client.json(create(path, true)).await
    }

    /// Creates a folder whose parent exists.
    ///
    /// # Errors
    ///
    /// `AlreadyExists` when anything stands there, a folder too; `NotFound` when the parent is
    /// missing, on sites that do not create parents always.
    pub async fn create_without_parents(&self, path: &str) -> Result<File> {
        self.client.json(create(path, false)).await
    }

    fn filled(&self, mut listing: Listing) -> Listing {
        listing.per_page.get_or_insert(self.client.config().page_size);
        listing
    }
}

/// What of a folder to list, and how.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Listing {
    /// Entries in a page, at most 10,000; otherwise as the client is configured.
    pub per_page: Option<u32>,
    /// The order of the entries. Folders come before files in any order.
    pub sort_by: Option<(SortBy, Order)>,
    /// Files only, or folders only.
    pub filter: Option<EntryFilter>,
    /// Names to search for. Best effort, delayed and cut at about 1,000 hits: for people, not for
    /// programs.
    pub search: Option<String>,
    /// Search the whole site; only from the root.
    pub search_all: bool,
    /// Only what has a pair with this key; `*` is any.
    pub search_custom_metadata_key: Option<String>,
    /// Only what changed later; needs `filter`.
    pub changed_after: Option<DateTime<Utc>>,
    /// Tell the colours.
    pub with_priority_color: bool,
}

impl Listing {
    /// Everything, in the usual order.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets the entries in a page.
    #[must_use]
    pub fn with_per_page(mut self, entries: u32) -> Self {
        self.per_page = Some(entries);
        self
    }

    /// Sets the order.
    #[must_use]
    pub fn with_sort_by(mut self, field: SortBy, order: Order) -> Self {
        self.sort_by = Some((field, order));
        self
    }

    /// Restricts it to files or folders.
    #[must_use]
    pub fn with_filter(mut self, filter: EntryFilter) -> Self {
        self.filter = Some(filter);
        self
    }

    /// Restricts it to what changed later.
    #[must_use]
    pub fn with_changed_after(mut self, time: DateTime<Utc>) -> Self {
        self.changed_after = Some(time);
        self
    }
}

macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$item:meta])* $variant:ident = $word:literal,)+ }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum $name { $($(#[$item])* $variant,)+ }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(match self { $(Self::$variant => $word,)+ })
            }
        }
    };
}

words! {
    /// By what a listing is sorted.
    SortBy {
        /// Path: the usual order.
        Path = "path",
        /// Size.
        Size = "size",
        /// Last change by the clock of the service.
        Modified = "modified_at_datetime",
        /// Last change as told by whoever uploaded it.
        ProvidedModified = "provided_modified_at",
    }
}

words! {
    /// Which way a listing is sorted.
    Order {
        /// Smallest first.
        Ascending = "asc",
        /// Largest first.
        Descending = "desc",
    }
}

words! {
    /// What a listing is restricted to.
    EntryFilter {
        /// Files.
        Files = "file",
        /// Folders; here, and only here, the service calls them so.
        Folders = "folder",
    }
}
