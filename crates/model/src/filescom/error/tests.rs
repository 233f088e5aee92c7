//! Tests of error bodies.

use proptest::prelude::*;
use secrecy::ExposeSecret;

use super::*;

const KEY: &str = "update the connection with a valid API key and try again";
const ACCESS: &str = "make sure the API key has permission to access the item, or use one that has";

fn fixture(name: &str) -> String {
    let path = format!("{}/fixtures/filescom/{name}", env!("CARGO_MANIFEST_DIR"));
    std::fs::read_to_string(path).unwrap()
}

#[test]
fn the_two_documents_of_the_partner_connection() {
    let revoked = fixture("error_boomi_invalid_credentials.json");
    let error = ErrorBody::from_response(401, revoked.as_bytes());
    assert_eq!(error.instance.as_deref(), Some("0434fde9-1967-4019-a4db-02ddc2001a1e"));
    assert_eq!(
        error.to_string(),
        format!(
            "The API key or Session token provided could not be used to validate this request. \
             Internal Error Code: API1 (not-authenticated/invalid-credentials); {KEY}"
        )
    );
    let hidden = fixture("error_boomi_not_found.json");
    let error = ErrorBody::from_response(404, hidden.as_bytes());
    assert_eq!(error.to_string(), format!("Not Found (not-found); {ACCESS}"));
    assert_eq!(error.http_code, Some(404));
}

#[test]
fn a_document_is_handed_back_as_it_came() {
    let json = "{ \"z\": 1.50,\"error\":\"x\",\r\n\"a\" : [ ],\"error\":\"y\" }";
    let error = ErrorBody::from_response(500, format!("\u{feff}{json}\n").as_bytes());
    assert_eq!(error.document().unwrap().get(), json);
    let long = format!("{{\"error\":\"x\",\"pad\":\"{}\"}}", "x".repeat(DOCUMENT));
    let error = ErrorBody::from_response(500, long.as_bytes());
    assert!(error.document().is_none());
    assert_eq!(error.message(), "x");
}

