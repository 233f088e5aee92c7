//! Finding the end of a JSON value whose bytes are still arriving.

/// How far a value was looked through. Each byte is looked at once, so that a long value that
/// arrives in small pieces costs no more than in one.
///
/// It only counts brackets and quotes. Whether the value is good is told by reading it.
#[derive(Debug, Default)]
pub(super) struct Scan {
    at: usize,
    depth: usize,
    in_string: bool,
    escaped: bool,
}

impl Scan {
    /// Looks at what is new in `text`, which begins with the value. Returns the length of the
    /// value when its end is there.
    pub(super) fn advance(&mut self, text: &str) -> Option<usize> {
        for byte in text.bytes().skip(self.at) {
            let here = self.at;
            self.at += 1;
            if self.in_string {
                self.inside_string(byte);
                if !self.in_string && self.depth == 0 {
                    return Some(self.at);
                }
                continue;
            }
            match byte {
                b'"' => self.in_string = true,
                b'{' | b'[' => self.depth += 1,
                b'}' | b']' if self.depth == 1 => return Some(self.at),
                b'}' | b']' if self.depth > 1 => self.depth -= 1,
                // The end of a number or a word is told by what follows.
                b'}' | b']' | b',' | b':' | b' ' | b'\t' | b'\n' | b'\r' if self.depth == 0 => {
                    return Some(here);
                }
                _ => {}
            }
        }
        None
    }

    fn inside_string(&mut self, byte: u8) {
        match byte {
            _ if self.escaped => self.escaped = false,
            b'\\' => self.escaped = true,
            b'"' => self.in_string = false,
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_end_is_found_however_it_arrives() {
        for (text, value) in [
            (r#"{"a":[1,{}]} ,"#, r#"{"a":[1,{}]}"#),
            (r#"["]","\"]",""]]"#, r#"["]","\"]",""]"#),
            (r#""a\\"x"#, r#""a\\""#),
            ("12,", "12"),
            ("null}", "null"),
            ("true ", "true"),
            (",", ""),
        ] {
            assert_eq!(Scan::default().advance(text), Some(value.len()), "{text}");
            let mut scan = Scan::default();
            let found = (1..=text.len()).find_map(|end| scan.advance(&text[..end]));
            assert_eq!(found, Some(value.len()), "{text}");
        }
        assert_eq!(Scan::default().advance("12"), None);
        assert_eq!(Scan::default().advance("{\"a\":\"}"), None);
    }
}
