//! Leaves nothing in the log by which someone could sign in.

use axum::http::HeaderName;
use percent_encoding::percent_decode_str;
use serde_json::Value;

/// The value of a header, or the mask.
pub(super) fn header(name: &HeaderName, value: &str) -> String {
    match SECRET_HEADERS.contains(&name.as_str()) {
        true => MASK.to_owned(),
        false => value.to_owned(),
    }
}

/// A query or a form, the values of secret fields masked.
pub(super) fn query(text: &str) -> String {
    let fields = text.split('&').map(|field| match field.split_once('=') {
        Some((name, _)) if is_secret(&percent_decode_str(name).decode_utf8_lossy()) => {
            format!("{name}={MASK}")
        }
        _ => field.to_owned(),
    });
    fields.collect::<Vec<_>>().join("&")
}

/// A JSON document or a form, the values of secret fields masked; anything else by its length.
pub(super) fn body(bytes: &[u8]) -> String {
    if let Ok(mut document) = serde_json::from_slice::<Value>(bytes) {
        document_masked(&mut document);
        return document.to_string();
    }
    match std::str::from_utf8(bytes) {
        Ok(text) if text.contains('=') && !text.contains(['{', '\n', '<']) => query(text),
        Ok("") => String::new(),
        _ => format!("({} bytes)", bytes.len()),
    }
}

fn document_masked(document: &mut Value) {
    match document {
        Value::Object(fields) => {
            fields.iter_mut().for_each(|(name, value)| match is_secret(name) {
                true => *value = Value::String(MASK.to_owned()),
                false => document_masked(value),
            })
        }
        Value::Array(values) => values.iter_mut().for_each(document_masked),
        _ => {}
    }
}

/// Compares letters only, without case, since both services vary them.
fn is_secret(name: &str) -> bool {
    let letters: String = name
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .map(|letter| letter.to_ascii_lowercase())
        .collect();
    SECRET_FIELDS.iter().any(|secret| letters.contains(secret))
}

const MASK: &str = "***";
const SECRET_HEADERS: [&str; 8] = [
    "authorization",
    "cookie",
    "proxy-authorization",
    "referer",
    "x-files-reauthentication",
    "x-filesapi-auth",
    "x-filesapi-key",
    "x-thru-sessionid",
];
/// Parts of the names of fields, and so wide enough for `InternalUpload_SessionID`.
const SECRET_FIELDS: [&str; 11] = [
    "password",
    "session",
    "ticket",
    "token",
    "signature",
    "credential",
    "apikey",
    "secret",
    "otp",
    "appletuid",
    "key",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_masked_wherever_they_travel() {
        let name = HeaderName::from_static("x-filesapi-key");
        assert_eq!(header(&name, "abc"), MASK);
        assert_eq!(
            query("per_page=2&X-Amz-Signature=abc&sessionid=abc"),
            "per_page=2&X-Amz-Signature=***&sessionid=***"
        );
        assert_eq!(query("InternalUpload%5FSessionID=abc"), "InternalUpload%5FSessionID=***");
        assert_eq!(
            body(br#"{"username":"u","password":"abc","list":[{"otp":"abc"}]}"#),
            r#"{"username":"u","password":"***","list":[{"otp":"***"}]}"#
        );
        assert_eq!(body(b"UserName=u&Password=abc"), "UserName=u&Password=***");
        assert_eq!(body(b"\0\xffabc"), "(5 bytes)");
    }
}
