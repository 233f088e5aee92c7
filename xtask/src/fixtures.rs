//! `fixtures`: sample documents are evidence, so each has a source, and none changes in silence.
//!
//! 1. Each file below `crates/model/fixtures` stands in the README.md beside it (or above it).
//! 2. Its hash is the one accepted in [`LIST`]. To accept what is new or changed:
//!    `cargo xtask fixtures --accept "why"`; the reason is kept beside the hash.
//! 3. A sample that another crate keeps under the same name is the same, byte for byte.

use std::collections::BTreeMap;
use std::fs;

use crate::outcome::{Failure, Outcome, settle};
use crate::workspace::Workspace;

pub(crate) fn run(workspace: &Workspace, arguments: &[String]) -> Outcome {
    match arguments {
        [] => check(workspace),
        [flag, reason] if flag == "--accept" && reason.trim().len() >= 10 => {
            accept(workspace, reason)
        }
        [flag, ..] if flag == "--accept" => Err(Failure::new(
            "`--accept` wants the reason, in a few words: cargo xtask fixtures --accept \"why\"",
        )),
        [other, ..] => {
            Err(Failure::new(format!("`fixtures` knows only `--accept`, not `{other}`")))
        }
    }
}

pub(crate) fn check(workspace: &Workspace) -> Outcome {
    let samples = samples(workspace)?;
    let mut findings = without_source(workspace, &samples)?;
    findings.extend(unexplained(&samples, &accepted(workspace)?));
    findings.extend(drifted_copies(workspace, &samples)?);
    settle("fixtures", &findings, format!("{} samples", samples.len()))
}

/// Writes the list anew. Lines of samples that did not change keep their reason.
fn accept(workspace: &Workspace, reason: &str) -> Outcome {
    let samples = samples(workspace)?;
    let old = accepted(workspace)?;
    let mut text = HEADING.to_owned();
    let mut news = 0;
    for (path, bytes) in &samples {
        let hash = hash(bytes);
        let kept = old.get(path).filter(|line| line.hash == hash);
        news += usize::from(kept.is_none());
        let why = kept.map_or(reason.trim(), |line| line.reason.as_str());
        text.push_str(&format!("{hash} {path} {why}\n"));
    }
    let gone = old.keys().filter(|path| !samples.contains_key(*path)).count();
    fs::write(workspace.root().join(LIST), text)
        .map_err(|error| Failure::new(format!("cannot write {LIST}: {error}")))?;
    Ok(format!("fixtures: {news} accepted, {gone} taken off the list"))
}

type Samples = BTreeMap<String, Vec<u8>>;

fn samples(workspace: &Workspace) -> Result<Samples, Failure> {
    workspace
        .paths_below(FOLDER)?
        .into_iter()
        .filter(|path| !path.ends_with("README.md"))
        .map(|path| Ok((path.clone(), workspace.read_bytes(&path)?)))
        .collect()
}

/// A line of the list.
struct Accepted {
    hash: String,
    reason: String,
}

fn accepted(workspace: &Workspace) -> Result<BTreeMap<String, Accepted>, Failure> {
    if !workspace.exists(LIST) {
        return Ok(BTreeMap::new());
    }
    let mut lines = BTreeMap::new();
    for line in workspace.read(LIST)?.lines().filter(|line| !line.starts_with('#')) {
        let mut words = line.splitn(3, ' ');
        let (Some(hash), Some(path), Some(reason)) = (words.next(), words.next(), words.next())
        else {
            return Err(Failure::new(format!("{LIST}: no hash, path and reason in `{line}`")));
        };
        let accepted = Accepted { hash: hash.to_owned(), reason: reason.to_owned() };
        lines.insert(path.to_owned(), accepted);
    }
    Ok(lines)
}

fn unexplained(samples: &Samples, accepted: &BTreeMap<String, Accepted>) -> Vec<String> {
    let mut findings = Vec::new();
    for (path, bytes) in samples {
        match accepted.get(path) {
            None => findings.push(format!("{path} is new: {HOW}")),
            Some(line) if line.hash != hash(bytes) => findings.push(format!(
                "{path} changed since it was accepted ({}): put it back, or {HOW}",
                line.reason
            )),
            Some(_) => {}
        }
    }
    for path in accepted.keys().filter(|path| !samples.contains_key(*path)) {
        findings.push(format!("{path} is gone: put it back, or {HOW}"));
    }
    findings
}

/// Samples that no README.md names.
fn without_source(workspace: &Workspace, samples: &Samples) -> Result<Vec<String>, Failure> {
    let mut findings = Vec::new();
    for path in samples.keys() {
        let mut readme = None;
        for folder in folders_above(path) {
            let candidate = format!("{folder}/README.md");
            if workspace.exists(&candidate) {
                readme = Some(candidate);
                break;
            }
        }
        let Some(readme) = readme else {
            findings.push(format!("{path}: no README.md says where it came from"));
            continue;
        };
        let named = |line: &str| words(line).any(|word| word == name(path));
        if !workspace.read(&readme)?.lines().any(named) {
            findings.push(format!("{path}: {readme} has no line with its name and its source"));
        }
    }
    Ok(findings)
}

/// The folders that hold a path, nearest first, up to the one of all samples.
fn folders_above(path: &str) -> impl Iterator<Item = &str> {
    path.char_indices()
        .rev()
        .filter(|(_, c)| *c == '/')
        .filter_map(|(at, _)| path.get(..at))
        .take_while(|folder| folder.starts_with(FOLDER))
}

/// The words of a line that may be names of files.
fn words(line: &str) -> impl Iterator<Item = &str> {
    line.split(|c: char| c.is_whitespace() || "`|()[],;:/".contains(c))
}

