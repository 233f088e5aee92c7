//! What of the bench is wanted.

use crate::outcome::Failure;

/// The command line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Choice {
    /// Small sizes and few rounds, to see that all of it works.
    pub(super) quick: bool,
    /// Whether programs are built and installed; if not, those of the last time are taken.
    pub(super) build: bool,
    /// Only these rows.
    pub(super) only: Vec<String>,
    /// Decides the order in which contestants run.
    pub(super) seed: u64,
    pub(super) what: What,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum What {
    /// The rows.
    Rows,
    /// Their names.
    List,
    /// The counts that fail the gate.
    Gate,
    /// How long crates take to build from nothing.
    Build,
    /// The document once more, from what was measured last.
    Report,
}

impl Choice {
    pub(super) fn read(arguments: &[String]) -> Result<Self, Failure> {
        let mut choice =
            Self { quick: false, build: true, only: Vec::new(), seed: 1, what: What::Rows };
        let mut words = arguments.iter();
        while let Some(word) = words.next() {
            match word.as_str() {
                "--quick" => choice.quick = true,
                "--no-build" => choice.build = false,
                "--list" => choice.what = What::List,
                "--gate" => choice.what = What::Gate,
                "--build" => choice.what = What::Build,
                "--report" => choice.what = What::Report,
                "--only" => choice.only.push(value(word, words.next())?.to_owned()),
                "--seed" => {
                    let text = value(word, words.next())?;
                    let number = text.parse();
                    choice.seed =
                        number.map_err(|_| Failure::new(format!("`{text}` is no number")))?;
                }
                _ => return Err(Failure::new(format!("`bench` does not know `{word}`\n{USAGE}"))),
            }
        }
        Ok(choice)
    }
}

fn value<'a>(word: &str, value: Option<&'a String>) -> Result<&'a str, Failure> {
    value
        .map(String::as_str)
        .ok_or_else(|| Failure::new(format!("`{word}` wants a value\n{USAGE}")))
}

const USAGE: &str = "
bench [--quick] [--only ROW ...] [--seed NUMBER] [--no-build]
                  measures, and writes docs/performance.md
bench --list      the rows
bench --report    writes the document again, from what was measured last
bench --gate      the counts that fail the gate
bench --build [--only CRATE ...]
                  how long crates take to build from nothing";

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Choice, Failure> {
        let words: Vec<String> = text.split_whitespace().map(str::to_owned).collect();
        Choice::read(&words)
    }

    #[test]
    fn what_is_not_understood_is_refused() {
        let choice = read("--quick --only walk --only list --seed 7").unwrap();
        assert!(choice.quick);
        assert_eq!((choice.only.len(), choice.seed, choice.what), (2, 7, What::Rows));
        assert_eq!(read("--gate").unwrap().what, What::Gate);
        for wrong in ["8", "--fast", "--only", "--seed", "--seed x"] {
            assert!(read(wrong).is_err(), "{wrong}");
        }
    }
}
