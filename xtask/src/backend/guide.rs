//! What a reader of the guide does, in the order of the page: commands to type, code to write down.

use crate::outcome::Failure;

/// One thing that the page tells its reader to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Step {
    /// A line of a block fenced as `sh`.
    Command(String),
    /// A block fenced as `rust`: the file that the prose before it names, and what goes there.
    Code { file: String, text: String },
    /// A block fenced as `text`: what the page says that is printed.
    Printed(String),
}

/// Reads the page.
pub(super) fn steps(page: &str) -> Result<Vec<Step>, Failure> {
    let mut steps = Vec::new();
    let mut file = None;
    let mut block: Option<(usize, &str, String)> = None;
    for (number, line) in page.lines().enumerate() {
        match (line.strip_prefix("```"), &mut block) {
            (None, None) => file = named_file(line).or(file),
            (None, Some((_, _, text))) => {
                text.push_str(line);
                text.push('\n');
            }
            (Some(language), None) => block = Some((number + 1, language, String::new())),
            (Some(_), Some(_)) => {
                if let Some((at, language, text)) = block.take() {
                    steps.extend(of_block(at, language, text, file.as_deref())?);
                }
            }
        }
    }
    Ok(steps)
}

/// The last file of the reader's crate that a line of prose names, such as `src/lib.rs`.
fn named_file(line: &str) -> Option<String> {
    let words = line.split('`').skip(1).step_by(2);
    let is_file = |word: &&str| {
        word.ends_with(".rs") && ["src/", "tests/"].iter().any(|folder| word.starts_with(folder))
    };
    words.filter(is_file).last().map(str::to_owned)
}

fn of_block(
    at: usize,
    language: &str,
    text: String,
    file: Option<&str>,
) -> Result<Vec<Step>, Failure> {
    match (language, file) {
        ("sh", _) => Ok(text.lines().map(|line| Step::Command(line.to_owned())).collect()),
        ("rust", Some(file)) => Ok(vec![Step::Code { file: file.to_owned(), text }]),
        ("rust", None) => Err(Failure::new(format!(
            "line {at}: code, and no file was named before it for it to go into"
        ))),
        ("text", _) => Ok(vec![Step::Printed(text)]),
        _ => Err(Failure::new(format!(
            "line {at}: a block fenced as `{language}`: a reader types `sh`, writes down `rust` \
             and looks at `text`"
        ))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn command(line: &str) -> Step {
        Step::Command(line.to_owned())
    }

    fn code(file: &str, text: &str) -> Step {
        Step::Code { file: file.to_owned(), text: text.to_owned() }
    }

    #[test]
    fn a_page_is_followed_from_top_to_bottom() {
        let page = "# A\n```sh\ncargo new a\ncd a\n```\nIn `src/lib.rs`, not `crates/b/src/c.rs`:\n\
                    ```rust\nfn a() {}\n\n```\nmore\n```rust\nfn b() {}\n```\n`tests/a.rs`:\n\
                    ```rust\nfn c() {}\n```\n```text\nok\n```\n";
        let expected = [
            command("cargo new a"),
            command("cd a"),
            code("src/lib.rs", "fn a() {}\n\n"),
            code("src/lib.rs", "fn b() {}\n"),
            code("tests/a.rs", "fn c() {}\n"),
            Step::Printed("ok\n".to_owned()),
        ];
        assert_eq!(steps(page).unwrap(), expected);
    }

    #[test]
    fn what_nobody_could_follow_is_refused() {
        let failure = steps("a\n```rust\nfn a() {}\n```\n").unwrap_err().to_string();
        assert!(failure.starts_with("line 2: code, and no file"), "{failure}");
        let failure = steps("```python\n```\n").unwrap_err().to_string();
        assert!(failure.contains("fenced as `python`"), "{failure}");
    }
}
