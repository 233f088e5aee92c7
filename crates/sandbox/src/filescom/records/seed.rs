//! The people of the sample site, a share link, and who came by it.

use serde_json::{Map, Value, json};

use super::super::seed::beginning;
use super::super::site::{ADMIN, Site};
use super::generic::stamp;
use super::operation::entity;
use super::store::Record;
use crate::shared::Shared;

/// Plants the users, who are always there, and with the sample tree everything else.
pub(crate) fn plant(site: &mut Site, shared: &Shared) {
    for (id, user) in (ADMIN..).zip(shared.accounts.users()) {
        let admin = id == ADMIN;
        let mut fields = like("user", USER);
        let name = format!("{} of the sandbox", user.name);
        set(&mut fields, json!({"id": id, "username": user.name, "name": name}));
        set(&mut fields, json!({"site_admin": admin, "created_at": stamp("user", beginning())}));
        put(site, "user", Record { id, owner: Some(id), fields, password: None });
    }
    let mut fields = blank("site");
    set(&mut fields, json!({"id": SITE, "name": "sandbox", "subdomain": "sandbox"}));
    put(site, "site", Record { id: SITE, owner: None, fields, password: None });
    if shared.options.seed_tree {
        plant_samples(site, shared);
    }
}

fn plant_samples(site: &mut Site, shared: &Shared) {
    let partner = ADMIN + 1;
    let mut group = |id: i64, name: &str, users: &str| {
        let mut fields = like("group", GROUP);
        set(&mut fields, json!({"id": id, "name": name, "user_ids": users, "admin_ids": ""}));
        set(&mut fields, json!({"notes": Value::Null, "workspace_id": 0, "site_id": SITE}));
        put(site, "group", Record { id, owner: None, fields, password: None });
    };
    group(2001, "Vendors", &partner.to_string());
    group(2002, "Operators", &ADMIN.to_string());
    let address = shared.addresses.url(shared.addresses.filescom);
    link(site, LINK, ADMIN, "vendor/globex/contracts/frame-contract.txt", &address);
    link(site, LINK + 1, partner, "vendor/acme/orders", &address);
    for (number, name) in (0..).zip(["Wile E. Coyote", "Road Runner", "Yosemite Sam"]) {
        visit(site, LINK + 1, 3010 + number, name);
    }
    let mut told = blank("bundle_notification");
    set(&mut told, json!({"id": 3301, "bundle_id": LINK + 1, "notify_user_id": ADMIN}));
    set(&mut told, json!({"notify_on_registration": true, "notify_on_upload": true}));
    put(
        site,
        "bundle_notification",
        Record { id: 3301, owner: None, fields: told, password: None },
    );
    for number in 0..HISTORY {
        let id = 5001 + number;
        let user = if number % 5 == 0 { partner } else { ADMIN };
        let when = beginning() + chrono::TimeDelta::hours(number);
        let mut fields = like("history", HISTORY_ENTRY);
        let path = format!("vendor/acme/orders/{:04}.csv", number + 1);
        set(&mut fields, json!({"id": id, "path": path, "when": stamp("history", when)}));
        set(&mut fields, json!({"user_id": user, "action": "create", "interface": "restapi"}));
        put(site, "history", Record { id, owner: Some(user), fields, password: None });
    }
}

fn link(site: &mut Site, id: i64, owner: i64, path: &str, address: &str) {
    let code = format!("{:016x}", id * 0x1000_010f_35a7);
    let mut fields = blank("bundle");
    set(&mut fields, json!({"id": id, "code": code, "url": format!("{address}/f/{code}")}));
    set(&mut fields, json!({"paths": [path], "description": "For our partners", "user_id": owner}));
    set(&mut fields, json!({"permissions": "read", "created_at": stamp("bundle", beginning())}));
    put(site, "bundle", Record { id, owner: Some(owner), fields, password: None });
}

fn visit(site: &mut Site, link: i64, id: i64, name: &str) {
    let mail = format!("{}@acme.example", name.replace([' ', '.'], "").to_lowercase());
    let when = stamp("bundle_registration", beginning());
    let path = "vendor/acme/orders/2026-11-01.csv";
    came(site, link, [id, id + 100], &when, [name, &mail], Some(path));
    let mut recipient = blank("bundle_recipient");
    set(&mut recipient, json!({"bundle_id": link, "recipient": mail, "name": name}));
    set(&mut recipient, json!({"company": "Acme", "sent_at": when}));
    let record = Record { id: id + 200, owner: None, fields: recipient, password: None };
    put(site, "bundle_recipient", record);
}

/// Somebody opened a share link, and downloaded something if there is a path.
pub(crate) fn came(
    site: &mut Site,
    link: i64,
    [registration, download]: [i64; 2],
    when: &str,
    [name, mail]: [&str; 2],
    path: Option<&str>,
) {
    let code = site.records.get("bundle", link).and_then(|link| link.text("code"));
    let code = code.unwrap_or_default().to_owned();
    let mut fields = like("bundle_registration", REGISTRATION);
    set(&mut fields, json!({"bundle_id": link, "name": name, "email": mail, "created_at": when}));
    set(&mut fields, json!({"company": "Acme", "code": format!("registration{registration}")}));
    set(&mut fields, json!({"bundle_code": code, "bundle_recipient_id": null}));
    set(&mut fields, json!({"form_field_set_id": null, "form_field_data": null}));
    set(&mut fields, json!({"inbox_code": null, "clickwrap_body": null, "workspace_id": 0}));
    let record = Record { id: registration, owner: None, fields: fields.clone(), password: None };
    put(site, "bundle_registration", record);
    if let Some(path) = path {
        let mut download_fields = like("bundle_download", DOWNLOAD);
        set(&mut download_fields, json!({"bundle_registration": fields, "created_at": when}));
        set(&mut download_fields, json!({"path": path, "workspace_id": 0}));
        let record = Record { id: download, owner: None, fields: download_fields, password: None };
        put(site, "bundle_download", record);
    }
}

fn put(site: &mut Site, kind: &str, record: Record) {
    site.records.insert(kind, record);
}

/// Every field of a kind, null or false.
fn blank(kind: &str) -> Map<String, Value> {
    let of = |of: &Value| if of == "boolean" { json!(false) } else { Value::Null };
    let fields = entity(kind).into_iter().flatten();
    fields.map(|(name, kind)| (name.clone(), of(kind))).collect()
}

/// The fields of a sample, those that are illustrative only made null.
fn like(kind: &str, sample: &str) -> Map<String, Value> {
    let mut fields = blank(kind);
    let sample: Map<String, Value> = serde_json::from_str(sample).unwrap_or_default();
    fields.extend(sample);
    fields
}

fn set(fields: &mut Map<String, Value>, values: Value) {
    fields.extend(values.as_object().cloned().unwrap_or_default());
}

const SITE: i64 = 1234;
const LINK: i64 = 3001;
const HISTORY: i64 = 25;
const USER: &str = include_str!("../../../fixtures/filescom/user_entity.json");
const GROUP: &str = include_str!("../../../fixtures/filescom/group.json");
const REGISTRATION: &str = include_str!("../../../fixtures/filescom/bundle_registration.json");
const DOWNLOAD: &str = include_str!("../../../fixtures/filescom/bundle_download.json");
const HISTORY_ENTRY: &str = include_str!("../../../fixtures/filescom/history.json");
