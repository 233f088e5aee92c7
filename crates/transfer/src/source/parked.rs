//! A stream that waits for its next reader.

use bytes::Bytes;
use wharf_connector::ByteStream;

/// A stream that its reader has left, ready for the reader who goes on there. So a
/// destination that takes part after part reads the source once.
pub(super) struct Parked {
    pub(super) last: Bytes,
    /// Where `last` ends.
    pub(super) at: u64,
    pub(super) stream: ByteStream,
}

impl Parked {
    pub(super) fn reaches(&self, offset: u64) -> bool {
        offset <= self.at && offset + self.last.len() as u64 >= self.at
    }

    /// What is left from `offset` on.
    pub(super) fn from(mut self, offset: u64) -> (Bytes, ByteStream) {
        let head = self.last.split_off(self.last.len() - (self.at - offset) as usize);
        (head, self.stream)
    }
}
