//! One function for each house rule.
//!
//! Words that the rules look for are put together from two halves, so that this file does not
//! find itself.

use super::exceptions::{CALLS, LIBRARIES, LONG, NEUTRAL, SERVICES};
use crate::workspace::Text;

/// The rules that look at one file at a time.
pub(super) const EVERY: &[fn(&Text, &mut Vec<String>)] = &[
    says_what_it_is,
    no_trailing_space,
    one_concept,
    no_mod_rs,
    nothing_unfinished,
    no_silent_ignore,
    no_nameless_todo,
    no_machine_paths,
    translates_in_one_place,
    no_stray_calls,
];

/// More lines than this want a reason.
pub(super) const LONGEST: usize = 400;

fn says_what_it_is(text: &Text, findings: &mut Vec<String>) {
    if text.is_rust() && !text.text.starts_with("//!") {
        findings.push(format!(
            "{}:1: starts without `//!`: say in a line what the file is for",
            text.path
        ));
    }
}

fn no_trailing_space(text: &Text, findings: &mut Vec<String>) {
    for (number, line) in text.lines() {
        if line.ends_with([' ', '\t', '\r']) {
            findings.push(format!("{}:{number}: white space at the end of the line", text.path));
        }
    }
    if !text.text.is_empty() && !text.text.ends_with('\n') {
        findings.push(format!("{}: the last line does not end", text.path));
    }
    if text.text.ends_with("\n\n") {
        findings.push(format!("{}: empty lines at the end", text.path));
    }
}

fn one_concept(text: &Text, findings: &mut Vec<String>) {
    let lines = text.text.lines().count();
    if text.is_rust() && lines > LONGEST && !listed(&text.path) {
        findings.push(format!(
            "{}: {lines} lines, more than {LONGEST}: split it, or give the reason in {EXCEPTIONS}",
            text.path
        ));
    }
}

fn listed(path: &str) -> bool {
    LONG.iter().any(|(listed, _)| *listed == path)
}

fn no_mod_rs(text: &Text, findings: &mut Vec<String>) {
    if text.name() == "mod.rs" {
        findings.push(format!(
            "{}: name it after its folder, beside the folder: a dozen tabs called mod.rs help nobody",
            text.path
        ));
    }
}

fn nothing_unfinished(text: &Text, findings: &mut Vec<String>) {
    if !text.is_rust() {
        return;
    }
    for (number, line) in text.lines().filter(|(_, line)| !is_comment(line)) {
        for name in [concat!("to", "do!"), concat!("un", "implemented!")] {
            if line.contains(name) {
                findings.push(format!(
                    "{}:{number}: `{name}` ships a crash: answer with an error that says what is missing",
                    text.path
                ));
            }
        }
    }
}

fn no_silent_ignore(text: &Text, findings: &mut Vec<String>) {
    if !text.is_rust() {
        return;
    }
    for (number, line) in text.lines().filter(|(_, line)| !is_comment(line)) {
        if line.contains(concat!("#[ig", "nore]")) {
            findings.push(format!(
                "{}:{number}: a test that is left out says why: #[ig{}",
                text.path, "nore = \"...\"]"
            ));
        }
    }
}

fn no_nameless_todo(text: &Text, findings: &mut Vec<String>) {
    if !text.is_rust() {
        return;
    }
    for (number, line) in text.lines() {
        for word in [concat!("TO", "DO"), concat!("FIX", "ME"), concat!("X", "XX")] {
            let bare = line.split(word).skip(1).any(|after| {
                !after.starts_with("(#")
                    && !after.starts_with(|c: char| c.is_alphanumeric() || c == '_')
            });
            if bare && is_word(line, word) {
                findings.push(format!(
                    "{}:{number}: `{word}` without an issue: write {word}(#number), or do it",
                    text.path
                ));
            }
        }
    }
}

/// Whether `word` stands by itself at least once, not inside `{word}-9` or `my{word}`.
fn is_word(line: &str, word: &str) -> bool {
    line.match_indices(word).any(|(at, _)| {
        let before = line.get(..at).and_then(|text| text.chars().next_back());
        let after = line.get(at + word.len()..).and_then(|text| text.chars().next());
        let joins = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || "_-\"'".contains(c));
        !joins(before) && !joins(after)
    })
}

