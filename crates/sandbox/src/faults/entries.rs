//! Documents that arrive cut, or whose entries are not what they should be.

use std::convert::Infallible;
use std::iter::once;

use axum::body::{Body, to_bytes};
use axum::http::HeaderValue;
use axum::http::header::CONTENT_LENGTH;
use axum::response::Response;
use bytes::Bytes;
use futures_util::stream;
use serde_json::{Map, Value, json};

use super::{Fault, Route, Service};

/// Applies the faults that change the document of an answer.
pub(super) async fn spoil(fault: &Fault, route: Route, response: Response) -> Response {
    let concerned = matches!(
        fault,
        Fault::TruncatedJson
            | Fault::ExpiredLink
            | Fault::ChecksumWrong
            | Fault::NoChecksum
            | Fault::SizeWrong(_)
            | Fault::DuplicateEntries
            | Fault::MissingEntry
            | Fault::NastyNames
            | Fault::ManyEntries(_)
            | Fault::MigrationFailed
            | Fault::MigrationStuck
    );
    if !concerned || !response.status().is_success() {
        return response;
    }
    let (mut parts, body) = response.into_parts();
    parts.headers.remove(CONTENT_LENGTH);
    let bytes = to_bytes(body, LIMIT).await.unwrap_or_default();
    let body = match (fault, serde_json::from_slice::<Value>(&bytes)) {
        (Fault::TruncatedJson, _) => Body::from(bytes.slice(..bytes.len() / 2)),
        (Fault::ManyEntries(count), Ok(document)) => many(document, route, *count),
        (_, Ok(mut document)) => {
            rewrite(fault, route, &mut document);
            Body::from(document.to_string())
        }
        (_, Err(_)) => Body::from(bytes),
    };
    if let Some(length) = http_body::Body::size_hint(&body).exact() {
        parts.headers.insert(CONTENT_LENGTH, HeaderValue::from(length));
    }
    Response::from_parts(parts, body)
}

fn rewrite(fault: &Fault, route: Route, document: &mut Value) {
    match fault {
        Fault::ExpiredLink => each_object(document, &mut expire),
        Fault::ChecksumWrong => each_object(document, &mut |entry| {
            replace(entry, "crc32", || json!("bad"));
            replace(entry, "md5", || json!("00000000000000000000000000000bad"));
        }),
        Fault::NoChecksum => each_object(document, &mut |entry| {
            replace(entry, "crc32", || Value::Null);
            replace(entry, "md5", || Value::Null);
        }),
        Fault::SizeWrong(by) => each_object(document, &mut |entry| {
            for key in ["size", "Size"] {
                let size = entry.get(key).and_then(Value::as_i64);
                if let Some(size) = size {
                    replace(entry, key, || json!(size + by));
                }
            }
        }),
        Fault::DuplicateEntries => each_list(document, |list| {
            let again: Vec<Value> = list.first().cloned().into_iter().collect();
            list.splice(..0, again);
        }),
        Fault::MissingEntry => each_list(document, |list| {
            list.drain(..list.len().min(1));
        }),
        Fault::NastyNames => {
            let template = template(document, route);
            let nasty = NASTY.iter().map(|name| named(&template, name));
            let nasty: Vec<Value> = nasty.map(Value::Object).collect();
            let mut nasty = Some(nasty);
            each_list(document, |list| list.extend(nasty.take().into_iter().flatten()));
        }
        Fault::MigrationFailed => each_object(document, &mut |entry| {
            replace(entry, "status", || json!("failed"));
        }),
        Fault::MigrationStuck => each_object(document, &mut |entry| {
            replace(entry, "status", || json!("processing"));
        }),
        _ => {}
    }
}

/// Puts the time of an address behind it.
fn expire(entry: &mut Map<String, Value>) {
    for key in ["download_uri", "upload_uri"] {
        if let Some(Value::String(address)) = entry.get_mut(key) {
            *address = with_old_date(address);
        }
    }
    replace(entry, "expires", || json!("2001-01-01T00:00:00Z"));
}

fn with_old_date(address: &str) -> String {
    let mark = "X-Amz-Date=";
    match address.split_once(mark) {
        Some((before, after)) => {
            let rest = after.split_once('&').map_or("", |(_, rest)| rest);
            format!("{before}{mark}20010101T000000Z&{rest}")
        }
        None => address.to_owned(),
    }
}

