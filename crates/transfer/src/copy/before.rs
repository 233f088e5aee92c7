//! What can be refused when the source is known, and before anything is sent.

use wharf_connector::{Calls, Capabilities, Entry, Error, ErrorKind, Operation, Reached, Result};

use super::Copy;
use crate::{Place, Verify};

impl Copy<'_> {
    pub(super) fn check_fits(&self, size: Option<u64>) -> Result<()> {
        let limit = self.to.connector.info().limits.max_file;
        let Some((size, limit)) = size.zip(limit).filter(|(size, limit)| size > limit) else {
            return Ok(());
        };
        let message = format!("the file has {size} bytes, and {limit} are allowed");
        let error = Error::new(ErrorKind::TooLarge, message).with_reached(Reached::No);
        Err(self.at_destination(error))
    }

    /// A file is not begun that cannot be ended with the calls that are allowed, unless another run
    /// can go on with it.
    pub(super) fn check_calls(&self, size: Option<u64>) -> Result<()> {
        let connector = &self.to.connector;
        let cost = |bytes| connector.calls(Operation::Write, bytes).unwrap_or_default();
        let needed = cost(size.unwrap_or_default());
        let Some((left, most)) = Calls::here().filter(|(left, _)| needed > *left) else {
            return Ok(());
        };
        let in_parts = needed > cost(0) && self.options.checkpoint.is_some();
        if in_parts && self.destination_can(Capabilities::WRITE_RESUME) {
            return Ok(());
        }
        let message = format!(
            "it needs about {needed} more calls, and {left} are left of {most} that are allowed"
        );
        let error = Error::new(ErrorKind::CallLimit, message).with_reached(Reached::No);
        Err(self.at_destination(error))
    }

    /// Whether the content comes from another machine that tells no checksum, and goes to this
    /// one: then nobody but us has ever summed it up.
    pub(super) fn is_unvouched(&self, entry: &Entry) -> bool {
        let is_far = |place: &Place| place.connector.info().host.is_some();
        is_far(self.from) && !is_far(self.to) && entry.checksums.is_empty()
    }

    pub(super) fn check_provable(&self, entry: &Entry) -> Result<()> {
        if self.options.verify != Verify::Required || !self.is_unvouched(entry) {
            return Ok(());
        }
        let message = "the source tells no checksum, so what arrives here cannot be verified";
        let error = Error::new(ErrorKind::Unsupported, message).with_reached(Reached::No);
        Err(self.at_destination(error.with_remedy("Be content with the size.")))
    }
}
