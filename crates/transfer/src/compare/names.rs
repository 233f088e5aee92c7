//! The names that a folder of the source has told, in few bytes each.

use std::collections::{HashMap, HashSet};
use std::hash::{BuildHasher, RandomState};

/// The names so far, by the hashes of their keys: to see two that are one to the destination. A
/// large folder has a million of them, so most are no more than their hash.
#[derive(Default)]
pub(super) struct Names {
    hasher: RandomState,
    /// Of names that are their own keys.
    plain: HashSet<u64>,
    /// Of the others; and where each begins in `text`.
    other: HashMap<u64, usize>,
    /// The others, each ended by a slash, which is in no name.
    text: String,
}

impl Names {
    /// Adds a name with its key, unless one with the same key is there: then it is given back.
    pub(super) fn add(
        &mut self,
        name: &str,
        key: &str,
        key_of: impl Fn(&str) -> Box<str>,
    ) -> Option<Box<str>> {
        let hash = self.hasher.hash_one(key);
        let is_plain = name == key;
        if let Some(first) = self.other.get(&hash).map(|at| self.name_at(*at))
            && &*key_of(first) == key
        {
            return Some(first.into());
        }
        // Two plain names with one key are one name. Another that has the hash of a plain one has
        // that one as its key: by chance it happens once in some fifty million folders of a million.
        if self.plain.contains(&hash) {
            return Some(key.into());
        }
        if is_plain {
            self.plain.insert(hash);
        } else {
            self.other.insert(hash, self.text.len());
            self.text.push_str(name);
            self.text.push('/');
        }
        None
    }

    fn name_at(&self, at: usize) -> &str {
        let rest = self.text.get(at..).unwrap_or_default();
        rest.split('/').next().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_second_name_of_one_key_is_told_with_the_first() {
        let lower = |name: &str| name.to_lowercase().into_boxed_str();
        let mut names = Names::default();
        for (name, first) in [
            ("a", None),
            ("B", None),
            ("A", Some("a")),
            ("b", Some("B")),
            ("E", None),
            ("e", Some("E")),
            ("a", Some("a")),
        ] {
            let found = names.add(name, &lower(name), lower);
            assert_eq!(found.as_deref(), first, "{name}");
        }
    }
}
