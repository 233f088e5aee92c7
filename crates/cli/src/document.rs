//! The JSON documents that several commands share. `docs/json.md` describes them all.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::Value;
use wharf::connector::{ConnectionReport, Reached, Stage};
use wharf::{Checksums, Entry, Error, ErrorKind, Operation, transport};

use crate::exit;
use crate::place::LOCAL;
use crate::present::remedy::remedy;
use crate::present::time::{exact, seconds};

/// A file or folder.
#[derive(Debug, Serialize)]
pub(crate) struct EntryDocument<'a> {
    path: &'a str,
    name: &'a str,
    kind: &'static str,
    size: Option<u64>,
    modified: Option<String>,
    created: Option<String>,
    checksums: BTreeMap<&'static str, String>,
    permissions: Option<Vec<String>>,
    state: &'static str,
    id: Option<&'a str>,
    version: Option<&'a str>,
    content_type: Option<&'a str>,
    description: Option<&'a str>,
    tags: &'a [Box<str>],
    properties: &'a BTreeMap<String, String>,
}

impl<'a> From<&'a Entry> for EntryDocument<'a> {
    fn from(entry: &'a Entry) -> Self {
        Self {
            path: entry.path.as_str(),
            name: entry.name(),
            kind: entry.kind.as_str(),
            size: entry.size,
            modified: entry.modified.map(exact),
            created: entry.created.map(exact),
            checksums: checksums(&entry.checksums),
            permissions: entry.permissions.map(words),
            state: entry.state.as_str(),
            id: entry.id.as_deref(),
            version: entry.version.as_deref(),
            content_type: entry.content_type.as_deref(),
            description: entry.description.as_deref(),
            tags: &entry.tags,
            properties: &entry.properties,
        }
    }
}

/// Checksums by algorithm, as lower-case hexadecimal digits.
pub(crate) fn checksums(checksums: &Checksums) -> BTreeMap<&'static str, String> {
    checksums.iter().collect()
}

fn words(permissions: wharf::Permissions) -> Vec<String> {
    permissions.iter_names().map(|(name, _)| name.to_ascii_lowercase()).collect()
}

/// What goes to standard error when a command fails.
#[derive(Debug, Serialize)]
pub(crate) struct ErrorDocument {
    error: ErrorBody,
    /// The others, when several things failed.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    others: Vec<ErrorBody>,
}

#[derive(Debug, Serialize)]
pub(crate) struct ErrorBody {
    kind: &'static str,
    exit_code: u8,
    message: String,
    operation: Option<&'static str>,
    path: Option<String>,
    scheme: Option<&'static str>,
    remedy: Option<String>,
    transient: bool,
    reached: &'static str,
    retry_after: Option<f64>,
    document: Option<Value>,
    causes: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    report: Option<ReportDocument>,
}

impl ErrorDocument {
    pub(crate) fn new(error: &Error, others: &[Error]) -> Self {
        Self { error: error.into(), others: others.iter().map(Into::into).collect() }
    }
}

impl From<&Error> for ErrorBody {
    fn from(error: &Error) -> Self {
        Self {
            kind: error.kind().as_str(),
            exit_code: exit::code(error.kind()),
            message: error.message().to_owned(),
            operation: error.operation().map(word),
            path: error.path().map(ToString::to_string),
            scheme: error.scheme(),
            remedy: remedy(error),
            transient: error.is_transient(),
            reached: match reached(error) {
                Reached::No => "no",
                Reached::Yes => "yes",
                _ => "maybe",
            },
            retry_after: error.retry_after().map(seconds),
            document: error.document().map(parsed),
            causes: causes(error).iter().map(ToString::to_string).collect(),
            report: error.report().map(Into::into),
        }
    }
}

/// Whether what failed may have been done all the same. Looking changes nothing, and neither does
/// a command that was never begun.
pub(crate) fn reached(error: &Error) -> Reached {
    use Operation::{List, Open, Read, Stat, TestConnection};
    match error.operation() {
        Some(List | Open | Read | Stat | TestConnection) => Reached::No,
        // No answer is lost on this machine, so that a refusal is one.
        Some(_) if is_at_hand(error) && is_refusal(error.kind()) => Reached::No,
        None if error.reached() == Reached::Maybe => Reached::No,
        _ => error.reached(),
    }
}

fn is_at_hand(error: &Error) -> bool {
    matches!(error.scheme(), Some(LOCAL | MEMORY)) && error.reached() == Reached::Maybe
}

fn is_refusal(kind: ErrorKind) -> bool {
    use ErrorKind::{
        AlreadyExists, Invalid, IsAFolder, NotAFolder, NotEmpty, NotFound, TooLarge, Unsupported,
    };
    matches!(
        kind,
        AlreadyExists
            | Invalid
            | IsAFolder
            | NotAFolder
            | NotEmpty
            | NotFound
            | TooLarge
            | Unsupported
    )
}

/// The service's own document: as JSON if it is JSON, else as text.
fn parsed(document: &str) -> Value {
    serde_json::from_str(document).unwrap_or_else(|_| Value::from(document))
}

