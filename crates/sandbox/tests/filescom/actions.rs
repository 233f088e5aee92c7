//! Copying and moving.

use serde_json::{Value, json};
use wharf_sandbox::Sandbox;

use crate::client::{Client, Reply};

async fn start() -> (Sandbox, Client) {
    let sandbox = Sandbox::builder().seed_tree(false).start().await.unwrap();
    for (path, content) in
        [("a/one.txt", "1"), ("a/deep/two.txt", "2"), ("b/one.txt", "other"), ("b/three.txt", "3")]
    {
        sandbox.filescom().put(path, content);
    }
    let client = Client::new(&sandbox);
    (sandbox, client)
}

async fn act(client: &Client, action: &str, from: &str, body: Value) -> Reply {
    client.post(&format!("/file_actions/{action}/{from}"), body).await
}

/// The states a migration goes through until it ends.
async fn states(client: &Client, begun: &Reply) -> Vec<String> {
    assert_eq!(begun.status, 201, "{begun:?}");
    let begun = begun.json();
    assert_eq!(begun["status"], "pending");
    let path = format!("/file_migrations/{}", begun["file_migration_id"]);
    let mut states = Vec::new();
    while states.last().is_none_or(|state| state == "pending" || state == "processing") {
        let migration = client.get(&path).await.json();
        states.push(migration["status"].as_str().unwrap().to_owned());
    }
    states
}

async fn text(sandbox: &Sandbox, path: &str) -> Option<String> {
    let content = sandbox.filescom().content(path)?;
    Some(String::from_utf8(content.bytes().await.unwrap().into()).unwrap())
}

#[tokio::test]
async fn a_file_is_copied_and_moved_at_once() {
    let (sandbox, client) = start().await;
    let tags = json!({"custom_metadata": {"k": "v"}, "provided_mtime": "2020-01-02T03:04:05Z"});
    client.patch("/files/a/one.txt", tags).await;
    let done = act(&client, "copy", "a/one.txt", json!({"destination": "/b/copy.txt"})).await;
    assert_eq!((done.status.as_u16(), done.json()), (201, json!({"status": "completed"})));
    let done = act(&client, "move", "a%2Fone.txt", json!({"destination": "b/moved.txt"})).await;
    assert_eq!(done.json(), json!({"status": "completed"}));
    assert_eq!(text(&sandbox, "a/one.txt").await, None);
    for path in ["b/copy.txt", "b/moved.txt"] {
        assert_eq!(text(&sandbox, path).await.as_deref(), Some("1"));
        let entity = sandbox.filescom().entity(path).unwrap();
        assert_eq!(entity["custom_metadata"], json!({"k": "v"}));
        assert_eq!(entity["provided_mtime"], "2020-01-02T03:04:05Z");
    }
}

#[tokio::test]
async fn what_cannot_be_done_is_refused_at_once() {
    let (sandbox, client) = start().await;
    let before = sandbox.filescom().paths();
    for (from, to, overwrite, status, kind) in [
        ("none", "x", false, 404, "not-found"),
        ("a/one.txt", "b/one.txt", false, 422, "processing-failure/destination-exists"),
        ("a/one.txt", "b", true, 422, "processing-failure/destination-exists"),
        ("a", "b", false, 422, "processing-failure/destination-exists"),
        ("a", "b/one.txt", true, 422, "processing-failure/destination-exists"),
        ("a/one.txt", "A/ONE.txt", true, 422, "bad-request/destination-same"),
        ("a/one.txt", "", false, 422, "bad-request/request-params-invalid"),
        ("a", "a/deep/x", false, 422, "processing-failure/destination-parent-conflict"),
        ("a/one.txt", "b/one.txt/x", false, 422, "bad-request/folder-must-not-be-a-file"),
        ("a/one.txt", "none/x", false, 409, "processing-failure/destination-parent-does-not-exist"),
    ] {
        for action in ["copy", "move"] {
            let body = json!({"destination": to, "overwrite": overwrite});
            act(&client, action, from, body).await.refused(status, kind);
        }
    }
    assert_eq!(sandbox.filescom().paths(), before);
}