#[test]
fn every_form_is_understood() {
    use BodyForm::{Document, Empty, Html, Storage, Text};
    let page = "<!DOCTYPE html><html><head><title> 502 Bad Gateway </title></head></html>";
    let storage =
        "<?xml version=\"1.0\"?><Error><Code>SlowDown</Code><Message>Slow.</Message></Error>";
    for (status, body, form, group, message) in [
        (404, "", Empty, ErrorGroup::NotFound, "the answer was empty"),
        (405, " \n", Empty, ErrorGroup::Unknown, "the answer was empty"),
        (502, page, Html, ErrorGroup::ServiceUnavailable, "502 Bad Gateway"),
        (
            502,
            "<",
            Html,
            ErrorGroup::ServiceUnavailable,
            "the answer was a page instead of a document",
        ),
        (403, "\"No way.\"", Text, ErrorGroup::NotAuthorized, "No way."),
        (429, "slow down", Text, ErrorGroup::RateLimited, "slow down"),
        (400, "{broken", Text, ErrorGroup::BadRequest, "{broken"),
        (500, "7", Text, ErrorGroup::Unknown, "7"),
        (500, "[]", Document, ErrorGroup::Unknown, "the answer had no message"),
        (500, "{}", Document, ErrorGroup::Unknown, "the answer had no message"),
        (404, r#"["gone"]"#, Text, ErrorGroup::NotFound, "gone"),
        (
            400,
            r#"[{"error":"a","type":"not-found/x"},{"error":"b"}]"#,
            Document,
            ErrorGroup::NotFound,
            "a",
        ),
        (503, storage, Storage, ErrorGroup::ServiceUnavailable, "Slow."),
        (500, r#"{"title":"Odd","error":" "}"#, Document, ErrorGroup::Unknown, "Odd"),
    ] {
        let error = ErrorBody::from_response(status, body.as_bytes());
        assert_eq!(error.form(), form, "{body}");
        assert_eq!(error.group(), group, "{body}");
        assert_eq!(error.message(), message, "{body}");
        assert_eq!(error.status(), Some(status));
        assert_eq!(error.storage.is_some(), form == Storage);
    }
}

#[test]
fn the_status_is_a_number_or_a_string() {
    for (json, code) in [
        (r#"{"http-code":401}"#, Some(401)),
        (r#"{"http-code":"500"}"#, Some(500)),
        (r#"{"http_code":404}"#, Some(404)),
        (r#"{"http-code":"many"}"#, None),
        (r#"{"http-code":99999999}"#, None),
        (r#"{"http-code":null}"#, None),
    ] {
        let error: ErrorBody = serde_json::from_str(json).unwrap();
        assert_eq!((error.http_code, error.status()), (code, code), "{json}");
    }
}

#[test]
fn the_unforeseen_failure_has_no_type() {
    let error = ErrorBody::from_response(500, fixture("error_internal_500.json").as_bytes());
    assert_eq!((error.http_code, error.error_type.as_ref()), (Some(500), None));
    assert!(error.to_string().ends_with("your account (HTTP 500)"), "{error}");
}

#[test]
fn an_unknown_type_falls_back_to_its_group_whatever_the_status() {
    let body = br#"{"error":"x","type":"rate-limited/too-many-wishes"}"#;
    let error = ErrorBody::from_response(400, body);
    assert_eq!(error.group(), ErrorGroup::RateLimited);
    assert!(error.remedy().unwrap().starts_with("wait"));
    let error = ErrorBody::from_response(404, br#"{"type":"upload_request_expired"}"#);
    assert_eq!(error.group(), ErrorGroup::NotFound);
}

#[test]
fn members_of_a_wrong_kind_do_no_harm() {
    let json = r#"{"error":{"a":1},"title":7,"type":[],"instance":null,"errors":"one","data":[],
        "model_errors":[],"model_error_keys":{"a":"b","c":[1,{"error":"d"},null]}}"#;
    let error = ErrorBody::from_response(422, json.as_bytes());
    assert_eq!((error.error.as_deref(), error.title.as_deref()), (None, Some("7")));
    assert_eq!(*error.errors, ["one".into()]);
    assert_eq!(*error.model_error_keys["a"], ["b".into()]);
    assert_eq!(*error.model_error_keys["c"], ["1".into(), "d".into()]);
}

#[test]
fn details_for_going_on() {
    let region =
        ErrorBody::from_response(403, fixture("error_lockout_region_mismatch.json").as_bytes());
    assert_eq!(region.data.unwrap().host.as_deref(), Some("test.host"));
    let model = ErrorBody::from_response(422, fixture("error_model_save.json").as_bytes());
    assert_eq!(model.errors.len(), 1);
    assert_eq!(model.model_errors["filename"].len(), 1);
    assert_eq!(model.model_error_keys["filename"].len(), 1);
}

#[test]
fn what_signs_in_halfway_is_not_printed() {
    let json = r#"{"type":"not-authenticated/two-factor-authentication-error","data":
        {"partial_session_id":"s3cr3t","two_factor_authentication_methods":["totp","yubi"]}}"#;
    let error = ErrorBody::from_response(401, json.as_bytes());
    assert!(!format!("{error:?} {error}").contains("s3cr3t"));
    assert!(error.remedy().unwrap().contains("API key"));
    let data = error.data.unwrap();
    assert_eq!(data.partial_session_id.unwrap().expose_secret(), "s3cr3t");
    assert_eq!(data.two_factor_authentication_methods.len(), 2);
}

proptest! {
    #[test]
    fn never_fails(status in any::<u16>(), body in proptest::collection::vec(any::<u8>(), 0..300)) {
        let error = ErrorBody::from_response(status, &body);
        prop_assert!(!error.message().is_empty());
        prop_assert!(error.to_string().len() < 5000);
    }

    #[test]
    fn text_is_shortened(letter in any::<char>(), times in 0..3000_usize) {
        let body = letter.to_string().repeat(times);
        let error = ErrorBody::from_response(500, body.as_bytes());
        prop_assert!(error.message().chars().count() <= PLAIN);
    }
}
