//! The part of `cargo metadata --no-deps` that the rules look at.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::outcome::Failure;

/// A member of the workspace.
#[derive(Debug)]
pub(crate) struct Package {
    pub(crate) name: String,
    pub(crate) manifest: String,
    pub(crate) dependencies: Vec<Dependency>,
    /// Each feature, and what it turns on.
    pub(crate) features: BTreeMap<String, Vec<String>>,
}

/// A line of a manifest.
#[derive(Debug)]
pub(crate) struct Dependency {
    /// The package, also when the manifest renames it.
    pub(crate) name: String,
    pub(crate) kind: Kind,
    pub(crate) optional: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Normal,
    Build,
    Dev,
}

impl Kind {
    /// As one would call it in a sentence.
    pub(crate) fn words(self) -> &'static str {
        match self {
            Self::Normal => "dependency",
            Self::Build => "build-dependency",
            Self::Dev => "dev-dependency",
        }
    }
}

pub(crate) fn parse(text: &str) -> Result<Vec<Package>, Failure> {
    let document: Value = serde_json::from_str(text)
        .map_err(|error| Failure::new(format!("cargo metadata is not JSON: {error}")))?;
    list(&document, "packages")?.iter().map(package).collect()
}

fn package(value: &Value) -> Result<Package, Failure> {
    let features = value
        .get("features")
        .and_then(Value::as_object)
        .ok_or_else(|| missing("features"))?
        .iter()
        .map(|(name, on)| (name.clone(), strings(on)))
        .collect();
    Ok(Package {
        name: string(value, "name")?,
        manifest: string(value, "manifest_path")?.replace('\\', "/"),
        dependencies: list(value, "dependencies")?
            .iter()
            .map(dependency)
            .collect::<Result<_, _>>()?,
        features,
    })
}

fn dependency(value: &Value) -> Result<Dependency, Failure> {
    let kind = match value.get("kind").and_then(Value::as_str) {
        None => Kind::Normal,
        Some("build") => Kind::Build,
        Some("dev") => Kind::Dev,
        Some(other) => {
            return Err(Failure::new(format!(
                "cargo metadata has a kind of dependency we do not know: `{other}`"
            )));
        }
    };
    Ok(Dependency {
        name: string(value, "name")?,
        kind,
        optional: value.get("optional").and_then(Value::as_bool) == Some(true),
    })
}

fn list<'a>(value: &'a Value, key: &str) -> Result<&'a Vec<Value>, Failure> {
    value.get(key).and_then(Value::as_array).ok_or_else(|| missing(key))
}

fn string(value: &Value, key: &str) -> Result<String, Failure> {
    value.get(key).and_then(Value::as_str).map(str::to_owned).ok_or_else(|| missing(key))
}

fn strings(value: &Value) -> Vec<String> {
    value.as_array().into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect()
}

fn missing(key: &str) -> Failure {
    Failure::new(format!("cargo metadata has no `{key}` where it should"))
}
