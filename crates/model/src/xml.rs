//! Just enough XML for two tiny error documents.
//!
//! Both services answer in JSON, but MFT may send its error document as XML, and the storage
//! behind Files.com always does. Each is one element with a few children that hold text, so a
//! tolerant search for a tag is enough; a parser would be the largest dependency of the crate.

/// The local name of the outermost element.
pub(crate) fn root(document: &str) -> Option<&str> {
    tags(document).map(|tag| tag.name).next()
}

/// The text of the first element with this local name, in any case, entities resolved.
///
/// `None` if there is no such element, or it is not closed.
pub(crate) fn text(document: &str, name: &str) -> Option<String> {
    let tag = tags(document).find(|tag| tag.name.eq_ignore_ascii_case(name))?;
    if tag.empty {
        return Some(String::new());
    }
    if let Some(raw) = tag.rest.trim_start().strip_prefix("<![CDATA[") {
        return Some(raw.split_once("]]>")?.0.to_owned());
    }
    Some(unescape(tag.rest.split_once("</")?.0))
}

struct Tag<'a> {
    /// Local name.
    name: &'a str,
    /// Closed in itself.
    empty: bool,
    /// What follows the tag.
    rest: &'a str,
}

/// Every opening tag, in order.
fn tags(document: &str) -> impl Iterator<Item = Tag<'_>> {
    let mut rest = document;
    std::iter::from_fn(move || {
        loop {
            rest = rest.split_once('<')?.1;
            if let Some(comment) = rest.strip_prefix("!--") {
                rest = comment.split_once("-->")?.1;
                continue;
            }
            let (tag, after) = rest.split_once('>')?;
            rest = after;
            if !tag.starts_with(['?', '!', '/']) {
                let end = tag.find(|c: char| c.is_whitespace() || c == '/').unwrap_or(tag.len());
                let name = tag.get(..end)?;
                return Some(Tag {
                    name: name.rsplit_once(':').map_or(name, |(_, local)| local),
                    empty: tag.ends_with('/'),
                    rest: after,
                });
            }
        }
    })
}

/// Resolves the five named entities and numbers; leaves anything else as it is.
fn unescape(raw: &str) -> String {
    let mut text = String::with_capacity(raw.len());
    let mut rest = raw;
    while let Some((before, after)) = rest.split_once('&') {
        text.push_str(before);
        // The longest entity is short, so a lone `&` costs no search through all that follows.
        let end = after.bytes().take(10).position(|byte| byte == b';');
        let resolved = end
            .and_then(|end| after.split_at_checked(end))
            .and_then(|(name, after)| Some((entity(name)?, after.get(1..)?)));
        match resolved {
            Some((character, after)) => {
                text.push(character);
                rest = after;
            }
            None => {
                text.push('&');
                rest = after;
            }
        }
    }
    text.push_str(rest);
    text
}

fn entity(name: &str) -> Option<char> {
    match name {
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        _ => {
            let number = name.strip_prefix('#')?;
            let code = match number.strip_prefix(['x', 'X']) {
                Some(hex) => u32::from_str_radix(hex, 16).ok()?,
                None => number.parse().ok()?,
            };
            char::from_u32(code)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_text() {
        let document = "<?xml version=\"1.0\"?><!-- <Code>no</Code> --><Error a='1'><Code>A&lt;&amp;lt;&#x41;&#66;&bad;&</Code>\n<Empty/><Data><![CDATA[a</b>&amp;]]></Data><Open>";
        assert_eq!(root(document), Some("Error"));
        assert_eq!(text(document, "code").as_deref(), Some("A<&lt;AB&bad;&"));
        assert_eq!(text(document, "Empty").as_deref(), Some(""));
        assert_eq!(text(document, "Open"), None);
        assert_eq!(text(document, "Other"), None);
        assert_eq!(text(document, "Data").as_deref(), Some("a</b>&amp;"));
    }
}
