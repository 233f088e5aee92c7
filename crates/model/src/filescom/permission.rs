//! What the caller may do at a path.

use std::fmt;

use serde::de::{Deserialize, Deserializer};
use serde::ser::{Serialize, Serializer};

use crate::ShortText;

/// Rights at a path, as letters: `l` list, `r` read, `w` write, `d` delete.
///
/// Recorded answers say `lrwd`, older samples `rwd`; the order is not guaranteed. Letters without
/// a meaning here are kept, and all are written back in the order they came. Equality is that of
/// the sets, not of the spellings.
///
/// ```
/// use wharf_model::filescom::PathPermissions;
///
/// let rights = PathPermissions::from("dwl");
/// assert!(rights.can_write() && !rights.can_read());
/// assert_eq!(rights, PathPermissions::from("lwd"));
/// ```
#[derive(Clone)]
pub struct PathPermissions(ShortText);

impl PathPermissions {
    /// The letters as they came.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }

    /// May list the content.
    #[must_use]
    pub fn can_list(&self) -> bool {
        self.0.contains('l')
    }

    /// May read.
    #[must_use]
    pub fn can_read(&self) -> bool {
        self.0.contains('r')
    }

    /// May write.
    #[must_use]
    pub fn can_write(&self) -> bool {
        self.0.contains('w')
    }

    /// May delete.
    #[must_use]
    pub fn can_delete(&self) -> bool {
        self.0.contains('d')
    }

    /// The letters without a meaning here.
    pub fn unknown(&self) -> impl Iterator<Item = char> + '_ {
        self.0.chars().filter(|letter| !"lrwd".contains(*letter))
    }

    fn contains_all(&self, other: &Self) -> bool {
        other.0.chars().all(|letter| self.0.contains(letter))
    }
}

impl From<&str> for PathPermissions {
    fn from(letters: &str) -> Self {
        Self(letters.into())
    }
}

impl PartialEq for PathPermissions {
    fn eq(&self, other: &Self) -> bool {
        self.contains_all(other) && other.contains_all(self)
    }
}

impl Eq for PathPermissions {}

impl fmt::Debug for PathPermissions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PathPermissions({:?})", self.as_str())
    }
}

impl fmt::Display for PathPermissions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self.as_str(), f)
    }
}

impl Serialize for PathPermissions {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for PathPermissions {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        ShortText::deserialize(deserializer).map(Self)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn unknown_letters_are_told_apart() {
        let rights = PathPermissions::from("lxrh");
        assert!(rights.can_list() && rights.can_read());
        assert!(!rights.can_write() && !rights.can_delete());
        assert_eq!(rights.unknown().collect::<String>(), "xh");
        assert_ne!(rights, PathPermissions::from("lr"));
    }

    proptest! {
        #[test]
        fn letters_survive_and_their_order_says_nothing(letters in "[a-zA-Z]{0,20}") {
            let json = format!("{letters:?}");
            let rights: PathPermissions = serde_json::from_str(&json).unwrap();
            prop_assert_eq!(serde_json::to_string(&rights).unwrap(), json);
            let backwards: String = letters.chars().rev().collect();
            prop_assert_eq!(PathPermissions::from(backwards.as_str()), rights);
        }
    }
}
