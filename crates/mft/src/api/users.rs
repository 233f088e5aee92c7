//! Users (Boomi: File Sharing API reference 1.16, User and Users).
//!
//! The call that changes one's password has no type here: neither its path nor its fields are
//! documented.

use wharf_model::mft::{Role, UserInfo, UserList};
use wharf_transport::{Method, Request};

use crate::client::Client;
use crate::endpoints::{Endpoints, Place};
use crate::error::Result;

/// `GET /User`: the signed-in user.
pub fn current(endpoints: &Endpoints) -> Request {
    endpoints.rest(Method::GET, Place::user, &[])
}

/// `GET /Users`: the users of the site, without deleted ones.
pub fn list(endpoints: &Endpoints, filter: &UserFilter) -> Request {
    let roles: Vec<_> = filter.roles.iter().map(|role| i32::from(*role).to_string()).collect();
    endpoints
        .rest(Method::GET, Place::users, &[])
        .query_if("name", filter.name.as_deref())
        .query_if("email", filter.email.as_deref())
        .query_if("company", filter.company.as_deref())
        .query_if("roles", (!roles.is_empty()).then(|| roles.join(",")))
        .query_if("active", filter.active)
}

/// The calls of this module, sent.
#[derive(Debug, Clone)]
pub struct Users {
    client: Client,
}

impl Users {
    pub(crate) fn new(client: Client) -> Self {
        Self { client }
    }

    /// The signed-in user.
    ///
    /// # Errors
    ///
    /// `Protocol` where the server has another path for this: none is printed anywhere.
    pub async fn current(&self) -> Result<UserInfo> {
        self.client.json(Place::user, current(self.client.endpoints())).await
    }

    /// The users of the site. The count in the answer is not to be relied upon.
    ///
    /// # Errors
    ///
    /// What the service refuses: it takes a role to ask.
    pub async fn list(&self, filter: &UserFilter) -> Result<UserList> {
        self.client.json(Place::users, list(self.client.endpoints(), filter)).await
    }
}

/// Which users are wanted; what is `None` or empty does not matter.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct UserFilter {
    /// What the name is like.
    pub name: Option<String>,
    /// What the address is like.
    pub email: Option<String>,
    /// What the company is like.
    pub company: Option<String>,
    /// Of any of these roles.
    pub roles: Vec<Role>,
    /// Active or not.
    pub active: Option<bool>,
}

impl UserFilter {
    /// All users.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets what the name is like.
    #[must_use]
    pub fn with_name(mut self, name: impl Into<String>) -> Self {
        self.name = Some(name.into());
        self
    }

    /// Sets what the address is like.
    #[must_use]
    pub fn with_email(mut self, email: impl Into<String>) -> Self {
        self.email = Some(email.into());
        self
    }

    /// Sets what the company is like.
    #[must_use]
    pub fn with_company(mut self, company: impl Into<String>) -> Self {
        self.company = Some(company.into());
        self
    }

    /// Sets the roles.
    #[must_use]
    pub fn with_roles(mut self, roles: impl Into<Vec<Role>>) -> Self {
        self.roles = roles.into();
        self
    }

    /// Sets whether they are active.
    #[must_use]
    pub fn with_active(mut self, active: bool) -> Self {
        self.active = Some(active);
        self
    }
}
