//! The shell in the documents, word for word, in a shell.

#![cfg(unix)]

use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

use crate::harness::{Services, finish};
use crate::person::Person;

#[test]
fn what_the_documents_tell_a_shell_works() {
    let (services, person) = (Services::start(), Person::new());
    let address =
        |service: &str| services.document[service].as_str().unwrap()["http://".len()..].to_owned();
    let (mut script, mut count) = (String::new(), 0);
    let mut elsewhere: Vec<&str> = ELSEWHERE.iter().map(|(begin, _)| *begin).collect();
    for (document, block) in documents().iter().flat_map(|path| blocks(path)) {
        let known = ELSEWHERE.iter().find(|(begin, _)| block.starts_with(begin));
        if let Some((begin, why)) = known {
            println!("not run here: {begin} ({}): {why}", document.display());
            elsewhere.retain(|one| one != begin);
            continue;
        }
        count += 1;
        let lines = block.lines().filter(|line| !line.starts_with("export "));
        script.extend(lines.flat_map(|line| [line, "\n"]));
    }
    assert_eq!(elsewhere, [""; 0], "no document has these any more");
    assert!(count >= 1, "{count} blocks were run");
    let script = script
        .replace("127.0.0.1:4010", &address("filescom"))
        .replace("127.0.0.1:4012", &address("mft"));
    let program = Path::new(env!("CARGO_BIN_EXE_wharf")).parent().unwrap();
    let path = env::join_paths(
        [program.to_owned()].into_iter().chain(env::split_paths(&env::var_os("PATH").unwrap())),
    );
    let mut shell = Command::new("sh");
    shell.args(["-ec", &script]).current_dir(person.home());
    for (name, value) in person.unattended().get_envs() {
        match value {
            Some(value) => shell.env(name, value),
            None => shell.env_remove(name),
        };
    }
    shell
        .env("PATH", path.unwrap())
        .env("FILES_API_KEY", services.key("full"))
        .env("WHARF_MFT_PASSWORD", services.document["users"][0]["password"].as_str().unwrap());
    let shown = finish(&mut shell).good();
    println!("{count} blocks run");
    assert!(shown.out.contains(", verified crc32 5f4b0132 at the destination"), "{shown:#?}");
}

#[cfg(target_os = "linux")]
#[test]
fn the_session_of_the_readme_is_the_recorded_one() {
    let readme = fs::read_to_string(root().join("README.md")).unwrap();
    let session = fs::read_to_string(root().join("docs/terminal/session-80.txt")).unwrap();
    assert!(
        readme.contains(&format!("```text\n{session}```\n")),
        "put in what stands in {session}"
    );
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// All documents, the first page first.
fn documents() -> Vec<PathBuf> {
    let mut found = vec![root().join("README.md")];
    for folder in ["docs", "docs/services", "docs/decisions"] {
        let entries = fs::read_dir(root().join(folder)).unwrap();
        found.extend(entries.map(|entry| entry.unwrap().path()));
    }
    let crates = fs::read_dir(root().join("crates")).unwrap();
    found.extend(crates.map(|entry| entry.unwrap().path().join("README.md")));
    found.retain(|path| path.extension().is_some_and(|end| end == "md") && path.exists());
    found
}

/// What stands between fences for a shell.
fn blocks(document: &Path) -> Vec<(PathBuf, String)> {
    let text = fs::read_to_string(document).unwrap();
    let blocks = text.split("```sh\n").skip(1).map(|rest| rest.split("```").next().unwrap());
    blocks.map(|block| (document.to_owned(), block.to_owned())).collect()
}

/// How a block begins that is not run here, and why.
const ELSEWHERE: &[(&str, &str)] = &[
    (
        "cargo run --release -- demo",
        "the step `demo` of the gate does the first, without --release",
    ),
    ("wharf sandbox --filescom", "the test starts it, on ports that are free"),
    ("cargo new --lib shelf", "the step `backend` of the gate"),
    ("cargo test\n", "the step `backend` of the gate"),
    ("cargo xtask bench", "takes a quiet machine and more than an hour"),
    ("cargo package", "a release; the step `package` of the gate packs each crate"),
    ("cargo install --locked cargo-deny", "fetches a program"),
    ("docker build", "needs a container engine"),
];
