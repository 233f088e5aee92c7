//! What is asked of the service, call by call: method, path, query, headers, body.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use std::collections::BTreeMap;

use chrono::DateTime;
use futures_util::TryStreamExt;
use serde_json::json;
use wharf_filescom::api::{
    BeginUpload, CompleteUpload, EntryFilter, Etag, FileUpdate, Listing, Order, Relocation, SignIn,
    SortBy, actions, api_key, files, folders, migrations, sessions,
};
use wharf_filescom::{Client, Config, Credentials};
use wharf_transport::testing::{Reply, Script};
use wharf_transport::{Cursor, Request};

/// Method and target, JSON body, whether a repeat does no harm.
#[track_caller]
fn check(request: &Request, target: &str, body: Option<serde_json::Value>, idempotent: bool) {
    request.check().unwrap();
    assert_eq!(format!("{} {}", request.method(), request.path_and_query()), target);
    let sent = request.body_ref().as_bytes();
    let sent = sent.map(|bytes| serde_json::from_slice::<serde_json::Value>(bytes).unwrap());
    assert_eq!(sent, body, "{target}");
    let kind = request.headers().get("content-type").map(|kind| kind.to_str().unwrap());
    assert_eq!(kind, body_kind(&sent), "{target}");
    assert_eq!(request.is_idempotent(), idempotent, "{target}");
    assert!(!request.is_data(), "{target}");
}

fn body_kind(body: &Option<serde_json::Value>) -> Option<&'static str> {
    body.as_ref().map(|_| "application/json")
}

#[test]
fn files() {
    check(&files::find("in/a.txt"), "GET /file_actions/metadata/in/a.txt", None, true);
    let target = "GET /files/in/a.txt?with_download_identity=true";
    check(&files::download("in/a.txt"), target, None, true);
    let target =
        "GET /files/a?with_download_identity=true&expected_download_identity=fdi1.x%2By%3D";
    check(&files::download_again("a", "fdi1.x+y="), target, None, true);
    check(&files::delete("in", false), "DELETE /files/in", None, true);
    check(&files::delete("in", true), "DELETE /files/in?recursive=true", None, true);

    let time = DateTime::from_timestamp(1_337_174_868, 0).unwrap();
    let pairs = BTreeMap::from([("order".to_owned(), "ü 1".to_owned())]);
    let changes = FileUpdate::new()
        .with_provided_mtime(time)
        .with_custom_metadata(pairs)
        .with_priority_color("red");
    let body = json!({
        "provided_mtime": "2012-05-16T13:27:48Z",
        "custom_metadata": {"order": "ü 1"},
        "priority_color": "red",
    });
    check(&files::update("a.txt", &changes), "PATCH /files/a.txt", Some(body), true);
    let none = FileUpdate::new().with_custom_metadata(BTreeMap::new());
    let body = json!({"custom_metadata": {}});
    check(&files::update("a.txt", &none), "PATCH /files/a.txt", Some(body), true);
}

#[test]
fn uploads() {
    let target = "POST /file_actions/begin_upload/in/a.txt";
    let begin = BeginUpload::new().with_mkdir_parents(true).with_size(Some(12));
    let body = json!({"mkdir_parents": true, "size": 12});
    check(&files::begin_upload("in/a.txt", &begin), target, Some(body), true);
    let body = json!({});
    check(&files::begin_upload("in/a.txt", &BeginUpload::new()), target, Some(body), true);
    let part = BeginUpload::parts("put-1", 2, 4).with_mkdir_parents(true);
    let body = json!({"mkdir_parents": true, "ref": "put-1", "part": 2, "parts": 4});
    check(&files::begin_upload("in/a.txt", &part), target, Some(body), true);
    let part = BeginUpload::parts("put-1", 2, 1);
    let body = json!({"ref": "put-1", "part": 2});
    check(&files::begin_upload("in/a.txt", &part), target, Some(body), true);

    let target = "POST /files/in/a.txt";
    let mut complete = CompleteUpload::new("put-1");
    let body = json!({"action": "end", "ref": "put-1"});
    check(&files::complete_upload("in/a.txt", &complete), target, Some(body), false);
    complete.etags = Some(vec![Etag::new("0a", 1), Etag::new("0b", 2)]);
    complete.size = Some(12);
    complete.provided_mtime = DateTime::from_timestamp(0, 500_000_000);
    complete.mkdir_parents = true;
    let body = json!({
        "action": "end",
        "ref": "put-1",
        "etags": [{"etag": "0a", "part": 1}, {"etag": "0b", "part": 2}],
        "size": 12,
        "provided_mtime": "1970-01-01T00:00:00.500Z",
        "mkdir_parents": true,
    });
    check(&files::complete_upload("in/a.txt", &complete), target, Some(body), false);
}

