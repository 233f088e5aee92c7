//! Answers given instead of doing what was asked.

use axum::body::Body;
use axum::extract::Request;
use axum::http::header::{CONTENT_ENCODING, CONTENT_TYPE, LOCATION, RETRY_AFTER};
use axum::http::{HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use flate2::Compression;
use flate2::write::GzEncoder;
use futures_util::stream;
use serde_json::{Value, json};
use std::io::{self, Write};

use super::{Fault, Route, Service, bodies};

/// The answer of a fault that leaves the request undone.
pub(super) fn instead(fault: &Fault, route: Route) -> Option<Response> {
    let response = match fault {
        Fault::Status { code, retry_after, body } => {
            let answer = match body {
                Some(body) => text(*code, kind_of(body), body.clone()),
                None => status(*code, route),
            };
            with(answer, RETRY_AFTER, retry_after.as_deref())
        }
        Fault::Html => text(200, HTML, PAGE.to_owned()),
        Fault::NotJson => text(200, "text/plain", "All is well.".to_owned()),
        Fault::WrongJson => text(200, JSON, r#"{"unexpected":true}"#.to_owned()),
        Fault::EmptyBody => StatusCode::OK.into_response(),
        Fault::DeepJson(depth) => {
            let depth = (*depth).min(10_000_000) as usize;
            text(200, JSON, "[".repeat(depth) + &"]".repeat(depth))
        }
        Fault::GzipBomb(bytes) => bomb(*bytes),
        Fault::Redirect { to, code } => {
            with(text(*code, HTML, String::new()), LOCATION, Some(to.as_str()))
        }
        Fault::RegionMismatch { host } => region_mismatch(host),
        Fault::ExpiredSession => expired_session(route),
        Fault::ExpiredLink if route.service() == Service::Storage => {
            text(403, XML, storage_error("AccessDenied", "Request has expired"))
        }
        _ => return None,
    };
    Some(response)
}

/// A status with the document the service of this route would send with it.
pub(super) fn status(code: u16, route: Route) -> Response {
    match route.service() {
        Service::Storage => text(code, XML, storage_document(code)),
        Service::Mft => {
            let message = format!("The sandbox was told to answer {code}.");
            document(code, &json!({"Message": message, "ErrorCode": 90000}))
        }
        Service::FilesCom if matches!(code, 502..=504) => text(code, HTML, proxy_page(code)),
        Service::FilesCom => filescom_status(code),
    }
}

/// A refusal in the words of whoever asked.
pub(super) async fn echo(code: u16, route: Route, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let mut told = format!("{} {}", parts.method, parts.uri);
    for (name, value) in &parts.headers {
        told.push_str(&format!("; {name}: {}", String::from_utf8_lossy(value.as_bytes())));
    }
    let body = bodies::beginning(body, ECHOED).await;
    told.push_str(&format!("; {}", String::from_utf8_lossy(&body)));
    match route.service() {
        Service::Storage => {
            let told = told.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
            text(code, XML, storage_error("AccessDenied", &told))
        }
        Service::Mft => document(code, &json!({"Message": told, "ErrorCode": 90001})),
        Service::FilesCom => {
            let key = parts.headers.get("x-filesapi-key").and_then(|key| key.to_str().ok());
            let response = filescom_problem(code, "bad-request/invalid-params", &told, None);
            with(response, HeaderName::from_static("x-request-id"), key)
        }
    }
}

fn filescom_status(code: u16) -> Response {
    let (kind, error) = match code {
        401 => (
            "not-authenticated/invalid-credentials",
            "The API key or Session token provided could not be used to validate this request.",
        ),
        403 => ("not-authorized/insufficient-permission-for-params", "Forbidden"),
        404 => ("not-found", "Not Found"),
        409 | 422 => {
            ("service-unavailable/uploads-unavailable", "Uploads are currently unavailable.")
        }
        429 => ("rate-limited/too-many-requests", "Too many requests."),
        _ => {
            let error = "Internal server error, please contact support or the person who \
                         created your account.";
            return document(code, &json!({"error": error, "http-code": code.to_string()}));
        }
    };
    filescom_problem(code, kind, error, None)
}

fn filescom_problem(code: u16, kind: &str, error: &str, host: Option<&str>) -> Response {
    let instance = "0".repeat(32);
    let title = crate::filescom::title_of(kind);
    let mut body = json!({
        "error": error, "http-code": code, "instance": instance, "title": title, "type": kind,
    });
    if let (Some(host), Some(fields)) = (host, body.as_object_mut()) {
        fields.insert("data".to_owned(), json!({"host": host}));
    }
    let response = document(code, &body);
    let response = with(response, HeaderName::from_static("x-request-id"), Some(&instance));
    with(response, HeaderName::from_static("x-files-error-class"), Some(kind))
}

fn region_mismatch(host: &str) -> Response {
    let kind = "not-authenticated/lockout-region-mismatch";
    let error = "You have connected to a URL that has different security settings than those \
                 required for your site.";
    let response = filescom_problem(403, kind, error, Some(host));
    with(response, HeaderName::from_static("x-files-host"), Some(host))
}

fn expired_session(route: Route) -> Response {
    match route.service() {
        Service::Mft => {
            let gone = json!({"Message": "Session no longer exists.", "ErrorCode": 101});
            document(500, &gone)
        }
        _ => filescom_problem(
            401,
            "not-authenticated/invalid-session",
            "The API key or Session token provided could not be used to validate this request.",
            None,
        ),
    }
}

fn storage_document(code: u16) -> String {
    let (name, message) = match code {
        400 => (
            "RequestTimeout",
            "Your socket connection to the server was not read from or written to within the \
             timeout period. Idle connections will be closed.",
        ),
        403 => ("AccessDenied", "Access Denied"),
        404 => ("NoSuchKey", "The specified key does not exist."),
        412 => {
            ("PreconditionFailed", "At least one of the pre-conditions you specified did not hold")
        }
        429 | 503 => ("SlowDown", "Please reduce your request rate."),
        _ => ("InternalError", "We encountered an internal error. Please try again."),
    };
    storage_error(name, message)
}

/// The XML document storage answers errors with.
pub(crate) fn storage_error(code: &str, message: &str) -> String {
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Code>{code}</Code>\
         <Message>{message}</Message><RequestId>0000000000000000</RequestId>\
         <HostId>sandbox</HostId></Error>"
    )
}

/// Spaces, compressed: `bytes` of them and an empty JSON array at the end.
fn bomb(bytes: u64) -> Response {
    let start = (Some(GzEncoder::new(Vec::new(), Compression::fast())), bytes);
    let chunks = stream::try_unfold(start, async |(encoder, left)| {
        let Some(mut encoder) = encoder else {
            return Ok::<_, io::Error>(None);
        };
        if left == 0 {
            encoder.write_all(b"[]")?;
            return Ok(Some((Bytes::from(encoder.finish()?), (None, 0))));
        }
        let now = left.min(1024 * 1024);
        encoder.write_all(&vec![b' '; now as usize])?;
        let chunk = Bytes::from(std::mem::take(encoder.get_mut()));
        tokio::task::yield_now().await;
        Ok(Some((chunk, (Some(encoder), left - now))))
    });
    let mut response = Response::new(Body::from_stream(chunks));
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(JSON));
    headers.insert(CONTENT_ENCODING, HeaderValue::from_static("gzip"));
    response
}

