//! Whether a file arrived, said no better than it is known.

use std::fmt;

use serde::{Deserialize, Serialize};
use wharf_connector::{Checksums, Entry, Error, ErrorKind, Result};

use crate::Place;

/// How sure a copy must be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub enum Verify {
    /// Compares whatever can be compared without reading the file again. A destination on
    /// another machine that has checksums is asked for one, and waited for within the
    /// bound that its connector sets.
    #[default]
    WhenPossible,
    /// The same, and anything below [`Verdict::Verified`] is an error: `Unsupported`
    /// before the first byte when the destination has no checksums, `Pending` when it did
    /// not tell one in time.
    Required,
    /// Reads the file back from the destination and compares it with what was sent.
    ReadBack,
}

/// What is known of a file that was copied. Three words that are not to be mixed up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(tag = "verdict", rename_all = "snake_case")]
#[non_exhaustive]
pub enum Verdict {
    /// A checksum of what was sent agrees with one of what the destination holds.
    ///
    /// From a service that tells no checksum to this machine this is never said: the bytes
    /// that came were stored, but whether they are the service's, only their number tells.
    Verified {
        /// Of which kind.
        algorithm: Algorithm,
        /// How that of the destination is known.
        evidence: Evidence,
    },
    /// The destination holds as many bytes as were sent. No checksum could be compared.
    SizeOnly,
    /// The destination tells neither a checksum nor a size.
    Unverifiable,
}

impl Verdict {
    /// The word for it: `verified`, `size_only` or `unverifiable`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Verified { .. } => "verified",
            Self::SizeOnly => "size_only",
            Self::Unverifiable => "unverifiable",
        }
    }

    /// The same without a checksum that is no proof.
    pub(crate) fn without_proof(self) -> Self {
        match self {
            Self::Verified { evidence: Evidence::Reported, .. } => Self::SizeOnly,
            other => other,
        }
    }

    /// Whether a checksum agreed.
    pub fn is_verified(self) -> bool {
        matches!(self, Self::Verified { .. })
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Verified { algorithm, evidence } => {
                write!(f, "verified ({algorithm}, {evidence})")
            }
            _ => f.write_str(self.as_str()),
        }
    }
}

/// A kind of checksum.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Algorithm {
    /// CRC-32.
    Crc32,
    /// MD5.
    Md5,
    /// SHA-1.
    Sha1,
    /// SHA-256.
    Sha256,
}

impl Algorithm {
    /// The strongest that both sides know.
    pub(crate) fn common(a: &Checksums, b: &Checksums) -> Option<Self> {
        [
            (Self::Sha256, a.sha256.is_some() && b.sha256.is_some()),
            (Self::Sha1, a.sha1.is_some() && b.sha1.is_some()),
            (Self::Md5, a.md5.is_some() && b.md5.is_some()),
            (Self::Crc32, a.crc32.is_some() && b.crc32.is_some()),
        ]
        .into_iter()
        .find_map(|(algorithm, common)| common.then_some(algorithm))
    }

    /// The name, such as `crc32`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Crc32 => "crc32",
            Self::Md5 => "md5",
            Self::Sha1 => "sha1",
            Self::Sha256 => "sha256",
        }
    }
}

impl fmt::Display for Algorithm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// How the checksum of the destination is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Evidence {
    /// The destination said so.
    Reported,
    /// The file was read back.
    ReadBack,
}

impl Evidence {
    /// The words for it: `reported` or `read back`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Reported => "reported",
            Self::ReadBack => "read back",
        }
    }
}

