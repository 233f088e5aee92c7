//! Saved connections that do not work, or not for long: what is said, and what is left.

use std::fs;

use serde_json::Value;

use crate::harness::{Outcome, Services, finish};
use crate::person::{Person, holds};

const KEYS: [&str; 5] = ["error", "http-code", "instance", "title", "type"];

fn five_keys(error: &Value, status: u32, kind: &str) {
    let document = error["document"].as_object().unwrap();
    let names: Vec<_> = document.keys().map(String::as_str).collect();
    assert_eq!(names, KEYS);
    assert_eq!((&document["http-code"], &document["type"]), (&status.into(), &kind.into()));
}

/// Saves a connection that nobody tested.
fn add_untested(person: &Person, name: &str, target: &str, key: &str) -> Outcome {
    let mut command = person.unattended();
    command.env("KEY", key).args(["connection", "add", name, target, "--no-test"]);
    finish(command.args(["--set", "api_key=@env:KEY"])).good()
}

#[test]
fn a_revoked_key_is_told_by_stages_document_and_remedy() {
    let (services, person) = (Services::start(), Person::new());
    let key = services.key("revoked");
    add_untested(&person, "acme", &services.filescom("/"), key);
    assert!(fs::read_to_string(person.file()).unwrap().contains("tested = false"));
    let told = person.wharf(&["connection", "test", "acme"]);
    assert_eq!(told.code, 4, "{told:#?}");
    for part in ["ok      settings", "ok      reach", "FAILED  credentials", "What to do:"] {
        assert!(told.out.contains(part), "{part} is not in {}", told.out);
    }
    for key in KEYS {
        assert!(told.out.contains(&format!("\"{key}\"")), "{key} is not in {}", told.out);
    }
    assert!(!holds(format!("{told:?}").as_bytes(), key));
    let json = person.wharf(&["connection", "test", "acme", "--json"]);
    let error = json.error();
    five_keys(&error, 401, "not-authenticated/invalid-credentials");
    assert!(error["remedy"].as_str().unwrap().contains("valid"), "{error:#}");
    let document = json.json();
    assert_eq!(
        (&document["passed"], &document["tests"][0]["passed"]),
        (&false.into(), &false.into())
    );
    five_keys(&document["tests"][0]["error"], 401, "not-authenticated/invalid-credentials");
    let shown = person.wharf(&["connection", "show", "acme"]).good().out;
    assert!(shown.contains("and FAILED"), "{shown}");
}

#[test]
fn a_key_without_permission_on_the_path_is_told_by_the_404() {
    let (services, person) = (Services::start(), Person::new());
    person.add("part", &services.filescom("/"), "api_key", services.key("restricted"));
    person.wharf(&["connection", "test", "part"]).good();
    let item = "part:/vendor/globex/orders/2026-11-01.csv";
    let told = person.wharf(&["connection", "test", item]);
    assert_eq!(told.code, 3, "{told:#?}");
    for part in ["FAILED  path", "\"http-code\": 404", "What to do:", "permission"] {
        assert!(told.out.contains(part), "{part} is not in {}", told.out);
    }
    five_keys(&person.wharf(&["connection", "test", item, "--json"]).error(), 404, "not-found");
    // What is said of a path is not said of the account.
    let shown = person.wharf(&["connection", "show", "part", "--json"]).good().json();
    assert_eq!(shown["connections"][0]["tested"]["passed"], true);
}

#[test]
fn nothing_is_saved_unless_the_test_passes() {
    let (services, person) = (Services::start(), Person::new());
    for kind in ["revoked", "expired"] {
        let mut command = person.unattended();
        command.env("KEY", services.key(kind)).args(["connection", "add", "acme"]);
        command.args([&services.filescom("/"), "--set", "api_key=@env:KEY"]);
        let refused = finish(&mut command);
        assert_eq!(refused.code, 4, "{refused:#?}");
        assert!(refused.err.contains("FAILED  credentials"), "{refused:#?}");
    }
    assert!(!person.file().exists() && !person.vault().exists());
    let nobody = finish(person.program().args(["connection", "add", "a1", "memory:/x", "--json"]));
    assert_eq!(nobody.error()["kind"], "not-found", "a root that is not there");
    let missing = person.wharf(&["connection", "add", "acme", &services.filescom("/")]);
    assert_eq!(missing.code, 4, "{missing:#?}");
    assert!(missing.err.contains("--set api_key=@PATH"), "{missing:#?}");
}

