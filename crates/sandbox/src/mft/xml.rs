//! Just enough XML: documents out for `Accept: application/xml`, simple documents in.

use serde_json::Value;

/// Writes a JSON document as XML: objects become elements, arrays repeat their item's element.
///
/// The XML spelling of the service (`FolderId` for `FolderID`) is followed for names that end
/// in `ID`, as the older manual prints it.
pub(crate) fn document(root: &str, value: &Value) -> String {
    let mut out = String::from("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n");
    open(&mut out, &format!("{root}{NAMESPACES}"));
    body(&mut out, value);
    close(&mut out, root);
    out
}

/// `ErrorInfo` as the printed sample has it.
pub(crate) fn error_info(message: &str, code: u32) -> String {
    format!(
        "<ErrorInfo{NAMESPACES}>\n<Message>{}</Message>\n<ErrorCode>{code}</ErrorCode>\n</ErrorInfo>",
        escaped(message)
    )
}

pub(crate) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            '"' => out.push_str("&quot;"),
            _ => out.push(c),
        }
    }
    out
}

/// An element that was read: attributes and namespaces are dropped.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Element {
    pub(crate) name: String,
    pub(crate) text: String,
    pub(crate) children: Vec<Element>,
}

impl Element {
    /// Reads a document; `None` when it is not well-formed or nested too deeply.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let mut rest = text;
        let root = element(&mut rest, 0)?;
        Some(root)
    }

    /// The first child of this name, without regard to case.
    pub(crate) fn child(&self, name: &str) -> Option<&Self> {
        self.children.iter().find(|child| child.name.eq_ignore_ascii_case(name))
    }

    pub(crate) fn children_named<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Self> {
        self.children.iter().filter(move |child| child.name.eq_ignore_ascii_case(name))
    }

    /// The trimmed text of a child; empty when it is not there.
    pub(crate) fn text_of(&self, name: &str) -> &str {
        self.child(name).map_or("", |child| child.text.trim())
    }
}

fn body(out: &mut String, value: &Value) {
    match value {
        Value::Null => {}
        Value::Bool(flag) => out.push_str(if *flag { "true" } else { "false" }),
        Value::Number(number) => out.push_str(&number.to_string()),
        Value::String(text) => out.push_str(&escaped(text)),
        Value::Array(items) => {
            for item in items {
                let name = if item.is_object() { "Item" } else { "string" };
                open(out, name);
                body(out, item);
                close(out, name);
            }
        }
        Value::Object(members) => {
            for (name, member) in members {
                let name = spelled(name);
                if member.is_null() {
                    out.push_str(&format!("<{name} xsi:nil=\"true\" />"));
                    continue;
                }
                open(out, &name);
                match (member, item_name(&name)) {
                    (Value::Array(items), Some(item_name)) => {
                        for item in items {
                            open(out, item_name);
                            body(out, item);
                            close(out, item_name);
                        }
                    }
                    _ => body(out, member),
                }
                close(out, &name);
            }
        }
    }
}

fn spelled(name: &str) -> String {
    name.strip_suffix("ID").map_or_else(|| name.to_owned(), |stem| format!("{stem}Id"))
}

fn item_name(array: &str) -> Option<&'static str> {
    match array {
        "Files" | "FilesAttached" => Some("ThruPublicFileInfo"),
        "Folders" | "FoldersAttached" => Some("ThruPublicFolderInfo"),
        _ => None,
    }
}

fn open(out: &mut String, name: &str) {
    out.push('<');
    out.push_str(name);
    out.push('>');
}

fn close(out: &mut String, name: &str) {
    out.push_str("</");
    out.push_str(name);
    out.push('>');
}

/// Reads one element from the front of `rest`, with everything before it that is no element.
fn element(rest: &mut &str, depth: usize) -> Option<Element> {
    if depth > MAX_DEPTH {
        return None;
    }
    loop {
        let at = rest.find('<')?;
        *rest = rest.get(at..)?;
        if !skip_aside(rest)? {
            break;
        }
    }
    let end = rest.find('>')?;
    let tag = rest.get(1..end)?;
    *rest = rest.get(end + 1..)?;
    let (tag, empty) = match tag.strip_suffix('/') {
        Some(tag) => (tag, true),
        None => (tag, false),
    };
    let mut read = Element { name: local_name(tag)?.to_owned(), ..Element::default() };
    if empty {
        return Some(read);
    }
    content(&mut read, rest, depth)?;
    Some(read)
}

