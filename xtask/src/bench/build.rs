//! `bench --build`: how many crates each of ours stands on, how long they take from nothing, and how
//! large what comes out is.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::time::Instant;

use super::document;
use super::workbench::unusable;
use crate::cargo;
use crate::outcome::{Failure, Outcome};
use crate::workspace::Workspace;

/// Builds all subjects, or those of `only`; a part of them is printed, and written nowhere.
pub(super) fn run(workspace: &Workspace, folder: &Path, only: &[String]) -> Outcome {
    let wanted = wanted(only)?;
    // What is measured is building, not fetching.
    cargo::run(workspace.root(), &["fetch", "--locked"], &[])?;
    let mut text = HEAD.to_owned();
    for subject in &wanted {
        let line = subject.measure(workspace, &folder.join("cold"))?;
        print!("{line}");
        text.push_str(&line);
    }
    if wanted.len() < SUBJECTS.len() {
        return Ok(format!("bench: not all was built, so no document is written\n\n{text}"));
    }
    document::put(workspace, "build", &text)?;
    Ok("bench: docs/performance.md tells how long crates take to build".to_owned())
}

fn wanted(only: &[String]) -> Result<Vec<&'static Subject>, Failure> {
    let is_known = |name: &String| SUBJECTS.iter().any(|subject| subject.package == name);
    if let Some(unknown) = only.iter().find(|name| !is_known(name)) {
        let known: Vec<&str> = SUBJECTS.iter().map(|subject| subject.package).collect();
        return Err(Failure::new(format!(
            "`{unknown}` is not built here; there are: {}",
            known.join(" ")
        )));
    }
    let is_wanted =
        |subject: &&Subject| only.is_empty() || only.iter().any(|name| name == subject.package);
    Ok(SUBJECTS.iter().filter(is_wanted).collect())
}

/// What is built, what it is called, and what comes out.
struct Subject {
    what: &'static str,
    package: &'static str,
    result: &'static str,
}

impl Subject {
    /// A line of the table.
    fn measure(&self, workspace: &Workspace, target: &Path) -> Result<String, Failure> {
        let clear = || match target.exists() {
            true => fs::remove_dir_all(target).map_err(|error| unusable(target, &error)),
            false => Ok(()),
        };
        let crates = crates(workspace, self.package)?;
        clear()?;
        let shown = target.display().to_string();
        let begin = Instant::now();
        let call = ["build", "--release", "--locked", "-p", self.package, "--target-dir", &shown];
        cargo::run(workspace.root(), &call, &[])?;
        let seconds = begin.elapsed().as_secs_f64();
        let result = target.join("release").join(self.result);
        let size = fs::metadata(&result).map_err(|error| unusable(&result, &error))?.len();
        clear()?;
        let mebibytes = size as f64 / f64::from(1 << 20);
        Ok(format!(
            "| {}, `{}` | {crates} | {seconds:.0} | {mebibytes:.1} |\n",
            self.what, self.package
        ))
    }
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

const HEAD: &str = "| what | crates | release build from nothing, s | library or program, MiB |\n\
                    | --- | --- | --- | --- |\n";

const SUBJECTS: &[Subject] = &[
    Subject {
        what: "the documents of both services",
        package: "wharf-model",
        result: "libwharf_model.rlib",
    },
    Subject { what: "the contract", package: "wharf-connector", result: "libwharf_connector.rlib" },
    Subject { what: "the front door", package: "wharf", result: "libwharf.rlib" },
    Subject { what: "the program", package: "wharf-cli", result: "wharf" },
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_can_be_chosen_and_nothing_unknown() {
        assert_eq!(wanted(&[]).unwrap().len(), SUBJECTS.len());
        let part = wanted(&["wharf-model".to_owned()]).unwrap();
        assert_eq!(part.iter().map(|each| each.package).collect::<Vec<_>>(), ["wharf-model"]);
        let failure = wanted(&["walk".to_owned()]).map(drop).unwrap_err().to_string();
        assert!(
            failure.starts_with("`walk` is not built here; there are: wharf-model"),
            "{failure}"
        );
    }
}
