//! Reading long listings as they arrive, entry by entry.

mod error;
mod intake;
mod listed;
mod others;
mod scan;

use std::fmt;
use std::marker::PhantomData;

use serde::de::{DeserializeOwned, IgnoredAny};

pub use error::{ListingError, ListingErrorKind};
use intake::Intake;
pub use listed::Listed;
use others::Others;
use scan::Scan;

use crate::object::Skipped;

/// Reads a listing from the pieces in which it arrives.
///
/// [`feed`](Self::feed) it each piece, take the entries out with [`next_entry`](Self::next_entry)
/// until it wants more, and [`finish`](Self::finish) when the body has ended. Pieces may be cut
/// anywhere, even inside a character. An entry is given out as soon as its last byte is there.
///
/// It does no input or output and knows no runtime. It holds the bytes that were fed and not yet
/// taken, so with a caller that takes the entries out after each piece: one piece and one entry,
/// however long the listing is.
///
/// # Cost
///
/// Reading this way takes about 0.8 of the instructions of `serde_json::from_slice` into plain
/// structs of strings, and each byte is looked at once more at most, however small the pieces.
/// Kept entries take about as much memory as their text. Measured on Linux as the peak of the
/// whole process, by `examples/listing_memory.rs` with 100,000 entries: MFT files, text 45 MiB,
/// memory 46 MiB; Files.com files of older answers, 33 and 37 MiB; of newer ones, 78 and 74 MiB.
///
/// # Limits
///
/// An entry may have [`MAX_ENTRY`](Self::MAX_ENTRY) bytes, and 128 levels of nesting. A member
/// next to the arrays counts as an entry. What stands after the end of the document is an error,
/// and so is an end before it.
///
/// See [`mft::ListingParser`](crate::mft::ListingParser) for an example.
pub struct ListingParser<T> {
    intake: Intake,
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
            intake: Intake::default(),
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
        if self.state != State::Failed {
            self.intake.feed(piece);
        }
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
                Ok(Step::Wait) if self.intake.is_spoilt() => {
                    return Err(self.fail_at_end(ListingErrorKind::NotUtf8));
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
            return Err(self.fail(ListingErrorKind::Unread));
        }
        match self.state {
            State::Done if !self.intake.is_cut() => Ok(()),
            _ => Err(self.fail_at_end(ListingErrorKind::Truncated)),
        }
    }

    fn step(&mut self) -> Result<Step<T>, ListingError> {
        if self.state == State::Failed {
            return Err(self.fail(ListingErrorKind::Failed));
        }
        self.intake.skip_blanks();
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
                _ => Err(self.fail(ListingErrorKind::Unexpected)),
            },
            State::AfterMember => match next {
                b',' => self.go_on(State::Name { first: false }),
                b'}' => self.end_of_object(),
                _ => Err(self.fail(ListingErrorKind::Unexpected)),
            },
            State::Colon { .. } => Err(self.fail(ListingErrorKind::Unexpected)),
            State::Done | State::Failed => Err(self.fail(ListingErrorKind::Trailing)),
        }
    }

    fn start(&mut self, next: u8) -> Result<Step<T>, ListingError> {
        if self.intake.offset() == 0 && self.rest().starts_with(MARK) {
            self.intake.advance(MARK.len_utf8());
            return Ok(Step::Again);
        }
        match (next, T::MEMBERS.is_empty()) {
            (b'[', true) => self.go_on(State::Element { member: 0, first: true }),
            (b'{', false) => self.go_on(State::Name { first: true }),
            _ => Err(self.fail(ListingErrorKind::NotAListing)),
        }
    }

    fn name(&mut self, next: u8, first: bool) -> Result<Step<T>, ListingError> {
        match next {
            b'"' => {}
            b'}' if first => return self.end_of_object(),
            _ => return Err(self.fail(ListingErrorKind::Unexpected)),
        }
        let Some(len) = self.complete_value()? else {
            return Ok(Step::Wait);
        };
        let name: String = self.read_value(len)?;
        let member = T::MEMBERS.iter().position(|member| member.eq_ignore_ascii_case(&name));
        self.other_name = name;
        self.intake.advance(len);
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
        let value = self.intake.first(len);
        match member {
            Some(_) if value == "null" => self.others = None,
            Some(_) => return Err(self.fail(ListingErrorKind::NotAListing)),
            None => {
                if let Some(others) = &mut self.others {
                    others.add(&self.other_name, value);
                }
            }
        }
        self.intake.advance(len);
        self.state = State::AfterMember;
        Ok(Step::Again)
    }

    fn element(&mut self, next: u8, member: usize, first: bool) -> Result<Step<T>, ListingError> {
        match next {
            b'{' => {}
            b']' if first => return self.go_on(Self::after_array()),
            _ => return Err(self.fail(ListingErrorKind::Unexpected)),
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
                    return Err(self.fail(ListingErrorKind::TooLong));
                }
                self.intake.advance(len);
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
                let error = self.fail(ListingErrorKind::NotAListing);
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
        self.intake.advance(1);
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
            return Err(self.fail(ListingErrorKind::TooLong));
        }
        Ok(len)
    }

    /// Reads the complete value of this length at the cursor.
    fn read_value<V: DeserializeOwned>(&mut self, len: usize) -> Result<V, ListingError> {
        serde_json::from_str(self.intake.first(len)).map_err(|error| self.fail_with(&error))
    }

    fn rest(&self) -> &str {
        self.intake.rest()
    }

    /// Stops for good because of what stands at the cursor.
    fn fail(&mut self, kind: ListingErrorKind) -> ListingError {
        self.state = State::Failed;
        ListingError::new(kind, self.intake.offset())
    }

    /// Stops for good because of what stands, or does not, after the text.
    fn fail_at_end(&mut self, kind: ListingErrorKind) -> ListingError {
        self.intake.advance(self.rest().len());
        self.fail(kind)
    }

    fn fail_with(&mut self, error: &serde_json::Error) -> ListingError {
        self.fail(ListingErrorKind::Entry).with_detail(error)
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
            .field("offset", &self.intake.offset())
            .field("waiting", &self.intake.rest().len())
            .finish_non_exhaustive()
    }
}

/// How much of a whole body is looked at in one go, so that its text is not doubled in memory.
const PIECE: usize = 64 * 1024;

/// The mark of byte order that some programs put before UTF-8.
const MARK: char = '\u{feff}';

#[cfg(test)]
mod tests;
