//! What a run came to, judged by what stands there, not by what the program says of it.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::program::Run;
use super::stage::{Stage, State, Tree};
use super::verb::{Output, Scene, Watched};
use crate::outcome::Failure;

/// The verdict on one run.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Verdict {
    /// Everything is as it should be, and the program said so.
    Recovered,
    /// The program passed on something false that nothing contradicts; no file is touched by it.
    Told,
    /// The bytes are wrong, nothing that the service tells contradicts them, and the program claims
    /// no more than that their number is right.
    Unproved,
    /// An error with this exit code, and everything is as it was.
    Refused(i32),
    /// An error with this exit code that names what was left under a name of its own.
    Left(i32),
    /// An error with this exit code that says that the bytes stored were not the right ones: they
    /// were taken away again, and what they replaced is gone with them.
    Removed(i32),
    /// An error with this exit code that says that the work may have been done, and some was.
    Unsure(i32),
    Wrong(String),
}

/// What stood there before the run, by tree.
pub(super) type Before = BTreeMap<Tree, BTreeSet<String>>;

/// What stands in the trees that a scene is about.
pub(super) fn before(stage: &Stage, scene: &Scene) -> Result<Before, Failure> {
    let look = |tree| Ok((tree, stage.look(tree, &[])?.into_keys().collect()));
    trees(scene).into_iter().map(look).collect()
}

/// Judges a run. `unseen` says that the fault is one that nobody can notice.
pub(super) fn judge(
    stage: &Stage,
    scene: &Scene,
    before: &Before,
    run: &Run,
    unseen: bool,
) -> Result<Verdict, Failure> {
    if let Some(wrong) = misconduct(stage, run) {
        return Ok(Verdict::Wrong(wrong));
    }
    let found = Found::look(stage, scene, before)?;
    if unseen && run.code == Some(0) && found.is_unproved(scene, run) {
        return Ok(Verdict::Unproved);
    }
    if run.code == Some(CORRUPTED) && found.is_taken_away(scene) {
        return Ok(Verdict::Removed(CORRUPTED));
    }
    if let Some(wrong) = found.damage(scene) {
        return Ok(Verdict::Wrong(wrong));
    }
    Ok(match run.code {
        Some(0) => success(scene, run, &found),
        _ => refusal(scene, run, &found),
    })
}

/// What stands there after a run.
struct Found {
    trees: BTreeMap<Tree, BTreeMap<String, State>>,
    /// Paths that nobody asked for, with what stands there.
    left: Vec<(String, State)>,
    /// Paths that nobody asked to go.
    gone: Vec<String>,
}

impl Found {
    fn look(stage: &Stage, scene: &Scene, before: &Before) -> Result<Self, Failure> {
        let mut found = Self { trees: BTreeMap::new(), left: Vec::new(), gone: Vec::new() };
        for (tree, old) in before {
            let watched = scene.watched.iter().filter(|watched| watched.tree == *tree);
            let watched: Vec<&str> = watched.map(|watched| watched.path).collect();
            let now = stage.look(*tree, &watched)?;
            let known = |path: &str| old.contains(path) || watched.contains(&path);
            let strange: Vec<&str> =
                now.keys().map(String::as_str).filter(|path| !known(path)).collect();
            if !strange.is_empty() {
                let mut states = stage.look(*tree, &strange)?;
                let states = strange.iter().filter_map(|path| states.remove_entry(*path));
                found.left.extend(states);
            }
            let gone = old
                .iter()
                .filter(|path| !now.contains_key(*path) && !watched.contains(&path.as_str()));
            found.gone.extend(gone.cloned());
            found.trees.insert(*tree, now);
        }
        Ok(found)
    }

    fn at(&self, watched: &Watched) -> State {
        let state = self.trees.get(&watched.tree).and_then(|tree| tree.get(watched.path));
        state.cloned().unwrap_or(State::Nothing)
    }

    /// Right in number, and the program claims no more.
    fn is_unproved(&self, scene: &Scene, run: &Run) -> bool {
        if let Output::Bytes(bytes) = &scene.output {
            return run.out.len() == bytes.len() && run.out != *bytes;
        }
        // Beyond that it may say that what it sent is what is stored, and that the source told
        // nothing to compare with.
        let verdict = run.document().and_then(|document| {
            let from = document.pointer("/receipt/from");
            let silent = from.is_some_and(|from| from.get("checksums").is_none());
            let verdict = document.get("verdict")?.as_str()?;
            Some(verdict == "size_only" || (verdict == "verified" && silent))
        });
        let wrong: Vec<&Watched> =
            scene.watched.iter().filter(|watched| self.at(watched) != watched.after).collect();
        let same_size = wrong.iter().all(|watched| match (self.at(watched), &watched.after) {
            (State::File(now), State::File(right)) => now.len() == right.len(),
            _ => false,
        });
        verdict == Some(true) && !wrong.is_empty() && same_size
    }

    fn is_taken_away(&self, scene: &Scene) -> bool {
        let replaced = |watched: &Watched| {
            matches!((&watched.before, &watched.after), (State::File(_), State::File(_)))
                && watched.before != watched.after
        };
        let mut goals = scene.watched.iter().filter(|watched| replaced(watched));
        let taken = goals.any(|watched| self.at(watched) == State::Nothing);
        taken && self.left.is_empty() && self.gone.is_empty()
    }

