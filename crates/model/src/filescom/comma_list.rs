//! Lists that one answer writes as text with commas and another as an array.

use std::borrow::Cow;
use std::fmt;

use serde::de::{self, Deserialize, Deserializer};
use serde::ser::{Serialize, Serializer};
use serde_json::Value;

use crate::object::Presence;

/// A list of ids or names, in whichever form the service sent it.
///
/// Recorded answers have `group_ids` of a user as text with commas and `admin_group_ids` of the
/// same user as an array; Boomi's connector joins arrays with commas. Both forms are read, and
/// that which came is written back.
///
/// ```
/// use wharf_model::filescom::CommaList;
///
/// for json in [r#""3, 5""#, "[3, 5]", r#"["3", "5"]"#] {
///     let list: CommaList = serde_json::from_str(json)?;
///     assert_eq!(list.ids().collect::<Vec<_>>(), [3, 5]);
///     assert_eq!(serde_json::from_str::<serde_json::Value>(json)?, serde_json::to_value(&list)?);
/// }
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct CommaList(Form);

#[derive(Clone, PartialEq, Eq)]
enum Form {
    Text(Box<str>),
    Array(Vec<Value>),
}

impl CommaList {
    /// What is in it, without blanks around.
    pub fn items(&self) -> impl Iterator<Item = Cow<'_, str>> {
        let (text, array) = match &self.0 {
            Form::Text(text) => (&**text, &[][..]),
            Form::Array(array) => ("", array.as_slice()),
        };
        let parts = text.split(',').map(|part| Cow::Borrowed(part.trim()));
        let elements = array.iter().map(|element| match element {
            Value::String(text) => Cow::Borrowed(text.as_str()),
            other => Cow::Owned(other.to_string()),
        });
        parts.filter(|part| !part.is_empty()).chain(elements)
    }

    /// The ids in it; what is no whole number is passed over.
    pub fn ids(&self) -> impl Iterator<Item = i64> {
        self.items().filter_map(|item| item.parse().ok())
    }

    /// The form with commas. An item that has a comma itself cannot be told from two.
    #[must_use]
    pub fn joined(&self) -> String {
        self.items().collect::<Vec<_>>().join(",")
    }

    /// Whether nothing is in it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.items().next().is_none()
    }
}

impl fmt::Debug for CommaList {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.items()).finish()
    }
}

impl Presence for CommaList {}

impl Serialize for CommaList {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        match &self.0 {
            Form::Text(text) => to.serialize_str(text),
            Form::Array(array) => array.serialize(to),
        }
    }
}

impl<'de> Deserialize<'de> for CommaList {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let plain = |element: &Value| element.is_string() || element.is_i64() || element.is_u64();
        match Value::deserialize(from)? {
            Value::String(text) => Ok(Self(Form::Text(text.into()))),
            Value::Array(array) if array.iter().all(plain) => Ok(Self(Form::Array(array))),
            Value::Number(one) if one.is_i64() => Ok(Self(Form::Text(one.to_string().into()))),
            _ => Err(de::Error::custom("expected text with commas, or an array of ids or names")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(json: &str, items: &[&str], ids: &[i64]) {
        let list: CommaList = serde_json::from_str(json).unwrap();
        assert_eq!(list.items().collect::<Vec<_>>(), items, "{json}");
        assert_eq!(list.ids().collect::<Vec<_>>(), ids, "{json}");
        assert_eq!(list.is_empty(), items.is_empty(), "{json}");
        assert_eq!(list.joined(), items.join(","), "{json}");
    }

    #[test]
    fn forms_and_blanks() {
        check(r#""""#, &[], &[]);
        check("[]", &[], &[]);
        check(r#"" 1 ,,2, ""#, &["1", "2"], &[1, 2]);
        check(r#"["a/b", 7]"#, &["a/b", "7"], &[7]);
        check("9", &["9"], &[9]);
        check(r#""example""#, &["example"], &[]);
        for json in ["{}", "true", "[[1]]", "[null]", "1.5"] {
            assert!(serde_json::from_str::<CommaList>(json).is_err(), "{json}");
        }
    }
}