fn drifted_copies(workspace: &Workspace, samples: &Samples) -> Result<Vec<String>, Failure> {
    let mut findings = Vec::new();
    for path in workspace.paths_below("crates")? {
        let is_sample = [".json", ".xml"].iter().any(|ending| path.ends_with(ending));
        if path.starts_with(FOLDER) || !is_sample {
            continue;
        }
        // filescom/file.json and mft/file.json are two samples: the service is part of the name.
        let originals: Vec<_> = samples
            .iter()
            .filter(|(original, _)| name(original) == name(&path))
            .filter(|(original, _)| service(&path).is_none_or(|own| service(original) == Some(own)))
            .collect();
        let copy = workspace.read_bytes(&path)?;
        if let Some((original, _)) = originals.first()
            && originals.iter().all(|(_, bytes)| **bytes != copy)
        {
            findings.push(format!("{path} differs from {original}, the sample of that name"));
        }
    }
    Ok(findings)
}

fn name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

fn service(path: &str) -> Option<&str> {
    path.split('/').find(|part| ["filescom", "mft"].contains(part))
}

/// FNV-1a, 64 bits: against accidents and silence, not against an attacker.
fn hash(bytes: &[u8]) -> String {
    let mut value: u64 = 0xcbf2_9ce4_8422_2325;
    for byte in bytes {
        value ^= u64::from(*byte);
        value = value.wrapping_mul(0x0100_0000_01b3);
    }
    format!("{value:016x}")
}

const FOLDER: &str = "crates/model/fixtures";
const LIST: &str = "xtask/fixtures.txt";
const HOW: &str = "cargo xtask fixtures --accept \"why\"";
const HEADING: &str = "# Each sample below crates/model/fixtures: FNV-1a hash, path, why it is as it is.\n\
                       # Written by: cargo xtask fixtures --accept \"why\"\n";

#[cfg(test)]
mod tests {
    use super::{FOLDER, LIST, accept, check, hash};
    use crate::scratch::Scratch;
    use crate::workspace::Workspace;

    #[test]
    fn the_samples_of_this_workspace_are_accounted_for() {
        if let Err(failure) = check(&Workspace::find()) {
            panic!("{failure}");
        }
    }

    #[test]
    fn the_hash_is_fnv_1a() {
        // The vectors published with the algorithm.
        assert_eq!(hash(b""), "cbf29ce484222325");
        assert_eq!(hash(b"a"), "af63dc4c8601ec8c");
        assert_eq!(hash(b"foobar"), "85944171f73967e8");
    }

    fn collection() -> Scratch {
        let scratch = Scratch::new();
        scratch
            .write(&format!("{FOLDER}/mft/file.json"), "{}")
            .write(&format!("{FOLDER}/mft/README.md"), "| `file.json` | the reference |\n")
            .write(&format!("{FOLDER}/filescom/file.json"), "[]")
            .write(
                &format!("{FOLDER}/README.md"),
                "- [file.json](filescom/file.json): the reference\n",
            )
            .write(LIST, "# nothing yet\n");
        accept(&scratch.workspace(), "first collected").unwrap();
        scratch
    }

    #[track_caller]
    fn check_finds(scratch: &Scratch, expected: &str) {
        let failure = check(&scratch.workspace()).unwrap_err().to_string();
        assert!(failure.contains(expected), "`{expected}` is not in: {failure}");
        assert!(failure.ends_with("fixtures: one finding"), "{failure}");
    }

    #[test]
    fn a_collection_with_sources_is_well() {
        assert_eq!(check(&collection().workspace()).unwrap(), "fixtures: 2 samples");
    }

    #[test]
    fn a_silent_edit_is_found_and_can_be_explained() {
        let scratch = collection();
        scratch.write(&format!("{FOLDER}/mft/file.json"), "{ }");
        check_finds(&scratch, "mft/file.json changed since it was accepted (first collected)");
        accept(&scratch.workspace(), "the reference was corrected").unwrap();
        check(&scratch.workspace()).unwrap();
        let list = scratch.workspace().read(LIST).unwrap();
        assert!(list.contains("mft/file.json the reference was corrected\n"), "{list}");
        assert!(list.contains("filescom/file.json first collected\n"), "{list}");
    }

    #[test]
    fn a_sample_wants_a_source() {
        let scratch = collection();
        scratch
            .write(&format!("{FOLDER}/mft/README.md"), "| `other_file.json` | the reference |\n");
        check_finds(&scratch, "mft/file.json: crates/model/fixtures/mft/README.md has no line");
    }

    #[test]
    fn new_and_lost_samples_are_found() {
        let scratch = collection();
        scratch
            .write(&format!("{FOLDER}/mft/more.json"), "{}")
            .write(&format!("{FOLDER}/mft/README.md"), "file.json, more.json: the reference\n");
        check_finds(&scratch, "mft/more.json is new");
        let scratch = collection();
        std::fs::remove_file(scratch.root().join(FOLDER).join("mft/file.json")).unwrap();
        check_finds(&scratch, "mft/file.json is gone");
    }

    #[test]
    fn a_copy_elsewhere_stays_the_same() {
        let scratch = collection();
        scratch.write("crates/sandbox/fixtures/mft/file.json", "{}");
        check(&scratch.workspace()).unwrap();
        scratch.write("crates/sandbox/samples/file.json", "[]");
        check(&scratch.workspace()).unwrap();
        scratch.write("crates/sandbox/fixtures/mft/file.json", "[]");
        check_finds(&scratch, "differs from crates/model/fixtures/mft/file.json");
    }
}
