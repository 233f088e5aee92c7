//! Running cargo, always the one that started us, never with a terminal to ask questions at.

use std::env;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::outcome::Failure;

/// Runs cargo where everyone can watch it.
pub(crate) fn run(
    root: &Path,
    arguments: &[&str],
    environment: &[(&str, &str)],
) -> Result<(), Failure> {
    println!("$ {}", shown(arguments, environment));
    let status = command(root, arguments, environment)
        .status()
        .map_err(|error| Failure::new(format!("cargo does not start: {error}")))?;
    if status.success() {
        return Ok(());
    }
    Err(Failure::new(format!("`{}` ended with {status}", shown(arguments, environment))))
}

/// Runs cargo for its standard output; what it said on standard error goes into the failure.
pub(crate) fn capture(root: &Path, arguments: &[&str]) -> Result<String, Failure> {
    let output = command(root, arguments, &[])
        .output()
        .map_err(|error| Failure::new(format!("cargo does not start: {error}")))?;
    let call = shown(arguments, &[]);
    if !output.status.success() {
        return Err(Failure::new(format!(
            "`{call}` ended with {}\n{}",
            output.status,
            String::from_utf8_lossy(&output.stderr)
        )));
    }
    String::from_utf8(output.stdout)
        .map_err(|_| Failure::new(format!("`{call}` printed something that is not UTF-8")))
}

/// Like [`capture`], but what cargo says while it works stays visible.
pub(crate) fn capture_watched(root: &Path, arguments: &[&str]) -> Result<String, Failure> {
    println!("$ {}", shown(arguments, &[]));
    let output = command(root, arguments, &[])
        .stderr(Stdio::inherit())
        .output()
        .map_err(|error| Failure::new(format!("cargo does not start: {error}")))?;
    let call = shown(arguments, &[]);
    if !output.status.success() {
        return Err(Failure::new(format!("`{call}` ended with {}", output.status)));
    }
    String::from_utf8(output.stdout)
        .map_err(|_| Failure::new(format!("`{call}` printed something that is not UTF-8")))
}

/// Runs cargo where success is not a matter of course: whether it succeeded, and all it printed.
pub(crate) fn attempt(root: &Path, arguments: &[&str]) -> Result<(bool, String), Failure> {
    println!("$ {}", shown(arguments, &[]));
    let output = command(root, arguments, &[])
        .output()
        .map_err(|error| Failure::new(format!("cargo does not start: {error}")))?;
    let text =
        [output.stderr, output.stdout].map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
    Ok((output.status.success(), text.concat()))
}

fn command(root: &Path, arguments: &[&str], environment: &[(&str, &str)]) -> Command {
    let program = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(program);
    command
        .current_dir(root)
        .args(arguments)
        .envs(environment.iter().copied())
        .stdin(Stdio::null());
    command
}

fn shown(arguments: &[&str], environment: &[(&str, &str)]) -> String {
    let mut words: Vec<String> =
        environment.iter().map(|(name, value)| format!("{name}={}", quoted(value))).collect();
    words.push("cargo".to_owned());
    words.extend(arguments.iter().map(|argument| quoted(argument)));
    words.join(" ")
}

/// So that the line shown can be pasted into a shell.
fn quoted(word: &str) -> String {
    if word.contains([' ', '{', '*']) { format!("'{word}'") } else { word.to_owned() }
}
