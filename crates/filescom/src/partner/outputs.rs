//! Writing a response document.

use chrono::{DateTime, Utc};
use serde::Serialize;
use serde_json::{Map, Value};
use wharf_model::filescom::{PartnerAction, Timestamp};

use super::EpochUnit;
use crate::error::{Error, Result};

/// What the service said, under Boomi's keys and in Boomi's formats.
pub(super) fn shaped(
    action: &PartnerAction,
    said: &impl Serialize,
    epoch: Option<EpochUnit>,
) -> Result<Map<String, Value>> {
    let unwritable = |_| Error::protocol("the answer cannot be written as JSON");
    let said = serde_json::to_value(said).map_err(unwritable)?;
    let mut document = Map::new();
    for (key, format) in &action.outputs {
        let found = names(key).iter().find_map(|name| said.get(*name)).or_else(|| said.get(key));
        let Some(value) = found.filter(|value| !value.is_null()) else {
            continue;
        };
        let value = match epoch.filter(|_| is_unix_time(action, key)) {
            Some(unit) => counted(value, unit),
            None => formed(value, format),
        };
        document.insert(key.clone(), value);
    }
    Ok(document)
}

/// What the service calls it, where that differs.
fn names(key: &str) -> &'static [&'static str] {
    match key {
        "subfolders_locked" => &["subfolders_locked?"],
        "length" => &["size"],
        "bypass_inactive_disable" => &["bypass_inactive_disable", "bypass_user_lifecycle_rules"],
        // Who is told of a share link; nothing else that comes out has such a name.
        "user_id" => &["notify_user_id"],
        _ => &[],
    }
}

/// Whether Boomi's pages say Unix time.
pub(super) fn is_unix_time(action: &PartnerAction, key: &str) -> bool {
    let object = action.object.as_deref();
    key == "created_at"
        && action.action == "Create"
        && matches!(object, Some("Folder" | "ShareLink"))
}

fn counted(value: &Value, unit: EpochUnit) -> Value {
    let date = value.as_str().and_then(|text| Timestamp::parse(text).ok());
    let number = |date: DateTime<Utc>| match unit {
        EpochUnit::Seconds => date.timestamp(),
        EpochUnit::Milliseconds => date.timestamp_millis(),
    };
    date.map_or_else(|| value.clone(), |date| number(date).into())
}

fn formed(value: &Value, format: &str) -> Value {
    match (format, value) {
        ("String" | "Email", Value::Array(list)) => {
            let text = |one: &Value| one.as_str().map_or_else(|| one.to_string(), str::to_owned);
            list.iter().map(text).collect::<Vec<_>>().join(",").into()
        }
        ("String" | "Email", Value::Number(number)) => number.to_string().into(),
        ("Array", Value::Array(_)) => value.clone(),
        ("Array", one) => Value::Array(vec![one.clone()]),
        _ => value.clone(),
    }
}
