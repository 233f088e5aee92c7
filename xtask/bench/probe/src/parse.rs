//! Parsing without a network.

use std::fs;
use std::hint::black_box;
use std::io::Write;
use std::time::Instant;

use chrono::{DateTime, Utc};
use serde::de::Error;
use serde::{Deserialize, Deserializer};
use serde_json::{Value, json};
use serde_with::DeserializeAs;
use wharf::model::{ListingParser, filescom, mft};

use crate::Result;
use crate::plain::Listing;

/// A listing of Boomi MFT with names, texts, tags and gaps as real ones have them.
pub(crate) fn make(count: u64) -> Result<Value> {
    let mut out = std::io::stdout().lock();
    write!(out, "{{\"Folders\":[],\"Files\":[")?;
    for number in 0..count {
        let comma = if number == 0 { "" } else { "," };
        let id = number * 0x9e37_79b9 % 0xffff_ffff;
        let name = NAMES[(number % 4) as usize];
        let about = if number % 5 < 2 { "\"of the year, \\\"final\\\"\"" } else { "null" };
        let tags = TAGS[(number % 5) as usize];
        write!(
            out,
            "{comma}{{\"FileID\":\"{id:013}\",\"ParentFolderID\":\"1UTXM50KW0ISP\",\"Name\":\"{name} {number}.pdf\",\
             \"Description\":{about},\"Path\":\"FOLDERS/HOME/Admin/My Documents/{name} {number}.pdf\",\"Tags\":{tags},\
             \"Size\":{},\"EffectivePermission\":254,\"DateCreated\":\"/Date(1346072694480)/\",\
             \"DateModified\":\"/Date(1346072694480+0200)/\",\"CreatedByUserID\":\"1Q1OBQWVHTROE\",\
             \"ModifiedByUserID\":\"1Q1OBQWVHTROE\",\"IsQuarantined\":false,\"InFavorite\":false,\
             \"IsPartiallyUploaded\":false}}",
            number * 7919
        )?;
    }
    writeln!(out, "]}}")?;
    Ok(Value::Null)
}

const NAMES: [&str; 4] = ["report", "Jahresabschluß der Gruppe", "orders", "übersicht"];
const TAGS: [&str; 5] =
    ["[]", "[]", "[\"report\"]", "[\"report\",\"final\"]", "[\"a\",\"b\",\"c\"]"];

/// Parses a saved listing once.
pub(crate) fn parse(how: &str, file: &str) -> Result<Value> {
    let body = fs::read(file)?;
    let begin = Instant::now();
    let count = match how {
        // What the same program costs without the parse.
        "not" => black_box(&body).len(),
        "plain" => black_box(serde_json::from_slice::<Listing>(&body)?).len(),
        "whole" => black_box(mft::ListingParser::read_all(&body)?).len(),
        "stream" => stream(&body)?,
        _ => return Err("not, plain, whole or stream".into()),
    };
    Ok(json!({"entries": count, "seconds": begin.elapsed().as_secs_f64()}))
}

fn stream(body: &[u8]) -> Result<usize> {
    let mut parser = ListingParser::<mft::Entry>::new();
    let mut count = 0;
    for piece in body.chunks(64 * 1024) {
        parser.feed(piece);
        while let Some(entry) = parser.next_entry()? {
            black_box(entry);
            count += 1;
        }
    }
    parser.finish()?;
    Ok(count)
}

/// Nanoseconds for a date of each service, and for what they are made of.
pub(crate) fn dates() -> Result<Value> {
    let slash = nanoseconds(|| mft::SlashDate::parse(black_box("/Date(1346072694480)/")).is_ok());
    let by_hand = nanoseconds(|| by_hand(black_box("/Date(1346072694480)/")).is_some());
    let one = r#"{"mtime":"2023-02-06T17:28:35Z"}"#;
    let iso = nanoseconds(|| serde_json::from_str::<Ours>(black_box(one)).is_ok());
    let chrono = nanoseconds(|| serde_json::from_str::<Bare>(black_box(one)).is_ok());
    Ok(json!({"slash": slash, "slash_by_hand": by_hand, "iso": iso, "iso_by_chrono": chrono}))
}

/// A document with a date, as the model reads it.
#[derive(Deserialize)]
#[allow(dead_code)]
struct Ours {
    #[serde(default, deserialize_with = "by_model")]
    mtime: Option<DateTime<Utc>>,
}

fn by_model<'de, D: Deserializer<'de>>(json: D) -> Result<Option<DateTime<Utc>>, D::Error> {
    filescom::Timestamp::deserialize_as(json)
}

/// The same, by nothing but chrono.
#[derive(Deserialize)]
#[allow(dead_code)]
struct Bare {
    #[serde(default, deserialize_with = "by_chrono")]
    mtime: Option<DateTime<Utc>>,
}

fn by_chrono<'de, D: Deserializer<'de>>(json: D) -> Result<Option<DateTime<Utc>>, D::Error> {
    let text = <Option<&str>>::deserialize(json)?;
    let date = text.map(|text| DateTime::parse_from_rfc3339(text).map(|date| date.to_utc()));
    date.transpose().map_err(D::Error::custom)
}

fn by_hand(text: &str) -> Option<DateTime<Utc>> {
    let digits = text.strip_prefix("/Date(")?.strip_suffix(")/")?;
    DateTime::from_timestamp_millis(digits.parse().ok()?)
}

/// The best of several batches: what disturbs only ever adds.
fn nanoseconds(work: impl Fn() -> bool) -> f64 {
    let batch = || {
        let begin = Instant::now();
        for _ in 0..BATCH {
            assert!(black_box(work()));
        }
        begin.elapsed().as_nanos() as f64 / f64::from(BATCH)
    };
    (0..21).map(|_| batch()).fold(f64::INFINITY, f64::min)
}

const BATCH: u32 = 20_000;

/// The checksum of a gibibyte, from memory that the processor has at hand.
pub(crate) fn crc32() -> Value {
    let block = vec![1_u8; 256 * 1024];
    let begin = Instant::now();
    let mut hasher = crc32fast::Hasher::new();
    for _ in 0..4096 {
        hasher.update(black_box(&block));
    }
    black_box(hasher.finalize());
    json!({"seconds": begin.elapsed().as_secs_f64()})
}
