//! Faults, seen from the other end of the wire.

use serde_json::{Value, json};
use wharf_sandbox::{Fault, Route, Rule, Sandbox};

use crate::client::{Client, Reply};

async fn start() -> (Sandbox, Client) {
    let sandbox = Sandbox::start().await.unwrap();
    let client = Client::new(&sandbox);
    (sandbox, client)
}

const FIND: &str = "/file_actions/metadata/readme.md";

async fn find_with(sandbox: &Sandbox, client: &Client, fault: Fault) -> Result<Reply, String> {
    sandbox.faults().next(Route::Find, fault);
    let url = format!("{}/api/rest/v1{FIND}", sandbox.filescom_url());
    let key = sandbox.keys().full.clone();
    let headers = [("x-filesapi-key", key.as_str())];
    client.send(hyper::Method::GET, &url, &headers, "").await
}

#[tokio::test]
async fn statuses_bring_the_documents_of_the_service() {
    let (sandbox, client) = start().await;
    for code in [401, 403, 404, 429] {
        let reply = find_with(&sandbox, &client, Fault::status(code)).await.unwrap();
        assert_eq!(reply.json()["http-code"], code);
        let kind = reply.json()["type"].as_str().unwrap().to_owned();
        reply.refused(code, &kind);
    }
    let reply = find_with(&sandbox, &client, Fault::status(500)).await.unwrap();
    let expected = include_str!("../../fixtures/filescom/error_internal_500.json");
    assert_eq!(reply.json(), serde_json::from_str::<Value>(expected).unwrap());
    let reply = find_with(&sandbox, &client, Fault::status(502)).await.unwrap();
    assert!(reply.status == 502 && reply.text().starts_with('<'));
    let fault = Fault::retry_after(503, "Fri, 31 Dec 1999 23:59:59 GMT");
    let reply = find_with(&sandbox, &client, fault).await.unwrap();
    assert_eq!(reply.header("retry-after"), Some("Fri, 31 Dec 1999 23:59:59 GMT"));
    let mismatch = Fault::RegionMismatch { host: "test.host".to_owned() };
    let reply = find_with(&sandbox, &client, mismatch).await.unwrap();
    assert_eq!(reply.json()["data"], json!({"host": "test.host"}));
    assert_eq!(reply.header("x-files-host"), Some("test.host"));
    reply.refused(403, "not-authenticated/lockout-region-mismatch");
    let reply = find_with(&sandbox, &client, Fault::ExpiredSession).await.unwrap();
    reply.refused(401, "not-authenticated/invalid-session");
    let reply = find_with(&sandbox, &client, Fault::redirect("http://evil/")).await.unwrap();
    assert_eq!((reply.status.as_u16(), reply.header("location")), (302, Some("http://evil/")));
    let body = Fault::Status { code: 200, retry_after: None, body: Some("[1]".to_owned()) };
    let reply = find_with(&sandbox, &client, body).await.unwrap();
    assert_eq!((reply.header("content-type"), reply.text()), (Some("application/json"), "[1]"));
}

#[tokio::test]
async fn connections_break_where_they_are_told_to() {
    let (sandbox, client) = start().await;
    for fault in [Fault::ResetBefore, Fault::ResetDuring(0), Fault::LoseAnswer] {
        let broken = find_with(&sandbox, &client, fault.clone()).await;
        assert!(broken.is_err(), "{fault:?}");
    }
    let seen = sandbox.seen().requests();
    assert_eq!(seen[0].fault(), Some("reset_before"));
    assert!(seen.iter().all(|request| request.status().is_none()));
    for fault in [Fault::CutAfter(10), Fault::ResetAfter(10), Fault::WrongLength(7)] {
        let broken = find_with(&sandbox, &client, fault.clone()).await;
        assert!(broken.is_err(), "{fault:?}");
    }
    assert_eq!(client.get(FIND).await.status, 200);
}

#[tokio::test]
async fn connections_are_refused_before_a_request() {
    let (sandbox, client) = start().await;
    sandbox.faults().add(Rule::new(Route::Connection, Fault::ResetBefore).on("filescom"));
    let ready = sandbox.filescom_url() + "/_sandbox/ready";
    let storage = sandbox.storage_url() + "/_sandbox/ready";
    assert_eq!(client.fetch(&storage, &[]).await.status, 200);
    let refused = client.send(hyper::Method::GET, &ready, &[], "").await;
    assert!(refused.is_err());
    assert_eq!(client.fetch(&ready, &[]).await.status, 200);
    assert!(sandbox.seen().requests().is_empty());
}

