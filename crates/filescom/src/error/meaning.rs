//! What a refusal means for the caller: by type, then by group, then by status.

use wharf_connector::ErrorKind;
use wharf_model::filescom::{ErrorBody, ErrorGroup, ErrorType, StorageErrorKind};

/// The kind of a refusal.
pub(super) fn of_body(body: &ErrorBody) -> ErrorKind {
    if let Some(storage) = &body.storage {
        return of_storage(storage.kind()).unwrap_or_else(|| of_status(body.status()));
    }
    let name = body.error_type.as_ref().and_then(ErrorType::name).unwrap_or_default();
    match body.group() {
        ErrorGroup::NotAuthenticated => ErrorKind::Unauthenticated,
        ErrorGroup::NotAuthorized | ErrorGroup::SiteConfiguration => ErrorKind::PermissionDenied,
        ErrorGroup::NotFound => of_missing(name),
        ErrorGroup::RateLimited => ErrorKind::RateLimited,
        ErrorGroup::ServiceUnavailable => ErrorKind::Unavailable,
        ErrorGroup::BadRequest => of_bad_request(name),
        ErrorGroup::ProcessingFailure => {
            of_processing(name).unwrap_or_else(|| of_conflict(body.status()))
        }
        _ => of_status(body.status()),
    }
}

/// Whether a refusal stands although others of its kind pass.
pub(super) fn stays(body: &ErrorBody) -> bool {
    let name = body.error_type.as_ref().and_then(ErrorType::name);
    matches!(
        name,
        Some(
            "site-disabled"
                | "too-many-login-attempts"
                | "too-many-shares"
                | "duplicate-share-recipient"
                | "reauthentication-rate-limited"
        )
    )
}

fn of_missing(name: &str) -> ErrorKind {
    match name {
        // The place of the file is fine; the upload has to begin again.
        "file-upload-not-found" => ErrorKind::Interrupted,
        _ => ErrorKind::NotFound,
    }
}

fn of_bad_request(name: &str) -> ErrorKind {
    match name {
        "cannot-download-directory" => ErrorKind::IsAFolder,
        "folder-must-not-be-a-file" => ErrorKind::NotAFolder,
        "invalid-etags" => ErrorKind::Corrupted,
        "attachment-too-large" | "part-number-too-large" | "request-body-too-large" => {
            ErrorKind::TooLarge
        }
        "does-not-support-sorting" | "method-not-allowed" => ErrorKind::Unsupported,
        _ => ErrorKind::Invalid,
    }
}

fn of_processing(name: &str) -> Option<ErrorKind> {
    Some(match name {
        "destination-exists" | "destination-parent-conflict" => ErrorKind::AlreadyExists,
        "destination-parent-does-not-exist" => ErrorKind::NotFound,
        "folder-not-empty" => ErrorKind::NotEmpty,
        "file-not-uploaded" => ErrorKind::Interrupted,
        "configuration-locked-path"
        | "could-not-create-parent"
        | "download-identity-unavailable"
        | "file-locked"
        | "folder-locked"
        | "resource-locked"
        | "subfolder-locked" => ErrorKind::Conflict,
        "file-pending-processing" | "file-processing-error" => ErrorKind::Blocked,
        "agent-unavailable" | "remote-server-error" | "sync-in-progress" => ErrorKind::Unavailable,
        "destination-folder-limited"
        | "filename-too-long"
        | "invalid-file-type"
        | "invalid-filename"
        | "invalid-priority-color"
        | "invalid-site"
        | "invalid-zip-file"
        | "model-save-error"
        | "path-too-long" => ErrorKind::Invalid,
        "invalid-range" => ErrorKind::InvalidRange,
        "file-too-big-to-decrypt" | "file-too-big-to-encrypt" => ErrorKind::TooLarge,
        "behavior-not-allowed-on-remote-server"
        | "buffered-upload-disabled-for-this-destination"
        | "metadata-not-supported-on-remotes"
        | "updates-not-allowed-for-remotes" => ErrorKind::Unsupported,
        _ => return None,
    })
}

/// A failed operation of which only the group is known.
fn of_conflict(status: Option<u16>) -> ErrorKind {
    match of_status(status) {
        ErrorKind::Invalid => ErrorKind::Other,
        kind => kind,
    }
}

fn of_status(status: Option<u16>) -> ErrorKind {
    match status.unwrap_or_default() {
        400 | 422 => ErrorKind::Invalid,
        401 => ErrorKind::Unauthenticated,
        403 => ErrorKind::PermissionDenied,
        404 | 410 => ErrorKind::NotFound,
        405 | 501 => ErrorKind::Unsupported,
        408 => ErrorKind::Timeout,
        409 | 412 | 423 => ErrorKind::Conflict,
        413 => ErrorKind::TooLarge,
        416 => ErrorKind::InvalidRange,
        429 | 509 => ErrorKind::RateLimited,
        500..=599 => ErrorKind::Unavailable,
        _ => ErrorKind::Other,
    }
}

fn of_storage(kind: StorageErrorKind) -> Option<ErrorKind> {
    Some(match kind {
        StorageErrorKind::Timeout => ErrorKind::Timeout,
        StorageErrorKind::Unavailable => ErrorKind::Unavailable,
        StorageErrorKind::RateLimited => ErrorKind::RateLimited,
        StorageErrorKind::Expired => ErrorKind::Interrupted,
        StorageErrorKind::NotFound => ErrorKind::NotFound,
        StorageErrorKind::TooLarge => ErrorKind::TooLarge,
        StorageErrorKind::Permission => ErrorKind::PermissionDenied,
        StorageErrorKind::Changed => ErrorKind::Conflict,
        StorageErrorKind::Archived => ErrorKind::Blocked,
        StorageErrorKind::Configuration => ErrorKind::Other,
        _ => return None,
    })
}
