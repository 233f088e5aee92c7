//! From an operation to an answer.

use serde_json::{Map, Value, json};

use super::super::answer::Answer;
use super::super::ask::Ask;
use super::super::params::integer_of;
use super::super::problem::{NOT_MODELLED, Problem};
use super::super::site::Site;
use super::operation::{Deed, Found, entity};
use super::store::Record;
use super::{generic, page, people, right, share_links};

/// Carries out an operation on what is kept.
pub(crate) fn answer(site: &mut Site, ask: &Ask<'_>, found: &Found) -> Result<Answer, Problem> {
    let operation = found.operation;
    if NOT_KEPT.contains(&operation.resource.as_str()) {
        let text = "The sandbox does not model this part of the service.";
        return Err(Problem::new(NOT_MODELLED, text));
    }
    let asked = operation.read(&ask.params)?;
    let deed = operation.deed();
    right::may(operation, deed, ask, &asked)?;
    match deed {
        Deed::List => list(site, ask, found, &asked),
        Deed::Create => create(site, ask, found, asked),
        Deed::Find => {
            let id = named(site, ask, found)?;
            shown(site, found.kind(), id).map(|value| Answer::ok(&value))
        }
        Deed::Update => update(site, ask, found, asked),
        Deed::Delete => {
            let id = named(site, ask, found)?;
            site.records.remove(found.kind(), id);
            people::removed(site, found.kind(), id);
            share_links::removed(site, found.kind(), id);
            Ok(Answer::empty())
        }
        Deed::Act => act(site, ask, found, &asked),
    }
}

impl Found {
    pub(super) fn kind(&self) -> &str {
        &self.operation.resource
    }
}

fn list(
    site: &Site,
    ask: &Ask<'_>,
    found: &Found,
    asked: &Map<String, Value>,
) -> Result<Answer, Problem> {
    let (operation, kind) = (found.operation, found.kind());
    let empty = Map::new();
    let fields = entity(kind).unwrap_or(&empty);
    let mut scope = page::scope(operation, fields, asked);
    // `/history/users/{user_id}` and its like name a field in the address.
    if let (Some(field), Some(value)) = (operation.placeholder(), &found.named) {
        scope.push((field.to_owned(), json!(value)));
    }
    let ids = asked.get("ids").and_then(Value::as_str);
    let search = asked.get("search").and_then(Value::as_str).map(str::to_lowercase);
    let owner = asked.get("user_id").and_then(Value::as_i64).filter(|id| *id != 0);
    let wanted = |record: &&Record| {
        let listed = ids.is_none_or(|ids| people::ids(ids).contains(&record.id));
        let owned = owner.is_none_or(|user| record.owner == Some(user));
        listed && owned && right::sees(site, ask, kind, record)
    };
    share_links::must_see(site, ask, kind, asked)?;
    let rows = site.records.all(kind).into_iter().filter(wanted);
    let rows = rows.filter(|record| page::is_within(record, &scope));
    let rows = rows.map(|record| (record.id, generic::show(site, kind, record)));
    let found = |shown: &Value, text: &str| {
        let texts = shown.as_object().into_iter().flatten().filter_map(|(_, value)| value.as_str());
        texts.map(str::to_lowercase).any(|value| value.contains(text))
    };
    let rows = rows.filter(|(_, shown)| search.as_ref().is_none_or(|text| found(shown, text)));
    page::answer(operation, ask, rows.collect())
}

fn create(
    site: &mut Site,
    ask: &Ask<'_>,
    found: &Found,
    asked: Map<String, Value>,
) -> Result<Answer, Problem> {
    let kind = found.kind();
    people::check(site, kind, None, &asked)?;
    share_links::check(site, ask, kind, &asked)?;
    let record = generic::make(ask, kind, &asked)?;
    let id = record.id;
    site.records.insert(kind, record);
    people::written(site, kind, id, &asked);
    share_links::written(site, ask, kind, id, &asked);
    shown(site, kind, id).map(|value| Answer::created(&value))
}

fn update(
    site: &mut Site,
    ask: &Ask<'_>,
    found: &Found,
    asked: Map<String, Value>,
) -> Result<Answer, Problem> {
    let kind = found.kind();
    let id = match named(site, ask, found) {
        Err(_) if found.operation.is_by_path() && ask.caller.admin => {
            let mut record = generic::make(ask, kind, &asked)?;
            record.set("path", found.named.clone().unwrap_or_default());
            let id = record.id;
            site.records.insert(kind, record);
            id
        }
        id => id?,
    };
    people::check(site, kind, Some(id), &asked)?;
    share_links::check(site, ask, kind, &asked)?;
    let record = site.records.get_mut(kind, id).ok_or_else(Problem::not_found)?;
    generic::change(ask, kind, record, &asked)?;
    people::written(site, kind, id, &asked);
    share_links::written(site, ask, kind, id, &asked);
    shown(site, kind, id).map(|value| Answer::ok(&value))
}

/// What starts something is only answered, save what concerns people and share links.
fn act(
    site: &mut Site,
    ask: &Ask<'_>,
    found: &Found,
    asked: &Map<String, Value>,
) -> Result<Answer, Problem> {
    let operation = found.operation;
    let id = match operation.placeholder() {
        Some("id") => Some(named(site, ask, found)?),
        _ => None,
    };
    if let Some(id) = id {
        if operation.is("bundle", "share") {
            share_links::share(site, ask, id, asked)?;
        }
        if operation.is("user", "unlock")
            && let Some(user) = site.records.get_mut("user", id)
        {
            user.set("lockout_expires", Value::Null);
        }
    }
    match (operation.success, id) {
        (204, _) | (_, None) => Ok(Answer::empty()),
        (201, Some(id)) => shown(site, found.kind(), id).map(|value| Answer::created(&value)),
        (_, Some(id)) => shown(site, found.kind(), id).map(|value| Answer::ok(&value)),
    }
}

/// The thing that the address names, if the caller sees it. There is one site.
fn named(site: &Site, ask: &Ask<'_>, found: &Found) -> Result<i64, Problem> {
    let kind = found.kind();
    let record = match (&found.named, found.operation.placeholder()) {
        (Some(path), Some("path")) => site
            .records
            .all(kind)
            .into_iter()
            .find(|record| record.text("path") == Some(path.as_str())),
        (Some(id), _) => {
            let id = integer_of(&json!(id)).ok_or_else(|| Problem::invalid("id"))?;
            site.records.get(kind, id)
        }
        (None, _) => site.records.all(kind).into_iter().next(),
    };
    let record = record.filter(|record| right::sees(site, ask, kind, record));
    record.map(|record| record.id).ok_or_else(Problem::not_found)
}

fn shown(site: &Site, kind: &str, id: i64) -> Result<Value, Problem> {
    let record = site.records.get(kind, id).ok_or_else(Problem::not_found)?;
    Ok(generic::show(site, kind, record))
}

/// What works on files, and is not stood in for by keeping a record of it.
const NOT_KEPT: [&str; 3] = ["file", "zip_download", "webhook_test"];
