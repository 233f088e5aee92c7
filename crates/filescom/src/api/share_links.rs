//! Share links, which the service calls bundles in its addresses (Files.com REST API reference,
//! Bundles).

use futures_util::stream::BoxStream;
use serde::Serialize;
use wharf_model::filescom::ShareLink;
use wharf_transport::Request;

use super::fields::fields;
use super::pages::Pages;
use super::query::Query;
use super::records;
use crate::client::Client;
use crate::error::Result;

/// `GET /bundles`: one page of the share links.
pub fn list(query: &Query) -> Request {
    query.ask(Request::get(BUNDLES))
}

/// `GET /bundles/{id}`: one share link.
pub fn find(id: i64) -> Request {
    records::find(BUNDLES, id)
}

/// `POST /bundles`: a new share link to some paths.
pub fn create(paths: &[String], fields: &ShareLinkFields) -> Request {
    records::create(BUNDLES, &fields.clone().with_paths(paths))
}

/// `PATCH /bundles/{id}`: changes a share link.
pub fn update(id: i64, fields: &ShareLinkFields) -> Request {
    records::update(BUNDLES, id, fields)
}

/// `DELETE /bundles/{id}`: deletes a share link, with the records of who came by it.
pub fn delete(id: i64) -> Request {
    records::delete(BUNDLES, id)
}

/// `POST /bundles/{id}/share`: sends a share link by mail.
pub fn share(id: i64, to: &[String], note: Option<&str>) -> Request {
    #[derive(Serialize)]
    struct Share<'a> {
        to: &'a [String],
        #[serde(skip_serializing_if = "Option::is_none")]
        note: Option<&'a str>,
    }
    let request = Request::post(BUNDLES).segment(&id.to_string()).segment("share");
    request.json(&Share { to, note }).once()
}

/// The calls of this module, sent.
///
/// ```
/// use wharf_filescom::api::ShareLinkFields;
/// use wharf_filescom::{Client, Config, Credentials};
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let sandbox = wharf_sandbox::Sandbox::start().await?;
/// # let (site, key) = (sandbox.filescom_url(), sandbox.keys().full.clone());
/// let client = Client::new(Config::new(site, Credentials::api_key(key)?))?;
/// let fields = ShareLinkFields::new().with_description("Orders of November").with_max_uses(5);
/// let paths = ["vendor/acme/orders".to_owned()];
/// let link = client.share_links().create(&paths, &fields).await?;
/// assert!(link.url.is_some());
/// # Ok(()) }
/// ```
#[derive(Debug, Clone)]
pub struct ShareLinks {
    client: Client,
}

impl ShareLinks {
    pub(crate) fn new(client: Client) -> Self {
        Self { client }
    }

    /// The share links, one after another; at most `limit` of them.
    pub fn list(
        &self,
        query: Query,
        limit: Option<usize>,
    ) -> BoxStream<'static, Result<ShareLink>> {
        records::stream(&self.client, query, limit, list)
    }

    /// The share links, page by page.
    pub fn pages(&self, query: Query) -> Pages<ShareLink> {
        records::pages(&self.client, query, list)
    }

    /// One share link.
    ///
    /// # Errors
    ///
    /// `NotFound` for an id that is unknown, or not to be seen.
    pub async fn find(&self, id: i64) -> Result<ShareLink> {
        self.client.json(find(id)).await
    }

    /// Creates a share link to some paths, each relative to the root of the site.
    ///
    /// # Errors
    ///
    /// `Invalid` for paths that are missing or may not be shared.
    pub async fn create(&self, paths: &[String], fields: &ShareLinkFields) -> Result<ShareLink> {
        self.client.json(create(paths, fields)).await
    }

    /// Changes a share link: what is set, and nothing else. An end in the past disables it.
    ///
    /// # Errors
    ///
    /// As [`create`](Self::create), and `NotFound`.
    pub async fn update(&self, id: i64, fields: &ShareLinkFields) -> Result<ShareLink> {
        self.client.json(update(id, fields)).await
    }

    /// Deletes a share link, with the records of who came by it; an end in the past keeps them.
    ///
    /// # Errors
    ///
    /// `NotFound`; `PermissionDenied`.
    pub async fn delete(&self, id: i64) -> Result<()> {
        records::done(&self.client, delete(id)).await
    }

    /// Sends a share link by mail. Not repeated when the answer is lost: mails would go twice.
    ///
    /// # Errors
    ///
    /// `NotFound`; `RateLimited` for too many mails.
    pub async fn share(&self, id: i64, to: &[String], note: Option<&str>) -> Result<()> {
        records::done(&self.client, share(id, to, note)).await
    }
}

fields! {
    /// What to set of a share link.
    ShareLinkFields {
        /// What is shared: all of it.
        with_paths: texts = "paths",
        /// The description, for the public.
        with_description: text = "description",
        /// The note, for its owners.
        with_note: text = "note",
        /// The name, for its owners.
        with_internal_name: text = "internal_name",
        /// When it ends.
        with_expires_at: time = "expires_at",
        /// From when on it may be opened.
        with_start_access_on_date: time = "start_access_on_date",
        /// How many may open it.
        with_max_uses: number = "max_uses",
        /// The password that is asked for.
        with_password: secret = "password",
        /// Whether recipients must say who they are.
        with_require_registration: flag = "require_registration",
        /// Whether only those may open it whom it was sent to.
        with_require_share_recipient: flag = "require_share_recipient",
        /// What recipients may do: `read`, `write`, `read_write`, `full`, `none`, `preview_only`.
        with_permissions: text = "permissions",
        /// The end of its address.
        with_code: text = "code",
    }
}

const BUNDLES: &str = "/bundles";
