//! Share links, and who is told of them, was sent them, and came by them.

use serde_json::{Map, Value, json};

use super::super::ask::Ask;
use super::super::entity::time;
use super::super::path::SitePath;
use super::super::problem::Problem;
use super::super::site::Site;
use super::generic;
use super::store::Record;

/// The share link that something goes with.
pub(super) fn of<'a>(site: &'a Site, record: &Record) -> Option<&'a Record> {
    site.records.get(LINK, link_of(record)?)
}

/// Of a download, what it goes with stands within the registration.
pub(super) fn link_of(record: &Record) -> Option<i64> {
    let within = || record.fields.get("bundle_registration")?.get(LINK_ID)?.as_i64();
    record.number(LINK_ID).or_else(within)
}

/// A list of what goes with a share link is refused where the link is not to be seen.
pub(super) fn must_see(
    site: &Site,
    ask: &Ask<'_>,
    kind: &str,
    asked: &Map<String, Value>,
) -> Result<(), Problem> {
    match asked.get(LINK_ID).and_then(Value::as_i64) {
        Some(id) if kind.starts_with("bundle_") => {
            let link = site.records.get(LINK, id);
            let link = link.filter(|link| super::right::sees(site, ask, LINK, link));
            link.map(drop).ok_or_else(Problem::not_found)
        }
        _ => Ok(()),
    }
}

/// Whether what is asked of a share link, or of what goes with one, can be.
pub(super) fn check(
    site: &Site,
    ask: &Ask<'_>,
    kind: &str,
    asked: &Map<String, Value>,
) -> Result<(), Problem> {
    must_see(site, ask, kind, asked)?;
    match kind {
        LINK => check_link(site, ask, asked),
        "bundle_notification" => match asked.get("notify_user_id").and_then(Value::as_i64) {
            Some(user) if site.records.get("user", user).is_none() => {
                Err(Problem::model("notify_user_id", "is invalid"))
            }
            _ => Ok(()),
        },
        "bundle_recipient" => check_recipient(site, asked),
        _ => Ok(()),
    }
}

fn check_link(site: &Site, ask: &Ask<'_>, asked: &Map<String, Value>) -> Result<(), Problem> {
    let Some(paths) = asked.get("paths") else {
        return Ok(());
    };
    let paths: Option<Vec<&str>> =
        paths.as_array().map(|paths| paths.iter().filter_map(Value::as_str).collect());
    let paths = paths.unwrap_or_default();
    if paths.is_empty() {
        return Err(Problem::model("paths", "can't be blank"));
    }
    for text in paths {
        let path = SitePath::read(text);
        if ask.caller.must_read(&path).is_err() || site.tree.find(&path).is_none() {
            let text = format!("You do not have permission to share the path {path}");
            return Err(Problem::model("paths", &text));
        }
    }
    if let Some(permissions) = asked.get("permissions").and_then(Value::as_str)
        && !PERMISSIONS.contains(&permissions)
    {
        return Err(Problem::model("permissions", "is not included in the list"));
    }
    match asked.get("code").and_then(Value::as_str) {
        Some(code) if site.records.all(LINK).iter().any(|link| link.text("code") == Some(code)) => {
            Err(Problem::model("code", "has already been taken"))
        }
        _ => Ok(()),
    }
}

fn check_recipient(site: &Site, asked: &Map<String, Value>) -> Result<(), Problem> {
    let text = |name: &str| asked.get(name).and_then(Value::as_str).unwrap_or_default();
    let recipient = text("recipient");
    if !recipient.contains('@') {
        return Err(Problem::model("recipient", "is invalid"));
    }
    let link = asked.get(LINK_ID).and_then(Value::as_i64);
    let same = |known: &&Record| {
        known.number(LINK_ID) == link
            && known.text("recipient").is_some_and(|other| other.eq_ignore_ascii_case(recipient))
    };
    match site.records.all("bundle_recipient").iter().any(same) {
        true => {
            let text = "The link was already shared with this recipient.";
            Err(Problem::new("processing-failure/recipient-already-shared", text))
        }
        false => Ok(()),
    }
}

