//! Downloads: the address, and what storage makes of it.

use hyper::Method;
use serde_json::json;
use wharf_sandbox::Sandbox;

use crate::client::Client;

async fn start() -> (Sandbox, Client) {
    let sandbox = Sandbox::start().await.unwrap();
    sandbox.filescom().put("d/data.txt", "0123456789");
    let client = Client::new(&sandbox);
    (sandbox, client)
}

#[tokio::test]
async fn content_comes_from_another_origin() {
    let (sandbox, client) = start().await;
    let link = client.link("d/data.txt").await;
    assert!(link.starts_with(&sandbox.storage_url()), "{link}");
    assert_ne!(sandbox.storage_url(), sandbox.filescom_url());
    let reply = client.fetch(&link, &[]).await;
    assert_eq!((reply.status.as_u16(), reply.text()), (200, "0123456789"));
    for (name, value) in [
        ("accept-ranges", "bytes"),
        ("content-length", "10"),
        ("content-type", "text/plain"),
        ("content-disposition", "attachment; filename=\"data.txt\""),
        ("server", "AmazonS3"),
    ] {
        assert_eq!(reply.header(name), Some(value), "{name}");
    }
    let etag = reply.header("etag").unwrap();
    assert!(etag.ends_with("-1\"") && etag.len() == 36, "{etag}");
}

#[tokio::test]
async fn large_content_arrives_whole_and_in_ranges() {
    let (sandbox, client) = start().await;
    let path = "archive/2025/scans-2025-12.bin";
    let content = sandbox.filescom().content(path).unwrap().bytes().await.unwrap();
    let link = client.link(path).await;
    assert_eq!(client.fetch(&link, &[]).await.body, content);
    let part = client.fetch(&link, &[("range", "bytes=1000000-2999999")]).await;
    assert_eq!(part.status, 206);
    assert_eq!(part.body, content[1_000_000..3_000_000]);
    let named = format!("bytes 1000000-2999999/{}", content.len());
    assert_eq!(part.header("content-range"), Some(named.as_str()));
}

#[tokio::test]
async fn ranges_are_served_ignored_or_refused() {
    let (_sandbox, client) = start().await;
    let link = client.link("d/data.txt").await;
    for (range, status, body, named) in [
        ("bytes=2-4", 206, "234", Some("bytes 2-4/10")),
        ("bytes=7-", 206, "789", Some("bytes 7-9/10")),
        ("bytes=-2", 206, "89", Some("bytes 8-9/10")),
        ("bytes=0--1", 200, "0123456789", None),
        ("bytes=0-1,3-4", 200, "0123456789", None),
        ("nonsense", 200, "0123456789", None),
    ] {
        let reply = client.fetch(&link, &[("range", range)]).await;
        assert_eq!((reply.status.as_u16(), reply.text()), (status, body), "{range}");
        assert_eq!(reply.header("content-range"), named, "{range}");
    }
    let reply = client.fetch(&link, &[("range", "bytes=10-")]).await;
    assert_eq!(reply.status, 416);
    assert_eq!(reply.header("content-range"), Some("bytes */10"));
    assert!(reply.text().contains("<Code>InvalidRange</Code>"));
}

#[tokio::test]
async fn conditions_are_kept() {
    let (_sandbox, client) = start().await;
    let reply = client.get("/files/d/data.txt?with_download_identity=True").await;
    let entity = reply.json();
    let link = entity["download_uri"].as_str().unwrap();
    let identity = &entity["download_identity"];
    assert_eq!((&identity["version"], &identity["size"]), (&json!(1), &json!(10)));
    let etag = identity["required_headers"]["If-Match"].as_str().unwrap();
    let kept = client.fetch(link, &[("if-match", etag), ("range", "bytes=0-0")]).await;
    assert_eq!((kept.status.as_u16(), kept.text()), (206, "0"));
    let broken = client.fetch(link, &[("if-match", "\"other\"")]).await;
    assert_eq!(broken.status, 412);
    let fresh = client.fetch(link, &[("if-range", "\"other\""), ("range", "bytes=0-0")]).await;
    assert_eq!(fresh.status, 200);
}

#[tokio::test]
async fn an_identity_ends_with_the_content() {
    let (sandbox, client) = start().await;
    let entity = client.get("/files/d/data.txt?with_download_identity=true").await.json();
    let token = entity["download_identity"]["token"].as_str().unwrap();
    let path = format!("/files/d/data.txt?expected_download_identity={token}");
    assert_eq!(client.get(&path).await.status, 200);
    sandbox.filescom().put("d/data.txt", "changed");
    let refused = client.get(&path).await;
    refused.refused(422, "processing-failure/download-identity-unavailable");
    let old = client.fetch(entity["download_uri"].as_str().unwrap(), &[]).await;
    assert_eq!(old.text(), "0123456789");
    let sandbox = Sandbox::builder().download_identity(false).start().await.unwrap();
    let client = Client::new(&sandbox);
    let entity = client.get("/files/readme.md?with_download_identity=true").await.json();
    assert_eq!(entity.get("download_identity"), None);
}

