//! Checksums as a map from names to hexadecimal digits.

use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer, Serializer, de};
use wharf_connector::Checksums;

pub(crate) fn serialize<S: Serializer>(sums: &Checksums, to: S) -> Result<S::Ok, S::Error> {
    to.collect_map(sums.iter())
}

pub(crate) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Checksums, D::Error> {
    let mut sums = Checksums::default();
    // A kind that is not known here was written by a later version, and is left out.
    for (name, digits) in BTreeMap::<String, String>::deserialize(from)? {
        let wrong = || de::Error::custom(format!("{digits:?} is no {name}"));
        match name.as_str() {
            "crc32" => sums.crc32 = Some(read(&digits).map(u32::from_be_bytes).ok_or_else(wrong)?),
            "md5" => sums.md5 = Some(read(&digits).ok_or_else(wrong)?),
            "sha1" => sums.sha1 = Some(read(&digits).ok_or_else(wrong)?),
            "sha256" => sums.sha256 = Some(read(&digits).ok_or_else(wrong)?),
            _ => {}
        }
    }
    Ok(sums)
}

fn read<const N: usize>(digits: &str) -> Option<[u8; N]> {
    let mut bytes = [0; N];
    if digits.len() != 2 * N || !digits.bytes().all(|digit| digit.is_ascii_hexdigit()) {
        return None;
    }
    for (index, byte) in bytes.iter_mut().enumerate() {
        *byte = u8::from_str_radix(digits.get(2 * index..2 * index + 2)?, 16).ok()?;
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_comes_back() {
        let mut sums = Checksums::default();
        sums.crc32 = Some(0x2b);
        sums.md5 = Some([0x0a; 16]);
        sums.sha1 = Some([0xff; 20]);
        sums.sha256 = Some([1; 32]);
        let text = {
            let mut text = Vec::new();
            serialize(&sums, &mut serde_json::Serializer::new(&mut text)).unwrap();
            String::from_utf8(text).unwrap()
        };
        assert!(text.contains(r#""crc32":"0000002b""#), "{text}");
        let back = deserialize(&mut serde_json::Deserializer::from_str(&text)).unwrap();
        assert_eq!(back, sums);
    }

    #[test]
    fn bad_digits_are_refused_and_unknown_kinds_left_out() {
        for text in [r#"{"crc32":"2b"}"#, r#"{"crc32":"+000002b"}"#, r#"{"md5":"zz"}"#] {
            assert!(deserialize(&mut serde_json::Deserializer::from_str(text)).is_err(), "{text}");
        }
        let later = r#"{"blake9":"00","crc32":"0000002b"}"#;
        let sums = deserialize(&mut serde_json::Deserializer::from_str(later)).unwrap();
        assert_eq!(sums.crc32, Some(0x2b));
    }
}
