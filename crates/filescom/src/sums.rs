//! Checksums of bytes as they pass.

use md5::Md5;
use sha1::Sha1;
use sha2::{Digest, Sha256};
use wharf_connector::Checksums;

/// Which checksums to calculate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Wanted {
    pub(crate) crc32: bool,
    pub(crate) md5: bool,
    pub(crate) sha1: bool,
    pub(crate) sha256: bool,
}

impl Wanted {
    /// Those that `known` has.
    pub(crate) fn of(known: &Checksums) -> Self {
        Self {
            crc32: known.crc32.is_some(),
            md5: known.md5.is_some(),
            sha1: known.sha1.is_some(),
            sha256: known.sha256.is_some(),
        }
    }

    /// The one that is quickest to compare `known` with: a CRC-32 costs a twentieth of a transfer,
    /// the others more than the transfer itself.
    pub(crate) fn cheapest_of(known: &Checksums) -> Self {
        let all = Self::of(known);
        let none = Self::default();
        match all {
            Self { crc32: true, .. } => Self { crc32: true, ..none },
            Self { sha256: true, .. } => Self { sha256: true, ..none },
            Self { sha1: true, .. } => Self { sha1: true, ..none },
            _ => Self { md5: all.md5, ..none },
        }
    }

    pub(crate) fn is_nothing(self) -> bool {
        self == Self::default()
    }

    /// Whether the sum of a whole can only be had by reading it from the first byte to the last: a
    /// CRC-32 can be put together of those of the parts.
    pub(crate) fn needs_order(self) -> bool {
        self.md5 || self.sha1 || self.sha256
    }
}

/// The checksums of what has passed so far.
#[derive(Debug, Clone, Default)]
pub(crate) struct Sums {
    crc32: Option<crc32fast::Hasher>,
    md5: Option<Md5>,
    sha1: Option<Sha1>,
    sha256: Option<Sha256>,
}

impl Sums {
    pub(crate) fn new(wanted: Wanted) -> Self {
        Self {
            crc32: wanted.crc32.then(crc32fast::Hasher::new),
            md5: wanted.md5.then(Md5::new),
            sha1: wanted.sha1.then(Sha1::new),
            sha256: wanted.sha256.then(Sha256::new),
        }
    }

    pub(crate) fn update(&mut self, bytes: &[u8]) {
        if let Some(sum) = &mut self.crc32 {
            sum.update(bytes);
        }
        if let Some(sum) = &mut self.md5 {
            sum.update(bytes);
        }
        if let Some(sum) = &mut self.sha1 {
            sum.update(bytes);
        }
        if let Some(sum) = &mut self.sha256 {
            sum.update(bytes);
        }
    }

    pub(crate) fn finish(self) -> Checksums {
        let mut sums = Checksums::default();
        sums.crc32 = self.crc32.map(crc32fast::Hasher::finalize);
        sums.md5 = self.md5.map(|sum| sum.finalize().into());
        sums.sha1 = self.sha1.map(|sum| sum.finalize().into());
        sums.sha256 = self.sha256.map(|sum| sum.finalize().into());
        sums
    }
}

/// The names of the checksums in which two sets differ, for messages.
pub(crate) fn difference(ours: &Checksums, theirs: &Checksums) -> String {
    let theirs: Vec<_> = theirs.iter().collect();
    let differing = ours.iter().filter_map(|(name, sum)| {
        let (_, other) = theirs.iter().find(|(known, _)| *known == name)?;
        (sum != *other).then(|| format!("{name} {sum} instead of {other}"))
    });
    differing.collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_of_abc() {
        let all = Wanted { crc32: true, md5: true, sha1: true, sha256: true };
        let mut sums = Sums::new(all);
        sums.update(b"a");
        sums.update(b"bc");
        let sums = sums.finish();
        let shown: Vec<_> = sums.iter().collect();
        assert_eq!(shown[0].1, "352441c2");
        assert_eq!(shown[1].1, "900150983cd24fb0d6963f7d28e17f72");
        assert_eq!(shown[2].1, "a9993e364706816aba3e25717850c26c9cd0d89d");
        assert!(shown[3].1.starts_with("ba7816bf8f01cfea"));
        assert_eq!(Wanted::of(&sums), all);
        assert_eq!(Wanted::cheapest_of(&sums), Wanted { crc32: true, ..Wanted::default() });
        let mut other = sums;
        other.crc32 = Some(1);
        assert_eq!(difference(&other, &sums), "crc32 00000001 instead of 352441c2");
        assert!(Sums::new(Wanted::default()).finish().is_empty());
    }
}
