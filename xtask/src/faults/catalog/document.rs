//! Successes that bring something else than what was asked for.

use serde_json::json;

use super::{At, Heals, Row};

pub(super) const ROWS: &[Row] = &[
    Row::once("HTML with 200, nothing done, once", At::Requests, |_| json!("html")),
    Row::always("HTML with 200, nothing done, always", At::Requests, |_| json!("html")),
    Row::always("plain text with 200, nothing done, always", At::Requests, |_| json!("not_json")),
    Row::once("unexpected JSON with 200, nothing done, once", At::Requests, |_| {
        json!("wrong_json")
    })
    .heals(Heals::No),
    Row::always("unexpected JSON with 200, nothing done, always", At::Requests, |_| {
        json!("wrong_json")
    }),
    Row::always("empty body with 200, nothing done, always", At::Telling, |_| json!("empty_body")),
    Row::once("truncated JSON, once", At::Documents, |_| json!("truncated_json")),
    Row::always("truncated JSON, always", At::Documents, |_| json!("truncated_json")),
    Row::always(
        "JSON nested 100,000 deep, always",
        At::Requests,
        |_| json!({"deep_json": 100_000}),
    ),
    Row::always("gzip bomb of 4 GiB, always", At::Documents, |_| json!({"gzip_bomb": 4_u64 << 30})),
];
