//! Whom a share link was sent to, and who came by it (Files.com REST API reference, Bundle
//! Recipients, Bundle Registrations and Bundle Downloads).

use futures_util::stream::BoxStream;
use wharf_model::filescom::{ShareLinkDownload, ShareLinkRecipient, ShareLinkRegistration};
use wharf_transport::Request;

use super::fields::fields;
use super::pages::Pages;
use super::query::Query;
use super::records;
use crate::client::Client;
use crate::error::Result;

/// `GET /bundle_recipients`: one page of the recipients of a share link.
pub fn list(query: &Query) -> Request {
    query.ask(Request::get(RECIPIENTS))
}

/// `POST /bundle_recipients`: a new recipient; sent a mail if the fields say so.
pub fn create(share_link: i64, recipient: &str, fields: &ShareRecipientFields) -> Request {
    let fields = fields.clone().with("bundle_id", share_link).with("recipient", recipient);
    records::create(RECIPIENTS, &fields)
}

/// `GET /bundle_registrations`: one page of those who registered.
pub fn list_registrations(query: &Query) -> Request {
    query.ask(Request::get("/bundle_registrations"))
}

/// `GET /bundle_downloads`: one page of what was downloaded.
pub fn list_downloads(query: &Query) -> Request {
    query.ask(Request::get("/bundle_downloads"))
}

/// The calls of this module, sent, for one share link.
#[derive(Debug, Clone)]
pub struct ShareVisitors {
    client: Client,
    share_link: i64,
}

impl ShareVisitors {
    pub(crate) fn new(client: Client, share_link: i64) -> Self {
        Self { client, share_link }
    }

    /// Whom the link was sent to, one after another; at most `limit` of them.
    pub fn recipients(
        &self,
        query: Query,
        limit: Option<usize>,
    ) -> BoxStream<'static, Result<ShareLinkRecipient>> {
        records::stream(&self.client, self.of_this(query), limit, list)
    }

    /// Whom the link was sent to, page by page.
    pub fn recipient_pages(&self, query: Query) -> Pages<ShareLinkRecipient> {
        records::pages(&self.client, self.of_this(query), list)
    }

    /// Adds a recipient. Not repeated when the answer is lost: a mail would go twice.
    ///
    /// # Errors
    ///
    /// `NotFound` or `Invalid` for a share link that is unknown; `RateLimited` for too many
    /// mails, or one to the same recipient.
    pub async fn add_recipient(
        &self,
        recipient: &str,
        fields: &ShareRecipientFields,
    ) -> Result<ShareLinkRecipient> {
        self.client.json(create(self.share_link, recipient, fields)).await
    }

    /// Who registered, one after another; at most `limit` of them.
    pub fn registrations(
        &self,
        query: Query,
        limit: Option<usize>,
    ) -> BoxStream<'static, Result<ShareLinkRegistration>> {
        records::stream(&self.client, self.of_this(query), limit, list_registrations)
    }

    /// Who registered, page by page.
    pub fn registration_pages(&self, query: Query) -> Pages<ShareLinkRegistration> {
        records::pages(&self.client, self.of_this(query), list_registrations)
    }

    /// What was downloaded, one after another; at most `limit` of them.
    pub fn downloads(
        &self,
        query: Query,
        limit: Option<usize>,
    ) -> BoxStream<'static, Result<ShareLinkDownload>> {
        records::stream(&self.client, self.of_this(query), limit, list_downloads)
    }

    /// What was downloaded, page by page.
    pub fn download_pages(&self, query: Query) -> Pages<ShareLinkDownload> {
        records::pages(&self.client, self.of_this(query), list_downloads)
    }

    fn of_this(&self, query: Query) -> Query {
        query.with("bundle_id", self.share_link)
    }
}

fields! {
    /// What to set of a recipient.
    ShareRecipientFields {
        /// The name.
        with_name: text = "name",
        /// The company.
        with_company: text = "company",
        /// A note, which goes into the mail.
        with_note: text = "note",
        /// Whether a mail is sent at once.
        with_share_after_create: flag = "share_after_create",
    }
}

const RECIPIENTS: &str = "/bundle_recipients";