#[tokio::test]
async fn addresses_expire_and_bear_their_signature() {
    let (sandbox, client) = start().await;
    let link = client.link("d/data.txt").await;
    let head = client.send(Method::HEAD, &link, &[], "").await.unwrap();
    assert_eq!(head.status, 403);
    let put = client.put(&link, "x").await;
    assert!(put.status == 403 && put.text().contains("SignatureDoesNotMatch"));
    for tampered in [
        link.replace("X-Amz-Expires=60", "X-Amz-Expires=90"),
        link.replace("text%2Fplain", "text%2Fhtml"),
        link.replace("/1234/", "/1235/"),
        link.split("&X-Amz-Signature").next().unwrap().to_owned(),
        sandbox.storage_url() + "/",
    ] {
        assert_eq!(client.fetch(&tampered, &[]).await.status, 403, "{tampered}");
    }
    let rewritten = link.replace("no-cache%2C%20no-store", "no-cache,%20no-store");
    assert_ne!(rewritten, link);
    assert_eq!(client.fetch(&rewritten, &[]).await.status, 200);
    sandbox.clock().advance(chrono::TimeDelta::seconds(61));
    let late = client.fetch(&link, &[]).await;
    assert_eq!(late.status, 403);
    let expected = "<Code>AccessDenied</Code><Message>Request has expired</Message>";
    assert!(late.text().contains(expected), "{late:?}");
}

#[tokio::test]
async fn credentials_are_refused_at_storage() {
    let (sandbox, client) = start().await;
    let link = client.link("d/data.txt").await;
    let key = sandbox.keys().full.clone();
    let reply = client.fetch(&link, &[("X-FilesAPI-Key", key.as_str())]).await;
    assert_eq!(reply.status, 400);
    assert_eq!(reply.header("content-type"), Some("application/xml"));
}

#[tokio::test]
async fn the_forms_of_asking_for_a_file() {
    let (_sandbox, client) = start().await;
    let stat = client.get("/files/d/data.txt?action=stat").await.json();
    assert_eq!((&stat["size"], stat.get("download_uri")), (&json!(10), None));
    let redirect = client.get("/files/d/data.txt?action=redirect").await;
    assert_eq!(redirect.status, 302);
    let moved = client.fetch(redirect.header("location").unwrap(), &[]).await;
    assert_eq!(moved.text(), "0123456789");
    let text = client.get("/files/d").await.refused(422, "bad-request/cannot-download-directory");
    assert_eq!(text, "cannot download folder");
    client.get("/files/d/none").await.refused(404, "not-found");
    let odd = client.get("/files/d/data.txt?action=fax").await;
    odd.refused(422, "bad-request/request-params-invalid");
}

#[tokio::test]
async fn damaged_content_keeps_its_checksums() {
    let (sandbox, client) = start().await;
    let before = client.get("/file_actions/metadata/d/data.txt").await.json();
    assert!(sandbox.filescom().corrupt("d/data.txt").await.unwrap());
    let after = client.get("/file_actions/metadata/d/data.txt").await.json();
    assert_eq!(before, after);
    let content = client.fetch(&client.link("d/data.txt").await, &[]).await.body;
    assert_eq!(content.len(), 10);
    assert_ne!(format!("{:x}", crc32fast::hash(&content)), after["crc32"]);
    assert!(!sandbox.filescom().corrupt("outbound/empty.txt").await.unwrap());
}

#[tokio::test]
async fn names_of_every_kind_are_fetched() {
    let (sandbox, client) = start().await;
    for (name, encoded) in [
        ("50% #1?.txt", "50%25%20%231%3F.txt"),
        ("a+b&c=d;e.txt", "a%2Bb%26c%3Dd%3Be.txt"),
        ("quote\".txt", "quote%22.txt"),
        ("\u{1f600} \u{65e5}\u{672c}.txt", "%F0%9F%98%80%20%E6%97%A5%E6%9C%AC.txt"),
    ] {
        sandbox.filescom().put(&format!("d/{name}"), name);
        let entity = client.get(&format!("/files/d/{encoded}")).await.json();
        assert_eq!(entity["display_name"], name);
        let reply = client.fetch(entity["download_uri"].as_str().unwrap(), &[]).await;
        assert_eq!(reply.text(), name);
    }
}
