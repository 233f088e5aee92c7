//! Messages with files attached (Boomi: File Sharing API reference 1.16, Message).
//!
//! Of the answer's fields only some are documented, so it is handed on as it comes.

use serde_json::Value;
use wharf_model::mft::{FileId, FolderId};
use wharf_transport::{Method, Request};

use crate::client::Client;
use crate::endpoints::{Endpoints, Place};
use crate::error::Result;

/// `POST /Message`: creates a message. Not sent twice: it may go out.
pub fn create(endpoints: &Endpoints, message: &NewMessage) -> Request {
    endpoints.rest(Method::POST, Place::messages, &[]).form(message.form())
}

/// `GET /Message/{id}`: what a message is.
pub fn info(endpoints: &Endpoints, id: &str) -> Request {
    endpoints.rest(Method::GET, Place::message, &[("id", id)])
}

/// `PUT /Message/{id}/Complete`: says that a message which the client sends was sent.
pub fn complete(endpoints: &Endpoints, id: &str) -> Request {
    endpoints.rest(Method::PUT, Place::message_complete, &[("id", id)])
}

/// `PUT /Message/{id}/Discard`: drops a message which the client did not send.
pub fn discard(endpoints: &Endpoints, id: &str) -> Request {
    endpoints.rest(Method::PUT, Place::message_discard, &[("id", id)])
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
    pub async fn create(&self, message: &NewMessage) -> Result<Value> {
        self.client.json(Place::messages, create(self.client.endpoints(), message)).await
    }

    /// What a message is.
    ///
    /// # Errors
    ///
    /// What the service refuses, such as an id that it does not know.
    pub async fn info(&self, id: &str) -> Result<Value> {
        self.client.json(Place::message, info(self.client.endpoints(), id)).await
    }

    /// Says that a message which the client sends was sent.
    ///
    /// # Errors
    ///
    /// As [`info`](Self::info).
    pub async fn complete(&self, id: &str) -> Result<()> {
        self.client.done(Place::message_complete, complete(self.client.endpoints(), id)).await
    }

    /// Drops a message which the client did not send.
    ///
    /// # Errors
    ///
    /// As [`info`](Self::info).
    pub async fn discard(&self, id: &str) -> Result<()> {
        self.client.done(Place::message_discard, discard(self.client.endpoints(), id)).await
    }
}

/// A message to be created: at least one recipient in `to`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
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
    /// How urgent it is, if that matters.
    pub priority: Option<Priority>,
    /// Whether the caller sends the mail, and not the server.
    pub send_by_client: bool,
}

/// How urgent a message is. The numbers are as printed: 2 is low, 3 normal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Priority {
    /// 1.
    High,
    /// 2.
    Low,
    /// 3.
    Normal,
}

impl NewMessage {
    /// A message to one recipient.
    pub fn new(to: impl Into<String>, subject: impl Into<String>) -> Self {
        Self { to: vec![to.into()], subject: subject.into(), ..Self::default() }
    }

    fn form(&self) -> Vec<(&'static str, &str)> {
        let mut form = vec![
            ("Subject", self.subject.as_str()),
            ("PublicMessage", &self.public_text),
            ("PrivateMessage", &self.private_text),
            ("SendByClient", if self.send_by_client { "true" } else { "false" }),
        ];
        form.extend(self.priority.map(|priority| ("Priority", priority.number())));
        form.extend(self.to.iter().map(|to| ("ToRecipients[]", to.as_str())));
        form.extend(self.cc.iter().map(|to| ("CcRecipients[]", to.as_str())));
        form.extend(self.bcc.iter().map(|to| ("BccRecipients[]", to.as_str())));
        form.extend(self.files.iter().map(|id| ("FilesAttached[]", id.as_str())));
        form.extend(self.folders.iter().map(|id| ("FoldersAttached[]", id.as_str())));
        form
    }
}

impl Priority {
    fn number(self) -> &'static str {
        match self {
            Self::High => "1",
            Self::Low => "2",
            Self::Normal => "3",
        }
    }
}
