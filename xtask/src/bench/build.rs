//! `bench --build`: how many crates each of ours stands on, and how long they take from nothing.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::time::Instant;

use super::document;
use super::workbench::unusable;
use crate::cargo;
use crate::outcome::{Failure, Outcome};
use crate::workspace::Workspace;

pub(super) fn run(workspace: &Workspace, folder: &Path) -> Outcome {
    let mut text =
        String::from("| what | crates | release build from nothing, s |\n| --- | --- | --- |\n");
    for (what, package) in SUBJECTS {
        let crates = crates(workspace, package)?;
        let target = folder.join("cold");
        if target.exists() {
            fs::remove_dir_all(&target).map_err(|error| unusable(&target, &error))?;
        }
        let shown = target.display().to_string();
        let begin = Instant::now();
        let call = ["build", "--release", "--locked", "-p", package, "--target-dir", &shown];
        cargo::run(workspace.root(), &call, &[])?;
        let seconds = begin.elapsed().as_secs_f64();
        text.push_str(&format!("| {what} | {crates} | {seconds:.0} |\n"));
        fs::remove_dir_all(&target).map_err(|error| unusable(&target, &error))?;
    }
    document::put(workspace, "build", &text)?;
    Ok("bench: docs/performance.md tells how long crates take to build".to_owned())
}

/// How many crates a crate of ours is built from, itself included.
pub(super) fn crates(workspace: &Workspace, package: &str) -> Result<usize, Failure> {
    let call = ["tree", "--locked", "-p", package, "-e", "normal,build", "--prefix", "none"];
    let text = cargo::capture(workspace.root(), &call)?;
    let names: BTreeSet<&str> = text
        .lines()
        .map(|line| line.trim_end_matches(" (*)").trim())
        .filter(|line| !line.is_empty())
        .collect();
    Ok(names.len())
}

/// What is built, and how it is called.
const SUBJECTS: &[(&str, &str)] = &[
    ("the model of both services", "wharf-model"),
    ("the contract", "wharf-connector"),
    ("the front door", "wharf"),
    ("the program", "wharf-cli"),
];
