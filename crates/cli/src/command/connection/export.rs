//! `wharf connection export`: connections for another machine.

use std::io::Write;
use std::path::{Path, PathBuf};

use serde::Serialize;
use wharf::connections::{Connection, seal_export};

use crate::context::Context;
use crate::failure::{Result, on_this_machine};
use crate::prompt;

#[derive(Debug, clap::Args)]
#[command(after_help = NOTES)]
pub(crate) struct Arguments {
    /// The names; all if there are none
    names: Vec<String>,

    /// Write the secrets too, into a new file that a passphrase encrypts
    #[arg(long, value_name = "FILE")]
    with_secrets: Option<PathBuf>,
}

#[derive(Debug, Serialize)]
struct Document {
    exported: Vec<String>,
    /// Nothing where it went to a file.
    text: Option<String>,
    file: Option<String>,
}

pub(crate) fn run(arguments: Arguments, context: &mut Context) -> Result<()> {
    let chosen = chosen(&arguments.names, context)?;
    let exported = chosen.iter().map(|connection| connection.name.clone()).collect();
    let connections = context.accounts.connections()?;
    let Some(path) = arguments.with_secrets else {
        let text = connections.export(&chosen);
        if context.json {
            return context.out.document(&Document { exported, text: Some(text), file: None });
        }
        return context.out.text(&text);
    };
    let text = connections.export_with_secrets(&chosen)?;
    let passphrase = prompt::new_passphrase(&path.display().to_string())?;
    let sealed = seal_export(&text, passphrase)?;
    let failed = |error| on_this_machine(path.display().to_string(), error);
    create(&path, &sealed).map_err(failed)?;
    let file = path.display().to_string();
    if context.json {
        return context.out.document(&Document { exported, text: None, file: Some(file) });
    }
    context.say(format!("wrote {} connections with their secrets to {file}", chosen.len()))
}

fn chosen(names: &[String], context: &Context) -> Result<Vec<Connection>> {
    let accounts = &context.accounts;
    let connections = accounts.connections()?;
    if names.is_empty() {
        return Ok(connections.list(accounts.registry())?);
    }
    let find = |name: &String| Ok(connections.find(name, accounts.registry())?);
    names.iter().map(find).collect()
}

/// A new file, for its owner alone.
fn create(path: &Path, content: &[u8]) -> std::io::Result<()> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    file.write_all(content)?;
    file.sync_all()
}

const NOTES: &str = "\
Examples:
  wharf connection export > connections.toml
  wharf connection export acme --with-secrets acme.age

Without --with-secrets no secret leaves: where wharf keeps one, the text says that it is to be \
asked for. References to variables, files and commands are written as they are. The file of \
--with-secrets opens with: age --decrypt.";
