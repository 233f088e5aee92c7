//! The part of `.cargo/deny.toml` that the gate holds the lock file to.

use spdx::Licensee;
use toml_edit::{DocumentMut, Value};

use crate::outcome::Failure;

#[derive(Debug)]
pub(super) struct Rules {
    pub(super) licenses: Vec<Licensee>,
    pub(super) registries: Vec<String>,
    pub(super) twice: Vec<Excuse>,
}

/// A version that may be there beside another.
#[derive(Debug)]
pub(super) struct Excuse {
    pub(super) name: String,
    /// As much of it as counts: `0.22` is for `0.22.1`, not for `0.2.22`.
    pub(super) version: String,
}

impl Rules {
    pub(super) fn read(text: &str) -> Result<Self, Failure> {
        let rules: DocumentMut =
            text.parse().map_err(|error| Failure::new(format!("is not TOML: {error}")))?;
        let license = |value: &Value| {
            let text = text_of(value)?;
            Licensee::parse(&text)
                .map_err(|error| Failure::new(format!("`{text}` is no licence: {error}")))
        };
        Ok(Self {
            licenses: list(&rules, "licenses", "allow", license)?,
            registries: list(&rules, "sources", "allow-registry", text_of)?,
            twice: list(&rules, "bans", "skip", excuse)?,
        })
    }

    pub(super) fn excuses(&self, name: &str, version: &str) -> bool {
        self.twice.iter().any(|excuse| excuse.name == name && excuse.is_for(version))
    }
}

impl Excuse {
    pub(super) fn is_for(&self, version: &str) -> bool {
        let rest = version.strip_prefix(&self.version);
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
    }
}

fn list<T>(
    rules: &DocumentMut,
    table: &str,
    key: &str,
    read: impl Fn(&Value) -> Result<T, Failure>,
) -> Result<Vec<T>, Failure> {
    rules
        .get(table)
        .and_then(|table| table.get(key))
        .and_then(|list| list.as_array())
        .ok_or_else(|| Failure::new(format!("there is no list `{key}` in [{table}]")))?
        .iter()
        .map(read)
        .collect()
}

fn text_of(value: &Value) -> Result<String, Failure> {
    let text = value.as_str().map(str::to_owned);
    text.ok_or_else(|| Failure::new(format!("{value} is no text")))
}

fn excuse(value: &Value) -> Result<Excuse, Failure> {
    let part = |key| {
        let part = value.as_inline_table().and_then(|table| table.get(key)?.as_str());
        part.filter(|text| !text.is_empty())
            .ok_or_else(|| Failure::new(format!("{value} has no `{key}`")))
    };
    part("reason")?;
    let (name, version) = part("crate")?
        .split_once(':')
        .ok_or_else(|| Failure::new(format!("{value} does not say which version: `name:1.2`")))?;
    Ok(Excuse { name: name.to_owned(), version: version.to_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check_refused(skip: &str, expected: &str) {
        let text = format!(
            "[licenses]\nallow = [\"MIT\"]\n[bans]\nskip = [{skip}]\n[sources]\nallow-registry = []\n"
        );
        let failure = Rules::read(&text).unwrap_err().to_string();
        assert!(failure.contains(expected), "{failure}");
    }

    #[test]
    fn an_excuse_has_a_version_and_a_reason() {
        check_refused("{ crate = \"a:1\" }", "has no `reason`");
        check_refused("{ crate = \"a\", reason = \"b\" }", "does not say which version");
        check_refused("3", "has no `reason`");
    }

    #[test]
    fn rules_that_are_missing_or_misspelt_are_refused() {
        let failure = Rules::read("[licenses]\nallow = [\"MTI\"]\n").unwrap_err().to_string();
        assert!(failure.starts_with("`MTI` is no licence"), "{failure}");
        let failure = Rules::read("[bans]\n").unwrap_err().to_string();
        assert_eq!(failure, "there is no list `allow` in [licenses]");
    }

    #[test]
    fn as_much_of_a_version_counts_as_is_said() {
        let excuse = Excuse { name: "a".to_owned(), version: "0.2".to_owned() };
        assert!(excuse.is_for("0.2.17") && excuse.is_for("0.2"));
        assert!(!excuse.is_for("0.22.1"));
    }
}
