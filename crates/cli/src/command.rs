//! The commands, one file each.

mod action;
mod api;
mod apply;
mod cat;
mod check;
mod completions;
mod connection;
mod cp;
mod demo;
mod doctor;
mod explain;
mod get;
mod group;
mod help;
mod jobs;
mod ls;
mod man;
mod mkdir;
mod mv;
mod put;
mod rm;
mod sandbox;
mod schemes;
mod set;
mod share;
mod stat;
mod sync;
pub(crate) mod test;
mod tree;
mod user;
mod verify;

use clap::Subcommand;

use crate::context::Context;
use crate::failure::Result;

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Show the main job on an embedded sandbox, and prove it
    Demo(demo::Arguments),
    /// Run both services on this machine, to try things out
    Sandbox(sandbox::Arguments),
    /// Keep accounts under names, tested and with their secrets encrypted
    Connection(connection::Arguments),
    /// Look whether all is well on this machine: files, keyring, vault, clock, TLS, proxy
    Doctor(doctor::Arguments),
    /// Test a connection: settings, reach, credentials, rights
    Test(test::Arguments),
    /// List a folder
    Ls(ls::Arguments),
    /// List a folder and everything below it
    Tree(tree::Arguments),
    /// Tell all that is known about a file or folder
    Stat(stat::Arguments),
    /// Print the content of files
    Cat(cat::Arguments),
    /// Bring a file or a tree here
    Get(get::Arguments),
    /// Send a file, a tree, or what comes on standard input
    Put(put::Arguments),
    /// Copy a file or a tree from any place to any other
    Cp(cp::Arguments),
    /// What was begun, and going on with it
    Jobs(jobs::Arguments),
    /// Look again whether what receipts say is still so
    Verify(verify::Arguments),
    /// Make one tree like another
    Sync(sync::Arguments),
    /// Compare two trees, and change nothing
    Check(check::Arguments),
    /// Do what a plan says that was written by --plan
    Apply(apply::Arguments),
    /// Create folders
    Mkdir(mkdir::Arguments),
    /// Delete files or folders
    Rm(rm::Arguments),
    /// Rename or move within one account
    Mv(mv::Arguments),
    /// Set the time, description, tags or properties of a file or folder
    Set(set::Arguments),
    /// Share files of Files.com by links, and see who came
    Share(share::Arguments),
    /// Users of Files.com
    User(user::Arguments),
    /// Groups of users of Files.com
    Group(group::Arguments),
    /// What Boomi's partner connector for Files.com does, in its words
    Action(action::Arguments),
    /// Any operation of the REST API of Files.com
    Api(api::Arguments),
    /// List the services, and the settings they know
    Schemes(schemes::Arguments),
    /// Tell what is not certain about a service, and what overrides it
    Explain(explain::Arguments),
    /// Print completions for a shell
    Completions(completions::Arguments),
    /// Print manual pages, or write those of all commands
    Man(man::Arguments),
    /// Tell about a command, or about places, secrets and exit codes
    Help(help::Arguments),
}

impl Command {
    /// Whether its work, or what its exit code says, is wanted even if nobody reads along.
    fn outlives_reader(&self) -> bool {
        matches!(
            self,
            Self::Connection(_)
                | Self::Doctor(_)
                | Self::Test(_)
                | Self::Get(_)
                | Self::Put(_)
                | Self::Cp(_)
                | Self::Jobs(_)
                | Self::Verify(_)
                | Self::Sync(_)
                | Self::Check(_)
                | Self::Apply(_)
                | Self::Mkdir(_)
                | Self::Rm(_)
                | Self::Mv(_)
                | Self::Set(_)
        )
    }
}

pub(crate) async fn run(command: Command, context: &mut Context) -> Result<()> {
    if command.outlives_reader() {
        context.out.outlive_reader();
    }
    match command {
        Command::Demo(arguments) => demo::run(arguments, context).await,
        Command::Sandbox(arguments) => sandbox::run(arguments, context).await,
        Command::Connection(arguments) => connection::run(arguments, context).await,
        Command::Doctor(arguments) => doctor::run(arguments, context).await,
        Command::Test(arguments) => test::run(arguments, context).await,
        Command::Ls(arguments) => ls::run(arguments, context).await,
        Command::Tree(arguments) => tree::run(arguments, context).await,
        Command::Stat(arguments) => stat::run(arguments, context).await,
        Command::Cat(arguments) => cat::run(arguments, context).await,
        Command::Get(arguments) => get::run(arguments, context).await,
        Command::Put(arguments) => put::run(arguments, context).await,
        Command::Cp(arguments) => cp::run(arguments, context).await,
        Command::Jobs(arguments) => Box::pin(jobs::run(arguments, context)).await,
        Command::Verify(arguments) => Box::pin(verify::run(arguments, context)).await,
        Command::Sync(arguments) => Box::pin(sync::run(arguments, context)).await,
        Command::Check(arguments) => Box::pin(check::run(arguments, context)).await,
        Command::Apply(arguments) => Box::pin(apply::run(arguments, context)).await,
        Command::Mkdir(arguments) => mkdir::run(arguments, context).await,
        Command::Rm(arguments) => rm::run(arguments, context).await,
        Command::Mv(arguments) => mv::run(arguments, context).await,
        Command::Set(arguments) => set::run(arguments, context).await,
        Command::Share(arguments) => share::run(arguments, context).await,
        Command::User(arguments) => user::run(arguments, context).await,
        Command::Group(arguments) => group::run(arguments, context).await,
        Command::Action(arguments) => action::run(arguments, context).await,
        Command::Api(arguments) => api::run(arguments, context).await,
        Command::Schemes(arguments) => schemes::run(arguments, context),
        Command::Explain(arguments) => explain::run(arguments, context),
        Command::Completions(arguments) => completions::run(arguments, context),
        Command::Man(arguments) => man::run(arguments, context),
        Command::Help(arguments) => help::run(arguments, context),
    }?;
    context.out.flush()
}
