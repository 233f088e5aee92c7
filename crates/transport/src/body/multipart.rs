//! `multipart/form-data`, streamed, with its exact length known beforehand.

use std::fmt;

use futures_util::StreamExt;
use futures_util::stream;

use super::{Body, ContentStream};

/// A `multipart/form-data` body (RFC 7578): text fields and files, in the order they were added.
///
/// Files are streamed, not buffered; the length is exact when every file's length is known.
/// It stays a value until it is sent, so that a [`Dialect`](crate::Dialect) can add a field (such
/// as a session) when it signs; fields so added come first.
///
/// ```
/// use wharf_transport::{Body, Multipart};
///
/// let form = Multipart::new().text("folder", "7").file("File", "a.txt", Body::from("hello"));
/// assert_eq!(form.field("folder"), Some("7"));
/// assert!(form.length().is_some());
/// ```
pub struct Multipart {
    boundary: String,
    parts: Vec<Part>,
}

struct Part {
    name: String,
    kind: Kind,
}

enum Kind {
    Text(String),
    File { file_name: String, content_type: String, content: Body },
}

impl Multipart {
    /// An empty form with a random boundary of 128 bits.
    pub fn new() -> Self {
        Self::with_boundary(format!("wharf-{:032x}", fastrand::u128(..)))
    }

    /// An empty form with a given boundary: letters, digits and hyphens only, for reproducible tests.
    /// Other characters are dropped.
    pub fn with_boundary(boundary: impl Into<String>) -> Self {
        let mut boundary = boundary.into();
        boundary.retain(|c| c.is_ascii_alphanumeric() || c == '-');
        Self { boundary, parts: Vec::new() }
    }

    /// Adds a text field.
    #[must_use]
    pub fn text(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.parts.push(Part { name: name.into(), kind: Kind::Text(value.into()) });
        self
    }

    /// Adds a file of type `application/octet-stream`.
    #[must_use]
    pub fn file(
        self,
        name: impl Into<String>,
        file_name: impl Into<String>,
        content: Body,
    ) -> Self {
        self.file_of_type(name, file_name, "application/octet-stream", content)
    }

    /// Adds a file of a type.
    #[must_use]
    pub fn file_of_type(
        mut self,
        name: impl Into<String>,
        file_name: impl Into<String>,
        content_type: impl Into<String>,
        content: Body,
    ) -> Self {
        let (file_name, content_type) = (file_name.into(), content_type.into());
        self.parts.push(Part {
            name: name.into(),
            kind: Kind::File { file_name, content_type, content },
        });
        self
    }

    /// Puts a text field before all others: what a dialect does when it signs.
    pub fn prepend_text(&mut self, name: impl Into<String>, value: impl Into<String>) {
        self.parts.insert(0, Part { name: name.into(), kind: Kind::Text(value.into()) });
    }

    /// The value of the first text field of that name.
    pub fn field(&self, name: &str) -> Option<&str> {
        self.parts.iter().find_map(|part| match &part.kind {
            Kind::Text(value) if part.name == name => Some(value.as_str()),
            _ => None,
        })
    }

    /// The names of all fields and files, in order.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.parts.iter().map(|part| part.name.as_str())
    }

    /// The value for the `Content-Type` header.
    pub fn content_type(&self) -> String {
        format!("multipart/form-data; boundary={}", self.boundary)
    }

    /// The exact number of bytes of the whole form, if every file's length is known.
    pub fn length(&self) -> Option<u64> {
        let mut total = self.end().len() as u64;
        for part in &self.parts {
            let content = match &part.kind {
                Kind::Text(value) => value.len() as u64,
                Kind::File { content, .. } => content.length()?,
            };
            total += self.head(part).len() as u64 + content + LINE_END.len() as u64;
        }
        Some(total)
    }

    pub(super) fn can_replay(&self) -> bool {
        self.parts.iter().all(|part| match &part.kind {
            Kind::Text(_) => true,
            Kind::File { content, .. } => content.can_replay(),
        })
    }

    pub(super) fn replay(&self) -> Option<Self> {
        let parts = self.parts.iter().map(Part::replay).collect::<Option<_>>()?;
        Some(Self { boundary: self.boundary.clone(), parts })
    }

    pub(super) fn into_stream(self) -> ContentStream {
        let end = self.end();
        let mut pieces: Vec<ContentStream> = Vec::with_capacity(self.parts.len() + 1);
        let mut before = String::new();
        let heads: Vec<String> = self.parts.iter().map(|part| self.head(part)).collect();
        for (part, head) in self.parts.into_iter().zip(heads) {
            before.push_str(&head);
            match part.kind {
                Kind::Text(value) => before.push_str(&value),
                Kind::File { content, .. } => {
                    pieces.push(once(std::mem::take(&mut before)));
                    pieces.push(content.into_stream());
                }
            }
            before.push_str(LINE_END);
        }
        before.push_str(&end);
        pieces.push(once(before));
        stream::iter(pieces).flatten().boxed()
    }

    fn head(&self, part: &Part) -> String {
        let mut head = format!(
            "--{}{LINE_END}Content-Disposition: form-data; name=\"{}\"",
            self.boundary,
            quoted(&part.name)
        );
        if let Kind::File { file_name, content_type, .. } = &part.kind {
            let content_type: String = content_type.chars().filter(|c| !c.is_control()).collect();
            head.push_str(&format!("; filename=\"{}\"", quoted(file_name)));
            head.push_str(&format!("{LINE_END}Content-Type: {content_type}"));
        }
        head.push_str(LINE_END);
        head.push_str(LINE_END);
        head
    }

    fn end(&self) -> String {
        format!("--{}--{LINE_END}", self.boundary)
    }
}

