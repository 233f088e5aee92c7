//! Bodies that are cut, damaged, slow or wrongly measured, on their way here or there.

use serde_json::json;

use super::{At, Heals, Row};
use crate::faults::stage::Service;

pub(super) const ROWS: &[Row] = &[
    Row::once("answer cut, once", At::Documents, |aim| json!({"cut_after": aim.within()})),
    Row::always("answer cut, always", At::Documents, |aim| json!({"cut_after": aim.within()})),
    Row::once("content cut, once", At::Content, |aim| json!({"cut_after": aim.within()})),
    Row::once("content cut three times", At::Content, |_| json!({"cut_after": 700})).times(3),
    Row::always(
        "content cut before its first byte, always",
        At::Content,
        |_| json!({"cut_after": 0}),
    ),
    Row::once("answer reset within its body, once", At::Documents, |_| json!({"reset_after": 10})),
    Row::once("content reset within its body, once", At::Content, |_| json!({"reset_after": 1500})),
    Row::once(
        "answer stalled within its body, once",
        At::Documents,
        |_| json!({"stall_after": 10}),
    )
    .with(SHORT),
    Row::once("content stalled, once", At::Content, |_| json!({"stall_after": 1500})).with(SHORT),
    Row::always(
        "content stalled before its first byte, always",
        At::Content,
        |_| json!({"stall_after": 0}),
    )
    .with(SHORT_AND_FEW),
    Row::always(
        "answer trickled, always",
        At::Documents,
        |_| json!({"trickle": {"bytes": 50, "pause": 1}}),
    )
    .heals(Heals::Yes),
    Row::always(
        "content trickled, always",
        At::Content,
        |_| json!({"trickle": {"bytes": 20_000, "pause": 1}}),
    )
    .heals(Heals::Yes),
    Row::once("content announced too long, once", At::Content, |_| json!({"wrong_length": 7})),
    Row::once("content announced too short, once", At::Content, |_| json!({"wrong_length": -7})),
    Row::always("content announced too long, always", At::Content, |_| json!({"wrong_length": 7})),
    Row::always(
        "content announced too short, always",
        At::Content,
        |_| json!({"wrong_length": -7}),
    ),
    Row::once("content not announced, once", At::Content, |_| json!("no_length")),
    Row::once("byte of content flipped, once", At::Content, |_| json!({"flip_byte": 1500}))
        .unseen(Service::Mft),
    Row::always("byte of content flipped, always", At::Content, |_| json!({"flip_byte": 1500}))
        .unseen(Service::Mft),
    Row::once("content cut, then the range ignored", At::Content, |_| json!("ignore_range"))
        .after(|_| json!({"cut_after": 1500})),
    Row::once("content cut, then another range answered", At::Content, |_| json!("wrong_range"))
        .after(|_| json!({"cut_after": 1500}))
        .heals(Heals::No),
    Row::once("content cut, then another version answered", At::Content, |_| json!("wrong_etag"))
        .after(|_| json!({"cut_after": 1500}))
        .heals(Heals::No),
    Row::once("byte of a part flipped, once", At::Parts, |_| json!({"flip_request_byte": 700})),
    Row::always("byte of a part flipped, always", At::Parts, |_| json!({"flip_request_byte": 700})),
    Row::once("part stored in part, once", At::Parts, |_| json!({"cut_request": 700})),
    Row::always("part stored in part, always", At::Parts, |_| json!({"cut_request": 700})),
    Row::once("part answered with another ETag, once", At::Only(&["part_put"]), |_| {
        json!("wrong_etag")
    }),
    Row::always("part answered with another ETag, always", At::Only(&["part_put"]), |_| {
        json!("wrong_etag")
    }),
    Row::once("part answered without ETag, once", At::Only(&["part_put"]), |_| json!("no_etag")),
    Row::always("part answered without ETag, always", At::Only(&["part_put"]), |_| {
        json!("no_etag")
    }),
];

/// Waiting is what these rows are about, so it is made short.
const SHORT: &[(&str, &str)] = &[("timeout", "800ms")];
const SHORT_AND_FEW: &[(&str, &str)] = &[("timeout", "800ms"), ("retry_attempts", "2")];
