//! Every sample decodes into its type, and says what it should.
//!
//! One row a file; a file without a row, or a row without a file, is an error.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

#[path = "decode/mft.rs"]
mod mft;

use std::collections::BTreeSet;
use std::path::PathBuf;

use secrecy::ExposeSecret;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use wharf_model::filescom::{self, ErrorBody, ErrorGroup, StorageError, StorageErrorKind};

/// A file, and what it must say.
type Row = (&'static str, fn(&str));

#[test]
fn filescom_samples() {
    check("filescom", FILESCOM);
}

#[test]
fn mft_samples() {
    check("mft", mft::ROWS);
}

fn check(folder: &str, rows: &[Row]) {
    let folder: PathBuf = [env!("CARGO_MANIFEST_DIR"), "fixtures", folder].iter().collect();
    let readme = std::fs::read_to_string(folder.join("README.md")).unwrap();
    let mut files: BTreeSet<String> = std::fs::read_dir(&folder)
        .unwrap()
        .map(|file| file.unwrap().file_name().into_string().unwrap())
        .filter(|name| name != "README.md")
        .collect();
    for (name, says) in rows {
        assert!(files.remove(*name), "{name} is missing, or has two rows");
        assert!(readme.contains(&format!("| `{name}` | ")), "{name} has no source");
        says(&std::fs::read_to_string(folder.join(name)).unwrap());
    }
    assert!(files.is_empty(), "without a row: {files:?}");
}

fn read<T: DeserializeOwned>(json: &str) -> T {
    serde_json::from_str(json).unwrap_or_else(|error| panic!("{error} in {json}"))
}

/// Reads it, and finds everything that is not null when it is written again.
fn round<T: DeserializeOwned + Serialize>(json: &str) -> T {
    let value: T = read(json);
    let mut expected: Map<String, Value> = read(json);
    expected.retain(|_, value| !value.is_null());
    let written: Map<String, Value> = read(&serde_json::to_string(&value).unwrap());
    assert_eq!(written, expected);
    value
}

fn error(json: &str, status: u16, type_: Option<&str>, group: ErrorGroup) -> ErrorBody {
    let error = ErrorBody::from_response(status, json.as_bytes());
    assert_eq!(error.error_type.as_ref().map(|known| known.as_str()), type_);
    assert!(error.error_type.as_ref().is_none_or(|known| known.is_cataloged()));
    assert_eq!((error.http_code, error.group()), (Some(status), group), "{json}");
    assert_eq!(error.document().unwrap().get(), json.trim());
    if let (Some(title), Some(known)) = (&error.title, &error.error_type) {
        assert_eq!(**title, known.title());
    }
    assert_eq!(read::<ErrorBody>(json).to_string(), error.to_string());
    error
}

fn says(json: &str, status: u16, type_: &str, remedy: &str) {
    let group = ErrorGroup::from(type_.split('/').next().unwrap());
    let error = error(json, status, Some(type_), group);
    assert_eq!(error.remedy(), Some(remedy));
    assert!(error.to_string().ends_with(remedy));
}

/// An entity without a type of its own: its members are those the table of entities knows.
fn entity(json: &str, name: &str) {
    let table = include_str!("../fixtures/filescom/entities.json");
    let table: Map<String, Value> = read(table);
    let members: Map<String, Value> = read(json);
    let unknown: Vec<_> =
        members.keys().filter(|member| table[name].get(member).is_none()).collect();
    assert!(!members.is_empty() && unknown.is_empty(), "{name}: {unknown:?}");
}

/// A table: some unit test, or another crate, tests against it.
fn table(json: &str) {
    let table: Value = read(json);
    let len = table.as_array().map(Vec::len).or(table.as_object().map(Map::len));
    assert!(len > Some(0));
}

const KEY: &str = "update the connection with a valid API key and try again";
const ACCESS: &str = "make sure the API key has permission to access the item, or use one that has";

const FILESCOM: &[Row] = &[
    ("api_key_current.json", |json| {
        let key: filescom::ApiKey = read(json);
        assert_eq!((key.id, key.permission_set.as_deref()), (Some(1), Some("full")));
        assert_eq!(key.key.unwrap().expose_secret(), "[key]");
        assert!(!key.expires_at.unwrap().to_rfc3339().is_empty());
    }),
    ("begin_upload_request.json", table),
    ("begin_upload_response.json", |json| {
        let parts: Vec<filescom::UploadPart> = read(json);
        let [part] = parts.as_slice() else { panic!("{parts:?}") };
        assert_eq!(
            (&*part.reference, part.method(), part.part_number),
            ("put-8590319511", "PUT", Some(1))
        );
        assert_eq!((part.partsize, part.next_partsize), (Some(5_242_880), Some(6_291_456)));
        assert_eq!(part.send.as_ref().unwrap().get("partdata"), Some("body"));
        let signed = filescom::expires_at(part.upload_uri.expose_secret()).unwrap();
        assert_eq!(part.expires_at(), Some(signed));
    }),
    ("begin_upload_response_three_parts.constructed.json", |json| {
        let parts: Vec<filescom::UploadPart> = read(json);
        let numbers: Vec<_> = parts.iter().map(|part| part.part_number).collect();
        assert_eq!(numbers, [Some(1), Some(2), Some(3)]);
        assert!(parts.iter().all(|part| part.parallel_parts == Some(true)));
    }),
    ("boomi_actions.json", table),
    ("bundle.json", |json| {
        assert!(round::<filescom::ShareLink>(json).unknown.is_empty());
    }),
    ("bundle_download.json", |json| {
        assert!(round::<filescom::ShareLinkDownload>(json).unknown.is_empty());
    }),
    ("bundle_notification.json", |json| {
        assert!(round::<filescom::ShareLinkNotification>(json).unknown.is_empty());
    }),
    ("bundle_recipient.json", |json| {
        assert!(round::<filescom::ShareLinkRecipient>(json).unknown.is_empty());
    }),
    ("bundle_registration.json", |json| {
        assert!(round::<filescom::ShareLinkRegistration>(json).unknown.is_empty());
    }),
    ("complete_upload_request.json", table),
    ("complete_upload_response_200_overwritten.json", |json| {
        let file: filescom::File = round(json);
        assert!(file.checksums().is_empty());
        assert_eq!(file.modified(), file.provided_mtime);
    }),
    ("complete_upload_response_201_new.json", |json| {
        let file: filescom::File = round(json);
        assert_eq!(file.path.as_deref(), Some("dest/foo/bar/lo.txt"));
    }),
    ("directory_entity.json", |json| {
        let file: filescom::File = round(json);
        assert!(file.is_directory() && file.size.is_none());
        assert_eq!((file.subfolders_locked, file.created_by().user), (Some(false), Some(1001)));
        assert_eq!(file.unknown().count(), 0);
    }),
    ("download_request_status.constructed.json", |json| {
        let error: ErrorBody = read(json);
        let data = error.data.unwrap();
        assert_eq!(data.status.as_deref(), Some("completed"));
        assert_eq!(data.bytes_transferred, Some(10_485_760));
    }),
    ("download_response.json", |json| {
        let file: filescom::File = read(json);
        let address = file.download_uri.unwrap();
        let end = filescom::expires_at(address.expose_secret()).unwrap();
        assert_eq!(end.to_rfc3339(), "2023-01-13T19:46:13+00:00");
        assert_eq!(file.crc32, "b669a0d4".parse().ok());
    }),
    ("download_storage_exchange.json", table),
    ("download_url_expiry_vectors.json", table),
    ("endpoints.json", table),
    ("entities.json", table),
    ("error_boomi_invalid_credentials.json", |json| {
        says(json, 401, "not-authenticated/invalid-credentials", KEY);
    }),
    ("error_boomi_not_found.json", |json| says(json, 404, "not-found", ACCESS)),
    ("error_cannot_download_directory_2022.json", |json| {
        says(
            json,
            400,
            "bad-request/cannot-download-directory",
            "list the folder and download its files",
        );
    }),
    ("error_catalog.json", table),
    ("error_datetime_parse_2022.json", |json| {
        let error = error(json, 400, Some("bad-request/datetime-parse"), ErrorGroup::BadRequest);
        assert_eq!(error.remedy(), None);
    }),
    ("error_destination_exists.json", |json| {
        let remedy = "choose another name, or allow the old item to be replaced";
        says(json, 422, "processing-failure/destination-exists", remedy);
    }),
    ("error_destination_parent_does_not_exist.json", |json| {
        let type_ = "processing-failure/destination-parent-does-not-exist";
        says(json, 409, type_, "create the folder first");
    }),
    ("error_folder_not_empty.json", |json| {
        let remedy = "delete the content first, or delete recursively";
        says(json, 422, "processing-failure/folder-not-empty", remedy);
    }),
    ("error_internal_500.json", |json| {
        let error = error(json, 500, None, ErrorGroup::Unknown);
        assert!(error.message().starts_with("Internal server error"));
    }),
    ("error_invalid_credentials.json", |json| {
        says(json, 401, "not-authenticated/invalid-credentials", KEY);
    }),
    ("error_invalid_username_or_password.json", |json| {
        let remedy = "check the user name and the password, and try again";
        says(json, 401, "not-authenticated/invalid-username-or-password", remedy);
    }),
    ("error_lockout_region_mismatch.json", |json| {
        let remedy = "connect to the host that the answer names";
        says(json, 403, "not-authenticated/lockout-region-mismatch", remedy);
        let data = read::<ErrorBody>(json).data.unwrap();
        assert_eq!(data.host.as_deref(), Some("test.host"));
    }),
    ("error_model_save.json", |json| {
        let type_ = Some("processing-failure/model-save-error");
        let error = error(json, 422, type_, ErrorGroup::ProcessingFailure);
        assert_eq!((error.errors.len(), error.model_errors.len()), (1, 1));
    }),
    ("error_not_found_2024.json", |json| says(json, 404, "not-found", ACCESS)),
    ("error_not_found_spanish.json", |json| {
        says(json, 404, "not-found", ACCESS);
        assert!(read::<ErrorBody>(json).message().starts_with("No se ha"));
    }),
    ("error_rate_limited.constructed.json", |json| {
        let remedy = "wait, then try again with fewer requests at a time";
        says(json, 429, "rate-limited/too-many-requests", remedy);
    }),
    ("file_action_completed.json", |json| {
        let action: filescom::FileAction = round(json);
        assert!(action.status.is_success() && action.file_migration_id.is_none());
    }),
    ("file_action_pending.json", |json| {
        let action: filescom::FileAction = round(json);
        assert!(action.status.is_running());
        assert_eq!(action.file_migration_id, Some(1));
    }),
    ("file_comment.json", |json| entity(json, "file_comment")),
    ("file_entity.json", |json| {
        let file: filescom::File = round(json);
        assert_eq!((file.kind.as_str(), file.size), ("file", Some(0)));
        assert_eq!(file.last_modified_by().api_key, Some(101));
        assert!(file.permissions.unwrap().can_delete());
    }),
    ("file_entity_all_fields.json", |json| {
        let file: filescom::File = read(json);
        assert_eq!(file.unknown().count(), 0);
        assert_eq!(file.custom_metadata.unwrap()["key"].as_deref(), Some("value"));
    }),
    ("file_entity_empty_file.json", |json| {
        let file: filescom::File = round(json);
        assert_eq!(file.crc32.unwrap().to_string(), "00000000");
    }),
    ("file_entity_with_checksums.json", |json| {
        let file: filescom::File = read(json);
        assert_eq!(file.checksums().md5, Some("15e081c59a53cf6aadd83c7dc0e831d3"));
        assert!(file.download_uri.unwrap().expose_secret().is_empty());
    }),
    ("file_migration_all_fields.json", |json| {
        let migration: filescom::FileMigration = read(json);
        assert!(migration.status.is_success());
        assert!(migration.log_url.is_some() && migration.failure_message.is_some());
    }),
    ("file_migration_completed.json", |json| {
        assert!(read::<filescom::FileMigration>(json).status.is_success());
    }),
    ("file_migration_failed.json", |json| {
        assert!(read::<filescom::FileMigration>(json).status.is_failure());
    }),
    ("file_migration_in_progress.json", |json| {
        let migration: filescom::FileMigration = read(json);
        assert!(migration.status.is_running());
        assert_eq!((migration.id, migration.operation.as_deref()), (Some(15), Some("copy")));
    }),
    ("file_migration_log_entry.json", |json| {
        round::<filescom::FileMigrationLogEntry>(json);
    }),
    ("file_upload_part_all_fields.json", |json| {
        let part: filescom::UploadPart = read(json);
        assert_eq!((part.expires.as_deref(), part.expires_at()), (Some("example"), None));
        assert!(part.direct_connection_info.is_some() && part.action.is_some());
    }),
    ("folder_listing.json", |json| {
        let files = filescom::ListingParser::read_all(json.as_bytes()).unwrap();
        let kinds: Vec<_> = files.iter().map(|file| file.kind.as_str()).collect();
        assert_eq!(kinds, ["directory", "file"]);
        let whole: Vec<filescom::File> = read(json);
        assert_eq!(format!("{whole:?}"), format!("{files:?}"));
    }),
    ("folder_listing_empty.json", |json| {
        assert!(filescom::ListingParser::read_all(json.as_bytes()).unwrap().is_empty());
    }),
    ("folder_listing_pages.json", |json| {
        let pages: Vec<Value> = read(json);
        let names = pages.iter().flat_map(|page| {
            let body = page["response"]["body"].to_string();
            filescom::ListingParser::read_all(body.as_bytes()).unwrap()
        });
        let names: Vec<_> = names.map(|file| file.display_name.unwrap()).collect();
        assert_eq!(names, ["nested_3".into(), Box::<str>::from("3.text")]);
    }),
    ("group.json", |json| {
        assert!(round::<filescom::Group>(json).unknown.is_empty());
    }),
    ("history.json", |json| entity(json, "action")),
    ("lock.json", |json| {
        let lock: filescom::Lock = read(json);
        assert_eq!((lock.timeout, lock.kind.as_deref()), (Some(1), Some("write")));
        assert!(!format!("{lock:?}").contains("17c548"));
    }),
    ("path_comparison_vectors.json", table),
    ("path_transliteration.json", table),
    ("permission.json", |json| {
        let permission: filescom::Permission = round(json);
        assert_eq!(permission.permission.as_deref(), Some("full"));
    }),
    ("public_key.json", |json| entity(json, "public_key")),
    ("retry_after_vectors.json", table),
    ("session_all_fields.json", |json| {
        let session: filescom::SessionInfo = read(json);
        assert_eq!((session.read_only, session.language.as_deref()), (Some(true), Some("en")));
    }),
    ("session_create_request.json", table),
    ("session_create_response.json", |json| {
        let session: filescom::SessionInfo = read(json);
        assert_eq!(session.max_dir_listing_size, Some(100_000));
        assert_eq!(session.timeout_at.unwrap().to_rfc3339(), "2025-05-24T00:51:16+00:00");
        assert!(!format!("{session:?}").contains("60525f"));
    }),
    ("storage_errors.json", |json| {
        let exchanges: Vec<Value> = read(json);
        let kinds = exchanges.iter().map(|exchange| {
            let body = exchange["body"].as_str().unwrap().as_bytes();
            let kind = StorageError::from_body(body).unwrap().kind();
            let status = u16::try_from(exchange["status"].as_u64().unwrap()).unwrap();
            assert_eq!(ErrorBody::from_response(status, body).storage.unwrap().kind(), kind);
            kind
        });
        let expected =
            [StorageErrorKind::Timeout, StorageErrorKind::Expired, StorageErrorKind::RateLimited];
        assert_eq!(kinds.collect::<Vec<_>>(), expected);
    }),
    ("upload_part_put_exchange.json", |json| {
        let exchange: Value = read(json);
        let address = exchange["request"]["url"].as_str().unwrap();
        assert!(filescom::expires_at(address).is_ok());
        assert_eq!(exchange["response"]["body"], "");
    }),
    ("user_all_fields.json", |json| {
        let user: filescom::User = round(json);
        assert!(user.unknown.is_empty(), "{:?}", user.unknown);
        assert_eq!(user.admin_group_ids.unwrap().ids().collect::<Vec<_>>(), [1]);
    }),
    ("user_entity.json", |json| {
        let user: filescom::User = read(json);
        assert_eq!((user.id, user.site_admin), (Some(1_203_319), Some(false)));
        assert!(user.unknown.is_empty(), "{:?}", user.unknown);
        assert_eq!(user.created_at.unwrap().to_rfc3339(), "2025-05-23T17:50:48+00:00");
    }),
    ("zip_list_entry.json", |json| {
        let entry: filescom::ZipListEntry = round(json);
        assert_eq!((&*entry.path, entry.size), ("example", Some(1)));
    }),
];
