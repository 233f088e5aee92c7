//! `wharf --help`: all commands on one screen, and where to begin.

use super::width;
use crate::present::wrap;

/// Commands that are about one thing.
struct Group {
    heading: &'static str,
    commands: &'static str,
    about: &'static str,
}

/// The screen, as wide as the terminal.
pub(crate) fn screen() -> String {
    let width = width();
    let mut text = wrapped(ABOUT, 0, width);
    text.push_str("\nUsage: wharf COMMAND [OPTIONS]\n\n");
    for Group { heading, commands, about } in GROUPS {
        text.push_str(&row(&[(heading, 11), (commands, 29)], about, width));
    }
    text.push_str("\nStart here:\n");
    for (line, about) in START {
        text.push_str(&row(&[("", 2), (line, 39)], about, width));
    }
    text.push('\n');
    for (heading, about) in REST {
        text.push_str(&row(&[(heading, 11)], about, width));
    }
    text
}

/// Where to begin, a line each.
pub(super) fn examples() -> String {
    let lines: Vec<String> = START.iter().map(|(line, _)| format!("  {line}")).collect();
    lines.join("\n")
}

/// The names of all commands that the screen shows.
#[cfg(test)]
pub(super) fn commands() -> impl Iterator<Item = &'static str> {
    GROUPS.iter().flat_map(|group| group.commands.split_whitespace())
}

/// Columns of so many letters and a text that wraps in the rest; where that would be too narrow,
/// the text stands below.
fn row(columns: &[(&str, usize)], about: &str, width: usize) -> String {
    let indent: usize = columns.iter().map(|(_, columns)| columns).sum();
    let head: String = columns.iter().map(|(text, width)| format!("{text:<width$}")).collect();
    if about.is_empty() && head.trim_end().len() <= width {
        return format!("{}\n", head.trim_end());
    }
    if width >= indent + ROOM {
        let about = wrapped(about, indent, width);
        return format!("{head}{}", about.trim_start());
    }
    let (indent, mut text) = (HANGING, String::new());
    let words: Vec<&str> =
        columns.iter().map(|(text, _)| *text).filter(|text| !text.is_empty()).collect();
    text.push_str(&wrapped(&words.join(" "), 0, width));
    text.push_str(&wrapped(about, indent, width));
    text
}

fn wrapped(text: &str, indent: usize, width: usize) -> String {
    let lines = wrap::wrapped(text, (indent, indent), width);
    lines.iter().filter(|line| !line.is_empty()).map(|line| format!("{line}\n")).collect()
}

/// So many columns must be left for a text beside others.
const ROOM: usize = 24;

const HANGING: usize = 4;

const ABOUT: &str =
    "Carry files between Files.com, Boomi MFT and this machine, and prove they came.";

const GROUPS: &[Group] = &[
    group("Try it", "demo sandbox", "both services here; no account"),
    group("Accounts", "connection test doctor", "save one; does it work, and why not"),
    group("Look", "ls tree stat cat", "what is there"),
    group("Carry", "get put cp", "a file, or with -r a folder"),
    group("Trees", "sync check apply", "make alike; compare; do as planned"),
    group("Proof", "jobs verify", "go on after a break; is it still so"),
    group("Change", "mkdir rm mv set", "folders, names, times, tags"),
    group("Files.com", "share user group api action", "links, people, any call"),
    group("Explain", "help man schemes explain", "settings, what is not certain"),
    group("Shell", "completions", "for bash, zsh, fish, others"),
];

const START: &[(&str, &str)] = &[
    ("wharf demo", "the main job, end to end"),
    ("wharf connection add acme filescom://acme.files.com/", ""),
    ("wharf ls acme:/In", "no key to be given any more"),
    ("wharf get acme:/In/a.csv .", "verified by its checksum"),
    ("wharf cp mft://anna@mft.acme.com/a.csv acme:/In/", ""),
    ("wharf sync --dry-run reports acme:/In", "what would be done"),
];

const REST: &[(&str, &str)] = &[
    ("Places", "acme:/PATH, filescom://HOST/PATH, mft://USER@HOST/PATH, PATH, -"),
    ("Always", "--json, --quiet, --verbose, --set NAME=VALUE, --config-dir FOLDER"),
    ("More", "wharf COMMAND --help; wharf help places, secrets, exit-codes"),
];

const fn group(heading: &'static str, commands: &'static str, about: &'static str) -> Group {
    Group { heading, commands, about }
}
