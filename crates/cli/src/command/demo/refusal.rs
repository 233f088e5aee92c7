//! Refusals that are meant to come, with the service's own words.

use wharf::{Error, ErrorKind};

use crate::document::ErrorBody;
use crate::failure::Result;
use crate::present::error::report;
use crate::present::style::Style;

use super::script::Found;

/// What a refusal must be.
pub(super) struct Expected {
    pub(super) kind: ErrorKind,
    /// In the service's own document, `http-code` and `type`.
    pub(super) code: u64,
    pub(super) name: &'static str,
}

/// Shows a refusal. Anything else, be it a success, is a failure of the demonstration.
pub(super) fn shown<T>(
    outcome: Result<T, Error>,
    expected: &Expected,
    found: Found,
    style: Style,
) -> Result<Found> {
    let Err(error) = outcome else {
        let message = "the service did what it should have refused";
        return Err(Error::new(ErrorKind::Protocol, message).into());
    };
    if !expected.fits(&error) {
        return Err(error.into());
    }
    let mut found = found;
    found.lines.extend(report(&error, style).lines().map(str::to_owned));
    found.refusal = Some(ErrorBody::from(&error));
    Ok(found)
}

impl Expected {
    fn fits(&self, error: &Error) -> bool {
        let document: Option<serde_json::Value> =
            error.document().and_then(|text| serde_json::from_str(text).ok());
        error.kind() == self.kind
            && error.remedy().is_some()
            && document.is_some_and(|document| {
                document.get("http-code").and_then(serde_json::Value::as_u64) == Some(self.code)
                    && document.get("type").and_then(serde_json::Value::as_str) == Some(self.name)
            })
    }
}
