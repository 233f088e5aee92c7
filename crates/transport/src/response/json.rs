//! JSON into values, with errors that say where and never what.

use serde::de::DeserializeOwned;
use serde_json::error::Category;

/// Reads the value; the error is a message without anything of the text.
///
/// The common case pays nothing for the path of a bad field: only after a failure the text is
/// read again, slowly, to find it.
pub(super) fn read<T: DeserializeOwned>(text: &str) -> Result<T, Mismatch> {
    let error = match serde_json::from_str(text) {
        Ok(value) => return Ok(value),
        Err(error) => error,
    };
    let place = format!("(line {} column {})", error.line(), error.column());
    match error.classify() {
        Category::Eof => Err(Mismatch::Garbled(format!("the answer ends too early {place}"))),
        Category::Syntax | Category::Io => {
            Err(Mismatch::Garbled(format!("the answer is not JSON {place}")))
        }
        Category::Data => {
            let (path, what) = (path::<T>(text), expectation(&error.to_string()));
            let message = format!("the answer is not what was expected{path}: {what} {place}");
            Err(Mismatch::Other(message))
        }
    }
}

/// Why a text is not the value.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Mismatch {
    /// Not JSON at all, or the beginning of it: it may have suffered on the way.
    Garbled(String),
    /// JSON, but of something else: the same will come again.
    Other(String),
}

/// Of serde's messages, the part that comes from the program and not from the text.
fn expectation(message: &str) -> String {
    let message = message.rsplit_once(" at line ").map_or(message, |(before, _)| before);
    if message.starts_with("missing field") || message.starts_with("duplicate field") {
        return message.to_owned();
    }
    match message.rsplit_once("expected ") {
        Some((_, expected)) => format!("expected {expected}"),
        None => "a value is out of bounds".to_owned(),
    }
}

fn path<T: DeserializeOwned>(text: &str) -> String {
    let mut reader = serde_json::Deserializer::from_str(text);
    match serde_path_to_error::deserialize::<_, T>(&mut reader) {
        Err(error) if error.path().iter().next().is_some() => format!(" at {}", error.path()),
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde::Deserialize;

    #[derive(Debug, Deserialize)]
    #[allow(dead_code)]
    struct File {
        size: u64,
        kind: Option<Kind>,
    }

    #[derive(Debug, Deserialize)]
    #[serde(rename_all = "lowercase")]
    enum Kind {
        File,
        Folder,
    }

    #[test]
    fn errors_say_where_and_not_what() {
        let garbled = |message: &str| Mismatch::Garbled(format!("the answer {message}"));
        let other = |message: &str| {
            Mismatch::Other(format!("the answer is not what was expected{message}"))
        };
        for (text, mismatch) in [
            (r#"[{"size": "planted"}]"#, other(" at [0].size: expected u64 (line 1 column 19)")),
            (
                r#"[{"size": 1, "kind": "planted"}]"#,
                other(" at [0].kind: expected `file` or `folder` (line 1 column 30)"),
            ),
            (r#"[{}]"#, other(" at [0]: missing field `size` (line 1 column 3)")),
            (r#"{"planted": 1}"#, other(": expected a sequence (line 1 column 0)")),
            (r#"[{"size": 1,"#, garbled("ends too early (line 1 column 12)")),
            ("", garbled("ends too early (line 1 column 0)")),
            ("<html>planted</html>", garbled("is not JSON (line 1 column 1)")),
            ("[] planted", garbled("is not JSON (line 1 column 4)")),
        ] {
            assert_eq!(read::<Vec<File>>(text).unwrap_err(), mismatch);
        }
    }

    #[test]
    fn nesting_is_bounded() {
        let deep = "[".repeat(100_000);
        assert!(read::<serde_json::Value>(&deep).is_err());
    }
}
