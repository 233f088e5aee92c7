//! Counting the calls that services are asked, and allowing no more than so many.

use std::cell::RefCell;
use std::future::poll_fn;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::{Error, ErrorKind, Reached, Result};

/// Counts the calls to services that are made within a piece of work, and may bound them.
///
/// A *call* is one request to the interface of a service: each attempt that was sent, repetitions,
/// logins and redirects too. Content that goes to a storage by a pre-signed address is none. What
/// is counted is up to the backend, by [`begin`](Self::begin); one that says nothing, such as
/// [`Memory`](crate::Memory), counts none.
///
/// Countings may lie in each other: a call counts in each. Clones are the same counting.
///
/// ```
/// use wharf_connector::{Calls, ErrorKind, Result};
///
/// async fn ask() -> Result<()> {
///     Calls::begin() // a backend says this right before it sends
/// }
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<()> {
/// let (job, file) = (Calls::new(), Calls::new());
/// job.bound(2);
/// job.count(async {
///     ask().await?;
///     file.count(ask()).await
/// })
/// .await?;
/// assert_eq!((job.made(), file.made(), job.left()), (2, 1, Some(0)));
///
/// let refused = job.count(ask()).await.unwrap_err();
/// assert_eq!(refused.kind(), ErrorKind::CallLimit);
/// # Ok(()) }
/// ```
#[derive(Debug, Clone, Default)]
pub struct Calls(Arc<Counted>);

#[derive(Debug)]
struct Counted {
    made: AtomicU64,
    most: AtomicU64,
    refused: AtomicU64,
    pauses: AtomicU64,
}

impl Default for Counted {
    fn default() -> Self {
        let (made, refused, pauses) = Default::default();
        Self { made, most: AtomicU64::new(u64::MAX), refused, pauses }
    }
}

impl Calls {
    /// Counts from zero, without a bound.
    pub fn new() -> Self {
        Self::default()
    }

    /// Allows so many in all, those that were made already included.
    pub fn bound(&self, most: u64) {
        self.0.most.store(most, Ordering::Relaxed);
    }

    /// How many are allowed in all, if there is a bound.
    pub fn most(&self) -> Option<u64> {
        Some(self.0.most.load(Ordering::Relaxed)).filter(|most| *most < u64::MAX)
    }

    /// How many were made.
    pub fn made(&self) -> u64 {
        self.0.made.load(Ordering::Relaxed)
    }

    /// How many may still be made, if there is a bound.
    pub fn left(&self) -> Option<u64> {
        self.most().map(|most| most.saturating_sub(self.made()))
    }

    /// Whether a call was kept back, for it would have been one too many.
    pub fn ran_out(&self) -> bool {
        self.0.refused.load(Ordering::Relaxed) > 0
    }

    /// Does the work, and counts what it asks of services while it is polled.
    pub async fn count<F: Future>(&self, work: F) -> F::Output {
        let mut work = pin!(work);
        poll_fn(|context| {
            let _within = Within::enter(self);
            work.as_mut().poll(context)
        })
        .await
    }

    /// The narrowest bound of the work that is being done: how many calls may still be made, and
    /// how many were allowed in all. None where there is no bound.
    pub fn here() -> Option<(u64, u64)> {
        WITHIN.with_borrow(|within| {
            within.iter().filter_map(|calls| calls.left().zip(calls.most())).min()
        })
    }

    /// A backend is about to make a call.
    ///
    /// # Errors
    ///
    /// `CallLimit` when it would be one too many: then it is not to be made.
    pub fn begin() -> Result<()> {
        WITHIN.with_borrow(|within| {
            for (number, calls) in within.iter().enumerate() {
                if let Err(most) = calls.take() {
                    within.iter().take(number).for_each(Self::give_back);
                    return Err(too_many(most));
                }
            }
            Ok(())
        })
    }

    /// A backend could not make the call that it said it was about to: nothing was sent.
    pub fn take_back() {
        WITHIN.with_borrow(|within| within.iter().for_each(Self::give_back));
    }

    /// A backend waits for something that the service does in its own time, such as a checksum, and
    /// asks nothing of it meanwhile: whoever bounds how much is done at a time may let other work
    /// begin.
    pub async fn pause<F: Future>(wait: F) -> F::Output {
        let _paused = Paused::begin();
        wait.await
    }

    /// Whether such a wait goes on in this work. Where several things are done at the same time,
    /// others of them may not wait.
    pub fn is_pausing(&self) -> bool {
        self.0.pauses.load(Ordering::Relaxed) > 0
    }

    /// Takes one, or says how many are allowed.
    fn take(&self) -> Result<(), u64> {
        let most = self.0.most.load(Ordering::Relaxed);
        let more = |made: u64| (made < most).then_some(made + 1);
        let taken = self.0.made.fetch_update(Ordering::Relaxed, Ordering::Relaxed, more);
        if taken.is_err() {
            self.0.refused.fetch_add(1, Ordering::Relaxed);
        }
        taken.map(drop).map_err(|_| most)
    }

    fn give_back(&self) {
        let fewer = |made: u64| made.checked_sub(1);
        // Nothing to give back is fine.
        let _ = self.0.made.fetch_update(Ordering::Relaxed, Ordering::Relaxed, fewer);
    }
}

fn too_many(most: u64) -> Error {
    let message = match most {
        1 => "the one call to services that is allowed is made, and one more is needed".to_owned(),
        most => {
            format!(
                "the {most} calls to services that are allowed are made, and one more is needed"
            )
        }
    };
    Error::new(ErrorKind::CallLimit, message).with_reached(Reached::No)
}

/// Counting in force on this thread, until it is dropped.
struct Within;

impl Within {
    fn enter(calls: &Calls) -> Self {
        WITHIN.with_borrow_mut(|within| within.push(calls.clone()));
        Self
    }
}

impl Drop for Within {
    fn drop(&mut self) {
        WITHIN.with_borrow_mut(|within| within.pop());
    }
}

/// A wait in all countings that it lies in, until it is dropped.
struct Paused(Vec<Calls>);

impl Paused {
    fn begin() -> Self {
        let within = WITHIN.with_borrow(Vec::clone);
        for calls in &within {
            calls.0.pauses.fetch_add(1, Ordering::Relaxed);
        }
        Self(within)
    }
}

impl Drop for Paused {
    fn drop(&mut self) {
        for calls in &self.0 {
            calls.0.pauses.fetch_sub(1, Ordering::Relaxed);
        }
    }
}

thread_local! {
    /// Filled only while a counted future is being polled: no future is moved to another thread
    /// meanwhile.
    static WITHIN: RefCell<Vec<Calls>> = const { RefCell::new(Vec::new()) };
}

#[cfg(test)]
mod tests {
    use futures_util::future::{join, pending, poll_immediate};

    use super::*;

    /// Makes so many calls, and lets others run between them.
    async fn ask(number: u64) -> Result<()> {
        for _ in 0..number {
            Calls::begin()?;
            tokio::task::yield_now().await;
        }
        Ok(())
    }

    #[tokio::test]
    async fn each_counts_its_own_and_the_outer_one_all() {
        let (all, one, two) = (Calls::new(), Calls::new(), Calls::new());
        ask(3).await.unwrap();
        let both = all.count(join(one.count(ask(2)), two.count(ask(5))));
        assert!(matches!(both.await, (Ok(()), Ok(()))));
        assert_eq!((all.made(), one.made(), two.made()), (7, 2, 5));
        assert!(Calls::here().is_none() && !all.ran_out());
    }

    #[tokio::test]
    async fn not_one_more_than_the_bound_is_made() {
        let (all, one, two) = (Calls::new(), Calls::new(), Calls::new());
        all.bound(4);
        let (a, b) = all.count(join(one.count(ask(3)), two.count(ask(3)))).await;
        assert_eq!(all.made(), 4);
        assert_eq!(one.made() + two.made(), 4, "a call that is kept back counts nowhere");
        assert!(all.ran_out());
        let error = a.and(b).unwrap_err();
        assert_eq!((error.kind(), error.reached()), (ErrorKind::CallLimit, Reached::No));
        assert!(!error.is_transient(), "it would be tried again at once");
    }

    #[tokio::test]
    async fn what_was_not_sent_is_given_back() {
        let (all, one) = (Calls::new(), Calls::new());
        all.bound(1);
        let work = async {
            Calls::begin()?;
            Calls::take_back();
            Calls::begin()
        };
        all.count(one.count(work)).await.unwrap();
        assert_eq!((all.made(), one.made(), all.left()), (1, 1, Some(0)));
        Calls::take_back();
        assert_eq!(all.made(), 1, "nobody counts here");
    }

    #[tokio::test]
    async fn a_pause_is_told_while_it_lasts() {
        let (all, one, two) = (Calls::new(), Calls::new(), Calls::new());
        {
            let mut paused = Box::pin(all.count(one.count(Calls::pause(pending::<()>()))));
            assert!(poll_immediate(&mut paused).await.is_none());
            assert!(all.is_pausing() && one.is_pausing() && !two.is_pausing());
        }
        assert!(!all.is_pausing() && !one.is_pausing(), "it was given up");
        one.count(Calls::pause(ask(1))).await.unwrap();
        assert!(!one.is_pausing());
        assert!(poll_immediate(Calls::pause(ask(0))).await.is_some(), "nobody counts here");
    }

    #[tokio::test]
    async fn what_waits_counts_nothing_of_others() {
        let one = Calls::new();
        let mut waiting = Box::pin(one.count(pending::<()>()));
        assert!(poll_immediate(&mut waiting).await.is_none());
        ask(1).await.unwrap();
        assert_eq!(one.made(), 0);
    }

    #[tokio::test]
    async fn the_narrowest_bound_is_told() {
        let (all, one) = (Calls::new(), Calls::new());
        all.bound(9);
        one.bound(3);
        let here = all.count(async {
            ask(1).await?;
            one.count(async { Ok(Calls::here()) }).await
        });
        let here: Result<_> = here.await;
        assert_eq!(here.unwrap(), Some((3, 3)));
    }
}
