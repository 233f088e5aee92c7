//! The rules hold here, and each of them can fail.

use super::exceptions::{CALLS, LONG};
use super::{check, findings_in, rules};
use crate::workspace::{Text, Workspace};

#[test]
fn this_workspace_is_tidy() {
    if let Err(failure) = check(&Workspace::find()) {
        panic!("{failure}");
    }
}

#[track_caller]
fn check_one(path: &str, text: &str, expected: &[&str]) {
    let text = Text { path: path.to_owned(), text: text.to_owned() };
    let findings = findings_in(&text);
    assert_eq!(findings.len(), expected.len(), "{findings:#?}");
    for (finding, part) in findings.iter().zip(expected) {
        assert!(finding.contains(part), "`{part}` is not in: {finding}");
    }
}

#[test]
fn a_file_says_what_it_is() {
    check_one("crates/a/src/a.rs", "//! A.\n", &[]);
    check_one("crates/a/src/a.rs", "fn a() {}\n", &["a.rs:1: starts without"]);
    check_one("docs/a.md", "# A\n", &[]);
}

#[test]
fn white_space_ends_no_line() {
    check_one("a.md", "a \nb\t\nc\r\n", &["a.md:1:", "a.md:2:", "a.md:3:"]);
    check_one("a.md", "a", &["does not end"]);
    check_one("a.md", "a\n\n", &["empty lines at the end"]);
}

#[test]
fn a_long_file_wants_a_reason() {
    let lines = |count: usize| format!("//! A.\n{}", "\n".repeat(count - 2)) + "//\n";
    check_one("a.rs", &lines(rules::LONGEST), &[]);
    check_one("a.rs", &lines(rules::LONGEST + 1), &["401 lines"]);
}

#[test]
fn every_exception_for_length_gives_a_reason() {
    for (path, reason) in LONG {
        assert!(reason.len() > 20, "{path}: `{reason}` is no reason");
    }
}

#[test]
fn a_module_is_named_after_its_folder() {
    check_one("crates/a/src/b/mod.rs", "//! B.\n", &["mod.rs: name it"]);
}

#[test]
fn nothing_ships_unfinished() {
    let unfinished = concat!("//! A.\nfn a() { to", "do!() }\nfn b() { un", "implemented!() }\n");
    check_one("a.rs", unfinished, &["a.rs:2:", "a.rs:3:"]);
    check_one("a.rs", concat!("//! No to", "do!() here.\n"), &[]);
}

#[test]
fn a_test_left_out_says_why() {
    check_one("a.rs", concat!("//! A.\n#[ig", "nore]\n"), &["a.rs:2:"]);
    check_one("a.rs", concat!("//! A.\n#[ig", "nore = \"asks a live service\"]\n"), &[]);
}

#[test]
fn work_left_over_carries_its_issue() {
    check_one("a.rs", concat!("//! A.\n// TO", "DO: later\n"), &["a.rs:2:"]);
    check_one("a.rs", concat!("//! A.\n// FIX", "ME\n"), &["a.rs:2:"]);
    check_one("a.rs", concat!("//! A.\n// TO", "DO(#12): later\n"), &[]);
    check_one("a.rs", concat!("//! The key is 0X", "XX0.\n"), &[]);
}

#[test]
fn no_path_of_one_machine_ships() {
    let line = concat!("let a = \"/t", "mp/a\";\n");
    check_one("crates/a/src/a.rs", &format!("//! A.\n{line}"), &["a.rs:2:"]);
    check_one("docs/a.md", line, &["a.md:1:"]);
    check_one("crates/a/tests/a.rs", &format!("//! A.\n{line}"), &[]);
    check_one("crates/a/src/a.rs", &format!("//! A.\nmod tests {{\n{line}}}\n"), &[]);
}

#[test]
fn services_translate_in_one_place() {
    for line in [
        "let entry = Entry::file(path);",
        "rights.set(Permissions::READ, true);",
        "impl From<Error> for wharf_connector::Error {",
    ] {
        let text = format!("//! A.\n{line}\n");
        for service in ["crates/filescom/src", "crates/mft/src"] {
            check_one(&format!("{service}/connector.rs"), &text, &["connector.rs:2: `"]);
            check_one(&format!("{service}/connector/list.rs"), &text, &["list.rs:2: `"]);
            check_one(&format!("{service}/convert.rs"), &text, &[]);
            check_one(&format!("{service}/error/meaning.rs"), &text, &[]);
        }
        check_one("crates/local/src/connector.rs", &text, &[]);
    }
    for line in [
        "mft::Entry::File(file) => file,",
        "let letters = PathPermissions::parse(text);",
        "return Ok(Entry::folder(RemotePath::root()));",
    ] {
        check_one("crates/mft/src/connector.rs", &format!("//! A.\n{line}\n"), &[]);
    }
}

#[test]
fn libraries_do_not_call_what_is_the_programs_business() {
    for call in CALLS {
        let line = format!("//! A.\n    {}a);\n", call.text);
        check_one("crates/model/src/a.rs", &line, &[call.why]);
        check_one("crates/cli/src/a.rs", &line, &[]);
        check_one("crates/model/src/a.rs", &format!("//! A.\n/// {}\n", call.text), &[]);
        check_one(
            "crates/model/src/a.rs",
            &format!("//! A.\n#[cfg(test)]\nmod tests {{\n{line}}}\n"),
            &[],
        );
        for path in call.but {
            check_one(path, &line, &[]);
        }
    }
}

#[test]
fn a_version_that_no_crate_takes_is_found() {
    let file = |path: &str, text: &str| Text { path: path.to_owned(), text: text.to_owned() };
    let root = "[workspace.dependencies]\n# plain\na = \"1\"\nb = { version = \"1\" }\nc = \"1\"\n\n[profile.dev]\nd = 1\n";
    let member = "[dependencies]\na.workspace = true\nb = { workspace = true }\n";
    let findings =
        rules::unused_versions(&[file("Cargo.toml", root), file("crates/x/Cargo.toml", member)]);
    assert_eq!(findings, ["Cargo.toml:5: no crate takes `c`"]);
}

#[test]
fn the_changelog_has_a_place_for_what_comes_next() {
    let log =
        |text: &str| vec![Text { path: "docs/changelog.md".to_owned(), text: text.to_owned() }];
    assert_eq!(rules::changelog(&log("# Log\n\n## Unreleased\n")), None);
    assert!(rules::changelog(&log("# Log\n\n## 1.0\n")).is_some());
    assert!(rules::changelog(&[]).is_some());
}
