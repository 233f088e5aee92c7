//! Uploads, part by part.

use hyper::Method;
use serde_json::{Value, json};
use wharf_sandbox::{Builder, Sandbox};

use crate::client::{Client, Reply};

async fn start(builder: Builder) -> (Sandbox, Client) {
    let sandbox = builder.start().await.unwrap();
    let client = Client::new(&sandbox);
    (sandbox, client)
}

fn sample(len: usize) -> Vec<u8> {
    (0..len).map(|at| (at / 7 + at % 251) as u8).collect()
}

async fn begin(client: &Client, path: &str, body: Value) -> Reply {
    client.post(&format!("/file_actions/begin_upload/{path}"), body).await
}

async fn end(client: &Client, path: &str, body: Value) -> Reply {
    let mut body = body;
    body["action"] = json!("end");
    client.post(&format!("/files/{path}"), body).await
}

fn address(part: &Value) -> &str {
    part["upload_uri"].as_str().unwrap()
}

#[tokio::test]
async fn content_of_every_size_arrives() {
    let (sandbox, client) = start(Sandbox::builder().part_size(300_000)).await;
    for size in [0, 1, 300_000, 1_000_001] {
        let content = sample(size);
        let path = format!("up/{size}.bin");
        let done = client.upload(&path, &content, 300_000).await;
        assert_eq!(done.status, 201);
        let entity = done.json();
        assert_eq!(entity["size"], size);
        assert_eq!((&entity["crc32"], &entity["md5"]), (&Value::Null, &Value::Null));
        let stored = sandbox.filescom().content(&path).unwrap();
        assert_eq!(stored.bytes().await.unwrap(), content);
        let found = client.get(&format!("/file_actions/metadata/{path}")).await.json();
        assert_eq!(found["crc32"], format!("{:x}", crc32fast::hash(&content)));
        assert_eq!(found["md5"].as_str().unwrap().len(), 32);
        let replaced = client.upload(&path, &content, 300_000).await;
        assert_eq!(replaced.status, 200);
    }
    assert_eq!(sandbox.filescom().open_uploads(), 0);
}

#[tokio::test]
async fn part_addresses_come_one_by_one_or_several_at_once() {
    let (_sandbox, client) = start(Sandbox::builder()).await;
    let first = begin(&client, "a.bin", json!({"part": 7})).await.json();
    assert_eq!(first.as_array().unwrap().len(), 1);
    assert_eq!(first[0]["part_number"], 1);
    assert_eq!(first[0]["path"], "a.bin");
    let more = json!({"ref": first[0]["ref"], "part": "2", "parts": 3});
    let more = begin(&client, "a.bin", more).await.json();
    let numbers: Vec<_> = (0..3).map(|at| more[at]["part_number"].as_i64().unwrap()).collect();
    assert_eq!(numbers, [2, 3, 4]);
    let sizes: Vec<_> = (0..3).map(|at| more[at]["partsize"].as_i64().unwrap()).collect();
    assert_eq!(sizes, [6 << 20, 7 << 20, 8 << 20]);
    assert_eq!(first[0]["next_partsize"], more[0]["partsize"]);
    let put =
        client.post("/files/a.bin", json!({"action": "put", "ref": first[0]["ref"], "part": 5}));
    assert_eq!(put.await.json()["part_number"], 5);
}

#[tokio::test]
async fn parts_may_come_in_any_order_and_more_than_once() {
    let (sandbox, client) = start(Sandbox::builder().part_size(10)).await;
    let parts = begin(&client, "a.bin", json!({"parts": 3, "size": 25})).await.json();
    let content = sample(25);
    let mut etags = Vec::new();
    for (number, range) in [(3, 20..25), (1, 10..20), (1, 0..10), (2, 10..20)] {
        let stored = client.put(address(&parts[number - 1]), content[range].to_vec()).await;
        assert_eq!(stored.status, 200);
        let etag = stored.header("etag").unwrap().trim_matches('"').to_owned();
        etags.push(json!({"part": number.to_string(), "etag": etag}));
    }
    etags.remove(1);
    let body = json!({"ref": parts[0]["ref"], "etags": etags, "size": 25});
    assert_eq!(end(&client, "a.bin", body).await.status, 201);
    let stored = sandbox.filescom().content("a.bin").unwrap();
    assert_eq!(stored.bytes().await.unwrap(), content);
}

