//! `wharf connection`: one name for each account, tested before it is saved.

mod add;
mod draft;
mod edit;
mod export;
mod import;
mod keeping;
mod list;
mod remove;
mod rotate;
mod show;
mod test;
mod told;

use clap::Subcommand;

use crate::context::Context;
use crate::failure::Result;

#[derive(Debug, clap::Args)]
#[command(after_help = NOTES)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Test an account, and save it under a name
    Add(add::Arguments),
    /// List the connections
    List(list::Arguments),
    /// Tell all about connections but their secrets
    Show(show::Arguments),
    /// Test connections, side by side
    Test(test::Arguments),
    /// Change a connection: its name, description, target or settings
    Edit(edit::Arguments),
    /// Replace the key or password of a connection by a new one
    Rotate(rotate::Arguments),
    /// Delete connections, and the secrets that are kept for them
    Remove(remove::Arguments),
    /// Print connections for another machine, without secrets
    Export(export::Arguments),
    /// Add connections that were exported; what secrets they need is asked for
    Import(import::Arguments),
}

pub(crate) async fn run(arguments: Arguments, context: &mut Context) -> Result<()> {
    match arguments.command {
        Command::Add(arguments) => add::run(arguments, context).await,
        Command::List(arguments) => list::run(arguments, context),
        Command::Show(arguments) => show::run(arguments, context),
        Command::Test(arguments) => test::run(arguments, context).await,
        Command::Edit(arguments) => edit::run(arguments, context).await,
        Command::Rotate(arguments) => rotate::run(arguments, context).await,
        Command::Remove(arguments) => remove::run(arguments, context),
        Command::Export(arguments) => export::run(arguments, context),
        Command::Import(arguments) => import::run(arguments, context).await,
    }
}

const NOTES: &str = "\
Examples:
  wharf connection add acme filescom://acme.files.com/ -d 'Orders of Acme'
  wharf ls acme:
  wharf cp acme:/In/a.csv globex:/In/

A secret is asked for without echo, and kept in the keyring of this system, or where there is none \
in a vault encrypted with age. The file connections.toml says only where it is.";
