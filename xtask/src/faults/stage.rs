//! Where a run happens: a sandbox, another origin, an empty folder, and what stands in them.

use std::cell::Cell;
use std::collections::BTreeMap;
use std::fs;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use super::http::{self, Answer, encoded};
use super::program;
use super::trap::Trap;
use crate::outcome::Failure;
use crate::sandbox::Sandbox;

/// One of the two services.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Service {
    FilesCom,
    Mft,
}

/// A tree of files that a run may change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Tree {
    FilesCom,
    Mft,
    Local,
}

/// What stands at a path.
#[derive(Clone, PartialEq, Eq)]
pub(super) enum State {
    Nothing,
    Folder,
    File(Vec<u8>),
}

/// A request that the program made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Seen {
    pub(super) face: String,
    pub(super) route: String,
    /// Whether a fault struck it, or it was left without an answer.
    pub(super) struck: bool,
}

/// Everything one worker needs. Its requests to the sandbox go past the services, and meet no
/// fault.
pub(super) struct Stage {
    program: String,
    sandbox: Sandbox,
    folder: PathBuf,
    filescom: SocketAddr,
    storage: SocketAddr,
    mft: SocketAddr,
    user: String,
    /// The face by which the sandbox is steered: one that no fault is aimed at.
    door: Cell<SocketAddr>,
    pub(super) trap: Trap,
    /// What must not appear anywhere: the key and the password.
    pub(super) secrets: [String; 2],
}

impl Stage {
    pub(super) fn set(program: &str, folder: &Path) -> Result<Self, Failure> {
        let sandbox = Sandbox::start(program)?;
        let address = |name| {
            let url = sandbox.text(name)?;
            let address = url.strip_prefix("http://").and_then(|address| address.parse().ok());
            address.ok_or_else(|| Failure::new(format!("{name} of the sandbox is at {url}")))
        };
        let storage = address("/storage")?;
        Ok(Self {
            program: program.to_owned(),
            folder: folder.to_owned(),
            filescom: address("/filescom")?,
            storage,
            mft: address("/mft")?,
            user: sandbox.text("/users/0/name")?,
            door: Cell::new(storage),
            trap: Trap::set()?,
            secrets: [sandbox.text("/keys/full")?, sandbox.text("/users/0/password")?],
            sandbox,
        })
    }

    /// Everything as it was at the start.
    pub(super) fn clear(&self) -> Result<(), Failure> {
        self.control("POST", "reset", b"")?;
        self.trap.empty();
        for old in [&self.folder, &program::home(&self.folder)] {
            if old.exists() {
                fs::remove_dir_all(old).map_err(|error| unwritable(old, &error))?;
            }
        }
        fs::create_dir_all(&self.folder).map_err(|error| unwritable(&self.folder, &error))
    }

    /// Orders faults; those of connections spare the face by which the sandbox is steered.
    pub(super) fn order(&self, rules: &Value, face: &str) -> Result<(), Failure> {
        self.door.set(if face == "storage" { self.mft } else { self.storage });
        self.control("POST", "faults", rules.to_string().as_bytes()).map(drop)
    }

    /// What the program sent, oldest first.
    pub(super) fn seen(&self) -> Result<Vec<Seen>, Failure> {
        let log = self.control("GET", "seen", b"")?;
        let log: Value = serde_json::from_slice(&log.body).unwrap_or_default();
        let text = |entry: &Value, name: &str| Some(entry.get(name)?.as_str()?.to_owned());
        let entries = log.as_array().into_iter().flatten();
        let seen = |entry: &Value| {
            let unanswered = entry.get("status").is_none_or(Value::is_null);
            Some(Seen {
                face: text(entry, "face")?,
                route: text(entry, "route").unwrap_or_default(),
                struck: unanswered || text(entry, "fault").is_some(),
            })
        };
        Ok(entries.filter_map(seen).collect())
    }

    pub(super) fn put(&self, tree: Tree, path: &str, state: &State) -> Result<(), Failure> {
        let (path, bytes) = match state {
            State::Nothing => return Ok(()),
            State::Folder => (format!("{path}/"), &[][..]),
            State::File(bytes) => (path.to_owned(), bytes.as_slice()),
        };
        match tree {
            Tree::Local => self.put_here(&path, state),
            _ => self.control("PUT", &content(tree, &path), bytes).map(drop),
        }
    }

