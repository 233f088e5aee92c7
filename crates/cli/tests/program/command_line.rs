//! Help, completions, and command lines that make no sense.

use std::process::Command;

use crate::harness::{fed, finish, program, wharf};

#[test]
fn help_is_an_answer_and_tells_the_codes() {
    for arguments in [&["--help"][..], &["-h"], &["ls", "--help"], &["help", "jobs", "resume"]] {
        let help = wharf(arguments).good();
        assert!(help.err.is_empty(), "{help:#?}");
        let longest = help.out.lines().map(str::len).max();
        assert!(longest <= Some(100), "{longest:?} letters in a line of {arguments:?}");
    }
    let codes = wharf(["help", "exit-codes"]).good().out;
    assert!(codes.contains("  4  unauthenticated "), "{codes}");
    assert_eq!(
        wharf(["help", "jobs", "list"]).good().out,
        wharf(["jobs", "list", "-h"]).good().out
    );
    let unknown = wharf(["help", "secrts"]);
    assert_eq!(unknown.code, 2);
    assert!(unknown.err.contains("Did you mean `secrets`?"), "{unknown:#?}");
    assert_eq!(wharf(["--version"]).good().out, format!("wharf {}\n", env!("CARGO_PKG_VERSION")));
}

#[test]
fn the_help_is_one_screen_at_every_width() {
    for (columns, most) in [("40", 60), ("80", 30), ("120", 30)] {
        let help = finish(program().arg("--help").env("COLUMNS", columns)).good().out;
        let lines = help.lines().count();
        assert!((24..=most).contains(&lines), "{lines} lines at {columns} columns");
        let longest = help.lines().map(str::len).max().unwrap();
        assert!(longest <= columns.parse().unwrap(), "{longest} letters at {columns} columns");
    }
}

#[test]
fn a_slip_is_met_with_the_nearest_word() {
    for (arguments, part) in [
        (&["lss"][..], "'ls'"),
        (&["ls", "--jsn"], "'--json'"),
        (&["ls", "memry:/"], "there is no connection `memry`"),
        (&["ls", "memry://"], "Did you mean `memory`?"),
    ] {
        let slip = wharf(arguments);
        assert_eq!(slip.code, 2, "{slip:#?}");
        assert!(slip.err.contains(part), "{slip:#?}");
        assert!(slip.out.is_empty());
        let slip = wharf(arguments.iter().chain(&["--json"]));
        assert_eq!(slip.error()["kind"], "invalid");
    }
}

#[test]
fn a_secret_in_an_argument_is_refused_and_not_repeated() {
    for arguments in [
        ["ls", "filescom://acme.files.com/", "--set", "api_key=hunter2"],
        ["ls", "memory:", "--set", "hunter2"],
        ["ls", "anna:hunter2@mft.acme.com", "--set", "x=y"],
    ] {
        let refused = wharf(arguments);
        assert_eq!(refused.code, 2, "{refused:#?}");
        assert!(!refused.err.contains("hunter2"), "{refused:#?}");
        let refused = wharf(arguments.iter().chain(&["--json"]));
        assert!(!refused.err.contains("hunter2"), "{refused:#?}");
    }
}

#[test]
fn completions_know_the_commands_and_shells_can_read_them() {
    for shell in ["bash", "zsh", "fish"] {
        let script = wharf(["completions", shell]).good().out;
        assert!(script.contains("sandbox") && script.contains("schemes"), "{shell}");
        let document = wharf(["completions", shell, "--json"]).good().json();
        assert_eq!(document["script"].as_str(), Some(script.as_str()));
        if Command::new(shell).arg("--version").output().is_err() {
            assert_ne!(shell, "bash", "bash is needed for this test");
            eprintln!("NOT TRIED: there is no {shell}");
            continue;
        }
        let checked = fed(Command::new(shell).arg("-n"), script.as_bytes()).good();
        assert!(checked.err.is_empty(), "{checked:#?}");
    }
}

#[test]
fn every_command_has_a_page_and_takes_json() {
    let folder = tempfile::tempdir().unwrap();
    let pages = folder.path().join("man1");
    let written = wharf(["man", "--json", "--dir", pages.to_str().unwrap()]).good().json();
    let names = written["pages"].as_array().unwrap();
    assert!(names.len() > 60, "{names:?}");
    for name in names.iter().map(|name| name.as_str().unwrap()) {
        let page = std::fs::read_to_string(pages.join(name)).unwrap();
        for part in [".SH NAME", ".SH SYNOPSIS", ".SH OPTIONS", ".SH EXAMPLES", "\\-\\-json"] {
            assert!(page.contains(part), "{part} is not in {name}");
        }
        let words: Vec<&str> = name.strip_suffix(".1").unwrap().split('-').skip(1).collect();
        let help = wharf(words.iter().chain(&["--help"])).good().out;
        assert!(words.is_empty() || help.contains("--json"), "{name}");
    }
    let page = wharf(["man", "jobs", "resume"]).good().out;
    assert_eq!(page, std::fs::read_to_string(pages.join("wharf-jobs-resume.1")).unwrap());
    assert!(page.contains("wharf jobs resume k3f9x2ab"), "{page}");
}

#[test]
#[cfg(target_os = "linux")]
fn what_cannot_be_told_keeps_its_code() {
    use crate::harness::{finish, program};
    let full = || std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    let refused = program().args(["cp", "--bogus"]).stderr(full()).status().unwrap();
    assert_eq!(refused.code(), Some(2));
    let mut help = program();
    help.arg("--help").stdout(full()).stderr(std::process::Stdio::piped());
    let untold = help.spawn().unwrap().wait_with_output().unwrap();
    assert_eq!(untold.status.code(), Some(1), "{untold:?}");
    assert!(String::from_utf8_lossy(&untold.stderr).contains("cannot be written"), "{untold:?}");
    assert_eq!(finish(program().arg("--version")).code, 0);
}

#[test]
fn options_that_would_not_be_followed_are_refused() {
    for arguments in [
        &["get", "--zip", "--receipts", "r", "memory:/a", "memory:/b"][..],
        &["get", "--zip", "--bwlimit", "1M", "memory:/a", "memory:/b"],
        &["sync", "--plan", "-", "memory:/a", "memory:/b"],
        &["cp", "--bwlimit", "0", "memory:/a", "memory:/b"],
        &["cp", "--bwlimit", "0.5", "memory:/a", "memory:/b"],
    ] {
        assert_eq!(wharf(arguments).code, 2, "{arguments:?}");
    }
}
