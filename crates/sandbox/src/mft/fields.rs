//! Form fields: form-encoded, JSON or XML bodies, read without regard to the spelling of names.

use percent_encoding::percent_decode_str;
use serde_json::Value;

use super::refusal::{self, Refusal};
use super::xml::Element;

/// The fields of a body or query, names reduced to their letters and digits.
///
/// `Upload operation`, `UploadOperation` and `upload_operation` are one name, and so are
/// `FolderID` and `folderId`, `Device_UUID` and the misprinted `Device\UUID`: the documentation
/// is not of one mind, so this face takes them all.
#[derive(Debug, Default)]
pub(crate) struct Fields(Vec<(String, String)>);

impl Fields {
    /// Reads a query string or a form-encoded body.
    pub(crate) fn from_form(text: &str) -> Self {
        let mut fields = Self::default();
        for pair in text.split('&').filter(|pair| !pair.is_empty()) {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            fields.push(&url_decoded(name), url_decoded(value));
        }
        fields
    }

    /// Reads a body of the given media type; none counts as form-encoded.
    pub(crate) fn from_body(media: &str, body: &[u8]) -> Result<Self, Refusal> {
        let unreadable = || Refusal::new(refusal::BODY, "The request body cannot be read.");
        let text = std::str::from_utf8(body).map_err(|_| unreadable())?;
        let media = media.to_ascii_lowercase();
        let mut fields = Self::default();
        if text.trim().is_empty() {
            return Ok(fields);
        }
        if media.contains("json") {
            let value: Value = serde_json::from_str(text).map_err(|_| unreadable())?;
            let members = value.as_object().ok_or_else(unreadable)?;
            for (name, value) in members {
                fields.push_json(name, value);
            }
        } else if media.contains("xml") {
            let root = Element::parse(text).ok_or_else(unreadable)?;
            for child in root.children {
                fields.push_xml(child);
            }
        } else {
            fields = Self::from_form(text);
        }
        Ok(fields)
    }

    pub(crate) fn push(&mut self, name: &str, value: String) {
        self.0.push((reduced(name), value));
    }

    /// The first value of this name, empty ones included.
    pub(crate) fn text(&self, name: &str) -> Option<&str> {
        let name = reduced(name);
        self.0.iter().find(|(key, _)| *key == name).map(|(_, value)| value.as_str())
    }

    /// The first value of this name that is not empty.
    pub(crate) fn filled(&self, name: &str) -> Option<&str> {
        self.text(name).filter(|value| !value.is_empty())
    }

    pub(crate) fn has(&self, name: &str) -> bool {
        self.text(name).is_some()
    }

    /// The first filled value under any of these names.
    pub(crate) fn any_filled(&self, names: &[&str]) -> Option<&str> {
        names.iter().find_map(|name| self.filled(name))
    }

    /// # Errors
    /// When the field is missing or empty.
    pub(crate) fn required(&self, name: &str) -> Result<&str, Refusal> {
        self.filled(name).ok_or_else(|| Refusal::missing(name))
    }

    /// # Errors
    /// When the field is there and neither true nor false.
    pub(crate) fn flag(&self, name: &str) -> Result<Option<bool>, Refusal> {
        match self.filled(name).map(str::to_ascii_lowercase).as_deref() {
            None => Ok(None),
            Some("true" | "1" | "yes" | "on") => Ok(Some(true)),
            Some("false" | "0" | "no" | "off") => Ok(Some(false)),
            Some(_) => Err(Refusal::value(name)),
        }
    }

    /// # Errors
    /// When the field is there and no number.
    pub(crate) fn number(&self, name: &str) -> Result<Option<u64>, Refusal> {
        self.filled(name)
            .map(|value| value.trim().parse().map_err(|_| Refusal::value(name)))
            .transpose()
    }

    /// A plain array: `Tags[]=a&Tags[]=b`, `Tags[0]=a` or `Tags=a`; `None` when not sent at all.
    pub(crate) fn list(&self, name: &str) -> Option<Vec<String>> {
        let name = reduced(name);
        let mut seen = false;
        let mut items = Vec::new();
        for (key, value) in &self.0 {
            let Some(index) = key.strip_prefix(name.as_str()) else {
                continue;
            };
            if index.is_empty() || (index.starts_with('[') && index.ends_with(']')) {
                seen = true;
                if !value.is_empty() {
                    items.push(value.clone());
                }
            }
        }
        seen.then_some(items)
    }

    /// An array of objects: `metadataobjects[0].Key=key1&metadataobjects[0].Value=value1`.
    pub(crate) fn pairs(&self, name: &str) -> Vec<(String, String)> {
        let prefix = format!("{}[", reduced(name));
        let mut pairs: Vec<(&str, String, String)> = Vec::new();
        for (key, value) in &self.0 {
            let Some((index, member)) =
                key.strip_prefix(&prefix).and_then(|rest| rest.split_once(']'))
            else {
                continue;
            };
            let at = pairs.iter().position(|(known, ..)| *known == index);
            let at = at.unwrap_or_else(|| {
                pairs.push((index, String::new(), String::new()));
                pairs.len() - 1
            });
            let Some((_, first, second)) = pairs.get_mut(at) else {
                continue;
            };
            match member.trim_matches(|c| matches!(c, '.' | '[' | ']')) {
                "key" => first.clone_from(value),
                "value" => second.clone_from(value),
                _ => {}
            }
        }
        pairs
            .into_iter()
            .filter(|(_, key, _)| !key.is_empty())
            .map(|(_, key, value)| (key, value))
            .collect()
    }

