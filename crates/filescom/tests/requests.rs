//! What is asked of the service, call by call: method, path, query, headers, body.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use std::collections::BTreeMap;

use chrono::DateTime;
use futures_util::TryStreamExt;
use serde_json::json;
use wharf_filescom::api::{
    BeginUpload, CompleteUpload, EntryFilter, Etag, FileUpdate, Filter, GroupFields, Listing,
    Order, Query, Relocation, ShareLinkFields, ShareNotificationFields, ShareRecipientFields,
    SignIn, SortBy, UserFields, actions, api_key, files, folders, groups, migrations, sessions,
    share_links, share_notifications, share_visitors, users,
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
fn people() {
    check(&users::list(&Query::new()), "GET /users", None, true);
    let query = Query::new()
        .with_per_page(2)
        .with_sort_by("last_login_at", Order::Ascending)
        .with_filter(Filter::AtMost, "last_login_at", "2026-01-05T08:30:00+01:00")
        .with("search", "a&b");
    let target = "GET /users?per_page=2&sort_by%5Blast_login_at%5D=asc\
        &filter_lteq%5Blast_login_at%5D=2026-01-05T08%3A30%3A00%2B01%3A00&search=a%26b";
    check(&users::list(&query), target, None, true);
    check(&users::find(7), "GET /users/7", None, true);
    let fields = UserFields::new()
        .with_email("anna@acme.example")
        .with_password(&"planted".to_owned().into())
        .with_require_password_change(true)
        .with_group_ids([3, 5])
        .with_authenticate_until(DateTime::from_timestamp(0, 0).unwrap())
        .with("shoe_size", 39)
        .with("name", serde_json::Value::Null);
    assert!(!format!("{fields:?}").contains("planted"));
    let set = json!({
        "email": "anna@acme.example", "password": "planted", "require_password_change": true,
        "group_ids": "3,5", "authenticate_until": "1970-01-01T00:00:00Z", "shoe_size": 39,
        "name": null,
    });
    check(&users::update(7, &fields), "PATCH /users/7", Some(set.clone()), true);
    let mut new = set;
    new["username"] = "anna".into();
    check(&users::create("anna", &fields), "POST /users", Some(new), false);
    check(&users::delete(7, None), "DELETE /users/7", None, true);
    check(&users::delete(7, Some(8)), "DELETE /users/7?new_owner_id=8", None, true);
    check(&users::unlock(7), "POST /users/7/unlock", None, true);
    let target = "POST /users/7/resend_welcome_email";
    check(&users::resend_welcome_email(7), target, None, false);

    let query = Query::new().with_filter(Filter::Equal, "name", "a b");
    check(&groups::list(&query), "GET /groups?filter%5Bname%5D=a%20b", None, true);
    check(&groups::find(3), "GET /groups/3", None, true);
    let fields = GroupFields::new().with_user_ids([1]).with_admin_ids([]).with_notes("n");
    let set = json!({"user_ids": "1", "admin_ids": "", "notes": "n"});
    check(&groups::update(3, &fields), "PATCH /groups/3", Some(set), true);
    let new = json!({"name": "acme", "user_ids": "1", "admin_ids": "", "notes": "n"});
    check(&groups::create("acme", &fields), "POST /groups", Some(new), false);
    check(&groups::delete(3), "DELETE /groups/3", None, true);
}

#[test]
fn share_links_and_what_goes_with_them() {
    check(&share_links::list(&Query::new()), "GET /bundles", None, true);
    check(&share_links::find(5), "GET /bundles/5", None, true);
    let end = DateTime::from_timestamp(1_714_671_900, 0).unwrap();
    let fields = ShareLinkFields::new()
        .with_description("d")
        .with_expires_at(end)
        .with_max_uses(3)
        .with_password(&"planted".to_owned().into())
        .with_require_registration(true);
    let new = json!({
        "paths": ["a/b", "c,d"], "description": "d", "expires_at": "2024-05-02T17:45:00Z",
        "max_uses": 3, "password": "planted", "require_registration": true,
    });
    let paths = ["a/b".to_owned(), "c,d".to_owned()];
    check(&share_links::create(&paths, &fields), "POST /bundles", Some(new), false);
    let ended = ShareLinkFields::new().with_expires_at(DateTime::from_timestamp(0, 0).unwrap());
    let set = json!({"expires_at": "1970-01-01T00:00:00Z"});
    check(&share_links::update(5, &ended), "PATCH /bundles/5", Some(set), true);
    check(&share_links::delete(5), "DELETE /bundles/5", None, true);
    let to = ["a@x.example".to_owned()];
    let target = "POST /bundles/5/share";
    let body = json!({"to": ["a@x.example"], "note": "n"});
    check(&share_links::share(5, &to, Some("n")), target, Some(body), false);
    let body = json!({"to": ["a@x.example"]});
    check(&share_links::share(5, &to, None), target, Some(body), false);

    let of_five = Query::new().with("bundle_id", 5);
    let target = "GET /bundle_notifications?bundle_id=5";
    check(&share_notifications::list(&of_five), target, None, true);
    check(&share_notifications::find(9), "GET /bundle_notifications/9", None, true);
    let fields = ShareNotificationFields::new().with_notify_user_id(7).with_notify_on_upload(true);
    let new = json!({"bundle_id": 5, "notify_user_id": 7, "notify_on_upload": true});
    let target = "POST /bundle_notifications";
    check(&share_notifications::create(5, &fields), target, Some(new), false);
    let fields = ShareNotificationFields::new().with_notify_on_registration(false);
    let set = json!({"notify_on_registration": false});
    let target = "PATCH /bundle_notifications/9";
    check(&share_notifications::update(9, &fields), target, Some(set), true);
    check(&share_notifications::delete(9), "DELETE /bundle_notifications/9", None, true);

    check(&share_visitors::list(&of_five), "GET /bundle_recipients?bundle_id=5", None, true);
    let fields = ShareRecipientFields::new().with_note("n").with_share_after_create(true);
    let new = json!({
        "bundle_id": 5, "recipient": "a@x.example", "note": "n", "share_after_create": true,
    });
    let request = share_visitors::create(5, "a@x.example", &fields);
    check(&request, "POST /bundle_recipients", Some(new), false);
    let target = "GET /bundle_registrations?bundle_id=5";
    check(&share_visitors::list_registrations(&of_five), target, None, true);
    let target = "GET /bundle_downloads?bundle_id=5";
    check(&share_visitors::list_downloads(&of_five), target, None, true);
}

#[tokio::test]
async fn a_limit_bounds_pages_and_requests() {
    let ids = |ids: &[i64]| json!(ids.iter().map(|id| json!({"id": id})).collect::<Vec<_>>());
    let script = Script::new()
        .answer(Reply::json(200, ids(&[1, 2, 3]).to_string()).header("x-files-cursor", "c2"))
        .answer(Reply::json(200, ids(&[4, 5, 6]).to_string()).header("x-files-cursor", "c3"));
    let client = client(&script, Credentials::api_key("planted").unwrap());
    let none: Vec<_> =
        client.users().list(Query::new(), Some(0)).try_collect::<Vec<_>>().await.unwrap();
    assert!(none.is_empty() && script.requests().is_empty());
    let query = Query::new().with_per_page(3);
    let users: Vec<_> = client.users().list(query, Some(5)).try_collect().await.unwrap();
    let found: Vec<_> = users.iter().map(|user| user.id.unwrap()).collect();
    assert_eq!(found, [1, 2, 3, 4, 5]);
    let asked: Vec<_> = script.requests().iter().map(|r| r.path_and_query().to_owned()).collect();
    assert_eq!(asked, ["/api/rest/v1/users?per_page=3", "/api/rest/v1/users?per_page=3&cursor=c2"]);
    let script = Script::new().answer(Reply::json(200, ids(&[1]).to_string()));
    let client = self::client(&script, Credentials::api_key("planted").unwrap());
    client.groups().list(Query::new(), Some(2)).try_collect::<Vec<_>>().await.unwrap();
    assert_eq!(script.requests()[0].path_and_query(), "/api/rest/v1/groups?per_page=2");
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
