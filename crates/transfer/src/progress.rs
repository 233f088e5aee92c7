//! Hearing how far a transfer has come.

/// Hears how far a transfer has come. Every method does nothing unless it is written.
///
/// It is called between two steps of the transfer, on the caller's own task; so it shall
/// be quick. `&()` hears nothing.
///
/// ```
/// use std::sync::atomic::{AtomicU64, Ordering};
/// use wharf_transfer::Progress;
///
/// #[derive(Default)]
/// struct Count(AtomicU64);
///
/// impl Progress for Count {
///     fn advanced(&self, bytes: u64) {
///         self.0.fetch_add(bytes, Ordering::Relaxed);
///     }
///     fn repeated(&self, bytes: u64) {
///         self.0.fetch_sub(bytes, Ordering::Relaxed);
///     }
/// }
/// ```
pub trait Progress: Send + Sync {
    /// A try begins. The size is that of the source, if it is known.
    fn started(&self, size: Option<u64>) {
        let _ = size;
    }

    /// So many more bytes have gone from the source to the destination.
    fn advanced(&self, bytes: u64) {
        let _ = bytes;
    }

    /// So many of the bytes told by [`advanced`](Self::advanced) go once more: a part, or
    /// everything when a new try begins.
    fn repeated(&self, bytes: u64) {
        let _ = bytes;
    }

    /// So many more bytes were read back from the destination.
    fn read_back(&self, bytes: u64) {
        let _ = bytes;
    }
}

impl Progress for () {}
