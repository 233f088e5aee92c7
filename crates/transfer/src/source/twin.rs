//! An error that is needed twice.

use wharf_connector::Error;

/// The same error once more, without its causes: one goes through the content, and
/// destinations do not always give it back.
pub(super) fn twin(error: &Error) -> Error {
    let mut twin = Error::new(error.kind(), error.message().to_owned())
        .with_transient(error.is_transient())
        .with_reached(error.reached());
    if let Some(scheme) = error.scheme() {
        twin = twin.of(scheme);
    }
    if let (Some(operation), Some(path)) = (error.operation(), error.path()) {
        twin = twin.during(operation, path);
    }
    if let Some(wait) = error.retry_after() {
        twin = twin.with_retry_after(wait);
    }
    if let Some(remedy) = error.remedy() {
        twin = twin.with_remedy(remedy.to_owned());
    }
    if let Some(document) = error.document() {
        twin = twin.with_document(document);
    }
    twin
}