    /// What stands there has stood there for a while: nothing is as old as what it is copied to.
    pub(super) fn let_time_pass(&self) -> Result<(), Failure> {
        self.control("POST", "clock", br#"{"advance": 5}"#).map(drop)
    }

    fn put_here(&self, path: &str, state: &State) -> Result<(), Failure> {
        let place = self.folder.join(path);
        let written = match state {
            State::File(bytes) => fs::write(&place, bytes),
            _ => fs::create_dir_all(&place),
        };
        written.map_err(|error| unwritable(&place, &error))
    }

    /// What stands in a tree: files with their content where `watched` names them.
    pub(super) fn look(
        &self,
        tree: Tree,
        watched: &[&str],
    ) -> Result<BTreeMap<String, State>, Failure> {
        if tree == Tree::Local {
            let mut found = BTreeMap::new();
            walk(&self.folder, "", &mut found)?;
            return Ok(found);
        }
        let paths = self.control("GET", &content(tree, ""), b"")?;
        let paths: Vec<String> = serde_json::from_slice(&paths.body).unwrap_or_default();
        let mut found = BTreeMap::new();
        for path in paths {
            let path = below_the_root(tree, &path);
            let state = match path.strip_suffix('/') {
                Some(_) => State::Folder,
                None if watched.contains(&path) => {
                    State::File(self.control("GET", &content(tree, path), b"")?.body)
                }
                None => State::File(Vec::new()),
            };
            found.insert(path.trim_end_matches('/').to_owned(), state);
        }
        Ok(found)
    }

    /// A path of a service, as the program is told it.
    pub(super) fn target(&self, service: Service, path: &str) -> String {
        self.target_at(&self.host(service).to_string(), service, path)
    }

    /// The same at another host.
    pub(super) fn target_at(&self, host: &str, service: Service, path: &str) -> String {
        match service {
            Service::FilesCom => format!("filescom+http://{host}/{path}"),
            Service::Mft => format!("mft+http://{}@{host}/{path}", self.user),
        }
    }

    pub(super) fn folder(&self) -> &Path {
        &self.folder
    }

    /// Where the service is reached, as a host that it might name itself.
    pub(super) fn host(&self, service: Service) -> SocketAddr {
        match service {
            Service::FilesCom => self.filescom,
            Service::Mft => self.mft,
        }
    }

    /// The program, with both secrets in its environment.
    pub(super) fn command(&self) -> Command {
        let mut command = program::command(&self.program, &self.folder);
        let [key, password] = &self.secrets;
        command.env("FILES_API_KEY", key).env("WHARF_MFT_PASSWORD", password);
        command
    }

    fn control(&self, method: &str, path: &str, body: &[u8]) -> Result<Answer, Failure> {
        let answer = http::send(self.door.get(), method, &format!("/_sandbox/{path}"), body)?;
        if (200..300).contains(&answer.status) {
            return Ok(answer);
        }
        let said = String::from_utf8_lossy(&answer.body).into_owned();
        let (status, at) = (answer.status, self.sandbox.text("/storage")?);
        Err(Failure::new(format!("{method} {path} at {at} was answered {status}: {said}")))
    }
}

/// The control address of a path. The account of MFT has its root at `FOLDERS`.
fn content(tree: Tree, path: &str) -> String {
    match tree {
        Tree::Mft if !path.is_empty() => format!("content/mft/FOLDERS/{}", encoded(path)),
        Tree::Mft => "content/mft/".to_owned(),
        _ => format!("content/filescom/{}", encoded(path)),
    }
}

fn below_the_root(tree: Tree, path: &str) -> &str {
    match tree {
        Tree::Mft => path.strip_prefix("FOLDERS/").unwrap_or(path),
        _ => path,
    }
}

fn walk(folder: &Path, name: &str, found: &mut BTreeMap<String, State>) -> Result<(), Failure> {
    let unreadable = |error| Failure::new(format!("cannot read {}: {error}", folder.display()));
    for entry in fs::read_dir(folder).map_err(unreadable)? {
        let entry = entry.map_err(unreadable)?;
        let own = entry.file_name().to_string_lossy().into_owned();
        let path = if name.is_empty() { own } else { format!("{name}/{own}") };
        if entry.path().is_dir() {
            walk(&entry.path(), &path, found)?;
            found.insert(path, State::Folder);
        } else {
            found.insert(path, State::File(fs::read(entry.path()).map_err(unreadable)?));
        }
    }
    Ok(())
}

fn unwritable(path: &Path, error: &std::io::Error) -> Failure {
    Failure::new(format!("{} cannot be written: {error}", path.display()))
}

impl std::fmt::Debug for State {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Nothing => f.write_str("nothing"),
            Self::Folder => f.write_str("a folder"),
            Self::File(bytes) => write!(f, "a file of {} bytes", bytes.len()),
        }
    }
}
