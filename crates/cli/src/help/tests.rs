//! What the help shows, held against what the program understands.

use clap::{Command, Parser};

use super::{Page, screen::commands, unknown};
use crate::arguments::{Arguments, definition};

#[test]
fn the_screen_has_every_command_once() {
    let mut shown: Vec<&str> = commands().collect();
    shown.sort_unstable();
    let definition = definition();
    let known = definition.get_subcommands().filter(|command| !command.is_hide_set());
    let mut known: Vec<&str> = known.map(Command::get_name).collect();
    known.sort_unstable();
    assert_eq!(shown, known, "GROUPS of screen.rs has what the screen shows");
}

#[test]
fn every_command_has_examples_that_it_understands() {
    let mut commands = vec![(Vec::new(), definition())];
    let (mut count, mut wide) = (0, Vec::new());
    while let Some((words, command)) = commands.pop() {
        let name = words.join(" ");
        let notes = command.get_after_long_help().or(command.get_after_help());
        let notes = notes.map(ToString::to_string).unwrap_or_default();
        let examples = examples(&notes);
        assert!(!examples.is_empty(), "`wharf {name}` has no examples");
        let mut its_own = 0;
        for example in &examples {
            let parsed = Arguments::try_parse_from(split(example));
            assert!(parsed.is_ok(), "{name}: {example}: {}", parsed.unwrap_err());
            its_own +=
                usize::from(split(example).get(1..).is_some_and(|rest| rest.starts_with(&words)));
            count += 1;
        }
        assert!(its_own > 0, "no example of `wharf {name}` is one of it");
        let long = notes.lines().filter(|line| line.starts_with("  ") && line.len() > 80);
        wide.extend(long.map(|line| format!("{name}: {line}")));
        commands.extend(command.get_subcommands().map(|one| {
            let words = words.iter().cloned().chain([one.get_name().to_owned()]).collect();
            (words, one.clone())
        }));
    }
    assert!(wide.is_empty(), "wider than a terminal: {wide:#?}");
    assert!(count > 100, "{count} examples found");
}

#[test]
fn an_example_is_read_as_a_shell_reads_it() {
    let notes = "Prose, wharf ls.\n\nExamples:\n  echo 'a b' | wharf put - x: > \"y z\"\n  K=v \
                 wharf a 'b c' \\\n      --d\n\nWithin prose:\n  wharf e";
    assert_eq!(examples(notes), ["wharf put - x:", "wharf a 'b c' --d", "wharf e"]);
    assert_eq!(split("wharf a 'b c' \"d\" e"), ["wharf", "a", "b c", "d", "e"]);
}

#[test]
fn a_slip_in_a_topic_is_met_with_the_nearest_word() {
    for (word, near) in [("secret", "`secrets`"), ("snyc", "`sync`")] {
        let error = unknown(&definition(), word);
        assert!(error.remedy().is_some_and(|text| text.contains(near)), "{error:?}");
    }
    assert!(Page::ALL.iter().all(|page| Page::find(page.name()) == Some(*page)));
}

/// The commands of this program in the indented lines, without what a shell does with them.
fn examples(notes: &str) -> Vec<String> {
    let joined = notes.replace(" \\\n      ", " ");
    let lines = joined.lines().filter_map(|line| line.strip_prefix("  "));
    let commands = lines.flat_map(|line| line.split(" | ")).filter_map(|part| {
        let part = part.split(" > ").next()?;
        let start = part.find("wharf ")?;
        let before = part.get(..start)?.trim();
        (before.is_empty() || before.contains('=')).then(|| part[start..].trim().to_owned())
    });
    commands.collect()
}

/// Words, quoted or not.
fn split(line: &str) -> Vec<String> {
    let (mut words, mut quote) = (vec![String::new()], None);
    for letter in line.chars() {
        match (letter, quote) {
            ('\'' | '"', None) => quote = Some(letter),
            (letter, Some(open)) if letter == open => quote = None,
            (' ', None) => words.push(String::new()),
            (letter, _) => words.last_mut().unwrap().push(letter),
        }
    }
    words.retain(|word| !word.is_empty());
    words
}
