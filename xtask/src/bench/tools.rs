//! The programs of a bench: ours, built; those of others, installed where they can be.
//!
//! A program that cannot be had is a reason, told in the rows that want it, and no end of the run.

use std::env;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::cargo;
use crate::interop::Clients;
use crate::outcome::Failure;
use crate::workspace::Workspace;

/// Where each program is, or why it is not.
#[derive(Debug)]
pub(super) struct Tools {
    pub(super) wharf: String,
    probe: Result<String, String>,
    parse: Result<String, String>,
    files_sdk: Result<String, String>,
    python: Result<(String, String), String>,
    rclone: Result<String, String>,
}

impl Tools {
    /// Builds and installs.
    pub(super) fn ready(
        workspace: &Workspace,
        folder: &Path,
        build: bool,
    ) -> Result<Self, Failure> {
        let target = workspace.target();
        let mut built = Ok(());
        if build {
            println!("== building (release), and installing what is missing");
            let program = ["build", "--release", "--locked", "-p", "wharf-cli"];
            cargo::run(workspace.root(), &program, &[])?;
            packages();
            built = programs(workspace, folder);
        }
        let program = |name: &str| {
            built.clone().map(|()| folder.join("build/release").join(name).display().to_string())
        };
        let clients = Clients::install(&workspace.root().join("target/interop"));
        let clients = clients.map_err(|failure| failure.to_string());
        let script = workspace.root().join("xtask/bench/official_sdk.py").display().to_string();
        Ok(Self {
            wharf: target.join("release/wharf").display().to_string(),
            probe: program("bench-probe"),
            parse: program("bench-parse"),
            files_sdk: program("bench-files-sdk"),
            python: clients
                .as_ref()
                .map(|clients| (clients.python().display().to_string(), script))
                .map_err(Clone::clone),
            rclone: clients.map(|clients| clients.rclone().display().to_string()),
        })
    }

    pub(super) fn probe(&self) -> Result<String, Failure> {
        self.probe.clone().map_err(Failure::new)
    }

    pub(super) fn parse(&self) -> Result<String, Failure> {
        self.parse.clone().map_err(Failure::new)
    }

    /// The vendor's Rust crate.
    pub(super) fn files_sdk(&self) -> Result<String, Failure> {
        self.files_sdk.clone().map_err(Failure::new)
    }

    /// Python with the vendor's SDK, and our script for it.
    pub(super) fn python(&self) -> Result<(String, String), Failure> {
        self.python.clone().map_err(Failure::new)
    }

    pub(super) fn rclone(&self) -> Result<String, Failure> {
        self.rclone.clone().map_err(Failure::new)
    }
}

/// A program of the system, or what to install.
pub(super) fn system(name: &str) -> Result<String, Failure> {
    let places = env::var_os("PATH").unwrap_or_default();
    let found = env::split_paths(&places)
        .chain([PathBuf::from("/usr/sbin")])
        .map(|folder| folder.join(name))
        .find(|path| path.is_file());
    let missing = || Failure::new(format!("{name} is not installed, and could not be"));
    found.map(|path| path.display().to_string()).ok_or_else(missing)
}

/// Installs the Debian packages that are missing, where that is allowed.
fn packages() {
    let missing: Vec<&str> = PACKAGES
        .iter()
        .filter(|(program, _)| system(program).is_err())
        .map(|(_, package)| *package)
        .collect();
    if missing.is_empty() {
        return;
    }
    let mut install = vec!["install", "--yes", "--no-install-recommends"];
    install.extend(&missing);
    for arguments in [vec!["update"], install] {
        println!("$ apt-get {}", arguments.join(" "));
        let done = Command::new("apt-get")
            .args(&arguments)
            .env("DEBIAN_FRONTEND", "noninteractive")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .status();
        if !done.is_ok_and(|status| status.success()) {
            println!("  not installed: {}; rows that want them will say so", missing.join(" "));
            return;
        }
    }
}

/// The programs that only the bench needs.
fn programs(workspace: &Workspace, folder: &Path) -> Result<(), String> {
    let manifest = workspace.root().join("xtask/bench/Cargo.toml").display().to_string();
    let target = folder.join("build").display().to_string();
    // Without --locked: their lock file follows the manifests of our crates as they change.
    let arguments = ["build", "--release", "--manifest-path", &manifest, "--target-dir", &target];
    cargo::run(workspace.root(), &arguments, &[]).map_err(|failure| failure.to_string())
}

/// Program and package.
const PACKAGES: &[(&str, &str)] = &[
    ("curl", "curl"),
    ("nginx", "nginx-light"),
    ("wrk", "wrk"),
    ("valgrind", "valgrind"),
    ("taskset", "util-linux"),
];
