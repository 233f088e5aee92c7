//! A plain HTTP client: knows the service's words as little as possible.

use axum::http::{HeaderMap, Method, Request, StatusCode};
use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::Value;
use wharf_sandbox::{MftOptions, Sandbox};

/// A sandbox and one user's session on it.
pub(crate) struct Api {
    pub(crate) sandbox: Sandbox,
    http: Client<HttpConnector, Full<Bytes>>,
    pub(crate) session: String,
}

pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

impl Api {
    pub(crate) async fn start() -> Self {
        Self::awkward(|_| {}).await
    }

    /// Signed in as Admin at a server with other options.
    pub(crate) async fn awkward(change: impl FnOnce(&mut MftOptions)) -> Self {
        let mut options = MftOptions::default();
        change(&mut options);
        Self::on(Sandbox::builder().mft_options(options).start().await.unwrap()).await
    }

    /// Signed in as Admin at this sandbox.
    pub(crate) async fn on(sandbox: Sandbox) -> Self {
        let http = Client::builder(TokioExecutor::new()).build_http();
        let mut api = Self { sandbox, http, session: String::new() };
        api.sign_in("Admin").await;
        api
    }

    /// Goes on as this user, in an immutable session.
    pub(crate) async fn sign_in(&mut self, user: &str) {
        self.session = self.session_of(user, "ImmutableSession").await;
    }

    pub(crate) async fn session_of(&self, user: &str, kind: &str) -> String {
        let body = self.credentials(user);
        let answer = self.post(&format!("/REST/1.16/{kind}"), &body).await;
        assert_eq!(answer.status, 201, "{answer:?}");
        answer.json()["SessionID"].as_str().unwrap().to_owned()
    }

    pub(crate) fn credentials(&self, user: &str) -> String {
        let users = self.sandbox.mft().users();
        let user = users.iter().find(|known| known.name == user).unwrap();
        let (name, password) = (&user.name, &user.password);
        format!(
            "UserName={name}&Password={password}&ClientVersion=1&ApplicationId=12&Device_UUID=Device1234"
        )
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.call(Method::GET, path, "").await
    }

    pub(crate) async fn post(&self, path: &str, form: &str) -> Answer {
        self.call(Method::POST, path, form).await
    }

    pub(crate) async fn put(&self, path: &str, form: &str) -> Answer {
        self.call(Method::PUT, path, form).await
    }

    pub(crate) async fn delete(&self, path: &str) -> Answer {
        self.call(Method::DELETE, path, "").await
    }

    /// A REST call with the bare session identifier, a form if there is one.
    pub(crate) async fn call(&self, method: Method, path: &str, form: &str) -> Answer {
        let headers = [
            ("authorization", self.session.as_str()),
            ("accept", "application/json"),
            ("content-type", "application/x-www-form-urlencoded"),
        ];
        self.send(method, path, &headers, form.to_owned().into()).await
    }

    pub(crate) async fn send(
        &self,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        body: Bytes,
    ) -> Answer {
        let mut request =
            Request::builder().method(method).uri(format!("{}{path}", self.sandbox.mft_url()));
        for (name, value) in headers.iter().filter(|(_, value)| !value.is_empty()) {
            request = request.header(*name, *value);
        }
        let request = request.body(Full::new(body)).unwrap();
        let response = self.http.request(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let body = body.collect().await.unwrap().to_bytes();
        Answer { status: parts.status, headers: parts.headers, body }
    }

    /// The session as it stands in an address or form.
    pub(crate) fn escaped_session(&self) -> String {
        escaped(&self.session)
    }

    /// A request of the extended upload protocol; files by name and content.
    pub(crate) async fn upload(&self, fields: &[(&str, &str)], files: &[(&str, &[u8])]) -> Answer {
        let mut all = vec![
            ("Upload operation", "Internal upload"),
            ("InternalUpload_SessionID", self.session.as_str()),
        ];
        all.extend(fields);
        self.multipart("/UploadMgrLandingEx.aspx", &all, files).await
    }

    pub(crate) async fn multipart(
        &self,
        path: &str,
        fields: &[(&str, &str)],
        files: &[(&str, &[u8])],
    ) -> Answer {
        let media = format!("multipart/form-data; boundary={BOUNDARY}");
        let body = multipart(fields, files);
        self.send(Method::POST, path, &[("content-type", &media)], body.into()).await
    }

    pub(crate) fn id(&self, path: &str) -> String {
        self.sandbox.mft().id(path).unwrap_or_else(|| panic!("no {path}"))
    }

    pub(crate) async fn stored(&self, path: &str) -> Bytes {
        self.sandbox.mft().content(path).unwrap().bytes().await.unwrap()
    }
}

impl Answer {
    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    /// The document of a good answer.
    #[track_caller]
    pub(crate) fn good(&self) -> Value {
        assert!(self.status.is_success(), "{self:?}");
        self.json()
    }

    /// The error code of a refusal.
    #[track_caller]
    pub(crate) fn code(&self) -> u64 {
        assert_eq!(self.status, 500, "{self:?}");
        self.json()["ErrorCode"].as_u64().unwrap()
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().unwrap())
    }

    /// The error code of a transfer page; none for success.
    #[track_caller]
    pub(crate) fn page_code(&self) -> Option<u64> {
        let error = self.header("x-fth-error")?;
        let (code, _message) = error.split_once(" / ").unwrap();
        Some(code.parse().unwrap())
    }

    /// Names of the entries of a listing's array.
    #[track_caller]
    pub(crate) fn names(&self, array: &str) -> Vec<String> {
        let listing = self.good();
        let entries = listing[array].as_array().unwrap();
        entries.iter().map(|entry| entry["Name"].as_str().unwrap().to_owned()).collect()
    }
}

impl std::fmt::Debug for Answer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let body = String::from_utf8_lossy(&self.body);
        write!(f, "{} {:?} {body:.500}", self.status, self.headers)
    }
}

pub(crate) fn escaped(text: &str) -> String {
    utf8_percent_encode(text, NON_ALPHANUMERIC).to_string()
}

pub(crate) fn multipart(fields: &[(&str, &str)], files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut body = Vec::new();
    for (name, value) in fields {
        body.extend(
            format!(
                "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n"
            )
            .bytes(),
        );
    }
    for (at, (name, content)) in files.iter().enumerate() {
        let name = escaped(name);
        body.extend(
            format!(
                "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"File{at}\"; \
                 filename=\"{name}\"\r\nContent-Type: application/octet-stream\r\n\r\n"
            )
            .bytes(),
        );
        body.extend_from_slice(content);
        body.extend(b"\r\n");
    }
    body.extend(format!("--{BOUNDARY}--\r\n").bytes());
    body
}

pub(crate) const BOUNDARY: &str = "----boundary7MA4YWxk";
pub(crate) const ADMIN_DOCUMENTS: &str = "FOLDERS/HOME/Admin/My Documents";
