//! Letters with marks, and the plain letters that stand for them when paths are compared.

/// What stands for this letter: the table of the official SDKs of Files.com, applied after NFKC.
pub(super) fn plain(letter: char) -> Option<&'static str> {
    let place = (letter as usize).checked_sub(FIRST)?;
    PLAIN.get(place).copied().filter(|plain| !plain.is_empty())
}

const FIRST: usize = '\u{c0}' as usize;

/// From U+00C0 to U+017E; empty where the letter stays.
#[rustfmt::skip]
static PLAIN: [&str; 191] = [
    "A", "A", "A", "A", "A", "A", "AE", "C", "E", "E", "E", "E", "I", "I", "I", "I", "D", "N", "O",
    "O", "O", "O", "O", "", "O", "U", "U", "U", "U", "Y", "", "ss", "a", "a", "a", "a", "a", "a",
    "ae", "c", "e", "e", "e", "e", "i", "i", "i", "i", "d", "n", "o", "o", "o", "o", "o", "", "o",
    "u", "u", "u", "u", "y", "", "y", "A", "a", "A", "a", "A", "a", "C", "c", "C", "c", "C", "c",
    "C", "c", "D", "d", "D", "d", "E", "e", "E", "e", "E", "e", "E", "e", "E", "e", "G", "g", "G",
    "g", "G", "g", "G", "g", "H", "h", "H", "h", "I", "i", "I", "i", "I", "i", "I", "i", "I", "",
    "IJ", "ij", "J", "j", "K", "k", "", "L", "l", "L", "l", "L", "l", "", "", "L", "l", "N", "n",
    "N", "n", "N", "n", "'n", "", "", "O", "o", "O", "o", "O", "o", "OE", "oe", "R", "r", "R", "r",
    "R", "r", "S", "s", "S", "s", "S", "s", "S", "s", "T", "t", "T", "t", "", "", "U", "u", "U",
    "u", "U", "u", "U", "u", "U", "u", "U", "u", "W", "w", "Y", "y", "Y", "Z", "z", "Z", "z", "Z",
    "z",
];

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    #[test]
    fn the_table_is_the_published_one() {
        let published = include_str!("../../fixtures/filescom/path_transliteration.json");
        let published: BTreeMap<char, String> = serde_json::from_str(published).unwrap();
        for letter in '\0'..='\u{2ff}' {
            let expected = published.get(&letter).map(String::as_str);
            assert_eq!(plain(letter), expected, "{letter}");
        }
        assert!(published.keys().all(|letter| plain(*letter).is_some()));
    }
}