/// Completes what was written.
pub(super) fn written(
    site: &mut Site,
    ask: &Ask<'_>,
    kind: &str,
    id: i64,
    asked: &Map<String, Value>,
) {
    let now = ask.shared.clock.now_in_seconds();
    let Some(record) = site.records.get_mut(kind, id) else {
        return;
    };
    match kind {
        LINK => {
            if record.text("code").is_none_or(str::is_empty) {
                record.set("code", ask.shared.ids.hex(16));
            }
            if record.text("permissions").is_none() {
                record.set("permissions", "read");
            }
            let shared = &ask.shared.addresses;
            let code = record.text("code").unwrap_or_default();
            let url = format!("{}/f/{code}", shared.url(shared.filescom));
            record.set("url", url);
        }
        "bundle_notification" if record.number("notify_user_id").is_none() => {
            record.set("notify_user_id", json!(ask.caller.user));
        }
        "bundle_recipient" if asked.get("share_after_create") == Some(&json!(true)) => {
            record.set("sent_at", time(now));
        }
        _ => {}
    }
}

/// `POST /bundles/{id}/share`: those who were not sent it yet become recipients.
pub(super) fn share(
    site: &mut Site,
    ask: &Ask<'_>,
    id: i64,
    asked: &Map<String, Value>,
) -> Result<(), Problem> {
    let to = asked.get("to").and_then(Value::as_array).cloned().unwrap_or_default();
    let listed = asked.get("recipients").and_then(Value::as_array).cloned().unwrap_or_default();
    let plain = to.into_iter().map(|to| json!({"recipient": to}));
    let new: Vec<Value> = plain.chain(listed).collect();
    if new.is_empty() {
        return Err(Problem::missing("to"));
    }
    for one in new {
        let mut fields = one.as_object().cloned().unwrap_or_default();
        fields.insert(LINK_ID.to_owned(), json!(id));
        fields.insert("share_after_create".to_owned(), json!(true));
        if let Some(note) = asked.get("note") {
            fields.entry("note").or_insert_with(|| note.clone());
        }
        check_recipient(site, &fields)?;
        let record = generic::make(ask, "bundle_recipient", &fields)?;
        let recipient = record.id;
        site.records.insert("bundle_recipient", record);
        written(site, ask, "bundle_recipient", recipient, &fields);
    }
    Ok(())
}

/// Takes away what goes with a share link that is gone.
pub(super) fn removed(site: &mut Site, kind: &str, id: i64) {
    if kind != LINK {
        return;
    }
    for part in ["bundle_notification", "bundle_recipient", "bundle_registration"] {
        site.records.remove_all(part, LINK_ID, id);
    }
    let downloads = site.records.all("bundle_download");
    let of_it = downloads.iter().filter(|download| link_of(download) == Some(id));
    for download in of_it.map(|download| download.id).collect::<Vec<_>>() {
        site.records.remove("bundle_download", download);
    }
}

/// What is worked out anew each time.
pub(super) fn show(site: &Site, kind: &str, record: &Record, shown: &mut Map<String, Value>) {
    match kind {
        LINK => {
            shown.insert("password_protected".to_owned(), json!(record.password.is_some()));
            let owner = record.owner.and_then(|owner| site.records.get("user", owner));
            let name = owner.and_then(|owner| owner.text("username"));
            shown.insert("username".to_owned(), json!(name));
            let inbox = record.number("inbox_id").is_some();
            shown.insert("has_inbox".to_owned(), json!(inbox));
        }
        // It goes with a link, and does not tell with which.
        "bundle_recipient" => shown.retain(|name, _| name != LINK_ID && name != "user_id"),
        _ => {}
    }
}

const LINK: &str = "bundle";
const LINK_ID: &str = "bundle_id";
const PERMISSIONS: [&str; 6] = ["read", "write", "read_write", "full", "none", "preview_only"];
