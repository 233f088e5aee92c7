//! What a build of the workspace leaves to be run: programs and examples.
//!
//! They are run where they were built. `cargo run --package` would resolve the features of one
//! package alone and build half the graph a second time.

use serde_json::Value;

use crate::cargo;
use crate::outcome::Failure;
use crate::workspace::Workspace;

/// Something that was built and can be run.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Program {
    pub(super) package: String,
    /// `bin` or `example`.
    pub(super) kind: String,
    pub(super) name: String,
    pub(super) path: String,
}

/// Builds what is not built yet.
pub(super) fn programs(workspace: &Workspace) -> Result<Vec<Program>, Failure> {
    let messages = cargo::capture_watched(workspace.root(), BUILD)?;
    parse(&messages)
}

#[rustfmt::skip]
const BUILD: &[&str] = &[
    "build", "--workspace", "--locked", "--lib", "--bins", "--tests", "--examples",
    "--message-format", "json-render-diagnostics",
];

/// Cargo's messages are one JSON document on each line.
pub(super) fn parse(messages: &str) -> Result<Vec<Program>, Failure> {
    let mut programs = Vec::new();
    for line in messages.lines().filter(|line| line.starts_with('{')) {
        let message: Value = serde_json::from_str(line)
            .map_err(|error| Failure::new(format!("cargo build printed bad JSON: {error}")))?;
        programs.extend(program(&message));
    }
    Ok(programs)
}

fn program(message: &Value) -> Option<Program> {
    let text = |pointer: &str| message.pointer(pointer).and_then(Value::as_str);
    let is_test = message.pointer("/profile/test") == Some(&Value::Bool(true));
    if text("/reason")? != "compiler-artifact" || is_test {
        return None;
    }
    let kind = text("/target/kind/0").filter(|kind| ["bin", "example"].contains(kind))?;
    Some(Program {
        package: package_name(text("/package_id")?)?.to_owned(),
        kind: kind.to_owned(),
        name: text("/target/name")?.to_owned(),
        path: text("/executable")?.to_owned(),
    })
}

/// From `path+file:///a/crates/cli#wharf-cli@0.1.0`, or `path+file:///a/crates/wharf#0.1.0`
/// where the folder has the name.
fn package_name(id: &str) -> Option<&str> {
    let (place, rest) = id.split_once('#')?;
    match rest.split_once('@') {
        Some((name, _)) => Some(name),
        None => place.rsplit('/').next(),
    }
}
