//! What the MFT server tells about itself and hands out.

use std::fmt;

use secrecy::SecretString;
use serde::de::{self, Deserialize, Deserializer, Visitor};
use serde::ser::{Serialize, Serializer};

use super::SiteId;
use crate::object::object;

object! {
    any_case, read_write;
    /// The server (`ThruPublicServerInfo`; Boomi: File Sharing API reference 1.16, Server).
    #[derive(Debug, Clone, PartialEq, Eq)]
    #[non_exhaustive]
    pub struct ServerInfo {
        /// Id of the site.
        pub site_id: Option<SiteId> = "SiteID",
        /// Host name of the site.
        pub name: Option<Box<str>> = "Name",
        /// Title for people.
        pub title: Option<Box<str>> = "Title",
        /// Welcome text.
        pub welcome: Option<Box<str>> = "Welcome",
        /// Whether the site is in service.
        pub enabled: Option<bool> = "Enabled",
    }
}

object! {
    any_case, read_write;
    /// What the server wants of clients that keep a copy (Boomi: File Sharing API reference
    /// 1.16, Server).
    #[derive(Debug, Clone, PartialEq, Eq)]
    #[non_exhaustive]
    pub struct SyncPolicy {
        /// Delete the copy when the account is disabled.
        pub delete_on_account_disabled: Option<bool> = "DeleteSynchedLocalFilesOnAccountDisabled",
        /// Delete the copy when the account is deleted.
        pub delete_on_account_deletion: Option<bool> = "DeleteSynchedLocalFilesOnAccountDeletion",
        /// Whether the password may be kept on the machine.
        pub save_password_local: Option<bool> = "SavePasswordLocal",
        /// How often to compare everything.
        pub full_sync_interval: Option<SyncInterval> = "FullSyncIntervalMinutes",
    }
}

/// The interval of full synchronization. Its name says minutes, its schema and sample say `true`
/// (Boomi: File Sharing API reference 1.16, Server); both are read and written back as they came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum SyncInterval {
    /// Minutes.
    Minutes(i64),
    /// On or off, the interval being the client's choice.
    Flag(bool),
}

impl Serialize for SyncInterval {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match *self {
            Self::Minutes(minutes) => serializer.serialize_i64(minutes),
            Self::Flag(flag) => serializer.serialize_bool(flag),
        }
    }
}

impl<'de> Deserialize<'de> for SyncInterval {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(IntervalVisitor)
    }
}

struct IntervalVisitor;

impl Visitor<'_> for IntervalVisitor {
    type Value = SyncInterval;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("minutes, or true or false")
    }

    fn visit_bool<E>(self, flag: bool) -> Result<SyncInterval, E> {
        Ok(SyncInterval::Flag(flag))
    }

    fn visit_i64<E>(self, minutes: i64) -> Result<SyncInterval, E> {
        Ok(SyncInterval::Minutes(minutes))
    }

    fn visit_u64<E: de::Error>(self, minutes: u64) -> Result<SyncInterval, E> {
        i64::try_from(minutes)
            .map(SyncInterval::Minutes)
            .map_err(|_| E::custom("an interval of too many minutes"))
    }
}

object! {
    any_case, read;
    /// A short key that stands for a longer request to the server's browser tools (Boomi: File
    /// Sharing API reference 1.16, ServerTool). Whoever has it may use it, so it is a secret.
    #[derive(Debug, Clone)]
    #[non_exhaustive]
    pub struct ShortUrl {
        /// The key, 20 characters in the sample.
        pub short_url: SecretString = "ShortUrl",
    }
}

object! {
    any_case, read_write;
    /// A mark to put on an upload, to ask for its outcome later (Boomi: File Sharing API
    /// reference 1.16, Upload).
    #[derive(Debug, Clone, PartialEq, Eq)]
    #[non_exhaustive]
    pub struct Mark {
        /// The mark, a UUID in the sample.
        pub mark_for_retrieval: Box<str> = "MarkForRetrieval",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_interval_is_kept_as_it_came() {
        for json in ["true", "false", "15"] {
            let json = format!(r#"{{"FullSyncIntervalMinutes":{json}}}"#);
            let policy: SyncPolicy = serde_json::from_str(&json).unwrap();
            assert!(policy.full_sync_interval.is_some());
            assert_eq!(serde_json::to_string(&policy).unwrap(), json);
        }
        let refused = serde_json::from_str::<SyncPolicy>(r#"{"FullSyncIntervalMinutes":"x"}"#);
        assert!(refused.is_err());
    }

    #[test]
    fn a_short_key_is_not_printed() {
        let key: ShortUrl = serde_json::from_str(r#"{"shorturl":"4E2CH827YO6OUUQVMSM3"}"#).unwrap();
        assert!(!format!("{key:?}").contains("4E2C"));
    }
}
