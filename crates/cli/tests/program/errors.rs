//! Failures: one report for people, one document for programs, one code for shells.

use std::net::TcpListener;

use crate::harness::{Services, finish, program, wharf};

#[track_caller]
fn check(arguments: &[&str], code: i32, kind: &str, part: &str) {
    let outcome = wharf(arguments);
    assert_eq!(outcome.code, code, "{outcome:#?}");
    assert!(outcome.err.contains(part), "{part:?} is not in {outcome:#?}");
    assert!(outcome.err.contains(&format!("({kind}, exit code {code})")), "{outcome:#?}");
    let outcome = wharf(arguments.iter().chain(&["--json"]));
    let error = outcome.error();
    assert_eq!(error["kind"], kind, "{error:#}");
    for field in ["message", "operation", "path", "scheme", "remedy", "document", "causes"] {
        assert!(error.get(field).is_some(), "{field} is not in {error:#}");
    }
}

#[test]
fn each_kind_has_its_code() {
    check(&["stat", "memory:/none"], 3, "not-found", "cannot look at /none on memory");
    check(&["ls", "memory:/none"], 3, "not-found", "cannot list /none on memory");
    check(&["tree", "memory:/none"], 3, "not-found", "/none");
    check(&["rm", "memory:/"], 2, "invalid", "cannot delete / on memory");
    check(&["mkdir", "--no-parents", "memory:/a/b"], 3, "not-found", "/a");
    check(&["ls", "memory:/a/../b"], 2, "invalid", "..");
    check(&["mv", "memory:/a", "memory:/b"], 3, "not-found", "/a");
}

#[test]
fn names_cannot_steer_the_terminal() {
    let outcome = wharf(["stat", "memory:/a\u{1b}[2Jb"]);
    assert_eq!(outcome.code, 3);
    assert!(!outcome.err.contains('\u{1b}'), "{outcome:?}");
}

#[test]
fn what_was_done_is_told_even_when_the_next_thing_fails() {
    let outcome = wharf(["mkdir", "--json", "memory:/a", "memory:/b/../c"]);
    assert_eq!(outcome.error()["kind"], "invalid");
    assert_eq!(outcome.json()["created"][0]["path"], "/a");
}

#[test]
fn a_host_that_cannot_be_reached_is_named_with_the_reason_and_no_more() {
    let closed = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    for (target, service) in [
        (format!("filescom+http://{closed}/"), "Files.com"),
        (format!("mft+http://Admin@{closed}/"), "Boomi MFT"),
    ] {
        let mut command = program();
        command.env("FILES_API_KEY", "0123").env("WHARF_MFT_PASSWORD", "planted");
        let outcome = finish(command.args(["ls", &target]));
        let lines: Vec<&str> = outcome.err.lines().collect();
        let first = format!("error: cannot list / on {service}: no connection to {closed}");
        assert_eq!(lines[0], first, "{outcome:#?}");
        assert!(lines[1].starts_with("Because: ") && lines[1].contains("refused"), "{lines:#?}");
        assert!(lines[2].starts_with("What to do: "), "{lines:#?}");
        let error = finish(command.arg("--json")).error();
        assert_eq!(error["causes"].as_array().map(Vec::len), Some(2), "{error:#}");
    }
}

#[test]
fn what_this_machine_refuses_was_not_done() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("a"), "a").unwrap();
    let refused = wharf(["rm", folder.path().to_str().unwrap()]);
    assert_eq!(refused.code, 7);
    assert!(!refused.err.contains("all the same"), "{refused:#?}");
}

#[test]
fn a_folder_with_content_is_deleted_by_a_word_more() {
    let services = Services::start();
    for target in [services.filescom("/full"), services.mft("/HOME/Admin/full")] {
        let file = format!("{target}/Cargo.toml");
        services.wharf(["put", concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml"), &file]).good();
        let refused = services.wharf(["rm", "--json", &target]);
        let error = refused.error();
        assert_eq!(refused.code, 7, "{refused:#?}");
        assert!(error["remedy"].as_str().unwrap().starts_with("With -r "), "{error}");
        services.wharf(["rm", "-r", &target]).good();
    }
}

#[test]
fn an_endpoint_without_a_path_is_refused() {
    let services = Services::start();
    for value in ["", "  "] {
        let set = format!("endpoint.folder_files={value}");
        let refused = services.wharf(["ls", "--json", "--set", &set, &services.mft("/")]);
        let error = refused.error();
        assert_eq!(refused.code, 2, "{refused:#?}");
        let message = "the setting `endpoint.folder_files` is empty";
        assert_eq!(error["message"], message, "{error}");
        assert!(error["remedy"].as_str().unwrap().contains("wharf explain mft"), "{error}");
    }
}
