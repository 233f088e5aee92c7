//! Whatever is sent, there is an answer: no request makes the sandbox panic.

use std::collections::BTreeSet;

use fastrand::Rng;
use hyper::Method;
use wharf_sandbox::Sandbox;

use crate::client::Client;

#[tokio::test]
async fn every_request_is_answered() {
    let sandbox = Sandbox::builder().part_size(1).start().await.unwrap();
    let client = Client::new(&sandbox);
    let mut chance = Rng::with_seed(0x5eed);
    let mut met = BTreeSet::new();
    for round in 0..4000 {
        let method = pick(&mut chance, &METHODS);
        let path = address(&mut chance);
        let body = body(&mut chance);
        let kind = pick(&mut chance, &KINDS);
        let headers = [("x-filesapi-key", sandbox.keys().full.as_str()), ("content-type", kind)];
        let url = format!("{}{path}", sandbox.filescom_url());
        let sent = client.send(method.clone(), &url, &headers, body.clone()).await;
        let case = format!("{round}: {method} {path} {}", String::from_utf8_lossy(&body));
        let reply = sent.unwrap_or_else(|error| panic!("{case}: {error}"));
        assert!(reply.status.as_u16() < 500 || reply.status == 501, "{case}: {reply:?}");
        met.insert(reply.status.as_u16());
        if method != Method::HEAD && reply.status != 204 {
            let document = reply.json();
            assert!(document.is_object() || document.is_array(), "{case}: {reply:?}");
        }
    }
    // Not all of them fall at the first hurdle.
    assert!(
        [200, 201, 204, 403, 404, 409, 422, 501].iter().all(|status| met.contains(status)),
        "{met:?}"
    );
}

#[tokio::test]
async fn every_request_to_storage_is_answered() {
    let sandbox = Sandbox::start().await.unwrap();
    let client = Client::new(&sandbox);
    let link = client.link("readme.md").await;
    let mut chance = Rng::with_seed(0xf00d);
    for round in 0..1000 {
        let mut url: Vec<char> = link.chars().collect();
        let start = sandbox.storage_url().len() + 1;
        for _ in 0..chance.usize(0..4) {
            let at = chance.usize(start..url.len());
            url[at] = pick(&mut chance, &['0', 'Z', '&', '=', '%', '-', '/']);
        }
        let url: String = url.into_iter().collect();
        let method = pick(&mut chance, &METHODS);
        let range = format!("bytes={}-{}", chance.i8(..), chance.i8(..));
        let headers = [("range", range.as_str())];
        let sent = client.send(method.clone(), &url, &headers, "x").await;
        let reply = sent.unwrap_or_else(|error| panic!("{round}: {method} {url}: {error}"));
        assert!(reply.status.as_u16() < 500, "{round}: {method} {url}: {reply:?}");
    }
}

fn pick<T: Clone>(chance: &mut Rng, among: &[T]) -> T {
    among[chance.usize(..among.len())].clone()
}

fn address(chance: &mut Rng) -> String {
    let mut address = format!("/api/rest/v1{}", pick(chance, &RESOURCES));
    for _ in 0..chance.usize(..4) {
        address.push_str(pick(chance, &["/", "%2F", "//", "%5C"]));
        address.push_str(pick(chance, &NAMES));
    }
    let mut sign = '?';
    for _ in 0..chance.usize(..4) {
        address.push(sign);
        sign = '&';
        address.push_str(pick(chance, &PARAMETERS));
        address.push('=');
        address.push_str(pick(chance, &VALUES));
    }
    address
}

fn body(chance: &mut Rng) -> Vec<u8> {
    if chance.u8(..) < 20 {
        return (0..chance.usize(..200)).map(|_| chance.u8(..)).collect();
    }
    let fields = (0..chance.usize(..5)).map(|_| {
        let value = match chance.u8(..6) {
            0 => "null".to_owned(),
            1 => "-7".to_owned(),
            2 => "true".to_owned(),
            3 => "[{\"part\":1,\"etag\":\"x\"},9]".to_owned(),
            4 => "{\"a\":null,\"b\":\"c\"}".to_owned(),
            _ => format!("\"{}\"", pick(chance, &NAMES)),
        };
        format!("\"{}\":{value}", pick(chance, &PARAMETERS))
    });
    let fields: Vec<String> = fields.collect();
    format!("{{{}}}", fields.join(",")).into_bytes()
}

const METHODS: [Method; 6] =
    [Method::GET, Method::POST, Method::PATCH, Method::DELETE, Method::PUT, Method::HEAD];
const KINDS: [&str; 4] =
    ["application/json", "application/x-www-form-urlencoded", "multipart/form-data", "odd"];
const RESOURCES: [&str; 14] = [
    "/folders",
    "/files",
    "/file_actions/metadata",
    "/file_actions/begin_upload",
    "/file_actions/copy",
    "/file_actions/move",
    "/file_migrations",
    "/file_migration_logs",
    "/locks",
    "/sessions",
    "/sites",
    "/folders",
    "/files",
    "",
];
const NAMES: [&str; 16] = [
    "vendor",
    "acme",
    "readme.md",
    "inbound",
    "a",
    "b",
    "put-1",
    "..",
    ".",
    "x%20",
    "%00",
    "%ff",
    "%E2%80%8B",
    "%EF%BC%8F",
    "9223372036854775807",
    "",
];
const PARAMETERS: [&str; 24] = [
    "action",
    "cursor",
    "custom_metadata",
    "destination",
    "etags",
    "exclusive",
    "filter[file_migration_id]",
    "mkdir_parents",
    "overwrite",
    "part",
    "parts",
    "path",
    "per_page",
    "priority_color",
    "provided_mtime",
    "recursive",
    "ref",
    "search",
    "search_all",
    "size",
    "sort_by[size]",
    "timeout",
    "type",
    "with_rename",
];
const VALUES: [&str; 16] = [
    "",
    "1",
    "-1",
    "true",
    "end",
    "put",
    "stat",
    "file",
    "desc",
    "99999999999999999999",
    "%ff",
    "c2%3Anext%3AYS8vMS8vMS8vMWQ",
    "c2%3Aprev%3AYS8vMS8vMS8vMTg0NDY3NDQwNzM3MDk1NTE2MTVm",
    "2020-01-01T00:00:00Z",
    "inbound%2Fa",
    "vendor",
];