fn no_machine_paths(text: &Text, findings: &mut Vec<String>) {
    let lines: Vec<(usize, &str)> = if text.is_rust() {
        let shipped = text.lines().take_while(|(_, line)| !line.starts_with("mod tests"));
        if text.is_for_tests() { Vec::new() } else { shipped.collect() }
    } else {
        text.lines().collect()
    };
    for (number, line) in lines {
        for path in [concat!("/t", "mp/"), concat!("/wo", "rk/"), concat!("/ro", "ot/.")] {
            if line.contains(path) {
                findings.push(format!("{}:{number}: `{path}` is a path of one machine", text.path));
            }
        }
    }
}

/// A service says its own words everywhere, and turns them into the contract's in one place.
fn translates_in_one_place(text: &Text, findings: &mut Vec<String>) {
    let service = SERVICES.iter().find_map(|folder| text.path.strip_prefix(folder));
    let is_the_place = |path: &str| {
        ["convert", "error"].iter().any(|file| path.split(['/', '.']).next() == Some(file))
    };
    let Some(path) = service.filter(|path| !is_the_place(path)) else {
        return;
    };
    for (number, line) in text.shipped_lines() {
        // The root of a service without a root document: there is nothing to translate.
        let line = line.replace("Entry::folder(RemotePath::root())", "");
        if let Some(word) = NEUTRAL.iter().find(|word| begins_word(&line, word)) {
            findings.push(format!(
                "{}:{number}: `{word}` in {path} translates: that belongs in convert.rs or \
                 error.rs, so that there is one place to look",
                text.path
            ));
        }
    }
}

/// Whether `text` stands in the line and is not the end of a longer name or path.
fn begins_word(line: &str, text: &str) -> bool {
    line.match_indices(text).any(|(at, _)| {
        let before = line.get(..at).and_then(|text| text.chars().next_back());
        !before.is_some_and(|c| c.is_alphanumeric() || c == '_' || c == ':')
    })
}

fn no_stray_calls(text: &Text, findings: &mut Vec<String>) {
    if !LIBRARIES.iter().any(|folder| text.path.starts_with(folder)) || !text.is_rust() {
        return;
    }
    for (number, line) in text.shipped_lines() {
        for call in CALLS.iter().filter(|call| line.contains(call.text)) {
            if !call.but.contains(&text.path.as_str()) {
                findings.push(format!("{}:{number}: `{}`: {}", text.path, call.text, call.why));
            }
        }
    }
}

/// Exceptions that nothing needs any more.
pub(super) fn stale_exceptions(texts: &[Text]) -> Vec<String> {
    let is_long = |path: &str| {
        texts.iter().any(|text| text.path == path && text.text.lines().count() > LONGEST)
    };
    LONG.iter()
        .filter(|(path, _)| !is_long(path))
        .map(|(path, _)| {
            format!("{path} is excused for its length, but is not long ({EXCEPTIONS})")
        })
        .collect()
}

/// Versions in the root manifest that no crate takes.
pub(super) fn unused_versions(texts: &[Text]) -> Vec<String> {
    let Some(root) = texts.iter().find(|text| text.path == "Cargo.toml") else {
        return Vec::new();
    };
    let manifests: Vec<&str> = texts
        .iter()
        .filter(|text| text.path.ends_with("/Cargo.toml"))
        .flat_map(|text| text.text.lines())
        .collect();
    root.lines()
        .skip_while(|(_, line)| *line != "[workspace.dependencies]")
        .skip(1)
        .take_while(|(_, line)| !line.starts_with('['))
        .filter_map(|(number, line)| Some((number, line.split_once(" = ")?.0)))
        .filter(|(_, name)| !name.starts_with('#'))
        .filter(|(_, name)| {
            let taken = [format!("{name}.workspace"), format!("{name} = ")];
            !manifests.iter().any(|line| taken.iter().any(|start| line.starts_with(start)))
        })
        .map(|(number, name)| format!("Cargo.toml:{number}: no crate takes `{name}`"))
        .collect()
}

/// There is a changelog, and it has a place for what comes next.
pub(super) fn changelog(texts: &[Text]) -> Option<String> {
    let found =
        texts.iter().any(|text| text.path == CHANGELOG && text.text.contains("\n## Unreleased\n"));
    (!found).then(|| format!("{CHANGELOG} has no heading `## Unreleased`"))
}

fn is_comment(line: &str) -> bool {
    line.trim_start().starts_with("//")
}

const CHANGELOG: &str = "docs/changelog.md";
const EXCEPTIONS: &str = "xtask/src/tidy/exceptions.rs";
