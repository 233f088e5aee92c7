//! Each failure of storage: a clear error, and nothing lost.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::process::{Command, Stdio};

use crate::harness::{Services, finish};
use crate::person::Person;
use crate::terminal::answering;

/// A person with one saved connection, and what the files are like then.
fn with_acme(services: &Services) -> (Person, Vec<u8>, Vec<u8>) {
    let person = Person::new();
    person.add("acme", &services.filescom("/"), "api_key", services.key("full"));
    let (file, vault) = (fs::read(person.file()).unwrap(), fs::read(person.vault()).unwrap());
    (person, file, vault)
}

fn adding(person: &Person, services: &Services, name: &str) -> Command {
    let mut command = person.unattended();
    command.env("KEY", services.key("full"));
    command.args(["connection", "add", name, &services.filescom("/"), "--set", "api_key=@env:KEY"]);
    command
}

#[test]
fn without_a_keyring_the_vault_is_used_and_said() {
    let (services, person) = (Services::start(), Person::new());
    let wanted = finish(adding(&person, &services, "acme").args(["--store", "keyring", "--json"]));
    assert_eq!(wanted.code, 12, "{wanted:#?}");
    assert!(wanted.error()["remedy"].as_str().unwrap().contains("--store vault"));
    assert!(!person.file().exists(), "it was saved without its key");
    let taken = finish(&mut adding(&person, &services, "acme")).good();
    assert!(taken.err.contains("the keyring of this system cannot be used"), "{taken:#?}");
    assert!(taken.err.contains("vault.age"), "{taken:#?}");
    let plain = finish(adding(&person, &services, "open").arg("--store-unencrypted")).good();
    assert!(plain.out.contains("NOT ENCRYPTED"), "{plain:#?}");
    assert_eq!(person.files_with(services.key("full")), [person.file()]);
}

#[test]
fn a_wrong_passphrase_is_told_and_changes_nothing() {
    let (services, person) = (Services::start(), Person::new());
    let add = |passphrase: &str, name: &str| {
        let mut command = adding(&person, &services, name);
        command.env_remove("WHARF_VAULT_IDENTITY").env("WHARF_VAULT_PASSPHRASE", passphrase);
        finish(&mut command)
    };
    add("correct horse", "acme").good();
    let (file, vault) = (fs::read(person.file()).unwrap(), fs::read(person.vault()).unwrap());
    let refused = add("wrong horse", "b2");
    assert_eq!(refused.code, 4, "{refused:#?}");
    assert!(refused.err.contains("does not open the vault"), "{refused:#?}");
    let mut asked = person.program();
    asked.args(["ls", "acme:"]);
    let session = answering(&asked, "(not shown): ", &["wrong again"], |_| ());
    assert_eq!(session.outcome.code, 4, "{session:#?}");
    assert_eq!(
        (fs::read(person.file()).unwrap(), fs::read(person.vault()).unwrap()),
        (file, vault)
    );
}

#[test]
fn a_wrong_mode_is_told_with_what_closes_it() {
    let services = Services::start();
    let (person, file, vault) = with_acme(&services);
    for (path, mode) in [(person.file(), 0o666), (person.vault(), 0o644)] {
        fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
        for arguments in [&["ls", "acme:"][..], &["connection", "remove", "acme", "--yes"]] {
            let refused = person.wharf(arguments);
            assert_eq!(refused.code, 2, "{refused:#?}");
            assert!(refused.err.contains("chmod 600"), "{refused:#?}");
            if path == person.vault() {
                break;
            }
        }
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
    }
    person.wharf(&["ls", "acme:"]).good();
    assert_eq!(
        (fs::read(person.file()).unwrap(), fs::read(person.vault()).unwrap()),
        (file, vault)
    );
}

/// The same command where no file can grow beyond half a kilobyte, as on a disk that is full.
fn on_a_full_disk(command: &Command) -> Command {
    let mut limited = Command::new("sh");
    limited.args(["-c", "trap '' XFSZ; ulimit -f 1; exec \"$0\" \"$@\""]);
    limited.arg(command.get_program()).args(command.get_args());
    for (name, value) in command.get_envs() {
        match value {
            Some(value) => limited.env(name, value),
            None => limited.env_remove(name),
        };
    }
    limited
}

