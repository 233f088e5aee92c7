//! The operations of the service, as data.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use axum::http::Method;
use percent_encoding::percent_decode_str;
use serde::Deserialize;
use serde_json::{Map, Value};

use super::super::params::{Params, integer_of};
use super::super::problem::Problem;

/// One row of the table.
#[derive(Debug, PartialEq, Eq, Deserialize)]
pub(crate) struct Operation {
    pub(crate) resource: String,
    op: String,
    method: String,
    path: String,
    pub(crate) success: u16,
    pub(crate) paged: bool,
    /// Their types; `!` at the end of those that must be there.
    params: BTreeMap<String, String>,
    #[serde(default)]
    fields: BTreeMap<String, Vec<String>>,
}

/// An operation, and what its address names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Found {
    pub(crate) operation: &'static Operation,
    /// In the place of `{id}` or its like.
    pub(crate) named: Option<String>,
}

/// What is done to what is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Deed {
    List,
    Find,
    Create,
    Update,
    Delete,
    /// Something that is only answered.
    Act,
}

/// Whether an address is one of the service.
pub(crate) enum Lookup {
    Found(Found),
    WrongMethod,
    Unknown,
}

/// Looks up an operation by its method and its raw path, prefix left out.
pub(crate) fn find(method: &Method, path: &str) -> Lookup {
    let mut best: Option<(usize, Found)> = None;
    let mut known = false;
    for operation in TABLE.iter() {
        let Some((fixed, named)) = operation.matches(path) else {
            continue;
        };
        known = true;
        let better = best.as_ref().is_none_or(|(most, _)| fixed > *most);
        if operation.method == method.as_str() && better {
            best = Some((fixed, Found { operation, named }));
        }
    }
    match best {
        Some((_, found)) => Lookup::Found(found),
        None if known => Lookup::WrongMethod,
        None => Lookup::Unknown,
    }
}

impl Operation {
    /// How many names of the path are fixed ones, and what stands for the other one.
    fn matches(&self, path: &str) -> Option<(usize, Option<String>)> {
        let mut asked = path.split('/').filter(|name| !name.is_empty());
        let (mut fixed, mut named) = (0, None);
        for name in self.path.split('/').filter(|name| !name.is_empty()) {
            if name == "{path}" {
                let rest: Vec<&str> = asked.by_ref().collect();
                named = Some(decoded(&rest.join("/"))?);
            } else if name.starts_with('{') {
                named = Some(decoded(asked.next()?)?);
            } else if asked.next()? == name {
                fixed += 1;
            } else {
                return None;
            }
        }
        asked.next().is_none().then_some((fixed, named))
    }

    pub(crate) fn deed(&self) -> Deed {
        match (self.method.as_str(), self.op.as_str()) {
            ("GET", _) if self.paged => Deed::List,
            ("GET", _) => Deed::Find,
            ("POST", "create") => Deed::Create,
            ("PATCH", _) => Deed::Update,
            ("DELETE", _) => Deed::Delete,
            _ => Deed::Act,
        }
    }

    /// What stands behind the thing in the address, as in `/users/{id}/unlock`.
    pub(crate) fn is(&self, resource: &str, op: &str) -> bool {
        self.resource == resource && self.op == op
    }

    /// Whether the address names one by its path in the site.
    pub(crate) fn is_by_path(&self) -> bool {
        self.path.contains("{path}")
    }

    /// The name of the parameter in the address.
    pub(crate) fn placeholder(&self) -> Option<&str> {
        let (_, rest) = self.path.split_once('{')?;
        rest.split_once('}').map(|(name, _)| name)
    }

    /// Whether things of this kind can be made or changed by whom they belong to.
    pub(crate) fn takes_user(&self) -> bool {
        self.params.contains_key("user_id")
    }

    pub(crate) fn may_use(&self, parameter: &str, field: &str) -> bool {
        self.fields.get(parameter).is_some_and(|fields| fields.iter().any(|known| known == field))
    }

    pub(crate) fn knows(&self, parameter: &str) -> bool {
        self.params.contains_key(parameter)
    }

