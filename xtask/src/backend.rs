//! `backend`: `docs/adding-a-backend.md`, followed word for word by somebody outside of this
//! workspace.
//!
//! The commands of the page are run and its code is written down, in their order, in an empty
//! folder beside which the checkout lies. The suite must be green. Then the backend is broken, in
//! each way of [`BREAKS`], and the suite must find it out: a proof that cannot fail proves nothing.
//!
//! What the reader's machine is set to, and the page does not say: the target folder and the debug
//! information of this workspace, and the versions of its lock file, so that crates built already
//! are not built, nor others fetched.

mod guide;

use std::env;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use self::guide::Step;
use crate::cargo;
use crate::outcome::{Failure, Outcome, no_arguments};
use crate::workspace::Workspace;

/// The page that is followed.
pub(crate) const GUIDE: &str = "docs/adding-a-backend.md";

pub(crate) fn run(workspace: &Workspace, arguments: &[String]) -> Outcome {
    no_arguments("backend", arguments)?;
    check(workspace)
}

pub(crate) fn check(workspace: &Workspace) -> Outcome {
    let steps = guide::steps(&workspace.read(GUIDE)?)
        .map_err(|failure| Failure::new(format!("{GUIDE}: {failure}")))?;
    let reader = Reader::sits_down(workspace)?;
    let krate = reader.follows(&steps)?;
    for each in BREAKS {
        reader.breaks(&krate, each)?;
    }
    Ok(format!(
        "backend: {GUIDE} ends in a green suite, and {} broken backends in a red one",
        BREAKS.len()
    ))
}

/// A way to break the backend of the guide, and the case that has to see it.
struct Break {
    what: &'static str,
    line: &'static str,
    instead: &'static str,
    case: &'static str,
}

const BREAKS: &[Break] = &[
    Break {
        what: "reports success for a delete without deleting",
        line: "        self.places().remove(path);\n",
        instead: "",
        case: "deleted_file_is_gone",
    },
    Break {
        what: "cuts what it stores",
        line: "        let bytes = content.bytes(u64::MAX).await?;\n",
        instead: "        let bytes = content.bytes(u64::MAX).await?.split_off(1);\n",
        case: "content_comes_back_whole",
    },
];

/// Somebody with a clone of this workspace and a folder beside it.
struct Reader {
    folder: PathBuf,
    lock: PathBuf,
}

impl Reader {
    fn sits_down(workspace: &Workspace) -> Result<Self, Failure> {
        // One name for one checkout: a new one each time would leave what was built for it behind.
        let name = workspace.root().to_string_lossy().replace(|c: char| !c.is_alphanumeric(), "-");
        let folder = env::temp_dir().join(format!("wharf-backend{name}"));
        let reader = Self { lock: workspace.root().join("Cargo.lock"), folder };
        reader.make_room(workspace.root(), &workspace.target()).map_err(|error| {
            Failure::new(format!("{} cannot be used: {error}", reader.folder.display()))
        })?;
        Ok(reader)
    }

    fn make_room(&self, root: &Path, target: &Path) -> io::Result<()> {
        if self.folder.exists() {
            fs::remove_dir_all(&self.folder)?;
        }
        fs::create_dir_all(self.folder.join(".cargo"))?;
        link(root, &self.folder.join("wharf"))?;
        let settings = format!("[build]\ntarget-dir = {:?}\n{PROFILE}", target.display());
        fs::write(self.folder.join(".cargo/config.toml"), settings)
    }

    /// Does what the page says, and answers with the folder it ends in.
    fn follows(&self, steps: &[Step]) -> Result<PathBuf, Failure> {
        let mut at = self.folder.clone();
        let mut printed = String::new();
        let mut written = Vec::new();
        for step in steps {
            match step {
                Step::Command(line) => {
                    let words: Vec<&str> = line.split_whitespace().collect();
                    match words.as_slice() {
                        ["cd", folder] => at.push(folder),
                        ["cargo", arguments @ ..] => printed = self.cargo(&at, arguments)?,
                        _ => return Err(unlike_the_page(&format!("`{line}` cannot be followed"))),
                    }
                }
                Step::Code { file, text } => {
                    let old = match written.contains(&file) {
                        true => read(&at.join(file))? + "\n",
                        false => String::new(),
                    };
                    written.push(file);
                    write(&at.join(file), &(old + text))?;
                }
                // An example of a failure is no promise of what is printed.
                Step::Printed(text) if text.starts_with("running ") => {
                    if !printed.contains(text.as_str()) {
                        let ran = printed.lines().filter(|line| line.starts_with("running "));
                        let ran: Vec<&str> = ran.collect();
                        return Err(unlike_the_page(&format!("{ran:?} is not `{}`", text.trim())));
                    }
                }
                Step::Printed(_) => {}
            }
        }
        Ok(at)
    }

    fn cargo(&self, at: &Path, arguments: &[&str]) -> Result<String, Failure> {
        if at != self.folder {
            fs::copy(&self.lock, at.join("Cargo.lock")).map_err(|error| {
                Failure::new(format!("{} cannot be copied: {error}", self.lock.display()))
            })?;
        }
        let (good, printed) = cargo::attempt(at, arguments)?;
        if !good {
            return Err(unlike_the_page(&format!("it failed:\n{printed}")));
        }
        if let Some(warning) = printed.split("\nwarning: ").nth(1) {
            return Err(unlike_the_page(&format!("the compiler warns: {warning}")));
        }
        Ok(printed)
    }

    /// Breaks the backend, sees the suite fail, and mends it again.
    fn breaks(&self, krate: &Path, each: &Break) -> Result<(), Failure> {
        let file = krate.join("src/lib.rs");
        let whole = read(&file)?;
        if whole.matches(each.line).count() != 1 {
            return Err(unlike_the_page(&format!("it lost the line {:?} to break", each.line)));
        }
        write(&file, &whole.replace(each.line, each.instead))?;
        println!("a backend that {}:", each.what);
        let (good, printed) = cargo::attempt(krate, &["test"])?;
        write(&file, &whole)?;
        if good || !printed.contains(&format!("test {} ... FAILED", each.case)) {
            return Err(Failure::new(format!(
                "a backend that {} does not fail the case {}:\n{printed}",
                each.what, each.case
            )));
        }
        let failed = printed.lines().filter(|line| line.ends_with(" ... FAILED")).count();
        println!("{failed} cases fail, as they must");
        Ok(())
    }
}

impl Drop for Reader {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.folder);
    }
}

fn unlike_the_page(what: &str) -> Failure {
    Failure::new(format!("{GUIDE}, followed word for word: {what}"))
}

fn read(file: &Path) -> Result<String, Failure> {
    fs::read_to_string(file)
        .map_err(|error| Failure::new(format!("{} cannot be read: {error}", file.display())))
}

fn write(file: &Path, text: &str) -> Result<(), Failure> {
    let folder = file.parent().unwrap_or(file);
    fs::create_dir_all(folder)
        .and_then(|()| fs::write(file, text))
        .map_err(|error| Failure::new(format!("{} cannot be written: {error}", file.display())))
}

#[cfg(unix)]
fn link(to: &Path, at: &Path) -> io::Result<()> {
    std::os::unix::fs::symlink(to, at)
}

#[cfg(windows)]
fn link(to: &Path, at: &Path) -> io::Result<()> {
    std::os::windows::fs::symlink_dir(to, at)
}

/// As in the manifest of this workspace, or everything would be built a second time.
const PROFILE: &str = "[profile.dev]\ndebug = \"line-tables-only\"\n\
                       [profile.dev.package.\"*\"]\ndebug = false\n";
