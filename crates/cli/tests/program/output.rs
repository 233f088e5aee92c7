//! What standard output gets, and what happens when nobody reads it.

use std::process::Stdio;

use crate::harness::{program, wharf};

#[test]
fn documents_have_their_fields() {
    let listing = wharf(["ls", "--json", "memory:"]).good().json();
    assert_eq!(listing["target"], "memory:/");
    assert_eq!(listing["entries"].as_array().map(Vec::len), Some(0));
    assert_eq!(listing["complete"], true);

    let made = wharf(["mkdir", "--json", "memory:/a", "memory:/b/c"]).good().json();
    assert_eq!(made["created"][1]["path"], "/b/c");
    assert_eq!(made["created"][1]["kind"], "folder");

    let root = wharf(["stat", "--json", "memory:/"]).good().json();
    assert_eq!(root["entry"]["kind"], "folder");
    assert_eq!(root["entry"]["size"], serde_json::Value::Null);

    let tree = wharf(["tree", "--json", "memory:"]).good().json();
    assert_eq!(tree["folders"], 0);
    assert_eq!(tree["complete"], true);

    let test = wharf(["test", "--json", "memory:"]).good().json();
    assert_eq!(test["report"]["passed"], true);

    let schemes = wharf(["schemes", "--json"]).good().json();
    let services = schemes["services"].as_array().unwrap();
    assert!(services.iter().any(|service| service["schemes"][0] == "memory"));
}

#[test]
fn quiet_means_no_summaries() {
    assert_eq!(wharf(["mkdir", "memory:/a"]).good().out, "created memory:/a\n");
    assert_eq!(wharf(["mkdir", "--quiet", "memory:/a"]).good().out, "");
}

#[test]
fn a_reader_that_goes_away_is_no_error() {
    let mut child = program()
        .args(["completions", "bash"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(0));
    assert!(output.stderr.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
}
