//! `deny`: what is built into wharf has a licence that is allowed, comes from where it should, and
//! is there once.
//!
//! The rules stand in [`RULES`], where the program `cargo deny` looks for them too. That program
//! takes longer to build than wharf, so the gate does not ask for it; what it alone does is to look
//! for advisories, which have to be fetched.

mod rules;

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;
use spdx::{Expression, Licensee, ParseMode};

use self::rules::Rules;
use crate::cargo;
use crate::outcome::{Failure, Outcome, no_arguments, settle};
use crate::workspace::Workspace;

pub(crate) fn run(workspace: &Workspace, arguments: &[String]) -> Outcome {
    no_arguments("deny", arguments)?;
    check(workspace)
}

pub(crate) fn check(workspace: &Workspace) -> Outcome {
    let rules = Rules::read(&workspace.read(RULES)?)
        .map_err(|failure| Failure::new(format!("{RULES}: {failure}")))?;
    let call = ["metadata", "--locked", "--all-features", "--format-version", "1"];
    let packages = packages(&cargo::capture(workspace.root(), &call)?)?;
    let doublets = cargo::capture(workspace.root(), DOUBLETS)?;
    let mut findings = unlicensed(&rules, &packages);
    findings.extend(unneeded(&rules, &packages));
    findings.extend(strangers(&rules, &packages));
    findings.extend(twice(&rules, &doublets));
    let all_well = format!(
        "{} crates under allowed licences, from one registry; {} there twice, for a reason",
        packages.len(),
        rules.twice.len()
    );
    settle("deny", &findings, all_well)
}

/// A crate of the lock file, ours too.
#[derive(Debug)]
struct Package {
    name: String,
    license: String,
    /// `None` for ours.
    source: Option<String>,
}

fn packages(metadata: &str) -> Result<Vec<Package>, Failure> {
    let metadata: Value = serde_json::from_str(metadata)
        .map_err(|error| Failure::new(format!("cargo metadata is not JSON: {error}")))?;
    let packages = metadata.get("packages").and_then(Value::as_array).into_iter().flatten();
    let text = |package: &Value, key| package.get(key).and_then(Value::as_str).map(str::to_owned);
    Ok(packages
        .map(|package| Package {
            name: format!(
                "{} {}",
                text(package, "name").unwrap_or_default(),
                text(package, "version").unwrap_or_default()
            ),
            license: text(package, "license").unwrap_or_default(),
            source: text(package, "source"),
        })
        .collect())
}

/// Crates that none of the allowed licences covers.
fn unlicensed(rules: &Rules, packages: &[Package]) -> Vec<String> {
    let finding = |package: &Package| match covered(&package.license, &rules.licenses) {
        Ok(true) => None,
        Ok(false) => {
            Some(format!("{}: `{}` is not allowed by {RULES}", package.name, package.license))
        }
        Err(error) => Some(format!("{}: `{}` {error}", package.name, package.license)),
    };
    packages.iter().filter_map(finding).collect()
}

/// Licences without which every crate would still be covered.
fn unneeded(rules: &Rules, packages: &[Package]) -> Vec<String> {
    let is_needed = |left_out: &Licensee| {
        let rest: Vec<Licensee> =
            rules.licenses.iter().filter(|each| *each != left_out).cloned().collect();
        packages.iter().any(|package| covered(&package.license, &rest) == Ok(false))
    };
    rules
        .licenses
        .iter()
        .filter(|license| !is_needed(license))
        .map(|license| format!("{RULES} allows {license}, and no crate needs it"))
        .collect()
}

fn covered(license: &str, allowed: &[Licensee]) -> Result<bool, String> {
    // Older crates write `MIT/Apache-2.0`.
    let expression = Expression::parse_mode(license, ParseMode::LAX)
        .map_err(|error| format!("is no licence expression: {error}"))?;
    Ok(expression.evaluate(|wanted| allowed.iter().any(|each| each.satisfies(wanted))))
}

/// Crates that come from neither an allowed registry nor this checkout.
fn strangers(rules: &Rules, packages: &[Package]) -> Vec<String> {
    let is_known = |source: &String| {
        rules.registries.iter().any(|registry| *source == format!("registry+{registry}"))
    };
    packages
        .iter()
        .filter_map(|package| Some((package, package.source.as_ref()?)))
        .filter(|(_, source)| !is_known(source))
        .map(|(package, source)| format!("{} comes from {source}", package.name))
        .collect()
}

