//! Exit codes: one table for the program, its help and its documentation.

use wharf::ErrorKind;

/// What one exit code means.
pub(crate) struct Meaning {
    pub(crate) code: u8,
    /// The word for it: that of the [`ErrorKind`] where there is one.
    pub(crate) word: &'static str,
    pub(crate) about: &'static str,
}

/// The exit code of an error.
pub(crate) fn code(kind: ErrorKind) -> u8 {
    TABLE.iter().find(|meaning| meaning.word == kind.as_str()).map_or(OTHER, |meaning| meaning.code)
}

/// The whole table, for `--help`.
pub(crate) fn table() -> String {
    let mut text = String::from("Exit codes:");
    for Meaning { code, word, about } in TABLE {
        text.push_str(&format!("\n  {code:>3}  {word:<18} {about}"));
    }
    text
}

/// Anything that has no code of its own.
pub(crate) const OTHER: u8 = 1;

/// The codes are promised: a kind keeps its code. 20 to 24 mean that the same command may
/// succeed later.
pub(crate) const TABLE: &[Meaning] = &[
    meaning(0, "done", "everything was done"),
    meaning(OTHER, "other", "something else went wrong"),
    meaning(2, "invalid", "the command, a path or a setting makes no sense"),
    meaning(3, "not-found", "nothing is there, or the account may not see it"),
    meaning(4, "unauthenticated", "the credentials are missing, wrong, expired or revoked"),
    meaning(5, "permission-denied", "the account may not do this"),
    meaning(6, "already-exists", "something stands at the destination"),
    meaning(7, "not-empty", "the folder has content"),
    meaning(8, "is-a-folder", "a folder stands where a file is needed"),
    meaning(9, "not-a-folder", "a file stands where a folder is needed"),
    meaning(10, "conflict", "a lock, or a change by someone else"),
    meaning(11, "blocked", "held back by the service: quarantined, half uploaded"),
    meaning(12, "unsupported", "this service cannot do that"),
    meaning(13, "invalid-range", "the range starts at or after the end of the file"),
    meaning(14, "too-large", "more bytes than a limit allows"),
    meaning(20, "rate-limited", "the service asks for fewer calls"),
    meaning(21, "unavailable", "the service does not work at the moment"),
    meaning(22, "timeout", "no answer in time"),
    meaning(23, "interrupted", "a transfer broke off"),
    meaning(24, "pending", "the service works on it and had not finished in time"),
    meaning(30, "corrupted", "bytes arrived, and they are not the right ones"),
    meaning(31, "protocol", "the service broke its own rules"),
    meaning(DIFFERS, "differs", "`check` found two trees that differ"),
    meaning(INCOMPLETE, "incomplete", "a tree was carried, but not all of it"),
    meaning(CHANGED, "changed", "`verify` found something else than its receipts say"),
    meaning(43, "call-limit", "stopped before more calls than `--max-api-calls`"),
    meaning(101, "fault", "a fault of this program"),
    meaning(STOPPED, "stopped", "stopped by Ctrl-C"),
    meaning(TERMINATED, "terminated", "stopped by a request to terminate"),
];

/// Two trees differ.
pub(crate) const DIFFERS: u8 = 40;

/// Some of a tree was left out, or failed.
pub(crate) const INCOMPLETE: u8 = 41;

/// Something is not as its receipt says.
pub(crate) const CHANGED: u8 = 42;

/// Stopped by Ctrl-C: 128 and the number of the signal, as shells count.
pub(crate) const STOPPED: u8 = 130;

/// Stopped by a request to terminate.
pub(crate) const TERMINATED: u8 = 143;

const fn meaning(code: u8, word: &'static str, about: &'static str) -> Meaning {
    Meaning { code, word, about }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_has_a_code_of_its_own() {
        for kind in KINDS {
            let rows = TABLE.iter().filter(|row| row.word == kind.as_str()).count();
            assert_eq!(rows, 1, "{kind}");
        }
        assert_eq!(code(ErrorKind::NotFound), 3);
        assert_eq!(code(ErrorKind::Other), OTHER);
    }

    #[test]
    fn codes_and_words_are_distinct() {
        for (number, row) in TABLE.iter().enumerate() {
            for other in TABLE.iter().skip(number + 1) {
                assert_ne!(row.code, other.code, "{} and {}", row.word, other.word);
                assert_ne!(row.word, other.word);
            }
        }
    }

    #[test]
    fn the_document_has_the_same_table() {
        let document = include_str!("../../../docs/errors.md");
        let listed: Vec<(u8, &str, &str)> = document.lines().filter_map(row).collect();
        let table: Vec<_> =
            TABLE.iter().map(|meaning| (meaning.code, meaning.word, meaning.about)).collect();
        assert_eq!(listed, table);
    }

    /// A row of the document's table: `| 3 | not-found | nothing is there |`.
    fn row(line: &str) -> Option<(u8, &str, &str)> {
        let mut cells = line.strip_prefix("| ")?.split('|').map(str::trim);
        let code = cells.next()?.parse().ok()?;
        Some((code, cells.next()?.trim_matches('`'), cells.next()?))
    }

    const KINDS: &[ErrorKind] = &[
        ErrorKind::NotFound,
        ErrorKind::AlreadyExists,
        ErrorKind::NotEmpty,
        ErrorKind::IsAFolder,
        ErrorKind::NotAFolder,
        ErrorKind::Unauthenticated,
        ErrorKind::PermissionDenied,
        ErrorKind::Conflict,
        ErrorKind::Blocked,
        ErrorKind::Invalid,
        ErrorKind::InvalidRange,
        ErrorKind::Unsupported,
        ErrorKind::TooLarge,
        ErrorKind::RateLimited,
        ErrorKind::Unavailable,
        ErrorKind::Timeout,
        ErrorKind::Interrupted,
        ErrorKind::Pending,
        ErrorKind::CallLimit,
        ErrorKind::Corrupted,
        ErrorKind::Protocol,
        ErrorKind::Other,
    ];
}
