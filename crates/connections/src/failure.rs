//! Failures of this machine, in the words of the contract.

use std::fmt::Display;
use std::io;
use std::path::Path;

use wharf_connector::{Error, ErrorKind};

/// Why a file could not be read or locked.
pub(crate) fn on_file(what: &str, path: &Path, error: io::Error) -> Error {
    let message = format!("{what} {} cannot be used: {error}", path.display());
    Error::new(kind(&error), message).with_source(error)
}

/// Why a file could not be written: nothing of it was.
pub(crate) fn on_save(what: &str, path: &Path, error: io::Error) -> Error {
    let message = format!("{what} {} cannot be saved: {error}", path.display());
    let error = Error::new(kind(&error), message).with_source(error);
    error.with_remedy(
        "Nothing was changed: it is as it was before. Make room or give the right to write, \
         and try again.",
    )
}

/// A file that others could read or change.
pub(crate) fn open_to_others(what: &str, path: &Path, mode: u32) -> Error {
    let path = path.display();
    let message = format!("{what} {path} is open to others (mode {mode:03o})");
    Error::new(ErrorKind::Invalid, message).with_remedy(format!("Close it: chmod 600 '{path}'"))
}

/// What a person has to change first.
pub(crate) fn invalid(message: impl Display, remedy: impl Display) -> Error {
    Error::new(ErrorKind::Invalid, message.to_string()).with_remedy(remedy.to_string())
}

/// A secret that cannot be had.
pub(crate) fn no_secret(message: impl Display, remedy: impl Display) -> Error {
    Error::new(ErrorKind::Unauthenticated, message.to_string()).with_remedy(remedy.to_string())
}

fn kind(error: &io::Error) -> ErrorKind {
    match error.kind() {
        io::ErrorKind::NotFound => ErrorKind::NotFound,
        io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => {
            ErrorKind::PermissionDenied
        }
        io::ErrorKind::IsADirectory => ErrorKind::IsAFolder,
        io::ErrorKind::NotADirectory => ErrorKind::NotAFolder,
        _ => ErrorKind::Other,
    }
}
