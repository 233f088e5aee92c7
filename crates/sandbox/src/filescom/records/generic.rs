//! What every kind of thing has in common: fields, times, an owner.

use chrono::{DateTime, FixedOffset, SecondsFormat, Utc};
use serde_json::{Map, Value, json};

use super::super::ask::Ask;
use super::super::auth::Secret;
use super::super::entity::time;
use super::super::params::Params;
use super::super::problem::Problem;
use super::super::site::Site;
use super::operation::entity;
use super::store::Record;
use super::{people, share_links};

/// A new thing: every field of its kind, in the order of the reference, null where nothing was
/// said.
pub(super) fn make(
    ask: &Ask<'_>,
    kind: &str,
    asked: &Map<String, Value>,
) -> Result<Record, Problem> {
    let owner = asked.get("user_id").and_then(Value::as_i64).filter(|id| *id != 0);
    let mut record = Record {
        id: ask.shared.ids.number(),
        owner: owner.or(ask.caller.user),
        fields: Map::new(),
        password: None,
    };
    let now = ask.shared.clock.now_in_seconds();
    for (name, of) in entity(kind).into_iter().flatten() {
        let value = match (name.as_str(), of.as_str()) {
            ("id", _) => json!(record.id),
            ("created_at" | "updated_at", _) => json!(stamp(kind, now)),
            ("user_id", _) => json!(record.owner),
            ("workspace_id", _) => json!(0),
            (_, Some("boolean")) => json!(false),
            _ => Value::Null,
        };
        record.fields.insert(name.clone(), value);
    }
    fill(kind, &mut record, asked)?;
    Ok(record)
}

/// Changes a thing: what is asked for, and nothing else.
pub(super) fn change(
    ask: &Ask<'_>,
    kind: &str,
    record: &mut Record,
    asked: &Map<String, Value>,
) -> Result<(), Problem> {
    fill(kind, record, asked)?;
    if record.fields.contains_key("updated_at") {
        let now = ask.shared.clock.now_in_seconds();
        record.set("updated_at", stamp(kind, now));
    }
    Ok(())
}

/// What is shown of a thing.
pub(super) fn show(site: &Site, kind: &str, record: &Record) -> Value {
    let mut shown = record.fields.clone();
    shown.retain(|name, _| !WRITE_ONLY.contains(&name.as_str()));
    people::show(site, kind, record, &mut shown);
    share_links::show(site, kind, record, &mut shown);
    Value::Object(shown)
}

fn fill(kind: &str, record: &mut Record, asked: &Map<String, Value>) -> Result<(), Problem> {
    let fields = entity(kind);
    for (name, value) in asked {
        if name == "password" {
            let text = value.as_str().filter(|text| !text.is_empty());
            record.password = text.map(|text| Secret(text.to_owned()));
            continue;
        }
        let of = fields.and_then(|fields| fields.get(name)).and_then(Value::as_str);
        match of {
            None => continue,
            Some("date-time") => {
                let given = Params::read("", "", json!({name: value}).to_string().as_bytes())?;
                let given = given.time(name)?.map(time);
                record.set(name, json!(given));
            }
            Some(_) => record.set(name, value.clone()),
        }
    }
    Ok(())
}

/// A time as the service writes it: for people and what they do in the zone of the site.
pub(crate) fn stamp(kind: &str, moment: DateTime<Utc>) -> String {
    match FixedOffset::west_opt(4 * 3600).filter(|_| matches!(kind, "user" | "history")) {
        Some(zone) => moment.with_timezone(&zone).to_rfc3339_opts(SecondsFormat::Secs, true),
        None => time(moment),
    }
}

/// What is said about users and share links and never answered.
const WRITE_ONLY: [&str; 16] = [
    "announcements_read",
    "convert_to_partner_user",
    "create_snapshot",
    "finalize_snapshot",
    "password",
    "password_confirmation",
    "change_password",
    "change_password_confirmation",
    "imported_password_hash",
    "avatar_file",
    "avatar_delete",
    "clear_2fa",
    "grant_permission",
    "watermark_attachment_file",
    "watermark_attachment_delete",
    "share_after_create",
];
