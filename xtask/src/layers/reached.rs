//! What a crate drags in, however far below, against what it must never reach.
//!
//! `cargo metadata` unites the features of the whole workspace, so it would show tokio below
//! `wharf-connector` merely because the program turns a feature on. `cargo tree -p` resolves a
//! crate by itself, which is what someone who takes only that crate gets.

use crate::cargo;
use crate::layers::table::Layer;
use crate::outcome::Failure;
use crate::workspace::Workspace;

/// Every forbidden crate that is reached, with the way there.
pub(super) fn strays(layers: &[Layer], workspace: &Workspace) -> Result<Vec<String>, Failure> {
    let mut findings = Vec::new();
    for layer in layers.iter().filter(|each| !each.never.is_empty()) {
        let bare = tree(workspace, layer, "--no-default-features")?;
        findings.extend(forbidden(layer, &bare, &[]));
        let full = tree(workspace, layer, "--all-features")?;
        let excused: Vec<&str> = layer.optional.iter().map(|(name, _)| *name).collect();
        findings.extend(forbidden(layer, &full, &excused));
    }
    findings.sort();
    findings.dedup();
    Ok(findings)
}

fn tree(workspace: &Workspace, layer: &Layer, features: &str) -> Result<String, Failure> {
    let arguments = [
        "tree",
        "--package",
        layer.package,
        features,
        "--edges",
        "no-dev",
        "--target",
        "all",
        "--prefix",
        "depth",
        "--format",
        " {p}",
    ];
    cargo::capture(workspace.root(), &arguments)
}

/// Reads lines such as `2 hyper v1.12.0`: depth, name, version. A crate is written out once
/// with all that is below it, so every crate appears, and the first way to it is shown.
pub(super) fn forbidden(layer: &Layer, tree: &str, excused: &[&str]) -> Vec<String> {
    let mut findings = Vec::new();
    let mut way: Vec<&str> = Vec::new();
    let mut seen: Vec<&str> = Vec::new();
    for line in tree.lines() {
        let mut words = line.split_whitespace();
        let (Some(depth), Some(name)) = (words.next(), words.next()) else {
            continue;
        };
        let Ok(depth) = depth.parse::<usize>() else {
            findings.push(format!("cargo tree printed a line we cannot read: `{line}`"));
            continue;
        };
        way.truncate(depth);
        way.push(name);
        if excused.contains(&name) || seen.contains(&name) {
            continue;
        }
        for group in layer.never.iter().filter(|group| group.crates.contains(&name)) {
            seen.push(name);
            findings.push(format!(
                "{} reaches {name}: {}\n    rule: it stays free of {}, however far below\n    \
                 why: {}",
                layer.package,
                way.join(" -> "),
                group.name,
                layer.why
            ));
        }
    }
    findings
}
