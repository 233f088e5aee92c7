//! Keys, sessions, and what they may see and do.

use hyper::Method;
use serde_json::json;
use wharf_sandbox::Sandbox;

use crate::client::Client;

#[tokio::test]
async fn keys_that_are_not_good_are_refused_in_the_services_words() {
    let sandbox = Sandbox::start().await.unwrap();
    let keys = sandbox.keys().clone();
    for key in [&keys.revoked, &keys.expired, "unknown"] {
        let reply = Client::with_key(&sandbox, key).get("/folders").await;
        let document = reply.json();
        let instance = document["instance"].clone();
        assert_eq!(reply.status, 401);
        assert_eq!(reply.header("content-type"), Some("application/json"));
        let expected = format!(
            "{{\"error\":\"The API key or Session token provided could not be used to validate \
             this request. Internal Error Code: API1\",\"http-code\":401,\"instance\":{instance},\
             \"title\":\"Invalid Credentials\",\"type\":\"not-authenticated/invalid-credentials\"}}"
        );
        assert_eq!(reply.text(), expected);
        reply.refused(401, "not-authenticated/invalid-credentials");
    }
}

#[tokio::test]
async fn a_key_is_asked_for() {
    let sandbox = Sandbox::start().await.unwrap();
    let client = Client::new(&sandbox);
    let url = sandbox.filescom_url() + "/api/rest/v1/folders";
    let reply = client.fetch(&url, &[]).await;
    reply.refused(401, "not-authenticated/authentication-required");
}

#[tokio::test]
async fn what_a_key_may_not_see_is_not_found() {
    let sandbox = Sandbox::start().await.unwrap();
    let client = Client::with_key(&sandbox, &sandbox.keys().restricted);
    for path in [
        "/file_actions/metadata/vendor/globex/contracts/frame-contract.txt",
        "/file_actions/metadata/no/such/thing",
        "/folders/vendor/globex",
        "/files/outbound/empty.txt",
    ] {
        let reply = client.get(path).await;
        let instance = reply.json()["instance"].clone();
        let expected = format!(
            "{{\"error\":\"Not Found\",\"http-code\":404,\"instance\":{instance},\
             \"title\":\"Not Found\",\"type\":\"not-found\"}}"
        );
        assert_eq!(reply.text(), expected, "{path}");
        reply.refused(404, "not-found");
    }
    assert_eq!(client.get("/folders/").await.paths(), ["vendor"]);
    assert_eq!(client.get("/folders/vendor").await.paths(), ["vendor/acme"]);
    let inside = client.get("/folders/vendor/acme").await;
    assert_eq!(inside.json()[0]["permissions"], "lrwd");
    let reply = client.post("/folders/vendor/new", json!({})).await;
    reply.refused(404, "not-found");
    let reply = client.delete("/files/vendor/acme?recursive=true").await;
    reply.refused(403, "not-authorized/write-permission-required");
    let copy = json!({"destination": "outbound/x.csv"});
    let reply = client.post("/file_actions/copy/vendor/acme/orders/2026-11-01.csv", copy).await;
    reply.refused(404, "not-found");
    assert_eq!(client.post("/folders/vendor/acme/new", json!({})).await.status, 201);
}

#[tokio::test]
async fn a_read_only_key_writes_nothing() {
    let sandbox = Sandbox::start().await.unwrap();
    let client = Client::with_key(&sandbox, &sandbox.keys().read_only);
    let before = sandbox.filescom().paths();
    let found = client.get("/file_actions/metadata/readme.md").await;
    assert_eq!(found.json()["permissions"], "lr");
    let destination = json!({"destination": "copy.md"});
    for reply in [
        client.post("/folders/new", json!({})).await,
        client.delete("/files/readme.md").await,
        client.patch("/files/readme.md", json!({"priority_color": "red"})).await,
        client.post("/file_actions/copy/readme.md", destination.clone()).await,
        client.post("/file_actions/move/readme.md", destination).await,
        client.post("/file_actions/begin_upload/a.txt", json!({})).await,
        client.post("/locks/readme.md", json!({})).await,
    ] {
        reply.refused(403, "not-authorized/write-permission-required");
    }
    assert_eq!(sandbox.filescom().paths(), before);
}

#[tokio::test]
async fn sessions_come_and_go() {
    let sandbox = Sandbox::start().await.unwrap();
    let client = Client::new(&sandbox);
    let base = sandbox.filescom_url() + "/api/rest/v1";
    let user = &sandbox.users()[0];
    let (sessions, folders) = (format!("{base}/sessions"), format!("{base}/folders"));
    let login = json!({"username": user.name, "password": user.password}).to_string();
    let reply = client.send(Method::POST, &sessions, &[], login.clone()).await.unwrap();
    assert_eq!(reply.status, 201);
    let id = reply.json()["id"].as_str().unwrap().to_owned();
    let session = [("x-filesapi-auth", id.as_str())];
    assert_eq!(client.fetch(&folders, &session).await.status, 200);

    sandbox.clock().advance(chrono::TimeDelta::hours(7));
    let reply = client.fetch(&folders, &session).await;
    reply.refused(401, "not-authenticated/invalid-session");
    sandbox.clock().reset();

    let gone = client.send(Method::DELETE, &sessions, &session, "").await.unwrap();
    assert_eq!((gone.status.as_u16(), gone.body.len()), (204, 0));
    let reply = client.fetch(&folders, &session).await;
    reply.refused(401, "not-authenticated/invalid-credentials");

    let wrong = json!({"username": user.name, "password": "wrong"}).to_string();
    let reply = client.send(Method::POST, &sessions, &[], wrong).await.unwrap();
    let text = reply.refused(401, "not-authenticated/invalid-username-or-password");
    assert_eq!(text, "Invalid username or password");
    let reply = client.post("/sessions", json!({})).await;
    reply.refused(403, "not-authorized/cannot-login-while-using-key");
}

