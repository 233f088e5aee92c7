//! Ids of MFT: opaque text.

use std::fmt;
use std::str::FromStr;

use serde::de::{self, Deserialize, Deserializer, Visitor};
use serde::ser::{Serialize, Serializer};

use crate::ShortText;
use crate::object::Presence;

macro_rules! ids {
    ($($(#[$meta:meta])* $name:ident)*) => {$(
        $(#[$meta])*
        ///
        /// Opaque: compared byte for byte, never parsed, padded or changed in case. The
        /// reference types ids as `int32`, all its samples are strings of 13 characters such as
        /// `0QN8H2VKTGIWE` (Boomi: File Sharing API reference 1.16, Root). Both are read, a
        /// number by its decimal digits, and a string is written. Up to 15 bytes need no
        /// allocation.
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(ShortText);

        impl $name {
            /// The id as text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                self.0.as_str()
            }
        }

        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                Self(text.into())
            }
        }

        impl From<String> for $name {
            fn from(text: String) -> Self {
                Self(text.into())
            }
        }

        impl FromStr for $name {
            type Err = std::convert::Infallible;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Ok(Self(text.into()))
            }
        }

        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                self.as_str()
            }
        }

        impl PartialEq<str> for $name {
            fn eq(&self, other: &str) -> bool {
                self.as_str() == other
            }
        }

        impl PartialEq<&str> for $name {
            fn eq(&self, other: &&str) -> bool {
                self.as_str() == *other
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({:?})"), self.as_str())
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(self.as_str(), f)
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
                to.serialize_str(self.as_str())
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                from.deserialize_any(IdVisitor).map(Self)
            }
        }

        impl Presence for $name {}
    )*};
}

ids! {
    /// Id of a folder.
    FolderId
    /// Id of a file.
    FileId
    /// Id of a user.
    UserId
    /// Id of a site.
    SiteId
    /// Id of a group of users.
    GroupId
    /// Id of a message.
    MessageId
    /// Id of the copy of a message for one recipient.
    RecipientId
}

struct IdVisitor;

impl Visitor<'_> for IdVisitor {
    type Value = ShortText;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an id: a string or a whole number")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<ShortText, E> {
        Ok(text.into())
    }

    fn visit_string<E: de::Error>(self, text: String) -> Result<ShortText, E> {
        Ok(text.into())
    }

    fn visit_i64<E: de::Error>(self, number: i64) -> Result<ShortText, E> {
        Ok(number.to_string().into())
    }

    fn visit_u64<E: de::Error>(self, number: u64) -> Result<ShortText, E> {
        Ok(number.to_string().into())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn case_and_padding_are_kept() {
        for text in ["0QN8H2VKTGIWE", "0qn8h2vktgiwe", " 7 ", "0007", "", "longer than fifteen"] {
            let json = serde_json::to_string(text).unwrap();
            let id: FileId = serde_json::from_str(&json).unwrap();
            assert_eq!(id, text);
            assert_eq!(serde_json::to_string(&id).unwrap(), json);
        }
    }

    #[test]
    fn neither_fractions_nor_truth_are_ids() {
        for json in ["1.5", "true", "null", "[1]", "{}"] {
            assert!(serde_json::from_str::<FolderId>(json).is_err(), "{json}");
        }
    }

    proptest! {
        #[test]
        fn a_number_keeps_its_digits(number in any::<i64>()) {
            let id: UserId = serde_json::from_str(&number.to_string()).unwrap();
            prop_assert_eq!(id.as_str(), number.to_string());
        }

        #[test]
        fn any_text_is_an_id(text in ".{0,30}") {
            let json = serde_json::to_string(&text).unwrap();
            let id: SiteId = serde_json::from_str(&json).unwrap();
            prop_assert_eq!(id.as_str(), text);
            prop_assert_eq!(serde_json::to_string(&id).unwrap(), json);
        }
    }
}
