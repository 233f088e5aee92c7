//! No document, however spoilt, does harm: it is read, or it is an error.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

use std::path::PathBuf;
use std::sync::LazyLock;

use proptest::prelude::*;
use proptest::sample::Index;
use serde::Serialize;
use serde::de::DeserializeOwned;
use wharf_model::{filescom, mft};

/// Reads it as everything it might be.
fn read_as_anything(body: &[u8]) {
    let Ok(text) = std::str::from_utf8(body) else { return };
    only_read::<Vec<filescom::UploadPart>>(text);
    only_read::<filescom::UploadPart>(text);
    only_read::<filescom::ApiKey>(text);
    only_read::<filescom::SessionInfo>(text);
    only_read::<filescom::FileAction>(text);
    only_read::<filescom::FileMigration>(text);
    only_read::<filescom::Lock>(text);
    only_read::<mft::Session>(text);
    only_read::<mft::ShortUrl>(text);
    read_and_written::<filescom::File>(text);
    read_and_written::<Vec<filescom::File>>(text);
    read_and_written::<filescom::User>(text);
    read_and_written::<filescom::Permission>(text);
    read_and_written::<filescom::FileMigrationLogEntry>(text);
    read_and_written::<mft::Listing>(text);
    read_and_written::<mft::FileInfo>(text);
    read_and_written::<mft::FolderInfo>(text);
    read_and_written::<mft::UserInfo>(text);
    read_and_written::<mft::UserList>(text);
    read_and_written::<mft::ServerInfo>(text);
    read_and_written::<mft::SyncPolicy>(text);
}

fn only_read<T: DeserializeOwned>(text: &str) {
    let _ = serde_json::from_str::<T>(text);
}

/// What is written of it is read again as the same.
#[track_caller]
fn read_and_written<T: DeserializeOwned + Serialize>(text: &str) {
    let Ok(value) = serde_json::from_str::<T>(text) else { return };
    let written = serde_json::to_string(&value).unwrap();
    let again: T = serde_json::from_str(&written)
        .unwrap_or_else(|error| panic!("{error}: {written} was made of {text}"));
    assert_eq!(serde_json::to_string(&again).unwrap(), written, "{text}");
}

proptest! {
    #[test]
    fn spoilt_samples_are_read_or_refused(
        which in any::<Index>(),
        edits in proptest::collection::vec((any::<Index>(), edit()), 0..4),
        end in proptest::option::weighted(0.1, any::<Index>()),
    ) {
        let mut body = which.get(&SAMPLES).clone();
        for (at, edit) in edits {
            let at = at.index(body.len());
            match edit {
                Edit::Byte(byte) => body[at] = byte,
                Edit::Value(value) => replace_value(&mut body, at, value),
            }
        }
        if let Some(end) = end {
            body.truncate(end.index(body.len()));
        }
        read_as_anything(&body);
    }

    #[test]
    fn any_bytes_are_read_or_refused(
        body in proptest::collection::vec(any::<u8>(), 0..100),
        json in r#"[\[\]{}":,0-9a-zA-Z_\\.-]{0,60}"#,
    ) {
        read_as_anything(&body);
        read_as_anything(json.as_bytes());
    }
}

/// A number that is read a little wrong is another number each time it is passed on.
#[test]
fn numbers_that_are_not_known_come_back_as_they_are() {
    for number in ["-99999999939999999999", "0.1", "1e23", "8.41e21", "2.2250738585072014e-308"] {
        let text = format!(r#"{{"path":"a.txt","type":"file","unknown":{number}}}"#);
        read_and_written::<filescom::File>(&text);
        let file: filescom::File = serde_json::from_str(&text).unwrap();
        let kept = serde_json::to_value(&file).unwrap()["unknown"].as_f64();
        assert_eq!(kept, number.parse::<f64>().ok(), "{number}");
    }
}

#[derive(Debug, Clone)]
enum Edit {
    Byte(u8),
    /// In the place of the next value.
    Value(&'static str),
}

fn edit() -> impl Strategy<Value = Edit> {
    let values = proptest::sample::select(VALUES);
    prop_oneof![1 => any::<u8>().prop_map(Edit::Byte), 3 => values.prop_map(Edit::Value)]
}

/// Puts a value behind the next colon, instead of what is there up to the next comma.
fn replace_value(body: &mut Vec<u8>, at: usize, value: &str) {
    let Some(colon) = body[at..].iter().position(|byte| *byte == b':') else { return };
    let begin = at + colon + 1;
    let end = body[begin..].iter().position(|byte| b",}\n".contains(byte));
    let end = end.map_or(body.len(), |end| begin + end);
    body.splice(begin..end, value.bytes());
}

/// Every sample of both services.
static SAMPLES: LazyLock<Vec<Vec<u8>>> = LazyLock::new(|| {
    let folders = ["filescom", "mft"].map(|service| {
        let folder: PathBuf = [env!("CARGO_MANIFEST_DIR"), "fixtures", service].iter().collect();
        folder.read_dir().unwrap()
    });
    let mut files: Vec<_> =
        folders.into_iter().flatten().map(|file| file.unwrap().path()).collect();
    files.retain(|file| file.extension().is_some_and(|extension| extension == "json"));
    files.sort();
    // Tables are no answers, and long.
    let samples = files.iter().map(|file| std::fs::read(file).unwrap());
    let samples: Vec<_> = samples.filter(|sample| (1..10_000).contains(&sample.len())).collect();
    assert!(samples.len() > 50, "{} samples", samples.len());
    samples
});

const VALUES: &[&str] = &[
    "null",
    "true",
    "0",
    "-1",
    "1.5",
    "1e999",
    "9223372036854775808",
    "-99999999999999999999",
    "-99999999939999999999",
    "\"\"",
    "\"7\"",
    "\"\\u0000\\ud83d\\ude00\"",
    "\"\\ud800\"",
    "\"/Date(-62135596800001)/\"",
    "\"/Date(9223372036854775807)/\"",
    "\"9999-12-31T23:59:60Z\"",
    "[]",
    "[[[[]]]]",
    "{}",
    "{\"a\":{\"a\":[1]}}",
];
