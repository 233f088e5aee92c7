//! User groups (Boomi: File Sharing API reference 1.16, UserGroups).

use wharf_model::mft::{GroupId, GroupInfo, GroupList, GroupType, Role, UserId, UserList};
use wharf_transport::{Method, Request};

use crate::client::Client;
use crate::endpoints::{Endpoints, Place};
use crate::error::Result;

/// `GET /UserGroups`: the groups of the site.
pub fn list(endpoints: &Endpoints) -> Request {
    endpoints.rest(Method::GET, Place::user_groups, &[])
}

/// `PUT /UserGroups/{id}`: changes a group. The id in the form is required, and ignored for the one
/// in the path.
pub fn update(endpoints: &Endpoints, id: &GroupId, to: &GroupUpdate) -> Request {
    let form = [
        ("Id", id.to_string()),
        ("Name", to.name.to_string()),
        ("Description", to.description.to_string()),
        ("ModifyRole", i32::from(to.modify_role).to_string()),
        ("UserGroupType", i32::from(to.group_type).to_string()),
    ];
    endpoints.rest(Method::PUT, Place::user_group, &[("id", id.as_str())]).form(form)
}

/// `GET /UserGroups/{id}/Users`: the users of a group.
pub fn users(endpoints: &Endpoints, id: &GroupId) -> Request {
    endpoints.rest(Method::GET, Place::user_group_users, &[("id", id.as_str())])
}

/// `PUT /UserGroups/{id}/Users/{user}`: puts a user into a group; `DELETE` takes them out.
pub fn set_member(endpoints: &Endpoints, id: &GroupId, user: &UserId, member: bool) -> Request {
    let method = if member { Method::PUT } else { Method::DELETE };
    let values = [("id", id.as_str()), ("user", user.as_str())];
    endpoints.rest(method, Place::user_group_user, &values)
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

    /// The groups of the site: by the title of the call a list of groups, by its printed type one
    /// of users; both are read.
    ///
    /// # Errors
    ///
    /// What the service refuses: it takes a role to ask.
    pub async fn list(&self) -> Result<GroupList> {
        self.client.json(Place::user_groups, list(self.client.endpoints())).await
    }

    /// Changes a group. That the answer is the group as it is then is inferred.
    ///
    /// # Errors
    ///
    /// As [`list`](Self::list).
    pub async fn update(&self, id: &GroupId, to: &GroupUpdate) -> Result<GroupInfo> {
        self.client.json(Place::user_group, update(self.client.endpoints(), id, to)).await
    }

    /// The users of a group.
    ///
    /// # Errors
    ///
    /// As [`list`](Self::list).
    pub async fn users(&self, id: &GroupId) -> Result<UserList> {
        self.client.json(Place::user_group_users, users(self.client.endpoints(), id)).await
    }

    /// Puts a user into a group, or takes them out.
    ///
    /// # Errors
    ///
    /// As [`list`](Self::list).
    pub async fn set_member(&self, id: &GroupId, user: &UserId, member: bool) -> Result<()> {
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
    /// The least role that may change it: managers or administrators.
    pub modify_role: Role,
    /// Whose group it is.
    pub group_type: GroupType,
}

impl GroupUpdate {
    /// A group of users' own, that managers may change.
    pub fn new(name: impl Into<Box<str>>, description: impl Into<Box<str>>) -> Self {
        Self {
            name: name.into(),
            description: description.into(),
            modify_role: Role::Manager,
            group_type: GroupType::USER_DEFINED,
        }
    }

    /// What a group is like now. What is not told of it is as of a [`new`](Self::new) one.
    pub fn of(group: &GroupInfo) -> Self {
        let new = Self::new(group.name.clone(), group.description.clone().unwrap_or_default());
        Self {
            modify_role: group.modify_role.unwrap_or(new.modify_role),
            group_type: group.group_type.unwrap_or(new.group_type),
            ..new
        }
    }

    /// Renames.
    #[must_use]
    pub fn with_name(mut self, name: impl Into<Box<str>>) -> Self {
        self.name = name.into();
        self
    }

    /// Describes.
    #[must_use]
    pub fn with_description(mut self, text: impl Into<Box<str>>) -> Self {
        self.description = text.into();
        self
    }

    /// Sets the least role that may change it.
    #[must_use]
    pub fn with_modify_role(mut self, role: Role) -> Self {
        self.modify_role = role;
        self
    }
}
