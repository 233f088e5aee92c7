//! Paths and kinds as plain words in JSON.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serializer, de};
use wharf_connector::EntryKind;

/// Writes what prints as what it is, such as a path.
pub(crate) fn serialize<T: fmt::Display, S: Serializer>(
    value: &T,
    to: S,
) -> Result<S::Ok, S::Error> {
    to.collect_str(value)
}

/// Reads it back.
pub(crate) fn deserialize<'de, T, D>(from: D) -> Result<T, D::Error>
where
    T: FromStr<Err: fmt::Display>,
    D: Deserializer<'de>,
{
    String::deserialize(from)?.parse().map_err(de::Error::custom)
}

/// The same for what may be missing.
pub(crate) mod optional {
    use super::{Deserialize, Deserializer, FromStr, Serializer, de, fmt};

    pub(crate) fn serialize<T: fmt::Display, S: Serializer>(
        value: &Option<T>,
        to: S,
    ) -> Result<S::Ok, S::Error> {
        match value {
            Some(value) => to.collect_str(value),
            None => to.serialize_none(),
        }
    }

    pub(crate) fn deserialize<'de, T, D>(from: D) -> Result<Option<T>, D::Error>
    where
        T: FromStr<Err: fmt::Display>,
        D: Deserializer<'de>,
    {
        let text = Option::<String>::deserialize(from)?;
        text.map(|text| text.parse().map_err(de::Error::custom)).transpose()
    }
}

/// `file` or `folder`.
pub(crate) mod kind {
    use super::{Deserialize, Deserializer, EntryKind, Serializer, de};

    pub(crate) fn serialize<S: Serializer>(kind: &EntryKind, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(kind.as_str())
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<EntryKind, D::Error> {
        let word = String::deserialize(from)?;
        let kinds = [EntryKind::File, EntryKind::Folder];
        kinds.into_iter().find(|kind| kind.as_str() == word).ok_or_else(|| {
            de::Error::custom(format!("{word:?} is neither \"file\" nor \"folder\""))
        })
    }
}
