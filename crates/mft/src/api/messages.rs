//! Messages with files attached (Boomi: File Sharing API reference 1.16, Message).
//!
//! Of a message's members the current reference shows the first; the rest, and the fields of the
//! form, are those of the Thru REST API manual, 5.5 and 6.3.

use chrono::{DateTime, Utc};
use secrecy::{ExposeSecret, SecretString};
use wharf_model::mft::{FileId, FolderId, MessageId, MessageInfo, Priority, SlashDate};
use wharf_transport::{Method, Request};

use crate::client::Client;
use crate::endpoints::{Endpoints, Place};
use crate::error::Result;

/// `POST /Message`: creates a message. Not sent twice: it may go out.
pub fn create(endpoints: &Endpoints, message: &NewMessage) -> Request {
    message.sent_by(endpoints.rest(Method::POST, Place::messages, &[]))
}

/// `GET /Message/{id}`: what a message is.
pub fn info(endpoints: &Endpoints, id: &MessageId) -> Request {
    endpoints.rest(Method::GET, Place::message, &[("id", id.as_str())])
}

/// `PUT /Message/{id}`: changes a message. The operation is documented, method and path are not.
pub fn update(endpoints: &Endpoints, id: &MessageId, message: &NewMessage) -> Request {
    message.sent_by(endpoints.rest(Method::PUT, Place::message, &[("id", id.as_str())]))
}

/// `PUT /Message/{id}/Complete`: says that a message which the client sends was sent.
pub fn complete(endpoints: &Endpoints, id: &MessageId) -> Request {
    endpoints.rest(Method::PUT, Place::message_complete, &[("id", id.as_str())])
}

/// `PUT /Message/{id}/Discard`: drops a message which the client did not send.
pub fn discard(endpoints: &Endpoints, id: &MessageId) -> Request {
    endpoints.rest(Method::PUT, Place::message_discard, &[("id", id.as_str())])
}

/// The calls of this module, sent.
#[derive(Debug, Clone)]
pub struct Messages {
    client: Client,
}

impl Messages {
    pub(crate) fn new(client: Client) -> Self {
        Self { client }
    }

    /// Creates a message. With `send_by_client` the caller sends the mail and then calls
    /// [`complete`](Self::complete), or [`discard`](Self::discard).
    ///
    /// # Errors
    ///
    /// What the service refuses, such as no recipient.
    pub async fn create(&self, message: &NewMessage) -> Result<MessageInfo> {
        self.client.json(Place::messages, create(self.client.endpoints(), message)).await
    }

    /// What a message is.
    ///
    /// # Errors
    ///
    /// What the service refuses, such as an id that it does not know.
    pub async fn info(&self, id: &MessageId) -> Result<MessageInfo> {
        self.client.json(Place::message, info(self.client.endpoints(), id)).await
    }

    /// Makes of a message what is given, all of it: whether the service leaves alone what is not
    /// sent is not documented.
    ///
    /// # Errors
    ///
    /// As [`info`](Self::info).
    pub async fn update(&self, id: &MessageId, message: &NewMessage) -> Result<MessageInfo> {
        let request = update(self.client.endpoints(), id, message);
        self.client.json(Place::message, request).await
    }

    /// Says that a message which the client sends was sent.
    ///
    /// # Errors
    ///
    /// As [`info`](Self::info).
    pub async fn complete(&self, id: &MessageId) -> Result<()> {
        self.client.done(Place::message_complete, complete(self.client.endpoints(), id)).await
    }

    /// Drops a message which the client did not send.
    ///
    /// # Errors
    ///
    /// As [`info`](Self::info).
    pub async fn discard(&self, id: &MessageId) -> Result<()> {
        self.client.done(Place::message_discard, discard(self.client.endpoints(), id)).await
    }
}

/// A message to be created: at least one recipient in `to`. What is `None` is not sent.
#[derive(Debug, Clone, Default)]
#[non_exhaustive]
pub struct NewMessage {
    /// Addresses.
    pub to: Vec<String>,
    /// Addresses that get a copy.
    pub cc: Vec<String>,
    /// Addresses that get a copy and are not shown.
    pub bcc: Vec<String>,
    /// The subject.
    pub subject: String,
    /// What everyone reads.
    pub public_text: String,
    /// What only those read who sign in.
    pub private_text: String,
    /// Files attached.
    pub files: Vec<FileId>,
    /// Folders attached.
    pub folders: Vec<FolderId>,
    /// How urgent it is.
    pub priority: Option<Priority>,
    /// When it expires. In what form the service wants a time is not documented: it is sent as
    /// answers bring it.
    pub expires: Option<DateTime<Utc>>,
    /// Whether it expires at once.
    pub expire_now: Option<bool>,
    /// Whether recipients must sign in.
    pub request_login: Option<bool>,
    /// Whether the writer is told when it is read.
    pub notify: Option<bool>,
    /// Whether the caller sends the mail, and not the server.
    pub send_by_client: bool,
    /// A password. The request in print brings one; what for is not documented.
    pub user_password: Option<SecretString>,
}

impl NewMessage {
    /// A message to one recipient.
    pub fn new(to: impl Into<String>, subject: impl Into<String>) -> Self {
        Self { to: vec![to.into()], subject: subject.into(), ..Self::default() }
    }

    /// A refusal that repeats the password is not printed with it.
    fn sent_by(&self, request: Request) -> Request {
        let request = request.form(self.form());
        self.user_password.iter().fold(request, |request, password| request.with_secret(password))
    }

    fn form(&self) -> Vec<(&'static str, String)> {
        let mut form = vec![
            ("Subject", self.subject.clone()),
            ("PublicMessage", self.public_text.clone()),
            ("PrivateMessage", self.private_text.clone()),
            ("SendByClient", self.send_by_client.to_string()),
        ];
        form.extend(self.priority.map(|it| ("Priority", i32::from(it).to_string())));
        form.extend(self.expires.map(|time| ("DateExpired", SlashDate::format(time))));
        for (name, flag) in [
            ("ExpireNow", self.expire_now),
            ("RequestLogin", self.request_login),
            ("NotifyFlag", self.notify),
        ] {
            form.extend(flag.map(|flag| (name, flag.to_string())));
        }
        let password = self.user_password.as_ref();
        form.extend(password.map(|text| ("UserPassword", text.expose_secret().to_owned())));
        form.extend(self.to.iter().map(|to| ("ToRecipients[]", to.clone())));
        form.extend(self.cc.iter().map(|to| ("CcRecipients[]", to.clone())));
        form.extend(self.bcc.iter().map(|to| ("BccRecipients[]", to.clone())));
        form.extend(self.files.iter().map(|id| ("FilesAttached[]", id.to_string())));
        form.extend(self.folders.iter().map(|id| ("FoldersAttached[]", id.to_string())));
        form
    }
}
