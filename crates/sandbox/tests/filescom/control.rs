//! The control addresses, and the log of requests.

use hyper::Method;
use serde_json::{Value, json};
use wharf_sandbox::{Route, Sandbox};

use crate::client::{Client, Reply};

async fn control(sandbox: &Sandbox, method: Method, path: &str, body: &str) -> Reply {
    let url = format!("{}/_sandbox/{path}", sandbox.storage_url());
    let client = Client::new(sandbox);
    client.send(method, &url, &[], body.to_owned()).await.unwrap()
}

#[tokio::test]
async fn a_sandbox_is_steered_from_every_face() {
    let sandbox = Sandbox::start().await.unwrap();
    let client = Client::new(&sandbox);
    for face in [sandbox.filescom_url(), sandbox.storage_url(), sandbox.mft_url()] {
        let ready = client.fetch(&format!("{face}/_sandbox/ready"), &[]).await;
        assert_eq!(ready.json(), json!({"ready": true}));
    }
    assert!(sandbox.seen().requests().is_empty());
    assert_eq!(control(&sandbox, Method::GET, "nothing", "").await.status, 404);
    assert_eq!(control(&sandbox, Method::PUT, "ready", "").await.status, 405);
}

#[tokio::test]
async fn faults_are_ordered_over_http() {
    let sandbox = Sandbox::start().await.unwrap();
    let client = Client::new(&sandbox);
    let rule = r#"{"route": "find", "fault": {"status": {"code": 429, "retry_after": "7"}}}"#;
    let added = control(&sandbox, Method::POST, "faults", rule).await;
    assert_eq!(added.json(), json!({"added": 1}));
    let waiting = control(&sandbox, Method::GET, "faults", "").await.json();
    assert_eq!(waiting[0]["route"], "find");
    let met = client.get("/file_actions/metadata/readme.md").await;
    assert_eq!((met.status.as_u16(), met.header("retry-after")), (429, Some("7")));
    assert_eq!(client.get("/file_actions/metadata/readme.md").await.status, 200);
    control(&sandbox, Method::POST, "faults", rule).await;
    assert_eq!(control(&sandbox, Method::DELETE, "faults", "").await.status, 204);
    assert_eq!(client.get("/file_actions/metadata/readme.md").await.status, 200);
    let wrong = control(&sandbox, Method::POST, "faults", r#"{"route": "find"}"#).await;
    assert_eq!(wrong.status, 422);
    assert!(wrong.json()["error"].as_str().unwrap().contains("fault"));
}

#[tokio::test]
async fn the_log_tells_what_was_sent_and_hides_secrets() {
    let sandbox = Sandbox::start().await.unwrap();
    let client = Client::new(&sandbox);
    let user = sandbox.users()[0].clone();
    let login = json!({"username": user.name, "password": user.password}).to_string();
    let sessions = sandbox.filescom_url() + "/api/rest/v1/sessions";
    client.send(Method::POST, &sessions, &[], login).await.unwrap();
    let link = client.link("vendor/acme/orders/2026-11-01.csv").await;
    client.fetch(&link, &[("range", "bytes=0-3")]).await;
    client.upload("inbound/a.txt", b"content", 9).await;

    let seen = sandbox.seen().requests();
    let faces: Vec<_> = seen.iter().map(|request| request.face()).collect();
    let expected = ["filescom", "filescom", "storage", "filescom", "storage", "filescom"];
    assert_eq!(faces, expected);
    assert_eq!(seen[1].header("X-FilesAPI-Key"), Some(sandbox.keys().full.as_str()));
    assert_eq!(seen[2].header("range"), Some("bytes=0-3"));
    assert_eq!((seen[2].status(), seen[2].route()), (Some(206), Some(Route::StorageGet)));
    assert_eq!((seen[4].body_len(), seen[4].body()), (7, &b""[..]));
    let end: Value = serde_json::from_slice(seen[5].body()).unwrap();
    assert_eq!(end["action"], "end");
    assert_eq!(sandbox.seen().of(Route::Complete).len(), 1);

    let told = control(&sandbox, Method::GET, "seen", "").await;
    assert_eq!(told.json().as_array().unwrap().len(), 6);
    let shown = format!("{seen:?}{:?}{}", sandbox, told.text());
    let signature = link.split("X-Amz-Signature=").nth(1).unwrap();
    for secret in [sandbox.keys().full.as_str(), &user.password, signature] {
        assert!(!shown.contains(secret), "{secret} in {shown}");
    }
    assert_eq!(control(&sandbox, Method::DELETE, "seen", "").await.status, 204);
    assert!(sandbox.seen().requests().is_empty());
}

#[tokio::test]
async fn the_clock_is_set_over_http() {
    let sandbox = Sandbox::start().await.unwrap();
    let set = |body| control(&sandbox, Method::POST, "clock", body);
    let body = r#"{"freeze": true, "set": "2030-01-01T00:00:00Z"}"#;
    assert_eq!(set(body).await.json(), json!({"now": "2030-01-01T00:00:00+00:00"}));
    assert_eq!(
        set(r#"{"advance": 90.5}"#).await.json(),
        json!({"now": "2030-01-01T00:01:30.500+00:00"})
    );
    for wrong in ["", "{}", r#"{"advance": "soon"}"#, r#"{"set": 1}"#, r#"{"stop": true}"#, "[1]"] {
        assert_eq!(set(wrong).await.status, 422, "{wrong}");
    }
    let far = set(r#"{"advance": 99999999999}"#).await;
    assert!(far.status == 200 || far.status == 422);
}

#[tokio::test]
async fn a_reset_puts_everything_back() {
    let sandbox = Sandbox::start().await.unwrap();
    let client = Client::new(&sandbox);
    let before = sandbox.filescom().paths();
    client.delete("/files/vendor?recursive=true").await;
    client.upload("new.txt", b"x", 9).await;
    assert_eq!(control(&sandbox, Method::POST, "reset", "").await.status, 204);
    assert_eq!(sandbox.filescom().paths(), before);
    assert!(sandbox.seen().requests().is_empty());
}

#[tokio::test]
async fn the_content_is_seen_and_changed_behind_the_services() {
    let sandbox = Sandbox::start().await.unwrap();
    for (tree, file) in [("filescom", "in/a%20b.bin"), ("mft", "FOLDERS/in/a%20b.bin")] {
        let address = format!("content/{tree}/{file}");
        assert_eq!(control(&sandbox, Method::GET, &address, "").await.status, 404);
        assert_eq!(control(&sandbox, Method::PUT, &address, "abc").await.status, 204);
        let read = control(&sandbox, Method::GET, &address, "").await;
        assert_eq!((read.body.as_ref(), read.header("content-length")), (&b"abc"[..], Some("3")));
        let folder = address.replace("a%20b.bin", "empty/");
        assert_eq!(control(&sandbox, Method::PUT, &folder, "").await.status, 204);
        let paths = control(&sandbox, Method::GET, &format!("content/{tree}/"), "").await.json();
        let paths: Vec<&str> =
            paths.as_array().unwrap().iter().map(|path| path.as_str().unwrap()).collect();
        let expected = file.replace("%20", " ");
        assert!(paths.contains(&expected.as_str()), "{paths:?}");
        assert!(paths.contains(&expected.replace("a b.bin", "empty/").as_str()), "{paths:?}");
        assert_eq!(control(&sandbox, Method::DELETE, &address, "").await.status, 204);
        assert_eq!(control(&sandbox, Method::DELETE, &address, "").await.status, 404);
    }
    assert!(sandbox.seen().requests().is_empty());
    assert_eq!(control(&sandbox, Method::PUT, "content/mft/elsewhere/a", "").await.status, 409);
    assert_eq!(control(&sandbox, Method::GET, "content/other/a", "").await.status, 404);
    assert_eq!(control(&sandbox, Method::POST, "content/mft/a", "").await.status, 405);
}

#[tokio::test]
async fn thousands_of_files_are_made_at_once() {
    let sandbox = Sandbox::start().await.unwrap();
    let many = |address: &'static str, body| control(&sandbox, Method::POST, address, body);
    let body = r#"{"folders": 2, "files": 3, "size": 5}"#;
    for (address, folder) in [
        ("content/filescom/many/", "many/folder-00002/"),
        ("content/mft/FOLDERS/many/", "FOLDERS/many/folder-00002/"),
    ] {
        assert_eq!(many(address, body).await.status, 204);
        let tree = address.split('/').take(2).collect::<Vec<_>>().join("/") + "/";
        let paths = control(&sandbox, Method::GET, &tree, "").await.json();
        let of_folder = |path: &&Value| path.as_str().unwrap().starts_with(folder);
        assert_eq!(paths.as_array().unwrap().iter().filter(of_folder).count(), 4, "{paths}");
    }
    assert_eq!(many("content/filescom/flat/", r#"{"files": 3}"#).await.status, 204);
    assert_eq!(sandbox.filescom().content("flat/file-00003").unwrap().len(), 0);
    assert_eq!(sandbox.filescom().content("many/folder-00001/file-00001").unwrap().len(), 5);
    for wrong in ["", "{}", r#"{"files": -1}"#, r#"{"files": 4000000000}"#] {
        assert_eq!(many("content/filescom/flat/", wrong).await.status, 422, "{wrong}");
    }
}

#[tokio::test(start_paused = true)]
async fn requests_may_be_long_on_their_way() {
    let sandbox = Sandbox::start().await.unwrap();
    let client = Client::new(&sandbox);
    let set = |body| control(&sandbox, Method::POST, "latency", body);
    assert_eq!(set(r#"{"milliseconds": 20}"#).await.json(), json!({"milliseconds": 20}));
    let begin = tokio::time::Instant::now();
    assert_eq!(client.get("/folders").await.status, 200);
    assert!(begin.elapsed().as_millis() >= 20);
    assert_eq!(set("{}").await.status, 422);
    control(&sandbox, Method::POST, "reset", "").await;
    let now = control(&sandbox, Method::GET, "latency", "").await.json();
    assert_eq!(now, json!({"milliseconds": 0}));
}
