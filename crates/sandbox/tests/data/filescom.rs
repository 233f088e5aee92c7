//! What Files.com holds survives a restart.

use serde_json::{Value, json};
use wharf_sandbox::Sandbox;

use crate::client::Client;
use crate::witness::{bytes, everything, kept};

async fn begin(client: &Client, path: &str, ask: Value) -> Value {
    let reply = client.post(&format!("/file_actions/begin_upload/{path}"), ask).await;
    assert_eq!(reply.status, 200, "{reply:?}");
    reply.json()[0].clone()
}

fn text<'a>(value: &'a Value, name: &str) -> &'a str {
    value[name].as_str().unwrap()
}

#[tokio::test]
async fn files_folders_and_what_is_told_of_them() {
    let dir = tempfile::tempdir().unwrap();
    let sandbox = kept(dir.path()).part_size(1000).late_checksums(3).start().await.unwrap();
    let client = Client::new(&sandbox);
    for (path, len, part) in [
        ("up/large.bin", 900_000, 300_000),
        ("up/many%20parts.bin", 40_000, 1000),
        ("up/short", 10, 1000),
        ("up/Gr%C3%B6%C3%9Fe%20%26%20Ma%C3%9F%20%2541+.txt", 2000, 2000),
        ("up/empty", 0, 1000),
    ] {
        let stored = client.upload(path, &bytes(len as u64, len), part).await;
        assert_eq!(stored.status, 201, "{stored:?}");
    }
    let replaced = client.upload("up/short", b"again", 1000).await;
    assert_eq!(replaced.status, 200);
    let change = json!({
        "provided_mtime": "2020-02-02T20:20:20Z",
        "custom_metadata": {"k": "v"},
        "priority_color": "red",
    });
    assert_eq!(client.patch("/files/up/large.bin", change).await.status, 200);
    let copy = client.post("/file_actions/copy/up/large.bin", json!({"destination": "copy.bin"}));
    assert_eq!(copy.await.status, 201);
    assert_eq!(client.delete("/files/up/many%20parts.bin").await.status, 204);
    assert_eq!(client.delete("/files/archive?recursive=true").await.status, 204);
    assert!(sandbox.filescom().corrupt("copy.bin").await.unwrap());
    let before = everything(&sandbox).await;
    assert_eq!(before["filescom copy.bin"][1]["sound"], false);
    sandbox.stop().await.unwrap();

    // Once by a clean stop, once by a drop.
    for _ in 0..2 {
        let sandbox = kept(dir.path()).seed(99).late_checksums(3).start().await.unwrap();
        assert_eq!(everything(&sandbox).await, before);
        let client = Client::new(&sandbox);
        let listed = client.get("/folders/up").await.paths();
        assert_eq!(listed, ["up/empty", "up/Größe & Maß %41+.txt", "up/large.bin", "up/short"]);
    }
    // Late checksums are as near as they were.
    let sandbox = kept(dir.path()).start().await.unwrap();
    let client = Client::new(&sandbox);
    let mut looks = 0;
    while client.get("/file_actions/metadata/up/empty").await.json()["crc32"].is_null() {
        looks += 1;
    }
    assert_eq!(looks, 3 - 2, "the listings looked twice");
}

#[tokio::test]
async fn an_upload_goes_on_where_it_was() {
    let dir = tempfile::tempdir().unwrap();
    let content = bytes(7, 30_000);
    let part = |number: usize| content[(number - 1) * 10_000..number * 10_000].to_vec();
    let sandbox = kept(dir.path()).part_size(10_000).start().await.unwrap();
    let storage = sandbox.storage_url();
    let client = Client::new(&sandbox);
    let first = begin(&client, "new/resumed.bin", json!({"mkdir_parents": true})).await;
    let reference = first["ref"].clone();
    assert_eq!(client.put(text(&first, "upload_uri"), part(1)).await.status, 200);
    let ask = json!({"ref": reference, "part": 2, "parts": 2});
    let reply = client.post("/file_actions/begin_upload/new/resumed.bin", ask).await.json();
    let (second, third) = (text(&reply[0], "upload_uri"), text(&reply[1], "upload_uri"));
    assert_eq!(client.put(second, "to be replaced").await.status, 200);
    assert_eq!(client.put(second, part(2)).await.status, 200);
    sandbox.stop().await.unwrap();

    let sandbox = kept(dir.path()).part_size(10_000).start().await.unwrap();
    assert_eq!(sandbox.filescom().open_uploads(), 1);
    let client = Client::new(&sandbox);
    // Still good, once the port is that of before: here it is another, so that it is free.
    let third = third.replace(&storage, &sandbox.storage_url());
    assert_eq!(client.put(&third, part(3)).await.status, 200);
    let end = json!({"action": "end", "ref": reference, "size": 30_000});
    let stored = client.post("/files/new/resumed.bin", end).await;
    assert_eq!(stored.status, 201, "{stored:?}");
    drop(sandbox);

    let sandbox = kept(dir.path()).start().await.unwrap();
    assert_eq!(sandbox.filescom().open_uploads(), 0);
    let stored = sandbox.filescom().content("new/resumed.bin").unwrap();
    assert_eq!(stored.bytes().await.unwrap(), content);
}

