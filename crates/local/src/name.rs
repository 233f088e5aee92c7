//! Names that must not reach the file system.

use wharf_connector::{Error, ErrorKind, Result};

/// Checks one name of a path.
///
/// A [`RemotePath`](wharf_connector::RemotePath) has no `..`, no slash and no NUL in it,
/// which is all that other systems need. Windows gives a meaning to many more names.
pub(crate) fn check(name: &str) -> Result<()> {
    match windows_objection(name).filter(|_| cfg!(windows)) {
        None => Ok(()),
        Some(why) => Err(Error::new(ErrorKind::Invalid, format!("the name {name:?} {why}"))),
    }
}

/// Why Windows would not take a name letter by letter, or would take it for another thing.
///
/// As Microsoft documents it in "Naming Files, Paths, and Namespaces".
fn windows_objection(name: &str) -> Option<&'static str> {
    if name.contains(['/', '\\', ':']) {
        return Some("would be read as a path");
    }
    if name.contains(['<', '>', '"', '|', '?', '*']) || name.contains(char::is_control) {
        return Some("holds a character that Windows reserves");
    }
    if name.ends_with(['.', ' ']) {
        return Some("ends in a dot or blank, which Windows drops");
    }
    let stem = name.split('.').next().unwrap_or(name).trim_end_matches(' ');
    is_device(stem).then_some("is the name of a device")
}

fn is_device(stem: &str) -> bool {
    let stem = stem.to_ascii_uppercase();
    let numbered = stem.strip_prefix("COM").or_else(|| stem.strip_prefix("LPT"));
    let port = numbered.is_some_and(|number| PORTS.contains(&number));
    port || DEVICES.contains(&stem.as_str())
}

const DEVICES: &[&str] = &["CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$"];

/// The superscript digits count too.
const PORTS: &[&str] = &["0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "¹", "²", "³"];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_with_a_meaning_to_windows_are_known() {
        for name in [
            "C:",
            "C:\\x",
            "\\\\server\\share",
            "a\\b",
            "file.txt:stream",
            "con",
            "Con.txt",
            "NUL .tar.gz",
            "com1",
            "LPT³.x",
            "conin$",
            "trailing.",
            "trailing ",
            "what?",
            "tab\there",
        ] {
            assert!(windows_objection(name).is_some(), "{name:?}");
        }
        for name in ["console", "com", "com10", "nul-and-void", ".hidden", "a.con", "größe.txt"] {
            assert_eq!(windows_objection(name), None, "{name:?}");
        }
    }

    #[test]
    fn other_systems_take_every_name() {
        assert_eq!(check("C:\\con").is_ok(), !cfg!(windows));
    }
}