impl fmt::Display for Evidence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// Compares what was sent with what the destination says that it holds.
///
/// The source's own checksums count too, where those of the bytes sent have nothing in
/// common with the destination's.
///
/// # Errors
///
/// `Corrupted` when anything that both sides know differs.
pub(crate) fn judge(
    sent: &Checksums,
    size: Option<u64>,
    source: &Checksums,
    stored: &Entry,
) -> Result<Verdict> {
    if let Some((sent, held)) = size.zip(stored.size).filter(|(sent, held)| sent != held) {
        let message = format!("{sent} bytes were sent, and it holds {held}");
        return Err(Error::new(ErrorKind::Corrupted, message));
    }
    for known in [sent, source] {
        match (known.agree(&stored.checksums), Algorithm::common(known, &stored.checksums)) {
            (Some(false), _) => return Err(corrupted(known, &stored.checksums)),
            (Some(true), Some(algorithm)) => {
                return Ok(Verdict::Verified { algorithm, evidence: Evidence::Reported });
            }
            _ => {}
        }
    }
    Ok(if size.is_some() && stored.size.is_some() {
        Verdict::SizeOnly
    } else {
        Verdict::Unverifiable
    })
}

/// As [`judge`], and looks at the file again before it calls it wrong: what follows is deletion, and
/// for that one answer that may be garbled is not enough.
pub(crate) async fn judge_twice(
    to: &Place,
    stored: Entry,
    judged: impl Fn(&Entry) -> Result<Verdict>,
) -> Result<(Entry, Verdict)> {
    let error = match judged(&stored) {
        Ok(verdict) => return Ok((stored, verdict)),
        Err(error) => error,
    };
    match to.connector.stat(&to.path).await {
        Ok(again) => judged(&again).map(|verdict| (again, verdict)).map_err(|_| error),
        Err(_) => Err(error),
    }
}

/// Names a checksum that differs.
pub(crate) fn corrupted(sent: &Checksums, held: &Checksums) -> Error {
    let differing = sent.iter().find_map(|(name, of_sent)| {
        let of_held = held.iter().find(|(other, _)| *other == name)?.1;
        (of_held != of_sent).then(|| {
            format!("the {name} of what was sent is {of_sent}, of what it holds {of_held}")
        })
    });
    let message = differing.unwrap_or_else(|| "a checksum does not agree".to_owned());
    Error::new(ErrorKind::Corrupted, message)
}

#[cfg(test)]
mod tests {
    use wharf_connector::RemotePath;

    use super::*;

    fn sums(crc32: Option<u32>, md5: Option<[u8; 16]>) -> Checksums {
        let mut sums = Checksums::default();
        (sums.crc32, sums.md5) = (crc32, md5);
        sums
    }

    fn stored(size: Option<u64>, checksums: Checksums) -> Entry {
        let mut entry = Entry::file(RemotePath::root());
        (entry.size, entry.checksums) = (size, checksums);
        entry
    }

    #[test]
    fn each_verdict_says_what_is_known() {
        let (none, crc) = (sums(None, None), sums(Some(1), None));
        let (md5, both) = (sums(None, Some([1; 16])), sums(Some(1), Some([1; 16])));
        let by = |algorithm| Verdict::Verified { algorithm, evidence: Evidence::Reported };
        for (sent, source, size, held, want) in [
            (crc, none, Some(3), crc, by(Algorithm::Crc32)),
            (both, none, Some(3), both, by(Algorithm::Md5)),
            (crc, md5, None, md5, by(Algorithm::Md5)),
            (crc, none, Some(3), md5, Verdict::SizeOnly),
            (crc, none, Some(3), none, Verdict::SizeOnly),
            (none, none, None, none, Verdict::Unverifiable),
        ] {
            let got = judge(&sent, Some(3), &source, &stored(size, held)).unwrap();
            assert_eq!(got, want, "{sent:?} {source:?} {held:?}");
        }
        let unknown = judge(&none, None, &none, &stored(Some(3), none)).unwrap();
        assert_eq!(unknown, Verdict::Unverifiable, "nobody knows how many bytes were sent");
    }

    #[test]
    fn any_difference_is_corruption() {
        let (one, other) = (sums(Some(1), Some([1; 16])), sums(Some(1), Some([2; 16])));
        let none = sums(None, None);
        for (sent, source, held) in [
            (one, none, stored(Some(3), other)),
            (none, one, stored(Some(3), other)),
            (one, none, stored(Some(2), one)),
        ] {
            let error = judge(&sent, Some(3), &source, &held).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Corrupted, "{error}");
        }
    }
}
