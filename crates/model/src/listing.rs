//! Reading long listings as they arrive, entry by entry.

mod error;
mod scan;

use std::marker::PhantomData;
use std::{fmt, mem, str};

use serde::de::{DeserializeOwned, Deserializer, IgnoredAny};

pub use error::{ListingError, ListingErrorKind};
use scan::Scan;

use crate::object::Skipped;

/// Something that long listings are made of.
///
/// Implemented for the entries of both services. Implement it for your own type to read another
/// service's listings, or only the fields you need, with a [`ListingParser`].
///
/// ```
/// use serde::{Deserialize, Deserializer};
/// use wharf_model::{Listed, ListingParser};
///
/// #[derive(Deserialize)]
/// struct Name { path: String }
///
/// impl Listed for Name {
///     const MEMBERS: &'static [&'static str] = &[];
///
///     fn read<'de, D: Deserializer<'de>>(_: usize, element: D) -> Result<Self, D::Error> {
///         Name::deserialize(element)
///     }
/// }
///
/// let names = ListingParser::<Name>::read_all(br#"[{"path": "a", "size": 1}, {"path": "b"}]"#)?;
/// assert_eq!(names[1].path, "b");
/// # Ok::<(), wharf_model::ListingError>(())
/// ```
pub trait Listed: Sized {
    /// The members of the document that hold the entries, compared in any case. If there are
    /// none, the document itself is the array.
    const MEMBERS: &'static [&'static str];

    /// Reads one entry of the array in the member of this place in [`MEMBERS`](Self::MEMBERS).
    ///
    /// # Errors
    ///
    /// Those of the deserializer.
    fn read<'de, D: Deserializer<'de>>(member: usize, element: D) -> Result<Self, D::Error>;
}

/// Reads a listing from the pieces in which it arrives.
///
/// [`feed`](Self::feed) it each piece, take the entries out with [`next_entry`](Self::next_entry)
/// until it wants more, and [`finish`](Self::finish) when the body has ended. Pieces may be cut
/// anywhere, even inside a character. An entry is given out as soon as its last byte is there.
///
/// It does no input or output and knows no runtime. It holds the bytes that were fed and not yet
/// taken, so with a caller that takes the entries out after each piece: one piece and one entry,
/// however long the listing is. Reading this way is also quicker than reading the whole body
/// with `serde_json::from_slice`.
///
/// # Limits
///
/// An entry may have [`MAX_ENTRY`](Self::MAX_ENTRY) bytes, and 128 levels of nesting. A member
/// next to the arrays counts as an entry. What stands after the end of the document is an error,
/// and so is an end before it.
///
/// See [`mft::ListingParser`](crate::mft::ListingParser) for an example.
pub struct ListingParser<T> {
    /// What was fed and is valid UTF-8; before `cursor` it is done with.
    text: String,
    cursor: usize,
    /// The bytes of a character that was cut by the end of a piece.
    cut: Vec<u8>,
    /// Bytes dropped from the front of `text`.
    dropped: u64,
    /// Bytes that are not UTF-8 follow after `text`.
    spoilt: bool,
    state: State,
    /// How far an element was looked through that was not complete.
    scan: Option<Scan>,
    /// The name of the member being read.
    other_name: String,
    /// The members that are no list, until the first list.
    others: Option<Others>,
    entry: PhantomData<fn() -> T>,
}

/// What comes next, blanks aside.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    /// The document.
    Start,
    /// A member's name, or the end of the object if there may be one here.
    Name { first: bool },
    /// The colon after the name of a list member, or of another one.
    Colon { member: Option<usize> },
    /// Its value.
    Value { member: Option<usize> },
    /// An element, or the end of the array if there may be one here.
    Element { member: usize, first: bool },
    /// A comma or the end of the array.
    AfterElement { member: usize },
    /// A comma or the end of the object.
    AfterMember,
    /// Nothing.
    Done,
    /// Nothing, because of an error.
    Failed,
}

/// Whether there was enough text to go on.
enum Step<T> {
    Entry(T),
    Again,
    Wait,
}

