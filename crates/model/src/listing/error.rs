//! What can be wrong with a listing.

use std::fmt;

/// Why a document is not a listing, and where that showed.
///
/// It holds the names and at most a short piece of the values of the entry in question.
#[derive(Clone)]
pub struct ListingError(Box<Inner>);

#[derive(Clone)]
struct Inner {
    kind: ListingErrorKind,
    offset: u64,
    detail: Option<String>,
    document: Option<String>,
}

/// What is wrong with a document that should be a listing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum ListingErrorKind {
    /// It is something else: another kind of value, or an object without the expected members.
    NotAListing,
    /// A sign stands where the grammar of JSON, or the form of a listing, has no place for it.
    Unexpected,
    /// An entry, or a member beside the lists, could not be read.
    Entry,
    /// An entry, or a member beside the lists, is longer than allowed.
    TooLong,
    /// The bytes are no UTF-8.
    NotUtf8,
    /// It ends too early.
    Truncated,
    /// Something follows after its end.
    Trailing,
    /// Entries were left in it when it was finished.
    Unread,
    /// It was asked for more after an error.
    Failed,
}

impl ListingError {
    pub(super) fn new(kind: ListingErrorKind, offset: u64) -> Self {
        Self(Box::new(Inner { kind, offset, detail: None, document: None }))
    }

    pub(super) fn with_detail(mut self, error: &serde_json::Error) -> Self {
        let text = error.to_string();
        // The position inside the entry; the offset in the document is told instead.
        let message = text.rsplit_once(" at line ").map_or(&*text, |(message, _)| message);
        self.0.detail = Some(message.chars().take(DETAIL).collect());
        self
    }

    pub(super) fn with_document(mut self, document: String) -> Self {
        self.0.document = Some(document);
        self
    }

    /// What is wrong.
    #[must_use]
    pub fn kind(&self) -> ListingErrorKind {
        self.0.kind
    }

    /// Where in the document it showed, in bytes from its beginning. Of an entry it is the place
    /// where the entry begins.
    #[must_use]
    pub fn offset(&self) -> u64 {
        self.0.offset
    }

    /// The document itself if it is an object with other members than lists, which may well be an
    /// error document. Long members are left out. It is not part of what is printed.
    #[must_use]
    pub fn document(&self) -> Option<&str> {
        self.0.document.as_deref()
    }
}

impl fmt::Debug for ListingError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ListingError")
            .field("kind", &self.0.kind)
            .field("offset", &self.0.offset)
            .field("detail", &self.0.detail)
            .finish_non_exhaustive()
    }
}

impl fmt::Display for ListingError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let what = match self.0.kind {
            ListingErrorKind::NotAListing => "the document is not a listing",
            ListingErrorKind::Unexpected => "the listing is malformed",
            ListingErrorKind::Entry => "an entry of the listing cannot be read",
            ListingErrorKind::TooLong => "an entry of the listing is too long",
            ListingErrorKind::NotUtf8 => "the listing is not UTF-8",
            ListingErrorKind::Truncated => "the listing ends too early",
            ListingErrorKind::Trailing => "something follows after the listing",
            ListingErrorKind::Unread => "the listing was finished before its entries were taken",
            ListingErrorKind::Failed => "the listing was refused before",
        };
        write!(f, "{what}, at byte {}", self.0.offset)?;
        match &self.0.detail {
            Some(detail) => write!(f, ": {detail}"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for ListingError {}

/// How much of a reader's message is kept, in characters.
const DETAIL: usize = 200;
