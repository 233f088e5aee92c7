//! How Files.com says no, in every form that takes.

use std::collections::BTreeMap;
use std::fmt;

use secrecy::SecretString;
use serde::de::{Deserialize, Deserializer};
use serde_json::value::RawValue;
use serde_json::{Map, Value};

use super::remedy::remedy;
use super::{ErrorGroup, ErrorType, StorageError};
use crate::line::Line;

/// The body of an answer that says no.
///
/// Mostly it is a document (Files.com REST API reference, Errors). It may also be a bare string,
/// an array of documents, a page of a proxy, plain text, an error of the storage in XML, or
/// nothing. [`from_response`](Self::from_response) makes the best of each and never fails.
///
/// Printed, it is one line with the message, the type and what to do about it. The document
/// itself is kept as it came, for handing it on.
///
/// ```
/// use wharf_model::filescom::{ErrorBody, ErrorGroup};
///
/// let body = br#"{"error": "Not Found", "http-code": 404, "title": "Not Found", "type": "not-found"}"#;
/// let error = ErrorBody::from_response(404, body);
/// assert_eq!(error.group(), ErrorGroup::NotFound);
/// assert_eq!(error.document().map(|document| document.get().as_bytes()), Some(&body[..]));
/// assert_eq!(
///     error.to_string(),
///     "Not Found (not-found); make sure the API key has permission to access the item, \
///      or use one that has",
/// );
/// ```
#[derive(Debug, Clone, Default)]
#[non_exhaustive]
pub struct ErrorBody {
    /// What happened, for people, in their language. Never decide by it.
    pub error: Option<Box<str>>,
    /// The status by the document. It comes as a number or as a string.
    pub http_code: Option<u16>,
    /// Id of the request, for the support.
    pub instance: Option<Box<str>>,
    /// What happened, in few words of English.
    pub title: Option<Box<str>>,
    /// What happened, for programs. Missing in the answer to an unforeseen failure.
    pub error_type: Option<ErrorType>,
    /// More for people; not seen in practice.
    pub detail: Option<Box<str>>,
    /// The single errors of which this is the sum: their messages.
    pub errors: Vec<Box<str>>,
    /// Whole messages by field.
    pub model_errors: BTreeMap<Box<str>, Vec<Box<str>>>,
    /// Short messages by field.
    pub model_error_keys: BTreeMap<Box<str>, Vec<Box<str>>>,
    /// What a program needs to go on.
    pub data: Option<Box<ErrorData>>,
    /// The error of the storage, if it is one.
    pub storage: Option<Box<StorageError>>,
    status: Option<u16>,
    form: BodyForm,
    document: Document,
}

/// What a program needs to go on after an error.
#[derive(Debug, Clone, Default)]
#[non_exhaustive]
pub struct ErrorData {
    /// The host to use instead, after `lockout-region-mismatch`.
    pub host: Option<Box<str>>,
    /// What to repeat the sign-in with, after `two-factor-authentication-error`: a secret.
    pub partial_session_id: Option<SecretString>,
    /// The second factors that the user has.
    pub two_factor_authentication_methods: Vec<Box<str>>,
    /// How far a download came: `started`, `completed`, `failed`. Of an older kind of answer.
    pub status: Option<Box<str>>,
    /// How many bytes of it were sent.
    pub bytes_transferred: Option<i64>,
}

/// What form the body has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum BodyForm {
    /// Nothing.
    #[default]
    Empty,
    /// A document, or an array of which the first counts.
    Document,
    /// A bare JSON string, or plain text.
    Text,
    /// A page, as of a proxy.
    Html,
    /// An error of the storage, in XML.
    Storage,
}

/// The document as it came. It may hold a secret, so it is not printed.
#[derive(Clone, Default)]
struct Document(Option<Box<RawValue>>);

impl fmt::Debug for Document {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let len = self.0.as_ref().map(|document| document.get().len());
        write!(f, "{} bytes", len.unwrap_or_default())
    }
}

impl ErrorBody {
    /// Reads the body of an answer with this status, whatever it is.
    #[must_use]
    pub fn from_response(status: u16, body: &[u8]) -> Self {
        let text = String::from_utf8_lossy(body);
        let text = text.trim_start_matches('\u{feff}').trim();
        let mut error = match text.bytes().next() {
            None => Self::default(),
            Some(b'<') => Self::from_markup(text),
            Some(_) => Self::from_json(text).unwrap_or_else(|| Self::from_plain(text)),
        };
        error.status = Some(status);
        error
    }

    /// The status of the answer; without an answer, that of the document.
    #[must_use]
    pub fn status(&self) -> Option<u16> {
        self.status.or(self.http_code)
    }

    /// What form the body has.
    #[must_use]
    pub fn form(&self) -> BodyForm {
        self.form
    }

    /// The group of the error: by its type; if that is missing or of no known group, by the
    /// status.
    #[must_use]
    pub fn group(&self) -> ErrorGroup {
        let by_type = self.error_type.as_ref().map(ErrorType::group);
        match (by_type, self.status()) {
            (None | Some(ErrorGroup::Unknown), Some(status)) => ErrorGroup::from_status(status),
            (by_type, _) => by_type.unwrap_or(ErrorGroup::Unknown),
        }
    }

    /// The best there is for people: the message of the service, else its title, else a word on
    /// what came instead.
    #[must_use]
    pub fn message(&self) -> &str {
        let texts = [&self.error, &self.detail, &self.title];
        let text = texts.into_iter().flatten().find(|text| !text.trim().is_empty());
        match (text, self.form) {
            (Some(text), _) => text.trim(),
            (None, BodyForm::Empty) => "the answer was empty",
            (None, BodyForm::Html) => "the answer was a page instead of a document",
            (None, _) => "the answer had no message",
        }
    }

