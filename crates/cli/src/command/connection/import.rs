//! `wharf connection import`: connections from another machine.

use std::io::Read;
use std::path::PathBuf;

use serde::Serialize;
use wharf::Error;
use wharf::connections::{Connection, Reference, read_exported, secret_file, unseal_export};
use wharf::connector::secrecy::SecretString;

use super::add::save;
use super::draft::Draft;
use super::keeping::Keeping;
use super::told::{SavedDocument, saved};
use crate::context::Context;
use crate::failure::{Failure, Result, invalid, on_this_machine};
use crate::prompt;

#[derive(Debug, clap::Args)]
#[command(after_help = NOTES)]
pub(crate) struct Arguments {
    /// What export wrote; - for standard input
    file: PathBuf,

    /// A file that holds the passphrase of an encrypted export
    #[arg(long, value_name = "FILE")]
    passphrase_file: Option<PathBuf>,

    /// Do not ask before files, variables and commands are used that the import names
    #[arg(long)]
    trust_references: bool,

    #[command(flatten)]
    keeping: Keeping,

    /// Save them without a test; the file says so
    #[arg(long)]
    no_test: bool,
}

#[derive(Debug, Serialize)]
struct Document {
    imported: Vec<SavedDocument>,
}

pub(crate) async fn run(arguments: Arguments, context: &mut Context) -> Result<()> {
    let text = text(&arguments)?;
    let connections = read_exported(&text)?;
    let accounts = &context.accounts;
    for connection in &connections {
        accounts.connections()?.check_free(&connection.name, accounts.registry())?;
    }
    trusted(&connections, arguments.trust_references)?;
    let mut imported = Vec::new();
    let mut errors: Vec<Error> = Vec::new();
    for connection in connections {
        match import(connection, &arguments, context).await {
            Ok(document) => imported.extend(document),
            Err(Failure::Error(error)) => errors.push(error),
            Err(other) => return Err(other),
        }
    }
    if context.json {
        context.out.document(&Document { imported })?;
    }
    match errors.is_empty() {
        true => Ok(()),
        false => Err(Failure::Several(errors)),
    }
}

async fn import(
    mut connection: Connection,
    arguments: &Arguments,
    context: &mut Context,
) -> Result<Option<SavedDocument>> {
    let mut fresh = Vec::new();
    connection.secrets.retain(|setting, reference| match reference {
        Reference::Plain(secret) => {
            fresh.push((setting.clone(), secret.clone()));
            false
        }
        Reference::Missing => false,
        _ => true,
    });
    let mut draft = Draft::of(connection);
    draft.fresh.extend(fresh);
    let account = draft.open(&context.accounts)?;
    let store = match draft.fresh.is_empty() {
        true => None,
        false => Some(arguments.keeping.chosen(context)?),
    };
    let report = match arguments.no_test {
        true => {
            draft.leave_untested();
            None
        }
        false => Some(draft.test(&*account).await?),
    };
    save(&mut draft, store, context)?;
    if context.json {
        return Ok(Some(SavedDocument::new(&draft.connection, report.as_ref(), context)));
    }
    saved("saved", &draft.connection, report.as_ref(), context)?;
    Ok(None)
}

fn text(arguments: &Arguments) -> Result<SecretString> {
    let path = &arguments.file;
    let failed = |error| on_this_machine(path.display().to_string(), error);
    let mut bytes = Vec::new();
    if path.as_os_str() == "-" {
        std::io::stdin().lock().take(LARGEST).read_to_end(&mut bytes).map_err(failed)?;
    } else {
        let file = std::fs::File::open(path).map_err(failed)?;
        file.take(LARGEST).read_to_end(&mut bytes).map_err(failed)?;
    }
    if SEALED.iter().any(|start| bytes.starts_with(start.as_bytes())) {
        let passphrase = match &arguments.passphrase_file {
            Some(file) => secret_file(file)?,
            None => prompt::known_passphrase(&path.display().to_string())?,
        };
        return Ok(unseal_export(&bytes, passphrase)?);
    }
    let text = String::from_utf8(bytes);
    let text = text.map_err(|_| invalid("the import is no text", "Give what export wrote."))?;
    Ok(text.into())
}

/// A file of somebody else's making could have any file here read and sent to a host of theirs.
fn trusted(connections: &[Connection], flag: bool) -> Result<()> {
    let mut uses = Vec::new();
    for connection in connections {
        for reference in connection.secrets.values() {
            if !matches!(reference, Reference::Plain(_) | Reference::Missing) {
                uses.push(format!("{reference} for {}", connection.target));
            }
        }
    }
    if uses.is_empty() {
        return Ok(());
    }
    let question = format!("The import uses {}. Do you trust it?", uses.join(", "));
    prompt::may_go_on(&question, flag, "--trust-references")
}

/// How files of age begin.
const SEALED: [&str; 2] = ["age-encryption.org/", "-----BEGIN AGE ENCRYPTED FILE-----"];
const LARGEST: u64 = 16 * 1024 * 1024;

const NOTES: &str = "\
Examples:
  wharf connection import connections.toml
  wharf connection import acme.age

Secrets that the import does not hold are asked for. Each connection is tested before it is saved; \
one that fails does not keep the others from being saved.";