#[tokio::test]
async fn a_refusal_waits_for_what_the_client_sends() {
    let (sandbox, client) = start().await;
    let parts = client.post("/file_actions/begin_upload/a.bin", json!({})).await.json();
    let address = parts[0]["upload_uri"].as_str().unwrap();
    sandbox.faults().next(Route::PartPut, Fault::status(503));
    let refused = client.put(address, vec![7; 20_000_000]).await;
    assert!(refused.status == 503 && refused.text().contains("SlowDown"));
    assert_eq!(sandbox.seen().of(Route::PartPut)[0].body_len(), 20_000_000);
}

#[tokio::test]
async fn answers_are_dated_by_the_sandboxs_clock() {
    let (sandbox, client) = start().await;
    sandbox.clock().freeze();
    sandbox.clock().set("2031-05-06T07:08:09Z".parse().unwrap());
    let reply = client.get(FIND).await;
    assert_eq!(reply.header("date"), Some("Tue, 06 May 2031 07:08:09 GMT"));
    assert_eq!(sandbox.seen().requests()[0].at(), sandbox.clock().now());
}

#[tokio::test]
async fn a_lost_answer_leaves_the_work_done() {
    let (sandbox, client) = start().await;
    let url = sandbox.filescom_url() + "/api/rest/v1/folders/lost";
    let key = sandbox.keys().full.clone();
    let headers = [("x-filesapi-key", key.as_str())];
    sandbox.faults().next(Route::CreateFolder, Fault::ResetBefore);
    let sent = client.send(hyper::Method::POST, &url, &headers, "{}").await;
    assert!(sent.is_err() && sandbox.filescom().entity("lost").is_none());
    sandbox.faults().next(Route::CreateFolder, Fault::LoseAnswer);
    let sent = client.send(hyper::Method::POST, &url, &headers, "{}").await;
    assert!(sent.is_err() && sandbox.filescom().entity("lost").is_some());
    sandbox.faults().next(Route::Delete, Fault::StatusAfter { code: 500 });
    assert_eq!(client.delete("/files/lost").await.status, 500);
    assert!(sandbox.filescom().entity("lost").is_none());
}

/// Reads from a socket until nothing more comes.
async fn raw(address: &str, request: String) -> Vec<u8> {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    let mut stream = tokio::net::TcpStream::connect(address).await.unwrap();
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    // A reset ends the reading as well as a close does.
    let _ = stream.read_to_end(&mut answer).await;
    answer
}

async fn fetch_raw(sandbox: &Sandbox, link: &str) -> Vec<u8> {
    let address = sandbox.storage_url().replace("http://", "");
    let target = link.replace(&sandbox.storage_url(), "");
    let request = format!("GET {target} HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n\r\n");
    raw(&address, request).await
}

#[tokio::test]
async fn a_cut_body_ends_at_the_byte() {
    let (sandbox, client) = start().await;
    let path = "archive/2025/scans-2025-12.bin";
    let content = sandbox.filescom().content(path).unwrap().bytes().await.unwrap();
    for bytes in [0, 1, 1000, 300_000, 2_000_000] {
        let link = client.link(path).await;
        sandbox.faults().next(Route::StorageGet, Fault::CutAfter(bytes));
        let answer = fetch_raw(&sandbox, &link).await;
        let head = answer.windows(4).position(|end| end == b"\r\n\r\n").unwrap() + 4;
        let headers = String::from_utf8_lossy(&answer[..head]).to_lowercase();
        assert!(headers.contains(&format!("content-length: {}", content.len())));
        assert_eq!(answer[head..], content[..bytes as usize], "{bytes}");
    }
}

#[tokio::test]
async fn a_reset_brings_no_answer_at_all() {
    let (sandbox, client) = start().await;
    let link = client.link("readme.md").await;
    sandbox.faults().next(Route::Storage, Fault::ResetBefore);
    assert_eq!(fetch_raw(&sandbox, &link).await, b"");
}

#[tokio::test]
async fn stored_content_can_differ_from_what_was_sent() {
    let (sandbox, client) = start().await;
    sandbox.faults().next(Route::PartPut, Fault::FlipRequestByte(1));
    client.upload("inbound/a.txt", b"abc", 9).await;
    let stored = sandbox.filescom().content("inbound/a.txt").unwrap();
    assert_eq!(stored.bytes().await.unwrap()[..], [b'a', !b'b', b'c']);
    sandbox.faults().next(Route::PartPut, Fault::CutRequest(2));
    client.upload("inbound/b.txt", b"abc", 9).await;
    assert_eq!(sandbox.filescom().content("inbound/b.txt").unwrap().len(), 2);
    sandbox.faults().next(Route::PartPut, Fault::WrongEtag);
    let refused = client.upload("inbound/c.txt", b"abc", 9).await;
    refused.refused(422, "processing-failure/file-not-uploaded");
}

