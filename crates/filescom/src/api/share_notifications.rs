//! Who is told what happens to a share link (Files.com REST API reference, Bundle Notifications).

use futures_util::stream::BoxStream;
use wharf_model::filescom::ShareLinkNotification;
use wharf_transport::Request;

use super::fields::fields;
use super::pages::Pages;
use super::query::Query;
use super::records;
use crate::client::Client;
use crate::error::Result;

/// `GET /bundle_notifications`: one page of the notifications.
pub fn list(query: &Query) -> Request {
    query.ask(Request::get(NOTIFICATIONS))
}

/// `GET /bundle_notifications/{id}`: one notification.
pub fn find(id: i64) -> Request {
    records::find(NOTIFICATIONS, id)
}

/// `POST /bundle_notifications`: tells a user from now on.
pub fn create(share_link: i64, fields: &ShareNotificationFields) -> Request {
    records::create(NOTIFICATIONS, &fields.clone().with("bundle_id", share_link))
}

/// `PATCH /bundle_notifications/{id}`: changes what a user is told.
pub fn update(id: i64, fields: &ShareNotificationFields) -> Request {
    records::update(NOTIFICATIONS, id, fields)
}

/// `DELETE /bundle_notifications/{id}`: tells a user no more.
pub fn delete(id: i64) -> Request {
    records::delete(NOTIFICATIONS, id)
}

/// The calls of this module, sent.
#[derive(Debug, Clone)]
pub struct ShareNotifications {
    client: Client,
}

impl ShareNotifications {
    pub(crate) fn new(client: Client) -> Self {
        Self { client }
    }

    /// The notifications, one after another; at most `limit` of them. Those of one share link are
    /// asked for by `Query::new().with("bundle_id", id)`.
    pub fn list(
        &self,
        query: Query,
        limit: Option<usize>,
    ) -> BoxStream<'static, Result<ShareLinkNotification>> {
        records::stream(&self.client, query, limit, list)
    }

    /// The notifications, page by page.
    pub fn pages(&self, query: Query) -> Pages<ShareLinkNotification> {
        records::pages(&self.client, query, list)
    }

    /// One notification.
    ///
    /// # Errors
    ///
    /// `NotFound` for an id that is unknown, or not to be seen.
    pub async fn find(&self, id: i64) -> Result<ShareLinkNotification> {
        self.client.json(find(id)).await
    }

    /// Tells a user from now on what happens to a share link.
    ///
    /// # Errors
    ///
    /// `NotFound` or `Invalid` for a share link or user that is unknown.
    pub async fn create(
        &self,
        share_link: i64,
        fields: &ShareNotificationFields,
    ) -> Result<ShareLinkNotification> {
        self.client.json(create(share_link, fields)).await
    }

    /// Changes what a user is told.
    ///
    /// # Errors
    ///
    /// `NotFound`; `PermissionDenied`.
    pub async fn update(
        &self,
        id: i64,
        fields: &ShareNotificationFields,
    ) -> Result<ShareLinkNotification> {
        self.client.json(update(id, fields)).await
    }

    /// Tells a user no more.
    ///
    /// # Errors
    ///
    /// `NotFound`; `PermissionDenied`.
    pub async fn delete(&self, id: i64) -> Result<()> {
        records::done(&self.client, delete(id)).await
    }
}

fields! {
    /// What to set of a notification.
    ShareNotificationFields {
        /// Who is told; only when it is created.
        with_notify_user_id: number = "notify_user_id",
        /// Whether the user is told of registrations.
        with_notify_on_registration: flag = "notify_on_registration",
        /// Whether the user is told of uploads.
        with_notify_on_upload: flag = "notify_on_upload",
    }
}

const NOTIFICATIONS: &str = "/bundle_notifications";
