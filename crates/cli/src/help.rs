//! What the program tells about itself: one screen, and pages for what has no room there.

mod page;
mod screen;

pub(crate) use page::{Page, all as pages};
pub(crate) use screen::screen;

use std::env;

use clap::Command;
use terminal_size::{Width, terminal_size};
use wharf::connector::nearest;

use crate::arguments::definition;
use crate::failure::{Result, invalid};

/// The command of these words, such as `jobs resume`, complete with what it takes from those above
/// it; without a word the program itself.
pub(crate) fn command(words: &[String]) -> Result<Command> {
    let mut command = definition();
    command.build();
    for word in words {
        command = match command.find_subcommand(word) {
            Some(found) => found.clone(),
            None => return Err(unknown(&command, word).into()),
        };
    }
    Ok(command)
}

/// What --help says after these words.
pub(crate) fn text(words: &[String]) -> Result<String> {
    command(words)?;
    let line = [NAME].into_iter().chain(words.iter().map(String::as_str)).chain(["--help"]);
    // A command that exists answers --help by an error that is no failure.
    let answer = definition().try_get_matches_from(line).err();
    Ok(answer.map(|answer| answer.render().to_string()).unwrap_or_default())
}

fn unknown(command: &Command, word: &str) -> wharf::Error {
    let names = command.get_subcommands().map(Command::get_name);
    let topics = Page::ALL.iter().map(|page| page.name());
    let message = format!("there is no help on {word:?}");
    match nearest(word, names.chain(topics)) {
        Some(near) => invalid(message, format!("Did you mean `{near}`? {SEE_HELP}")),
        None => invalid(message, SEE_HELP),
    }
}

/// The columns of the terminal; where there is none, those that COLUMNS tells.
pub(crate) fn width() -> usize {
    let terminal = terminal_size().map(|(Width(columns), _)| usize::from(columns));
    let told = || env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok());
    let width = terminal.or_else(told).filter(|columns| *columns > 0);
    width.unwrap_or(USUAL).clamp(NARROWEST, WIDEST)
}

const SEE_HELP: &str = "`wharf help` names the commands, and `wharf help places`, `secrets` and \
    `exit-codes` tell the rest.";

const NAME: &str = "wharf";

const USUAL: usize = 80;
const NARROWEST: usize = 20;
const WIDEST: usize = 100;

#[cfg(test)]
mod tests;
