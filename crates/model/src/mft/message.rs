//! Messages of MFT: mail that carries files and folders.

use chrono::{DateTime, Utc};
use secrecy::SecretString;
use serde::de::{self, Deserialize, Deserializer};
use serde::ser::{Serialize, Serializer};
use serde_json::Value;
use serde_with::DeserializeAs;

use super::{FileInfo, FolderInfo, Members, MessageId, RecipientId, SlashDate, UserId};
use crate::number::{FromWhole, Whole};
use crate::object::object;

object! {
    any_case, read_write;
    /// A message (`ThruPublicMessageInfo`; Boomi: File Sharing API reference 1.16, Message, and
    /// where that page breaks off the Thru REST API manual, 5.5).
    ///
    /// The reference describes the private text as the public one, and the other way round; the
    /// names of the members are right. Members that are not documented are kept.
    #[derive(Debug, Clone)]
    #[non_exhaustive]
    pub struct MessageInfo {
        /// Id of the message.
        pub id: MessageId = "MessageID",
        /// Who wrote it.
        pub user_id: Option<UserId> = "UserID",
        /// Number to ask after it by.
        pub tracking_no: Option<Box<str>> = "TrackingNo",
        /// Subject.
        pub subject: Option<Box<str>> = "Subject",
        /// What everyone reads.
        pub public_message: Option<Box<str>> = "PublicMessage",
        /// What only those read who sign in.
        pub private_message: Option<Box<str>> = "PrivateMessage",
        /// When it was created.
        pub date_created: Option<DateTime<Utc>> = "DateCreated" as SlashDate,
        /// When it was sent; none for one that its writer has still to send.
        pub date_sent: Option<DateTime<Utc>> = "DateSent" as SlashDate,
        /// When it expires.
        pub date_expired: Option<DateTime<Utc>> = "DateExpired" as SlashDate,
        /// Whether at least one recipient has read it.
        pub collected: Option<bool> = "CollectedFlag",
        /// Whether recipients must sign in.
        pub request_login: Option<bool> = "RequestLogin",
        /// Whether its writer sends the mail, and not the server.
        pub send_by_client: Option<bool> = "SendByClient",
        /// Whether its writer is told when it is read.
        pub notify: Option<bool> = "NotifyFlag",
        /// How urgent it is.
        pub priority: Option<Priority> = "Priority",
        /// Whether it has expired.
        pub is_expired: Option<bool> = "IsExpired",
        /// Whether it expires at once.
        pub expire_now: Option<bool> = "ExpireNow",
        /// Template of the mail in HTML.
        pub html_template: Option<Box<str>> = "MsgHtmlTemplate",
        /// Template of the mail in plain text.
        pub text_template: Option<Box<str>> = "MsgTextTemplate",
        /// Who gets it.
        pub to: Option<Vec<Recipient>> = "ToRecipients",
        /// Who gets a copy.
        pub cc: Option<Vec<Recipient>> = "CcRecipients",
        /// Who gets a copy without the others knowing.
        pub bcc: Option<Vec<Recipient>> = "BccRecipients",
        /// Folders attached.
        pub folders: Option<Vec<FolderInfo>> = "FoldersAttached",
        /// Files attached.
        pub files: Option<Vec<FileInfo>> = "FilesAttached",
        /// A password that requests may bring. Should an answer repeat it, it is neither printed
        /// nor written.
        pub user_password: Option<SecretString> = "UserPassword" | secret,
        ..others: Members
    }
}

impl MessageInfo {
    /// The members that are not documented.
    #[must_use]
    pub fn others(&self) -> &Members {
        &self.others
    }
}

/// A recipient: as an answer tells them, or a mere address as requests name them.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Recipient {
    /// An address for mail.
    Address(Box<str>),
    /// What the service knows.
    Info(RecipientInfo),
}

object! {
    any_case, read_write;
    /// A recipient as the service tells them (`ThruPublicMessageRecipientInfo`; Thru REST API
    /// manual, 5.5). One member is printed; others are kept.
    #[derive(Debug, Clone, PartialEq)]
    #[non_exhaustive]
    pub struct RecipientInfo {
        /// Id of the copy for this recipient.
        pub id: Option<RecipientId> = "MsgRecipientLevelPublicID",
        ..others: Members
    }
}

