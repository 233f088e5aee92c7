//! Looking, creating folders, changing and deleting.

use hyper::Method;
use serde_json::{Value, json};
use wharf_sandbox::Sandbox;

use crate::client::Client;

async fn start() -> (Sandbox, Client) {
    let sandbox = Sandbox::start().await.unwrap();
    let client = Client::new(&sandbox);
    (sandbox, client)
}

#[tokio::test]
async fn names_compare_without_case_and_accents_and_keep_their_spelling() {
    let (sandbox, client) = start().await;
    sandbox.filescom().put("inbound/R\u{e9}sum\u{e9}.TXT", "cv");
    for path in
        ["inbound/R%C3%A9sum%C3%A9.TXT", "INBOUND/resume.txt", "inbound/re%CC%81sume.txt%20"]
    {
        let found = client.get(&format!("/file_actions/metadata/{path}")).await;
        assert_eq!(found.json()["path"], "inbound/R\u{e9}sum\u{e9}.TXT", "{path}");
    }
    client.upload("inbound/resume.txt", b"newer", 100).await;
    let found = client.get("/file_actions/metadata/inbound/resume.txt").await.json();
    assert_eq!(found["path"], "inbound/R\u{e9}sum\u{e9}.TXT");
    assert_eq!(found["size"], 5);
}

#[tokio::test]
async fn the_root_is_a_directory_without_a_name() {
    let (_sandbox, client) = start().await;
    for path in ["/file_actions/metadata/", "/files/%2F?action=stat"] {
        let root = client.get(path).await.json();
        assert_eq!((&root["path"], &root["type"]), (&json!(""), &json!("directory")));
        assert_eq!(root["size"], Value::Null);
    }
}

#[tokio::test]
async fn folders_are_made_with_and_without_parents() {
    let (sandbox, client) = start().await;
    let made = client.post("/folders/inbound/new", json!({})).await;
    assert_eq!(made.status, 201);
    assert_eq!(made.json()["path"], "inbound/new");
    let deep = "/folders/inbound/a%2Fb/c";
    client.post(deep, json!({})).await.refused(404, "not-found");
    let body = json!({"mkdir_parents": true, "provided_mtime": "2020-05-06T07:08:09"});
    let made = client.post(deep, body).await;
    assert_eq!(made.json()["provided_mtime"], "2020-05-06T07:08:09Z");
    assert!(sandbox.filescom().paths().contains(&"inbound/a/b/".to_owned()));
    for taken in ["inbound/new", "INBOUND/NEW", "readme.md", ""] {
        let reply = client.post(&format!("/folders/{taken}"), json!({})).await;
        let text = reply.refused(422, "processing-failure/destination-exists");
        assert_eq!(text, "The destination exists.");
    }
    let body = json!({"mkdir_parents": true});
    let reply = client.post("/folders/readme.md/below", body).await;
    reply.refused(422, "bad-request/folder-must-not-be-a-file");
}

#[tokio::test]
async fn sites_may_always_make_parents() {
    let builder = Sandbox::builder().always_create_parents(true);
    let sandbox = builder.start().await.unwrap();
    let client = Client::new(&sandbox);
    assert_eq!(client.post("/folders/x/y/z", json!({})).await.status, 201);
    let copy = json!({"destination": "p/q/readme.md"});
    assert_eq!(client.post("/file_actions/copy/readme.md", copy).await.status, 201);
    assert!(sandbox.filescom().content("p/q/readme.md").is_some());
}

#[tokio::test]
async fn metadata_is_changed_only_where_it_is_named() {
    let (_sandbox, client) = start().await;
    let path = "/files/vendor/acme/orders/2026-11-02.csv";
    let body = json!({"custom_metadata": {"a": "1", "b": null}, "priority_color": "red"});
    let changed = client.patch(path, body).await.json();
    assert_eq!(changed["custom_metadata"], json!({"a": "1", "b": null}));
    assert_eq!(changed.get("priority_color"), None);
    let time = json!({"provided_mtime": "2026-11-21T23:31:27.715912"});
    let changed = client.patch(path, time).await.json();
    assert_eq!(changed["provided_mtime"], "2026-11-21T23:31:27Z");
    assert_eq!(changed["custom_metadata"]["a"], "1");
    let found = client
        .get("/file_actions/metadata/vendor/acme/orders/2026-11-02.csv?with_priority_color=True")
        .await
        .json();
    assert_eq!(found["priority_color"], "red");
    let cleared = client.patch(path, json!({"custom_metadata": null})).await.json();
    assert_eq!(cleared["custom_metadata"], json!({}));
    assert_eq!(cleared["provided_mtime"], "2026-11-21T23:31:27Z");
}

#[tokio::test]
async fn metadata_that_cannot_be_kept_is_refused() {
    let (_sandbox, client) = start().await;
    let many: serde_json::Map<String, Value> =
        (0..33).map(|n| (n.to_string(), json!("x"))).collect();
    for (body, kind) in [
        (json!({"custom_metadata": many}), "processing-failure/model-save-error"),
        (
            json!({"custom_metadata": {"a": "x".repeat(1025)}}),
            "processing-failure/model-save-error",
        ),
        (json!({"custom_metadata": {"a": 1}}), "bad-request"),
        (json!({"custom_metadata": "text"}), "bad-request"),
        (json!({"priority_color": "plaid"}), "processing-failure/invalid-priority-color"),
        (json!({"provided_mtime": "0001-01-01T00:00:00Z"}), "bad-request/datetime-parse"),
    ] {
        client.patch("/files/readme.md", body).await.refused(422, kind);
    }
    let reply = client.patch("/files/none", json!({})).await;
    reply.refused(404, "not-found");
}

