//! How a source is read.

use crate::Pace;

/// How to read.
#[derive(Debug, Clone)]
pub(crate) struct Reading {
    /// MD5 too, which needs the bytes in order.
    pub(crate) md5: bool,
    /// Look at the source again at the end, wherever it is.
    pub(crate) recheck: bool,
    /// The destination compares with the source's checksum by itself.
    pub(crate) destination_checks: bool,
    /// The destination sums up what it writes, and refuses what has not the source's checksum,
    /// before the file gets its name.
    pub(crate) destination_sums: bool,
    /// An earlier write may be gone on with.
    pub(crate) later: bool,
    pub(crate) pace: Pace,
}
