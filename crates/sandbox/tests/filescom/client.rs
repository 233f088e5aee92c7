//! A plain HTTP client that follows nothing and hides nothing.

use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::{HeaderMap, Method, Request, StatusCode};
use hyper_util::client::legacy::Client as Http;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use serde_json::Value;
use wharf_sandbox::Sandbox;

/// Talks to the Files.com face of a sandbox with one key.
pub(crate) struct Client {
    base: String,
    key: String,
    http: Http<HttpConnector, Full<Bytes>>,
}

/// An answer, read to its end.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

impl Client {
    pub(crate) fn new(sandbox: &Sandbox) -> Self {
        Self::with_key(sandbox, &sandbox.keys().full)
    }

    pub(crate) fn with_key(sandbox: &Sandbox, key: &str) -> Self {
        Self::at(&sandbox.filescom_url(), key)
    }

    pub(crate) fn at(url: &str, key: &str) -> Self {
        Self {
            base: format!("{url}/api/rest/v1"),
            key: key.to_owned(),
            http: Http::builder(TokioExecutor::new()).build_http(),
        }
    }

    /// A call of the interface, with the key.
    pub(crate) async fn call(&self, method: Method, path: &str, body: Option<Value>) -> Reply {
        let headers = [("x-filesapi-key", self.key.as_str())];
        let body = body.map(|body| body.to_string()).unwrap_or_default();
        let url = format!("{}{path}", self.base);
        self.send(method, &url, &headers, body).await.expect("an answer")
    }

    pub(crate) async fn get(&self, path: &str) -> Reply {
        self.call(Method::GET, path, None).await
    }

    pub(crate) async fn post(&self, path: &str, body: Value) -> Reply {
        self.call(Method::POST, path, Some(body)).await
    }

    pub(crate) async fn patch(&self, path: &str, body: Value) -> Reply {
        self.call(Method::PATCH, path, Some(body)).await
    }

    pub(crate) async fn delete(&self, path: &str) -> Reply {
        self.call(Method::DELETE, path, None).await
    }

    /// A request to any address, with these headers only. An error is a broken connection.
    pub(crate) async fn send(
        &self,
        method: Method,
        url: &str,
        headers: &[(&str, &str)],
        body: impl Into<Bytes>,
    ) -> Result<Reply, String> {
        let mut request = Request::builder().method(method).uri(url);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = request.body(Full::new(body.into())).unwrap();
        let response = self.http.request(request).await;
        let response = response.map_err(|error| error.to_string())?;
        let (parts, body) = response.into_parts();
        let body = body.collect().await.map_err(|error| error.to_string())?;
        Ok(Reply { status: parts.status, headers: parts.headers, body: body.to_bytes() })
    }

    pub(crate) async fn fetch(&self, url: &str, headers: &[(&str, &str)]) -> Reply {
        self.send(Method::GET, url, headers, "").await.expect("an answer")
    }

    pub(crate) async fn put(&self, url: &str, body: impl Into<Bytes>) -> Reply {
        let body = body.into();
        // The client leaves the length of an empty body out; storage insists on it.
        let length = body.len().to_string();
        let headers = [("content-length", length.as_str())];
        let sent = self.send(Method::PUT, url, &headers, body);
        sent.await.expect("an answer")
    }

    /// Uploads content in parts of this size; answers the completion.
    pub(crate) async fn upload(&self, path: &str, content: &[u8], part_size: usize) -> Reply {
        let begin = format!("/file_actions/begin_upload/{path}");
        let mut etags = Vec::new();
        let mut reference = Value::Null;
        let mut chunks: Vec<&[u8]> = content.chunks(part_size).collect();
        if chunks.is_empty() {
            chunks.push(&[]);
        }
        for (number, chunk) in (1..).zip(chunks) {
            let ask = serde_json::json!({"ref": reference, "part": number, "mkdir_parents": true});
            let reply = self.post(&begin, ask).await;
            assert_eq!(reply.status, 200, "{reply:?}");
            let part = &reply.json()[0];
            reference = part["ref"].clone();
            let address = part["upload_uri"].as_str().unwrap();
            let stored = self.put(address, chunk.to_vec()).await;
            assert_eq!(stored.status, 200, "{stored:?}");
            let etag = stored.header("etag").unwrap();
            etags.push(serde_json::json!({"part": number, "etag": etag}));
        }
        let end = serde_json::json!({"action": "end", "ref": reference, "etags": etags});
        self.post(&format!("/files/{path}"), end).await
    }

    /// The address to download a file from.
    pub(crate) async fn link(&self, path: &str) -> String {
        let reply = self.get(&format!("/files/{path}")).await;
        let link = reply.json()["download_uri"].as_str().map(str::to_owned);
        link.unwrap_or_else(|| panic!("{reply:?}"))
    }
}

impl Reply {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|_| panic!("no JSON: {self:?}"))
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    pub(crate) fn text(&self) -> &str {
        std::str::from_utf8(&self.body).unwrap()
    }

    /// Asserts an error of this type and status; answers its text.
    #[track_caller]
    pub(crate) fn refused(&self, status: u16, kind: &str) -> String {
        let document = self.json();
        assert_eq!(self.status.as_u16(), status, "{document}");
        assert_eq!(document["type"], kind, "{document}");
        assert_eq!(document["http-code"], status, "{document}");
        assert_eq!(self.header("x-files-error-class"), Some(kind));
        assert_eq!(self.header("x-request-id"), document["instance"].as_str());
        document["error"].as_str().unwrap().to_owned()
    }

    /// The paths of a listing.
    #[track_caller]
    pub(crate) fn paths(&self) -> Vec<String> {
        assert_eq!(self.status, 200, "{self:?}");
        let list = self.json();
        let paths = list.as_array().unwrap().iter();
        paths.map(|entry| entry["path"].as_str().unwrap().to_owned()).collect()
    }
}
