//! Marks and metadata for what a session uploads (Boomi: File Sharing API reference 1.16, Upload).
//!
//! They hold for everything that the session uploads afterwards, and a later store replaces the
//! earlier one: whoever uploads in parallel needs a session of its own, see
//! [`Client::with_own_session`](crate::Client::with_own_session).

use wharf_model::mft::{Listing, Mark};
use wharf_transport::{Method, Request};

use crate::client::Client;
use crate::endpoints::{Endpoints, Place};
use crate::error::Result;
use crate::listing;

/// `POST /Upload/MarkGuid`: marks whatever is uploaded from now on.
pub fn mark(endpoints: &Endpoints) -> Request {
    endpoints.rest(Method::POST, Place::upload_mark, &[])
}

/// `GET /Upload/RetrieveUploadInfoCleanUp/{mark}`: what bears a mark; takes the mark off. So it is
/// not sent twice.
pub fn marked(endpoints: &Endpoints, mark: &str) -> Request {
    endpoints.rest(Method::GET, Place::upload_marked, &[("id", mark)]).once()
}

/// `POST /Upload/MetadataStore`: puts these pairs on whatever is uploaded from now on.
pub fn store_metadata<'a>(
    endpoints: &Endpoints,
    pairs: impl IntoIterator<Item = (&'a str, &'a str)>,
) -> Request {
    let form = pairs.into_iter().enumerate().flat_map(|(at, (key, value))| {
        let name = |member| format!("metadataobjects[{at}].{member}");
        [(name("Key"), key), (name("Value"), value)]
    });
    endpoints.rest(Method::POST, Place::upload_metadata, &[]).form(form).idempotent()
}

/// `POST /Upload/MetadataClear`: puts nothing on uploads any more.
pub fn clear_metadata(endpoints: &Endpoints) -> Request {
    endpoints.rest(Method::POST, Place::upload_metadata_clear, &[]).idempotent()
}

/// The calls of this module, sent.
#[derive(Debug, Clone)]
pub struct Uploads {
    client: Client,
}

impl Uploads {
    pub(crate) fn new(client: Client) -> Self {
        Self { client }
    }

    /// Marks whatever this session uploads from now on.
    ///
    /// # Errors
    ///
    /// `Protocol` where the server has another path for this: none is printed anywhere.
    pub async fn mark(&self) -> Result<Mark> {
        self.client.json(Place::upload_mark, mark(self.client.endpoints())).await
    }

    /// What bears a mark, which is taken off. By its name; the answer is not documented.
    ///
    /// # Errors
    ///
    /// As [`mark`](Self::mark).
    pub async fn marked(&self, mark: &str) -> Result<Listing> {
        let request = marked(self.client.endpoints(), mark);
        listing::whole(&self.client, Place::upload_marked, request).await
    }

    /// Puts these pairs on whatever this session uploads from now on, instead of earlier ones.
    ///
    /// # Errors
    ///
    /// As [`mark`](Self::mark).
    pub async fn store_metadata<'a>(
        &self,
        pairs: impl IntoIterator<Item = (&'a str, &'a str)>,
    ) -> Result<()> {
        let request = store_metadata(self.client.endpoints(), pairs);
        self.client.done(Place::upload_metadata, request).await
    }

    /// Puts nothing on uploads any more.
    ///
    /// # Errors
    ///
    /// As [`mark`](Self::mark).
    pub async fn clear_metadata(&self) -> Result<()> {
        let request = clear_metadata(self.client.endpoints());
        self.client.done(Place::upload_metadata_clear, request).await
    }
}
