//! `surface`: what the libraries offer does not change in silence.
//!
//! Every public item of every library, with its fields, variants, methods and traits, is a line of a
//! file below [`KEPT`]. A line that is gone, new or different is a finding until it is accepted:
//! `cargo xtask surface --accept`. What is read are the pages that rustdoc writes, so features that
//! the documentation is not built with are not looked at.

mod page;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use crate::ci;
use crate::layers;
use crate::outcome::{Failure, Outcome, settle};
use crate::workspace::Workspace;

pub(crate) fn run(workspace: &Workspace, arguments: &[String]) -> Outcome {
    match arguments {
        [] => check(workspace),
        [flag] if flag == "--accept" => accept(workspace),
        [other, ..] => Err(Failure::new(format!("`surface` knows only `--accept`, not `{other}`"))),
    }
}

pub(crate) fn check(workspace: &Workspace) -> Outcome {
    let mut findings = Vec::new();
    let mut count = 0;
    let offered = offered(workspace)?;
    for (name, now) in &offered {
        let path = kept(name);
        let before = match workspace.exists(&path) {
            true => workspace.read(&path)?,
            false => String::new(),
        };
        let before = before.lines().map(str::to_owned).collect();
        findings.extend(changes(name, &before, now));
        count += now.len();
    }
    for path in workspace.paths_below(KEPT)? {
        if !offered.iter().any(|(name, _)| kept(name) == path) {
            findings.push(format!("{path} is of no library: delete it"));
        }
    }
    let outcome = settle("surface", &findings, format!("{count} lines, as they were"));
    outcome.map_err(|failure| Failure::new(format!("{failure}\n\n{HOW}")))
}

fn accept(workspace: &Workspace) -> Outcome {
    let libraries = offered(workspace)?;
    for (name, lines) in &libraries {
        let file = workspace.root().join(kept(name));
        let text: String = lines.iter().map(|line| format!("{line}\n")).collect();
        fs::create_dir_all(workspace.root().join(KEPT))
            .and_then(|()| fs::write(&file, text))
            .map_err(|error| Failure::new(format!("cannot write {}: {error}", file.display())))?;
    }
    Ok(format!("surface: {} libraries accepted", libraries.len()))
}

/// Every library, and the lines of all it offers.
fn offered(workspace: &Workspace) -> Result<Vec<(String, BTreeSet<String>)>, Failure> {
    ci::rustdoc(workspace)?;
    let pages = workspace.target().join("doc");
    let mut libraries = Vec::new();
    for package in layers::packages(workspace)? {
        let source = Path::new(&package.manifest).with_file_name("src").join("lib.rs");
        if source.exists() {
            let lines = library(&pages.join(package.name.replace('-', "_")))?;
            libraries.push((package.name, lines));
        }
    }
    Ok(libraries)
}

fn library(pages: &Path) -> Result<BTreeSet<String>, Failure> {
    let mut lines = BTreeSet::new();
    let mut modules = BTreeSet::from([PathBuf::new()]);
    for (address, name) in page::items(&read(&pages.join("all.html"))?) {
        let path = Path::new(&address);
        let kind = path.file_name().and_then(|file| file.to_str()).unwrap_or_default();
        let kind = kind.split('.').next().unwrap_or_default();
        let found = page::lines(kind, &read(&pages.join(path))?);
        if found.is_empty() {
            return Err(Failure::new(format!(
                "rustdoc's page of {name} has no declaration where it used to be: \
                 xtask/src/surface/page.rs has to learn how it looks now"
            )));
        }
        lines.extend(found.into_iter().map(|line| format!("{name}: {line}")));
        modules.extend(path.ancestors().skip(1).map(Path::to_path_buf));
    }
    for module in modules {
        let name = module.to_string_lossy().replace(['/', '\\'], "::");
        let index = read(&pages.join(&module).join("index.html"))?;
        lines.extend(page::reexports(&index).into_iter().map(|line| match name.as_str() {
            "" => line,
            name => format!("{name}: {line}"),
        }));
    }
    Ok(lines)
}

fn read(file: &Path) -> Result<String, Failure> {
    fs::read_to_string(file)
        .map_err(|error| Failure::new(format!("cannot read {}: {error}", file.display())))
}

fn changes(name: &str, before: &BTreeSet<String>, now: &BTreeSet<String>) -> Vec<String> {
    let gone = before.difference(now).map(|line| format!("{name}: gone: {line}"));
    let new = now.difference(before).map(|line| format!("{name}: new:  {line}"));
    gone.chain(new).collect()
}

fn kept(name: &str) -> String {
    format!("{KEPT}/{name}.txt")
}

const KEPT: &str = "xtask/surface";
const HOW: &str = "What is gone or different breaks whoever uses it: say so in docs/changelog.md, \
                   beginning with **breaking:**. Then: cargo xtask surface --accept";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_renamed_item_is_one_gone_and_one_new() {
        let set = |lines: &[&str]| lines.iter().map(|line| (*line).to_owned()).collect();
        let before = set(&["A: pub struct A", "A: pub fn a(&self)"]);
        assert!(changes("x", &before, &before).is_empty());
        let now = set(&["A: pub struct A", "A: pub fn b(&self)"]);
        let expected = ["x: gone: A: pub fn a(&self)", "x: new:  A: pub fn b(&self)"];
        assert_eq!(changes("x", &before, &now), expected);
    }
}
