//! `container`: what can be seen of the Dockerfile without a Docker engine.
//!
//! It copies what exists and is not ignored, and all that is compiled in; its toolchain is new enough;
//! it runs the program, not as root; and it bakes no secret in.

use crate::outcome::{Outcome, no_arguments, settle};
use crate::workspace::{Text, Workspace};

pub(crate) fn run(workspace: &Workspace, arguments: &[String]) -> Outcome {
    no_arguments("container", arguments)?;
    check(workspace)
}

pub(crate) fn check(workspace: &Workspace) -> Outcome {
    let dockerfile = workspace.read(DOCKERFILE)?;
    let manifest = workspace.read("Cargo.toml")?;
    let ignored = workspace.read(IGNORED)?;
    let copied = copied(&dockerfile);
    let mut findings = Vec::new();
    for path in &copied {
        if !workspace.exists(path) {
            findings.push(format!("{DOCKERFILE} copies {path}, which is not there"));
        }
        if !ignored.lines().any(|line| line.strip_prefix('!') == Some(path)) {
            findings.push(format!("{DOCKERFILE} copies {path}, which {IGNORED} leaves out"));
        }
    }
    findings.extend(left_behind(&copied, &workspace.texts(&[".rs"])?));
    findings.extend(too_old(&dockerfile, &manifest));
    findings.extend(careless(&dockerfile));
    settle("container", &findings, "the Dockerfile fits this checkout; nobody has built it")
}

/// What is copied from the checkout.
fn copied(dockerfile: &str) -> Vec<&str> {
    let lines = dockerfile.lines().filter_map(|line| line.strip_prefix("COPY "));
    lines
        .filter(|line| !line.starts_with("--from"))
        .flat_map(|line| {
            let words: Vec<&str> = line.split_whitespace().collect();
            words.split_last().map(|(_, sources)| sources.to_vec()).unwrap_or_default()
        })
        .collect()
}

/// Files that are compiled in, and stand where nothing is copied from.
fn left_behind(copied: &[&str], sources: &[Text]) -> Vec<String> {
    let mut findings = Vec::new();
    for source in sources.iter().filter(|source| source.path.starts_with("crates/")) {
        for (number, line) in source.shipped_lines() {
            for macro_name in ["include_str!(\"", "include_bytes!(\""] {
                let Some((_, rest)) = line.split_once(macro_name) else { continue };
                let target = beside(&source.path, rest.split('"').next().unwrap_or_default());
                if !copied.iter().any(|top| target.split('/').next() == Some(top)) {
                    findings.push(format!(
                        "{}:{number} compiles {target} in, which {DOCKERFILE} does not copy",
                        source.path
                    ));
                }
            }
        }
    }
    findings
}

/// A path seen from the folder of a file.
fn beside(file: &str, path: &str) -> String {
    let mut parts: Vec<&str> = file.split('/').collect();
    parts.pop();
    for part in path.split('/') {
        match part {
            ".." => drop(parts.pop()),
            "." => {}
            name => parts.push(name),
        }
    }
    parts.join("/")
}

fn too_old(dockerfile: &str, manifest: &str) -> Option<String> {
    let promised = after(manifest, "rust-version = \"").and_then(version);
    let taken = after(dockerfile, "FROM rust:").and_then(version);
    match (taken, promised) {
        (Some(taken), Some(promised)) if taken >= promised => None,
        (taken, promised) => Some(format!(
            "{DOCKERFILE} builds with rust {taken:?}, and `rust-version` is {promised:?}"
        )),
    }
}

fn after<'a>(text: &'a str, mark: &str) -> Option<&'a str> {
    text.split_once(mark).map(|(_, rest)| rest)
}

/// `1.95` at the start of a text, as numbers.
fn version(text: &str) -> Option<(u32, u32)> {
    let end = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
    let mut parts = text.get(..end)?.split('.');
    Some((parts.next()?.parse().ok()?, parts.next()?.parse().ok()?))
}

fn careless(dockerfile: &str) -> Vec<String> {
    let lines = || dockerfile.lines().map(str::trim_start);
    let user = lines().filter_map(|line| line.strip_prefix("USER ")).next_back();
    let mut findings = Vec::new();
    if user.is_none_or(|user| user.starts_with("root") || user.split(':').next() == Some("0")) {
        findings.push(format!("{DOCKERFILE}: the program runs as root"));
    }
    if !lines().any(|line| line == "ENTRYPOINT [\"wharf\"]") {
        findings.push(format!("{DOCKERFILE}: the program is not what is started"));
    }
    for line in lines().filter(|line| line.starts_with("ENV ") || line.starts_with("ARG ")) {
        let upper = line.to_uppercase();
        if ["KEY", "PASSWORD", "PASSPHRASE", "SECRET", "TOKEN"]
            .iter()
            .any(|word| upper.contains(word))
        {
            findings.push(format!("{DOCKERFILE}: `{line}` would stay in the image"));
        }
    }
    findings
}

const DOCKERFILE: &str = "docs/container/Dockerfile";
const IGNORED: &str = "docs/container/Dockerfile.dockerignore";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scratch::Scratch;

    const GOOD: &str = "FROM rust:1.95-slim AS build\nCOPY Cargo.toml ./\nCOPY crates crates\n\
                        FROM debian\nCOPY --from=build /a /b\nUSER 10001\nENTRYPOINT [\"wharf\"]\n";

    #[track_caller]
    fn check_dockerfile(dockerfile: &str, expected: Option<&str>) {
        let scratch = Scratch::new();
        scratch
            .write("Cargo.toml", "rust-version = \"1.88\"\n")
            .write("crates/a/src/lib.rs", "//! A.\nconst A: &str = include_str!(\"../a.txt\");\n")
            .write(DOCKERFILE, dockerfile)
            .write(IGNORED, "*\n!Cargo.toml\n!crates\n!none\n");
        match (check(&scratch.workspace()), expected) {
            (Ok(_), None) => {}
            (Err(failure), Some(part)) => {
                let failure = failure.to_string();
                assert!(failure.contains(part), "`{part}` is not in: {failure}");
                assert!(failure.ends_with("container: one finding"), "{failure}");
            }
            (outcome, _) => panic!("{outcome:?}"),
        }
    }

    #[test]
    fn the_dockerfile_of_this_checkout_fits_it() {
        if let Err(failure) = check(&Workspace::find()) {
            panic!("{failure}");
        }
    }

    #[test]
    fn what_does_not_fit_is_found() {
        check_dockerfile(GOOD, None);
        let without = |line: &str| GOOD.replace(line, "");
        check_dockerfile(&without("COPY crates crates\n"), Some("crates/a/a.txt in, which"));
        check_dockerfile(&without("USER 10001\n"), Some("runs as root"));
        check_dockerfile(&GOOD.replace("USER 10001", "USER 0:0"), Some("runs as root"));
        check_dockerfile(&without("ENTRYPOINT [\"wharf\"]\n"), Some("not what is started"));
        check_dockerfile(&GOOD.replace("1.95", "1.87"), Some("builds with rust Some((1, 87))"));
        check_dockerfile(
            &format!("{GOOD}COPY none none\n"),
            Some("copies none, which is not there"),
        );
        check_dockerfile(&format!("{GOOD}COPY crates/a a\n"), Some("leaves out"));
        check_dockerfile(&format!("{GOOD}ENV FILES_API_KEY=a\n"), Some("would stay in the image"));
    }
}
