//! Help, completions, and command lines that make no sense.

use crate::harness::wharf;

#[test]
fn help_is_an_answer_and_tells_the_codes() {
    for arguments in [&["--help"][..], &["-h"], &["ls", "--help"]] {
        let help = wharf(arguments).good();
        assert!(help.err.is_empty(), "{help:#?}");
        let longest = help.out.lines().map(str::len).max();
        assert!(longest <= Some(100), "{longest:?} letters in a line of {arguments:?}");
    }
    let help = wharf(["--help"]).good().out;
    assert!(help.contains("  4  unauthenticated "), "{help}");
    assert_eq!(wharf(["--version"]).good().out, format!("wharf {}\n", env!("CARGO_PKG_VERSION")));
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
fn completions_know_the_commands() {
    for shell in ["bash", "zsh", "fish"] {
        let script = wharf(["completions", shell]).good().out;
        assert!(script.contains("sandbox") && script.contains("schemes"), "{shell}");
        let document = wharf(["completions", shell, "--json"]).good().json();
        assert_eq!(document["script"].as_str(), Some(script.as_str()));
    }
}

#[test]
fn every_command_takes_json_and_has_help() {
    let help = wharf(["--help"]).good().out;
    let names = help
        .lines()
        .skip_while(|line| *line != "Commands:")
        .skip(1)
        .take_while(|line| !line.is_empty())
        .filter_map(|line| line.split_whitespace().next());
    let mut count = 0;
    for name in names {
        let help = wharf([name, "--help"]).good().out;
        assert!(help.contains("--json"), "{name}");
        count += 1;
    }
    assert!(count >= 10, "{count} commands found in\n{help}");
}
