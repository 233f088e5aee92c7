//! The tour of the README, word for word, in a shell.

#![cfg(unix)]

use std::path::Path;
use std::process::Command;
use std::{env, fs};

use crate::harness::{Services, finish};

#[test]
fn the_tour_works_as_it_is_written() {
    let readme = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../README.md");
    let readme = fs::read_to_string(readme).unwrap();
    let tour = readme
        .split("```sh\n")
        .filter_map(|block| block.split("```").next())
        .find(|block| block.contains("wharf test "))
        .expect("the README has a tour");
    let services = Services::start();
    let address =
        |service: &str| services.document[service].as_str().unwrap()["http://".len()..].to_owned();
    let commands: String = tour
        .lines()
        .filter(|line| !line.starts_with("export "))
        .map(|line| format!("{line}\n"))
        .collect::<String>()
        .replace("127.0.0.1:4010", &address("filescom"))
        .replace("127.0.0.1:4012", &address("mft"));
    let folder = tempfile::tempdir().unwrap();
    let program = Path::new(env!("CARGO_BIN_EXE_wharf")).parent().unwrap();
    let path = env::join_paths(
        [program.to_owned()].into_iter().chain(env::split_paths(&env::var_os("PATH").unwrap())),
    );
    let mut shell = Command::new("sh");
    shell
        .args(["-ec", &commands])
        .current_dir(folder.path())
        .env("PATH", path.unwrap())
        .env("FILES_API_KEY", services.key("full"))
        .env("WHARF_MFT_PASSWORD", services.document["users"][0]["password"].as_str().unwrap());
    let tour = finish(&mut shell).good();
    let promised = readme.lines().find(|line| line.starts_with("copied ")).unwrap();
    let end = promised.rsplit(", verified ").next().unwrap();
    assert!(tour.out.trim_end().ends_with(end), "{end:?} is not the end of {tour:#?}");
}
