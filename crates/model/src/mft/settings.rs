//! Groups of settings of the MFT server, of which hardly a member is documented.

use serde::de::{Deserialize, Deserializer};
use serde::ser::{Serialize, Serializer};
use serde_json::Value;

use super::Members;
use crate::number::Whole;
use crate::object::object;

object! {
    any_case, read_write;
    /// The server's settings for messages (`ThruMessageSettings`).
    ///
    /// Three members are printed (Thru REST API manual, 5.7.2); the list goes on where it could
    /// not be seen, so others are kept.
    #[derive(Debug, Clone, PartialEq)]
    #[non_exhaustive]
    pub struct MessageSettings {
        /// So many recipients get a mail each; beyond, one mail goes to all. 1000 in the sample.
        pub separate_emails_limit: Option<i64> = "SeparateEmailsLimit" as Whole,
        /// The most recipients of one mail. 0 in the sample.
        pub smtp_recipient_limit: Option<i64> = "SmtpServerRecipientLimit" as Whole,
        /// Whether recipients must sign in: 1 is never, 3 in the sample; more is not documented.
        pub request_login_type: Option<i64> = "MsgRequestLoginType" as Whole,
        ..others: Members
    }
}

impl MessageSettings {
    /// The members that are not documented.
    #[must_use]
    pub fn others(&self) -> &Members {
        &self.others
    }
}

macro_rules! undocumented {
    ($($(#[$meta:meta])* $name:ident)*) => {$(
        $(#[$meta])*
        ///
        /// Its members are printed nowhere: they are kept as they come.
        #[derive(Debug, Clone, Default, PartialEq)]
        pub struct $name(Members);

        impl $name {
            /// What the server says.
            #[must_use]
            pub fn members(&self) -> &Members {
                &self.0
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                Members::deserialize(deserializer).map(Self)
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
                self.0.serialize(to)
            }
        }
    )*};
}

undocumented! {
    /// How much bandwidth clients may use (`ThruAllowedBandwidth`; Thru REST API manual, 6.5).
    AllowedBandwidth
    /// When clients may use how much bandwidth (`ThruAllowedBandwidthInterval`; Thru REST API
    /// manual, 6.5).
    AllowedBandwidthInterval
    /// What passwords must be like (Thru REST API manual, 6.5).
    PasswordSettings
    /// What uploads must be like (Boomi: File Sharing API reference 1.16, Server).
    UploadSettings
    /// What mobile devices may do (Boomi: File Sharing API reference 1.16, Server).
    MobileSettings
}

/// The versions of the interface that a server speaks (Thru REST API manual, 2.2).
///
/// That the call exists is documented, the form of its answer is not. So the document is kept as
/// it comes, and whatever in it looks like a version is found.
///
/// ```
/// let versions: wharf_model::mft::ServiceVersions =
///     serde_json::from_str(r#"[{"Version": "1.9", "Uri": "/REST/1.9"}, "1.16"]"#)?;
/// assert_eq!(versions.numbers(), ["1.9", "1.16"]);
/// assert!(versions.has("1.16") && !versions.has("1.1"));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct ServiceVersions(Value);

impl ServiceVersions {
    /// The document.
    #[must_use]
    pub fn document(&self) -> &Value {
        &self.0
    }

    /// Every text that is two numbers with a point between, in the order of the document, each
    /// once.
    #[must_use]
    pub fn numbers(&self) -> Vec<&str> {
        let mut found = Vec::new();
        collect(&self.0, &mut found);
        found
    }

    /// Whether the server says that it speaks a version such as `1.16`.
    #[must_use]
    pub fn has(&self, version: &str) -> bool {
        self.numbers().contains(&version)
    }
}

impl<'de> Deserialize<'de> for ServiceVersions {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Value::deserialize(deserializer).map(Self)
    }
}

impl Serialize for ServiceVersions {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(to)
    }
}

/// A number in JSON is no version: 1.10 and 1.1 would be the same.
fn collect<'a>(value: &'a Value, found: &mut Vec<&'a str>) {
    match value {
        Value::String(text) if is_version(text) && !found.contains(&text.as_str()) => {
            found.push(text);
        }
        Value::Array(values) => values.iter().for_each(|value| collect(value, found)),
        Value::Object(members) => members.values().for_each(|value| collect(value, found)),
        _ => {}
    }
}

fn is_version(text: &str) -> bool {
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    text.split_once('.').is_some_and(|(major, minor)| digits(major) && digits(minor))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_without_a_name_in_print_are_kept_and_written_back() {
        let json = r#"{"SeparateEmailsLimit":1000,"SmtpServerRecipientLimit":0,"MsgRequestLoginType":3,"More":[1]}"#;
        let settings: MessageSettings = serde_json::from_str(json).unwrap();
        assert_eq!(settings.separate_emails_limit, Some(1000));
        assert_eq!(settings.others().get("more").unwrap()[0], 1);
        assert_eq!(serde_json::to_string(&settings).unwrap(), json);
        let json = r#"{"A":{"b":null},"MinimumLength":8}"#;
        let settings: PasswordSettings = serde_json::from_str(json).unwrap();
        assert_eq!(settings.members().iter().count(), 2);
        assert_eq!(serde_json::to_string(&settings).unwrap(), json);
        assert!(serde_json::from_str::<MobileSettings>("[]").is_err());
    }

    #[test]
    fn versions_are_found_in_any_document() {
        for (json, numbers) in [
            (r#"["1.0","1.16"]"#, &["1.0", "1.16"][..]),
            (r#"{"Versions":[{"Number":"1.16","Path":"/REST/1.16"}]}"#, &["1.16"]),
            (r#"["1.16","1.16","a","1.","1.2.3"]"#, &["1.16"]),
            ("[1.16]", &[]),
            ("null", &[]),
        ] {
            let versions: ServiceVersions = serde_json::from_str(json).unwrap();
            assert_eq!(versions.numbers(), numbers, "{json}");
            assert_eq!(serde_json::to_string(&versions).unwrap(), json);
        }
    }
}
