//! Somebody with a home directory of their own, and nothing in it yet.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use tempfile::TempDir;

use crate::harness::{Outcome, finish, program};

/// A person, who has no keyring unless a test brings one.
#[derive(Debug)]
pub(crate) struct Person {
    home: TempDir,
}

impl Person {
    pub(crate) fn new() -> Self {
        Self { home: tempfile::tempdir().unwrap() }
    }

    /// Somebody whose home has a path of the same length everywhere.
    pub(crate) fn in_tmp() -> Self {
        Self { home: tempfile::Builder::new().tempdir_in("/tmp").unwrap() }
    }

    pub(crate) fn home(&self) -> &Path {
        self.home.path()
    }

    pub(crate) fn folder(&self) -> PathBuf {
        self.home().join(".config/wharf")
    }

    pub(crate) fn file(&self) -> PathBuf {
        self.folder().join("connections.toml")
    }

    pub(crate) fn vault(&self) -> PathBuf {
        self.folder().join("vault.age")
    }

    /// The program, for this person.
    pub(crate) fn program(&self) -> Command {
        let mut command = program();
        for variable in [
            "XDG_CONFIG_HOME",
            "XDG_STATE_HOME",
            "WHARF_STATE",
            "WHARF_CONFIG_DIR",
            "WHARF_VAULT_IDENTITY",
            "WHARF_VAULT_PASSPHRASE",
            "WHARF_VAULT_PASSPHRASE_FILE",
        ] {
            command.env_remove(variable);
        }
        command.env("HOME", self.home()).env("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere");
        command
    }

    /// The program, with an identity file that opens the vault.
    pub(crate) fn unattended(&self) -> Command {
        let path = self.home().join("identity.txt");
        if !path.exists() {
            self.write_closed(&path, IDENTITY);
        }
        let mut command = self.program();
        command.env("WHARF_VAULT_IDENTITY", path);
        command
    }

    /// Runs the program, unattended.
    #[track_caller]
    pub(crate) fn wharf(&self, arguments: &[&str]) -> Outcome {
        finish(self.unattended().args(arguments))
    }

    /// Saves a connection with a key, unattended.
    #[track_caller]
    pub(crate) fn add(&self, name: &str, target: &str, setting: &str, secret: &str) {
        let set = format!("{setting}=@env:THE_SECRET");
        let mut command = self.unattended();
        command.env("THE_SECRET", secret).args(["connection", "add", name, target, "--set", &set]);
        finish(&mut command).good();
    }

    pub(crate) fn write_closed(&self, path: &Path, text: &str) {
        fs::write(path, text).unwrap();
        use std::os::unix::fs::PermissionsExt;
        fs::set_permissions(path, fs::Permissions::from_mode(0o600)).unwrap();
    }

    /// Every file below the home directory in which a secret stands, as it is or encoded.
    pub(crate) fn files_with(&self, secret: &str) -> Vec<PathBuf> {
        let mut found = Vec::new();
        let mut folders = vec![self.home().to_owned()];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(folder).unwrap().map(Result::unwrap) {
                if entry.file_type().unwrap().is_dir() {
                    folders.push(entry.path());
                } else if holds(&fs::read(entry.path()).unwrap(), secret) {
                    found.push(entry.path());
                }
            }
        }
        found
    }
}

/// Whether a secret stands in bytes: letter by letter, in base64 at any place, in hexadecimal.
pub(crate) fn holds(bytes: &[u8], secret: &str) -> bool {
    let contains = |text: &str| {
        !text.is_empty() && bytes.windows(text.len()).any(|window| window == text.as_bytes())
    };
    let hexadecimal: String = secret.bytes().map(|byte| format!("{byte:02x}")).collect();
    let in_base64 = (0..3).map(|shift| {
        let text = STANDARD_NO_PAD.encode(format!("{}{secret}", "x".repeat(shift)));
        // The letters at both ends depend on what stands beside it.
        text[if shift == 0 { 0 } else { shift + 1 }..text.len() - 2].to_owned()
    });
    contains(secret)
        || contains(&hexadecimal)
        || in_base64.collect::<Vec<_>>().iter().any(|t| contains(t))
}

/// An identity made by `age-keygen` for these tests alone.
pub(crate) const IDENTITY: &str = "\
# public key: age1pvg9865j0jhn2yru9qnrlnvcruvc09q8xq0cxkvp4ghz3ew8ggzsnr5s85
AGE-SECRET-KEY-180GLAR2QCL20N623PSJA4FHAYKVNXGM7322E4C9Q0JZ8JPN7NVXSF6FTJC
";

#[test]
fn a_planted_secret_is_found_in_every_form() {
    let secret = "0123456789abcdef";
    for shift in 0..3 {
        let planted = STANDARD_NO_PAD.encode(format!("{}{secret}tail", "#".repeat(shift)));
        assert!(holds(planted.as_bytes(), secret), "{shift}");
    }
    assert!(holds(b"x 0123456789abcdef y", secret) && !holds(b"0123456789abcde", secret));
}
