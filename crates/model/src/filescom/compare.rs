//! How the service tidies paths, and when two paths are one.

use unicode_normalization::UnicodeNormalization;

use super::transliteration::plain;

/// A path as the service tidies it: without NUL, with slashes for backslashes, and without
/// empty parts, `.` and `..`.
///
/// `..` is dropped, never resolved (official SDKs of Files.com).
///
/// ```
/// assert_eq!(wharf_model::filescom::normalize("/a\\b/../c//./d"), "a/b/c/d");
/// ```
#[must_use]
pub fn normalize(path: &str) -> String {
    let path: String = path
        .chars()
        .filter(|&letter| letter != '\0')
        .map(|letter| if letter == '\\' { '/' } else { letter })
        .collect();
    let mut tidy = String::with_capacity(path.len());
    for part in path.split('/').filter(|part| !matches!(*part, "" | "." | "..")) {
        if !tidy.is_empty() {
            tidy.push('/');
        }
        tidy.push_str(part);
    }
    tidy
}

/// Whether two names are written with the same letters, whatever form of Unicode each is in.
///
/// ```
/// use wharf_model::filescom::is_same_spelling;
///
/// assert!(is_same_spelling("e\u{301}.txt", "\u{e9}.txt"));
/// assert!(!is_same_spelling("E.txt", "e.txt"));
/// ```
#[must_use]
pub fn is_same_spelling(a: &str, b: &str) -> bool {
    a == b || a.nfkc().eq(b.nfkc())
}

/// What the service compares paths by: two paths are one file exactly if their keys are equal.
///
/// Case, most accents, forms of Unicode and blanks at the end do not count. The rule and its
/// test vectors are those of the official SDKs; the service itself ignores some accents more.
/// Remote mounts compare as the remote system does. The key is for comparing, not for asking:
/// it is no path.
///
/// ```
/// use wharf_model::filescom::comparison_key;
///
/// assert_eq!(comparison_key("Größe/É.TXT "), "grosse/e.txt");
/// assert_eq!(comparison_key("Größe/É.TXT "), comparison_key("grosse/e.txt"));
/// ```
#[must_use]
pub fn comparison_key(path: &str) -> String {
    let mut key = normalize(path);
    if key.is_ascii() {
        key.make_ascii_lowercase();
    } else {
        let mut folded = String::with_capacity(key.len());
        for letter in key.nfkc() {
            match plain(letter) {
                Some(plain) => folded.push_str(plain),
                None => folded.push(letter),
            }
        }
        key = folded.to_lowercase();
    }
    key.truncate(key.trim_end().len());
    key
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn published_vectors() {
        let vectors = include_str!("../../fixtures/filescom/path_comparison_vectors.json");
        let vectors: Vec<(String, String)> = serde_json::from_str(vectors).unwrap();
        assert_eq!(vectors.len(), 49);
        for (path, key) in vectors {
            assert_eq!(comparison_key(&path), key, "{path:?}");
        }
    }

    proptest! {
        #[test]
        fn normalizing_twice_changes_nothing(path in "[./\\\\a\0 é]{0,30}") {
            let once = normalize(&path);
            prop_assert_eq!(normalize(&once), once.as_str());
            prop_assert!(!once.starts_with('/') && !once.ends_with('/'));
        }

        #[test]
        fn case_does_not_count(path in "[a-zA-Z/. ]{0,30}") {
            prop_assert_eq!(comparison_key(&path), comparison_key(&path.to_uppercase()));
        }
    }
}
