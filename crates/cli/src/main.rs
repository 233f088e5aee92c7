//! `wharf`: managed file transfer on the command line.

mod arguments;
mod command;
mod help;

mod context;
mod place;

mod bound;
mod carry;
mod events;
mod journal;
mod progress;
mod resume;
mod single;
mod standard;
mod sync;

mod account;
mod setting;

mod fields;
mod prompt;
mod records;
mod site;
mod warning;

mod document;
mod output;
mod present;

mod exit;
mod failure;

mod signal;

use std::process::ExitCode;

use clap::Parser;
use tokio::runtime::Builder;

use crate::arguments::Arguments;
use crate::command::Command;
use crate::context::Context;
use crate::failure::Failure;

fn main() -> ExitCode {
    std::panic::set_hook(Box::new(apologise));
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => return arguments::refused(&error),
    };
    let json = arguments.common.json;
    match run(arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            context::show(&failure, json);
            ExitCode::from(failure.code())
        }
    }
}

fn run(arguments: Arguments) -> Result<(), Failure> {
    let runtime = runtime(&arguments.command)
        .enable_all()
        .build()
        .map_err(|error| failure::on_this_machine("no runtime could be started", error))?;
    let outcome = runtime.block_on(async {
        let mut context = Context::new(arguments.common)?;
        let stopped = signal::requested()?;
        let (made, quiet) = (context.made.clone(), context.quiet);
        let calls = context.calls.clone();
        let command = Box::pin(calls.count(command::run(arguments.command, &mut context)));
        tokio::select! {
            outcome = command => outcome.map_err(bound::explained),
            code = stopped => {
                made.let_go().await;
                context::show_resumable(&made, quiet);
                Err(Failure::Stopped(code))
            }
        }
    });
    // A read of standard input cannot be taken back: nobody waits for it.
    runtime.shutdown_background();
    outcome
}

/// One thread for the network and all that is done with what it brings: handing each piece to
/// another costs as much as receiving it. Files are read and written by threads of their own. Only
/// who serves as well takes more.
fn runtime(command: &Command) -> Builder {
    let mut serving = Builder::new_multi_thread();
    match command {
        Command::Demo(_) | Command::Sandbox(_) => {
            serving.worker_threads(WORKERS);
            serving
        }
        _ => Builder::new_current_thread(),
    }
}

/// What a person sees instead of a backtrace, should this program be at fault.
fn apologise(fault: &std::panic::PanicHookInfo<'_>) {
    use std::io::Write;
    // Nowhere is left to report a failure of this.
    let _ = writeln!(std::io::stderr(), "{}", apology(fault));
}

/// Says where it happened, and nothing of what: the message of a panic may quote anything.
fn apology(fault: &std::panic::PanicHookInfo<'_>) -> String {
    let place = fault
        .location()
        .map(|place| format!(" ({}:{})", place.file(), place.line()))
        .unwrap_or_default();
    format!(
        "wharf made a mistake of its own{place}, and stopped. Nothing that is not whole stands \
         under its final name. Please report it."
    )
}

/// One for each service that is asked, and one for who asks.
const WORKERS: usize = 2;

#[cfg(test)]
mod tests {
    use std::panic;
    use std::sync::Mutex;

    #[test]
    fn a_crash_tells_where_and_not_what() {
        static SAID: Mutex<Vec<String>> = Mutex::new(Vec::new());
        let before = panic::take_hook();
        panic::set_hook(Box::new(|fault| SAID.lock().unwrap().push(super::apology(fault))));
        let key = "planted";
        let crash = panic::catch_unwind(|| panic!("the key is {key}"));
        panic::set_hook(before);
        assert!(crash.is_err());
        let said = SAID.lock().unwrap().join(" ");
        assert!(said.contains("main.rs:") && !said.contains("planted"), "{said}");
    }
}
