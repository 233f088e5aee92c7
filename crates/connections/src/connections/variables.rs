//! Connections that stand in the environment alone, as containers have them.

use wharf_connector::{Registry, Result};

use crate::connection::Connection;
use crate::environment::{CONNECTION, Environment};
use crate::failure::invalid;
use crate::name::is_name;
use crate::reference::Reference;

/// The names, as they are told: in lower case, with hyphens.
pub(super) fn names(environment: &Environment) -> Vec<String> {
    let names = environment.names(CONNECTION).into_iter();
    let names = names.filter_map(|variable| {
        let rest = variable.strip_prefix(CONNECTION)?;
        let name = rest.to_ascii_lowercase().replace('_', "-");
        (!rest.contains(BETWEEN) && is_name(&name)).then_some(name)
    });
    names.collect()
}

/// Whether two names lead to the same variable.
pub(super) fn is_same(one: &str, other: &str) -> bool {
    variable(one) == variable(other)
}

pub(super) fn find(
    environment: &Environment,
    name: &str,
    registry: &Registry,
) -> Result<Option<Connection>> {
    let variable = variable(name);
    let Some(target) = environment.text(&variable)? else {
        return Ok(None);
    };
    // A value that is no target may be a secret, and is not repeated.
    let mut connection = Connection::new(name, &target).map_err(|error| {
        let remedy = error.remedy().unwrap_or("").to_owned();
        invalid(format!("the variable {variable} holds no target"), remedy)
    })?;
    connection.from_environment = true;
    let specs = registry.factory(connection.target.scheme())?.settings();
    let prefix = format!("{variable}{BETWEEN}");
    for variable in environment.names(&prefix) {
        let setting = variable.strip_prefix(&prefix).unwrap_or_default();
        let setting = setting.to_ascii_lowercase().replace(BETWEEN, ".");
        let Some(text) = environment.text(&variable)? else {
            continue;
        };
        if specs.iter().any(|spec| spec.secret && spec.name == setting) {
            connection.secrets.insert(setting, reference(&variable, &text)?);
        } else {
            connection.settings.insert(setting, text);
        }
    }
    Ok(Some(connection))
}

fn reference(variable: &str, text: &str) -> Result<Reference> {
    let known = text.parse::<Reference>().ok();
    let known = known.filter(|reference| !matches!(reference, Reference::Plain(_)));
    known.ok_or_else(|| {
        invalid(
            format!("the variable {variable} does not say where the secret is"),
            "Let it say file:PATH, env:OTHER_VARIABLE, vault:ENTRY, keyring:ENTRY or \
             command:LINE, and never the secret itself.",
        )
    })
}

fn variable(name: &str) -> String {
    format!("{CONNECTION}{}", name.to_ascii_uppercase().replace(['-', '.'], "_"))
}

/// Between the name and a setting, and in the place of a dot in the setting.
const BETWEEN: &str = "__";
