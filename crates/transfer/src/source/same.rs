//! Whether a file is still the one that it was.

use chrono::{DateTime, Utc};
use wharf_connector::Entry;

/// Whether two descriptions are of two contents, by the surest sign that both have.
pub(crate) fn is_changed(before: &Entry, now: &Entry) -> bool {
    if let (Some(before), Some(now)) = (&before.version, &now.version) {
        return before != now;
    }
    let differs = |a: Option<u64>, b: Option<u64>| a.zip(b).is_some_and(|(a, b)| a != b);
    differs(before.size, now.size)
        || before.modified.zip(now.modified).is_some_and(|(a, b)| are_apart(a, b))
        || before.checksums.agree(&now.checksums) == Some(false)
}

/// Some answers of a service tell whole seconds where others tell more.
pub(crate) fn are_apart(a: DateTime<Utc>, b: DateTime<Utc>) -> bool {
    let whole = a.timestamp_subsec_nanos() == 0 || b.timestamp_subsec_nanos() == 0;
    if whole { a.timestamp() != b.timestamp() } else { a != b }
}
