//! How large each part of an upload is: arithmetic over what the service hints.

use std::fmt;

use crate::config::{MAX_PART, MIN_PART};

/// The sizes of the parts of one upload, one after another.
///
/// The service suggests a size with each address. On its own storage that does not bind (its
/// official SDKs choose sizes of their own), so a part is at least as large as configured, follows a
/// larger suggestion up to a bound, since a larger part costs more to send again, grows with the
/// number of parts when the size of the whole is not known, and is as large as it must be for the
/// whole to fit into the parts that are left when it is. Where parts have to go one after another,
/// as on most remote mounts, the suggestion is followed, and there is no limit to their number
/// (sources of the official Go SDK).
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Plan {
    /// Size of the whole, if known.
    total: Option<u64>,
    least: u64,
    /// The most that may be held for one part; for parts that are not held, what the storage takes.
    most: u64,
    /// Suggestions are followed up to here.
    followed: u64,
    number: u64,
    offset: u64,
}

/// What the service says about a part.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Hint {
    /// The size it suggests.
    pub(crate) size: Option<u64>,
    /// How many parts it has left, this one included.
    pub(crate) available: Option<u64>,
    /// Whether parts may go at the same time.
    pub(crate) parallel: bool,
}

/// A whole that does not fit into the parts there may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct TooLarge {
    /// The most bytes that a part may have.
    most: u64,
}

impl Plan {
    /// For parts that are not held in memory.
    pub(crate) fn new(total: Option<u64>, least: u64) -> Self {
        Self { total, least, most: MAX_PART, followed: MAX_FOLLOWED, number: 1, offset: 0 }
    }

    /// For parts of which each is held in memory, with at most so many bytes.
    pub(crate) fn held(total: Option<u64>, least: u64, most: u64) -> Self {
        let most = most.clamp(MIN_PART, MAX_PART);
        Self { total, least: least.min(most), most, followed: 0, number: 1, offset: 0 }
    }

    /// The number of the next part, from 1.
    pub(crate) fn number(&self) -> u64 {
        self.number
    }

    /// Where the next part begins.
    pub(crate) fn offset(&self) -> u64 {
        self.offset
    }

    /// Whether every byte of a whole of known size has its part. An empty file has one part, too.
    pub(crate) fn is_done(&self) -> bool {
        self.number > 1 && self.total.is_some_and(|total| self.offset >= total)
    }

    /// About how many parts are still to come, if that can be told.
    pub(crate) fn left(&self, hint: Hint) -> Option<u64> {
        let left = self.total?.saturating_sub(self.offset);
        Some(left.div_ceil(self.base(hint).max(1)))
    }

    /// How many bytes the next part has; of a whole of unknown size, at most.
    pub(crate) fn size(&self, hint: Hint) -> Result<u64, TooLarge> {
        let wish = self.base(hint);
        let Some(total) = self.total else {
            if hint.parallel && self.parts_left(hint) == 0 {
                return Err(TooLarge { most: self.most });
            }
            return Ok(wish);
        };
        let left = total.saturating_sub(self.offset);
        let needed = match (hint.parallel, self.parts_left(hint)) {
            (false, _) => 0,
            (true, 0) if left > 0 => return Err(TooLarge { most: self.most }),
            (true, parts) => left.div_ceil(parts.max(1)),
        };
        if needed > self.most {
            return Err(TooLarge { most: self.most });
        }
        Ok(wish.max(needed).min(left))
    }

    /// Goes on behind a part of so many bytes.
    pub(crate) fn advance(&mut self, bytes: u64) {
        self.number += 1;
        self.offset += bytes;
    }

    fn base(&self, hint: Hint) -> u64 {
        if !hint.parallel {
            let size = hint.size.unwrap_or(MIN_PART);
            return size.clamp(MIN_PART, self.most);
        }
        let grown = match self.total {
            Some(_) => self.least,
            None => {
                let doublings = (self.number - 1) / PARTS_PER_SIZE;
                u32::try_from(doublings)
                    .ok()
                    .and_then(|doublings| 1u64.checked_shl(doublings))
                    .map_or(u64::MAX, |factor| self.least.saturating_mul(factor))
            }
        };
        let suggested = hint.size.unwrap_or(0).min(self.followed);
        grown.max(suggested).clamp(MIN_PART, self.most)
    }

    fn parts_left(&self, hint: Hint) -> u64 {
        let ours = (MAX_PARTS + 1).saturating_sub(self.number);
        hint.available.map_or(ours, |available| available.min(ours))
    }
}

impl fmt::Display for TooLarge {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mib = self.most / (1024 * 1024);
        write!(f, "the content does not fit into {MAX_PARTS} parts of at most {mib} MiB")
    }
}

/// The most parts of one upload (Amazon S3 User Guide, multipart upload limits).
const MAX_PARTS: u64 = 10_000;

/// Parts larger than this are made only if they must be.
const MAX_FOLLOWED: u64 = 64 * 1024 * 1024;

/// So many parts of a whole of unknown size are of one size, before it doubles.
const PARTS_PER_SIZE: u64 = 128;

#[cfg(test)]
mod tests;
