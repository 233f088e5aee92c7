//! What standard output gets, and what happens when nobody reads it.

use std::fs;
use std::process::Stdio;

use crate::harness::{program, wharf};

/// Runs the program with a standard output that nobody reads.
#[track_caller]
fn unread(arguments: &[&str]) -> Option<i32> {
    let mut child =
        program().args(arguments).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    drop(child.stdout.take());
    child.wait().unwrap().code()
}

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

#[test]
fn work_goes_on_and_an_answer_is_given_when_nobody_reads() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    fs::create_dir_all(at("a")).unwrap();
    fs::create_dir_all(at("b")).unwrap();
    // More lines than are gathered before they are written.
    let letters = "x".repeat(120);
    let files: Vec<String> = (0..700).map(|n| at(&format!("a/{letters}{n}"))).collect();
    for file in &files {
        fs::write(file, "1").unwrap();
    }
    let (a, b, plan, receipts) = (at("a"), at("b"), at("plan"), at("receipts"));
    assert_eq!(unread(&["ls", &a]), Some(0), "a list has nobody left to be for");
    assert_eq!(unread(&["check", &a, &b]), Some(40));
    assert_eq!(unread(&["check", "--json", &a, &b]), Some(40));
    let copy = at("copy");
    wharf(["cp", "--receipts", &receipts, &files[0], &copy]).good();
    fs::write(&copy, "22").unwrap();
    assert_eq!(unread(&["verify", &receipts]), Some(42));
    wharf(["sync", "--plan", &plan, &a, &b]).good();
    fs::remove_file(&files[0]).unwrap();
    assert_eq!(unread(&["apply", &plan]), Some(41));

    let mut folders = vec!["mkdir".to_owned()];
    folders.extend((0..700).map(|n| at(&format!("made/{letters}{n}"))));
    let arguments: Vec<&str> = folders.iter().map(String::as_str).collect();
    assert_eq!(unread(&arguments), Some(0));
    assert_eq!(fs::read_dir(at("made")).unwrap().count(), 700);
    let mut rm = vec!["rm"];
    rm.extend(files.iter().skip(1).map(String::as_str));
    assert_eq!(unread(&rm), Some(0));
    assert_eq!(fs::read_dir(&a).unwrap().count(), 0);
    assert_eq!(unread(&["rm", &a, &a]), Some(3));
}
