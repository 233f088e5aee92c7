//! Users of the site (Files.com REST API reference, Users). Most of it is for site administrators.

use futures_util::stream::BoxStream;
use wharf_model::filescom::User;
use wharf_transport::Request;

use super::fields::fields;
use super::pages::Pages;
use super::query::Query;
use super::records;
use crate::client::Client;
use crate::error::Result;

/// `GET /users`: one page of the users.
pub fn list(query: &Query) -> Request {
    query.ask(Request::get(USERS))
}

/// `GET /users/{id}`: one user.
pub fn find(id: i64) -> Request {
    records::find(USERS, id)
}

/// `POST /users`: a new user.
pub fn create(username: &str, fields: &UserFields) -> Request {
    records::create(USERS, &fields.clone().with_username(username))
}

/// `PATCH /users/{id}`: changes a user.
pub fn update(id: i64, fields: &UserFields) -> Request {
    records::update(USERS, id, fields)
}

/// `DELETE /users/{id}`: deletes a user; what is the user's goes to another one, if given.
pub fn delete(id: i64, new_owner: Option<i64>) -> Request {
    records::delete(USERS, id).query_if("new_owner_id", new_owner)
}

/// `POST /users/{id}/unlock`: lets a user who was locked out sign in again.
pub fn unlock(id: i64) -> Request {
    action_of(id, "unlock").idempotent()
}

/// `POST /users/{id}/resend_welcome_email`: sends the first mail once more.
pub fn resend_welcome_email(id: i64) -> Request {
    action_of(id, "resend_welcome_email").once()
}

fn action_of(id: i64, action: &str) -> Request {
    Request::post(USERS).segment(&id.to_string()).segment(action)
}

/// The calls of this module, sent.
///
/// ```
/// use futures_util::TryStreamExt;
/// use wharf_filescom::api::{Query, UserFields};
/// use wharf_filescom::{Client, Config, Credentials};
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let sandbox = wharf_sandbox::Sandbox::start().await?;
/// # let (site, key) = (sandbox.filescom_url(), sandbox.keys().full.clone());
/// let client = Client::new(Config::new(site, Credentials::api_key(key)?))?;
/// let fields = UserFields::new().with_email("anna@acme.example").with_company("Acme");
/// let anna = client.users().create("anna", &fields).await?;
/// let id = anna.id.ok_or("a user has an id")?;
/// client.users().update(id, &UserFields::new().with_company("Globex")).await?;
///
/// let users: Vec<_> = client.users().list(Query::new(), Some(10)).try_collect().await?;
/// assert!(users.iter().any(|user| user.company.as_deref() == Some("Globex")));
/// # Ok(()) }
/// ```
#[derive(Debug, Clone)]
pub struct Users {
    client: Client,
}

impl Users {
    pub(crate) fn new(client: Client) -> Self {
        Self { client }
    }

    /// The users, one after another; at most `limit` of them. Who administers nothing sees
    /// nobody else.
    pub fn list(&self, query: Query, limit: Option<usize>) -> BoxStream<'static, Result<User>> {
        records::stream(&self.client, query, limit, list)
    }

    /// The users, page by page.
    pub fn pages(&self, query: Query) -> Pages<User> {
        records::pages(&self.client, query, list)
    }

    /// One user.
    ///
    /// # Errors
    ///
    /// `NotFound` for an id that is unknown, or not to be seen.
    pub async fn find(&self, id: i64) -> Result<User> {
        self.client.json(find(id)).await
    }

    /// Creates a user.
    ///
    /// # Errors
    ///
    /// `PermissionDenied` for who is no administrator; `Invalid` for a name that is taken, or
    /// members that the service does not accept.
    pub async fn create(&self, username: &str, fields: &UserFields) -> Result<User> {
        self.client.json(create(username, fields)).await
    }

    /// Changes a user: what is set, and nothing else.
    ///
    /// # Errors
    ///
    /// As [`create`](Self::create), and `NotFound`.
    pub async fn update(&self, id: i64, fields: &UserFields) -> Result<User> {
        self.client.json(update(id, fields)).await
    }

    /// Deletes a user. What is the user's (share links, keys and the like) is deleted too, unless
    /// a new owner is given; to disable the user keeps all of it.
    ///
    /// # Errors
    ///
    /// `NotFound`; `PermissionDenied`.
    pub async fn delete(&self, id: i64, new_owner: Option<i64>) -> Result<()> {
        records::done(&self.client, delete(id, new_owner)).await
    }

    /// Lets a user who was locked out sign in again.
    ///
    /// # Errors
    ///
    /// `NotFound`; `PermissionDenied`.
    pub async fn unlock(&self, id: i64) -> Result<()> {
        records::done(&self.client, unlock(id)).await
    }

    /// Sends the first mail once more.
    ///
    /// # Errors
    ///
    /// `NotFound`; `PermissionDenied`.
    pub async fn resend_welcome_email(&self, id: i64) -> Result<()> {
        records::done(&self.client, resend_welcome_email(id)).await
    }
}

fields! {
    /// What to set of a user.
    UserFields {
        /// The name to sign in with.
        with_username: text = "username",
        /// The full name.
        with_name: text = "name",
        /// The company.
        with_company: text = "company",
        /// The address for mail.
        with_email: text = "email",
        /// Notes for administrators.
        with_notes: text = "notes",
        /// How the user signs in: `password` or `email_signup`, among others.
        with_authentication_method: text = "authentication_method",
        /// The password.
        with_password: secret = "password",
        /// Whether the password must be changed at the next sign-in.
        with_require_password_change: flag = "require_password_change",
        /// The groups of the user: all of them.
        with_group_ids: ids = "group_ids",
        /// The folder that is the root for the user, for FTP and WebDAV.
        with_user_root: text = "user_root",
        /// The folder in which the user begins.
        with_user_home: text = "user_home",
        /// Whether the account is disabled.
        with_disabled: flag = "disabled",
        /// Until when the user may sign in.
        with_authenticate_until: time = "authenticate_until",
        /// Whether the user administers the site.
        with_site_admin: flag = "site_admin",
        /// Whether the user may use this API.
        with_restapi_permission: flag = "restapi_permission",
        /// Whether the user may use FTP.
        with_ftp_permission: flag = "ftp_permission",
        /// Whether the user may use SFTP.
        with_sftp_permission: flag = "sftp_permission",
        /// Whether the user may use WebDAV.
        with_dav_permission: flag = "dav_permission",
        /// The language.
        with_language: text = "language",
        /// The time zone.
        with_time_zone: text = "time_zone",
    }
}

const USERS: &str = "/users";