#[tokio::test]
async fn a_key_tells_of_itself_and_revokes_itself() {
    let sandbox = Sandbox::start().await.unwrap();
    let client = Client::with_key(&sandbox, &sandbox.keys().restricted);
    let key = client.get("/api_key").await.json();
    assert_eq!(key["path"], "vendor/acme");
    assert_eq!(key["key"], json!(null));
    let ended = json!({"expires_at": "2020-01-01T00:00:00Z"});
    assert_eq!(client.patch("/api_key", ended).await.status, 200);
    assert_eq!(client.get("/api_key").await.status, 401);

    let full = Client::new(&sandbox);
    assert_eq!(full.get("/api_key").await.json()["user_id"], json!(null));
    assert_eq!(full.delete("/api_key").await.status, 204);
    assert_eq!(full.get("/api_key").await.status, 401);
    sandbox.reset();
    assert_eq!(full.get("/api_key").await.status, 200);
    sandbox.filescom().revoke(&sandbox.keys().full);
    assert_eq!(full.get("/api_key").await.status, 401);
}

#[tokio::test]
async fn answers_carry_the_common_headers() {
    let sandbox = Sandbox::start().await.unwrap();
    let client = Client::new(&sandbox);
    let reply = client.get("/folders").await;
    assert_eq!(reply.header("x-request-id").map(str::len), Some(32));
    assert_eq!(reply.header("server"), Some("files.com"));
    let cache = "no-cache, no-store, max-age=0, must-revalidate";
    assert_eq!(reply.header("cache-control"), Some(cache));
    assert_eq!(reply.header("x-files-error-class"), None);
}

#[tokio::test]
async fn errors_speak_the_language_asked_for() {
    let sandbox = Sandbox::start().await.unwrap();
    let client = Client::new(&sandbox);
    let url = sandbox.filescom_url() + "/api/rest/v1/file_actions/metadata/none";
    let headers = [("accept-language", "es-MX"), ("x-filesapi-key", sandbox.keys().full.as_str())];
    let text = client.fetch(&url, &headers).await.refused(404, "not-found");
    let spanish = include_str!("../../fixtures/filescom/error_not_found_spanish.json");
    let spanish: serde_json::Value = serde_json::from_str(spanish).unwrap();
    assert_eq!(text, spanish["error"]);
}

#[tokio::test]
async fn nothing_listens_beyond_loopback() {
    let anywhere = "0.0.0.0:0".parse().unwrap();
    let refused = Sandbox::builder().storage_address(anywhere).start().await;
    assert_eq!(refused.unwrap_err().kind(), std::io::ErrorKind::InvalidInput);
}

#[tokio::test]
async fn a_dropped_sandbox_stops_listening() {
    let sandbox = Sandbox::start().await.unwrap();
    let client = Client::new(&sandbox);
    let url = sandbox.filescom_url() + "/_sandbox/ready";
    assert!(client.send(Method::GET, &url, &[], "").await.is_ok());
    drop(sandbox);
    tokio::task::yield_now().await;
    assert!(client.send(Method::GET, &url, &[], "").await.is_err());
}

#[tokio::test]
async fn older_errors_are_told_the_older_way() {
    let sandbox = Sandbox::builder().older_errors(true).start().await.unwrap();
    let client = Client::new(&sandbox);
    let reply = client.get("/files/vendor").await;
    assert_eq!(reply.status, 400);
    let document = reply.json();
    assert_eq!(document["http-code"], "400");
    let recorded = include_str!("../../fixtures/filescom/error_boomi_not_found.json");
    let recorded: serde_json::Value = serde_json::from_str(recorded).unwrap();
    let dashes = |id: &serde_json::Value| -> Vec<usize> {
        id.as_str().unwrap().split('-').map(str::len).collect()
    };
    assert_eq!(dashes(&document["instance"]), dashes(&recorded["instance"]));
    let ids: Vec<_> = reply.headers.get_all("x-request-id").iter().collect();
    assert_eq!(ids.len(), 2);
    assert_eq!(ids[0].to_str().unwrap(), document["instance"]);
}

#[tokio::test]
async fn long_answers_are_compressed_for_those_who_ask() {
    use std::io::Read;
    let sandbox = Sandbox::start().await.unwrap();
    let client = Client::new(&sandbox);
    let plain = client.get("/folders").await;
    let url = sandbox.filescom_url() + "/api/rest/v1/folders";
    let key = sandbox.keys().full.as_str();
    for (accept, encoding) in [
        ("gzip, deflate", Some("gzip")),
        ("br;q=1, GZIP;q=0.5", Some("gzip")),
        ("gzip;q=0", None),
        ("identity", None),
    ] {
        let headers = [("x-filesapi-key", key), ("accept-encoding", accept)];
        let reply = client.fetch(&url, &headers).await;
        assert_eq!(reply.header("content-encoding"), encoding, "{accept}");
        let mut text = String::new();
        match encoding {
            Some(_) => flate2::read::GzDecoder::new(&*reply.body).read_to_string(&mut text),
            None => (&*reply.body).read_to_string(&mut text),
        }
        .unwrap();
        assert_eq!(text, plain.text(), "{accept}");
    }
}