#[tokio::test]
async fn ranges_can_be_ignored_or_mislabelled() {
    let (sandbox, client) = start().await;
    sandbox.filescom().put("x.txt", "0123456789");
    let link = client.link("x.txt").await;
    let range = [("range", "bytes=2-4")];
    sandbox.faults().next(Route::StorageGet, Fault::IgnoreRange);
    assert_eq!(client.fetch(&link, &range).await.status, 200);
    sandbox.faults().next(Route::StorageGet, Fault::WrongRange);
    let wrong = client.fetch(&link, &range).await;
    assert_eq!((wrong.header("content-range"), wrong.text()), (Some("bytes 3-5/10"), "234"));
    sandbox.faults().next(Route::StorageGet, Fault::FlipByte(0));
    assert_ne!(client.fetch(&link, &range).await.body, "234");
}

#[tokio::test]
async fn an_address_can_be_born_expired() {
    let (sandbox, client) = start().await;
    sandbox.faults().next(Route::Download, Fault::ExpiredLink);
    let link = client.link("readme.md").await;
    let refused = client.fetch(&link, &[]).await;
    assert!(refused.status == 403 && refused.text().contains("Request has expired"));
    sandbox.faults().next(Route::StorageGet, Fault::ExpiredLink);
    let link = client.link("readme.md").await;
    assert_eq!(client.fetch(&link, &[]).await.status, 403);
    assert_eq!(client.fetch(&link, &[]).await.status, 200);
}

#[tokio::test]
async fn listings_lie_as_told() {
    let (sandbox, client) = start().await;
    let honest = client.get("/folders/vendor/acme/orders").await.paths();
    let with = async |fault| {
        sandbox.faults().next(Route::List, fault);
        client.get("/folders/vendor/acme/orders").await
    };
    assert_eq!(with(Fault::MissingEntry).await.paths(), honest[1..]);
    assert_eq!(with(Fault::DuplicateEntries).await.paths()[1..], honest[..]);
    assert!(with(Fault::NastyNames).await.text().contains("../../etc/passwd"));
    assert_eq!(with(Fault::ManyEntries(2500)).await.paths().len(), 2500);
    let endless = with(Fault::EndlessCursor).await;
    assert_eq!(endless.header("x-files-cursor"), endless.header("x-files-cursor-next"));
    assert!(endless.header("x-files-cursor").unwrap().starts_with("c2:next:"));
    let truncated = with(Fault::TruncatedJson).await;
    assert!(serde_json::from_slice::<Value>(&truncated.body).is_err());
    assert!(with(Fault::DeepJson(5000)).await.body.len() == 10_000);
    assert_eq!(with(Fault::HugeHeader(9000)).await.header("x-padding").unwrap().len(), 9000);
    let wrong = with(Fault::ChecksumWrong).await.json();
    assert_eq!(wrong[0]["crc32"], "bad");
    let slow = with(Fault::Trickle { bytes: 400, pause: 0 }).await;
    assert_eq!(slow.paths(), honest);
    assert_eq!(with(Fault::NoLength).await.header("content-length"), None);
}

#[tokio::test]
async fn a_stalled_answer_never_ends() {
    let (sandbox, client) = start().await;
    for fault in [Fault::Stall, Fault::StallAfter(5)] {
        sandbox.faults().next(Route::Find, fault);
        let mut answer = Box::pin(client.get(FIND));
        // The stalled request is at work once another one, sent later, has been answered.
        while sandbox.seen().of(Route::List).is_empty() {
            tokio::select! {
                _ = &mut answer => panic!("an answer"),
                _ = client.get("/folders") => {}
            }
        }
        drop(answer);
        sandbox.seen().clear();
    }
}

#[tokio::test]
async fn migrations_fail_and_never_end_as_told() {
    let (sandbox, client) = start().await;
    let begun =
        client.post("/file_actions/copy/inbound", json!({"destination": "copy"})).await.json();
    let path = format!("/file_migrations/{}", begun["file_migration_id"]);
    sandbox.faults().add(Rule::new(Route::Migration, Fault::MigrationStuck).times(3));
    for _ in 0..3 {
        assert_eq!(client.get(&path).await.json()["status"], "processing");
    }
    sandbox.faults().next(Route::Migration, Fault::MigrationFailed);
    assert_eq!(client.get(&path).await.json()["status"], "failed");
    assert_eq!(client.get(&path).await.json()["status"], "completed");
}
