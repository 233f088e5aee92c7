//! `wharf man`: manual pages, made from what the program knows of itself.

use std::fs;
use std::path::{Path, PathBuf};

use serde::Serialize;

use crate::context::Context;
use crate::failure::{Result, on_this_machine};
use crate::help;
use crate::present::escape::Shown;
use crate::present::manual;

#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Arguments {
    /// The command whose page is printed, such as `jobs resume`; without one that of wharf
    #[arg(value_name = "COMMAND")]
    words: Vec<String>,

    /// Write the pages of all commands into this folder, one file for each
    #[arg(long, value_name = "FOLDER", conflicts_with = "words")]
    dir: Option<PathBuf>,
}

#[derive(Debug, Serialize)]
struct Page {
    page: String,
    text: String,
}

#[derive(Debug, Serialize)]
struct Pages {
    folder: String,
    pages: Vec<String>,
}

pub(crate) fn run(arguments: Arguments, context: &mut Context) -> Result<()> {
    if let Some(folder) = &arguments.dir {
        return write_all(folder, context);
    }
    let command = help::command(&arguments.words)?;
    let text = manual::page(&command);
    if context.json {
        return context.out.document(&Page { page: manual::file_name(&command), text });
    }
    context.out.text(&text)
}

fn write_all(folder: &Path, context: &mut Context) -> Result<()> {
    let failed = |path: &Path, error| {
        on_this_machine(format!("cannot write {}", path.display()), error)
            .with_remedy("Choose a folder that you may write to.")
    };
    fs::create_dir_all(folder).map_err(|error| failed(folder, error))?;
    let mut pages = Vec::new();
    let mut commands = vec![help::command(&[])?];
    while let Some(command) = commands.pop() {
        let name = manual::file_name(&command);
        let path = folder.join(&name);
        fs::write(&path, manual::page(&command)).map_err(|error| failed(&path, error))?;
        pages.push(name);
        commands.extend(command.get_subcommands().filter(|one| !one.is_hide_set()).cloned());
    }
    pages.sort_unstable();
    let folder = folder.display().to_string();
    if context.json {
        return context.out.document(&Pages { folder, pages });
    }
    context.say(format!("wrote {} pages to {}", pages.len(), Shown(&folder)))
}

const EXAMPLES: &str = "\
Examples:
  wharf man --dir ~/.local/share/man/man1
  wharf man jobs resume > wharf-jobs-resume.1";
