//! `wharf demo`: the main job, against both services on this machine.

mod folder;
mod play;
mod refusal;
mod script;
mod witness;

use clap::ValueEnum;
use serde::Serialize;

use crate::context::Context;
use crate::failure::{Failure, Result};
use script::{Script, Step};

#[derive(Debug, clap::Args)]
#[command(after_help = NOTES)]
pub(crate) struct Arguments {
    /// Damage the data on the way, to see it refused: the demonstration then fails
    #[arg(long, value_enum, value_name = "WHERE")]
    damage: Option<Damage>,
}

/// Which of the three transfers is damaged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Damage {
    /// A byte of the file that is brought down
    Download,
    /// A byte of the file that is put up
    Upload,
    /// A byte of the file that is carried from one service to the other
    Transfer,
}

#[derive(Debug, Serialize)]
struct Document {
    passed: bool,
    steps: Vec<Step>,
}

/// Prints each step as it is played; the document comes whole at the end, also of a
/// demonstration that failed.
pub(crate) async fn run(arguments: Arguments, context: &mut Context) -> Result<()> {
    let mut script = Script::new(context);
    let outcome = play::play(&mut script, arguments.damage).await;
    if let Err(Failure::Stopped(_) | Failure::ReaderGone) = outcome {
        return outcome;
    }
    let steps = script.into_steps();
    if context.json {
        context.out.document(&Document { passed: outcome.is_ok(), steps })?;
    }
    context.out.flush()?;
    outcome
}

const NOTES: &str = "\
Examples:
  wharf demo
  wharf demo --damage upload

It starts both services on loopback ports, connects to them as any program does, looks around, \
brings a file down, puts one up, carries one from Boomi MFT to Files.com, and proves that each \
arrived whole: by the checksum of the service, and byte by byte against what the service holds. \
Then it shows two refusals, as the service words them. Nothing leaves this machine.";