    /// What a person can do about it, if that is known.
    #[must_use]
    pub fn remedy(&self) -> Option<&'static str> {
        if self.form == BodyForm::Storage {
            return None;
        }
        remedy(self.error_type.as_ref(), self.group())
    }

    /// The document as it came, byte for byte: `None` if the body was no JSON, or longer than
    /// 64 KiB.
    ///
    /// It may hold what signs a user in halfway, so it belongs to whoever asked and not in logs.
    #[must_use]
    pub fn document(&self) -> Option<&RawValue> {
        self.document.0.as_deref()
    }

    fn from_json(text: &str) -> Option<Self> {
        let value: Value = serde_json::from_str(text).ok()?;
        let mut error = Self::from_value(&value);
        if text.len() <= DOCUMENT {
            error.document = Document(RawValue::from_string(text.to_owned()).ok());
        }
        Some(error)
    }

    fn from_value(value: &Value) -> Self {
        match value {
            Value::Object(members) => Self::from_members(members),
            Value::Array(items) => match items.first() {
                Some(first @ (Value::Object(_) | Value::String(_))) => Self::from_value(first),
                _ => Self { form: BodyForm::Document, ..Self::default() },
            },
            Value::String(text) => Self::from_plain(text),
            other => Self::from_plain(&other.to_string()),
        }
    }

    fn from_members(members: &Map<String, Value>) -> Self {
        let text = |name: &str| members.get(name).and_then(text);
        let code = members.get("http-code").or_else(|| members.get("http_code"));
        Self {
            error: text("error"),
            http_code: code.and_then(number).and_then(|code| code.try_into().ok()),
            instance: text("instance"),
            title: text("title"),
            error_type: text("type").map(|name| ErrorType::from(&*name)),
            detail: text("detail"),
            errors: texts(members.get("errors")),
            model_errors: by_field(
                members.get("model_errors").or_else(|| members.get("model-errors")),
            ),
            model_error_keys: by_field(members.get("model_error_keys")),
            data: members.get("data").and_then(Value::as_object).map(ErrorData::from_members),
            form: BodyForm::Document,
            ..Self::default()
        }
    }

    fn from_markup(text: &str) -> Self {
        if let Some(storage) = StorageError::from_text(text) {
            return Self {
                error: storage.message.clone(),
                title: Some(storage.code.clone()),
                storage: Some(Box::new(storage)),
                form: BodyForm::Storage,
                ..Self::default()
            };
        }
        let title = crate::xml::text(text, "title").map(|title| shortened(title.trim()));
        Self {
            title: title.filter(|title| !title.is_empty()),
            form: BodyForm::Html,
            ..Self::default()
        }
    }

    fn from_plain(text: &str) -> Self {
        Self { error: Some(shortened(text)), form: BodyForm::Text, ..Self::default() }
    }
}

impl ErrorData {
    fn from_members(members: &Map<String, Value>) -> Box<Self> {
        let text = |name: &str| members.get(name).and_then(text);
        let secret = members.get("partial_session_id").and_then(Value::as_str);
        Box::new(Self {
            host: text("host"),
            partial_session_id: secret.map(SecretString::from),
            two_factor_authentication_methods: texts(
                members.get("two_factor_authentication_methods"),
            ),
            status: text("status"),
            bytes_transferred: members.get("bytes_transferred").and_then(number),
        })
    }
}

/// Message, type and remedy on one line.
impl fmt::Display for ErrorBody {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", Line(self.message()))?;
        match (&self.error_type, &self.storage, self.status()) {
            (Some(error_type), _, _) => write!(f, " ({})", Line(error_type.as_str()))?,
            (None, Some(storage), _) => write!(f, " (storage: {})", Line(&storage.code))?,
            (None, None, Some(status)) => write!(f, " (HTTP {status})")?,
            (None, None, None) => {}
        }
        match self.remedy() {
            Some(remedy) => write!(f, "; {remedy}"),
            None => Ok(()),
        }
    }
}

/// Reads a document, or the array or string that may stand for one. Only from JSON.
impl<'de> Deserialize<'de> for ErrorBody {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let document = Box::<RawValue>::deserialize(deserializer)?;
        Self::from_json(document.get()).ok_or_else(|| serde::de::Error::custom("nested too deeply"))
    }
}

fn text(value: &Value) -> Option<Box<str>> {
    match value {
        Value::String(text) => Some(text.as_str().into()),
        Value::Number(number) => Some(number.to_string().into()),
        _ => None,
    }
}

fn number(value: &Value) -> Option<i64> {
    match value {
        Value::Number(number) => number.as_i64(),
        Value::String(digits) => digits.trim().parse().ok(),
        _ => None,
    }
}

/// The texts of a list: strings as they are, documents by their message; a lone one counts, too.
fn texts(value: Option<&Value>) -> Vec<Box<str>> {
    let one = |value: &Value| match value {
        Value::Object(members) => members.get("error").and_then(text),
        value => text(value),
    };
    match value {
        Some(Value::Array(items)) => items.iter().filter_map(one).collect(),
        Some(value) => one(value).into_iter().collect(),
        None => Vec::new(),
    }
}

fn by_field(value: Option<&Value>) -> BTreeMap<Box<str>, Vec<Box<str>>> {
    let fields = value.and_then(Value::as_object).into_iter().flatten();
    fields.map(|(field, messages)| (field.as_str().into(), texts(Some(messages)))).collect()
}

fn shortened(text: &str) -> Box<str> {
    text.chars().take(PLAIN).collect::<String>().into()
}

/// How long a document may be that is kept as it came, in bytes.
const DOCUMENT: usize = 64 * 1024;

/// How much is kept of a text that is no document, in characters.
const PLAIN: usize = 500;

#[cfg(test)]
mod tests;
