//! `ci`: the whole gate. It stops at the first step that fails, and says how to run just that.
//!
//! Quick steps come first. All that is built is built once: the same profile and the same
//! features for tests, examples and the program; clippy and rustdoc share what they check of
//! other people's crates.

mod programs;

use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::cargo;
use crate::ci::programs::{Program, programs};
use crate::outcome::{Failure, Outcome};
use crate::workspace::Workspace;
use crate::{
    backend, bench, container, deny, docs, faults, features, fixtures, interop, layers, package,
    surface, tidy,
};

pub(crate) fn run(workspace: &Workspace, arguments: &[String]) -> Outcome {
    if let Some(unknown) =
        arguments.iter().find(|argument| !STEPS.iter().any(|step| step.name == **argument))
    {
        return Err(Failure::new(format!(
            "there is no step `{unknown}`; there are: {}",
            step_names()
        )));
    }
    let chosen: Vec<&Step> = STEPS
        .iter()
        .filter(|step| arguments.is_empty() || arguments.iter().any(|each| each == step.name))
        .collect();
    run_all(&chosen, workspace)
}

pub(crate) fn step_names() -> String {
    STEPS.iter().map(|step| step.name).collect::<Vec<_>>().join(" ")
}

fn run_all(steps: &[&Step], workspace: &Workspace) -> Outcome {
    let begin = Instant::now();
    let mut times = Vec::new();
    for (number, step) in steps.iter().enumerate() {
        println!("\n== {} ({} of {}): {}", step.name, number + 1, steps.len(), step.about);
        let start = Instant::now();
        let outcome = (step.run)(workspace);
        let took = shown(start.elapsed());
        match outcome {
            Ok(line) => println!("{line}\n-- {}: good, {took}", step.name),
            Err(failure) => {
                let name = step.name;
                return Err(Failure::new(format!(
                    "{failure}\n\nci: step `{name}` failed after {took}. Only this step: \
                     cargo xtask ci {name}"
                )));
            }
        }
        times.push(format!("{:<10} {took:>8}", step.name));
    }
    Ok(format!(
        "\n{}\n\nci: all {} steps good, {}",
        times.join("\n"),
        steps.len(),
        shown(begin.elapsed())
    ))
}

fn shown(time: Duration) -> String {
    format!("{:.1} s", time.as_secs_f64())
}

struct Step {
    name: &'static str,
    about: &'static str,
    run: fn(&Workspace) -> Outcome,
}

const STEPS: &[Step] = &[
    Step {
        name: "fmt",
        about: "the code is laid out by rustfmt",
        run: |workspace| call(workspace, &["fmt", "--all", "--check"], &[]),
    },
    Step { name: "tidy", about: "house rules", run: tidy::check },
    Step { name: "layers", about: "which crate may stand on which", run: layers::check },
    Step {
        name: "fixtures",
        about: "samples have a source, and did not change in silence",
        run: fixtures::check,
    },
    Step { name: "container", about: "the Dockerfile fits the checkout", run: container::check },
    Step {
        name: "docs",
        about: "links resolve; Rust in the documents is compiled",
        run: docs::check,
    },
    Step {
        name: "clippy",
        about: "no warning, in tests and examples neither",
        run: |workspace| call(workspace, CLIPPY, &[]),
    },
    Step {
        name: "deny",
        about: "licences, sources and doublets of what is built in",
        run: deny::check,
    },
    Step { name: "package", about: "each crate can be packed", run: package::check },
    Step {
        name: "build",
        about: "libraries, program, tests, examples",
        run: |workspace| Ok(format!("{} programs built", programs(workspace)?.len())),
    },
    Step {
        name: "test",
        about: "every test and every doc test",
        run: |workspace| call(workspace, &["test", "--workspace", "--locked"], &[]),
    },
    Step {
        name: "backend",
        about: "the guide to a backend ends in a green suite, outside of this workspace",
        run: backend::check,
    },
    Step { name: "examples", about: "those that need nobody else", run: examples },
    Step {
        name: "demo",
        about: "the main job, end to end, against the embedded sandbox",
        run: demo,
    },
    Step {
        name: "faults",
        about: "a part of the matrix of faults: nothing wrong, and all as its document says",
        run: faults::check,
    },
    Step { name: "rustdoc", about: "the documentation builds without a warning", run: rustdoc },
    Step {
        name: "surface",
        about: "what the libraries offer did not change in silence",
        run: surface::check,
    },
    Step { name: "counts", about: "crates within their bounds", run: bench::check },
    Step {
        name: "features",
        about: "each crate alone, with and without its features",
        run: |workspace| features::run(workspace, &[]),
    },
    Step {
        name: "interop",
        about: "clients that others wrote agree with the sandbox",
        run: interop::check,
    },
];

