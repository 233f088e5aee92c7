//! Answers have the keys and types of the sample documents.

use hyper::Method;
use serde_json::{Map, Value, json};
use wharf_sandbox::Sandbox;

use crate::client::Client;

/// Asserts that both have the same keys in the same order, with values of the same types.
///
/// Null stands for a value of any type. Objects in `open` hold keys of the client's choice.
#[track_caller]
fn same_shape(ours: &Value, sample: &Value, at: &str) {
    match (ours, sample) {
        (Value::Null, _) | (_, Value::Null) => {}
        (Value::Object(ours), Value::Object(sample)) => same_object(ours, sample, at),
        (Value::Array(ours), Value::Array(sample)) => {
            let sample = sample.first().unwrap_or(&Value::Null);
            for entry in ours {
                same_shape(entry, sample, at);
            }
        }
        (ours, sample) => assert_eq!(kind(ours), kind(sample), "{at}: {ours} against {sample}"),
    }
}

#[track_caller]
fn same_object(ours: &Map<String, Value>, sample: &Map<String, Value>, at: &str) {
    let keys = |object: &Map<String, Value>| object.keys().cloned().collect::<Vec<_>>();
    if !at.ends_with("custom_metadata") {
        assert_eq!(keys(ours), keys(sample), "{at}");
    }
    for (key, value) in ours {
        let sample = sample.get(key).unwrap_or(&Value::Null);
        same_shape(value, sample, &format!("{at}.{key}"));
    }
}

fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(_) => "number",
        Value::String(_) => "text",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    }
}

