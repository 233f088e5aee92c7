//! Text from elsewhere, made safe for a terminal.

use std::fmt;

/// Shows control characters instead of sending them: a name in a listing must not be able to
/// move the cursor, change the title or forge a line.
///
/// Characters that turn the direction of writing are shown too, for `exe.gpj` must not read
/// as `jpg.exe`.
pub(crate) struct Shown<'a>(pub(crate) &'a str);

impl fmt::Display for Shown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut clean = 0;
        for (at, letter) in self.0.char_indices() {
            if is_harmful(letter) {
                f.write_str(self.0.get(clean..at).unwrap_or_default())?;
                write!(f, "{}", letter.escape_default())?;
                clean = at + letter.len_utf8();
            }
        }
        f.write_str(self.0.get(clean..).unwrap_or_default())
    }
}

/// The same for texts of several lines, which stay lines.
pub(crate) fn lines(text: &str) -> impl Iterator<Item = Shown<'_>> {
    text.lines().map(Shown)
}

fn is_harmful(letter: char) -> bool {
    letter.is_control()
        || matches!(letter, '\u{2028}' | '\u{2029}')
        || matches!(letter, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_reaches_the_terminal_that_steers_it() {
        for (text, want) in [
            ("report 2026.csv", "report 2026.csv"),
            ("Ünïcödé 文件 🚢", "Ünïcödé 文件 🚢"),
            ("a\u{1b}[2Jb", "a\\u{1b}[2Jb"),
            ("a\nb\r\tc", "a\\nb\\r\\tc"),
            ("\u{9b}31m", "\\u{9b}31m"),
            ("gpj\u{202e}exe", "gpj\\u{202e}exe"),
            ("", ""),
        ] {
            assert_eq!(Shown(text).to_string(), want);
        }
    }
}