impl<T: Listed> ListingParser<T> {
    /// The most bytes one entry may have: 1 MiB.
    pub const MAX_ENTRY: usize = 1024 * 1024;

    /// A parser that has seen nothing yet.
    #[must_use]
    pub fn new() -> Self {
        Self {
            text: String::new(),
            cursor: 0,
            cut: Vec::new(),
            dropped: 0,
            spoilt: false,
            state: State::Start,
            scan: None,
            other_name: String::new(),
            others: Some(Others::default()),
            entry: PhantomData,
        }
    }

    /// Reads a listing that is there as a whole.
    ///
    /// # Errors
    ///
    /// Those of [`next_entry`](Self::next_entry) and [`finish`](Self::finish).
    pub fn read_all(body: &[u8]) -> Result<Vec<T>, ListingError> {
        let mut parser = Self::new();
        let mut entries = Vec::new();
        for piece in body.chunks(PIECE) {
            parser.feed(piece);
            while let Some(entry) = parser.next_entry()? {
                entries.push(entry);
            }
        }
        parser.finish()?;
        Ok(entries)
    }

    /// Adds the next piece of the document.
    ///
    /// Whatever is wrong with it is told by [`next_entry`](Self::next_entry), after the entries
    /// that stand before it.
    pub fn feed(&mut self, piece: &[u8]) {
        if self.state == State::Failed || self.spoilt {
            return;
        }
        self.dropped += self.cursor as u64;
        self.text.drain(..mem::take(&mut self.cursor));
        let piece = self.complete_cut(piece);
        self.append(piece);
    }

    /// Takes out the next entry; `None` if it needs more of the document, or that has ended.
    ///
    /// # Errors
    ///
    /// [`ListingError`] if the document is not a listing of this kind. After that there is nothing
    /// but errors of kind [`Failed`](ListingErrorKind::Failed).
    pub fn next_entry(&mut self) -> Result<Option<T>, ListingError> {
        loop {
            match self.step() {
                Ok(Step::Entry(entry)) => return Ok(Some(entry)),
                Ok(Step::Again) => {}
                Ok(Step::Wait) if self.spoilt => {
                    let at = self.text.len() - self.cursor;
                    return Err(self.fail(ListingErrorKind::NotUtf8, at));
                }
                Ok(Step::Wait) => return Ok(None),
                Err(error) => return Err(error),
            }
        }
    }

    /// Says that the body has ended.
    ///
    /// # Errors
    ///
    /// [`ListingError`] if the document has not ended with it, or entries were not taken out.
    pub fn finish(mut self) -> Result<(), ListingError> {
        if self.next_entry()?.is_some() {
            return Err(self.fail(ListingErrorKind::Unread, 0));
        }
        match self.state {
            State::Done if self.cut.is_empty() => Ok(()),
            _ => {
                let at = self.text.len() - self.cursor;
                Err(self.fail(ListingErrorKind::Truncated, at))
            }
        }
    }

    fn step(&mut self) -> Result<Step<T>, ListingError> {
        self.skip_blanks();
        let Some(next) = self.rest().bytes().next() else {
            return Ok(Step::Wait);
        };
        match self.state {
            State::Start => self.start(next),
            State::Name { first } => self.name(next, first),
            State::Colon { member } if next == b':' => self.go_on(State::Value { member }),
            State::Value { member } => self.value(next, member),
            State::Element { member, first } => self.element(next, member, first),
            State::AfterElement { member } => match next {
                b',' => self.go_on(State::Element { member, first: false }),
                b']' => self.go_on(Self::after_array()),
                _ => Err(self.fail(ListingErrorKind::Unexpected, 0)),
            },
            State::AfterMember => match next {
                b',' => self.go_on(State::Name { first: false }),
                b'}' => self.end_of_object(),
                _ => Err(self.fail(ListingErrorKind::Unexpected, 0)),
            },
            State::Colon { .. } => Err(self.fail(ListingErrorKind::Unexpected, 0)),
            State::Done => Err(self.fail(ListingErrorKind::Trailing, 0)),
            State::Failed => Err(self.fail(ListingErrorKind::Failed, 0)),
        }
    }

