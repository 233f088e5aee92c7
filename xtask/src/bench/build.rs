//! `bench --build`: how many crates each of ours stands on, how long they take from nothing, and how
//! large what comes out is.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
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
        let line = subject.measure(workspace, folder)?;
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
    let is_known = |name: &String| SUBJECTS.iter().any(|subject| subject.name == name);
    if let Some(unknown) = only.iter().find(|name| !is_known(name)) {
        let known: Vec<&str> = SUBJECTS.iter().map(|subject| subject.name).collect();
        return Err(Failure::new(format!(
            "`{unknown}` is not built here; there are: {}",
            known.join(" ")
        )));
    }
    let is_wanted =
        |subject: &&Subject| only.is_empty() || only.iter().any(|name| name == subject.name);
    Ok(SUBJECTS.iter().filter(is_wanted).collect())
}

/// What is built, and what comes out.
struct Subject {
    name: &'static str,
    what: &'static str,
    of: Of,
    result: &'static str,
}

/// Where it comes from.
enum Of {
    /// A crate of ours, and what else cargo is told.
    Ours(&'static str, &'static [&'static str]),
    /// A crate of nothing but these dependencies, to compare with.
    Others(&'static str),
}

impl Subject {
    /// A line of the table.
    fn measure(&self, workspace: &Workspace, folder: &Path) -> Result<String, Failure> {
        let target = folder.join("cold");
        let clear = || match target.exists() {
            true => fs::remove_dir_all(&target).map_err(|error| unusable(&target, &error)),
            false => Ok(()),
        };
        let (root, words) = self.place(workspace, folder)?;
        let crates = crates_of(&root, &words)?;
        clear()?;
        let shown = target.display().to_string();
        let begin = Instant::now();
        let call = [&["build", "--release", "--target-dir", &shown], &*words].concat();
        cargo::run(&root, &call, &[])?;
        let seconds = begin.elapsed().as_secs_f64();
        let result = target.join("release").join(self.result);
        let size = fs::metadata(&result).map_err(|error| unusable(&result, &error))?.len();
        clear()?;
        let mebibytes = size as f64 / f64::from(1 << 20);
        Ok(format!("| {} | {crates} | {seconds:.0} | {mebibytes:.1} |\n", self.what))
    }

    /// Where cargo is called, and with which words.
    fn place(
        &self,
        workspace: &Workspace,
        folder: &Path,
    ) -> Result<(PathBuf, Vec<&'static str>), Failure> {
        match self.of {
            Of::Ours(package, more) => {
                let words = [&["--locked", "-p", package], more].concat();
                Ok((workspace.root().to_owned(), words))
            }
            Of::Others(dependencies) => {
                let root = folder.join("bare");
                let source = root.join("src");
                fs::create_dir_all(&source).map_err(|error| unusable(&source, &error))?;
                let manifest = format!("{BARE}{dependencies}");
                for (path, text) in
                    [(root.join("Cargo.toml"), &*manifest), (source.join("lib.rs"), "")]
                {
                    fs::write(&path, text).map_err(|error| unusable(&path, &error))?;
                }
                cargo::run(&root, &["fetch"], &[])?;
                Ok((root, Vec::new()))
            }
        }
    }
}

/// How many crates a crate of ours is built from, itself included.
pub(super) fn crates(workspace: &Workspace, package: &str) -> Result<usize, Failure> {
    crates_of(workspace.root(), &["--locked", "-p", package])
}

fn crates_of(root: &Path, words: &[&str]) -> Result<usize, Failure> {
    let call = [&["tree", "-e", "normal,build", "--prefix", "none"], words].concat();
    let text = cargo::capture(root, &call)?;
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
        name: "serde",
        what: "serde and serde_json, to compare with",
        of: Of::Others(
            "serde = { version = \"1\", features = [\"derive\"] }\nserde_json = \"1\"\n",
        ),
        result: "libbare.rlib",
    },
    Subject {
        name: "wharf-model",
        what: "the documents of both services, `wharf-model`",
        of: Of::Ours("wharf-model", &[]),
        result: "libwharf_model.rlib",
    },
    Subject {
        name: "wharf-connector",
        what: "the contract, `wharf-connector`",
        of: Of::Ours("wharf-connector", &[]),
        result: "libwharf_connector.rlib",
    },
    Subject {
        name: "reqwest",
        what: "reqwest with the same features and ring, to compare with",
        of: Of::Others(REQWEST),
        result: "libbare.rlib",
    },
    Subject {
        name: "services",
        what: "`wharf` with both services and nothing else",
        of: Of::Ours("wharf", &["--no-default-features", "--features", "filescom,mft,rustls"]),
        result: "libwharf.rlib",
    },
    Subject {
        name: "wharf",
        what: "the front door, `wharf`",
        of: Of::Ours("wharf", &[]),
        result: "libwharf.rlib",
    },
    Subject {
        name: "wharf-cli",
        what: "the program, `wharf-cli`",
        of: Of::Ours("wharf-cli", &[]),
        result: "wharf",
    },
];

/// A workspace of its own, for it lies within ours.
const BARE: &str = "[package]\nname = \"bare\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n\
                    [workspace]\n\n[dependencies]\n";

const REQWEST: &str = "reqwest = { version = \"0.13\", default-features = false, \
     features = [\"gzip\", \"http2\", \"rustls-no-provider\", \"stream\"] }\n\
     rustls = { version = \"0.23\", default-features = false, features = [\"ring\", \"std\", \"tls12\"] }\n\
     serde = { version = \"1\", features = [\"derive\"] }\nserde_json = \"1\"\n";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_can_be_chosen_and_nothing_unknown() {
        assert_eq!(wanted(&[]).unwrap().len(), SUBJECTS.len());
        let part = wanted(&["wharf-model".to_owned()]).unwrap();
        assert_eq!(part.iter().map(|each| each.name).collect::<Vec<_>>(), ["wharf-model"]);
        let failure = wanted(&["walk".to_owned()]).map(drop).unwrap_err().to_string();
        assert!(
            failure.starts_with("`walk` is not built here; there are: serde wharf-model"),
            "{failure}"
        );
    }
}