#[test]
fn a_disk_that_is_full_in_the_middle_of_a_save_loses_nothing() {
    let services = Services::start();
    let person = Person::new();
    for name in ["acme", "b2", "c3"] {
        person.add(name, &services.filescom("/"), "api_key", services.key("full"));
    }
    let (file, vault) = (fs::read(person.file()).unwrap(), fs::read(person.vault()).unwrap());
    assert!(file.len() > 512 && vault.len() > 512, "the limit would not be met");
    let mut rotate = person.unattended();
    rotate.env("KEY", services.key("read_only")).args(["connection", "rotate", "acme"]);
    rotate.args(["--set", "api_key=@env:KEY", "--another-account"]);
    for command in [&adding(&person, &services, "d4"), &rotate] {
        let refused = finish(&mut on_a_full_disk(command));
        assert_eq!(refused.code, 1, "{refused:#?}");
        assert!(refused.err.contains("the vault"), "{refused:#?}");
        assert!(refused.err.contains("Nothing was changed"), "{refused:#?}");
    }
    let mut edit = person.unattended();
    edit.args(["connection", "edit", "acme", "--description", "too long for the disk"]);
    let refused = finish(&mut on_a_full_disk(&edit));
    assert!(refused.code == 1 && refused.err.contains("the connections file"), "{refused:#?}");
    assert_eq!(
        (fs::read(person.file()).unwrap(), fs::read(person.vault()).unwrap()),
        (file, vault)
    );
    let names = fs::read_dir(person.folder()).unwrap().map(|entry| entry.unwrap().file_name());
    let mut names: Vec<_> = names.map(|name| name.into_string().unwrap()).collect();
    names.sort();
    assert_eq!(names, [".lock", "connections.toml", "vault.age"]);
    person.wharf(&["ls", "acme:"]).good();
}

#[test]
fn processes_that_save_at_once_lose_nothing() {
    let services = Services::start();
    let (person, _, _) = with_acme(&services);
    let names: Vec<String> = (1..=6).map(|number| format!("at-once-{number}")).collect();
    let children: Vec<_> = names
        .iter()
        .map(|name| {
            let mut command = adding(&person, &services, name);
            command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap()
        })
        .collect();
    for child in children {
        let output = child.wait_with_output().unwrap();
        assert!(output.status.success(), "{output:?}");
    }
    let listed = person.wharf(&["connection", "list", "--names"]).good().out;
    assert_eq!(listed.lines().count(), 7, "{listed}");
    person.wharf(&["connection", "test", "--all"]).good();
}

#[test]
fn a_file_that_cannot_be_read_is_not_written_over() {
    let services = Services::start();
    let (person, _, _) = with_acme(&services);
    person.write_closed(&person.file(), "[connection.acme\nkey = hunter2\n");
    let refused = finish(&mut adding(&person, &services, "b2"));
    assert_eq!(refused.code, 2, "{refused:#?}");
    assert!(refused.err.contains("line 1") && !refused.err.contains("hunter2"), "{refused:#?}");
    assert!(fs::read_to_string(person.file()).unwrap().contains("hunter2"));
}

#[test]
fn the_doctor_finds_what_is_wrong() {
    let services = Services::start();
    let (person, _, _) = with_acme(&services);
    let well = person.wharf(&["doctor", "--test", "--json"]).good().json();
    assert_eq!(well["passed"], true, "{well:#}");
    let find = |document: &serde_json::Value, name: &str| {
        let checks = document["checks"].as_array().unwrap().clone();
        checks.into_iter().find(|check| check["name"] == name).unwrap()["outcome"].clone()
    };
    for (name, outcome) in [
        ("versions", "passed"),
        ("folder", "passed"),
        ("connections file", "passed"),
        ("vault", "passed"),
        ("keyring", "skipped"),
        ("acme:", "passed"),
        ("clock", "passed"),
        ("proxy", "passed"),
    ] {
        assert_eq!(find(&well, name), outcome, "{name}: {well:#}");
    }
    fs::set_permissions(person.vault(), fs::Permissions::from_mode(0o644)).unwrap();
    fs::set_permissions(person.file(), fs::Permissions::from_mode(0o644)).unwrap();
    let mut command = person.unattended();
    command.env("HTTPS_PROXY", "http://anna:hunter2@proxy:3128").env("SSL_CERT_FILE", "/nowhere");
    let ill = finish(command.args(["doctor", "--json"]));
    assert_eq!(ill.code, 1, "{ill:#?}");
    assert!(!ill.out.contains("hunter2"), "{ill:#?}");
    for (name, outcome) in
        [("vault", "failed"), ("connections file", "warned"), ("TLS roots", "failed")]
    {
        assert_eq!(find(&ill.json(), name), outcome, "{name}: {ill:#?}");
    }
}
