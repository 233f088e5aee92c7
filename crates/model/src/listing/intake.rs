//! The text of a document that arrives in pieces.

use std::{mem, str};

/// What was fed and is not done with, as text.
#[derive(Default)]
pub(super) struct Intake {
    /// Valid UTF-8; before `cursor` it is done with.
    text: String,
    cursor: usize,
    /// The bytes of a character that was cut by the end of a piece.
    cut: Vec<u8>,
    /// Bytes dropped from the front of `text`.
    dropped: u64,
    /// Bytes that are not UTF-8 follow after `text`.
    spoilt: bool,
}

impl Intake {
    /// Adds the next piece. After bytes that are not UTF-8 nothing is added.
    pub(super) fn feed(&mut self, piece: &[u8]) {
        if self.spoilt {
            return;
        }
        self.dropped += self.cursor as u64;
        self.text.drain(..mem::take(&mut self.cursor));
        let piece = self.complete_cut(piece);
        self.append(piece);
    }

    /// What is not done with.
    pub(super) fn rest(&self) -> &str {
        self.text.get(self.cursor..).unwrap_or_default()
    }

    /// The first bytes of the rest.
    pub(super) fn first(&self, len: usize) -> &str {
        self.rest().get(..len).unwrap_or_default()
    }

    /// Is done with this many bytes.
    pub(super) fn advance(&mut self, len: usize) {
        self.cursor += len;
    }

    pub(super) fn skip_blanks(&mut self) {
        let blank = |byte: &u8| matches!(byte, b' ' | b'\t' | b'\n' | b'\r');
        self.cursor += self.rest().bytes().take_while(blank).count();
    }

    /// How many bytes of the whole document are done with.
    pub(super) fn offset(&self) -> u64 {
        self.dropped + self.cursor as u64
    }

    /// Whether bytes that are not UTF-8 follow after the rest.
    pub(super) fn is_spoilt(&self) -> bool {
        self.spoilt
    }

    /// Whether the last character is incomplete.
    pub(super) fn is_cut(&self) -> bool {
        !self.cut.is_empty()
    }

    /// Uses the beginning of a piece to complete a character that was cut; returns the rest.
    fn complete_cut<'p>(&mut self, mut piece: &'p [u8]) -> &'p [u8] {
        while self.is_cut() {
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
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_holds_no_more_than_is_waited_for() {
        let mut intake = Intake::default();
        for _ in 0..10_000 {
            intake.feed("some text that is long enough é".as_bytes());
            intake.advance(intake.rest().len() - 2);
        }
        assert!(intake.text.capacity() < 200, "{}", intake.text.capacity());
        assert_eq!(intake.offset(), 10_000 * 32 - 2);
    }
}
