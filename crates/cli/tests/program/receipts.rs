//! Receipts of what no later look can find, and receipts that cannot be written.

use std::fs;

use serde_json::Value;

use crate::harness::{Services, fed, finish};

#[test]
fn what_came_from_a_stream_is_not_looked_for() {
    let (services, folder) = (Services::start(), tempfile::tempdir().unwrap());
    let to = services.filescom("/streamed");
    let mut put = services.program();
    put.current_dir(&folder).args(["put", "--receipts", "sent.jsonl", "-", &to]);
    fed(&mut put, b"bytes").good();
    let verify = |more: &[&str]| {
        let mut verify = services.program();
        finish(verify.current_dir(&folder).args(["verify", "sent.jsonl"]).args(more)).good().out
    };
    assert_eq!(verify(&[]), "1 receipt: 1 proven by checksum, 1 not checkable\n");
    let told = verify(&["--json"]);
    let counts: Value = serde_json::from_str(told.lines().last().unwrap()).unwrap();
    assert_eq!(counts["not_checkable"], 1);
}

#[test]
fn receipts_that_cannot_be_written_are_found_in_time() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    fs::create_dir(at("src")).unwrap();
    fs::write(at("src/a"), "1").unwrap();
    let wharf = |arguments: &[&str]| {
        let mut program = crate::harness::program();
        program.env("WHARF_STATE", at("state")).current_dir(&folder).args(arguments);
        finish(&mut program)
    };
    for copy in [["cp", "src/a", "b"], ["sync", "src", "there"]] {
        let refused = wharf(&[&copy[..], &["--receipts", "nowhere/r.jsonl"]].concat());
        assert_eq!(refused.code, 3, "{refused:?}");
    }
    assert!(!at("b").exists() && !at("there/a").exists());
    assert_eq!(wharf(&["jobs", "list"]).good().out, "no jobs\n");
}
