//! Stopping the program.

#![cfg(unix)]

use std::fs;
use std::process::{Child, Command, Stdio};

use serde_json::json;

use crate::harness::Services;

#[test]
fn a_sandbox_stays_up_until_it_is_stopped() {
    for (signal, code) in [("INT", 130), ("TERM", 143)] {
        let mut sandbox = Services::start();
        assert_eq!(sandbox.child.try_wait().unwrap(), None);
        send(signal, &sandbox.child);
        assert_eq!(sandbox.child.wait().unwrap().code(), Some(code));
    }
}

#[test]
fn a_transfer_that_is_stopped_leaves_nothing_behind() {
    let services = Services::start();
    // The content stops coming after its first bytes, and the connection stays open.
    services.fault(&json!({"route": "storage_get", "fault": {"stall_after": 100_000}}));
    let folder = tempfile::tempdir().unwrap();
    let mut get = services
        .program()
        .args(["get", &services.filescom("/archive/2025/scans-2025-12.bin")])
        .current_dir(&folder)
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let names = || fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().file_name());
    while names().next().is_none() {
        assert_eq!(get.try_wait().unwrap(), None, "it ended before it began to write");
        std::thread::yield_now();
    }
    send("INT", &get);
    assert_eq!(get.wait().unwrap().code(), Some(130));
    assert_eq!(names().collect::<Vec<_>>(), [""; 0]);
}

fn send(signal: &str, child: &Child) {
    let kill = format!("kill -{signal} {}", child.id());
    assert!(Command::new("sh").args(["-c", &kill]).status().unwrap().success());
}
