//! Calls that are counted, and may be bounded.

use wharf_connector::Calls;
use wharf_transport::{Error, ErrorKind, Result};

/// What a [`Dialect`](wharf_transport::Dialect) answers to
/// [`count_call`](wharf_transport::Dialect::count_call): the call counts for whoever
/// [counts](Calls::count) the work.
///
/// # Errors
///
/// `CallLimit` when it would be one too many: then it is not sent.
///
/// ```
/// use wharf_connector::Calls;
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() {
/// let calls = Calls::new();
/// calls.bound(1);
/// calls
///     .count(async {
///         wharf_service::begin_call().unwrap();
///         wharf_service::take_back_call();
///         wharf_service::begin_call().unwrap();
///         let refused = wharf_service::begin_call().unwrap_err();
///         assert_eq!(refused.kind(), wharf_transport::ErrorKind::CallLimit);
///     })
///     .await;
/// assert_eq!(calls.made(), 1);
/// # }
/// ```
pub fn begin_call() -> Result<()> {
    Calls::begin().map_err(|error| Error::new(ErrorKind::CallLimit, error.message().to_owned()))
}

/// What a dialect answers to [`uncount_call`](wharf_transport::Dialect::uncount_call).
pub fn take_back_call() {
    Calls::take_back();
}