#[tokio::test]
async fn keys_locks_and_migrations() {
    let dir = tempfile::tempdir().unwrap();
    let sandbox = kept(dir.path()).migration_polls(3).start().await.unwrap();
    let client = Client::new(&sandbox);
    let restricted = Client::with_key(&sandbox, &sandbox.keys().restricted);
    assert_eq!(restricted.patch("/api_key", json!({"name": "renamed"})).await.status, 200);
    sandbox.filescom().revoke(&sandbox.keys().read_only);
    let lock = json!({"exclusive": true, "allow_access_by_any_user": true});
    let lock = client.post("/locks/inbound", lock).await.json();
    let ask = json!({"destination": "inbound/vendor"});
    let begun = client.post("/file_actions/move/vendor", ask).await.json();
    let migration = format!("/file_migrations/{}", begun["file_migration_id"]);
    assert_eq!(client.get(&migration).await.json()["status"], "pending");
    let failed = json!({"destination": "nowhere/x"});
    let failed = client.post("/file_actions/move/outbound", failed).await;
    failed.refused(409, "processing-failure/destination-parent-does-not-exist");
    let session = json!({"username": "Admin", "password": sandbox.users()[0].password}).to_string();
    let url = format!("{}/api/rest/v1/sessions", sandbox.filescom_url());
    let headers = [("content-type", "application/json")];
    let session = client.send(hyper::Method::POST, &url, &headers, session).await.unwrap();
    let session = session.json()["id"].clone();
    drop(sandbox);

    let sandbox = kept(dir.path()).migration_polls(3).start().await.unwrap();
    let client = Client::new(&sandbox);
    let restricted = Client::with_key(&sandbox, &sandbox.keys().restricted);
    assert_eq!(restricted.get("/api_key").await.json()["name"], "renamed");
    assert!(restricted.get("/api_key").await.json()["last_use_at"].is_string());
    let read_only = Client::with_key(&sandbox, &sandbox.keys().read_only);
    read_only.get("/folders/").await.refused(401, "not-authenticated/invalid-credentials");
    assert_eq!(client.get("/locks/inbound").await.json()[0], lock);
    assert_eq!(client.get(&migration).await.json()["status"], "processing");
    assert_eq!(client.get(&migration).await.json()["status"], "completed");
    assert!(sandbox.filescom().content("inbound/vendor/acme/invoices/.paid").is_some());
    let headers = [("x-filesapi-auth", session.as_str().unwrap())];
    let url = format!("{}/api/rest/v1/folders/", sandbox.filescom_url());
    assert_eq!(client.fetch(&url, &headers).await.status, 401, "sessions end with a restart");
    drop(sandbox);

    let sandbox = kept(dir.path()).start().await.unwrap();
    let logs = Client::new(&sandbox).get("/file_migration_logs").await.json();
    assert_eq!(logs[0]["file_migration_id"], begun["file_migration_id"]);
    assert!(sandbox.filescom().content("inbound/vendor/acme/invoices/.paid").is_some());
    let new = sandbox.filescom();
    new.put("new.txt", "numbers are not given twice");
    let id = |path: &str| new.entity(path).map(|entity| entity["path"].clone());
    assert_eq!(id("new.txt"), Some(json!("new.txt")));
}

#[tokio::test]
async fn a_reset_is_for_good_and_a_new_sandbox_begins_anew() {
    let dir = tempfile::tempdir().unwrap();
    let sandbox = kept(dir.path()).start().await.unwrap();
    let sample = sandbox.filescom().paths();
    sandbox.filescom().remove("vendor");
    sandbox.filescom().put("mine.txt", "mine");
    sandbox.mft().put("FOLDERS/COMMON/mine.txt", "mine");
    let client = Client::new(&sandbox);
    let url = format!("{}/_sandbox/reset", sandbox.filescom_url());
    let reset = client.send(hyper::Method::POST, &url, &[], "").await.unwrap();
    assert_eq!(reset.status, 204);
    drop(sandbox);
    let sandbox = kept(dir.path()).start().await.unwrap();
    assert_eq!(sandbox.filescom().paths(), sample);
    assert!(sandbox.mft().id("FOLDERS/COMMON/mine.txt").is_none());
    drop(sandbox);
    let bare: Sandbox = kept(&dir.path().join("other")).seed_tree(false).start().await.unwrap();
    assert!(bare.filescom().paths().is_empty());
    drop(bare);
    let bare = kept(&dir.path().join("other")).start().await.unwrap();
    assert!(bare.filescom().paths().is_empty(), "the sample tree is for new folders only");
}

/// The MD5 of large content is found out after its upload is answered: perhaps too late.
#[tokio::test]
async fn an_md5_that_was_not_known_is_found_out() {
    let dir = tempfile::tempdir().unwrap();
    let sandbox = kept(dir.path()).seed_tree(false).start().await.unwrap();
    sandbox.filescom().put("a.bin", bytes(4, 5000));
    let md5 = sandbox.filescom().entity("a.bin").unwrap()["md5"].clone();
    sandbox.stop().await.unwrap();
    let path = dir.path().join("data/state.jsonl");
    let state = std::fs::read_to_string(&path).unwrap();
    let (before, after) = state.split_once("\"len\":5000").unwrap();
    let (_, after) = after.split_once("\"md5\":\"").unwrap();
    let (_, after) = after.split_once('"').unwrap();
    std::fs::write(&path, format!("{before}\"len\":5000,\"crc32\":0,\"md5\":null{after}")).unwrap();

    let sandbox = kept(dir.path()).start().await.unwrap();
    let client = Client::new(&sandbox);
    let known =
        async { while client.get("/file_actions/metadata/a.bin").await.json()["md5"] != md5 {} };
    tokio::time::timeout(std::time::Duration::from_secs(60), known).await.unwrap();
    sandbox.stop().await.unwrap();
    // What was replaced is left out at a start.
    kept(dir.path()).start().await.unwrap().stop().await.unwrap();
    assert!(!std::fs::read_to_string(&path).unwrap().contains("\"md5\":null"));
}
