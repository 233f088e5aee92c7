//! Users and groups, which name each other.

use serde_json::{Map, Value, json};

use super::super::problem::Problem;
use super::super::site::Site;
use super::store::Record;

/// The user who signs in by this name and password. `first` is the password that users of the
/// sandbox have from the start, and until they are given another.
pub(crate) fn signed_in<'a>(
    site: &'a Site,
    name: &str,
    password: &str,
    first: impl Fn(&str) -> bool,
) -> Option<&'a Record> {
    let users = site.records.all("user").into_iter();
    let mut same = users
        .filter(|user| user.text("username").is_some_and(|known| known.eq_ignore_ascii_case(name)));
    same.find(|user| match &user.password {
        Some(known) => known.0 == password,
        None => user.text("username").is_some_and(&first),
    })
}

/// Whether what is asked of a user or group can be.
pub(super) fn check(
    site: &Site,
    kind: &str,
    id: Option<i64>,
    asked: &Map<String, Value>,
) -> Result<(), Problem> {
    let name = match kind {
        "user" => "username",
        "group" => "name",
        _ => return Ok(()),
    };
    match asked.get(name).map(|name| name.as_str().unwrap_or_default().trim()) {
        Some("") => return Err(Problem::model(name, "can't be blank")),
        Some(wanted) => {
            let taken = |other: &&Record| {
                Some(other.id) != id
                    && other.text(name).is_some_and(|known| known.eq_ignore_ascii_case(wanted))
            };
            if site.records.all(kind).iter().any(taken) {
                return Err(Problem::model(name, "has already been taken"));
            }
        }
        None => {}
    }
    for (field, other) in [("user_ids", "user"), ("admin_ids", "user"), ("group_ids", "group")] {
        let listed = asked.get(field).and_then(Value::as_str).unwrap_or_default();
        let parts = listed.split(',').map(str::trim).filter(|part| !part.is_empty());
        for part in parts {
            let known = part.parse().ok().and_then(|id| site.records.get(other, id));
            if known.is_none() {
                return Err(Problem::model(field, "is invalid"));
            }
        }
    }
    Ok(())
}

/// Brings both sides into line after a user or group was written.
pub(super) fn written(site: &mut Site, kind: &str, id: i64, asked: &Map<String, Value>) {
    if kind == "group_user" {
        written_membership(site, id);
    }
    let Some(wanted) = asked.get("group_ids").and_then(Value::as_str) else {
        return;
    };
    if kind != "user" {
        return;
    }
    let wanted = ids(wanted);
    let groups: Vec<i64> = site.records.all("group").iter().map(|group| group.id).collect();
    for group in groups {
        let Some(group) = site.records.get_mut("group", group) else {
            continue;
        };
        let mut members = ids(group.text("user_ids").unwrap_or_default());
        members.retain(|member| *member != id);
        if wanted.contains(&group.id) {
            members.push(id);
        }
        let members: Vec<String> = members.iter().map(i64::to_string).collect();
        group.set("user_ids", members.join(","));
    }
}

/// A membership that was made or changed by itself.
fn written_membership(site: &mut Site, id: i64) {
    let Some(record) = site.records.get("group_user", id) else {
        return;
    };
    let (group, user) = (record.number("group_id"), record.number("user_id"));
    let admin = record.flag("admin");
    let group = group.and_then(|group| site.records.get_mut("group", group));
    if let (Some(group), Some(user)) = (group, user) {
        let fields: &[&str] = if admin { &["user_ids", "admin_ids"] } else { &["user_ids"] };
        for field in fields {
            let mut members = ids(group.text(field).unwrap_or_default());
            if !members.contains(&user) {
                members.push(user);
            }
            let members: Vec<String> = members.iter().map(i64::to_string).collect();
            group.set(field, members.join(","));
        }
    }
}

/// Takes a user who was deleted out of the groups, with what was the user's.
pub(super) fn removed(site: &mut Site, kind: &str, id: i64) {
    if kind != "user" {
        return;
    }
    let groups: Vec<i64> = site.records.all("group").iter().map(|group| group.id).collect();
    for group in groups {
        if let Some(group) = site.records.get_mut("group", group) {
            for field in ["user_ids", "admin_ids"] {
                let mut members = ids(group.text(field).unwrap_or_default());
                members.retain(|member| *member != id);
                let members: Vec<String> = members.iter().map(i64::to_string).collect();
                group.set(field, members.join(","));
            }
        }
    }
    site.sessions.retain(|_, session| session.user_id != id);
    for key in site.keys.iter_mut().filter(|key| key.user_id == Some(id)) {
        key.revoked = true;
    }
    let links = site.records.all("bundle");
    let links = links.iter().filter(|link| link.owner == Some(id)).map(|link| link.id);
    for link in links.collect::<Vec<_>>() {
        site.records.remove("bundle", link);
        super::share_links::removed(site, "bundle", link);
    }
}

/// What the other side says.
pub(super) fn show(site: &Site, kind: &str, record: &Record, shown: &mut Map<String, Value>) {
    match kind {
        "user" => {
            let groups = site.records.all("group");
            let of = |field: &str| -> Vec<i64> {
                let has = |group: &&&Record| {
                    ids(group.text(field).unwrap_or_default()).contains(&record.id)
                };
                groups.iter().filter(has).map(|group| group.id).collect()
            };
            let joined: Vec<String> = of("user_ids").iter().map(i64::to_string).collect();
            shown.insert("group_ids".to_owned(), json!(joined.join(",")));
            shown.insert("admin_group_ids".to_owned(), json!(of("admin_ids")));
        }
        "group" => {
            for field in ["user_ids", "admin_ids"] {
                let text = record.text(field).unwrap_or_default();
                shown.insert(field.to_owned(), json!(text));
            }
            let members = ids(record.text("user_ids").unwrap_or_default());
            let names =
                members.iter().filter_map(|id| site.records.get("user", *id)?.text("username"));
            let names: Vec<&str> = names.collect();
            shown.insert("usernames".to_owned(), json!(names.join(",")));
        }
        _ => {}
    }
}

/// Whether a user is in a group, or administers it.
pub(super) fn is_member(group: &Record, user: i64) -> bool {
    let is_in = |field: &str| ids(group.text(field).unwrap_or_default()).contains(&user);
    is_in("user_ids") || is_in("admin_ids")
}

/// The numbers in a text with commas.
pub(super) fn ids(text: &str) -> Vec<i64> {
    text.split(',').filter_map(|part| part.trim().parse().ok()).collect()
}
