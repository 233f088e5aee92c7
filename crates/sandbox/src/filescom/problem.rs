//! Error documents, exactly as Files.com words them.

use axum::http::{HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use serde_json::{Map, Value, json};

use super::answer::json_response;

/// Why a request failed: what becomes the error document.
#[derive(Debug, Clone)]
pub(crate) struct Problem {
    kind: &'static str,
    text: String,
    /// Fields between `instance` and `title`.
    more: Map<String, Value>,
}

impl Problem {
    /// A problem of a type of the vendor's catalogue, with the text for people.
    pub(crate) fn new(kind: &'static str, text: impl Into<String>) -> Self {
        Self { kind, text: text.into(), more: Map::new() }
    }

    /// Missing, or not permitted: the service does not tell them apart.
    pub(crate) fn not_found() -> Self {
        Self::new("not-found", "Not Found")
    }

    pub(crate) fn destination_exists() -> Self {
        Self::new("processing-failure/destination-exists", "The destination exists.")
    }

    pub(crate) fn no_destination_parent() -> Self {
        Self::new(
            "processing-failure/destination-parent-does-not-exist",
            "The destination parent does not exist.",
        )
    }

    pub(crate) fn parent_is_a_file() -> Self {
        Self::new("bad-request/folder-must-not-be-a-file", "Folder must not be a file.")
    }

    pub(crate) fn no_write_permission() -> Self {
        Self::new(
            "not-authorized/write-permission-required",
            "You do not have write permission for this folder.",
        )
    }

    pub(crate) fn missing(parameter: &str) -> Self {
        Self::new("bad-request", format!("{parameter} is missing"))
    }

    pub(crate) fn invalid(parameter: &str) -> Self {
        Self::new("bad-request", format!("{parameter} is invalid"))
    }

    pub(crate) fn bad_params(what: &str) -> Self {
        let text = format!("Invalid request parameters: {what}");
        Self::new("bad-request/request-params-invalid", text)
    }

    /// The form of errors in which a field of a stored thing is at fault.
    pub(crate) fn model(field: &str, message: &str) -> Self {
        let full = format!("{} {message}", capital(field));
        let mut more = Map::new();
        more.insert("model_errors".to_owned(), json!({field: [full]}));
        more.insert("model_error_keys".to_owned(), json!({field: [message]}));
        more.insert("errors".to_owned(), json!([full]));
        Self { kind: "processing-failure/model-save-error", text: full, more }
    }

    pub(crate) fn kind(&self) -> &'static str {
        self.kind
    }

    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// The HTTP status of the vendor's catalogue.
    pub(crate) fn status(&self) -> StatusCode {
        let code = match self.kind {
            "not-authenticated/lockout-region-mismatch" => 403,
            "processing-failure/destination-parent-does-not-exist" => 409,
            "processing-failure/folder-locked" => 403,
            NOT_MODELLED => 501,
            kind => match kind.split('/').next().unwrap_or(kind) {
                "not-authenticated" => 401,
                "not-authorized" | "site-configuration" => 403,
                "not-found" => 404,
                "rate-limited" => 429,
                _ => 422,
            },
        };
        StatusCode::from_u16(code).unwrap_or(StatusCode::UNPROCESSABLE_ENTITY)
    }

    /// The status of years ago: 400 where the catalogue has 422 today.
    fn older_status(&self) -> StatusCode {
        match self.kind.starts_with("bad-request") {
            true => StatusCode::BAD_REQUEST,
            false => self.status(),
        }
    }

    /// The answer, in the language asked for as far as it is known.
    pub(crate) fn into_response(self, instance: &str, language: &str, older: bool) -> Response {
        let status = if older { self.older_status() } else { self.status() };
        let code = match older {
            true => json!(status.as_str()),
            false => json!(status.as_u16()),
        };
        let spanish = self.kind == "not-found" && language.starts_with("es");
        let text = if spanish { SPANISH_NOT_FOUND } else { &self.text };
        let mut fields = Map::new();
        fields.insert("error".to_owned(), json!(text));
        fields.insert("http-code".to_owned(), code);
        fields.insert("instance".to_owned(), json!(instance));
        fields.extend(self.more);
        fields.insert("title".to_owned(), json!(title_of(self.kind)));
        fields.insert("type".to_owned(), json!(self.kind));
        let mut response = json_response(status, &Value::Object(fields)).into_response();
        let name = HeaderName::from_static("x-files-error-class");
        let class = HeaderValue::from_static(self.kind);
        response.headers_mut().insert(name, class);
        response
    }
}

/// The title of an error type: the words of its last part, each with a capital.
pub(crate) fn title_of(kind: &str) -> String {
    let name = kind.rsplit('/').next().unwrap_or(kind);
    let words: Vec<String> = name.split('-').map(capital).collect();
    words.join(" ")
}

fn capital(word: &str) -> String {
    let mut letters = word.chars();
    let first = letters.next().map(|letter| letter.to_ascii_uppercase());
    first.into_iter().chain(letters).collect()
}

/// What the sandbox leaves out says so, instead of pretending that it does not exist.
pub(crate) const NOT_MODELLED: &str = "sandbox/not-modelled";
const SPANISH_NOT_FOUND: &str =
    "No se ha encontrado. Esto puede estar relacionado con tus permisos.";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_and_codes_are_those_of_the_catalogue() {
        let catalogue = include_str!("../../fixtures/filescom/error_catalog.json");
        let catalogue: Vec<Value> = serde_json::from_str(catalogue).unwrap();
        assert_eq!(catalogue.len(), 208);
        for entry in catalogue {
            let kind: &'static str = entry["type"].as_str().unwrap().to_owned().leak();
            let problem = Problem::new(kind, "");
            assert_eq!(problem.status().as_u16(), entry["http_code"], "{kind}");
            assert_eq!(title_of(kind), entry["title"], "{kind}");
        }
    }
}
