//! Stopping the program.

#![cfg(unix)]

use std::process::Command;

use crate::harness::Services;

#[test]
fn a_sandbox_stays_up_until_it_is_stopped() {
    for (signal, code) in [("INT", 130), ("TERM", 143)] {
        let mut sandbox = Services::start();
        assert_eq!(sandbox.child.try_wait().unwrap(), None);
        let kill = format!("kill -{signal} {}", sandbox.child.id());
        assert!(Command::new("sh").args(["-c", &kill]).status().unwrap().success());
        assert_eq!(sandbox.child.wait().unwrap().code(), Some(code));
    }
}
