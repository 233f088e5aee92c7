//! Names of connections.

use wharf_connector::{Error, ErrorKind, Result};

/// Checks that a text can name a connection: 2 to 64 ASCII letters, digits, `.`, `_` or `-`,
/// the first of them a letter or a digit.
///
/// One letter is a drive of Windows; slashes and colons would be part of a path or a target.
///
/// ```
/// assert!(wharf_connections::check_name("acme-prod").is_ok());
/// assert!(wharf_connections::check_name("c").is_err());
/// ```
///
/// # Errors
///
/// `Invalid`, with the rule.
pub fn check_name(name: &str) -> Result<()> {
    if is_name(name) {
        return Ok(());
    }
    // What was meant may be a secret, so it is not repeated.
    Err(Error::new(ErrorKind::Invalid, "this is no name for a connection").with_remedy(
        "A name has 2 to 64 letters, digits, dots, hyphens or underscores, and begins with a \
         letter or a digit: acme, globex-test.",
    ))
}

/// Whether a text may be the name of a connection.
pub(crate) fn is_name(text: &str) -> bool {
    let good = |letter: char| letter.is_ascii_alphanumeric() || "._-".contains(letter);
    (SHORTEST..=LONGEST).contains(&text.len())
        && text.starts_with(|letter: char| letter.is_ascii_alphanumeric())
        && text.chars().all(good)
        && !looks_like_a_key(text)
}

/// Whether a text looks like a key and not like anything that people name, describe or reach:
/// 24 letters and digits or more in a row, with both among them.
///
/// A guess that is meant to stop a slip of the hand. A checksum looks like a key too.
///
/// ```
/// use wharf_connections::looks_like_a_key;
///
/// assert!(looks_like_a_key("ef6a1bd1b0e84bc29e70ecd50d57acc9ef6a1bd1b0e84bc29e70ecd50d57acc9"));
/// assert!(!looks_like_a_key("orders of the first quarter"));
/// ```
pub fn looks_like_a_key(text: &str) -> bool {
    text.split(|letter: char| !letter.is_ascii_alphanumeric()).any(|run| {
        run.len() >= SHORTEST_KEY
            && run.contains(|letter: char| letter.is_ascii_digit())
            && run.contains(|letter: char| letter.is_ascii_alphabetic())
    })
}

const SHORTEST: usize = 2;
const LONGEST: usize = 64;
const SHORTEST_KEY: usize = 24;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_told_from_paths_drives_and_keys() {
        for (text, good) in [
            ("acme", true),
            ("a1", true),
            ("2fast", true),
            ("acme-prod_eu.1", true),
            ("c", false),
            ("", false),
            ("-x", false),
            (".hidden", false),
            ("a/b", false),
            ("a:b", false),
            ("a b", false),
            ("büro", false),
            ("0123456789abcdef0123456789abcdef", false),
        ] {
            assert_eq!(check_name(text).is_ok(), good, "{text}");
        }
        let long = "a-".repeat(40);
        assert!(check_name(&long).is_err());
    }

    #[test]
    fn a_refused_name_is_not_repeated() {
        let error = check_name("0123456789abcdef0123456789abcdef").unwrap_err();
        assert!(!format!("{error:?} {error}").contains("0123"), "{error:?}");
    }
}
