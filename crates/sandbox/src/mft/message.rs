//! Messages: mail that carries files and folders.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::date::{DateForm, written};
use super::id::Id;

/// A message, in draft until it is completed or sent by the server.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Message {
    pub(crate) id: Id,
    pub(crate) user: Id,
    pub(crate) tracking: String,
    pub(crate) subject: String,
    pub(crate) public: String,
    pub(crate) private: String,
    pub(crate) created: DateTime<Utc>,
    pub(crate) sent: Option<DateTime<Utc>>,
    pub(crate) expires: Option<DateTime<Utc>>,
    pub(crate) request_login: bool,
    pub(crate) send_by_client: bool,
    pub(crate) notify: bool,
    pub(crate) expire_now: bool,
    /// 1 high, 2 low, 3 normal: in this order, as documented.
    pub(crate) priority: u64,
    pub(crate) to: Vec<Recipient>,
    pub(crate) cc: Vec<Recipient>,
    pub(crate) bcc: Vec<Recipient>,
    pub(crate) files: Vec<Id>,
    pub(crate) folders: Vec<Id>,
}

/// One recipient with the id of the copy meant for them.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Recipient {
    pub(crate) id: Id,
    pub(crate) email: String,
}

impl Message {
    /// The document, with the attached entries as they were written for the caller.
    pub(crate) fn document(&self, now: DateTime<Utc>, dates: DateForm, attached: &Value) -> Value {
        let date = |date: Option<DateTime<Utc>>| date.map(|date| written(date, dates));
        let expired = self.expire_now || self.expires.is_some_and(|end| end <= now);
        let member = |name: &str| attached.get(name).cloned().unwrap_or_else(|| json!([]));
        json!({
            "MessageID": self.id.to_string(),
            "UserID": self.user.to_string(),
            "TrackingNo": self.tracking,
            "Subject": self.subject,
            "PublicMessage": self.public,
            "PrivateMessage": self.private,
            "DateCreated": written(self.created, dates),
            "DateSent": date(self.sent),
            "DateExpired": date(self.expires),
            "CollectedFlag": false,
            "RequestLogin": self.request_login,
            "SendByClient": self.send_by_client,
            "NotifyFlag": self.notify,
            "Priority": self.priority,
            "IsExpired": expired,
            "ExpireNow": self.expire_now,
            "MsgHtmlTemplate": "",
            "MsgTextTemplate": "",
            "ToRecipients": recipients(&self.to),
            "CcRecipients": recipients(&self.cc),
            "BccRecipients": recipients(&self.bcc),
            "FoldersAttached": member("Folders"),
            "FilesAttached": member("Files"),
        })
    }
}

fn recipients(list: &[Recipient]) -> Value {
    list.iter()
        .map(|recipient| {
            json!({
                "MsgRecipientLevelPublicID": recipient.id.to_string(),
                "Email": recipient.email,
            })
        })
        .collect()
}
