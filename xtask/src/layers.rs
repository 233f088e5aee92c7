//! `layers`: which crate may stand on which.
//!
//! The rules are data, in [`table`]. Three things are held against them:
//!
//! 1. what each manifest declares, whatever the platform or feature ([`declared`]);
//! 2. what that drags in, however far below ([`reached`]);
//! 3. the table printed in `docs/architecture.md` ([`printed`]).

mod table;

mod declared;
mod printed;
mod reached;

mod metadata;

use crate::cargo;
pub(crate) use crate::layers::metadata::Package;
use crate::layers::table::LAYERS;
use crate::outcome::{Failure, Outcome, settle};
use crate::workspace::Workspace;

pub(crate) fn run(workspace: &Workspace, arguments: &[String]) -> Outcome {
    match arguments {
        [] => check(workspace),
        [flag] if flag == "--table" => Ok(printed::table(LAYERS)),
        [other, ..] => Err(Failure::new(format!("`layers` knows only `--table`, not `{other}`"))),
    }
}

/// Everything that is not as the table has it.
pub(crate) fn check(workspace: &Workspace) -> Outcome {
    let packages = packages(workspace)?;
    let mut findings = declared::strays(LAYERS, &packages);
    findings.extend(reached::strays(LAYERS, workspace)?);
    findings.extend(printed::strays(LAYERS, workspace)?);
    let edges: usize = packages.iter().map(|each| each.dependencies.len()).sum();
    settle("layers", &findings, format!("{} crates, {edges} edges, all downhill", packages.len()))
}

/// The members of the workspace, as their manifests declare them.
pub(crate) fn packages(workspace: &Workspace) -> Result<Vec<Package>, Failure> {
    let text =
        cargo::capture(workspace.root(), &["metadata", "--no-deps", "--format-version", "1"])?;
    metadata::parse(&text)
}

#[cfg(test)]
mod tests;