    fn start(&mut self, next: u8) -> Result<Step<T>, ListingError> {
        if self.rest().starts_with('\u{feff}') && self.dropped == 0 && self.cursor == 0 {
            self.cursor += '\u{feff}'.len_utf8();
            return Ok(Step::Again);
        }
        match (next, T::MEMBERS.is_empty()) {
            (b'[', true) => self.go_on(State::Element { member: 0, first: true }),
            (b'{', false) => self.go_on(State::Name { first: true }),
            _ => Err(self.fail(ListingErrorKind::NotAListing, 0)),
        }
    }

    fn name(&mut self, next: u8, first: bool) -> Result<Step<T>, ListingError> {
        match next {
            b'"' => {}
            b'}' if first => return self.end_of_object(),
            _ => return Err(self.fail(ListingErrorKind::Unexpected, 0)),
        }
        let Some(len) = self.complete_value()? else {
            return Ok(Step::Wait);
        };
        let name: String = self.read_value(len)?;
        let member = T::MEMBERS.iter().position(|member| member.eq_ignore_ascii_case(&name));
        self.other_name = name;
        self.cursor += len;
        self.state = State::Colon { member };
        Ok(Step::Again)
    }

    fn value(&mut self, next: u8, member: Option<usize>) -> Result<Step<T>, ListingError> {
        if let (Some(member), b'[') = (member, next) {
            self.others = None;
            return self.go_on(State::Element { member, first: true });
        }
        let Some(len) = self.complete_value()? else {
            return Ok(Step::Wait);
        };
        let _: Skipped = self.read_value(len)?;
        let value = self.text.get(self.cursor..self.cursor + len).unwrap_or_default();
        match member {
            Some(_) if value == "null" => self.others = None,
            Some(_) => return Err(self.fail(ListingErrorKind::NotAListing, 0)),
            None => {
                if let Some(others) = &mut self.others {
                    others.add(&self.other_name, value);
                }
            }
        }
        self.cursor += len;
        self.state = State::AfterMember;
        Ok(Step::Again)
    }

    fn element(&mut self, next: u8, member: usize, first: bool) -> Result<Step<T>, ListingError> {
        match next {
            b'{' => {}
            b']' if first => return self.go_on(Self::after_array()),
            _ => return Err(self.fail(ListingErrorKind::Unexpected, 0)),
        }
        // Once known to be incomplete, it is not read again before its end is there.
        let looked_through = self.scan.is_some();
        if looked_through && self.complete_value()?.is_none() {
            return Ok(Step::Wait);
        }
        let mut json = serde_json::Deserializer::from_str(self.rest());
        let error = match T::read(member, &mut json) {
            Ok(entry) => {
                let len = json.into_iter::<IgnoredAny>().byte_offset();
                if len > Self::MAX_ENTRY {
                    return Err(self.fail(ListingErrorKind::TooLong, 0));
                }
                self.cursor += len;
                self.scan = None;
                self.state = State::AfterElement { member };
                return Ok(Step::Entry(entry));
            }
            Err(error) => error,
        };
        if error.is_eof() && !looked_through && self.scan_on()?.is_none() {
            return Ok(Step::Wait);
        }
        Err(self.fail_with(&error))
    }

    fn end_of_object(&mut self) -> Result<Step<T>, ListingError> {
        match self.others.take() {
            Some(others) if !others.is_empty() => {
                let error = self.fail(ListingErrorKind::NotAListing, 0);
                Err(error.with_document(others.into_document()))
            }
            _ => self.go_on(State::Done),
        }
    }

    fn after_array() -> State {
        if T::MEMBERS.is_empty() { State::Done } else { State::AfterMember }
    }

    /// Steps over one sign.
    fn go_on(&mut self, state: State) -> Result<Step<T>, ListingError> {
        self.cursor += 1;
        self.state = state;
        Ok(Step::Again)
    }

    /// The length of the value at the cursor, or of what should be one; `None` if its end is not
    /// there yet.
    fn complete_value(&mut self) -> Result<Option<usize>, ListingError> {
        let len = self.scan_on()?;
        if len.is_some() {
            self.scan = None;
        }
        Ok(len)
    }

