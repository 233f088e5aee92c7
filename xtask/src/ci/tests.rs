//! The gate stops where it should, and finds what was built.

use super::programs::{Program, parse};
use super::{EXAMPLES, STEPS, Step, check_listed, execute, run, run_all};
use crate::outcome::Failure;
use crate::scratch::Scratch;

fn good() -> Step {
    Step { name: "good", about: "always", run: |_| Ok("done".to_owned()) }
}

fn bad() -> Step {
    Step { name: "bad", about: "never", run: |_| Err(Failure::new("this is wrong")) }
}

fn unreached() -> Step {
    Step {
        name: "unreached",
        about: "must not run",
        run: |_| panic!("a step ran after the one that failed"),
    }
}

#[test]
fn all_good_is_good() {
    let scratch = Scratch::new();
    let line = run_all(&[&good(), &good()], &scratch.workspace()).unwrap();
    assert!(line.contains("ci: all 2 steps good"), "{line}");
}

#[test]
fn the_first_failure_ends_it_and_is_named() {
    let scratch = Scratch::new();
    let failure = run_all(&[&good(), &bad(), &unreached()], &scratch.workspace()).unwrap_err();
    let failure = failure.to_string();
    assert!(failure.starts_with("this is wrong\n"), "{failure}");
    assert!(failure.contains("step `bad` failed"), "{failure}");
    assert!(failure.ends_with("cargo xtask ci bad"), "{failure}");
}

#[test]
fn an_unknown_step_is_refused_before_anything_runs() {
    let scratch = Scratch::new();
    let failure = run(&scratch.workspace(), &["fmt".to_owned(), "tset".to_owned()]).unwrap_err();
    assert!(failure.to_string().contains("no step `tset`"), "{failure}");
    assert!(failure.to_string().contains("fmt tidy layers"), "{failure}");
}

#[test]
fn steps_have_names_of_their_own() {
    for (at, step) in STEPS.iter().enumerate() {
        assert!(STEPS[..at].iter().all(|each| each.name != step.name), "{}", step.name);
    }
}

#[test]
fn programs_are_read_from_the_messages_of_cargo() {
    let artifact = |id: &str, kind: &str, name: &str, test: bool| {
        format!(
            "{{\"reason\":\"compiler-artifact\",\"package_id\":\"{id}\",\
             \"target\":{{\"kind\":[\"{kind}\"],\"name\":\"{name}\"}},\
             \"profile\":{{\"test\":{test}}},\"executable\":\"/t/{name}\"}}\n"
        )
    };
    let messages = [
        artifact("path+file:///a/crates/cli#wharf-cli@0.1.0", "bin", "wharf", false),
        artifact("path+file:///a/crates/cli#wharf-cli@0.1.0", "bin", "wharf", true),
        artifact("path+file:///a/crates/wharf#0.1.0", "example", "open_by_url", false),
        artifact("path+file:///a/crates/wharf#0.1.0", "lib", "wharf", false),
        "{\"reason\":\"build-finished\",\"success\":true}\n".to_owned(),
    ];
    let program = |package: &str, kind: &str, name: &str| Program {
        package: package.to_owned(),
        kind: kind.to_owned(),
        name: name.to_owned(),
        path: format!("/t/{name}"),
    };
    let expected =
        [program("wharf-cli", "bin", "wharf"), program("wharf", "example", "open_by_url")];
    assert_eq!(parse(&messages.concat()).unwrap(), expected);
    assert!(parse("{\"reason\":").is_err());
}

fn program(package: &str, name: &str, path: &str) -> Program {
    Program {
        package: package.to_owned(),
        kind: "example".to_owned(),
        name: name.to_owned(),
        path: path.to_owned(),
    }
}

#[test]
fn an_example_that_no_list_names_is_found() {
    let listed = &EXAMPLES[0];
    check_listed(&[program(listed.package, listed.name, "")]).unwrap();
    let failure = check_listed(&[program(listed.package, "novel", "")]).unwrap_err();
    assert!(failure.to_string().contains("`novel`"), "{failure}");
}

#[test]
fn a_program_that_fails_fails_the_step() {
    let scratch = Scratch::new();
    let cargo = std::env::var("CARGO").unwrap();
    let program = program("any", "cargo", &cargo);
    execute(&scratch.workspace(), &program, &["--version"]).unwrap();
    let failure = execute(&scratch.workspace(), &program, &["no-such-command"]).unwrap_err();
    assert!(failure.to_string().contains("ended with exit status"), "{failure}");
}
