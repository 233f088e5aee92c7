//! Paths as Files.com reads and compares them.

use std::collections::HashMap;
use std::fmt;
use std::sync::LazyLock;

use percent_encoding::percent_decode_str;
use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization;

use super::problem::Problem;

/// A path of the site: its names from the root down; none for the root itself.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct SitePath {
    names: Vec<String>,
}

/// What the service compares and sorts names by: case, accents and width do not count.
///
/// Signs come before digits, and those before letters, as recorded listings have it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct NameKey(String);

impl SitePath {
    pub(crate) const ROOT: Self = Self { names: Vec::new() };

    /// Reads a path as clients write it in documents: with or without slashes around it.
    ///
    /// `..` is dropped, not resolved, as the vendor's own clients do.
    pub(crate) fn read(text: &str) -> Self {
        let text = text.replace('\0', "").replace('\\', "/");
        let names = text.split('/').filter(|name| !matches!(*name, "" | "." | ".."));
        Self { names: names.map(str::to_owned).collect() }
    }

    /// Reads the raw rest of an address. Slashes may be encoded or not; all else is decoded
    /// once.
    pub(crate) fn decode(raw: &str) -> Result<Self, Problem> {
        let text = percent_decode_str(raw).decode_utf8();
        let text = text.map_err(|_| {
            Problem::new("bad-request/invalid-input-encoding", "The path is not valid UTF-8.")
        })?;
        Ok(Self::read(&text))
    }

    pub(crate) fn is_root(&self) -> bool {
        self.names.is_empty()
    }

    pub(crate) fn names(&self) -> &[String] {
        &self.names
    }

    /// The last name; empty for the root.
    pub(crate) fn name(&self) -> &str {
        self.names.last().map_or("", String::as_str)
    }

    pub(crate) fn parent(&self) -> Self {
        let names = self.names.split_last().map_or(&[][..], |(_, names)| names);
        Self { names: names.to_vec() }
    }

    pub(crate) fn with_name(&self, name: &str) -> Self {
        self.parent().join(name)
    }

    pub(crate) fn join(&self, name: &str) -> Self {
        let mut names = self.names.clone();
        names.push(name.to_owned());
        Self { names }
    }

    /// The keys of the names; only the last name loses blanks at its end.
    pub(crate) fn keys(&self) -> Vec<NameKey> {
        let last = self.names.len().saturating_sub(1);
        let keys = self.names.iter().enumerate();
        keys.map(|(at, name)| NameKey::of(name, at == last)).collect()
    }

    /// Whether this path is `other` or lies below it.
    pub(crate) fn is_within(&self, other: &Self) -> bool {
        self.keys().starts_with(&other.keys())
    }

    pub(crate) fn is_same(&self, other: &Self) -> bool {
        self.keys() == other.keys()
    }

    /// Refuses names that cannot be stored. Names of folders must not end in white space.
    pub(crate) fn check(&self, folder: bool) -> Result<(), Problem> {
        if self.to_string().chars().count() > MOST_IN_PATH {
            let text = "The path is too long.";
            return Err(Problem::new("processing-failure/path-too-long", text));
        }
        let last = self.names.len().saturating_sub(1);
        for (at, name) in self.names.iter().enumerate() {
            check_name(name, folder || at < last)?;
        }
        Ok(())
    }
}

impl<'a> FromIterator<&'a str> for SitePath {
    fn from_iter<I: IntoIterator<Item = &'a str>>(names: I) -> Self {
        Self { names: names.into_iter().map(str::to_owned).collect() }
    }
}

impl fmt::Display for SitePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.names.join("/"))
    }
}

impl NameKey {
    /// The key of one name; the last name of a path loses blanks at its end.
    pub(crate) fn of(name: &str, last: bool) -> Self {
        let folded = folded(name);
        let folded = if last { folded.trim_end() } else { &folded };
        Self(folded.chars().map(weight).collect())
    }

    /// Whether the name holds the other somewhere.
    pub(crate) fn contains(&self, other: &Self) -> bool {
        self.0.contains(&other.0)
    }
}

/// NFKC, the vendor's table of replacements, lower case.
fn folded(name: &str) -> String {
    let mut replaced = String::new();
    for letter in name.nfkc() {
        match TRANSLITERATION.get(&letter) {
            Some(text) => replaced.push_str(text),
            None => replaced.push(letter),
        }
    }
    replaced.to_lowercase()
}

