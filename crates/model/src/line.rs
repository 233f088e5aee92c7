//! Text of a service on one line.

use std::fmt;

/// Prints text that came from outside as one line: without a full stop at its end, and with
/// blanks for what would break the line or steer a terminal.
pub(crate) struct Line<'a>(pub(crate) &'a str);

impl fmt::Display for Line<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = self.0.trim().trim_end_matches('.');
        text.split(char::is_control).enumerate().try_for_each(|(place, part)| {
            if place > 0 {
                f.write_str(" ")?;
            }
            f.write_str(part)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_breaks_the_line() {
        assert_eq!(Line(" a\r\nb\x1b[31m. ").to_string(), "a  b [31m");
        assert_eq!(Line("a.b.").to_string(), "a.b");
        assert_eq!(Line("").to_string(), "");
    }
}
