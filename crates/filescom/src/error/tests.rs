//! Refusals, and what becomes of them.

use wharf_transport::{HeaderMap, HeaderValue, Refusal, StatusCode};

use super::*;

fn refusal(status: u16, body: &str) -> Error {
    let mut headers = HeaderMap::new();
    headers.insert("x-request-id", HeaderValue::from_static("0123abcd"));
    let status = StatusCode::from_u16(status).unwrap();
    transport::Error::refused(Refusal::new(status, headers, body.to_owned())).into()
}

fn typed(status: u16, error_type: &str) -> Error {
    refusal(
        status,
        &format!(r#"{{"type":"{error_type}","http-code":{status},"error":"Said so."}}"#),
    )
}

#[track_caller]
fn check(error: Error, kind: ErrorKind) {
    assert_eq!(error.kind(), kind, "{error}");
    assert_eq!(wharf_connector::Error::from(error).kind(), kind);
}

#[test]
fn the_type_decides_before_the_status() {
    for (status, error_type, kind) in [
        (422, "bad-request/cannot-download-directory", ErrorKind::IsAFolder),
        (400, "bad-request/cannot-download-directory", ErrorKind::IsAFolder),
        (422, "bad-request/folder-must-not-be-a-file", ErrorKind::NotAFolder),
        (422, "bad-request/unheard-of", ErrorKind::Invalid),
        (401, "not-authenticated/invalid-credentials", ErrorKind::Unauthenticated),
        (403, "not-authenticated/lockout-region-mismatch", ErrorKind::Unauthenticated),
        (403, "not-authorized/read-permission-required", ErrorKind::PermissionDenied),
        (404, "not-found", ErrorKind::NotFound),
        (404, "not-found/file-upload-not-found", ErrorKind::Interrupted),
        (422, "processing-failure/destination-exists", ErrorKind::AlreadyExists),
        (409, "processing-failure/destination-parent-does-not-exist", ErrorKind::NotFound),
        (422, "processing-failure/folder-not-empty", ErrorKind::NotEmpty),
        (403, "processing-failure/folder-locked", ErrorKind::Conflict),
        (422, "processing-failure/unheard-of", ErrorKind::Other),
        (422, "processing-failure", ErrorKind::Other),
        (429, "rate-limited/too-many-requests", ErrorKind::RateLimited),
        (422, "service-unavailable/migration-in-progress", ErrorKind::Unavailable),
        (403, "site-configuration/trial-expired", ErrorKind::PermissionDenied),
    ] {
        check(typed(status, error_type), kind);
    }
}

#[test]
fn every_type_of_the_catalog_means_something() {
    for error_type in ErrorType::catalog() {
        let error = typed(error_type.http_code().unwrap(), error_type.as_str());
        let vague = error.kind() == ErrorKind::Other;
        assert!(!vague || error_type.as_str().starts_with("processing-failure"), "{error_type}");
    }
}

#[test]
fn without_a_type_the_status_decides() {
    check(refusal(404, ""), ErrorKind::NotFound);
    check(refusal(405, ""), ErrorKind::Unsupported);
    check(refusal(502, "<html><title>Bad Gateway</title></html>"), ErrorKind::Unavailable);
    let catch_all = r#"{"error": "Internal server error.", "http-code": "500"}"#;
    check(refusal(500, catch_all), ErrorKind::Unavailable);
    check(refusal(401, r#""no""#), ErrorKind::Unauthenticated);
}

#[test]
fn storage_speaks_xml() {
    let expired = "<Error><Code>AccessDenied</Code><Message>Request has expired</Message></Error>";
    check(refusal(403, expired), ErrorKind::Interrupted);
    check(refusal(503, "<Error><Code>SlowDown</Code></Error>"), ErrorKind::RateLimited);
    check(refusal(404, "<Error><Code>NoSuchKey</Code></Error>"), ErrorKind::NotFound);
    check(refusal(503, "<Error><Code>Novel</Code></Error>"), ErrorKind::Unavailable);
}

#[test]
fn document_remedy_and_request_id_come_along() {
    let document = include_str!("../../../model/fixtures/filescom/error_boomi_not_found.json");
    let error = refusal(404, document);
    assert_eq!(error.request_id(), Some("0123abcd"));
    assert_eq!(error.document(), Some(document.trim()));
    assert!(error.to_string().starts_with("missing, or not permitted to this key: "), "{error}");
    let neutral = wharf_connector::Error::from(error);
    assert_eq!(neutral.document(), Some(document.trim()));
    assert!(neutral.remedy().unwrap().starts_with("Make sure the API key"), "{neutral:?}");
    assert_eq!(neutral.scheme(), Some("filescom"));
    assert_eq!(neutral.reached(), Reached::No);
}

#[test]
fn an_error_of_the_contents_source_comes_out_as_it_went_in() {
    let source = wharf_connector::Error::new(ErrorKind::Interrupted, "cut off").of("mft");
    let back = wharf_connector::Error::from(Error::from(source));
    assert_eq!((back.kind(), back.scheme()), (ErrorKind::Interrupted, Some("mft")));
}

#[test]
fn what_stays_is_not_transient() {
    for (error_type, transient) in [
        ("rate-limited/too-many-requests", true),
        ("rate-limited/too-many-login-attempts", false),
        ("service-unavailable/migration-in-progress", true),
        ("service-unavailable/site-disabled", false),
    ] {
        let error = wharf_connector::Error::from(typed(429, error_type));
        assert_eq!(error.is_transient(), transient, "{error_type}");
    }
}
