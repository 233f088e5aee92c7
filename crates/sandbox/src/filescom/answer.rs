//! Answers of the interface, and the headers each of them carries.

use std::io::{self, Write};

use axum::body::{Body, to_bytes};
use axum::http::header::{
    ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE, SERVER, VARY,
};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use flate2::Compression;
use flate2::write::GzEncoder;
use serde::Serialize;

/// What an operation answers when it succeeds.
#[derive(Debug)]
pub(crate) struct Answer {
    response: Response,
}

impl Answer {
    pub(crate) fn ok(body: &impl Serialize) -> Self {
        Self::with(StatusCode::OK, body)
    }

    pub(crate) fn created(body: &impl Serialize) -> Self {
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

    fn with(status: StatusCode, body: &impl Serialize) -> Self {
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

pub(crate) fn json_response(status: StatusCode, body: &impl Serialize) -> Response {
    let kind = (CONTENT_TYPE, HeaderValue::from_static("application/json"));
    // What is written here has no names but texts.
    let text = serde_json::to_string(body).unwrap_or_default();
    (status, [kind], text).into_response()
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

/// Whether a client reads gzip.
pub(crate) fn accepts_gzip(headers: &HeaderMap) -> bool {
    let values = headers.get_all(ACCEPT_ENCODING).iter();
    values.filter_map(|value| value.to_str().ok()).flat_map(|value| value.split(',')).any(
        |coding| {
            let (name, weight) = coding.split_once(';').unwrap_or((coding, ""));
            let refused = weight.trim().trim_start_matches("q=").parse() == Ok(0.0);
            name.trim().eq_ignore_ascii_case("gzip") && !refused
        },
    )
}

/// The answer compressed, if it is long enough and its length is known.
pub(crate) async fn compressed(response: Response) -> Response {
    let length = http_body::Body::size_hint(response.body()).exact();
    let long = length.is_some_and(|length| length >= WORTH_COMPRESSING);
    if !long || response.headers().contains_key(CONTENT_ENCODING) {
        return response;
    }
    let (mut parts, body) = response.into_parts();
    let plain = to_bytes(body, usize::MAX).await.unwrap_or_default();
    let Ok(packed) = packed(&plain) else {
        return Response::from_parts(parts, Body::from(plain));
    };
    parts.headers.insert(CONTENT_LENGTH, HeaderValue::from(packed.len()));
    parts.headers.insert(CONTENT_ENCODING, HeaderValue::from_static("gzip"));
    parts.headers.insert(VARY, HeaderValue::from_static("Accept-Encoding"));
    Response::from_parts(parts, Body::from(packed))
}

fn packed(plain: &[u8]) -> io::Result<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(plain)?;
    encoder.finish()
}

const WORTH_COMPRESSING: u64 = 1024;
