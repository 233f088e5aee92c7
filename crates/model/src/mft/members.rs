//! Members of documents whose names are printed nowhere.

use std::collections::BTreeMap;
use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess};
use serde::ser::{Serialize, SerializeMap, Serializer};
use serde_json::Value;

use crate::object::Leftover;

/// Members that the documentation does not name, kept as they came and written back unchanged.
///
/// Only their names are printed, since nobody knows what is in them.
///
/// ```
/// use wharf_model::mft::Members;
///
/// let members: Members = serde_json::from_str(r#"{"MinimumLength": 8}"#)?;
/// assert_eq!(members.get("minimumlength").and_then(|value| value.as_i64()), Some(8));
/// assert_eq!(serde_json::to_string(&members)?, r#"{"MinimumLength":8}"#);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Default, PartialEq)]
pub struct Members(BTreeMap<String, Value>);

impl Members {
    /// The value of a member, by its name in any case: names of MFT vary in it.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Value> {
        let same = |known: &&str| known.eq_ignore_ascii_case(name);
        let alike = || self.iter().find(|(known, _)| same(known)).map(|(_, value)| value);
        self.0.get(name).or_else(alike)
    }

    /// All of them, by name.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value))
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl fmt::Debug for Members {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.0.keys()).finish()
    }
}

impl Leftover for Members {
    const WANTED: bool = true;

    fn take<'de, A: MapAccess<'de>>(&mut self, name: &str, map: &mut A) -> Result<(), A::Error> {
        self.0.insert(name.to_owned(), map.next_value()?);
        Ok(())
    }

    fn write<M: SerializeMap>(&self, map: &mut M) -> Result<(), M::Error> {
        self.0.iter().try_for_each(|(name, value)| map.serialize_entry(name, value))
    }
}

impl<'de> Deserialize<'de> for Members {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        BTreeMap::deserialize(deserializer).map(Self)
    }
}

impl Serialize for Members {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(to)
    }
}
