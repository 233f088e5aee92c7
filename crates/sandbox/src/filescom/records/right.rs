//! Who may do what. A site administrator may do everything; anybody else sees and changes what is
//! their own.

use serde_json::{Map, Value};

use super::super::ask::Ask;
use super::super::problem::Problem;
use super::super::site::Site;
use super::operation::{Deed, Operation};
use super::share_links;
use super::store::Record;

/// Whether the caller may do such a thing at all.
pub(super) fn may(
    operation: &Operation,
    deed: Deed,
    ask: &Ask<'_>,
    asked: &Map<String, Value>,
) -> Result<(), Problem> {
    let caller = &ask.caller;
    let writes = !matches!(deed, Deed::List | Deed::Find);
    if writes && !caller.rights.writes {
        let text = "This API key may only read.";
        return Err(Problem::new("not-authorized/full-permission-required", text));
    }
    if caller.admin {
        return Ok(());
    }
    let other = asked.get("user_id").and_then(Value::as_i64);
    if operation.takes_user() && other.is_some_and(|id| caller.user != Some(id) && id != 0) {
        let text = "Only site administrators can use user_id for another user.";
        return Err(Problem::new("not-authorized/user-id-without-site-admin", text));
    }
    match (operation.resource.as_str(), deed) {
        (_, Deed::List | Deed::Find) => Ok(()),
        ("user", Deed::Update) if asked.keys().all(|name| OWN.contains(&name.as_str())) => Ok(()),
        ("bundle" | "bundle_notification" | "bundle_recipient", _) => Ok(()),
        ("user" | "group" | "group_user" | "site", _) => Err(admins_only()),
        _ if operation.takes_user() || matches!(deed, Deed::Update | Deed::Delete | Deed::Act) => {
            Ok(())
        }
        _ => Err(admins_only()),
    }
}

/// Whether the caller may see such a thing.
pub(super) fn sees(site: &Site, ask: &Ask<'_>, kind: &str, record: &Record) -> bool {
    let caller = &ask.caller;
    if caller.admin {
        return true;
    }
    let Some(user) = caller.user else {
        return false;
    };
    match kind {
        "user" => record.id == user,
        "group" => super::people::is_member(record, user),
        "bundle_recipient" | "bundle_registration" | "bundle_download" | "bundle_notification" => {
            share_links::of(site, record).is_some_and(|link| link.owner == Some(user))
        }
        _ => record.owner == Some(user) || record.number("user_id") == Some(user),
    }
}

fn admins_only() -> Problem {
    let text = "You must be a site administrator to do this.";
    Problem::new("not-authorized/site-admin-required", text)
}

/// What users may change about themselves.
const OWN: [&str; 8] = [
    "avatar_delete",
    "company",
    "email",
    "language",
    "name",
    "password",
    "subscribe_to_newsletter",
    "time_zone",
];
