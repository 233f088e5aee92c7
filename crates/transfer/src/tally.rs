//! The checksum of a file that is read in any order.

use std::collections::BTreeMap;
use std::ops::Range;

use bytes::Bytes;
use crc32fast::Hasher;

/// Adds up what streams read from a file, wherever each begins, and in the end gives the
/// CRC-32 of the whole.
///
/// A part may be read twice: what is read last from an offset counts. A stream may run
/// past the end of its part, for it cannot know where its reader stops: what goes over is
/// taken off where the next part begins, as long as that lies within the stream's last
/// block. Each stream costs some hundred bytes, and a block until the next one begins.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    runs: BTreeMap<u64, Run>,
    started: u64,
    /// Every byte that was ever read, as intervals from start to end.
    seen: BTreeMap<u64, u64>,
    /// Nothing is summed up, for somebody else does.
    counts_alone: bool,
}

/// A stream that adds to the tally.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Ticket {
    offset: u64,
    number: u64,
}

/// What one stream has read.
#[derive(Debug)]
struct Run {
    number: u64,
    sum: Hasher,
    /// The sum without the last block, which is kept, for it may have to be cut.
    before_last: Hasher,
    length_before_last: u64,
    last: Bytes,
    is_closed: bool,
}

impl Tally {
    /// One that tells which bytes were read, and no checksum.
    pub(crate) fn without_sum() -> Self {
        Self { counts_alone: true, ..Self::default() }
    }

    /// A stream begins at `offset`.
    pub(crate) fn start(&mut self, offset: u64) -> Ticket {
        self.started += 1;
        let before = self.runs.range_mut(..offset).next_back();
        if let Some((start, run)) = before.filter(|(_, run)| run.is_closed) {
            run.cut(offset - start);
        }
        let run = Run {
            number: self.started,
            sum: Hasher::new(),
            before_last: Hasher::new(),
            length_before_last: 0,
            last: Bytes::new(),
            is_closed: false,
        };
        self.runs.insert(offset, run);
        Ticket { offset, number: self.started }
    }

    /// Nobody reads these bytes: they are known to have this sum. Says how many of them nobody has
    /// read before.
    pub(crate) fn know(&mut self, range: Range<u64>, crc32: u32) -> u64 {
        let length = range.end.saturating_sub(range.start);
        self.started += 1;
        let sum = Hasher::new_with_initial_len(crc32, length);
        let run = Run {
            number: self.started,
            before_last: sum.clone(),
            sum,
            length_before_last: length,
            last: Bytes::new(),
            is_closed: true,
        };
        self.runs.insert(range.start, run);
        self.see(range.start, range.start + length)
    }

    /// Whether a stream has begun at `offset`.
    pub(crate) fn has_begun_at(&self, offset: u64) -> bool {
        self.runs.contains_key(&offset)
    }

    /// The stream has read these bytes, after those before. Says how many of them nobody
    /// has read yet.
    pub(crate) fn add(&mut self, ticket: Ticket, bytes: &Bytes) -> u64 {
        let counts_alone = self.counts_alone;
        // Another stream may have begun at the same offset: then that one counts.
        let Some(run) = self.run(ticket) else {
            return 0;
        };
        let start = ticket.offset + run.length();
        run.fold();
        run.last = bytes.clone();
        if !counts_alone {
            run.sum.update(bytes);
        }
        self.see(start, start + bytes.len() as u64)
    }

    /// The stream is over.
    pub(crate) fn close(&mut self, ticket: Ticket) {
        let next = self.runs.range(ticket.offset + 1..).next().map(|(start, _)| *start);
        if let Some(run) = self.run(ticket) {
            run.is_closed = true;
            if let Some(next) = next {
                run.cut(next - ticket.offset);
            }
        }
    }

    /// How many bytes were read in one go from the start.
    pub(crate) fn length_from_start(&self) -> u64 {
        self.runs.get(&0).map_or(0, Run::length)
    }

    /// Whether each of the first `size` bytes was read at least once.
    pub(crate) fn covers(&self, size: u64) -> bool {
        size == 0 || self.seen.get(&0).is_some_and(|end| *end >= size)
    }

    fn see(&mut self, mut start: u64, mut end: u64) -> u64 {
        let mut new = end - start;
        // Joins what touches: the one that begins before or here, and those within.
        while let Some((from, to)) = self.seen.range(..=end).next_back().map(|(f, t)| (*f, *t)) {
            if to < start {
                break;
            }
            new = new.saturating_sub(to.min(end).saturating_sub(from.max(start)));
            start = start.min(from);
            end = end.max(to);
            self.seen.remove(&from);
        }
        self.seen.insert(start, end);
        new
    }

    /// The CRC-32 of the first `size` bytes; none when they were not all read, or in
    /// pieces that do not fit together.
    pub(crate) fn crc32(&self, size: u64) -> Option<u32> {
        if self.counts_alone {
            return None;
        }
        let (mut whole, mut covered) = (Hasher::new(), 0);
        let mut runs = self.runs.iter().filter(|(_, run)| run.length() > 0).peekable();
        while let Some((start, run)) = runs.next() {
            let end = start + run.length();
            if end <= covered {
                continue; // a part that was read again by itself
            }
            if *start != covered {
                return None;
            }
            while runs.next_if(|(next, run)| *next + run.length() <= end).is_some() {}
            let stop = runs.peek().map_or(end, |(next, _)| end.min(**next));
            whole.combine(&run.up_to(stop - start)?);
            covered = stop;
        }
        (covered == size).then(|| whole.finalize())
    }

    fn run(&mut self, ticket: Ticket) -> Option<&mut Run> {
        self.runs.get_mut(&ticket.offset).filter(|run| run.number == ticket.number)
    }
}

impl Run {
    fn length(&self) -> u64 {
        self.length_before_last + self.last.len() as u64
    }

    fn fold(&mut self) {
        self.before_last = self.sum.clone();
        self.length_before_last += self.last.len() as u64;
        self.last = Bytes::new();
    }

    /// Another stream begins after `length` bytes of this one: takes off what goes over, if
    /// that lies in the last block. The block is kept only while one in between may begin.
    fn cut(&mut self, length: u64) {
        let Some(over) = self.length().checked_sub(length) else {
            return;
        };
        if (1..=self.last.len() as u64).contains(&over) {
            self.last.truncate(self.last.len() - over as usize);
            self.sum = self.before_last.clone();
            self.sum.update(&self.last);
        }
        self.fold();
    }

    /// The first `length` bytes; none when that cuts into what is already added up.
    fn up_to(&self, length: u64) -> Option<Hasher> {
        if length == self.length() {
            return Some(self.sum.clone());
        }
        let of_last = usize::try_from(length.checked_sub(self.length_before_last)?).ok()?;
        let mut sum = self.before_last.clone();
        sum.update(self.last.get(..of_last)?);
        Some(sum)
    }
}

#[cfg(test)]
mod tests;
