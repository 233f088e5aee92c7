//! JSON Schemas of requests and responses, made from the table of actions.

use serde_json::{Map, Value, json};
use wharf_model::filescom::{PartnerAction, PartnerNeed};

use super::outputs::is_unix_time;

/// The request: inputs and options together.
pub(super) fn request(action: &PartnerAction) -> Value {
    let all = || action.inputs.iter().chain(&action.options);
    let properties: Map<String, Value> =
        all().map(|(name, need)| (name.clone(), input(action, name, *need))).collect();
    let required: Vec<&str> = all()
        .filter(|(_, need)| **need == PartnerNeed::Required)
        .map(|(name, _)| name.as_str())
        .collect();
    json!({
        "$schema": DIALECT,
        "title": title(action, "request"),
        "type": "object",
        "properties": properties,
        "required": required,
        "additionalProperties": false,
    })
}

/// The response, if it is a document.
pub(super) fn response(action: &PartnerAction) -> Option<Value> {
    if action.outputs.is_empty() {
        return None;
    }
    let output = |(key, format): (&String, &String)| {
        let schema = match is_unix_time(action, key) {
            true => json!({"type": ["string", "integer"], "description":
                "RFC 3339 in UTC, or the time since 1970 where that is asked for"}),
            false => of_format(format),
        };
        (key.clone(), schema)
    };
    let properties: Map<String, Value> = action.outputs.iter().map(output).collect();
    Some(json!({
        "$schema": DIALECT,
        "title": title(action, "response"),
        "type": "object",
        "properties": properties,
        "additionalProperties": false,
    }))
}

fn title(action: &PartnerAction, side: &str) -> String {
    match &action.object {
        Some(object) => format!("{} {object}: {side}", action.action),
        None => format!("{}: {side}", action.action),
    }
}

fn input(action: &PartnerAction, name: &str, need: PartnerNeed) -> Value {
    let object = action.object.as_deref().map_or("file".to_owned(), super::plain);
    match name {
        _ if need == PartnerNeed::Ignored => {
            json!({"description": "asked for by the platform, means nothing"})
        }
        "paths" => json!({"type": ["array", "string"], "items": {"type": "string"},
            "description": "an array, or text with commas"}),
        "user_ids" | "admin_ids" | "group_ids" => json!({"type": ["string", "array", "integer"],
            "description": "ids as text with commas, or an array"}),
        "max_uses" | "Limit" | "Per Page" => json!({"type": ["integer", "string"]}),
        "bundle_id" | "user_id" => json!({"type": ["integer", "string"], "description": "an id"}),
        "id" | "ID" if matches!(object.as_str(), "file" | "folder") => {
            json!({"type": "string", "description": "a path"})
        }
        "id" | "ID" => json!({"type": ["integer", "string"], "description": "an id"}),
        "require_registration"
        | "require_password_change"
        | "notify_on_registration"
        | "notify_on_upload" => json!({"type": ["boolean", "string"]}),
        "expires_at" => json!({"type": "string",
            "description": "yyyyMMdd HHmmss.SSS in UTC, or RFC 3339"}),
        _ => json!({"type": "string"}),
    }
}

fn of_format(format: &str) -> Value {
    match format {
        "Int64" => json!({"type": "integer"}),
        "Boolean" => json!({"type": "boolean"}),
        "Date-Time" => json!({"type": "string", "format": "date-time"}),
        "Email" => json!({"type": "string", "format": "email"}),
        "Array" => json!({"type": "array"}),
        "String" => json!({"type": "string"}),
        _ => json!({"type": "object"}),
    }
}

const DIALECT: &str = "https://json-schema.org/draft/2020-12/schema";
