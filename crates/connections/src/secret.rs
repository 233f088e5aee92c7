//! Secrets that are kept elsewhere, and fetched from there on each use.

mod command;
mod file;

pub use file::secret_file;

pub(crate) use command::printed_by;

/// The text without the line end that editors and `echo` leave.
pub(crate) fn without_line_end(text: &str) -> &str {
    let text = text.strip_suffix('\n').unwrap_or(text);
    text.strip_suffix('\r').unwrap_or(text)
}

/// No key and no password is longer.
pub(crate) const LONGEST: u64 = 64 * 1024;
