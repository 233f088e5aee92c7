//! What the manifests declare, against the table: each line of each one, on every platform.

use std::collections::BTreeSet;

use crate::layers::metadata::{Dependency, Kind, Package};
use crate::layers::table::{Layer, ONLY};

/// Every line of a manifest that the table does not allow, and every crate it does not know.
pub(super) fn strays(layers: &[Layer], packages: &[Package]) -> Vec<String> {
    let ours: BTreeSet<&str> = packages.iter().map(|each| each.name.as_str()).collect();
    let mut findings = Vec::new();
    for package in packages {
        let Some(layer) = layers.iter().find(|each| each.package == package.name) else {
            findings.push(format!(
                "{} ({}) is not in the table of layers: say there what it may stand on \
                 ({TABLE})",
                package.name, package.manifest
            ));
            continue;
        };
        findings.extend(misplaced(layer, package));
        for dependency in &package.dependencies {
            findings.extend(stray(layer, package, dependency, &ours));
        }
        findings.extend(layer.optional.iter().filter_map(|each| turned_on(layer, package, *each)));
    }
    for layer in layers.iter().filter(|each| !ours.contains(each.package)) {
        findings.push(format!(
            "{} stands in the table of layers, but there is no such crate ({TABLE})",
            layer.package
        ));
    }
    findings
}

fn misplaced(layer: &Layer, package: &Package) -> Option<String> {
    let expected = format!("/{}/Cargo.toml", layer.folder);
    (!package.manifest.ends_with(&expected)).then(|| {
        format!(
            "{} lives in {}, but the table says {} ({TABLE})",
            package.name, package.manifest, layer.folder
        )
    })
}

fn stray(
    layer: &Layer,
    package: &Package,
    dependency: &Dependency,
    ours: &BTreeSet<&str>,
) -> Option<String> {
    let name = dependency.name.as_str();
    if let Some((_, owner, why)) =
        ONLY.iter().find(|(only, owner, _)| *only == name && *owner != package.name)
    {
        return Some(edge(layer, dependency, &format!("only {owner} may name {name}"), why));
    }
    // Its own tests may turn on a feature of a crate.
    if name == package.name && dependency.kind == Kind::Dev {
        return None;
    }
    let (shipped, in_tests, whose) = if ours.contains(name) {
        (layer.uses, layer.tests_use, "of ours it")
    } else {
        (layer.names, layer.tests_name, "it")
    };
    let allowed = match dependency.kind {
        Kind::Normal | Kind::Build => shipped.contains(&name) || is_optional(layer, dependency),
        Kind::Dev => shipped.contains(&name) || in_tests.contains(&name),
    };
    if allowed {
        return None;
    }
    let mut may: Vec<String> = shipped.iter().map(|each| (*each).to_owned()).collect();
    if dependency.kind == Kind::Dev {
        may.extend(in_tests.iter().map(|each| (*each).to_owned()));
    } else if !ours.contains(name) {
        may.extend(
            layer.optional.iter().map(|(each, feature)| {
                format!("{each} (optional, by the feature `{feature}` alone)")
            }),
        );
    }
    let list = if may.is_empty() { "nothing".to_owned() } else { may.join(", ") };
    let place = if dependency.kind == Kind::Dev { " in tests" } else { "" };
    let rule = format!("{whose} may name{place}: {list}");
    Some(edge(layer, dependency, &rule, layer.why))
}

/// Allowed by way of a feature, and written so.
fn is_optional(layer: &Layer, dependency: &Dependency) -> bool {
    dependency.optional && layer.optional.iter().any(|(name, _)| *name == dependency.name)
}

/// An optional crate that another feature turns on as well, or that is on by default.
fn turned_on(layer: &Layer, package: &Package, (name, feature): (&str, &str)) -> Option<String> {
    let activations = [name.to_owned(), format!("dep:{name}")];
    let culprits: Vec<&str> = package
        .features
        .iter()
        .filter(|(each, on)| {
            let by_name = on
                .iter()
                .any(|what| activations.contains(what) || what.starts_with(&format!("{name}/")));
            let by_default = *each == "default" && on.iter().any(|what| what == feature);
            (by_name && *each != feature) || by_default
        })
        .map(|(each, _)| each.as_str())
        .collect();
    (!culprits.is_empty()).then(|| {
        format!(
            "{} -> {name}: only the feature `{feature}` may turn it on, but `{}` does too\n    \
             why: {}\n    where: {}/Cargo.toml",
            package.name,
            culprits.join("`, `"),
            layer.why,
            layer.folder
        )
    })
}

fn edge(layer: &Layer, dependency: &Dependency, rule: &str, why: &str) -> String {
    format!(
        "{} -> {} ({}): {rule}\n    why: {why}\n    where: {}/Cargo.toml; if the edge is right, \
         {TABLE} must say so, and docs/architecture.md with it",
        layer.package,
        dependency.name,
        dependency.kind.words(),
        layer.folder
    )
}

const TABLE: &str = "xtask/src/layers/table.rs";
