//! Lists: filtered, sorted, page by page.

use std::cmp::Ordering;

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use serde_json::{Map, Value};

use super::super::answer::Answer;
use super::super::ask::Ask;
use super::super::listing::per_page;
use super::super::params::integer_of;
use super::super::problem::Problem;
use super::operation::Operation;
use super::share_links;
use super::store::Record;

/// One page of what is shown of things, as the parameters want it.
pub(super) fn answer(
    operation: &Operation,
    ask: &Ask<'_>,
    mut shown: Vec<(i64, Value)>,
) -> Result<Answer, Problem> {
    for (parameter, holds) in FILTERS {
        for (field, wanted) in conditions(operation, ask, parameter)? {
            shown.retain(|(_, value)| holds(value.get(field).unwrap_or(&Value::Null), wanted));
        }
    }
    if let Some((field, descending)) = sorting(operation, ask)? {
        shown.sort_by(|(_, one), (_, two)| {
            let order = compare(
                one.get(field).unwrap_or(&Value::Null),
                two.get(field).unwrap_or(&Value::Null),
            );
            if descending { order.reverse() } else { order }
        });
    }
    let per_page = per_page(ask)?;
    let start = match ask.params.text("cursor")? {
        None | Some("") => 0,
        Some(text) => start(text, per_page, &shown)
            .ok_or_else(|| Problem::new("bad-request/invalid-cursor", "Invalid cursor"))?,
    };
    let end = start.saturating_add(per_page).min(shown.len());
    let next = match shown.get(end.wrapping_sub(1)) {
        Some((id, _)) if end < shown.len() => Some(cursor(*id, per_page, end)),
        _ => None,
    };
    let page = shown.into_iter().skip(start).take(per_page).map(|(_, value)| value);
    let answer = Answer::ok(&page.collect::<Vec<_>>());
    // Clients differ in which of the two they read.
    Ok(match next {
        Some(next) => answer.header("x-files-cursor", &next).header("x-files-cursor-next", &next),
        None => answer,
    })
}

fn conditions<'a>(
    operation: &Operation,
    ask: &'a Ask<'_>,
    parameter: &str,
) -> Result<Vec<(&'a str, &'a Value)>, Problem> {
    let wanted = ask.params.object(parameter)?.into_iter().flatten();
    let check = |(field, value): (&'a String, &'a Value)| match operation.may_use(parameter, field)
    {
        true => Ok((field.as_str(), value)),
        false => {
            let text = format!("Invalid filter field: {field}");
            Err(Problem::new("bad-request/invalid-filter-field", text))
        }
    };
    wanted.map(check).collect()
}

fn sorting<'a>(
    operation: &Operation,
    ask: &'a Ask<'_>,
) -> Result<Option<(&'a str, bool)>, Problem> {
    let Some(asked) = ask.params.object("sort_by")? else {
        return Ok(None);
    };
    let mut fields = asked.iter();
    let (Some((field, direction)), None) = (fields.next(), fields.next()) else {
        let text = "Multiple sort params are not allowed.";
        return Err(Problem::new("bad-request/multiple-sort-params-not-allowed", text));
    };
    if !operation.may_use("sort_by", field) {
        let text = format!("Invalid sort field: {field}");
        return Err(Problem::new("bad-request/invalid-sort-field", text));
    }
    match direction.as_str() {
        Some("asc") => Ok(Some((field, false))),
        Some("desc") => Ok(Some((field, true))),
        _ => Err(Problem::bad_params("sort_by must be asc or desc")),
    }
}

fn cursor(last: i64, per_page: usize, offset: usize) -> String {
    let text = format!("{last}//{per_page}//{offset}");
    format!("c2:next:{}", BASE64_URL_SAFE_NO_PAD.encode(text))
}

/// Where the page after a cursor begins: after its last thing, or where that would be by now.
fn start(cursor: &str, per_page: usize, shown: &[(i64, Value)]) -> Option<usize> {
    let code = cursor.strip_prefix("c2:next:")?;
    let text = String::from_utf8(BASE64_URL_SAFE_NO_PAD.decode(code).ok()?).ok()?;
    let mut parts = text.split("//");
    let last: i64 = parts.next()?.parse().ok()?;
    let size: usize = parts.next()?.parse().ok()?;
    let offset: usize = parts.next()?.parse().ok()?;
    if size != per_page || parts.next().is_some() {
        return None;
    }
    let place = shown.iter().position(|(id, _)| *id == last);
    Some(place.map_or(offset.saturating_sub(1), |place| place + 1).min(shown.len()))
}

type Holds = fn(&Value, &Value) -> bool;
const FILTERS: [(&str, Holds); 6] = [
    ("filter", |value, wanted| compare(value, wanted) == Ordering::Equal),
    ("filter_prefix", |value, wanted| {
        let (value, wanted) = (text(value), text(wanted));
        value.to_lowercase().starts_with(&wanted.to_lowercase())
    }),
    ("filter_gt", |value, wanted| compare(value, wanted) == Ordering::Greater),
    ("filter_gteq", |value, wanted| compare(value, wanted) != Ordering::Less),
    ("filter_lt", |value, wanted| compare(value, wanted) == Ordering::Less),
    ("filter_lteq", |value, wanted| compare(value, wanted) != Ordering::Greater),
];

/// Numbers by size, times by what they mean, all else as text.
fn compare(one: &Value, two: &Value) -> Ordering {
    if let (Some(one), Some(two)) = (integer_of(one), integer_of(two)) {
        return one.cmp(&two);
    }
    let (one, two) = (text(one), text(two));
    let times =
        (chrono::DateTime::parse_from_rfc3339(&one), chrono::DateTime::parse_from_rfc3339(&two));
    match times {
        (Ok(one), Ok(two)) => one.cmp(&two),
        _ => one.to_lowercase().cmp(&two.to_lowercase()),
    }
}

fn text(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        value => value.to_string(),
    }
}

/// The parameters of a list that name a field of its things, as `bundle_id` does.
pub(super) fn scope(
    operation: &Operation,
    entity: &Map<String, Value>,
    asked: &Map<String, Value>,
) -> Vec<(String, Value)> {
    let own = |name: &str| !matches!(name, "user_id" | "cursor" | "per_page" | "search");
    asked
        .iter()
        .filter(|(name, value)| own(name) && !value.is_object() && !value.is_null())
        .filter(|(name, _)| entity.contains_key(*name) || *name == "bundle_id")
        .filter(|(name, _)| operation.knows(name))
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect()
}

/// Whether a thing is within the scope.
pub(super) fn is_within(record: &Record, scope: &[(String, Value)]) -> bool {
    let same = |(name, value): &(String, Value)| {
        let link = Value::from(share_links::link_of(record));
        let own = match name.as_str() {
            "bundle_id" => &link,
            name => record.fields.get(name).unwrap_or(&Value::Null),
        };
        compare(own, value) == Ordering::Equal
    };
    scope.iter().all(same)
}
