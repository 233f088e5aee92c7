//! What a failure of HTTP means to a caller.

use wharf_connector::ErrorKind;
use wharf_transport as transport;

/// The kind of a failure that was no answer of the service. Of a refusal, and of whatever has no
/// meaning here, it is `Other`: what the service says decides.
///
/// ```
/// use wharf_connector::ErrorKind;
/// use wharf_transport as transport;
///
/// assert_eq!(wharf_service::kind_of(transport::ErrorKind::Connect), ErrorKind::Unavailable);
/// // A certificate does not get better by waiting.
/// assert!(!wharf_service::kind_of(transport::ErrorKind::Tls).is_transient());
/// ```
pub fn kind_of(kind: transport::ErrorKind) -> ErrorKind {
    match kind {
        transport::ErrorKind::Invalid | transport::ErrorKind::Content => ErrorKind::Invalid,
        transport::ErrorKind::Connect => ErrorKind::Unavailable,
        transport::ErrorKind::Timeout => ErrorKind::Timeout,
        transport::ErrorKind::Interrupted => ErrorKind::Interrupted,
        transport::ErrorKind::Redirected | transport::ErrorKind::Protocol => ErrorKind::Protocol,
        transport::ErrorKind::TooLarge => ErrorKind::TooLarge,
        transport::ErrorKind::Changed => ErrorKind::Conflict,
        transport::ErrorKind::CallLimit => ErrorKind::CallLimit,
        transport::ErrorKind::Unauthenticated => ErrorKind::Unauthenticated,
        _ => ErrorKind::Other,
    }
}