/// The chain of causes, outermost first, without those that only repeat what was said.
///
/// Beneath the story of a request the layers of the HTTP library speak: the last of them knows
/// the reason, and those above it only that there is one.
pub(crate) fn causes(error: &Error) -> Vec<&Cause> {
    let first = std::error::Error::source(error);
    let chain: Vec<&Cause> = std::iter::successors(first, |cause| cause.source()).collect();
    let request = chain.iter().position(|cause| cause.is::<transport::Error>());
    let request = request.unwrap_or(chain.len());
    let mut said = error.to_string();
    let mut told = Vec::new();
    for (at, cause) in chain.iter().enumerate() {
        let is_ours = at <= request || cause.is::<transport::Error>() || cause.is::<Error>();
        let text = cause.to_string();
        if (is_ours || at + 1 == chain.len()) && !said.contains(&text) {
            said = text;
            told.push(*cause);
        }
    }
    told
}

/// What an error is caused by.
pub(crate) type Cause = dyn std::error::Error + 'static;

/// The stable word for an operation.
pub(crate) fn word(operation: Operation) -> &'static str {
    match operation {
        Operation::Open => "open",
        Operation::TestConnection => "test-connection",
        Operation::Stat => "stat",
        Operation::List => "list",
        Operation::Read => "read",
        Operation::Write => "write",
        Operation::CreateFolder => "create-folder",
        Operation::Delete => "delete",
        Operation::Copy => "copy",
        Operation::Rename => "rename",
        Operation::Update => "update",
        _ => "other",
    }
}

/// What a test of a connection found.
#[derive(Debug, Serialize)]
pub(crate) struct ReportDocument {
    passed: bool,
    account: Option<String>,
    credential: Option<String>,
    permissions: Option<String>,
    confined_to: Option<String>,
    expires: Option<String>,
    clock_skew: Option<i64>,
    stages: Vec<StageDocument>,
    warnings: Vec<String>,
}

#[derive(Debug, Serialize)]
struct StageDocument {
    name: &'static str,
    outcome: &'static str,
    detail: String,
    seconds: f64,
}

impl From<&ConnectionReport> for ReportDocument {
    fn from(report: &ConnectionReport) -> Self {
        Self {
            passed: report.passed(),
            account: report.account.clone(),
            credential: report.credential.clone(),
            permissions: report.permissions.clone(),
            confined_to: report.confined_to.as_ref().map(ToString::to_string),
            expires: report.expires.map(exact),
            clock_skew: report.clock_skew,
            stages: report.stages.iter().map(Into::into).collect(),
            warnings: report.warnings.clone(),
        }
    }
}

impl From<&Stage> for StageDocument {
    fn from(stage: &Stage) -> Self {
        Self {
            name: stage.name,
            outcome: stage.outcome.as_str(),
            detail: stage.detail.clone(),
            seconds: seconds(stage.took),
        }
    }
}

const MEMORY: &str = "memory";

#[cfg(test)]
mod tests {
    use super::*;

    fn document(error: &Error) -> Value {
        serde_json::to_value(ErrorDocument::new(error, &[])).unwrap()
    }

    #[test]
    fn an_error_keeps_the_document_of_the_service() {
        let refused = Error::new(ErrorKind::Unauthenticated, "Invalid Credentials");
        let json = document(&refused.with_document(r#"{"http-code":401,"title":"Invalid"}"#));
        assert_eq!(json["error"]["document"]["http-code"], 401);
        assert_eq!(json["error"]["kind"], "unauthenticated");
        assert_eq!(json["error"]["exit_code"], 4);
        assert_eq!(json["error"]["path"], Value::Null);
        let page = Error::new(ErrorKind::Protocol, "not JSON").with_document("<html>");
        assert_eq!(document(&page)["error"]["document"], "<html>");
    }

    #[derive(Debug)]
    struct Layer(std::io::Error);

    impl std::fmt::Display for Layer {
        fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            f.write_str("error sending request")
        }
    }

    impl std::error::Error for Layer {
        fn source(&self) -> Option<&Cause> {
            Some(&self.0)
        }
    }

    fn texts(error: &Error) -> Vec<String> {
        causes(error).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn of_the_layers_beneath_a_request_the_last_is_told() {
        let refused = std::io::Error::other("Connection refused");
        let layer = Layer(refused);
        let request = transport::Error::new(transport::ErrorKind::Connect, "no connection to h:1");
        let error = Error::new(ErrorKind::Unavailable, "no connection")
            .with_source(request.with_source(layer));
        assert_eq!(texts(&error), ["no connection to h:1", "Connection refused"]);
    }

    #[test]
    fn causes_are_told_once() {
        let inner = Error::new(ErrorKind::Other, "connection refused");
        let error =
            Error::new(ErrorKind::Unavailable, "no answer: connection refused").with_source(inner);
        assert_eq!(causes(&error).len(), 0);
        let inner = Error::new(ErrorKind::Other, "connection refused");
        let error = Error::new(ErrorKind::Unavailable, "no answer").with_source(inner);
        assert_eq!(texts(&error), ["connection refused"]);
    }
}
