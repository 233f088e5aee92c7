//! Saved connections: from an empty home directory to a listing, and no key anywhere.

use std::fs;
use std::process::Command;

use crate::harness::{Services, finish};
use crate::person::{IDENTITY, Person, holds};
use crate::terminal::{answering, is_installed};

/// What each question of ours ends in.
const MARK: &str = "(not shown): ";
const PASSPHRASE: &str = "correct horse battery";

#[test]
fn a_key_is_asked_for_tested_saved_and_found_nowhere() {
    let (services, person) = (Services::start(), Person::new());
    let key = services.key("full");
    let target = services.filescom("/");
    let mut command = person.program();
    command.args(["connection", "add", "acme", &target, "--description", "Orders of Acme", "-vv"]);
    let session = answering(&command, MARK, &[key, PASSPHRASE, PASSPHRASE], |id| {
        no_process_shows(key, id);
    });
    let outcome = session.outcome.good();
    assert!(outcome.err.contains("/api/rest/v1/"), "nothing was logged: {outcome:#?}");
    assert!(outcome.err.contains("the secret goes into the vault"), "{outcome:#?}");
    assert!(outcome.out.contains("saved acme; api_key in the vault, encrypted"), "{outcome:#?}");
    assert!(session.shown.contains("A new passphrase for the vault"), "{}", session.shown);

    let mut list = person.program();
    list.args(["ls", "acme:", "-vv"]);
    let listing = answering(&list, MARK, &[PASSPHRASE], |id| no_process_shows(key, id));
    let listed = listing.outcome.good();
    assert!(listed.out.contains("readme.md"), "{listed:#?}");

    for secret in [key, PASSPHRASE] {
        let said = format!("{outcome:?}{listed:?}{}{}", session.shown, listing.shown);
        assert!(!holds(said.as_bytes(), secret), "{said}");
        assert_eq!(person.files_with(secret), Vec::<std::path::PathBuf>::new());
    }
    for part in ["description = \"Orders of Acme\"", "api_key = \"vault:acme/api_key\""] {
        let file = fs::read_to_string(person.file()).unwrap();
        assert!(file.contains(part), "{file}");
    }
    the_vault_opens_with_the_program_age(&person, key);
}

/// Neither in what any process was called with, nor in what this one and its children inherit.
fn no_process_shows(secret: &str, id: u32) {
    for entry in fs::read_dir("/proc").unwrap().filter_map(Result::ok) {
        let called_with = fs::read(entry.path().join("cmdline")).unwrap_or_default();
        assert!(!holds(&called_with, secret), "{:?}", entry.path());
    }
    let inherited = fs::read(format!("/proc/{id}/environ")).unwrap();
    assert!(!inherited.is_empty() && !holds(&inherited, secret));
}

fn the_vault_opens_with_the_program_age(person: &Person, key: &str) {
    if !is_age_there() {
        return;
    }
    let mut age = Command::new("age");
    age.arg("--decrypt").arg(person.vault());
    let session = answering(&age, "passphrase: ", &[PASSPHRASE], |_| ());
    let text = session.outcome.good().out;
    assert!(text.contains(&format!("\"acme/api_key\" = \"{key}\"")), "{text}");
}

/// Says so where it is not, so that nobody takes what was left out for what passed.
fn is_age_there() -> bool {
    let there = is_installed("age");
    if !there {
        assert!(
            std::env::var_os("WHARF_TEST_NEEDS_AGE").is_none(),
            "the program age is wanted, and not installed"
        );
        let mut errors = std::io::stderr();
        let notice = "NOT TRIED: the program age is not installed (Debian: apt install age)";
        std::io::Write::write_all(&mut errors, format!("{notice}\n").as_bytes()).unwrap();
    }
    there
}

#[test]
fn an_identity_file_opens_the_vault_unattended_and_for_age_too() {
    let (services, person) = (Services::start(), Person::new());
    let key = services.key("full");
    person.add("acme", &services.filescom("/"), "api_key", key);
    assert!(person.wharf(&["ls", "acme:"]).good().out.contains("readme.md"));
    assert_eq!(person.files_with(key), Vec::<std::path::PathBuf>::new());
    let without = finish(person.program().args(["ls", "acme:", "--json"]));
    assert_eq!(without.code, 4, "{without:#?}");
    assert!(without.error()["remedy"].as_str().unwrap().contains("WHARF_VAULT_IDENTITY"));
    if !is_age_there() {
        return;
    }
    let identity = person.home().join("other.txt");
    person.write_closed(&identity, IDENTITY);
    let mut age = Command::new("age");
    age.arg("--decrypt").arg("--identity").arg(identity).arg(person.vault());
    assert!(finish(&mut age).good().out.contains(key));
}

#[test]
fn what_the_program_age_wrote_is_a_vault_too() {
    let (services, person) = (Services::start(), Person::new());
    person.add("acme", &services.filescom("/"), "api_key", services.key("read_only"));
    if !is_age_there() {
        return;
    }
    let plain = format!("[secret]\n\"acme/api_key\" = \"{}\"\n", services.key("full"));
    let text = person.home().join("plain.toml");
    person.write_closed(&text, &plain);
    let recipient = IDENTITY.lines().next().unwrap().rsplit(' ').next().unwrap();
    let mut age = Command::new("age");
    age.args(["--encrypt", "--recipient", recipient, "--output"]).arg(person.vault()).arg(text);
    finish(&mut age).good();
    person.wharf(&["put", "Cargo.toml", "acme:/new.toml"]).good();
}

