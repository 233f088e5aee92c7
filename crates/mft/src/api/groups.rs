//! User groups (Boomi: File Sharing API reference 1.16, UserGroups).

use serde_json::Value;
use wharf_model::mft::{UserId, UserList};
use wharf_transport::{Method, Request};

use crate::client::Client;
use crate::endpoints::{Endpoints, Place};
use crate::error::Result;

/// `GET /UserGroups`: the groups of the site.
pub fn list(endpoints: &Endpoints) -> Request {
    endpoints.rest(Method::GET, Place::user_groups, &[])
}

/// `PUT /UserGroups/{id}`: changes a group.
pub fn update(endpoints: &Endpoints, id: &str, to: &GroupUpdate) -> Request {
    let form = [
        ("Name", &*to.name),
        ("Description", &*to.description),
        ("ModifyRole", &*to.modify_role),
        ("UserGroupType", &*to.group_type),
    ];
    endpoints.rest(Method::PUT, Place::user_group, &[("id", id)]).form(form)
}

/// `GET /UserGroups/{id}/Users`: the users of a group.
pub fn users(endpoints: &Endpoints, id: &str) -> Request {
    endpoints.rest(Method::GET, Place::user_group_users, &[("id", id)])
}

/// `PUT /UserGroups/{id}/Users/{user}`: puts a user into a group; `DELETE` takes them out.
pub fn set_member(endpoints: &Endpoints, id: &str, user: &UserId, member: bool) -> Request {
    let method = if member { Method::PUT } else { Method::DELETE };
    endpoints.rest(method, Place::user_group_user, &[("id", id), ("user", user.as_str())])
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

    /// The groups of the site, as they come: by the reference a list of users, by sense of groups.
    ///
    /// # Errors
    ///
    /// What the service refuses: it takes a role to ask.
    pub async fn list(&self) -> Result<Value> {
        self.client.json(Place::user_groups, list(self.client.endpoints())).await
    }

    /// Changes a group; answers as the service does.
    ///
    /// # Errors
    ///
    /// As [`list`](Self::list).
    pub async fn update(&self, id: &str, to: &GroupUpdate) -> Result<Value> {
        self.client.json(Place::user_group, update(self.client.endpoints(), id, to)).await
    }

    /// The users of a group.
    ///
    /// # Errors
    ///
    /// As [`list`](Self::list).
    pub async fn users(&self, id: &str) -> Result<UserList> {
        self.client.json(Place::user_group_users, users(self.client.endpoints(), id)).await
    }

    /// Puts a user into a group, or takes them out.
    ///
    /// # Errors
    ///
    /// As [`list`](Self::list).
    pub async fn set_member(&self, id: &str, user: &UserId, member: bool) -> Result<()> {
        let request = set_member(self.client.endpoints(), id, user, member);
        self.client.done(Place::user_group_user, request).await
    }
}

/// What a group shall be like (`ThruPublicGroupInfo`): all of it is required.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct GroupUpdate {
    /// Its name.
    pub name: Box<str>,
    /// Its description.
    pub description: Box<str>,
    /// Who may change it: `4` managers, `5` administrators.
    pub modify_role: Box<str>,
    /// `0` for a group of users' own, 1 to 17 for those that are built in.
    pub group_type: Box<str>,
}

impl GroupUpdate {
    /// A group of users' own, that managers may change.
    pub fn new(name: impl Into<Box<str>>, description: impl Into<Box<str>>) -> Self {
        Self {
            name: name.into(),
            description: description.into(),
            modify_role: "4".into(),
            group_type: "0".into(),
        }
    }
}
