//! A bound on the memory of parts.

use std::io;
use std::sync::Arc;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// The most bytes that may be held at the same time, for contents that can be read once only. It is
/// kept in steps of 1 KiB. Clones share it.
///
/// ```
/// use wharf_service::Budget;
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> std::io::Result<()> {
/// let budget = Budget::new(64 * 1024);
/// let mut whole = budget.take(64 * 1024).await?;
/// whole.keep(1024); // the content was shorter: the rest is there for others
/// assert_eq!(budget.free(), 63 * 1024);
/// # Ok(()) }
/// ```
#[derive(Debug, Clone)]
pub struct Budget(Arc<Semaphore>);

/// What was taken of a [`Budget`], until it is dropped.
#[derive(Debug)]
pub struct Share(OwnedSemaphorePermit);

impl Budget {
    /// So many bytes in all.
    pub fn new(bytes: u64) -> Self {
        let most = usize::try_from(bytes.div_ceil(STEP)).unwrap_or(usize::MAX);
        Self(Arc::new(Semaphore::new(most.min(Semaphore::MAX_PERMITS))))
    }

    /// How many bytes are free.
    pub fn free(&self) -> u64 {
        self.0.available_permits() as u64 * STEP
    }

    /// Waits until so many bytes are free. More than there are in all are never free.
    ///
    /// # Errors
    ///
    /// None in practice: nobody closes a budget.
    pub async fn take(&self, bytes: u64) -> io::Result<Share> {
        let taken = self.0.clone().acquire_many_owned(steps(bytes)).await;
        taken.map(Share).map_err(|_| io::Error::other("the budget is closed"))
    }
}

impl Share {
    /// Gives back what is not needed after all.
    pub fn keep(&mut self, bytes: u64) {
        let surplus = self.0.num_permits().saturating_sub(steps(bytes) as usize);
        drop(self.0.split(surplus));
    }
}

fn steps(bytes: u64) -> u32 {
    u32::try_from(bytes.div_ceil(STEP)).unwrap_or(u32::MAX)
}

const STEP: u64 = 1024;

#[cfg(test)]
mod tests {
    use std::future::Future;
    use std::pin::pin;
    use std::task::{Context, Waker};

    use super::*;

    fn is_ready(future: impl Future) -> bool {
        pin!(future).poll(&mut Context::from_waker(Waker::noop())).is_ready()
    }

    #[tokio::test]
    async fn who_comes_too_late_waits_until_something_is_given_back() {
        let budget = Budget::new(10 * STEP);
        let mut first = budget.take(9 * STEP + 1).await.unwrap();
        assert!(!is_ready(budget.take(1)), "the last byte begins the tenth step");
        first.keep(2 * STEP);
        let second = budget.take(8 * STEP).await.unwrap();
        assert!(!is_ready(budget.take(1)));
        drop((first, second));
        assert!(is_ready(budget.take(10 * STEP)));
    }
}