    fn scan_on(&mut self) -> Result<Option<usize>, ListingError> {
        let mut scan = self.scan.take().unwrap_or_default();
        let rest = self.rest();
        let (seen, len) = (rest.len(), scan.advance(rest));
        self.scan = Some(scan);
        if len.unwrap_or(seen) > Self::MAX_ENTRY {
            return Err(self.fail(ListingErrorKind::TooLong, 0));
        }
        Ok(len)
    }

    /// Reads the complete value of this length at the cursor.
    fn read_value<V: DeserializeOwned>(&mut self, len: usize) -> Result<V, ListingError> {
        let value = self.rest().get(..len).unwrap_or_default();
        serde_json::from_str(value).map_err(|error| self.fail_with(&error))
    }

    fn rest(&self) -> &str {
        self.text.get(self.cursor..).unwrap_or_default()
    }

    fn skip_blanks(&mut self) {
        let blank = |byte: &u8| matches!(byte, b' ' | b'\t' | b'\n' | b'\r');
        self.cursor += self.rest().as_bytes().iter().take_while(|byte| blank(byte)).count();
    }

    /// Uses the beginning of a piece to complete a character that was cut; returns the rest.
    fn complete_cut<'p>(&mut self, mut piece: &'p [u8]) -> &'p [u8] {
        while !self.cut.is_empty() {
            let Some((first, rest)) = piece.split_first() else {
                return piece;
            };
            self.cut.push(*first);
            match str::from_utf8(&self.cut) {
                Ok(character) => {
                    self.text.push_str(character);
                    self.cut.clear();
                }
                Err(error) if error.error_len().is_none() => {}
                Err(_) => {
                    self.spoilt = true;
                    return &[];
                }
            }
            piece = rest;
        }
        piece
    }

    fn append(&mut self, piece: &[u8]) {
        match str::from_utf8(piece) {
            Ok(text) => self.text.push_str(text),
            Err(error) => {
                let (valid, rest) = piece.split_at(error.valid_up_to());
                self.text.push_str(str::from_utf8(valid).unwrap_or_default());
                match error.error_len() {
                    Some(_) => self.spoilt = true,
                    None => self.cut.extend_from_slice(rest),
                }
            }
        }
    }

    /// Stops for good because of something `at` bytes after the cursor.
    fn fail(&mut self, kind: ListingErrorKind, at: usize) -> ListingError {
        self.state = State::Failed;
        ListingError::new(kind, self.dropped + (self.cursor + at) as u64)
    }

    fn fail_with(&mut self, error: &serde_json::Error) -> ListingError {
        self.fail(ListingErrorKind::Entry, 0).with_detail(error)
    }
}

impl<T: Listed> Default for ListingParser<T> {
    fn default() -> Self {
        Self::new()
    }
}

impl<T> fmt::Debug for ListingParser<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ListingParser")
            .field("state", &self.state)
            .field("offset", &(self.dropped + self.cursor as u64))
            .field("waiting", &(self.text.len() - self.cursor))
            .finish_non_exhaustive()
    }
}

/// The members of a document that are no list, put together again: if there is nothing else, the
/// document is probably an error document.
#[derive(Default)]
struct Others(String);

impl Others {
    fn add(&mut self, name: &str, value: &str) {
        let between = if self.0.is_empty() { '{' } else { ',' };
        if self.0.len() + name.len() + value.len() > OTHERS {
            // Not empty is all that counts then.
            self.0.push_str(if self.0.is_empty() { "{" } else { "" });
            return;
        }
        self.0.push(if self.0 == "{" { ' ' } else { between });
        let name = serde_json::Value::from(name).to_string();
        self.0.extend([&name, ":", value]);
    }

    fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    fn into_document(self) -> String {
        self.0 + "}"
    }
}

/// How much of a whole body is looked at in one go, so that its text is not doubled in memory.
const PIECE: usize = 64 * 1024;

/// How much is kept of a document that is no listing.
const OTHERS: usize = 4 * 1024;

#[cfg(test)]
mod tests;