#[test]
fn folders() {
    let list = |path, listing: Listing, cursor: Option<&str>| {
        folders::list(path, &listing, cursor.map(Cursor::new).as_ref())
    };
    check(&list("", Listing::new(), None), "GET /folders/", None, true);
    check(&list("/", Listing::new(), None), "GET /folders/", None, true);
    check(&list("/a/b/", Listing::new(), None), "GET /folders/a/b", None, true);
    let target = "GET /folders/a?cursor=c2%3Anext%3AYS9i-_&per_page=2";
    check(&list("a", Listing::new().with_per_page(2), Some("c2:next:YS9i-_")), target, None, true);
    let mut listing = Listing::new()
        .with_sort_by(SortBy::Modified, Order::Descending)
        .with_filter(EntryFilter::Folders)
        .with_changed_after(DateTime::from_timestamp(0, 0).unwrap());
    listing.search = Some("q&a".to_owned());
    listing.search_all = true;
    listing.search_custom_metadata_key = Some("*".to_owned());
    listing.with_priority_color = true;
    let target = "GET /folders/?search=q%26a&search_all=true&search_custom_metadata_key=%2A\
        &type=folder&modified_at_datetime=1970-01-01T00%3A00%3A00Z&with_priority_color=true\
        &sort_by%5Bmodified_at_datetime%5D=desc";
    check(&list("", listing, None), target, None, true);

    let body = json!({"mkdir_parents": true});
    check(&folders::create("a/b", true), "POST /folders/a/b", Some(body), true);
    check(&folders::create("a/b", false), "POST /folders/a/b", Some(json!({})), true);
}

#[test]
fn actions_and_migrations() {
    let body = json!({"destination": "b/c d.txt"});
    let to = Relocation::to("b/c d.txt");
    check(&actions::copy("a", &to), "POST /file_actions/copy/a", Some(body.clone()), false);
    check(&actions::move_to("a", &to), "POST /file_actions/move/a", Some(body), false);
    let mut to = Relocation::to("b").with_overwrite(true);
    to.structure = true;
    to.copy_behaviors = true;
    let body =
        json!({"destination": "b", "overwrite": true, "structure": true, "copy_behaviors": true});
    check(&actions::copy("a", &to), "POST /file_actions/copy/a", Some(body), false);
    check(&migrations::find(14), "GET /file_migrations/14", None, true);
    let target = "GET /file_migration_logs?filter%5Bfile_migration_id%5D=14";
    check(&migrations::log(14), target, None, true);
}

#[test]
fn identity() {
    check(&api_key::find(), "GET /api_key", None, true);
    check(&sessions::delete(), "DELETE /sessions", None, true);
    let sign_in = SignIn::new("anna", "pass word");
    let body = json!({"username": "anna", "password": "pass word"});
    let request = sessions::create(&sign_in);
    check(&request, "POST /sessions", Some(body), false);
    assert!(!request.is_signed());
    let body = json!({
        "username": "anna", "password": "pass word", "otp": "123", "partial_session_id": "ps",
    });
    let request = sessions::create(&sign_in.with_second_factor("123", "ps"));
    check(&request, "POST /sessions", Some(body), false);
    assert!(!format!("{request:?}").contains("pass word"));
}

