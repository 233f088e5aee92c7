//! Identifiers: thirteen upper-case base-36 characters, as every printed sample shows them.

use std::fmt;
use std::str::FromStr;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// The id of a file, folder, user, group, message or site.
///
/// The samples ("2OMFYXLA6BP9D", "0QN8H2VKTGIWE") have thirteen characters and begin with 0 to
/// 3: just what a 64-bit number gives in base 36, padded with zeros. So that is what this is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Id(u64);

impl Id {
    /// Reads an id; `None` for anything that no mint could have made. Case matters.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        if text.len() != WIDTH {
            return None;
        }
        text.bytes()
            .try_fold(0_u64, |number, byte| {
                let digit = match byte {
                    b'0'..=b'9' => byte - b'0',
                    b'A'..=b'Z' => byte - b'A' + 10,
                    _ => return None,
                };
                number.checked_mul(36)?.checked_add(u64::from(digit))
            })
            .map(Self)
    }
}

impl FromStr for Id {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        Self::parse(text).ok_or(())
    }
}

impl Serialize for Id {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Id {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).ok_or_else(|| D::Error::custom(format!("{text} is no id")))
    }
}

impl fmt::Display for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut digits = [b'0'; WIDTH];
        let mut rest = self.0;
        for digit in digits.iter_mut().rev() {
            // A remainder of 36 always fits.
            let value = u8::try_from(rest % 36).unwrap_or(0);
            *digit = if value < 10 { b'0' + value } else { b'A' + value - 10 };
            rest /= 36;
        }
        f.write_str(std::str::from_utf8(&digits).unwrap_or("0000000000000"))
    }
}

impl fmt::Debug for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Makes ids, session names and keys; the same seed gives the same row of them.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Mint {
    state: u64,
}

impl Mint {
    pub(crate) fn new(seed: u64) -> Self {
        Self { state: seed }
    }

    pub(crate) fn id(&mut self) -> Id {
        Id(self.number())
    }

    /// A session identifier of 160 base64 characters, without blanks or padding.
    pub(crate) fn session(&mut self) -> String {
        self.text(160, BASE64)
    }

    /// A short key of 20 upper-case letters and digits.
    pub(crate) fn short_key(&mut self) -> String {
        self.text(20, BASE36)
    }

    /// A GUID in its usual lower-case form.
    pub(crate) fn guid(&mut self) -> String {
        let (high, low) = (self.number(), self.number());
        let clock = ((low >> 48) & 0x3fff) | 0x8000;
        format!(
            "{:08x}-{:04x}-4{:03x}-{clock:04x}-{:012x}",
            high >> 32,
            (high >> 16) & 0xffff,
            high & 0xfff,
            low & 0xffff_ffff_ffff,
        )
    }

    fn text(&mut self, length: usize, alphabet: &[u8]) -> String {
        let size = u64::try_from(alphabet.len()).unwrap_or(1);
        (0..length)
            .filter_map(|_| {
                let at = usize::try_from(self.number() % size).unwrap_or(0);
                alphabet.get(at).copied().map(char::from)
            })
            .collect()
    }

    // SplitMix64: a counter with a good mixer, which is all a test double needs.
    fn number(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.state;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }
}

const WIDTH: usize = 13;
const BASE36: &[u8] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
const BASE64: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_printed_id_survives_a_round_trip() {
        for text in
            ["0QN8H2VKTGIWE", "11ETULS0966VI", "1Q1OBQWVHTROE", "315KQM487N2EV", "0000000000000"]
        {
            assert_eq!(Id::parse(text).map(|id| id.to_string()).as_deref(), Some(text));
        }
    }

    #[test]
    fn what_is_no_id_is_refused() {
        for text in ["", "12345", "0qn8h2vktgiwe", "ZZZZZZZZZZZZZ", "0QN8H2VKTGIW-", "é23456789012"]
        {
            assert_eq!(Id::parse(text), None, "{text}");
        }
    }

    #[test]
    fn minted_names_have_the_documented_shapes() {
        let mut mint = Mint::new(1);
        assert_eq!(mint.id().to_string().len(), 13);
        assert_ne!(mint.id(), mint.id());
        assert_eq!(mint.session().len(), 160);
        assert_eq!(mint.short_key().len(), 20);
        let guid = mint.guid();
        let groups: Vec<_> = guid.split('-').map(str::len).collect();
        assert_eq!(groups, [8, 4, 4, 4, 12], "{guid}");
    }
}
