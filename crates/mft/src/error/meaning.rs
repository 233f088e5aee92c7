//! What a refusal means for the caller: by the service's code first, by the story of the request last.

use wharf_connector::ErrorKind;
use wharf_model::mft::ErrorCode;
use wharf_transport::{self as transport, StatusCode};

pub(super) fn of_code(code: ErrorCode) -> Option<ErrorKind> {
    match code {
        ErrorCode::SESSION_GONE => Some(ErrorKind::Unauthenticated),
        ErrorCode::INVALID_FILE_ID => Some(ErrorKind::NotFound),
        _ => None,
    }
}

pub(super) fn of_transport(error: &transport::Error) -> ErrorKind {
    match (error.kind(), error.status()) {
        (transport::ErrorKind::Refused, Some(status)) => of_status(status),
        (kind, _) => wharf_service::kind_of(kind),
    }
}

fn of_status(status: StatusCode) -> ErrorKind {
    match status.as_u16() {
        400 | 415 | 422 => ErrorKind::Invalid,
        401 => ErrorKind::Unauthenticated,
        403 => ErrorKind::PermissionDenied,
        404 | 410 => ErrorKind::NotFound,
        409 | 412 | 423 => ErrorKind::Conflict,
        413 => ErrorKind::TooLarge,
        416 => ErrorKind::InvalidRange,
        429 => ErrorKind::RateLimited,
        502..=504 => ErrorKind::Unavailable,
        _ => ErrorKind::Other,
    }
}
