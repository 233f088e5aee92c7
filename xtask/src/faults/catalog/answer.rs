//! Statuses and headers: refusals that pass, refusals that stay, and answers that lead elsewhere.

use serde_json::{Value, json};

use super::{At, Heals, Row};
use crate::faults::stage::Service;

pub(super) const ROWS: &[Row] = &[
    // Of MFT a 500 is every kind of error, and one with a code that nobody knows must not be
    // repeated.
    Row::once("500, once", At::Requests, |_| status(500)).heals(Heals::On(Service::FilesCom)),
    Row::once("502, once", At::Requests, |_| status(502)),
    Row::once("503, once", At::Requests, |_| status(503)),
    Row::once("504, once", At::Requests, |_| status(504)),
    Row::once("503, three times", At::Requests, |_| status(503)).times(3),
    Row::once("408, once", At::Requests, |_| status(408)),
    Row::once("429, once", At::Requests, |_| status(429)),
    Row::once("429 with `Retry-After: 1`, once", At::Requests, |_| later(429, "1")),
    Row::once("503 with `Retry-After` a date gone by, once", At::Requests, |_| {
        later(503, "Wed, 21 Oct 2015 07:28:00 GMT")
    }),
    Row::once("429 with `Retry-After: soon`, once", At::Requests, |_| later(429, "soon")),
    Row::once("503 with `Retry-After` of three years, once", At::Requests, |_| {
        later(503, "99999999")
    })
    .heals(Heals::No),
    Row::once("500 after the work, once", At::Requests, |_| json!({"status_after": {"code": 500}}))
        .heals(Heals::On(Service::FilesCom)),
    Row::once("503 after the work, once", At::Requests, |_| json!({"status_after": {"code": 503}})),
    Row::always("500, always", At::Requests, |_| status(500)),
    Row::always("503, always", At::Requests, |_| status(503)),
    Row::always("429, always", At::Requests, |_| status(429)),
    Row::always("401, always", At::Requests, |_| status(401)),
    Row::always("403, always", At::Requests, |_| status(403)),
    Row::always("404, always", At::Requests, |_| status(404)),
    Row::always("422, always", At::Requests, |_| status(422)),
    Row::always(
        "403 with a page of a firewall, always",
        At::Requests,
        |_| json!({"status": {"code": 403, "body": "<html><body>Blocked.</body></html>"}}),
    ),
    Row::always(
        "400 that repeats what it was sent, always",
        At::Requests,
        |_| json!({"echo": {"code": 400}}),
    ),
    Row::once("a header of 1 MiB, once", At::Requests, |_| json!({"huge_header": 1 << 20}))
        .heals(Heals::No),
    Row::always(
        "redirect to another origin, always",
        At::Requests,
        |aim| json!({"redirect": {"to": format!("http://{}/elsewhere", aim.trap)}}),
    ),
    Row::always(
        "redirect 307 to another origin, always",
        At::Requests,
        |aim| json!({"redirect": {"to": format!("http://{}/elsewhere", aim.trap), "code": 307}}),
    ),
    Row::always(
        "redirect to itself, always",
        At::Requests,
        |aim| json!({"redirect": {"to": format!("http://{}/again", aim.host)}}),
    ),
    Row::always("redirect to nowhere, always", At::Requests, |_| json!({"redirect": {"to": ""}})),
    Row::once(
        "another region, named rightly, once",
        At::Only(REGIONAL),
        |aim| json!({"region_mismatch": {"host": aim.host.to_string()}}),
    ),
    Row::always(
        "another region, named by an evil host, always",
        At::Only(REGIONAL),
        |aim| json!({"region_mismatch": {"host": aim.trap.to_string()}}),
    ),
    Row::once("session over, once", At::Signed, |_| json!("expired_session"))
        .heals(Heals::On(Service::Mft)),
    Row::always("session over, always", At::Signed, |_| json!("expired_session")),
    Row::once("address expired, once", At::Only(LINKS), |_| json!("expired_link")),
    Row::always("address expired, always", At::Only(LINKS), |_| json!("expired_link")),
];

fn status(code: u16) -> Value {
    json!({"status": {"code": code}})
}

fn later(code: u16, when: &str) -> Value {
    json!({"status": {"code": code, "retry_after": when}})
}

/// The requests to Files.com that bring the key.
const REGIONAL: &[&str] = &[
    "list",
    "create_folder",
    "find",
    "download",
    "begin_upload",
    "complete",
    "update",
    "delete",
    "copy",
    "move",
    "migration",
    "migration_logs",
    "api_key",
    "other",
];

/// Where an address is handed out or used.
const LINKS: &[&str] = &["download", "begin_upload", "storage_get", "part_put"];
