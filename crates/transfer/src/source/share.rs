//! How many read at the same time.

use std::sync::Arc;

use super::Source;

/// One of the streams that are being read.
pub(super) struct Share(Arc<Source>);

impl Share {
    pub(super) fn of(source: &Arc<Source>) -> Self {
        source.state().open += 1;
        Self(source.clone())
    }

    pub(super) fn is_one_of_several(&self) -> bool {
        self.0.state().open > 1
    }
}

impl Drop for Share {
    fn drop(&mut self) {
        self.0.state().open -= 1;
    }
}