    fn push_json(&mut self, name: &str, value: &Value) {
        match value {
            Value::Null => {}
            Value::String(text) => self.push(name, text.clone()),
            Value::Array(items) if items.is_empty() => self.push(name, String::new()),
            Value::Array(items) => {
                for (at, item) in items.iter().enumerate() {
                    match item {
                        Value::Object(members) => {
                            for (member, value) in members {
                                self.push_json(&format!("{name}[{at}].{member}"), value);
                            }
                        }
                        Value::Array(_) => {}
                        _ => self.push_json(&format!("{name}[]"), item),
                    }
                }
            }
            Value::Object(_) => {}
            other => self.push(name, other.to_string()),
        }
    }

    fn push_xml(&mut self, element: Element) {
        if element.children.is_empty() {
            self.push(&element.name, element.text.trim().to_owned());
            return;
        }
        for item in element.children {
            self.push(&format!("{}[]", element.name), item.text.trim().to_owned());
        }
    }
}

/// Undoes `application/x-www-form-urlencoded`: `+` is a blank, bytes that are no UTF-8 are replaced.
pub(crate) fn url_decoded(text: &str) -> String {
    let blanks = text.replace('+', " ");
    percent_decode_str(&blanks).decode_utf8_lossy().into_owned()
}

/// A field name without case, blanks, underscores, hyphens and backslashes.
fn reduced(name: &str) -> String {
    name.chars()
        .filter(|c| !c.is_whitespace() && !matches!(c, '_' | '-' | '\\'))
        .flat_map(char::to_lowercase)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_without_regard_to_spelling() {
        let fields = Fields::from_form(
            "ApplicationId=12&Device%5CUUID=Device1234&Upload+operation=Internal+upload&folderId=X",
        );
        assert_eq!(fields.text("Device_UUID"), Some("Device1234"));
        assert_eq!(fields.text("UploadOperation"), Some("Internal upload"));
        assert_eq!(fields.text("upload_operation"), Some("Internal upload"));
        assert_eq!(fields.text("FolderID"), Some("X"));
        assert_eq!(fields.text("ApplicationID"), Some("12"));
        assert_eq!(fields.text("Folder"), None);
    }

    #[test]
    fn the_printed_bodies_read_as_meant() {
        let text = include_str!("../../fixtures/mft/form_bodies.json");
        let bodies: Value = serde_json::from_str(text).unwrap();
        let folder = Fields::from_form(bodies["folder_create"].as_str().unwrap());
        assert_eq!(folder.text("Name"), Some("New Folder"));
        assert_eq!(folder.list("Tags").unwrap(), ["567", "897"]);
        let store = Fields::from_form(bodies["upload_store_metadata"].as_str().unwrap());
        assert_eq!(
            store.pairs("metadataobjects"),
            [("key1".into(), "value1".into()), ("key2".into(), "value2".into())]
        );
        let search = Fields::from_form(bodies["search_older"].as_str().unwrap());
        assert_eq!(search.flag("Recursive"), Ok(Some(true)));
        assert_eq!(search.filled("DateLastModifiedStart"), None);
        assert_eq!(search.list("LastModifiedByUsers").unwrap(), Vec::<String>::new());
    }

    #[test]
    fn three_kinds_of_body_say_the_same() {
        for (media, body) in [
            ("application/x-www-form-urlencoded", "Name=A%20b&Tags[]=1&Tags[]=2"),
            ("application/json; charset=utf-8", r#"{"Name":"A b","Tags":["1",2],"Size":null}"#),
            (
                "text/xml",
                "<F><Name>A b</Name><Tags><string>1</string><string>2</string></Tags></F>",
            ),
        ] {
            let fields = Fields::from_body(media, body.as_bytes()).unwrap();
            assert_eq!(fields.text("name"), Some("A b"), "{media}");
            assert_eq!(fields.list("tags").unwrap(), ["1", "2"], "{media}");
            assert_eq!(fields.text("Size"), None, "{media}");
        }
    }

    #[test]
    fn broken_bodies_are_refused() {
        for (media, body) in [
            ("application/json", &b"{"[..]),
            ("application/json", b"[1]"),
            ("application/xml", b"<a>"),
            ("", b"\xff\xfe"),
        ] {
            assert!(Fields::from_body(media, body).is_err(), "{media}");
        }
        assert!(Fields::from_form("Recursive=perhaps").flag("Recursive").is_err());
        assert!(Fields::from_form("Size=many").number("Size").is_err());
    }
}
