//! Signing in with a name and a password (Files.com REST API reference, Sessions).

use secrecy::{ExposeSecret, SecretString};
use serde::Serialize;
use wharf_model::filescom::SessionInfo;
use wharf_transport::Request;

use crate::client::Client;
use crate::error::Result;

/// `POST /sessions`: opens a session.
pub fn create(sign_in: &SignIn) -> Request {
    let body = Body {
        username: &sign_in.username,
        password: sign_in.password.expose_secret(),
        otp: sign_in.otp.as_ref().map(ExposeSecret::expose_secret),
        partial_session_id: sign_in.partial_session_id.as_ref().map(ExposeSecret::expose_secret),
    };
    let request = Request::post("/sessions").json(&body).unsigned().once();
    let secrets =
        [Some(&sign_in.password), sign_in.otp.as_ref(), sign_in.partial_session_id.as_ref()];
    secrets.into_iter().flatten().fold(request, Request::with_secret)
}

/// `DELETE /sessions`: ends the session that asks.
pub fn delete() -> Request {
    Request::delete("/sessions")
}

#[derive(Serialize)]
struct Body<'a> {
    username: &'a str,
    password: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    otp: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    partial_session_id: Option<&'a str>,
}

/// The calls of this module, sent.
#[derive(Debug, Clone)]
pub struct Sessions {
    client: Client,
}

impl Sessions {
    pub(crate) fn new(client: Client) -> Self {
        Self { client }
    }

    /// Opens a session. Its id, in [`Credentials::Session`](crate::Credentials::Session), is good
    /// for about six hours; [`Client::with_credentials`] makes a client of it.
    ///
    /// # Errors
    ///
    /// `Unauthenticated` for a wrong name or password, and when a second factor is asked for: its
    /// [`body`](crate::Error::body) then says which ones there are and what to repeat the call
    /// with.
    pub async fn create(&self, sign_in: &SignIn) -> Result<SessionInfo> {
        self.client.json(create(sign_in)).await
    }

    /// Ends the session that this client asks with.
    ///
    /// # Errors
    ///
    /// `Unauthenticated` when it has ended already.
    pub async fn delete(&self) -> Result<()> {
        self.client.fetch(delete()).await.map(drop)
    }
}

/// What a session is opened with.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct SignIn {
    /// The name of the user.
    pub username: String,
    /// The password.
    pub password: SecretString,
    /// The code of a second factor.
    pub otp: Option<SecretString>,
    /// What the first answer gave to go on with.
    pub partial_session_id: Option<SecretString>,
}

impl SignIn {
    /// A name and a password.
    pub fn new(username: impl Into<String>, password: impl Into<SecretString>) -> Self {
        let (username, password) = (username.into(), password.into());
        Self { username, password, otp: None, partial_session_id: None }
    }

    /// Adds the code of a second factor, and what the first answer gave to go on with.
    #[must_use]
    pub fn with_second_factor(
        mut self,
        otp: impl Into<SecretString>,
        partial_session_id: impl Into<SecretString>,
    ) -> Self {
        self.otp = Some(otp.into());
        self.partial_session_id = Some(partial_session_id.into());
        self
    }
}
