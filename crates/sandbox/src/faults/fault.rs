//! What can go wrong with one request.

use serde::{Deserialize, Serialize};

/// One mishap. Where it acts on the answer of a request that was carried out, it says so;
/// otherwise the request has no effect.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Fault {
    /// Another status than asked for; nothing is done.
    Status {
        /// The HTTP status.
        code: u16,
        /// The text of `Retry-After`, as it stands: seconds, a date, or nonsense.
        #[serde(default)]
        retry_after: Option<String>,
        /// The body; without it, the error document the service would send.
        #[serde(default)]
        body: Option<String>,
    },
    /// A refusal that repeats address, headers and the beginning of the body as they were sent,
    /// secrets included; nothing is done.
    Echo {
        /// The HTTP status.
        code: u16,
    },
    /// The request is carried out, then another status is answered.
    StatusAfter {
        /// The HTTP status.
        code: u16,
    },
    /// The connection is reset without an answer; nothing is done.
    ResetBefore,
    /// The connection is reset after this many bytes of the request's body.
    ResetDuring(u64),
    /// The request is carried out, then the connection is reset without an answer.
    LoseAnswer,
    /// No answer ever comes; nothing is done.
    Stall,
    /// The answer stops after this many bytes of its body, the connection staying open.
    StallAfter(u64),
    /// The body of the answer comes in small pieces with pauses between.
    Trickle {
        /// Bytes at a time.
        bytes: u32,
        /// Milliseconds between two pieces.
        pause: u64,
    },
    /// The connection ends after this many bytes of the answer's body.
    CutAfter(u64),
    /// The connection is reset after this many bytes of the answer's body; the client may
    /// lose some of them to the reset.
    ResetAfter(u64),
    /// The byte at this offset of the answer's body is inverted.
    FlipByte(u64),
    /// The answer announces a length off by this many bytes. Too long, and the body ends
    /// early; too short, and the body is cut to what was announced.
    WrongLength(i64),
    /// The answer does not announce its length.
    NoLength,
    /// The byte at this offset of the request's body is inverted before it is stored.
    FlipRequestByte(u64),
    /// Only this many bytes of the request's body are stored.
    CutRequest(u64),
    /// Success, with a page in HTML instead of what was asked for; nothing is done.
    Html,
    /// Success, with plain text instead of what was asked for; nothing is done.
    NotJson,
    /// Success, with a JSON object nobody expects; nothing is done.
    WrongJson,
    /// Success, with an empty body; nothing is done.
    EmptyBody,
    /// The answer's document ends in the middle, its length announced accordingly.
    TruncatedJson,
    /// Success, with arrays nested this deep; nothing is done.
    DeepJson(u32),
    /// Success, with a compressed body that inflates to this many bytes; nothing is done.
    GzipBomb(u64),
    /// The answer brings a header with a value of this many bytes.
    HugeHeader(u32),
    /// The answer names another `ETag`.
    WrongEtag,
    /// The answer names no `ETag`.
    NoEtag,
    /// The answer points elsewhere; nothing is done.
    Redirect {
        /// The value of `Location`.
        to: String,
        /// The status, 302 if it is not said.
        #[serde(default = "found")]
        code: u16,
    },
    /// Files.com: the account belongs to another region's host; nothing is done.
    RegionMismatch {
        /// The host to use, as the service names it.
        host: String,
    },
    /// An address that has expired: a storage address is refused, or the address handed out
    /// has its time behind it.
    ExpiredLink,
    /// The session is over; nothing is done.
    ExpiredSession,
    /// Entries of the answer carry wrong checksums.
    ChecksumWrong,
    /// Entries of the answer carry no checksums.
    NoChecksum,
    /// Entries of the answer are this many bytes larger (or smaller) than they are.
    SizeWrong(i64),
    /// The first entry of a listing comes twice.
    DuplicateEntries,
    /// The first entry of a listing is left out.
    MissingEntry,
    /// Files.com: the listing names the same next page for ever.
    EndlessCursor,
    /// The entries of a listing bear hostile names: `../../etc/passwd`, `C:\x`, control
    /// characters, an empty name.
    NastyNames,
    /// A listing of this many entries.
    ManyEntries(u64),
    /// Files.com: the migration is answered as failed.
    MigrationFailed,
    /// Files.com: the migration is answered as still running.
    MigrationStuck,
    /// A range is asked for and ignored: the whole content is answered.
    IgnoreRange,
    /// The answer to a range names another range than it brings.
    WrongRange,
}

impl Fault {
    /// A status with the service's own error document.
    #[must_use]
    pub fn status(code: u16) -> Self {
        Self::Status { code, retry_after: None, body: None }
    }

    /// A status that says when to come back: seconds, an HTTP date, or nonsense.
    #[must_use]
    pub fn retry_after(code: u16, text: impl Into<String>) -> Self {
        Self::Status { code, retry_after: Some(text.into()), body: None }
    }

    /// A redirect with status 302.
    #[must_use]
    pub fn redirect(to: impl Into<String>) -> Self {
        Self::Redirect { to: to.into(), code: found() }
    }

    /// The name of the fault, as rules in JSON call it.
    #[must_use]
    pub fn name(&self) -> String {
        match serde_json::to_value(self) {
            Ok(serde_json::Value::String(name)) => name,
            Ok(serde_json::Value::Object(fields)) => fields.keys().cloned().collect(),
            _ => String::new(),
        }
    }
}

fn found() -> u16 {
    302
}
