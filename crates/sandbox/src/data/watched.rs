//! A value that knows whether it may have changed.

use std::ops::{Deref, DerefMut};

/// Counts as changed when anyone had it to change it.
#[derive(Debug, Default)]
pub(crate) struct Watched<T> {
    value: T,
    changed: bool,
}

impl<T> Watched<T> {
    /// Whether it may have changed since this was asked last.
    pub(crate) fn take_changed(&mut self) -> bool {
        std::mem::take(&mut self.changed)
    }
}

impl<T> From<T> for Watched<T> {
    fn from(value: T) -> Self {
        Self { value, changed: true }
    }
}

impl<T> Deref for Watched<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}

impl<T> DerefMut for Watched<T> {
    fn deref_mut(&mut self) -> &mut T {
        self.changed = true;
        &mut self.value
    }
}
