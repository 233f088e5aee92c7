//! Refusals: the `ErrorInfo` codes, the three documented ones and those invented here.

use axum::http::StatusCode;

/// The codes this face makes up, each with its meaning.
///
/// The service's own list of codes is not public. Only 101 (the session no longer exists), 7001
/// (invalid file id) and 90000 (unknown exception of the transfer pages) are documented (Boomi:
/// Exception handling; Boomi: X-FTH-Error). Everything else is **invented** for the sandbox and
/// starts with 9900, a range chosen so that nobody takes it for the real thing: a client must
/// not key its behaviour on these numbers.
pub const INVENTED_CODES: [(u32, &str); 21] = [
    (SIGN_IN, "user name or password wrong"),
    (TICKET, "ticket missing or wrong"),
    (FIELD_MISSING, "a required field is missing"),
    (FIELD_VALUE, "the value of a field is not understood or too long"),
    (INVALID_FOLDER, "no such folder, or not visible to this user"),
    (NO_RIGHT, "the user lacks a right on the entry"),
    (NAME_TAKEN, "the folder already has an entry of this name"),
    (NAME_INVALID, "the name is empty, too long or has forbidden characters"),
    (FIXED, "a folder of the system cannot be renamed, moved or deleted"),
    (INTO_ITSELF, "a folder cannot be moved into itself"),
    (QUARANTINED, "the file is quarantined"),
    (CHUNK, "the chunk does not follow what is stored"),
    (NO_HOME, "the user has no home folder"),
    (ACTION, "unknown upload operation, upload action or download action"),
    (UNKNOWN_ID, "no such user, group, message or mark"),
    (ROLE, "the user's role does not allow this"),
    (LOG_OPERATION, "unknown file system log operation"),
    (OFFSET, "the offset lies beyond the end"),
    (TOO_LARGE, "the request is larger than the server takes"),
    (BODY, "the body cannot be read"),
    (UNAVAILABLE, "the service is out of order (injected)"),
];

pub(crate) const SIGN_IN: u32 = 990_001;
pub(crate) const TICKET: u32 = 990_002;
pub(crate) const FIELD_MISSING: u32 = 990_003;
pub(crate) const FIELD_VALUE: u32 = 990_004;
pub(crate) const INVALID_FOLDER: u32 = 990_005;
pub(crate) const NO_RIGHT: u32 = 990_006;
pub(crate) const NAME_TAKEN: u32 = 990_007;
pub(crate) const NAME_INVALID: u32 = 990_008;
pub(crate) const FIXED: u32 = 990_009;
pub(crate) const INTO_ITSELF: u32 = 990_010;
pub(crate) const QUARANTINED: u32 = 990_011;
pub(crate) const CHUNK: u32 = 990_012;
pub(crate) const NO_HOME: u32 = 990_013;
pub(crate) const ACTION: u32 = 990_014;
pub(crate) const UNKNOWN_ID: u32 = 990_015;
pub(crate) const ROLE: u32 = 990_016;
pub(crate) const LOG_OPERATION: u32 = 990_017;
pub(crate) const OFFSET: u32 = 990_018;
pub(crate) const TOO_LARGE: u32 = 990_019;
pub(crate) const BODY: u32 = 990_020;
pub(crate) const UNAVAILABLE: u32 = 990_021;

/// Documented: the session is dead, unknown or missing.
const SESSION_GONE: u32 = 101;
/// Documented: no such file.
const INVALID_FILE: u32 = 7001;
/// Documented: the generic code of the transfer pages.
const UNKNOWN_EXCEPTION: u32 = 90_000;

/// Why a call is refused: what becomes `ErrorInfo` or the `X-FTH-Error` header.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Refusal {
    pub(crate) status: StatusCode,
    pub(crate) code: u32,
    pub(crate) message: String,
}

impl Refusal {
    /// A refusal with the documented status for errors, 500.
    pub(crate) fn new(code: u32, message: impl Into<String>) -> Self {
        Self { status: StatusCode::INTERNAL_SERVER_ERROR, code, message: message.into() }
    }

    pub(crate) fn session_gone() -> Self {
        Self::new(SESSION_GONE, "Session no longer exists.")
    }

    pub(crate) fn invalid_file(id: &str) -> Self {
        Self::new(INVALID_FILE, format!("Invalid File ID: {}", shown(id)))
    }

    pub(crate) fn invalid_folder(id: &str) -> Self {
        Self::new(INVALID_FOLDER, format!("Invalid Folder ID: {}", shown(id)))
    }

    pub(crate) fn unknown_exception() -> Self {
        Self::new(UNKNOWN_EXCEPTION, "Unknown exception.")
    }

    pub(crate) fn missing(field: &str) -> Self {
        Self::new(FIELD_MISSING, format!("The field {field} is required."))
    }

    pub(crate) fn value(field: &str) -> Self {
        Self::new(FIELD_VALUE, format!("The value of the field {field} is not valid."))
    }

    pub(crate) fn unknown_id(what: &str, id: &str) -> Self {
        Self::new(UNKNOWN_ID, format!("Invalid {what} ID: {}", shown(id)))
    }

    pub(crate) fn with_status(mut self, status: StatusCode) -> Self {
        self.status = status;
        self
    }
}

/// What the caller sent, cut to a length that fits a header.
fn shown(text: &str) -> String {
    text.chars().take(64).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn invented_codes_are_distinct_and_in_their_own_range() {
        let mut codes: Vec<_> = INVENTED_CODES.iter().map(|(code, _)| *code).collect();
        codes.sort_unstable();
        codes.dedup();
        assert_eq!(codes.len(), INVENTED_CODES.len());
        assert!(codes.iter().all(|code| code / 1000 == 990));
    }

    #[test]
    fn documented_refusals_read_as_printed() {
        let gone = Refusal::session_gone();
        assert_eq!((gone.code, gone.message.as_str()), (101, "Session no longer exists."));
        let file = Refusal::invalid_file("12345");
        assert_eq!((file.code, file.message.as_str()), (7001, "Invalid File ID: 12345"));
    }
}
