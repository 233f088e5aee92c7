//! `wharf completions`: completions for a shell.

use clap_complete::Shell;
use serde::Serialize;

use crate::arguments;
use crate::context::Context;
use crate::failure::{Failure, Result};

#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Arguments {
    /// The shell
    shell: Shell,
}

#[derive(Debug, Serialize)]
struct Document {
    shell: String,
    script: String,
}

pub(crate) fn run(arguments: Arguments, context: &mut Context) -> Result<()> {
    let mut script = Vec::new();
    let mut definition = arguments::definition();
    clap_complete::generate(arguments.shell, &mut definition, "wharf", &mut script);
    if !context.json {
        return context.out.bytes(&script);
    }
    let script = String::from_utf8(script).map_err(|error| {
        Failure::writing(std::io::Error::new(std::io::ErrorKind::InvalidData, error))
    })?;
    let shell = arguments.shell.to_string();
    context.out.document(&Document { shell, script })
}

const EXAMPLES: &str = "\
Examples:
  wharf completions bash > ~/.local/share/bash-completion/completions/wharf
  wharf completions zsh > ~/.zfunc/_wharf
  wharf completions fish > ~/.config/fish/completions/wharf.fish";