impl RecipientInfo {
    /// The members that are not documented.
    #[must_use]
    pub fn others(&self) -> &Members {
        &self.others
    }
}

impl<'de> Deserialize<'de> for Recipient {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match Value::deserialize(deserializer)? {
            Value::String(address) => Ok(Self::Address(address.into())),
            other => {
                let info = RecipientInfo::deserialize(other);
                info.map(Self::Info).map_err(de::Error::custom)
            }
        }
    }
}

impl Serialize for Recipient {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Address(address) => to.serialize_str(address),
            Self::Info(info) => info.serialize(to),
        }
    }
}

/// How urgent a message is (Boomi: File Sharing API reference 1.16, Message). The numbers are as
/// printed: 2 is low, 3 normal. An unknown one is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Priority {
    /// 1.
    High,
    /// 2.
    Low,
    /// 3.
    Normal,
    /// Any other number.
    Other(i32),
}

impl From<i32> for Priority {
    fn from(number: i32) -> Self {
        match number {
            1 => Self::High,
            2 => Self::Low,
            3 => Self::Normal,
            other => Self::Other(other),
        }
    }
}

impl From<Priority> for i32 {
    fn from(priority: Priority) -> Self {
        match priority {
            Priority::High => 1,
            Priority::Low => 2,
            Priority::Normal => 3,
            Priority::Other(other) => other,
        }
    }
}

impl FromWhole for Priority {
    const EXPECTED: &'static str = "a priority";

    fn from_whole(number: i64) -> Option<Self> {
        i32::from_whole(number).map(Self::from)
    }
}

impl<'de> Deserialize<'de> for Priority {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Whole::deserialize_as(deserializer)
    }
}

impl Serialize for Priority {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_i32((*self).into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_says_all_that_is_documented_and_keeps_the_rest() {
        let json = r#"{"MessageID":"1HPHF1D8FF8S0","UserID":"1Q1OBQWVHTROE",
            "TrackingNo":"T478-026-95732-36971","Subject":"s","PublicMessage":"p","PrivateMessage":"q",
            "DateCreated":"/Date(1337174868623)/","DateSent":"/Date(1337174868624)/",
            "DateExpired":"/Date(1337174868625)/","CollectedFlag":false,"RequestLogin":true,
            "SendByClient":false,"NotifyFlag":true,"Priority":3,"IsExpired":false,"ExpireNow":false,
            "MsgHtmlTemplate":"h","MsgTextTemplate":"t",
            "ToRecipients":[{"MsgRecipientLevelPublicID":"R","Email":"a@b.example"}],
            "CcRecipients":["c@d.example"],"BccRecipients":[],
            "FoldersAttached":[{"FolderID":"F","ParentFolderID":null,"Name":"n"}],"FilesAttached":[{"FileID":"G","Name":"m"}],
            "Later":{"a":1}}"#;
        let message: MessageInfo = serde_json::from_str(json).unwrap();
        assert_eq!(
            (message.id.as_str(), message.priority),
            ("1HPHF1D8FF8S0", Some(Priority::Normal))
        );
        assert_eq!(message.cc.as_deref(), Some(&[Recipient::Address("c@d.example".into())][..]));
        let [Recipient::Info(to)] = message.to.as_deref().unwrap() else { panic!("{message:?}") };
        assert_eq!(to.others().get("email").unwrap(), "a@b.example");
        assert_eq!(message.others().get("Later").unwrap()["a"], 1);
        let written: Value =
            serde_json::from_str(&serde_json::to_string(&message).unwrap()).unwrap();
        assert_eq!(written, serde_json::from_str::<Value>(json).unwrap());
    }

    #[test]
    fn most_may_be_missing_and_numbers_are_kept() {
        let json =
            r#"{"messageId":18,"Priority":"7","FilesAttached":null,"UserPassword":"planted"}"#;
        let message: MessageInfo = serde_json::from_str(json).unwrap();
        assert_eq!((message.id.as_str(), message.priority), ("18", Some(Priority::Other(7))));
        let written = serde_json::to_string(&message).unwrap();
        assert_eq!(written, r#"{"MessageID":"18","Priority":7}"#);
        assert!(!format!("{message:?}").contains("planted"));
        assert!(serde_json::from_str::<MessageInfo>(r#"{"Subject":"s"}"#).is_err());
        for number in 0..5 {
            assert_eq!(i32::from(Priority::from(number)), number);
        }
    }
}