#[test]
fn all_are_tested_side_by_side_and_the_first_failure_gives_the_code() {
    let (services, person) = (Services::start(), Person::new());
    person.add("good", &services.filescom("/"), "api_key", services.key("full"));
    add_untested(&person, "bad", &services.filescom("/"), services.key("revoked"));
    add_untested(&person, "gone", "filescom+http://127.0.0.1:9/", "0123abc");
    let json = person.wharf(&["connection", "test", "--all", "--json"]);
    assert_eq!(json.code, 4, "{json:#?}");
    let tests = json.json()["tests"].as_array().unwrap().clone();
    let told: Vec<_> = tests.iter().map(|test| (&test["name"], &test["passed"])).collect();
    let want: [(Value, Value); 3] =
        [("good".into(), true.into()), ("bad".into(), false.into()), ("gone".into(), false.into())];
    assert!(told.iter().zip(&want).all(|(told, want)| *told == (&want.0, &want.1)), "{told:?}");
}

#[test]
fn rotating_tests_first_and_leaves_nothing_of_the_old_key() {
    let (services, person) = (Services::start(), Person::new());
    let (old, new) = (services.key("read_only"), services.key("full"));
    person.add("acme", &services.filescom("/"), "api_key", old);
    let rotate = |key: &str, more: &[&str]| {
        let mut command = person.unattended();
        command.env("KEY", key).args(["connection", "rotate", "acme", "--set", "api_key=@env:KEY"]);
        finish(command.args(more))
    };
    let before = fs::read(person.vault()).unwrap();
    assert_eq!(rotate(services.key("revoked"), &[]).code, 4);
    assert_eq!(rotate(old, &[]).code, 2, "the old one again");
    assert_eq!(fs::read(person.vault()).unwrap(), before);
    rotate(new, &["--another-account"]).good();
    let opened = format!("{}/opened", person.home().display());
    let put = ["put", "Cargo.toml", "acme:/from-the-new-key.toml"];
    person.wharf(&put).good();
    let mut show = person.unattended();
    show.args(["connection", "export", "--json"]);
    let text = finish(&mut show).good().out;
    assert!(!holds(text.as_bytes(), old) && !holds(text.as_bytes(), new), "{opened}: {text}");
    if crate::terminal::is_installed("age") {
        let mut age = std::process::Command::new("age");
        age.arg("-d").arg("-i").arg(person.home().join("identity.txt")).arg(person.vault());
        let vault = finish(&mut age).good().out;
        assert!(vault.contains(new) && !vault.contains(old), "an old key is left");
    }
}

#[test]
fn an_end_in_sight_is_told_once_on_each_use() {
    let (services, person) = (Services::start(), Person::new());
    person.add("acme", &services.filescom("/"), "api_key", services.key("full"));
    let file = fs::read_to_string(person.file()).unwrap();
    let soon = "[connection.acme.last_test]\nexpires = 2020-01-02T03:04:05Z";
    let mut lines: Vec<&str> = file.lines().filter(|line| !line.starts_with("expires")).collect();
    let heading = lines.iter().position(|line| *line == "[connection.acme.last_test]").unwrap();
    lines[heading] = soon;
    person.write_closed(&person.file(), &(lines.join("\n") + "\n"));
    let copy = person.wharf(&["cp", "acme:/readme.md", "acme:/again.md"]).good();
    assert_eq!(copy.err.matches("expired at 2020-01-02").count(), 1, "{copy:#?}");
    assert!(copy.err.contains("wharf connection rotate acme"), "{copy:#?}");
    let json = person.wharf(&["stat", "acme:/readme.md", "--json"]).good();
    let warning: Value = serde_json::from_str(&json.err).unwrap();
    assert_eq!(warning["connection"], "acme");
}

#[test]
fn removing_takes_the_secret_along() {
    let (services, person) = (Services::start(), Person::new());
    for name in ["acme", "b2"] {
        person.add(name, &services.filescom("/"), "api_key", services.key("full"));
    }
    assert_eq!(person.wharf(&["connection", "remove", "acme"]).code, 2, "nobody said yes");
    person.wharf(&["connection", "remove", "acme", "--yes"]).good();
    assert_eq!(person.wharf(&["ls", "acme:"]).code, 2);
    person.wharf(&["ls", "b2:"]).good();
    let file = fs::read_to_string(person.file()).unwrap();
    assert!(!file.contains("acme"), "{file}");
    person.add("acme", &services.filescom("/"), "api_key", services.key("full"));
    let shown = person.wharf(&["connection", "show", "acme"]).good().out;
    assert!(shown.contains("as acme/api_key"), "the old entry was left: {shown}");
}