#[test]
fn show_and_list_tell_all_but_the_secret() {
    let (services, person) = (Services::start(), Person::new());
    for (name, kind) in [("acme", "full"), ("part", "restricted")] {
        person.add(name, &services.filescom("/"), "api_key", services.key(kind));
    }
    let shown = person.wharf(&["connection", "show", "part", "--json"]).good().json();
    let shown = &shown["connections"][0];
    for field in ["account", "credential", "permissions", "confined_to", "host", "target"] {
        assert!(shown[field].is_string(), "{field}: {shown:#}");
    }
    assert_eq!(shown["secrets"]["api_key"]["reference"], "vault:part/api_key");
    assert_eq!((&shown["tested"]["passed"], &shown["untested"]), (&true.into(), &false.into()));
    let said = shown["confined_to"].as_str().unwrap();
    for verb in [&["connection", "list"][..], &["connection", "show", "part", "acme"]] {
        let text = person.wharf(verb).good().out;
        for part in ["acme", "part", "Files.com", said] {
            assert!(text.contains(part), "{part} is not in\n{text}");
        }
        assert!(!holds(text.as_bytes(), services.key("restricted")), "{text}");
    }
    assert_eq!(person.wharf(&["connection", "list", "--names"]).good().out, "acme\npart\n");
}

#[test]
fn names_are_told_from_services_files_and_slips() {
    let (services, person) = (Services::start(), Person::new());
    person.add("acme", &services.filescom("/"), "api_key", services.key("full"));
    for (arguments, code, part) in [
        (&["ls", "acmee:"][..], 2, "Did you mean `acme`?"),
        (&["ls", "Acme:/x"], 2, "Did you mean `acme`?"),
        (&["ls", "acme://x"], 2, "is a saved connection"),
        (&["ls", "nobody:"], 2, "The known ones are: acme."),
        (&["ls", "memry:"], 2, "Did you mean `memory`?"),
        (&["stat", "acme:/none"], 3, "Not Found"),
        (&["connection", "show", "acm"], 2, "Did you mean `acme`?"),
        (&["connection", "add", "memory", "memory:"], 2, "name of a service"),
        (&["connection", "add", "ACME", "memory:"], 6, "already"),
        (&["connection", "add", "c", "memory:"], 2, "2 to 64 letters"),
        (&["connection", "add", "x1", "mft://anna:secret@h/"], 2, "no password"),
    ] {
        let outcome = person.wharf(arguments);
        assert_eq!(outcome.code, code, "{outcome:#?}");
        assert!(outcome.err.contains(part), "{part} is not in {outcome:#?}");
    }
    let mut command = person.unattended();
    command.current_dir(person.home()).args(["cat", "./acme:x"]);
    fs::write(person.home().join("acme:x"), "a file\n").unwrap();
    assert_eq!(finish(&mut command).good().out, "a file\n");
}

#[test]
fn a_key_among_the_arguments_is_refused_and_not_repeated() {
    let (services, person) = (Services::start(), Person::new());
    // Not the key for which other tests search what processes were called with.
    let (key, target) = (services.key("expired"), services.filescom("/"));
    let reference = format!("api_key={key}");
    let command_line = format!("api_key=command:echo {key}");
    for arguments in [
        &["connection", "add", "acme", &target, "--set", &reference][..],
        &["connection", "add", "acme", &target, "--secret", &reference],
        &["connection", "add", "acme", &target, "--secret", &command_line],
        &["connection", "add", "acme", &target, "--description", key],
        &["connection", "add", "acme", &target, key],
        &["connection", "add", "acme", &target, "--key", key],
        &["connection", "add", key, &target],
        &["connection", "add", "acme", key],
        &["connection", "rotate", "acme", key],
    ] {
        for json in [&[][..], &["--json"]] {
            let outcome = finish(person.unattended().args(arguments).args(json));
            assert_eq!(outcome.code, 2, "{outcome:#?}");
            assert!(!holds(format!("{outcome:?}").as_bytes(), key), "{outcome:#?}");
        }
    }
    assert!(!person.file().exists());
}

#[test]
fn ctrl_c_at_the_question_ends_it_and_saves_nothing() {
    let (services, person) = (Services::start(), Person::new());
    let mut command = person.unattended();
    command.args(["connection", "add", "acme", &services.filescom("/")]);
    let session = answering(&command, MARK, &["\u{3}"], |_| ());
    assert_eq!(session.outcome.code, 130, "{session:#?}");
    assert!(!person.file().exists());
}

#[test]
fn containers_need_no_file() {
    let (services, person) = (Services::start(), Person::new());
    let file = person.home().join("key");
    person.write_closed(&file, services.key("full"));
    let mut command = person.program();
    command
        .env("WHARF_CONNECTION_ACME", services.filescom("/"))
        .env("WHARF_CONNECTION_ACME__API_KEY", format!("file:{}", file.display()))
        .args(["ls", "acme:"]);
    assert!(finish(&mut command).good().out.contains("readme.md"));
    let mut list = person.program();
    list.env("WHARF_CONNECTION_ACME", services.filescom("/")).args([
        "connection",
        "list",
        "--json",
    ]);
    assert_eq!(finish(&mut list).good().json()["connections"][0]["source"], "environment");
    assert!(!person.folder().exists());
}

#[test]
fn a_name_that_is_taken_leaves_all_as_it_was() {
    let person = Person::new();
    for name in ["one", "two"] {
        finish(person.program().args(["connection", "add", name, "memory:/", "--no-test"])).good();
    }
    let before = fs::read_to_string(person.file()).unwrap();
    let edit = ["connection", "edit", "one", "--target", "memory:/deep", "--no-test", "--rename"];
    let refused = finish(person.program().args(edit).arg("two"));
    assert_eq!(refused.code, 6, "{refused:?}");
    assert_eq!(fs::read_to_string(person.file()).unwrap(), before);
    finish(person.program().args(edit).arg("ONE")).good();
    assert!(fs::read_to_string(person.file()).unwrap().contains("connection.ONE"));
}
