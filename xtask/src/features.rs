//! `features`: each crate alone, without features, with each one, and with all.
//!
//! A build of the whole workspace unites the features of everybody, and so hides a crate that
//! compiles only because its neighbour turned something on. The list is made from the manifests:
//! a new feature is tried without anyone remembering to.

use crate::cargo;
use crate::layers::{self, Package};
use crate::outcome::{Failure, Outcome, no_arguments};
use crate::workspace::Workspace;

pub(crate) fn run(workspace: &Workspace, arguments: &[String]) -> Outcome {
    no_arguments("features", arguments)?;
    let mut count = 0;
    for package in layers::packages(workspace)? {
        for choice in choices(&package)? {
            let mut call = vec!["clippy", "--quiet", "--locked", "--package", &package.name];
            call.push("--no-default-features");
            let joined = choice.join(",");
            if !choice.is_empty() {
                call.extend(["--features", &joined]);
            }
            call.extend(["--", "-D", "warnings"]);
            cargo::run(workspace.root(), &call, &[])?;
            count += 1;
        }
    }
    Ok(format!("features: {count} builds of a crate alone"))
}

/// None, each alone, all; less what this task leaves out.
fn choices(package: &Package) -> Result<Vec<Vec<&str>>, Failure> {
    for (owner, feature, _) in LEFT_OUT {
        if *owner == package.name && !package.features.contains_key(*feature) {
            return Err(Failure::new(format!(
                "{owner} has no feature `{feature}` any more: take it out of xtask/src/features.rs"
            )));
        }
    }
    let left_out = |feature: &str| {
        LEFT_OUT.iter().any(|(owner, name, _)| *owner == package.name && *name == feature)
    };
    // An optional dependency without `dep:` is a feature too; so is `default`, which is no news.
    let all: Vec<&str> = package
        .features
        .keys()
        .map(String::as_str)
        .filter(|feature| *feature != "default" && !left_out(feature))
        .collect();
    let mut choices = vec![Vec::new()];
    choices.extend(all.iter().map(|feature| vec![*feature]));
    if all.len() > 1 {
        choices.push(all);
    }
    Ok(choices)
}

/// What is not tried here: (crate, feature, why).
const LEFT_OUT: &[(&str, &str, &str)] = &[
    ("wharf", "native-tls", NATIVE),
    ("wharf-filescom", "native-tls", NATIVE),
    ("wharf-mft", "native-tls", NATIVE),
    ("wharf-transport", "native-tls", NATIVE),
];

const NATIVE: &str = "needs the headers of the platform's TLS library, which a clean machine lacks";

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::{LEFT_OUT, choices};
    use crate::layers::Package;

    fn package(name: &str, features: &[&str]) -> Package {
        Package {
            name: name.to_owned(),
            manifest: String::new(),
            dependencies: Vec::new(),
            features: features
                .iter()
                .map(|feature| ((*feature).to_owned(), Vec::new()))
                .collect::<BTreeMap<_, _>>(),
        }
    }

    #[track_caller]
    fn check(name: &str, features: &[&str], expected: &[&[&str]]) {
        assert_eq!(choices(&package(name, features)).unwrap(), expected);
    }

    #[test]
    fn none_each_and_all() {
        check("a", &[], &[&[]]);
        check("a", &["default"], &[&[]]);
        check("a", &["default", "fs"], &[&[], &["fs"]]);
        check("a", &["default", "fs", "tls"], &[&[], &["fs"], &["tls"], &["fs", "tls"]]);
    }

    #[test]
    fn what_is_left_out_exists_and_has_a_reason() {
        check("wharf-mft", &["native-tls", "rustls"], &[&[], &["rustls"]]);
        let failure = choices(&package("wharf-mft", &["rustls"])).unwrap_err().to_string();
        assert!(failure.contains("no feature `native-tls` any more"), "{failure}");
        assert!(LEFT_OUT.iter().all(|(_, _, why)| why.len() > 20));
    }
}
