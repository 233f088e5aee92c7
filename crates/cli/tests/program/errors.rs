//! Failures: one report for people, one document for programs, one code for shells.

use crate::harness::wharf;

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