/// Crates of which more than one version is left when those with a reason are set aside, and
/// reasons for what is no longer there.
fn twice(rules: &Rules, tree: &str) -> Vec<String> {
    let mut versions: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for line in tree.lines() {
        let mut words = line.split_whitespace();
        if let (Some(name), Some(version)) = (words.next(), words.next()) {
            versions.entry(name).or_default().insert(version.trim_start_matches('v'));
        }
    }
    // A crate stands in that tree also if one version is built twice, with other features.
    versions.retain(|_, each| each.len() > 1);
    let mut findings = Vec::new();
    for (name, each) in &versions {
        let left: Vec<&str> =
            each.iter().copied().filter(|version| !rules.excuses(name, version)).collect();
        if left.len() > 1 {
            findings.push(format!(
                "{name} is there more than once: {}. Bring them together (`cargo tree -d`), or \
                 give the reason in {RULES}",
                left.join(", ")
            ));
        }
    }
    for excuse in &rules.twice {
        let held = versions
            .get(excuse.name.as_str())
            .is_some_and(|each| each.iter().any(|version| excuse.is_for(version)));
        if !held {
            findings.push(format!(
                "{RULES} excuses {}:{}, which is not there twice any more",
                excuse.name, excuse.version
            ));
        }
    }
    findings
}

const RULES: &str = ".cargo/deny.toml";

#[rustfmt::skip]
const DOUBLETS: &[&str] = &[
    "tree", "--locked", "--workspace", "--target", "all", "--all-features", "--duplicates",
    "--depth", "0", "--prefix", "none",
];

#[cfg(test)]
mod tests {
    use super::*;

    fn rules() -> Rules {
        let text = "[licenses]\nallow = [\"MIT\", \"Apache-2.0 WITH LLVM-exception\"]\n\
                    [bans]\nskip = [{ crate = \"base64:0.22\", reason = \"somebody\" }]\n\
                    [sources]\nallow-registry = [\"https://one.example\"]\n";
        Rules::read(text).unwrap()
    }

    fn package(license: &str, source: Option<&str>) -> Package {
        Package {
            name: "a 1.0.0".to_owned(),
            license: license.to_owned(),
            source: source.map(str::to_owned),
        }
    }

    #[track_caller]
    fn check_license(license: &str, expected: Option<&str>) {
        let findings = unlicensed(&rules(), &[package(license, None)]);
        match expected {
            None => assert!(findings.is_empty(), "{findings:?}"),
            Some(part) => {
                assert!(findings.len() == 1 && findings[0].contains(part), "{findings:?}")
            }
        }
    }

    #[test]
    fn one_allowed_licence_of_a_choice_is_enough() {
        check_license("MIT", None);
        check_license("MIT/Apache-2.0", None);
        check_license("GPL-3.0-only OR MIT", None);
        check_license("Apache-2.0 WITH LLVM-exception", None);
    }

    #[test]
    fn what_is_not_allowed_or_not_said_is_found() {
        check_license("GPL-3.0-only", Some("`GPL-3.0-only` is not allowed"));
        check_license("MIT AND GPL-3.0-only", Some("is not allowed"));
        check_license("Apache-2.0", Some("is not allowed"));
        check_license("", Some("is no licence expression"));
        check_license("whatever you like", Some("is no licence expression"));
    }

    #[test]
    fn an_allowed_licence_that_nobody_needs_is_found() {
        let findings = unneeded(&rules(), &[package("MIT", None)]);
        let expected =
            [".cargo/deny.toml allows Apache-2.0 WITH LLVM-exception, and no crate needs it"];
        assert_eq!(findings, expected);
    }

    #[test]
    fn crates_from_elsewhere_are_found() {
        let known = package("MIT", Some("registry+https://one.example"));
        let git = package("MIT", Some("git+https://one.example/a"));
        assert_eq!(strangers(&rules(), &[known, package("MIT", None)]), Vec::<String>::new());
        assert_eq!(strangers(&rules(), &[git]), ["a 1.0.0 comes from git+https://one.example/a"]);
    }

    #[test]
    fn a_second_version_wants_a_reason_and_a_reason_a_second_version() {
        let excused = "base64 v0.22.1\n\nbase64 v0.23.0\n";
        assert!(twice(&rules(), excused).is_empty());
        // One version, built with two sets of features, is no doublet.
        let same = format!("{excused}serde v1.0.0\nserde v1.0.0\n");
        assert!(twice(&rules(), &same).is_empty());
        let findings = twice(&rules(), &format!("{excused}base64 v0.24.0\n"));
        assert!(
            findings[0].starts_with("base64 is there more than once: 0.23.0, 0.24.0"),
            "{findings:?}"
        );
        let findings = twice(&rules(), "base64 v0.23.0\n");
        assert_eq!(
            findings,
            [".cargo/deny.toml excuses base64:0.22, which is not there twice any more"]
        );
    }
}