fn sample(name: &str) -> Value {
    let path = format!("{}/fixtures/filescom/{name}.json", env!("CARGO_MANIFEST_DIR"));
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

/// The sample with keys left out that recorded answers of other years lack or have.
fn without(mut sample: Value, keys: &[&str]) -> Value {
    if let Value::Object(fields) = &mut sample {
        fields.retain(|key, _| !keys.contains(&key.as_str()));
    }
    sample
}

#[tokio::test]
async fn entities_look_like_the_samples() {
    let sandbox = Sandbox::start().await.unwrap();
    let client = Client::new(&sandbox);
    let file = client.patch("/files/readme.md", json!({})).await.json();
    same_shape(&file, &sample("file_entity"), "file");
    let folder = client.post("/folders/new", json!({})).await.json();
    same_shape(&folder, &sample("directory_entity"), "directory");
    let listing = client.get("/folders/vendor/acme/orders").await.json();
    same_shape(&listing[0], &sample("file_entity"), "listing");
    let empty = client.get("/file_actions/metadata/outbound/empty.txt").await.json();
    let recorded = sample("file_entity_empty_file");
    assert_eq!((&empty["crc32"], &empty["md5"]), (&recorded["crc32"], &recorded["md5"]));
    let nothing = client.get("/folders/new").await;
    assert_eq!(nothing.json(), sample("folder_listing_empty"));
}

#[tokio::test]
async fn older_samples_hold_no_key_that_is_missing_here() {
    let sandbox = Sandbox::start().await.unwrap();
    let client = Client::new(&sandbox);
    let listed = client.get("/folders/vendor/acme").await.json();
    let recorded = sample("folder_listing");
    for (ours, recorded) in [(&listed[0], &recorded[0]), (&listed[3], &recorded[1])] {
        for (key, value) in recorded.as_object().unwrap() {
            let ours = ours.get(key).unwrap_or_else(|| panic!("{key} is missing"));
            same_shape(ours, value, key);
        }
    }
}

#[tokio::test]
async fn uploads_look_like_the_samples() {
    let sandbox = Sandbox::start().await.unwrap();
    let client = Client::new(&sandbox);
    let begun = client.post("/file_actions/begin_upload/big.bin", json!({"parts": 3})).await;
    let recorded = sample("begin_upload_response_three_parts.constructed");
    same_shape(&begun.json(), &recorded, "parts");
    for at in 0..3 {
        let (ours, recorded) = (&begun.json()[at], &recorded[at]);
        for key in [
            "send",
            "action",
            "headers",
            "parameters",
            "partsize",
            "next_partsize",
            "part_number",
            "http_method",
        ] {
            assert_eq!(ours[key], recorded[key], "{key}");
        }
    }
    let mut older = begun.json();
    older[0] = without(older[0].clone(), &["path"]);
    same_shape(&older[0], &sample("begin_upload_response")[0], "part");

    let exchange = sample("upload_part_put_exchange");
    let stored = client.put(begun.json()[0]["upload_uri"].as_str().unwrap(), "").await;
    for (name, value) in exchange["response"]["headers"].as_object().unwrap() {
        assert_eq!(stored.header(name), value.as_str(), "{name}");
    }
    assert_eq!(stored.body.len(), 0);

    let years = ["created_by_id", "custom_metadata"];
    for (name, status) in [
        ("complete_upload_response_201_new", 201),
        ("complete_upload_response_200_overwritten", 200),
    ] {
        let done = client.upload("dest/lo.txt", b"", 9).await;
        assert_eq!(done.status, status);
        let done = done.json();
        assert!(years.iter().all(|key| done.get(*key).is_some()));
        for (key, value) in sample(name).as_object().unwrap() {
            same_shape(&done[key], value, key);
        }
        assert_eq!((&done["crc32"], &done["md5"]), (&Value::Null, &Value::Null));
    }
}

#[tokio::test]
async fn downloads_look_like_the_samples() {
    let sandbox = Sandbox::start().await.unwrap();
    let client = Client::new(&sandbox);
    let entity = client.get("/files/readme.md").await.json();
    let recorded = sample("download_response");
    for (key, value) in recorded.as_object().unwrap() {
        same_shape(&entity[key], value, key);
    }
    let queries = |uri: &Value| -> Vec<String> {
        let query = uri.as_str().unwrap().split_once('?').unwrap().1.to_owned();
        let names = query.split('&').map(|field| field.split('=').next().unwrap().to_owned());
        names.collect()
    };
    assert_eq!(queries(&entity["download_uri"]), queries(&recorded["download_uri"]));
    assert_eq!(entity.as_object().unwrap().keys().next_back().unwrap(), "download_uri");

    let exchanges = sample("download_storage_exchange");
    sandbox.filescom().put("taz.txt", exchanges[0]["response"]["body_text"].as_str().unwrap());
    let link = client.link("taz.txt").await;
    for exchange in exchanges.as_array().unwrap() {
        let range = exchange["request"]["headers"]["Range"].as_str();
        let headers: Vec<(&str, &str)> = range.map(|range| ("range", range)).into_iter().collect();
        let reply = client.fetch(&link, &headers).await;
        let response = &exchange["response"];
        assert_eq!(reply.status.as_u16(), response["status"]);
        assert_eq!(reply.text(), response["body_text"].as_str().unwrap());
        for (name, value) in response["headers"].as_object().unwrap() {
            let ours = reply.header(name).unwrap_or_else(|| panic!("{name} is missing"));
            match name.as_str() {
                "ETag" => assert_eq!(ours.len(), value.as_str().unwrap().len()),
                "Last-Modified" => assert!(ours.ends_with(" GMT")),
                _ => assert_eq!(ours, value, "{name}"),
            }
        }
    }
}

#[tokio::test]
async fn actions_and_accounts_look_like_the_samples() {
    let sandbox = Sandbox::start().await.unwrap();
    let client = Client::new(&sandbox);
    let done = client.post("/file_actions/copy/readme.md", json!({"destination": "x"})).await;
    assert_eq!(done.json(), sample("file_action_completed"));
    let begun = client.post("/file_actions/copy/inbound", json!({"destination": "y"})).await;
    same_shape(&begun.json(), &sample("file_action_pending"), "action");
    assert_eq!(begun.json()["status"], sample("file_action_pending")["status"]);
    let path = format!("/file_migrations/{}", begun.json()["file_migration_id"]);
    client.get(&path).await;
    let ended = client.get(&path).await.json();
    same_shape(&ended, &sample("file_migration_all_fields"), "migration");
    assert_eq!(ended["status"], sample("file_migration_completed")["status"]);
    let logs = client.get("/file_migration_logs").await.json();
    same_shape(&logs[0], &sample("file_migration_log_entry"), "log");
    let lock = json!({"exclusive": true, "allow_access_by_any_user": true});
    let lock = client.post("/locks/readme.md", lock).await.json();
    same_shape(&lock, &sample("lock"), "lock");
    let key = client.get("/api_key").await.json();
    same_shape(&without(key, &["path"]), &sample("api_key_current"), "key");

    let user = &sandbox.users()[0];
    let login = json!({"username": user.name, "password": user.password}).to_string();
    let url = sandbox.filescom_url() + "/api/rest/v1/sessions";
    let session = client.send(Method::POST, &url, &[], login).await.unwrap().json();
    same_shape(&session, &sample("session_create_response"), "session");
    assert_eq!(session["id"].as_str().unwrap().len(), 40);
    assert!(session["timeout_at"].as_str().unwrap().ends_with("-04:00"));
}

#[tokio::test]
async fn errors_look_like_the_samples() {
    let sandbox = Sandbox::start().await.unwrap();
    let full = Client::new(&sandbox);
    let revoked = Client::with_key(&sandbox, &sandbox.keys().revoked);
    let into = json!({"destination": "none/x"});
    let many = json!({"custom_metadata": (0..40).map(|n| (n.to_string(), json!("")))
        .collect::<Map<_, _>>()});
    let exact = ["error", "http-code", "title", "type"];
    for (reply, name, same) in [
        (revoked.get("/folders").await, "error_boomi_invalid_credentials", &exact[..]),
        (full.get("/folders/none").await, "error_boomi_not_found", &exact),
        (full.post("/folders/inbound", json!({})).await, "error_destination_exists", &exact),
        (
            full.post("/file_actions/move/readme.md", into).await,
            "error_destination_parent_does_not_exist",
            &exact,
        ),
        (full.delete("/files/inbound").await, "error_folder_not_empty", &exact[1..]),
        (full.patch("/files/readme.md", many).await, "error_model_save", &exact[1..]),
    ] {
        let (ours, sample) = (reply.json(), sample(name));
        let keys = |value: &Value| value.as_object().unwrap().keys().cloned().collect::<Vec<_>>();
        assert_eq!(keys(&ours), keys(&sample), "{name}");
        for key in same {
            assert_eq!(ours[key], sample[key], "{name}");
        }
    }
}