#[rustfmt::skip]
const CLIPPY: &[&str] = &[
    "clippy", "--workspace", "--all-targets", "--locked", "--", "-D", "warnings",
];

// `--lib`: the program and the front door bear one name, so their pages would overwrite each
// other; and nobody reads a program by its rustdoc.
const RUSTDOC: &[&str] = &["doc", "--workspace", "--lib", "--no-deps", "--locked"];

fn call(workspace: &Workspace, arguments: &[&str], environment: &[(&str, &str)]) -> Outcome {
    cargo::run(workspace.root(), arguments, environment)?;
    Ok(String::new())
}

/// The pages of all libraries.
pub(crate) fn rustdoc(workspace: &Workspace) -> Outcome {
    call(workspace, RUSTDOC, &[("RUSTDOCFLAGS", "-D warnings")])
}

/// Every example of the workspace, and whether the gate runs it.
const EXAMPLES: &[Example] = &[
    Example { package: "wharf-model", name: "read_listings", run: Run::Yes(&[]) },
    Example { package: "wharf-model", name: "listing_memory", run: Run::Yes(&["mft", "1000"]) },
    Example { package: "wharf-connector", name: "read_only", run: Run::Yes(&[]) },
    Example { package: "wharf", name: "open_by_url", run: Run::Yes(&[]) },
    Example { package: "wharf", name: "carry_and_prove", run: Run::Yes(&[]) },
    Example {
        package: "wharf-sandbox",
        name: "serve",
        run: Run::No("it stays up until it is stopped"),
    },
];

struct Example {
    package: &'static str,
    name: &'static str,
    run: Run,
}

enum Run {
    /// With these arguments.
    Yes(&'static [&'static str]),
    /// Only built, because of this.
    No(&'static str),
}

fn examples(workspace: &Workspace) -> Outcome {
    let built = programs(workspace)?;
    check_listed(&built)?;
    let mut count = 0;
    for example in EXAMPLES {
        let program = find(&built, example.package, "example", example.name)?;
        match example.run {
            Run::Yes(arguments) => {
                execute(workspace, program, arguments)?;
                count += 1;
            }
            Run::No(why) => println!("not run: {} ({why})", example.name),
        }
    }
    Ok(format!("{count} examples ran"))
}

/// An example that nobody decided about would never run.
fn check_listed(built: &[Program]) -> Result<(), Failure> {
    let unlisted = built.iter().filter(|program| program.kind == "example").find(|program| {
        !EXAMPLES.iter().any(|each| each.package == program.package && each.name == program.name)
    });
    match unlisted {
        None => Ok(()),
        Some(program) => Err(Failure::new(format!(
            "the example `{}` of {} is in no list: say in EXAMPLES of xtask/src/ci.rs whether the \
             gate runs it",
            program.name, program.package
        ))),
    }
}

fn demo(workspace: &Workspace) -> Outcome {
    let built = programs(workspace)?;
    let program = find(&built, "wharf-cli", "bin", "wharf")?;
    execute(workspace, program, &["demo"])?;
    Ok(String::new())
}

/// The program `wharf` as the gate builds it.
pub(crate) fn program(workspace: &Workspace) -> Result<String, Failure> {
    let built = programs(workspace)?;
    Ok(find(&built, "wharf-cli", "bin", "wharf")?.path.clone())
}

fn find<'a>(
    built: &'a [Program],
    package: &str,
    kind: &str,
    name: &str,
) -> Result<&'a Program, Failure> {
    built
        .iter()
        .find(|each| each.package == package && each.kind == kind && each.name == name)
        .ok_or_else(|| Failure::new(format!("{package} has no {kind} `{name}`")))
}

fn execute(workspace: &Workspace, program: &Program, arguments: &[&str]) -> Result<(), Failure> {
    println!("$ {} {}", program.path, arguments.join(" "));
    let status = Command::new(&program.path)
        .args(arguments)
        .current_dir(workspace.root())
        .stdin(Stdio::null())
        .status()
        .map_err(|error| Failure::new(format!("{} does not start: {error}", program.path)))?;
    if status.success() {
        return Ok(());
    }
    Err(Failure::new(format!(
        "`{} {}` of {} ended with {status}",
        program.name,
        arguments.join(" "),
        program.package
    )))
}

#[cfg(test)]
mod tests;
