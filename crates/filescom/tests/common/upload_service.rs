//! A service by script, for uploads: what it says of parts, and what it answers to each call.
#![allow(dead_code, clippy::unwrap_used, clippy::indexing_slicing)]

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use bytes::Bytes;
use futures_util::stream;
use serde_json::{Value, json};
use wharf_connector::Content;
use wharf_filescom::{Client, Config, Credentials, Upload};
use wharf_transport::testing::{Recorded, Reply, Script};

pub(crate) const MIB: usize = 1024 * 1024;

/// A service by script: what it says of parts, and what it answers to each call.
#[derive(Clone)]
pub(crate) struct Service {
    part: Value,
    put: Arc<Put>,
    complete: Arc<Complete>,
    find: Arc<Looks>,
    looks: Arc<AtomicU64>,
    calls: Arc<Mutex<Vec<String>>>,
    pub(crate) ends: Arc<AtomicU64>,
    uploads: Arc<AtomicU64>,
}

type Put = dyn Fn(&Recorded, u64) -> Reply + Send + Sync;
type Complete = dyn Fn(u64) -> Reply + Send + Sync;
type Looks = dyn Fn(u64) -> Value + Send + Sync;

impl Service {
    pub(crate) fn new(part: Value) -> Self {
        Self {
            part,
            put: Arc::new(|_, part| Reply::new(200).header("etag", &format!("\"e{part}\""))),
            complete: Arc::new(|_| Reply::json(201, stored(11 * MIB).to_string())),
            find: Arc::new(|_| Value::Null),
            looks: Arc::default(),
            calls: Arc::default(),
            ends: Arc::default(),
            uploads: Arc::default(),
        }
    }

    pub(crate) fn put(
        mut self,
        put: impl Fn(&Recorded, u64) -> Reply + Send + Sync + 'static,
    ) -> Self {
        self.put = Arc::new(put);
        self
    }

    pub(crate) fn complete(
        mut self,
        complete: impl Fn(u64) -> Reply + Send + Sync + 'static,
    ) -> Self {
        self.complete = Arc::new(complete);
        self
    }

    /// What every look finds.
    pub(crate) fn find(self, file: Value) -> Self {
        self.looks(move |_| file.clone())
    }

    /// What each look finds.
    pub(crate) fn looks(mut self, find: impl Fn(u64) -> Value + Send + Sync + 'static) -> Self {
        self.find = Arc::new(find);
        self
    }

    pub(crate) fn calls(&self) -> Vec<String> {
        self.calls.lock().unwrap().clone()
    }

    fn note(&self, call: String) {
        self.calls.lock().unwrap().push(call);
    }

    pub(crate) fn answer(&self, request: &Recorded) -> Reply {
        let body: Value = serde_json::from_slice(request.body()).unwrap_or_default();
        let path = request.path();
        if request.origin() == "https://s3.example" {
            let part = request.query("part").unwrap().parse().unwrap();
            self.note(format!("{} {part} {}", request.method(), request.body().len()));
            return (self.put)(request, part);
        }
        if path.contains("begin_upload") {
            let count = body["parts"].as_u64().unwrap_or(1);
            let first = body["part"].as_u64().unwrap_or(1);
            let reference = match body["ref"].as_str() {
                Some(known) => known.to_owned(),
                None => format!("put-{}", self.uploads.fetch_add(1, Ordering::SeqCst) + 1),
            };
            self.note(format!("begin {first}+{count} {reference}"));
            let parts = (first..first + count).map(|part| self.part(&reference, part));
            return Reply::json(200, Value::Array(parts.collect()).to_string());
        }
        if body["action"] == "end" {
            self.note(format!("end {}", body["ref"].as_str().unwrap()));
            return (self.complete)(self.ends.fetch_add(1, Ordering::SeqCst));
        }
        self.note(format!("{} {path}", request.method()));
        if request.method() == "DELETE" {
            return Reply::new(204);
        }
        match (self.find)(self.looks.fetch_add(1, Ordering::SeqCst)) {
            Value::Null => Reply::json(404, r#"{"type":"not-found","error":"Not Found."}"#),
            file => Reply::json(200, file.to_string()),
        }
    }

    fn part(&self, reference: &str, number: u64) -> Value {
        let mut part = self.part.clone();
        let uri = format!("https://s3.example/up?part={number}&ref={reference}");
        let told = json!({"ref": reference, "part_number": number, "upload_uri": uri});
        part.as_object_mut().unwrap().extend(told.as_object().unwrap().clone());
        part
    }

    pub(crate) async fn upload(
        &self,
        content: Content,
        options: &Upload,
    ) -> wharf_filescom::Result<()> {
        let config = Config::new("acme", Credentials::api_key("planted").unwrap())
            .with_part_size((5 * MIB) as u64)
            .with_upload_buffer((20 * MIB) as u64);
        self.upload_by(config, content, options).await
    }

    pub(crate) async fn upload_by(
        &self,
        config: Config,
        content: Content,
        options: &Upload,
    ) -> wharf_filescom::Result<()> {
        let service = self.clone();
        let script = Script::new().respond(move |request| service.answer(request));
        let client = Client::builder(config).exchange(script.exchange()).build().unwrap();
        client.files().upload("a.bin", content, options).await.map(drop)
    }
}

pub(crate) fn stored(size: usize) -> Value {
    json!({"path": "a.bin", "type": "file", "size": size, "mtime": "2026-01-01T00:00:00Z"})
}

pub(crate) fn usual() -> Value {
    json!({"parallel_parts": true, "retry_parts": true, "partsize": 5 * MIB})
}

pub(crate) fn bytes(size: usize) -> Content {
    Content::from(vec![7; size])
}

/// A stream that can be read once.
pub(crate) fn once(size: usize) -> Content {
    let blocks = vec![Ok(Bytes::from(vec![7; size]))];
    Content::stream(stream::iter(blocks), Some(size as u64))
}
