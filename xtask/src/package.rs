//! `package`: each crate that is to be published can be packed, with all that the registry and its
//! readers want to see, and nothing that strayed in.
//!
//! It packs and looks; it does not build what it packed. `cargo package --workspace --exclude xtask`
//! does that too, in minutes, and belongs before a release.

use serde_json::Value;

use crate::cargo;
use crate::outcome::{Failure, Outcome, no_arguments, settle};
use crate::workspace::Workspace;

pub(crate) fn run(workspace: &Workspace, arguments: &[String]) -> Outcome {
    no_arguments("package", arguments)?;
    check(workspace)
}

pub(crate) fn check(workspace: &Workspace) -> Outcome {
    let call = ["metadata", "--no-deps", "--locked", "--format-version", "1"];
    let metadata = cargo::capture(workspace.root(), &call)?;
    let metadata: Value = serde_json::from_str(&metadata)
        .map_err(|error| Failure::new(format!("cargo metadata is not JSON: {error}")))?;
    let packages = metadata.get("packages").and_then(Value::as_array);
    let (published, kept): (Vec<&Value>, Vec<&Value>) =
        packages.into_iter().flatten().partition(|package| is_published(package));
    let mut findings = Vec::new();
    for package in &published {
        let name = text(package, "name");
        findings.extend(unsaid(package));
        let list = ["package", "--list", "--quiet", "--allow-dirty", "--package", name];
        let files = cargo::capture(workspace.root(), &list)?;
        findings.extend(strays(name, &files));
        let readme = workspace.read(&format!("{}/README.md", folder(workspace, package)))?;
        findings.extend(unlike(package, &readme));
    }
    pack(workspace, &kept)?;
    let names: Vec<&str> = kept.iter().map(|package| text(package, "name")).collect();
    let all_well =
        format!("{} crates packed; not for others: {}", published.len(), names.join(" "));
    settle("package", &findings, all_well)
}

/// Packs all at once, so that each finds the others, in the order of their dependencies.
fn pack(workspace: &Workspace, kept: &[&Value]) -> Result<(), Failure> {
    let mut call = vec!["package", "--workspace", "--no-verify", "--allow-dirty", "--locked"];
    for package in kept {
        call.extend(["--exclude", text(package, "name")]);
    }
    // Where all crates are at hand already, asking the registry about each takes most of the time.
    let offline = [call.as_slice(), &["--offline"]].concat();
    let (mut good, mut printed) = cargo::attempt(workspace.root(), &offline)?;
    if !good {
        (good, printed) = cargo::attempt(workspace.root(), &call)?;
    }
    if !good {
        return Err(Failure::new(format!("it cannot be packed:\n{printed}")));
    }
    // What it says of tests that stay behind is meant so.
    for line in printed.lines().filter(|line| line.trim_start().starts_with("Packag")) {
        println!("{line}");
    }
    Ok(())
}

/// `publish = false` is an empty list of registries.
fn is_published(package: &Value) -> bool {
    package.get("publish").and_then(Value::as_array).is_none_or(|registries| !registries.is_empty())
}

/// What the manifest does not say, and the registry or a reader asks for.
fn unsaid(package: &Value) -> Vec<String> {
    let name = text(package, "name");
    let mut findings: Vec<String> =
        ["description", "license", "repository", "readme", "rust_version"]
            .iter()
            .filter(|key| text(package, key).is_empty())
            .map(|key| format!("{name}: its manifest has no `{}`", key.replace('_', "-")))
            .collect();
    for key in ["keywords", "categories"] {
        let count = package.get(key).and_then(Value::as_array).map_or(0, Vec::len);
        if !(1..=5).contains(&count) {
            findings.push(format!("{name}: {count} {key}; the registry takes one to five"));
        }
    }
    findings
}