fn document(code: u16, body: &Value) -> Response {
    text(code, JSON, body.to_string())
}

fn text(code: u16, kind: &'static str, body: String) -> Response {
    let status = StatusCode::from_u16(code).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    (status, [(CONTENT_TYPE, kind)], body).into_response()
}

fn with(mut response: Response, name: HeaderName, value: Option<&str>) -> Response {
    let value = value.and_then(|value| HeaderValue::from_bytes(value.as_bytes()).ok());
    if let Some(value) = value {
        response.headers_mut().insert(name, value);
    }
    response
}

fn kind_of(body: &str) -> &'static str {
    match body.trim_start() {
        body if body.starts_with("<?xml") => XML,
        body if body.starts_with('<') => HTML,
        body if body.starts_with(['{', '[', '"']) => JSON,
        _ => "text/plain",
    }
}

fn proxy_page(code: u16) -> String {
    format!(
        "<html>\r\n<head><title>{code}</title></head>\r\n<body>\r\n<center><h1>{code}</h1>\
         </center>\r\n<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n"
    )
}

/// Bytes of a request's body that are repeated at most.
const ECHOED: usize = 4096;
const JSON: &str = "application/json";
const XML: &str = "application/xml";
const HTML: &str = "text/html";
const PAGE: &str = "<!DOCTYPE html>\n<html><head><title>Welcome</title></head>\
                    <body><p>Please sign in to the network.</p></body></html>\n";
