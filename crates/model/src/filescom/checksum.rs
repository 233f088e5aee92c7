//! Checksums of a file.

use std::fmt;
use std::str::FromStr;

use serde::de::{self, Deserialize, Deserializer, Visitor};
use serde::ser::{Serialize, Serializer};
use serde_with::DeserializeAs;

/// A CRC-32. The service leaves leading zeros out (`0` for an empty file, `2ba685`); this is the
/// number, so that does not matter.
///
/// Printed with all eight digits, written to the wire without leading zeros.
///
/// ```
/// use wharf_model::filescom::Crc32;
///
/// let sum: Crc32 = serde_json::from_str("\"2ba685\"")?;
/// assert_eq!(sum, Crc32::from(0x002b_a685));
/// assert_eq!(sum.to_string(), "002ba685");
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Crc32(u32);

impl From<u32> for Crc32 {
    fn from(sum: u32) -> Self {
        Self(sum)
    }
}

impl From<Crc32> for u32 {
    fn from(sum: Crc32) -> Self {
        sum.0
    }
}

impl FromStr for Crc32 {
    type Err = ParseCrc32Error;

    fn from_str(digits: &str) -> Result<Self, ParseCrc32Error> {
        if digits.starts_with('+') || digits.len() > 8 {
            return Err(ParseCrc32Error(()));
        }
        u32::from_str_radix(digits, 16).map(Self).map_err(|_| ParseCrc32Error(()))
    }
}

impl fmt::Display for Crc32 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:08x}", self.0)
    }
}

/// A text that is no CRC-32: not one to eight hexadecimal digits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ParseCrc32Error(());

impl fmt::Display for ParseCrc32Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a CRC-32 is one to eight hexadecimal digits")
    }
}

impl std::error::Error for ParseCrc32Error {}

impl Serialize for Crc32 {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&format_args!("{:x}", self.0))
    }
}

impl<'de> Deserialize<'de> for Crc32 {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(CrcVisitor)
    }
}

struct CrcVisitor;

impl Visitor<'_> for CrcVisitor {
    type Value = Crc32;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("one to eight hexadecimal digits")
    }

    fn visit_str<E: de::Error>(self, digits: &str) -> Result<Crc32, E> {
        digits.parse().map_err(|_| E::invalid_value(de::Unexpected::Str(digits), &self))
    }
}

/// Adapter that reads an empty checksum as none.
pub(crate) struct NotEmpty;

impl<'de> DeserializeAs<'de, Option<Crc32>> for NotEmpty {
    fn deserialize_as<D: Deserializer<'de>>(from: D) -> Result<Option<Crc32>, D::Error> {
        from.deserialize_option(OptionVisitor)
    }
}

impl serde_with::SerializeAs<Option<Crc32>> for NotEmpty {
    fn serialize_as<S: Serializer>(sum: &Option<Crc32>, to: S) -> Result<S::Ok, S::Error> {
        sum.serialize(to)
    }
}

struct OptionVisitor;

impl<'de> Visitor<'de> for OptionVisitor {
    type Value = Option<Crc32>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("hexadecimal digits or null")
    }

    fn visit_none<E: de::Error>(self) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_unit<E: de::Error>(self) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_str(self)
    }

    fn visit_str<E: de::Error>(self, digits: &str) -> Result<Self::Value, E> {
        match digits {
            "" => Ok(None),
            digits => CrcVisitor.visit_str(digits).map(Some),
        }
    }
}

/// The checksums that a file comes with.
///
/// Which are calculated is a setting of the site; all are null right after an upload and filled
/// in some seconds later. Hexadecimal digits are compared without regard to case.
#[derive(Debug, Clone, Copy, Default)]
#[non_exhaustive]
pub struct Checksums<'a> {
    /// CRC-32.
    pub crc32: Option<Crc32>,
    /// MD5, 32 hexadecimal digits.
    pub md5: Option<&'a str>,
    /// SHA-1, 40 hexadecimal digits.
    pub sha1: Option<&'a str>,
    /// SHA-256, 64 hexadecimal digits.
    pub sha256: Option<&'a str>,
}

impl Checksums<'_> {
    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.crc32.is_none() && self.md5.is_none() && self.sha1.is_none() && self.sha256.is_none()
    }

    /// Whether two sets are of the same content: `None` if they have no kind in common, `false`
    /// if any common kind differs.
    #[must_use]
    pub fn matches(&self, other: &Checksums<'_>) -> Option<bool> {
        let texts = [(self.md5, other.md5), (self.sha1, other.sha1), (self.sha256, other.sha256)];
        let crc32 = self.crc32.zip(other.crc32).map(|(a, b)| a == b);
        texts
            .into_iter()
            .filter_map(|(a, b)| Some(a?.eq_ignore_ascii_case(b?)))
            .chain(crc32)
            .reduce(|a, b| a && b)
    }
}

/// Equal if each kind is.
impl PartialEq for Checksums<'_> {
    fn eq(&self, other: &Self) -> bool {
        let same = |a: Option<&str>, b: Option<&str>| match (a, b) {
            (Some(a), Some(b)) => a.eq_ignore_ascii_case(b),
            (a, b) => a == b,
        };
        self.crc32 == other.crc32
            && same(self.md5, other.md5)
            && same(self.sha1, other.sha1)
            && same(self.sha256, other.sha256)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn leading_zeros_do_not_count() {
        for digits in ["2ba685", "002ba685", "002BA685"] {
            assert_eq!(digits.parse(), Ok(Crc32(0x002b_a685)));
        }
        for digits in ["", "+1", "-1", "0x1", "g", "123456789", " 1"] {
            assert!(digits.parse::<Crc32>().is_err(), "{digits}");
        }
    }

    #[test]
    fn matching_needs_a_common_kind() {
        let a = Checksums { md5: Some("ab"), crc32: Some(Crc32(1)), ..Default::default() };
        let b = Checksums { md5: Some("AB"), sha1: Some("c"), ..Default::default() };
        let c = Checksums { sha256: Some("d"), ..Default::default() };
        assert_eq!(a.matches(&b), Some(true));
        assert_eq!(a.matches(&c), None);
        let d = Checksums { crc32: Some(Crc32(2)), ..b };
        assert_eq!(a.matches(&d), Some(false));
        assert!(Checksums::default().is_empty() && !c.is_empty());
    }

    proptest! {
        #[test]
        fn every_sum_survives(sum in any::<u32>()) {
            let json = serde_json::to_string(&Crc32(sum)).unwrap();
            prop_assert_eq!(json, format!("\"{sum:x}\""));
            prop_assert_eq!(Crc32(sum).to_string().parse(), Ok(Crc32(sum)));
        }
    }
}
