//! `tidy`: house rules that neither rustfmt nor clippy can hold.
//!
//! The rules are in [`rules`], one function each; what they let pass, and why, is data in
//! [`exceptions`].

mod exceptions;
mod rules;

use crate::outcome::{Outcome, no_arguments, settle};
use crate::workspace::{Text, Workspace};

pub(crate) fn run(workspace: &Workspace, arguments: &[String]) -> Outcome {
    no_arguments("tidy", arguments)?;
    check(workspace)
}

pub(crate) fn check(workspace: &Workspace) -> Outcome {
    let texts = workspace.texts(&[".rs", ".md", ".toml", ".sh", ".yml", ".yaml"])?;
    let mut findings: Vec<String> = texts.iter().flat_map(findings_in).collect();
    findings.extend(rules::stale_exceptions(&texts));
    findings.extend(rules::unused_versions(&texts));
    findings.extend(rules::changelog(&texts));
    settle("tidy", &findings, format!("{} files", texts.len()))
}

/// Every rule over one file, in the form `path:line: what`.
fn findings_in(text: &Text) -> Vec<String> {
    let mut findings = Vec::new();
    for rule in rules::EVERY {
        rule(text, &mut findings);
    }
    findings
}

#[cfg(test)]
mod tests;