/// A permutation of ASCII that puts it in the order of recorded listings.
fn weight(letter: char) -> char {
    let place = ORDER.find(letter).map(|place| place as u32 + FIRST_PRINTABLE);
    place.and_then(char::from_u32).unwrap_or(letter)
}

fn check_name(name: &str, ends_in_letter: bool) -> Result<(), Problem> {
    if name.chars().count() > MOST_IN_NAME {
        let text = "The file name is too long.";
        return Err(Problem::new("processing-failure/filename-too-long", text));
    }
    if ends_in_letter && name.ends_with(char::is_whitespace) {
        return Err(Problem::new(
            "bad-request/path-cannot-have-trailing-whitespace",
            "Path cannot have trailing whitespace.",
        ));
    }
    let folded = folded(name);
    let meaningless = matches!(folded.trim_end(), "" | "." | "..");
    if meaningless || folded.contains(['/', '\\']) || name.contains('\u{200b}') {
        return Err(Problem::new("bad-request/invalid-path", "Invalid path."));
    }
    Ok(())
}

static TRANSLITERATION: LazyLock<HashMap<char, String>> = LazyLock::new(|| {
    let table = include_str!("../../fixtures/filescom/path_transliteration.json");
    let table: HashMap<char, String> = serde_json::from_str(table).unwrap_or_default();
    table
});

const MOST_IN_PATH: usize = 5000;
const MOST_IN_NAME: usize = 512;
const FIRST_PRINTABLE: u32 = 0x20;
/// All of printable ASCII, as recorded listings sort it.
const ORDER: &str = " _-,;:!?.'\"()[]{}@*/\\&#%`^+<=>|~$0123456789\
                     ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

#[cfg(test)]
mod tests {
    use super::*;

    fn comparison_key(text: &str) -> String {
        let path = SitePath::read(text);
        let names: Vec<String> = path.names().iter().map(|name| folded(name)).collect();
        names.join("/").trim_end().to_owned()
    }

    #[test]
    fn the_vendors_vectors_hold() {
        let vectors = include_str!("../../fixtures/filescom/path_comparison_vectors.json");
        let vectors: Vec<(String, String)> = serde_json::from_str(vectors).unwrap();
        assert_eq!(vectors.len(), 49);
        for (text, key) in vectors {
            assert_eq!(comparison_key(&text), key, "{text:?}");
            assert!(SitePath::read(&text).is_same(&SitePath::read(&key)), "{text:?}");
        }
    }

    #[test]
    fn the_order_is_a_permutation() {
        let mut signs: Vec<char> = ORDER.chars().collect();
        signs.sort_unstable();
        assert_eq!(signs, (' '..='~').collect::<Vec<_>>());
    }

    #[test]
    fn names_sort_as_recorded() {
        let names = ["a b", "a_b", "a-b", "a.b", "a1", "aa", "\u{c4}b", "b", "Z"];
        let keys: Vec<_> = names.iter().map(|name| NameKey::of(name, true)).collect();
        assert!(keys.is_sorted(), "{keys:?}");
    }

    #[test]
    fn addresses_are_decoded_once() {
        for (raw, path) in [
            ("", ""),
            ("/", ""),
            ("%2F", ""),
            ("/a%2Fb/c/", "a/b/c"),
            ("/a%252Fb", "a%2Fb"),
            ("/a+b%20c%2B", "a+b c+"),
            ("/a/../b/./c//d", "a/b/c/d"),
        ] {
            assert_eq!(SitePath::decode(raw).unwrap().to_string(), path, "{raw}");
        }
        assert!(SitePath::decode("/%ff").is_err());
    }

    #[test]
    fn what_cannot_be_stored_is_refused() {
        let check = |text: &str, folder| SitePath::read(text).check(folder);
        for good in [" a", "a/b ", "<>:|?*", "emoji \u{1f600}"] {
            assert!(check(good, false).is_ok(), "{good}");
        }
        let long = "x".repeat(513);
        for bad in ["a /b", "a\u{200b}b", "\u{ff0e}\u{ff0e}", "a\u{ff0f}b", &long] {
            assert!(check(bad, false).is_err(), "{bad}");
        }
        assert!(check("a/b ", true).is_err());
    }
}