impl Default for Multipart {
    fn default() -> Self {
        Self::new()
    }
}

impl Part {
    fn replay(&self) -> Option<Self> {
        let kind = match &self.kind {
            Kind::Text(value) => Kind::Text(value.clone()),
            Kind::File { file_name, content_type, content } => Kind::File {
                file_name: file_name.clone(),
                content_type: content_type.clone(),
                content: content.replay()?,
            },
        };
        Some(Self { name: self.name.clone(), kind })
    }
}

/// Prints the names of the fields and the lengths of the files, never a value.
impl fmt::Debug for Multipart {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut map = f.debug_map();
        for part in &self.parts {
            match &part.kind {
                Kind::Text(_) => map.entry(&part.name, &"…"),
                Kind::File { content, .. } => map.entry(&part.name, content),
            };
        }
        map.finish()
    }
}

/// The escapes browsers use inside the quotes of a field or file name.
fn quoted(name: &str) -> String {
    name.replace('"', "%22").replace('\r', "%0D").replace('\n', "%0A")
}

fn once(text: String) -> ContentStream {
    stream::iter([Ok(text.into())]).boxed()
}

const LINE_END: &str = "\r\n";

#[cfg(test)]
mod tests {
    use super::*;
    use bytes::Bytes;
    use futures_util::TryStreamExt;

    async fn text(form: Multipart) -> String {
        let length = form.length();
        let blocks: Vec<Bytes> = form.into_stream().try_collect().await.unwrap();
        let text = String::from_utf8(blocks.concat()).unwrap();
        assert_eq!(length, Some(text.len() as u64));
        text
    }

    #[tokio::test]
    async fn the_form_on_the_wire_has_the_announced_length() {
        let mut form = Multipart::with_boundary("b/o!-1")
            .text("folder", "7 ä")
            .file("File\"\r\n", "a\"b.txt", Body::from("hello"))
            .text("last", "");
        form.prepend_text("session", "planted");
        assert_eq!(form.content_type(), "multipart/form-data; boundary=bo-1");
        assert_eq!(form.names().collect::<Vec<_>>(), ["session", "folder", "File\"\r\n", "last"]);
        assert!(!format!("{form:?}").contains("planted"));
        let again = form.replay().unwrap();
        assert_eq!(
            text(form).await,
            "--bo-1\r\nContent-Disposition: form-data; name=\"session\"\r\n\r\nplanted\r\n\
             --bo-1\r\nContent-Disposition: form-data; name=\"folder\"\r\n\r\n7 ä\r\n\
             --bo-1\r\nContent-Disposition: form-data; name=\"File%22%0D%0A\"; filename=\"a%22b.txt\"\r\n\
             Content-Type: application/octet-stream\r\n\r\nhello\r\n\
             --bo-1\r\nContent-Disposition: form-data; name=\"last\"\r\n\r\n\r\n\
             --bo-1--\r\n"
        );
        assert!(text(again).await.ends_with("--bo-1--\r\n"));
        assert_eq!(text(Multipart::with_boundary("x")).await, "--x--\r\n");
    }

    #[test]
    fn a_spent_stream_cannot_be_replayed_inside_a_form_either() {
        let one_shot = Body::stream(stream::iter([Ok(Bytes::from_static(b"x"))]), None);
        let form = Multipart::new().file("f", "f", one_shot);
        assert_eq!(form.length(), None);
        let copy = form.replay().unwrap();
        assert!(form.can_replay());
        let mut stream = copy.into_stream();
        while futures_util::FutureExt::now_or_never(stream.next()).flatten().is_some() {}
        assert!(!form.can_replay());
        assert!(form.replay().is_none());
    }
}
