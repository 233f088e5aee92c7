//! Tests of the file entity.

use serde_json::{Map, Value};

use super::*;

fn fixture(name: &str) -> String {
    let path = format!("{}/fixtures/filescom/{name}", env!("CARGO_MANIFEST_DIR"));
    std::fs::read_to_string(path).unwrap()
}

fn members(json: &str) -> Map<String, Value> {
    serde_json::from_str(json).unwrap()
}

#[test]
fn every_field_of_the_reference_has_its_place() {
    let file: File = serde_json::from_str(&fixture("file_entity_all_fields.json")).unwrap();
    assert_eq!(file.unknown().count(), 0);
    let all_set = Origin {
        user: Some(1),
        api_key: Some(1),
        as2_incoming_message: Some(1),
        automation: Some(1),
        bundle_registration: Some(1),
        inbox: Some(1),
        remote_server: Some(1),
        sync: Some(1),
    };
    assert_eq!(file.created_by(), all_set);
    let changed = Origin { as2_incoming_message: None, inbox: None, ..all_set };
    assert_eq!(file.last_modified_by(), changed);
    let sums = file.checksums();
    assert!(
        sums.crc32.is_some() && sums.md5.is_some() && sums.sha1.is_some() && sums.sha256.is_some()
    );
    assert_eq!((file.priority_color(), file.preview_id()), (Some("red"), Some(1)));
    assert_eq!(file.preview().unwrap().kind.as_deref(), Some("image"));
    assert_eq!(file.direct_connection_info().unwrap().version, Some(1));
}

#[test]
fn written_under_the_names_of_the_service() {
    let json = fixture("file_entity_all_fields.json");
    let file: File = serde_json::from_str(&json).unwrap();
    let mut expected = members(&json);
    for secret in ["download_uri", "direct_connection_info"] {
        expected.remove(secret).unwrap();
    }
    expected["preview"].as_object_mut().unwrap().remove("download_uri").unwrap();
    assert_eq!(members(&serde_json::to_string(&file).unwrap()), expected);
}

#[test]
fn recorded_files_survive_a_round_trip() {
    for name in [
        "complete_upload_response_200_overwritten.json",
        "complete_upload_response_201_new.json",
        "directory_entity.json",
        "file_entity.json",
        "file_entity_empty_file.json",
    ] {
        let json = fixture(name);
        let file: File = serde_json::from_str(&json).unwrap();
        let mut expected = members(&json);
        expected.retain(|_, value| !value.is_null());
        assert_eq!(members(&serde_json::to_string(&file).unwrap()), expected, "{name}");
    }
}

#[test]
fn unknown_members_and_words_are_kept() {
    let json = concat!(
        r#"{"path":"a","type":"wormhole","permissions":"zl","#,
        r#""created_by_oracle_id":"x","new":{"b":[1,null],"a":1.5}}"#
    );
    let file: File = serde_json::from_str(json).unwrap();
    assert_eq!(file.kind, FileKind::Other("wormhole".into()));
    assert_eq!(members(&serde_json::to_string(&file).unwrap()), members(json));
    let names: Vec<_> = file.unknown().map(|(name, _)| name).collect();
    assert_eq!(names, ["created_by_oracle_id", "new"]);
}

#[test]
fn both_names_of_the_sync_are_read() {
    for name in ["sync_id", "remote_server_sync_id"] {
        let json =
            format!(r#"{{"type":"file","created_by_{name}":3,"last_modified_by_{name}":4}}"#);
        let file: File = serde_json::from_str(&json).unwrap();
        assert_eq!((file.created_by().sync, file.last_modified_by().sync), (Some(3), Some(4)));
        assert_eq!(
            serde_json::to_string(&file).unwrap(),
            r#"{"type":"file","created_by_sync_id":3,"last_modified_by_sync_id":4}"#
        );
    }
}

#[test]
fn secrets_are_neither_printed_nor_written() {
    let json = r#"{"type":"file","download_uri":"s3cr3t","preview":{"download_uri":"s3cr3t"},
        "direct_connection_info":{"direct_uri":"s3cr3t"},"new_uri":"hidden-too",
        "download_identity":{"token":"s3cr3t","required_headers":{"If-Match":"s3cr3t"}}}"#;
    let file: File = serde_json::from_str(json).unwrap();
    let shown = format!("{file:?}{file:#?}");
    assert!(!shown.contains("s3cr3t") && !shown.contains("hidden-too"), "{shown}");
    assert!(!serde_json::to_string(&file).unwrap().contains("s3cr3t"));
}

#[test]
fn what_stands_for_nothing_is_none() {
    let json = r#"{"type":"directory","path":"","size":null,"crc32":"","md5":"","mtime":"",
        "provided_mtime":null,"created_by_id":null,"size":null}"#;
    let file: File = serde_json::from_str(json).unwrap();
    assert_eq!((file.size, file.modified()), (None, None));
    assert!(file.checksums().is_empty() && file.created_by().is_empty() && file.is_directory());
    assert_eq!(file.path.as_deref(), Some(""));
}

#[test]
fn bad_values_are_told_by_name_or_kind() {
    for (json, says) in [
        (r#"{"path":"a"}"#, "type"),
        (r#"{"type":"file","size":"many"}"#, "whole number"),
        (r#"{"type":"file","crc32":"xyz"}"#, "hexadecimal"),
        (r#"{"type":"file","mtime":"noon"}"#, "not a date"),
        ("[]", "File"),
    ] {
        let error = serde_json::from_str::<File>(json).unwrap_err().to_string();
        assert!(error.contains(says), "{error}");
    }
}

#[test]
fn as_small_as_it_can_be() {
    assert!(size_of::<File>() <= 240, "{}", size_of::<File>());
}