#[tokio::test]
async fn a_folder_takes_several_looks() {
    let (sandbox, client) = start().await;
    let begun = act(&client, "copy", "a", json!({"destination": "c"})).await;
    assert_eq!(text(&sandbox, "c/one.txt").await, None);
    assert_eq!(states(&client, &begun).await, ["pending", "completed"]);
    assert_eq!(text(&sandbox, "c/deep/two.txt").await.as_deref(), Some("2"));
    let begun = act(&client, "move", "c", json!({"destination": "b/c"})).await;
    assert_eq!(states(&client, &begun).await, ["pending", "completed"]);
    assert_eq!(text(&sandbox, "b/c/deep/two.txt").await.as_deref(), Some("2"));
    assert!(sandbox.filescom().entity("c").is_none());
    let logs = client.get("/file_migration_logs").await.json();
    assert_eq!(logs.as_array().unwrap().len(), 2);
    let id = &begun.json()["file_migration_id"];
    let path = format!("/file_migration_logs?filter[file_migration_id]={id}");
    let log = client.get(&path).await.json();
    assert_eq!((&log[0]["operation"], &log[0]["status"]), (&json!("move"), &json!("success")));
}

#[tokio::test]
async fn folders_merge_when_overwriting() {
    for action in ["copy", "move"] {
        let (sandbox, client) = start().await;
        let body = json!({"destination": "b", "overwrite": true});
        let begun = act(&client, action, "a", body).await;
        assert_eq!(states(&client, &begun).await.last().unwrap(), "completed");
        assert_eq!(text(&sandbox, "b/one.txt").await.as_deref(), Some("1"));
        assert_eq!(text(&sandbox, "b/three.txt").await.as_deref(), Some("3"));
        assert_eq!(text(&sandbox, "b/deep/two.txt").await.as_deref(), Some("2"));
        let source = sandbox.filescom().entity("a");
        assert_eq!(source.is_some(), action == "copy");
    }
}

#[tokio::test]
async fn the_structure_alone_can_be_copied() {
    let (sandbox, client) = start().await;
    let begun = act(&client, "copy", "a", json!({"destination": "c", "structure": true})).await;
    states(&client, &begun).await;
    let paths = sandbox.filescom().paths();
    let copied: Vec<_> = paths.iter().filter(|path| path.starts_with("c/")).collect();
    assert_eq!(copied, ["c/", "c/deep/"]);
}

#[tokio::test]
async fn a_migration_can_fail_late() {
    let (sandbox, client) = start().await;
    let begun = act(&client, "move", "a", json!({"destination": "c"})).await;
    sandbox.filescom().put("c", "in the way");
    assert_eq!(states(&client, &begun).await, ["pending", "failed"]);
    let path = format!("/file_migrations/{}", begun.json()["file_migration_id"]);
    let migration = client.get(&path).await.json();
    assert_eq!(migration["failure_message"], "The destination exists.");
    assert!(text(&sandbox, "a/one.txt").await.is_some());
}

#[tokio::test]
async fn a_migration_nobody_looks_at_ends_by_itself() {
    let (sandbox, client) = start().await;
    sandbox.clock().freeze();
    act(&client, "move", "a", json!({"destination": "c"})).await;
    client.get("/folders").await;
    assert!(text(&sandbox, "c/one.txt").await.is_none());
    sandbox.clock().advance(chrono::TimeDelta::seconds(5));
    client.get("/folders").await;
    assert!(text(&sandbox, "c/one.txt").await.is_some());
}

#[tokio::test]
async fn every_action_may_take_its_time() {
    let builder = Sandbox::builder().all_actions_pending(true).migration_polls(4);
    let sandbox = builder.start().await.unwrap();
    let client = Client::new(&sandbox);
    let begun = act(&client, "copy", "readme.md", json!({"destination": "copy.md"})).await;
    let expected = ["pending", "processing", "processing", "completed"];
    assert_eq!(states(&client, &begun).await, expected);
    assert!(sandbox.filescom().content("copy.md").is_some());
}

#[tokio::test]
async fn deep_trees_do_not_exhaust_the_stack() {
    let (sandbox, client) = start().await;
    let deep = vec!["d"; 2000].join("/");
    sandbox.filescom().put(&format!("{deep}/x"), "x");
    for (action, body) in [
        ("copy", json!({"destination": "e"})),
        ("move", json!({"destination": "e", "overwrite": true})),
    ] {
        let begun = act(&client, action, "d", body).await;
        assert_eq!(states(&client, &begun).await.last().unwrap(), "completed");
    }
    assert!(sandbox.filescom().entity("d").is_none());
    assert_eq!(client.delete("/files/e?recursive=true").await.status, 204);
}