fn content(read: &mut Element, rest: &mut &str, depth: usize) -> Option<()> {
    loop {
        let at = rest.find('<')?;
        read.text.push_str(&unescaped(rest.get(..at)?));
        *rest = rest.get(at..)?;
        if let Some(inner) = rest.strip_prefix("<![CDATA[") {
            let end = inner.find("]]>")?;
            read.text.push_str(inner.get(..end)?);
            *rest = inner.get(end + 3..)?;
        } else if let Some(closing) = rest.strip_prefix("</") {
            let end = closing.find('>')?;
            let name = local_name(closing.get(..end)?)?;
            *rest = closing.get(end + 1..)?;
            return (name == read.name).then_some(());
        } else if !skip_aside(rest)? {
            read.children.push(element(rest, depth + 1)?);
        }
    }
}

/// Drops a declaration, comment or doctype at the front; `false` when there is none.
fn skip_aside(rest: &mut &str) -> Option<bool> {
    let end = if rest.starts_with("<!--") {
        "-->"
    } else if rest.starts_with("<?") || (rest.starts_with("<!") && !rest.starts_with("<![")) {
        ">"
    } else {
        return Some(false);
    };
    let at = rest.find(end)?;
    *rest = rest.get(at + end.len()..)?;
    Some(true)
}

fn local_name(tag: &str) -> Option<&str> {
    let name = tag.split_ascii_whitespace().next()?;
    let local = name.rsplit(':').next()?;
    (!local.is_empty()).then_some(local)
}

fn unescaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        let (before, entity) = rest.split_at(at);
        out.push_str(before);
        let read = entity
            .find(';')
            .and_then(|end| Some((character(entity.get(1..end)?)?, entity.get(end + 1..)?)));
        match read {
            Some((c, after)) => {
                out.push(c);
                rest = after;
            }
            None => {
                out.push('&');
                rest = entity.get(1..).unwrap_or_default();
            }
        }
    }
    out.push_str(rest);
    out
}

fn character(entity: &str) -> Option<char> {
    match entity {
        "lt" => Some('<'),
        "gt" => Some('>'),
        "amp" => Some('&'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        _ => {
            let number = entity.strip_prefix('#')?;
            let code = match number.strip_prefix(['x', 'X']) {
                Some(hex) => u32::from_str_radix(hex, 16).ok()?,
                None => number.parse().ok()?,
            };
            char::from_u32(code)
        }
    }
}

const MAX_DEPTH: usize = 16;
const NAMESPACES: &str = " xmlns:xsd=\"http://www.w3.org/2001/XMLSchema\"\nxmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\"";

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn the_error_document_equals_the_printed_sample() {
        let sample = include_str!("../../fixtures/mft/error_session_gone.xml");
        assert_eq!(error_info("Session no longer exists.", 101), sample.trim_end());
    }

    #[test]
    fn what_is_written_reads_back() {
        let text = document(
            "ThruPublicFolderInfo",
            &json!({"FolderID": "X", "Name": "a<b>&\"c\"", "Tags": ["1", "2"], "ParentFolderID": null}),
        );
        let read = Element::parse(&text).unwrap();
        assert_eq!(read.name, "ThruPublicFolderInfo");
        assert_eq!(read.text_of("FolderId"), "X");
        assert_eq!(read.text_of("name"), "a<b>&\"c\"");
        assert_eq!(read.child("Tags").unwrap().children_named("string").count(), 2);
        assert_eq!(read.text_of("ParentFolderId"), "");
    }

    #[test]
    fn asides_entities_and_character_data_are_read() {
        let read = Element::parse(
            "<?xml version='1.0'?><!-- a --><n:a x='1'><b>&#65;&#x42;&amp;&nope;</b><c/><![CDATA[<>]]></n:a>",
        )
        .unwrap();
        assert_eq!(read.name, "a");
        assert_eq!(read.text_of("b"), "AB&&nope;");
        assert_eq!(read.text, "<>");
        assert!(read.child("c").is_some());
    }

    #[test]
    fn broken_documents_are_refused() {
        let deep = "<a>".repeat(100);
        for text in ["", "x", "<", "<a", "<a>", "<a></b>", "< >", "<![CDATA[x", "<!--", &deep] {
            assert_eq!(Element::parse(text), None, "{text}");
        }
    }
}
