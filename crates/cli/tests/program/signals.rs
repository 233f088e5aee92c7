//! Stopping the program.

#![cfg(unix)]

use std::fs;
use std::io::Read;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::json;

use crate::harness::{Services, program};

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

#[test]
fn a_command_that_is_stuck_in_a_write_can_be_stopped() {
    let folder = tempfile::tempdir().unwrap();
    let letters = "x".repeat(120);
    for number in 0..1500 {
        fs::write(folder.path().join(format!("{letters}{number}")), "1").unwrap();
    }
    let mut list = program().arg("ls").arg(folder.path()).stdout(Stdio::piped()).spawn().unwrap();
    // More than a pipe holds is to come, and nobody reads on.
    let mut out = list.stdout.take().unwrap();
    out.read_exact(&mut [0]).unwrap();
    assert_eq!(stopped(&mut list), Some(130));
}

#[test]
#[cfg(target_os = "linux")]
fn a_command_that_waits_for_input_can_be_stopped() {
    let services = Services::start();
    let post = ["api", "POST", "/automations", "--json-in", "-", "--on"];
    let mut waiting = services.program();
    waiting.args(post).arg(services.filescom("/")).stdin(Stdio::piped());
    let mut waiting = waiting.spawn().unwrap();
    let status = format!("/proc/{}/status", waiting.id());
    let hears = || {
        let status = fs::read_to_string(&status).unwrap();
        let caught = status.lines().find_map(|line| line.strip_prefix("SigCgt:")).unwrap();
        u64::from_str_radix(caught.trim(), 16).unwrap() & 2 != 0
    };
    while !hears() {
        std::thread::yield_now();
    }
    assert_eq!(stopped(&mut waiting), Some(130));
}

/// The code of a process that is asked to stop until it does.
fn stopped(child: &mut Child) -> Option<i32> {
    let begun = Instant::now();
    while child.try_wait().unwrap().is_none() {
        if begun.elapsed() > LONGEST {
            child.kill().unwrap();
        } else {
            send("INT", child);
        }
    }
    child.wait().unwrap().code()
}

/// Only to end a test that would never end.
const LONGEST: Duration = Duration::from_secs(60);

fn send(signal: &str, child: &Child) {
    let kill = format!("kill -{signal} {}", child.id());
    assert!(Command::new("sh").args(["-c", &kill]).status().unwrap().success());
}
