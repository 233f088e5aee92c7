//! Checksums of what passes by.

use md5::Md5;
use md5::digest::Digest;
use sha1::Sha1;
use sha2::Sha256;
use wharf_connector::Checksums;

/// CRC-32 always, for it costs next to nothing; the others when they are expected.
#[derive(Default)]
pub(super) struct Sums {
    crc32: crc32fast::Hasher,
    md5: Option<Md5>,
    sha1: Option<Sha1>,
    sha256: Option<Sha256>,
}

impl Sums {
    pub(super) fn new(expected: &Checksums) -> Self {
        Self {
            crc32: crc32fast::Hasher::new(),
            md5: expected.md5.map(|_| Md5::new()),
            sha1: expected.sha1.map(|_| Sha1::new()),
            sha256: expected.sha256.map(|_| Sha256::new()),
        }
    }

    pub(super) fn update(&mut self, bytes: &[u8]) {
        self.crc32.update(bytes);
        if let Some(md5) = &mut self.md5 {
            md5.update(bytes);
        }
        if let Some(sha1) = &mut self.sha1 {
            sha1.update(bytes);
        }
        if let Some(sha256) = &mut self.sha256 {
            sha256.update(bytes);
        }
    }

    /// The CRC-32 of all bytes so far.
    pub(super) fn crc32(&self) -> u32 {
        self.crc32.clone().finalize()
    }

    /// The checksums of all bytes so far; this begins anew.
    pub(super) fn finish(&mut self) -> Checksums {
        let Self { crc32, md5, sha1, sha256 } = std::mem::take(self);
        let mut sums = Checksums::default();
        sums.crc32 = Some(crc32.finalize());
        sums.md5 = md5.map(|md5| md5.finalize().into());
        sums.sha1 = sha1.map(|sha1| sha1.finalize().into());
        sums.sha256 = sha256.map(|sha256| sha256.finalize().into());
        sums
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_is_the_published_sum_of_abc() {
        let mut expected = Checksums::default();
        expected.md5 = Some([0; 16]);
        expected.sha1 = Some([0; 20]);
        expected.sha256 = Some([0; 32]);
        let mut sums = Sums::new(&expected);
        sums.update(b"a");
        sums.update(b"bc");
        let shown: Vec<_> = sums.finish().iter().collect();
        let want = [
            ("crc32", "352441c2"),
            ("md5", "900150983cd24fb0d6963f7d28e17f72"),
            ("sha1", "a9993e364706816aba3e25717850c26c9cd0d89d"),
            ("sha256", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        ];
        assert_eq!(shown, want.map(|(name, sum)| (name, sum.to_owned())));
    }

    #[test]
    fn only_what_is_expected_is_computed() {
        let sums = Sums::new(&Checksums::default()).finish();
        assert_eq!(sums.iter().map(|(name, _)| name).collect::<Vec<_>>(), ["crc32"]);
    }
}