    /// Something that is neither as it was nor as it should be, or is nowhere any more.
    fn damage(&self, scene: &Scene) -> Option<String> {
        if let Some(path) = self.gone.first() {
            return Some(format!("{path} is gone"));
        }
        for watched in &scene.watched {
            let state = self.at(watched);
            let aside = || self.left.iter().any(|(_, left)| *left == watched.before);
            if state != watched.before && state != watched.after && !aside() {
                return Some(format!("{state:?} stands at {}", watched.path));
            }
        }
        // What is moved must be somewhere.
        let moved = scene.watched.iter().filter(|from| {
            from.after == State::Nothing
                && self.at(from) == State::Nothing
                && matches!(from.before, State::File(_))
        });
        for from in moved {
            let mut goals = scene.watched.iter().filter(|to| to.after == from.before).peekable();
            if goals.peek().is_some() && goals.all(|to| self.at(to) != from.before) {
                return Some(format!("{} is lost", from.path));
            }
        }
        None
    }
}

/// What no run may do, whatever it came to.
fn misconduct(stage: &Stage, run: &Run) -> Option<String> {
    let caught = stage.trap.empty();
    for secret in &stage.secrets {
        if caught.windows(secret.len()).any(|some| some == secret.as_bytes()) {
            return Some("a secret was sent to another origin".to_owned());
        }
        if run.shows(secret) {
            return Some("a secret was printed".to_owned());
        }
    }
    match run.code {
        None if run.hung => Some("it hung".to_owned()),
        None => Some("it was killed by a signal".to_owned()),
        Some(code @ 101..) => Some(format!("it crashed with {code}")),
        Some(_) => None,
    }
}

fn success(scene: &Scene, run: &Run, found: &Found) -> Verdict {
    if scene.watched.iter().any(|watched| found.at(watched) != watched.after) {
        return Verdict::Wrong("success, and it is not done".to_owned());
    }
    if let Some((path, _)) = found.left.first() {
        return Verdict::Wrong(format!("success, and {path} is left behind"));
    }
    match printed(&scene.output, run) {
        Ok(true) => Verdict::Recovered,
        Ok(false) => Verdict::Told,
        Err(wrong) => Verdict::Wrong(wrong),
    }
}

/// Whether what was printed is the truth.
fn printed(output: &Output, run: &Run) -> Result<bool, String> {
    let document = run.document();
    let Some(document) = document.filter(|_| !matches!(output, Output::Bytes(_))) else {
        return match output {
            Output::Bytes(bytes) if run.out == *bytes => Ok(true),
            Output::Bytes(_) => Err("success, and other bytes were printed".to_owned()),
            _ => Err("success, and no document was printed".to_owned()),
        };
    };
    Ok(match output {
        Output::Size(size) => {
            document.pointer("/entry/size").and_then(Value::as_u64) == Some(*size)
        }
        Output::Listing(expected) => listed(&document) == sorted(expected),
        Output::Document | Output::Bytes(_) => true,
    })
}

fn listed(document: &Value) -> Vec<(String, Option<u64>)> {
    let entries = document.pointer("/entries").and_then(Value::as_array).into_iter().flatten();
    let entry = |entry: &Value| {
        let name = entry.get("name").and_then(Value::as_str).unwrap_or_default().to_owned();
        let folder = entry.get("kind").and_then(Value::as_str) == Some("folder");
        let size = entry.get("size").and_then(Value::as_u64).filter(|_| !folder);
        (name, size)
    };
    let mut entries: Vec<_> = entries.map(entry).collect();
    entries.sort();
    entries
}

fn sorted(expected: &[(&str, Option<u64>)]) -> Vec<(String, Option<u64>)> {
    let mut entries: Vec<_> =
        expected.iter().map(|(name, size)| ((*name).to_owned(), *size)).collect();
    entries.sort();
    entries
}

fn refusal(scene: &Scene, run: &Run, found: &Found) -> Verdict {
    let code = run.code.unwrap_or_default();
    let (clear, may_be_done) = match run.error() {
        Some(error) => {
            let message = error.get("message").and_then(Value::as_str).unwrap_or_default();
            let same = error.get("exit_code").and_then(Value::as_i64) == Some(i64::from(code));
            let reached = error.get("reached").and_then(Value::as_str).unwrap_or_default();
            (same && !message.is_empty(), ["maybe", "yes"].contains(&reached))
        }
        // Without --json it is told in lines.
        None => (run.shows("error:") && run.shows(&format!("exit code {code})")), false),
    };
    if !clear {
        return Verdict::Wrong(format!("exit code {code} without a clear error"));
    }
    // What is left is left under a name of its own, and told.
    let told = |path: &str| run.shows(path.rsplit('/').next().unwrap_or(path));
    if let Some((path, _)) = found.left.iter().find(|(path, _)| !told(path)) {
        return Verdict::Wrong(format!("refused with {code}, and {path} is left behind untold"));
    }
    let untouched = scene.watched.iter().all(|watched| found.at(watched) == watched.before);
    match (untouched, may_be_done) {
        _ if !found.left.is_empty() => Verdict::Left(code),
        (true, _) => Verdict::Refused(code),
        (false, true) => Verdict::Unsure(code),
        (false, false) => {
            Verdict::Wrong(format!("refused with {code} as not done, and some of it is done"))
        }
    }
}

fn trees(scene: &Scene) -> BTreeSet<Tree> {
    scene.watched.iter().map(|watched| watched.tree).chain([Tree::Local]).collect()
}

/// The exit code for bytes that are not the right ones.
const CORRUPTED: i32 = 30;