#[tokio::test]
async fn etags_may_be_left_out_or_unknown_but_not_wrong() {
    let (_sandbox, client) = start(Sandbox::builder().part_size(3)).await;
    for (etags, size, expected) in [
        (Value::Null, Value::Null, Ok(201)),
        (json!([{"part": 1, "etag": "null"}, {"part": 2, "etag": null}]), json!("6"), Ok(200)),
        (
            json!([{"part": 1, "etag": "x"}, {"part": 2, "etag": "null"}]),
            Value::Null,
            Err("processing-failure/file-not-uploaded"),
        ),
        (json!([{"part": 1, "etag": "null"}]), Value::Null, Err("bad-request/invalid-etags")),
        (json!([]), Value::Null, Err("bad-request/invalid-etags")),
        (json!([{"etag": "null"}]), Value::Null, Err("bad-request/invalid-etags")),
        (
            json!([{"part": 9, "etag": "null"}]),
            Value::Null,
            Err("processing-failure/file-not-uploaded"),
        ),
        (json!("text"), Value::Null, Err("bad-request")),
        (Value::Null, json!(7), Err("bad-request/request-params-invalid")),
    ] {
        let parts = begin(&client, "a.bin", json!({"parts": 2})).await.json();
        for number in 0..2 {
            client.put(address(&parts[number]), "abc").await;
        }
        let body = json!({"ref": parts[0]["ref"], "etags": etags, "size": size});
        let done = end(&client, "a.bin", body).await;
        match expected {
            Ok(status) => assert_eq!(done.status, status, "{etags}"),
            Err(kind) => drop(done.refused(422, kind)),
        }
    }
}

#[tokio::test]
async fn a_reference_completes_once_and_a_failed_completion_leaves_it_open() {
    let (sandbox, client) = start(Sandbox::builder()).await;
    let parts = begin(&client, "inbound/a.txt", json!({})).await.json();
    let reference = &parts[0]["ref"];
    client.put(address(&parts[0]), "abc").await;
    let wrong = json!({"ref": reference, "size": 4});
    assert_eq!(end(&client, "inbound/a.txt", wrong).await.status, 422);
    let elsewhere = end(&client, "inbound/b.txt", json!({"ref": reference})).await;
    elsewhere.refused(404, "not-found/file-upload-not-found");
    assert_eq!(sandbox.filescom().open_uploads(), 1);
    let right = json!({"ref": reference, "size": 3});
    assert_eq!(end(&client, "inbound/a.txt", right.clone()).await.status, 201);
    let text =
        end(&client, "inbound/a.txt", right).await.refused(404, "not-found/file-upload-not-found");
    assert_eq!(text, format!("File Upload for id {} not found.", reference.as_str().unwrap()));
    let late = client.put(address(&parts[0]), "late").await;
    assert_eq!(late.status, 404);
    assert!(late.text().contains("<Code>NoSuchUpload</Code>"));
}

#[tokio::test]
async fn what_is_missing_or_malformed_is_refused() {
    let (_sandbox, client) = start(Sandbox::builder()).await;
    let parts = begin(&client, "a.bin", json!({"parts": 3})).await.json();
    let reference = parts[0]["ref"].clone();
    let nothing = end(&client, "a.bin", json!({"ref": reference})).await;
    nothing.refused(422, "processing-failure/file-not-uploaded");
    client.put(address(&parts[1]), "second only").await;
    let gap = end(&client, "a.bin", json!({"ref": reference})).await;
    gap.refused(422, "bad-request/invalid-upload-part-gap");
    client.put(address(&parts[0]), "too small for a first part").await;
    let small = end(&client, "a.bin", json!({"ref": reference})).await;
    small.refused(422, "bad-request/invalid-upload-part-size");
    for part in [0, -1, 10_001] {
        let reply = begin(&client, "a.bin", json!({"ref": reference, "part": part})).await;
        let text = reply.refused(422, "bad-request/part-number-too-large");
        assert_eq!(text, "Part number too large");
    }
    let last = begin(&client, "a.bin", json!({"ref": reference, "part": 9_999, "parts": 9})).await;
    assert_eq!(last.json().as_array().unwrap().len(), 2);
    let unknown = begin(&client, "a.bin", json!({"ref": "put-1"})).await;
    unknown.refused(404, "not-found/file-upload-not-found");
    end(&client, "a.bin", json!({})).await.refused(422, "bad-request");
}

#[tokio::test]
async fn an_empty_file_needs_no_part_if_its_size_is_told() {
    let (sandbox, client) = start(Sandbox::builder()).await;
    let parts = begin(&client, "none.txt", json!({})).await.json();
    let body = json!({"ref": parts[0]["ref"], "size": 0, "etags": []});
    assert_eq!(end(&client, "none.txt", body).await.status, 201);
    assert!(sandbox.filescom().content("none.txt").unwrap().is_empty());
}

