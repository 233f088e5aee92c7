//! Answers of the interface, and the headers each of them carries.

use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, SERVER};
use axum::http::{HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use serde_json::Value;

/// What an operation answers when it succeeds.
#[derive(Debug)]
pub(crate) struct Answer {
    response: Response,
}

impl Answer {
    pub(crate) fn ok(body: &Value) -> Self {
        Self::with(StatusCode::OK, body)
    }

    pub(crate) fn created(body: &Value) -> Self {
        Self::with(StatusCode::CREATED, body)
    }

    pub(crate) fn empty() -> Self {
        let response = StatusCode::NO_CONTENT.into_response();
        Self { response }
    }

    /// A redirect to a storage address.
    pub(crate) fn found(address: &str) -> Self {
        Self { response: StatusCode::FOUND.into_response() }.header("location", address)
    }

    fn with(status: StatusCode, body: &Value) -> Self {
        let response = json_response(status, body);
        Self { response }
    }

    pub(crate) fn header(mut self, name: &'static str, value: &str) -> Self {
        if let Ok(value) = HeaderValue::from_str(value) {
            let name = HeaderName::from_static(name);
            self.response.headers_mut().insert(name, value);
        }
        self
    }

    pub(crate) fn into_response(self) -> Response {
        self.response
    }
}

pub(crate) fn json_response(status: StatusCode, body: &Value) -> Response {
    let kind = (CONTENT_TYPE, HeaderValue::from_static("application/json"));
    (status, [kind], body.to_string()).into_response()
}

/// The headers every answer of the interface carries.
pub(crate) fn with_common_headers(mut response: Response, request_id: &str) -> Response {
    let headers = response.headers_mut();
    let cache = "no-cache, no-store, max-age=0, must-revalidate";
    headers.insert(CACHE_CONTROL, HeaderValue::from_static(cache));
    headers.insert(SERVER, HeaderValue::from_static("files.com"));
    if let Ok(id) = HeaderValue::from_str(request_id) {
        headers.insert("x-request-id", id);
    }
    response
}
