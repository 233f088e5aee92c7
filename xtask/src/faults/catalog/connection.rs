//! Connections that are not made, or break.

use serde_json::json;

use super::{At, Row};

/// The row for which the program is sent to a port that nobody listens on.
pub(super) const NOBODY: &str = "connection refused, always";

pub(super) const ROWS: &[Row] = &[
    Row::always(NOBODY, At::Connections, |_| json!("reset_before")),
    Row::once("connection reset when made, once", At::Connections, |_| json!("reset_before")),
    // Whether the reset is there before the request is on its way, or only after it, is a race.
    Row::always("connection reset when made, always", At::Connections, |_| json!("reset_before"))
        .either(&[21, 23]),
    Row::once("connection accepted and silent, once", At::Connections, |_| json!("stall"))
        .with(SHORT),
    Row::once("reset before the answer, nothing done, once", At::Requests, |_| {
        json!("reset_before")
    }),
    Row::always("reset before the answer, nothing done, always", At::Requests, |_| {
        json!("reset_before")
    }),
    Row::once("reset within the request, once", At::Parts, |_| json!({"reset_during": 1000})),
    Row::always("reset within the request, always", At::Parts, |_| json!({"reset_during": 1000})),
    Row::once("answer lost after the work, once", At::Requests, |_| json!("lose_answer")),
    Row::always("answer lost after the work, always", At::Requests, |_| json!("lose_answer")),
    Row::once("no answer, nothing done, once", At::Requests, |_| json!("stall")).with(SHORT),
    Row::always("no answer, nothing done, always", At::Requests, |_| json!("stall"))
        .with(SHORT_AND_FEW),
];

/// Waiting is what these rows are about, so it is made short.
const SHORT: &[(&str, &str)] = &[("timeout", "800ms")];
const SHORT_AND_FEW: &[(&str, &str)] = &[("timeout", "800ms"), ("retry_attempts", "2")];