#[tokio::test]
async fn destinations_are_judged() {
    let (sandbox, client) = start(Sandbox::builder()).await;
    let kind = "processing-failure/destination-parent-does-not-exist";
    begin(&client, "no/such/a.txt", json!({})).await.refused(409, kind);
    let kind = "bad-request/folder-must-not-be-a-file";
    let parents = json!({"mkdir_parents": true});
    begin(&client, "readme.md/a.txt", parents.clone()).await.refused(422, kind);
    assert_eq!(begin(&client, "no/such/a.txt", parents).await.status, 200);
    assert!(sandbox.filescom().paths().contains(&"no/such/".to_owned()));
    let done = client.upload("vendor/acme", b"x", 9).await;
    done.refused(422, "processing-failure/destination-exists");
}

#[tokio::test]
async fn a_taken_name_can_be_changed_instead() {
    let (sandbox, client) = start(Sandbox::builder()).await;
    let parts = begin(&client, "readme.md", json!({"with_rename": true})).await.json();
    assert_eq!(parts[0]["path"], "readme_2.md");
    client.put(address(&parts[0]), "new").await;
    let done = end(&client, "readme_2.md", json!({"ref": parts[0]["ref"]})).await;
    assert_eq!(done.json()["path"], "readme_2.md");
    assert!(sandbox.filescom().content("readme.md").unwrap().len() > 3);
}

#[tokio::test]
async fn an_address_of_a_part_expires_and_is_renewed() {
    let (sandbox, client) = start(Sandbox::builder()).await;
    let parts = begin(&client, "a.txt", json!({})).await.json();
    sandbox.clock().advance(chrono::TimeDelta::minutes(16));
    let late = client.put(address(&parts[0]), "abc").await;
    assert_eq!(late.status, 403);
    assert!(late.text().contains("<Message>Request has expired</Message>"), "{late:?}");
    let renewed = begin(&client, "a.txt", json!({"ref": parts[0]["ref"], "part": 1})).await;
    assert_eq!(client.put(address(&renewed.json()[0]), "abc").await.status, 200);
}

#[tokio::test]
async fn parts_come_in_order_where_they_must() {
    let (_sandbox, client) = start(Sandbox::builder().parallel_parts(false).part_size(1)).await;
    let parts = begin(&client, "a.txt", json!({"parts": 2})).await.json();
    assert_eq!(parts[0]["parallel_parts"], false);
    let early = client.put(address(&parts[1]), "b").await;
    assert!(early.status == 400 && early.text().contains("InvalidPartOrder"));
    assert_eq!(client.put(address(&parts[0]), "a").await.status, 200);
    assert_eq!(client.put(address(&parts[1]), "b").await.status, 200);
}

#[tokio::test]
async fn checksums_may_appear_late_or_never() {
    let (_sandbox, client) = start(Sandbox::builder().late_checksums(2)).await;
    client.upload("a.txt", b"abc", 9).await;
    let mut seen = Vec::new();
    for _ in 0..4 {
        let found = client.get("/file_actions/metadata/a.txt").await.json();
        seen.push(found["md5"].is_string());
    }
    assert_eq!(seen, [false, false, true, true]);
    let (_sandbox, client) = start(Sandbox::builder().checksums(false)).await;
    let found = client.get("/file_actions/metadata/readme.md").await.json();
    assert_eq!((&found["crc32"], &found["md5"]), (&Value::Null, &Value::Null));
    let (_sandbox, client) = start(Sandbox::builder().md5(false)).await;
    client.upload("a.txt", b"abc", 9).await;
    let found = client.get("/file_actions/metadata/a.txt").await.json();
    assert_eq!((&found["crc32"], &found["md5"]), (&json!("352441c2"), &Value::Null));
}

#[tokio::test]
async fn the_upload_asks_for_its_length_and_for_no_key() {
    let (sandbox, client) = start(Sandbox::builder()).await;
    let parts = begin(&client, "a.txt", json!({})).await.json();
    let chunked = [("transfer-encoding", "chunked")];
    let sent = client.send(Method::PUT, address(&parts[0]), &chunked, "abc");
    assert_eq!(sent.await.unwrap().status, 411);
    for header in ["x-filesapi-key", "x-filesapi-auth", "authorization"] {
        let headers = [(header, "anything")];
        let sent = client.send(Method::PUT, address(&parts[0]), &headers, "abc");
        let refused = sent.await.unwrap();
        assert!(refused.status == 400 && refused.text().contains("InvalidRequest"));
    }
    assert_eq!(client.put(address(&parts[0]), "abc").await.status, 200);
    assert_eq!(sandbox.filescom().open_uploads(), 1);
    let (_sandbox, client) = start(Sandbox::builder().strict_storage(false)).await;
    let parts = begin(&client, "a.txt", json!({})).await.json();
    let headers = [("x-filesapi-key", "anything")];
    let sent = client.send(Method::PUT, address(&parts[0]), &headers, "abc");
    assert_eq!(sent.await.unwrap().status, 200);
}
