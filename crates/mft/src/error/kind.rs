//! Which neutral kind a refusal is: by the service's code first, by the story of the request last.

use wharf_connector::ErrorKind;
use wharf_model::mft::ErrorCode;
use wharf_transport::{self as transport, StatusCode};

pub(super) fn kind_of_code(code: ErrorCode) -> Option<ErrorKind> {
    match code {
        ErrorCode::SESSION_GONE => Some(ErrorKind::Unauthenticated),
        ErrorCode::INVALID_FILE_ID => Some(ErrorKind::NotFound),
        _ => None,
    }
}

pub(super) fn kind_of(error: &transport::Error) -> ErrorKind {
    use transport::ErrorKind as Http;
    match error.kind() {
        Http::Invalid | Http::Content => ErrorKind::Invalid,
        Http::Connect => ErrorKind::Unavailable,
        // A certificate does not get better by waiting.
        Http::Tls => ErrorKind::Other,
        Http::Timeout => ErrorKind::Timeout,
        Http::Interrupted => ErrorKind::Interrupted,
        Http::Refused => error.status().map_or(ErrorKind::Other, kind_of_status),
        Http::TooLarge => ErrorKind::TooLarge,
        Http::Changed => ErrorKind::Conflict,
        Http::CallLimit => ErrorKind::CallLimit,
        Http::Unauthenticated => ErrorKind::Unauthenticated,
        _ => ErrorKind::Protocol,
    }
}

fn kind_of_status(status: StatusCode) -> ErrorKind {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_certificate_that_is_wrong_stays_wrong() {
        let kind = |kind| kind_of(&transport::Error::new(kind, "no"));
        assert!(!kind(transport::ErrorKind::Tls).is_transient());
        assert!(kind(transport::ErrorKind::Connect).is_transient());
    }
}
