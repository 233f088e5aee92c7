//! Whose error it is.

use wharf_connector::Error;

/// A write that failed because its source did is the source's error, whatever the
/// destination has made of it.
pub(super) fn blame(error: Error, failure: Option<Error>) -> Error {
    let Some(failure) = failure else {
        return error;
    };
    if error.kind() == failure.kind() && error.message() == failure.message() {
        // It came through as it was; a connector in between may have changed its path.
        let path = failure.path().cloned();
        return error.map_path(|of_error| path.unwrap_or(of_error));
    }
    failure.with_source(error)
}