/// Files that have no business in a package, and files that it lacks.
fn strays(name: &str, files: &str) -> Vec<String> {
    let files: Vec<String> = files.lines().map(|file| file.replace('\\', "/")).collect();
    let mut findings: Vec<String> = files
        .iter()
        .filter(|file| !BELONGS.iter().any(|place| is_in(file, place)))
        .map(|file| format!("{name}: `{file}` strayed into the package"))
        .collect();
    for wanted in ["README.md", "LICENSE-APACHE", "LICENSE-MIT"] {
        if !files.iter().any(|file| file == wanted) {
            findings.push(format!("{name}: the package lacks {wanted}"));
        }
    }
    findings
}

fn is_in(file: &str, place: &str) -> bool {
    file == place || (place.ends_with('/') && file.starts_with(place))
}

/// The page in the registry begins like the line in its list.
fn unlike(package: &Value, readme: &str) -> Option<String> {
    let (name, description) = (text(package, "name"), text(package, "description"));
    let plain: String = readme.split_whitespace().collect::<Vec<_>>().join(" ");
    let begin = format!("# {name} {description}.");
    (!plain.starts_with(&begin)).then(|| format!("{name}: its README.md does not begin `{begin}`"))
}

fn folder(workspace: &Workspace, package: &Value) -> String {
    let manifest = text(package, "manifest_path").replace('\\', "/");
    let root = workspace.root().to_string_lossy().replace('\\', "/");
    let folder = manifest.trim_end_matches("/Cargo.toml");
    folder.strip_prefix(&format!("{root}/")).unwrap_or(folder).to_owned()
}

fn text<'a>(package: &'a Value, key: &str) -> &'a str {
    package.get(key).and_then(Value::as_str).unwrap_or_default()
}

/// What a package holds: folders end in a slash. The first four are made by cargo.
const BELONGS: &[&str] = &[
    ".cargo_vcs_info.json",
    "Cargo.lock",
    "Cargo.toml",
    "Cargo.toml.orig",
    "LICENSE-APACHE",
    "LICENSE-MIT",
    "README.md",
    "examples/",
    "fixtures/",
    "src/",
];

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn package() -> Value {
        json!({
            "name": "a", "description": "What it is", "license": "MIT", "repository": "r",
            "readme": "README.md", "rust_version": "1.88", "keywords": ["k"], "categories": ["c"],
        })
    }

    #[test]
    fn a_manifest_that_says_all_is_well() {
        assert!(unsaid(&package()).is_empty());
        assert!(is_published(&package()));
        assert!(!is_published(&json!({"publish": []})));
    }

    #[test]
    fn what_a_manifest_leaves_out_is_found() {
        let mut package = package();
        package["description"] = Value::Null;
        package["keywords"] = json!(["1", "2", "3", "4", "5", "6"]);
        package["rust_version"] = Value::Null;
        let expected = [
            "a: its manifest has no `description`",
            "a: its manifest has no `rust-version`",
            "a: 6 keywords; the registry takes one to five",
        ];
        assert_eq!(unsaid(&package), expected);
    }

    #[test]
    fn stray_and_missing_files_are_found() {
        let good = "Cargo.toml\nLICENSE-APACHE\nLICENSE-MIT\nREADME.md\nsrc/lib.rs\n";
        assert!(strays("a", good).is_empty());
        let bad = "LICENSE-APACHE\nREADME.md\nnotes.txt\nsrc.rs\nsrc/lib.rs\n";
        let expected = [
            "a: `notes.txt` strayed into the package",
            "a: `src.rs` strayed into the package",
            "a: the package lacks LICENSE-MIT",
        ];
        assert_eq!(strays("a", bad), expected);
    }

    #[test]
    fn the_page_begins_like_the_description() {
        assert_eq!(unlike(&package(), "# a\n\nWhat\nit is.\n\nMore.\n"), None);
        let finding = unlike(&package(), "# a\n\nSomething else.\n").unwrap();
        assert_eq!(finding, "a: its README.md does not begin `# a What it is.`");
    }
}
