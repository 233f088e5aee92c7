//! `wharf help`: the help of a command, or a page on what concerns all of them.

use serde::Serialize;

use crate::context::Context;
use crate::failure::Result;
use crate::help::{self, Page};

#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Arguments {
    /// A command such as `jobs resume`, or places, secrets or exit-codes
    #[arg(value_name = "TOPIC")]
    words: Vec<String>,
}

#[derive(Debug, Serialize)]
struct Document {
    topic: String,
    text: String,
}

pub(crate) fn run(arguments: Arguments, context: &mut Context) -> Result<()> {
    let topic = arguments.words.join(" ");
    let text = match Page::find(&topic) {
        Some(page) => page.text(),
        None => help::text(&arguments.words)?,
    };
    let text = text.trim_end().to_owned();
    if context.json {
        return context.out.document(&Document { topic, text });
    }
    context.out.line(text)
}

const EXAMPLES: &str = "\
Examples:
  wharf help
  wharf help jobs resume
  wharf help exit-codes";
