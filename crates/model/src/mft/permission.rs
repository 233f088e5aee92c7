//! What the signed-in user may do with a file or folder.

use std::fmt;
use std::str::FromStr;

use serde::de::{Deserialize, Deserializer};
use serde::ser::{Serialize, Serializer};
use serde_with::DeserializeAs;

use crate::number::{FromWhole, Whole};

bitflags::bitflags! {
    /// Rights of the signed-in user over a file or folder, as a set of bits.
    ///
    /// Bits without a name are kept and written back. Every sample shows 254, all but
    /// [`SHOW`](Self::SHOW); so its absence is no reason to hide an entry (Boomi: File Sharing
    /// API reference 1.16, Root). The reference of files does not list `DELETE`, yet its sample
    /// has it: files and folders are read with the same bits.
    ///
    /// ```
    /// use wharf_model::mft::EffectivePermission;
    ///
    /// let rights: EffectivePermission = serde_json::from_str("268")?;
    /// assert!(rights.contains(EffectivePermission::DOWNLOAD));
    /// assert_eq!(rights.to_string(), "create download 0x100");
    /// assert_eq!("create download 0x100".parse(), Ok(rights));
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
    pub struct EffectivePermission: u32 {
        /// May see it.
        const SHOW = 0x01;
        /// May read it.
        const READ = 0x02;
        /// May create in it.
        const CREATE = 0x04;
        /// May download it.
        const DOWNLOAD = 0x08;
        /// May distribute it.
        const DISTRIBUTE = 0x10;
        /// May manage it.
        const MANAGE = 0x20;
        /// May modify it.
        const MODIFY = 0x40;
        /// May delete it.
        const DELETE = 0x80;
        // A bit unknown today belongs to the type all the same.
        const _ = !0;
    }
}

impl EffectivePermission {
    /// Full control: every named right.
    pub const FULL: Self = Self::from_bits_retain(0xff);

    /// The bits without a name.
    #[must_use]
    pub const fn unknown_bits(self) -> u32 {
        self.bits() & !Self::FULL.bits()
    }
}

/// The names in the order of their bits, with blanks between; unknown bits last, as in `0x100`.
/// The empty set is `none`.
impl fmt::Display for EffectivePermission {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_empty() {
            return f.write_str("none");
        }
        let mut between = "";
        for (name, right) in NAMED {
            if self.contains(right) {
                write!(f, "{between}{name}")?;
                between = " ";
            }
        }
        match self.unknown_bits() {
            0 => Ok(()),
            unknown => write!(f, "{between}{unknown:#x}"),
        }
    }
}

/// Reads what `Display` prints: names in any case, numbers such as `0x100`, `none` and `full`,
/// separated by blanks, commas or bars.
impl FromStr for EffectivePermission {
    type Err = ParsePermissionError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text.split(|c: char| c.is_whitespace() || c == ',' || c == '|')
            .filter(|word| !word.is_empty())
            .try_fold(Self::empty(), |rights, word| Ok(rights | right(word)?))
    }
}

fn right(word: &str) -> Result<EffectivePermission, ParsePermissionError> {
    let known = NAMED.iter().chain(SHORT_FORMS).find(|(name, _)| name.eq_ignore_ascii_case(word));
    if let Some((_, right)) = known {
        return Ok(*right);
    }
    word.strip_prefix("0x")
        .filter(|digits| !digits.starts_with('+'))
        .and_then(|digits| u32::from_str_radix(digits, 16).ok())
        .map(EffectivePermission::from_bits_retain)
        .ok_or_else(|| ParsePermissionError { word: word.chars().take(40).collect() })
}

/// A word that names no right.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ParsePermissionError {
    word: String,
}

impl fmt::Display for ParsePermissionError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?} is no right; the rights are none full", self.word)?;
        NAMED.iter().try_for_each(|(name, _)| write!(f, " {name}"))
    }
}

impl std::error::Error for ParsePermissionError {}

impl FromWhole for EffectivePermission {
    const EXPECTED: &'static str = "a set of permission bits";

    /// Documented as `int32`, so a set top bit arrives as a minus sign.
    fn from_whole(number: i64) -> Option<Self> {
        let bits = match u32::try_from(number) {
            Ok(bits) => bits,
            Err(_) => i32::try_from(number).ok()?.cast_unsigned(),
        };
        Some(Self::from_bits_retain(bits))
    }
}

impl<'de> Deserialize<'de> for EffectivePermission {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Whole::deserialize_as(deserializer)
    }
}

impl Serialize for EffectivePermission {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_i32(self.bits().cast_signed())
    }
}

const NAMED: [(&str, EffectivePermission); 8] = [
    ("show", EffectivePermission::SHOW),
    ("read", EffectivePermission::READ),
    ("create", EffectivePermission::CREATE),
    ("download", EffectivePermission::DOWNLOAD),
    ("distribute", EffectivePermission::DISTRIBUTE),
    ("manage", EffectivePermission::MANAGE),
    ("modify", EffectivePermission::MODIFY),
    ("delete", EffectivePermission::DELETE),
];

const SHORT_FORMS: &[(&str, EffectivePermission)] =
    &[("none", EffectivePermission::empty()), ("full", EffectivePermission::FULL)];

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn names_in_order() {
        let sample = EffectivePermission::from_bits_retain(254);
        let all = "read create download distribute manage modify delete";
        assert_eq!(sample.to_string(), all);
        assert_eq!(EffectivePermission::FULL.to_string(), format!("show {all}"));
        assert_eq!(EffectivePermission::empty().to_string(), "none");
    }

    #[test]
    fn read_in_several_forms() {
        let read_create = EffectivePermission::READ | EffectivePermission::CREATE;
        for text in ["read create", "Create,READ", "read|create", " 0x6 ", "none 0x2 create"] {
            assert_eq!(text.parse(), Ok(read_create), "{text}");
        }
        assert_eq!("full".parse(), Ok(EffectivePermission::FULL));
        assert_eq!("".parse(), Ok(EffectivePermission::empty()));
        for text in ["write", "0x", "0x+1", "0x123456789", "6"] {
            let error = text.parse::<EffectivePermission>().unwrap_err();
            assert!(error.to_string().contains("show read"), "{error}");
        }
    }

    proptest! {
        #[test]
        fn every_set_survives(bits in any::<u32>()) {
            let rights = EffectivePermission::from_bits_retain(bits);
            prop_assert_eq!(rights.to_string().parse(), Ok(rights));
            let json = serde_json::to_string(&rights).unwrap();
            prop_assert_eq!(serde_json::from_str::<EffectivePermission>(&json).unwrap(), rights);
        }

        #[test]
        fn numbers_are_written_as_they_came(number in any::<i32>()) {
            let rights: EffectivePermission = serde_json::from_str(&number.to_string()).unwrap();
            prop_assert_eq!(serde_json::to_string(&rights).unwrap(), number.to_string());
        }
    }
}
