//! Short text kept inside the value: up to fifteen bytes without an allocation.

use std::borrow::Borrow;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::ops::Deref;

use serde::de::{self, Deserialize, Deserializer, Visitor};
use serde::ser::{Serialize, Serializer};

/// Text that is usually short: an id, a region, a media type.
///
/// Up to [`ShortText::INLINE`] bytes lie inside the value, longer text on the heap; either way
/// the value is sixteen bytes. It behaves as a `str`: compared, ordered and hashed by its bytes,
/// with case and blanks kept.
///
/// ```
/// use wharf_model::ShortText;
///
/// let region = ShortText::from("us-east-1");
/// assert_eq!(region.as_str(), "us-east-1");
/// assert_eq!(region, "us-east-1");
/// ```
#[derive(Clone)]
pub struct ShortText(Repr);

/// `Len` leaves most values of its byte free, so that the compiler finds room for the other
/// variant there. The second box makes the pointer thin, which is what lets it fit.
#[derive(Clone)]
enum Repr {
    Inline(Len, [u8; ShortText::INLINE]),
    Heap(Box<Box<str>>),
}

/// A length from 0 to 15.
#[derive(Clone, Copy)]
#[repr(u8)]
#[rustfmt::skip]
enum Len { L0, L1, L2, L3, L4, L5, L6, L7, L8, L9, L10, L11, L12, L13, L14, L15 }

impl ShortText {
    /// The longest text, in bytes, that needs no allocation.
    pub const INLINE: usize = 15;

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match &self.0 {
            // Written from a `str` only, so neither default is ever used.
            Repr::Inline(len, bytes) => {
                let bytes = bytes.get(..*len as usize).unwrap_or_default();
                std::str::from_utf8(bytes).unwrap_or_default()
            }
            Repr::Heap(text) => text,
        }
    }
}

impl From<&str> for ShortText {
    fn from(text: &str) -> Self {
        let mut bytes = [0; Self::INLINE];
        match (LENGTHS.get(text.len()), bytes.get_mut(..text.len())) {
            (Some(&len), Some(start)) => {
                start.copy_from_slice(text.as_bytes());
                Self(Repr::Inline(len, bytes))
            }
            _ => Self(Repr::Heap(Box::new(text.into()))),
        }
    }
}

impl From<String> for ShortText {
    fn from(text: String) -> Self {
        if text.len() <= Self::INLINE {
            return Self::from(text.as_str());
        }
        Self(Repr::Heap(Box::new(text.into_boxed_str())))
    }
}

impl From<ShortText> for String {
    fn from(text: ShortText) -> Self {
        match text.0 {
            Repr::Inline(..) => text.as_str().to_owned(),
            Repr::Heap(text) => text.into_string(),
        }
    }
}

impl Default for ShortText {
    fn default() -> Self {
        Self::from("")
    }
}

impl Deref for ShortText {
    type Target = str;

    fn deref(&self) -> &str {
        self.as_str()
    }
}

impl AsRef<str> for ShortText {
    fn as_ref(&self) -> &str {
        self.as_str()
    }
}

impl Borrow<str> for ShortText {
    fn borrow(&self) -> &str {
        self.as_str()
    }
}

impl fmt::Debug for ShortText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self.as_str(), f)
    }
}

impl fmt::Display for ShortText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self.as_str(), f)
    }
}

impl PartialEq for ShortText {
    fn eq(&self, other: &Self) -> bool {
        self.as_str() == other.as_str()
    }
}

impl Eq for ShortText {}

impl PartialEq<str> for ShortText {
    fn eq(&self, other: &str) -> bool {
        self.as_str() == other
    }
}

impl PartialEq<&str> for ShortText {
    fn eq(&self, other: &&str) -> bool {
        self.as_str() == *other
    }
}

impl PartialOrd for ShortText {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for ShortText {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.as_str().cmp(other.as_str())
    }
}

impl Hash for ShortText {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.as_str().hash(state);
    }
}

impl Serialize for ShortText {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self)
    }
}

impl<'de> Deserialize<'de> for ShortText {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(TextVisitor)
    }
}

struct TextVisitor;

impl Visitor<'_> for TextVisitor {
    type Value = ShortText;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a string")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<ShortText, E> {
        Ok(text.into())
    }

    fn visit_string<E: de::Error>(self, text: String) -> Result<ShortText, E> {
        Ok(text.into())
    }
}

#[rustfmt::skip]
static LENGTHS: [Len; ShortText::INLINE + 1] = [
    Len::L0, Len::L1, Len::L2, Len::L3, Len::L4, Len::L5, Len::L6, Len::L7,
    Len::L8, Len::L9, Len::L10, Len::L11, Len::L12, Len::L13, Len::L14, Len::L15,
];

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn sixteen_bytes_even_when_optional() {
        assert_eq!(size_of::<ShortText>(), 16);
        assert_eq!(size_of::<Option<ShortText>>(), 16);
    }

    proptest! {
        #[test]
        fn any_text_comes_back(text in ".{0,40}") {
            let short = ShortText::from(text.as_str());
            prop_assert_eq!(short.as_str(), text.as_str());
            prop_assert_eq!(&ShortText::from(text.clone()), &short);
            prop_assert_eq!(String::from(short), text);
        }

        #[test]
        fn compared_as_text(a in ".{0,20}", b in ".{0,20}") {
            let (x, y) = (ShortText::from(a.as_str()), ShortText::from(b.as_str()));
            prop_assert_eq!(x.cmp(&y), a.cmp(&b));
            prop_assert_eq!(x == y, a == b);
        }
    }
}
