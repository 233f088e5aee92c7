//! Whether two files are the same, as far as was asked.

use std::sync::Arc;
use std::time::Duration;

use chrono::TimeDelta;
use wharf_connector::{Capabilities, Entry, EntryState};

use super::content::{self, Likeness};
use super::{By, Difference, Ends, Found, Pair, Trouble, TroubleKind};
use crate::{State, Why};

/// What was found, judged.
pub(super) async fn judge(ends: Arc<Ends>, found: Found) -> Difference {
    let pair = match found {
        Found::Files(pair) => pair,
        Found::Told(difference) => return difference,
        // The walk keeps these to itself.
        Found::Below(_) => return Difference::Spared(Default::default()),
    };
    match known(&ends, &pair) {
        Known::Same => Difference::Same(pair),
        Known::Time => Difference::Time(pair),
        Known::Differs(why) => Difference::Differs(pair, why),
        Known::MustRead => read(&ends, pair).await,
    }
}

/// What can be said without reading.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Known {
    Same,
    Time,
    Differs(Why),
    MustRead,
}

fn known(ends: &Ends, Pair { from, to }: &Pair) -> Known {
    let by = ends.options.by;
    if by == By::Nothing {
        return Known::Differs(Why::Asked);
    }
    if to.state != EntryState::Ready {
        return Known::Differs(Why::NotReady);
    }
    match from.size.zip(to.size) {
        Some((from, to)) if from != to => return Known::Differs(Why::Size),
        None if by == By::SizeOnly => return Known::Differs(Why::NoSize),
        _ => {}
    }
    let agree = from.checksums.agree(&to.checksums);
    match (by, agree) {
        (By::SizeOnly, _) => Known::Same,
        (_, Some(false)) => Known::Differs(Why::Checksum),
        (_, Some(true)) => ends.only_time(from, to),
        (By::Checksum, None) if ends.options.read => Known::MustRead,
        (By::Checksum, None) => Known::Differs(Why::NoChecksum),
        (_, None) => match ends.times(from, to) {
            Times::Same if from.size.is_none() || to.size.is_none() => Known::Differs(Why::NoSize),
            Times::Same => Known::Same,
            Times::Apart => Known::Differs(Why::Time),
            Times::Incomparable => Known::Differs(Why::NoTime),
        },
    }
}

async fn read(ends: &Ends, pair: Pair) -> Difference {
    match content::compare(ends, &pair).await {
        Ok(Likeness::Same) => {
            let Pair { from, to } = &pair;
            if let Some(baseline) = &ends.options.baseline {
                // What cannot be kept is read again the next time.
                let _ = baseline.keep(&to.path, &State::of(from), &State::of(to)).await;
            }
            match ends.only_time(from, to) {
                Known::Time => Difference::Time(pair),
                _ => Difference::Same(pair),
            }
        }
        Ok(Likeness::Differs(why)) => Difference::Differs(pair, why),
        Err((path, error)) => {
            Difference::Trouble(Trouble::of_error(TroubleKind::Unreadable, path, error))
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Times {
    Same,
    Apart,
    /// One is not told, or the destination keeps a time of its own.
    Incomparable,
}

impl Ends {
    /// Whether nothing that the services tell now decides.
    pub(super) fn is_open(&self, pair: &Pair) -> bool {
        known(self, pair) == Known::Differs(Why::NoTime)
    }

    /// Of two files with the same content: is the time to be set?
    fn only_time(&self, from: &Entry, to: &Entry) -> Known {
        let can = self.to.connector.capabilities().contains(Capabilities::UPDATE_MODIFIED);
        match self.times(from, to) {
            Times::Apart if can => Known::Time,
            _ => Known::Same,
        }
    }

    fn times(&self, from: &Entry, to: &Entry) -> Times {
        let Some((from, to)) = from.modified.zip(to.modified) else {
            return Times::Incomparable;
        };
        if (from - to).abs() <= self.tolerance() {
            return Times::Same;
        }
        let keeping = Capabilities::WRITE_MODIFIED | Capabilities::UPDATE_MODIFIED;
        if self.to.connector.capabilities().intersects(keeping) {
            return Times::Apart;
        }
        Times::Incomparable
    }

    fn tolerance(&self) -> TimeDelta {
        let step = |place: &crate::Place| {
            place.connector.info().limits.time_resolution.unwrap_or(UNKNOWN_STEP)
        };
        let tolerance =
            self.options.tolerance.unwrap_or_else(|| step(&self.from).max(step(&self.to)));
        TimeDelta::from_std(tolerance).unwrap_or(TimeDelta::MAX)
    }
}

/// What is assumed of a service that does not say how finely it keeps times.
const UNKNOWN_STEP: Duration = Duration::from_secs(1);
