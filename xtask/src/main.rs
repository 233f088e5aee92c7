//! The chores of this workspace: what the gate runs, and what keeps the layers straight.
//!
//! `cargo xtask` alone prints the tasks. Each task is one file with the same name; they
//! answer with one line when all is well, and with every finding when it is not.

// A program that talks to the person who started it.
#![allow(clippy::print_stdout, clippy::print_stderr)]

mod backend;
mod bench;
mod ci;
mod container;
mod deny;
mod docs;
mod faults;
mod features;
mod fixtures;
mod interop;
mod layers;
mod package;
mod surface;
mod tidy;

mod cargo;
mod outcome;
mod sandbox;
#[cfg(test)]
mod scratch;
mod workspace;

use std::process::ExitCode;

use crate::outcome::{Failure, Outcome};
use crate::workspace::Workspace;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match run(&arguments) {
        Ok(line) => {
            println!("{line}");
            ExitCode::SUCCESS
        }
        Err(failure) => {
            eprintln!("{failure}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &[String]) -> Outcome {
    let Some((name, rest)) = arguments.split_first() else {
        return Ok(help());
    };
    if ["help", "--help", "-h"].contains(&name.as_str()) {
        return Ok(help());
    }
    let task = TASKS
        .iter()
        .find(|task| task.name == name)
        .ok_or_else(|| Failure::new(format!("there is no task `{name}`\n\n{}", help())))?;
    (task.run)(&Workspace::find(), rest)
}

struct Task {
    name: &'static str,
    arguments: &'static str,
    summary: &'static str,
    run: fn(&Workspace, &[String]) -> Outcome,
}

const TASKS: &[Task] = &[
    Task {
        name: "ci",
        arguments: "[STEP ...]",
        summary: "the whole gate, or only the steps named",
        run: ci::run,
    },
    Task {
        name: "layers",
        arguments: "[--table]",
        summary: "which crate may stand on which; --table prints it for docs/architecture.md",
        run: layers::run,
    },
    Task {
        name: "tidy",
        arguments: "",
        summary: "house rules that neither rustfmt nor clippy can hold",
        run: tidy::run,
    },
    Task {
        name: "features",
        arguments: "",
        summary: "each crate alone: without features, with each, with all",
        run: features::run,
    },
    Task {
        name: "fixtures",
        arguments: "[--accept REASON]",
        summary: "each sample document has a source and is unchanged, or its change explained",
        run: fixtures::run,
    },
    Task {
        name: "docs",
        arguments: "",
        summary: "links resolve, and Rust in the documents is Rust that is compiled",
        run: docs::run,
    },
    Task {
        name: "backend",
        arguments: "",
        summary: "docs/adding-a-backend.md followed word for word, outside of this workspace",
        run: backend::run,
    },
    Task {
        name: "bench",
        arguments: "[--quick | --only ROW]",
        summary: "speed and memory beside other clients; writes docs/performance.md",
        run: bench::run,
    },
    Task {
        name: "deny",
        arguments: "",
        summary: "licences, sources and doublets of what is built in, by .cargo/deny.toml",
        run: deny::run,
    },
    Task {
        name: "package",
        arguments: "",
        summary: "each crate that is published can be packed, complete and without strays",
        run: package::run,
    },
    Task {
        name: "surface",
        arguments: "[--accept]",
        summary: "what the libraries offer does not change in silence",
        run: surface::run,
    },
    Task {
        name: "container",
        arguments: "",
        summary: "the Dockerfile fits the checkout, as far as can be seen without an engine",
        run: container::run,
    },
    Task {
        name: "interop",
        arguments: "",
        summary: "the official Python SDK and rclone against the sandbox; needs python3",
        run: interop::run,
    },
    Task {
        name: "faults",
        arguments: "[--short]",
        summary: "every fault by every verb of both services; writes docs/faults.md",
        run: faults::run,
    },
];

fn help() -> String {
    let mut text = String::from("cargo xtask TASK\n");
    for task in TASKS {
        let call = format!("{} {}", task.name, task.arguments);
        text.push_str(&format!("\n  {call:<28} {}", task.summary));
    }
    text.push_str(&format!("\n\nSteps of `ci`, in order: {}", ci::step_names()));
    text
}
