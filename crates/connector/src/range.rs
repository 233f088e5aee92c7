//! Ranges of bytes.

use std::fmt;
use std::ops::Range;

/// A range of a file's bytes, before the size of the file is known.
///
/// ```
/// use wharf_connector::ByteRange;
///
/// assert_eq!(ByteRange::whole().resolve(10), Some(0..10));
/// assert_eq!(ByteRange::from_offset(4).resolve(10), Some(4..10));
/// assert_eq!(ByteRange::of(4..99).resolve(10), Some(4..10));
/// assert_eq!(ByteRange::last(3).resolve(10), Some(7..10));
/// assert_eq!(ByteRange::from_offset(10).resolve(10), None);
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct ByteRange(Kind);

#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
enum Kind {
    #[default]
    Whole,
    From(u64),
    Of(Range<u64>),
    Last(u64),
}

impl ByteRange {
    /// The whole file.
    pub fn whole() -> Self {
        Self(Kind::Whole)
    }

    /// From an offset to the end.
    pub fn from_offset(offset: u64) -> Self {
        Self(if offset == 0 { Kind::Whole } else { Kind::From(offset) })
    }

    /// From an offset up to, not including, another. What lies past the end is left out.
    pub fn of(range: Range<u64>) -> Self {
        Self(Kind::Of(range))
    }

    /// The last so many bytes, or the whole file if it is shorter.
    pub fn last(bytes: u64) -> Self {
        Self(Kind::Last(bytes))
    }

    /// Whether this is the whole file, whatever its size.
    pub fn is_whole(&self) -> bool {
        self.0 == Kind::Whole
    }

    /// The range within a file of `size` bytes; `None` when there is nothing in it.
    ///
    /// The whole of an empty file is `0..0`.
    pub fn resolve(&self, size: u64) -> Option<Range<u64>> {
        let range = match self.0 {
            Kind::Whole => return Some(0..size),
            Kind::From(start) => start..size,
            Kind::Of(ref range) => range.start..range.end.min(size),
            Kind::Last(bytes) => size.saturating_sub(bytes)..size,
        };
        (range.start < range.end).then_some(range)
    }
}

impl fmt::Display for ByteRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Kind::Whole => f.write_str("all bytes"),
            Kind::From(start) => write!(f, "bytes from {start}"),
            Kind::Of(range) => write!(f, "bytes {} to {}", range.start, range.end),
            Kind::Last(bytes) => write!(f, "the last {bytes} bytes"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn resolves_at_the_edges() {
        for (range, size, want) in [
            (ByteRange::whole(), 0, Some(0..0)),
            (ByteRange::from_offset(0), 0, Some(0..0)),
            (ByteRange::from_offset(9), 10, Some(9..10)),
            (ByteRange::from_offset(11), 10, None),
            (ByteRange::of(0..0), 10, None),
            (ByteRange::of(Range { start: 3, end: 2 }), 10, None),
            (ByteRange::of(9..u64::MAX), 10, Some(9..10)),
            (ByteRange::last(0), 10, None),
            (ByteRange::last(99), 10, Some(0..10)),
            (ByteRange::last(1), 0, None),
        ] {
            assert_eq!(range.resolve(size), want, "{range} of {size}");
        }
    }
}
