//! Two listings of one folder, neither far ahead of the other.

use std::task::{Context, Poll};

use futures_util::stream::{BoxStream, StreamExt};
use wharf_connector::{Entry, Result};

/// One of the two listings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    Source,
    Destination,
}

/// An item of a listing, or its end.
pub(super) type Event = (Side, Option<Result<Entry>>);

/// A listing that has not ended.
pub(super) type Listing = BoxStream<'static, Result<Entry>>;

/// Both listings. What the faster one has told has to be kept until the slower one tells it too; so
/// it is left to wait when that becomes too much.
pub(super) struct Abreast {
    source: Option<Listing>,
    destination: Option<Listing>,
    /// Who is asked first the next time.
    turn: Side,
}

impl Abreast {
    /// Both listings; none for a side that has no such folder.
    pub(super) fn new(source: Listing, destination: Listing) -> Self {
        Self { source: Some(source), destination: Some(destination), turn: Side::Source }
    }

    /// The next event. `held` is how many entries of the source, and of the destination, wait for
    /// the other side to tell them.
    pub(super) fn poll_next(
        &mut self,
        cx: &mut Context<'_>,
        held: (usize, usize),
    ) -> Poll<Option<Event>> {
        for side in [self.turn, self.turn.other()] {
            let (mine, others) = match side {
                Side::Source => held,
                Side::Destination => (held.1, held.0),
            };
            let waits = self.listing(side.other()).is_some() && mine > others + AHEAD;
            if waits {
                continue;
            }
            let Some(listing) = self.listing(side) else {
                continue;
            };
            if let Poll::Ready(item) = listing.poll_next_unpin(cx) {
                self.turn = side.other();
                if item.is_none() {
                    *self.listing(side) = None;
                }
                return Poll::Ready(Some((side, item)));
            }
        }
        match (&self.source, &self.destination) {
            (None, None) => Poll::Ready(None),
            _ => Poll::Pending,
        }
    }

    fn listing(&mut self, side: Side) -> &mut Option<Listing> {
        match side {
            Side::Source => &mut self.source,
            Side::Destination => &mut self.destination,
        }
    }
}

impl Side {
    fn other(self) -> Self {
        match self {
            Self::Source => Self::Destination,
            Self::Destination => Self::Source,
        }
    }
}

/// So many entries one listing may be ahead: some pages of the largest services, so that it rarely
/// has to wait, and about a megabyte.
const AHEAD: usize = 4096;