    /// The parameters as they are kept: each of its type, unknown ones left out.
    pub(crate) fn read(&self, params: &Params) -> Result<Map<String, Value>, Problem> {
        let mut read = Map::new();
        for (name, kind) in &self.params {
            let (kind, required) =
                kind.strip_suffix('!').map_or((kind.as_str(), false), |kind| (kind, true));
            if !params.has(name) {
                if required {
                    return Err(Problem::missing(name));
                }
                continue;
            }
            let value = match params.value(name) {
                Some(value) => typed(kind, value).ok_or_else(|| Problem::invalid(name))?,
                None => Value::Null,
            };
            read.insert(name.clone(), value);
        }
        Ok(read)
    }
}

/// The fields of a kind of thing and their types, in the order of the reference.
pub(crate) fn entity(resource: &str) -> Option<&'static Map<String, Value>> {
    ENTITIES.get(resource)?.as_object()
}

/// A value as its type has it. Whole numbers may come as texts, and texts as numbers.
fn typed(kind: &str, value: &Value) -> Option<Value> {
    match kind {
        "int64" => integer_of(value).map(Value::from),
        "boolean" => match value {
            Value::String(text) => match text.to_ascii_lowercase().as_str() {
                "true" | "1" => Some(true.into()),
                "false" | "0" => Some(false.into()),
                _ => None,
            },
            value => value.as_bool().map(Value::from),
        },
        "string" => match value {
            Value::Number(number) => Some(number.to_string().into()),
            value => value.is_string().then(|| value.clone()),
        },
        "object" => value.is_object().then(|| value.clone()),
        kind if kind.starts_with("array") => value.is_array().then(|| value.clone()),
        _ => Some(value.clone()),
    }
}

fn decoded(text: &str) -> Option<String> {
    percent_decode_str(text).decode_utf8().ok().map(|text| text.into_owned())
}

/// That both can be read is tested.
static TABLE: LazyLock<Vec<Operation>> = LazyLock::new(|| {
    let text = include_str!("../../../fixtures/filescom/endpoints.json");
    serde_json::from_str(text).unwrap_or_default()
});
static ENTITIES: LazyLock<Map<String, Value>> = LazyLock::new(|| {
    let text = include_str!("../../../fixtures/filescom/entities.json");
    serde_json::from_str(text).unwrap_or_default()
});

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_address_of_the_table_is_found() {
        assert_eq!(TABLE.len(), 421);
        for operation in TABLE.iter() {
            let address = operation.path.replace("{path}", "a/b%20c").replace("{id}", "7");
            let address = address.replace("{user_id}", "7");
            let method: Method = operation.method.parse().unwrap();
            let Lookup::Found(found) = find(&method, &address) else {
                panic!("{method} {address} is not found");
            };
            assert_eq!(found.operation, operation, "{method} {address}");
            let named = operation.placeholder().map(|name| match name {
                "path" => "a/b c",
                _ => "7",
            });
            assert_eq!(found.named.as_deref(), named, "{method} {address}");
        }
        assert!(matches!(find(&Method::PUT, "/users"), Lookup::WrongMethod));
        assert!(matches!(find(&Method::GET, "/use"), Lookup::Unknown));
        assert!(matches!(find(&Method::GET, "/users/7/8"), Lookup::Unknown));
    }

    #[test]
    fn values_have_their_types() {
        for (kind, value, typed) in [
            ("int64", r#""12""#, Some("12")),
            ("int64", "1.5", None),
            ("boolean", r#""True""#, Some("true")),
            ("boolean", "7", None),
            ("string", "7", Some(r#""7""#)),
            ("string", "[]", None),
            ("array(string)", r#"["a"]"#, Some(r#"["a"]"#)),
            ("object", "[]", None),
        ] {
            let value: Value = serde_json::from_str(value).unwrap();
            let found = super::typed(kind, &value).map(|value| value.to_string());
            assert_eq!(found.as_deref(), typed, "{kind} {value}");
        }
    }
}
