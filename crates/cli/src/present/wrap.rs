//! Lines that end where a terminal ends.

use unicode_width::UnicodeWidthStr;

/// Lines of at most `width` columns, each after `indent` blanks but the first, which begins after
/// `first`. A word that is longer stays whole.
pub(crate) fn wrapped(text: &str, (first, indent): (usize, usize), width: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split(' ') {
        match lines.last_mut() {
            Some(line) if columns(line) + 1 + columns(word) <= width => {
                line.push(' ');
                line.push_str(word);
            }
            Some(_) => lines.push(format!("{:indent$}{word}", "")),
            None => lines.push(format!("{:first$}{word}", "")),
        }
    }
    lines.iter().map(|line| line.trim_end().to_owned()).collect()
}

/// How wide a terminal draws it: emphasis has no width.
fn columns(text: &str) -> usize {
    let mut parts = text.split("\u{1b}[");
    let first = parts.next().map(UnicodeWidthStr::width).unwrap_or_default();
    first
        + parts.map(|part| part.split_once('m').map_or(0, |(_, text)| text.width())).sum::<usize>()
}

#[cfg(test)]
mod tests {
    use super::wrapped;

    #[test]
    fn words_stay_whole() {
        assert_eq!(wrapped("a bb  ccc", (0, 2), 6), ["a bb", "  ccc"]);
        assert_eq!(wrapped("\u{6587}\u{4ef6} a", (1, 1), 6), [" \u{6587}\u{4ef6}", " a"]);
        assert_eq!(
            wrapped("\u{1b}[1;31mab\u{1b}[0m cd e", (0, 0), 5),
            ["\u{1b}[1;31mab\u{1b}[0m cd", "e"]
        );
        assert_eq!(wrapped("abcdefgh i", (0, 0), 4), ["abcdefgh", "i"]);
        assert_eq!(wrapped("a  b c", (0, 0), 4), ["a  b", "c"], "blanks in names stay");
    }
}
