//! Documents that can be read and are false, and work that does not end.

use serde_json::json;

use super::{At, Heals, Row};

pub(super) const ROWS: &[Row] = &[
    Row::once("entry listed twice, once", At::Lists, |_| json!("duplicate_entries")),
    Row::always("entry listed twice, always", At::Lists, |_| json!("duplicate_entries"))
        .heals(Heals::No),
    Row::once("entry left out of a listing, once", At::Lists, |_| json!("missing_entry")).lie(),
    Row::always("cursor that never ends, always", At::Only(&["list"]), |_| json!("endless_cursor")),
    Row::once("hostile names in a listing, once", At::Lists, |_| json!("nasty_names"))
        .heals(Heals::No),
    Row::once("listing of 100,000 entries, once", At::Lists, |_| json!({"many_entries": 100_000}))
        .lie(),
    Row::always("wrong checksums told, always", At::Only(TELLING), |_| json!("checksum_wrong"))
        .lie(),
    Row::always("no checksums told, always", At::Only(TELLING), |_| json!("no_checksum"))
        .heals(Heals::Yes),
    Row::once("checksums told late, three looks", At::Only(TELLING), |_| json!("no_checksum"))
        .times(3),
    Row::once("size told too large, once", At::Only(TELLING), |_| json!({"size_wrong": 5})).lie(),
    Row::always("size told too large, always", At::Only(TELLING), |_| json!({"size_wrong": 5}))
        .lie(),
    Row::always("size told too small, always", At::Only(TELLING), |_| json!({"size_wrong": -5}))
        .lie(),
    Row::once("migration slow, five looks", At::Only(MIGRATION), |_| json!("migration_stuck"))
        .times(5),
    Row::always("migration stuck, always", At::Only(MIGRATION), |_| json!("migration_stuck"))
        .with(&[("migration_timeout", "300ms")]),
    Row::always("migration failed, always", At::Only(MIGRATION), |_| json!("migration_failed")),
];

/// Where size and checksums of a file are told.
const TELLING: &[&str] =
    &["find", "list", "download", "complete", "mft_list", "mft_file_info", "mft_update"];

const MIGRATION: &[&str] = &["migration"];