#[tokio::test]
async fn deleting_spares_what_is_full_and_the_root() {
    let (sandbox, client) = start().await;
    assert_eq!(client.delete("/files/readme.md").await.status, 204);
    client.delete("/files/readme.md").await.refused(404, "not-found");
    let reply = client.delete("/files/vendor/acme").await;
    let text = reply.refused(422, "processing-failure/folder-not-empty");
    assert_eq!(text, "Folder acme not empty");
    for recursive in ["?recursive=True&path=vendor%2Facme", "?recursive=true"] {
        sandbox.filescom().put("vendor/acme/x", "");
        let gone = client.delete(&format!("/files/vendor/acme{recursive}")).await;
        assert_eq!((gone.status.as_u16(), gone.body.len()), (204, 0));
    }
    sandbox.filescom().put("vendor/acme/x", "");
    let body = Some(json!({"recursive": true}));
    let gone = client.call(Method::DELETE, "/files/vendor/acme", body).await;
    assert_eq!(gone.status, 204);
    assert_eq!(client.delete("/files/vendor/acme").await.status, 404);
    let reply = client.delete("/files/?recursive=true").await;
    assert_eq!(reply.status, 422);
    assert!(!sandbox.filescom().paths().is_empty());
}

#[tokio::test]
async fn odd_requests_are_answered_with_documents() {
    let (_sandbox, client) = start().await;
    let key = client.get("/api_key").await;
    assert_eq!(key.status, 200);
    let deep = "[".repeat(100_000);
    for (method, path, body, status) in [
        (Method::POST, "/folders/x", "{", 422),
        (Method::POST, "/folders/x", "[]", 422),
        (Method::POST, "/folders/x", deep.as_str(), 422),
        (Method::POST, "/folders/x", r#"{"mkdir_parents":{}}"#, 422),
        (Method::POST, "/files/x", "", 422),
        (Method::POST, "/files/x", r#"{"action":7}"#, 422),
        (Method::POST, "/files/x", r#"{"action":"append"}"#, 422),
        (Method::POST, "/files/x", r#"{"action":"end"}"#, 422),
        (Method::POST, "/files/x", r#"{"action":"end","ref":null}"#, 404),
        (Method::POST, "/file_actions/copy/readme.md", "{}", 422),
        (Method::POST, "/file_actions/copy/readme.md", r#"{"destination":null}"#, 422),
        (Method::GET, "/folders/%ff", "", 422),
        (Method::GET, "/folders/a%E2%80%8Bb", "", 422),
        (Method::PUT, "/folders/x", "", 422),
        (Method::GET, "/file_migrations/x", "", 404),
        (Method::GET, "/user/groups", "", 501),
    ] {
        let url = _sandbox.filescom_url() + "/api/rest/v1" + path;
        let headers = [("x-filesapi-key", _sandbox.keys().full.as_str())];
        let sent = client.send(method.clone(), &url, &headers, body.to_owned());
        let reply = sent.await.unwrap();
        assert_eq!(reply.status, status, "{method} {path}: {reply:?}");
        assert_eq!(reply.json()["http-code"], status);
    }
    let outside = client.fetch(&(_sandbox.filescom_url() + "/"), &[]).await;
    assert_eq!(outside.status, 401);
}

#[tokio::test]
async fn large_bodies_are_refused() {
    let (sandbox, client) = start().await;
    let url = sandbox.filescom_url() + "/api/rest/v1/folders/x";
    let headers = [("x-filesapi-key", sandbox.keys().full.as_str())];
    let body = vec![b' '; 5 * 1024 * 1024];
    // The answer may be lost: the server does not read so much only to refuse it.
    if let Ok(reply) = client.send(Method::POST, &url, &headers, body).await {
        reply.refused(422, "bad-request/request-body-too-large");
    }
    assert_eq!(client.get("/folders").await.status, 200);
}

#[tokio::test]
async fn forms_and_repeated_paths_are_accepted() {
    let (sandbox, client) = start().await;
    let url = sandbox.filescom_url() + "/api/rest/v1/folders/inbound/form";
    let headers = [
        ("x-filesapi-key", sandbox.keys().full.as_str()),
        ("content-type", "application/x-www-form-urlencoded"),
    ];
    let body = "mkdir_parents=true&path=inbound%2Fform";
    let made = client.send(Method::POST, &url, &headers, body).await.unwrap();
    assert_eq!(made.status, 201);
}

#[tokio::test]
async fn locks_are_kept_and_conflict() {
    let (sandbox, client) = start().await;
    let ask = json!({"exclusive": true, "allow_access_by_any_user": true, "timeout": 60});
    let lock = client.post("/locks/readme.md", ask.clone()).await;
    assert_eq!(lock.status, 201);
    let token = lock.json()["token"].as_str().unwrap().to_owned();
    let text = client
        .post("/locks/README.md", ask.clone())
        .await
        .refused(422, "processing-failure/resource-locked");
    assert_eq!(text, format!("exclusive lock {token} at /readme.md"));
    assert_eq!(client.get("/locks/readme.md").await.json()[0]["token"], token.as_str());
    client.delete("/locks/readme.md").await.refused(422, "bad-request");
    client.delete("/locks/readme.md?token=x").await.refused(404, "not-found");
    let gone = client.delete(&format!("/locks/readme.md?token={token}")).await;
    assert_eq!(gone.status, 204);
    client.post("/locks/readme.md", ask).await;
    sandbox.clock().advance(chrono::TimeDelta::minutes(2));
    assert_eq!(client.get("/locks/readme.md").await.json(), json!([]));
}
