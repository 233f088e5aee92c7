//! Groups of users (Files.com REST API reference, Groups). Most of it is for site administrators.

use futures_util::stream::BoxStream;
use wharf_model::filescom::Group;
use wharf_transport::Request;

use super::fields::fields;
use super::pages::Pages;
use super::query::Query;
use super::records;
use crate::client::Client;
use crate::error::Result;

/// `GET /groups`: one page of the groups.
pub fn list(query: &Query) -> Request {
    query.ask(Request::get(GROUPS))
}

/// `GET /groups/{id}`: one group.
pub fn find(id: i64) -> Request {
    records::find(GROUPS, id)
}

/// `POST /groups`: a new group.
pub fn create(name: &str, fields: &GroupFields) -> Request {
    records::create(GROUPS, &fields.clone().with_name(name))
}

/// `PATCH /groups/{id}`: changes a group.
pub fn update(id: i64, fields: &GroupFields) -> Request {
    records::update(GROUPS, id, fields)
}

/// `DELETE /groups/{id}`: deletes a group; its users stay.
pub fn delete(id: i64) -> Request {
    records::delete(GROUPS, id)
}

/// The calls of this module, sent.
#[derive(Debug, Clone)]
pub struct Groups {
    client: Client,
}

impl Groups {
    pub(crate) fn new(client: Client) -> Self {
        Self { client }
    }

    /// The groups, one after another; at most `limit` of them.
    pub fn list(&self, query: Query, limit: Option<usize>) -> BoxStream<'static, Result<Group>> {
        records::stream(&self.client, query, limit, list)
    }

    /// The groups, page by page.
    pub fn pages(&self, query: Query) -> Pages<Group> {
        records::pages(&self.client, query, list)
    }

    /// One group.
    ///
    /// # Errors
    ///
    /// `NotFound` for an id that is unknown, or not to be seen.
    pub async fn find(&self, id: i64) -> Result<Group> {
        self.client.json(find(id)).await
    }

    /// Creates a group.
    ///
    /// # Errors
    ///
    /// `PermissionDenied` for who is no administrator; `Invalid` for a name that is taken, or
    /// users that do not exist.
    pub async fn create(&self, name: &str, fields: &GroupFields) -> Result<Group> {
        self.client.json(create(name, fields)).await
    }

    /// Changes a group: what is set, and nothing else.
    ///
    /// # Errors
    ///
    /// As [`create`](Self::create), and `NotFound`.
    pub async fn update(&self, id: i64, fields: &GroupFields) -> Result<Group> {
        self.client.json(update(id, fields)).await
    }

    /// Deletes a group; its users stay.
    ///
    /// # Errors
    ///
    /// `NotFound`; `PermissionDenied`.
    pub async fn delete(&self, id: i64) -> Result<()> {
        records::done(&self.client, delete(id)).await
    }
}

fields! {
    /// What to set of a group.
    GroupFields {
        /// The name.
        with_name: text = "name",
        /// Notes for administrators.
        with_notes: text = "notes",
        /// The users of the group: all of them.
        with_user_ids: ids = "user_ids",
        /// The users that administer the group: all of them.
        with_admin_ids: ids = "admin_ids",
        /// Whether members may use FTP.
        with_ftp_permission: flag = "ftp_permission",
        /// Whether members may use SFTP.
        with_sftp_permission: flag = "sftp_permission",
        /// Whether members may use WebDAV.
        with_dav_permission: flag = "dav_permission",
        /// Whether members may use this API.
        with_restapi_permission: flag = "restapi_permission",
        /// Addresses that members may come from, one range a line.
        with_allowed_ips: text = "allowed_ips",
    }
}

const GROUPS: &str = "/groups";