/// A listing of `count` entries made from one, sent as it is made.
fn many(document: Value, route: Route, count: u64) -> Body {
    let entry = named(&template(&document, route), MARK);
    let entry = Value::Object(entry).to_string();
    let (before, after) = match route.service() {
        Service::Mft => ("{\"Files\":[", "],\"Folders\":[]}"),
        _ => ("[", "]"),
    };
    let batches = (0..count).step_by(BATCH as usize).map(move |from| batch(&entry, from, count));
    let chunks = once(Bytes::from_static(before.as_bytes()))
        .chain(batches)
        .chain(once(Bytes::from_static(after.as_bytes())));
    Body::from_stream(stream::iter(chunks.map(Ok::<_, Infallible>)))
}

fn batch(entry: &str, from: u64, count: u64) -> Bytes {
    let mut text = String::new();
    for number in from..(from + BATCH).min(count) {
        if number > 0 {
            text.push(',');
        }
        text.push_str(&entry.replace(MARK, &format!("entry-{number:09}.txt")));
    }
    text.into()
}

/// The first entry of a listing, or one of its kind.
fn template(document: &Value, route: Route) -> Map<String, Value> {
    let first = match document {
        Value::Array(list) => list.first(),
        _ => document.pointer("/Files/0"),
    };
    let made = match route.service() {
        Service::Mft => json!({
            "FileID": "0000000000000", "ParentFolderID": "0000000000001", "Name": "", "Path": "",
            "Description": "", "Tags": [], "Size": 0, "EffectivePermission": 254,
            "DateCreated": "/Date(1346072694480)/", "DateModified": "/Date(1346072694480)/",
            "CreatedByUserID": "0000000000002", "ModifiedByUserID": "0000000000002",
            "IsQuarantined": false, "InFavorite": false, "IsPartiallyUploaded": false,
        }),
        _ => json!({
            "path": "", "display_name": "", "type": "file", "size": 0,
            "created_at": "2026-01-01T00:00:00Z", "mtime": "2026-01-01T00:00:00Z",
            "provided_mtime": null, "crc32": "0", "md5": "d41d8cd98f00b204e9800998ecf8427e",
            "mime_type": "text/plain", "region": "us-east-1", "permissions": "lrwd",
        }),
    };
    let entry = first.cloned().unwrap_or(made);
    entry.as_object().cloned().unwrap_or_default()
}

fn named(entry: &Map<String, Value>, name: &str) -> Map<String, Value> {
    let mut entry = entry.clone();
    for (path, own) in [("path", "display_name"), ("Path", "Name")] {
        if let Some(old) = entry.get(path).and_then(Value::as_str) {
            let new = match old.rsplit_once('/') {
                Some((parent, _)) => format!("{parent}/{name}"),
                None => name.to_owned(),
            };
            replace(&mut entry, path, || json!(new));
            replace(&mut entry, own, || json!(name));
        }
    }
    entry
}

fn replace(entry: &mut Map<String, Value>, key: &str, value: impl FnOnce() -> Value) {
    if let Some(field) = entry.get_mut(key) {
        *field = value();
    }
}

fn each_object(document: &mut Value, act: &mut dyn FnMut(&mut Map<String, Value>)) {
    match document {
        Value::Object(entry) => {
            act(entry);
            entry.values_mut().for_each(|value| each_object(value, act));
        }
        Value::Array(list) => list.iter_mut().for_each(|value| each_object(value, act)),
        _ => {}
    }
}

/// Every list of entries: a whole array, or the arrays of an MFT listing.
fn each_list(document: &mut Value, mut act: impl FnMut(&mut Vec<Value>)) {
    match document {
        Value::Array(list) => act(list),
        Value::Object(fields) => ["Files", "Folders"].iter().for_each(|key| {
            if let Some(Value::Array(list)) = fields.get_mut(*key) {
                act(list);
            }
        }),
        _ => {}
    }
}

const LIMIT: usize = 64 * 1024 * 1024;
const BATCH: u64 = 500;
const MARK: &str = "@entry-number@";
const NASTY: [&str; 9] = [
    "../../etc/passwd",
    "..",
    "C:\\x",
    "/etc/passwd",
    "nul\0name",
    "line\nbreak\u{1b}[31m",
    "\u{202e}fdp.exe",
    "a/../../b",
    "",
];
