//! Small maps of text whose order is kept and whose values are not printed.

use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};

use crate::object::Presence;

/// Names with values, in the order they came: headers or parameters to send along.
///
/// A value that is no string is kept as its JSON text. Values may be credentials for a storage,
/// so only names are printed, and nothing is written.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Pairs(Vec<(Box<str>, Box<str>)>);

impl Pairs {
    /// The value of this name, compared without regard to the case of ASCII letters.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        self.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value)
    }

    /// The names with their values.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (&**name, &**value))
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl fmt::Debug for Pairs {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.iter().map(|(name, _)| name)).finish()
    }
}

impl Presence for Pairs {}

impl<'de> Deserialize<'de> for Pairs {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(PairsVisitor)
    }
}

struct PairsVisitor;

impl<'de> Visitor<'de> for PairsVisitor {
    type Value = Pairs;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Pairs, A::Error> {
        let mut pairs = Vec::new();
        while let Some((name, value)) = map.next_entry::<Box<str>, serde_json::Value>()? {
            let value = match value {
                serde_json::Value::String(text) => text,
                other => other.to_string(),
            };
            pairs.push((name, value.into_boxed_str()));
        }
        Ok(Pairs(pairs))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_read_but_not_printed() {
        let pairs: Pairs = serde_json::from_str(r#"{"B-Name":"s3cr3t","a":7,"n":null}"#).unwrap();
        assert_eq!(pairs.get("b-name"), Some("s3cr3t"));
        assert_eq!(
            pairs.iter().collect::<Vec<_>>(),
            [("B-Name", "s3cr3t"), ("a", "7"), ("n", "null")]
        );
        assert_eq!(format!("{pairs:?}"), r#"{"B-Name", "a", "n"}"#);
        assert_eq!((pairs.len(), pairs.is_empty()), (3, false));
    }
}