#[test]
fn names_are_encoded_one_by_one_and_slashes_kept() {
    for (path, encoded) in [
        ("a b", "a%20b"),
        ("100%", "100%25"),
        ("%41", "%2541"),
        ("%2F", "%252F"),
        ("a+b", "a%2Bb"),
        ("what?", "what%3F"),
        ("#1", "%231"),
        ("a&b=c;d", "a%26b%3Dc%3Bd"),
        ("[x]", "%5Bx%5D"),
        ("größe/É", "gr%C3%B6%C3%9Fe/%C3%89"),
        ("e\u{301}", "e%CC%81"),
        ("文件/файл", "%E6%96%87%E4%BB%B6/%D1%84%D0%B0%D0%B9%D0%BB"),
        ("👩\u{200d}🚀", "%F0%9F%91%A9%E2%80%8D%F0%9F%9A%80"),
        (".hidden/...", ".hidden/..."),
        ("a\\b", "a%5Cb"),
        ("//a//b/", "a/b"),
    ] {
        let found = files::find(path).path_and_query();
        assert_eq!(found, format!("/file_actions/metadata/{encoded}"), "{path}");
        let deleted = files::delete(path, true).path_and_query();
        assert_eq!(deleted, format!("/files/{encoded}?recursive=true"), "{path}");
        let listed = folders::list(path, &Listing::new(), None).path_and_query();
        assert_eq!(listed, format!("/folders/{encoded}"), "{path}");
    }
    for path in ["..", "a/../b", "a/.", "./a"] {
        assert!(files::find(path).check().is_err(), "{path}");
        assert!(folders::create(path, true).check().is_err(), "{path}");
    }
}

fn client(script: &Script, credentials: Credentials) -> Client {
    let config = Config::new("acme", credentials).with_workspace_id(7);
    Client::builder(config).exchange(script.exchange()).build().unwrap()
}

#[tokio::test]
async fn the_key_goes_with_every_call_and_to_no_storage() {
    let file = r#"{"path":"a","type":"file","size":3,"download_uri":"https://s3.example/o?sig=1",
        "download_identity":{"version":1,"token":"t","required_headers":{"If-Match":"\"e\""}}}"#;
    let script = Script::new()
        .answer(Reply::json(200, file))
        .answer(Reply::new(200).header("content-length", "3").header("etag", "\"e\"").body("abc"));
    let client = client(&script, Credentials::api_key("planted").unwrap());
    let download = client.files().read("a", Default::default()).await.unwrap();
    let blocks: Vec<_> = download.into_stream().try_collect().await.unwrap();
    assert_eq!(blocks.concat(), b"abc");

    let requests = script.requests();
    let asked = "https://acme.files.com/api/rest/v1/files/a?with_download_identity=true";
    assert_eq!(requests[0].url(), asked);
    assert_eq!(requests[0].header("x-filesapi-key"), Some("planted"));
    assert_eq!(requests[0].header("x-filesapi-auth"), None);
    assert_eq!(requests[0].header("x-files-workspace-id"), Some("7"));
    assert!(requests[0].header("user-agent").unwrap().starts_with("wharf-filescom/"));
    assert_eq!(requests[1].url(), "https://s3.example/o?sig=1");
    assert_eq!(requests[1].header("if-match"), Some("\"e\""));
    assert_eq!(requests[1].header("accept-encoding"), Some("identity"));
    assert!(requests[1].is_data());
    for (name, value) in requests[1].headers() {
        assert!(!name.as_str().starts_with("x-files"), "{name}");
        assert!(!value.to_str().unwrap().contains("planted"), "{name}");
    }
}

#[tokio::test]
async fn a_session_signs_by_its_own_header() {
    let script = Script::new()
        .answer(Reply::json(201, r#"{"id":"planted-session"}"#))
        .answer(Reply::json(200, r#"{"type":"directory"}"#));
    let nobody = client(&script, Credentials::None);
    let session = nobody.sessions().create(&SignIn::new("anna", "secret")).await.unwrap();
    let anna = nobody.with_credentials(Credentials::Session(session.id)).unwrap();
    anna.files().find("a").await.unwrap();

    let requests = script.requests();
    assert_eq!(requests[0].header("x-filesapi-key"), None);
    assert_eq!(requests[0].header("x-filesapi-auth"), None);
    assert_eq!(requests[1].header("x-filesapi-auth"), Some("planted-session"));
    assert_eq!(requests[1].header("x-filesapi-key"), None);
    assert!(!format!("{anna:?}").contains("planted-session"));
    let error = nobody.files().find("a").await.unwrap_err();
    assert_eq!(error.kind(), wharf_connector::ErrorKind::Unauthenticated);
    assert_eq!(script.requests().len(), 2);
}
