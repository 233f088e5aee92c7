//! Pairs that are settled by what is known from earlier, many at a time.

use std::sync::Arc;

use futures_util::stream::{self, BoxStream, Stream, StreamExt};

use super::{Difference, Ends, Found, Pair};
use crate::Baseline;

/// What was found; files that are as they were when they were made equal are told to be the same.
pub(super) fn settled(
    ends: Arc<Ends>,
    found: impl Stream<Item = Found> + Send + 'static,
) -> BoxStream<'static, Found> {
    let Some(baseline) = ends.options.baseline.clone() else {
        return found.boxed();
    };
    let settle = move |found| settle(ends.clone(), baseline.clone(), found);
    found.ready_chunks(AT_ONCE).then(settle).flat_map(stream::iter).boxed()
}

async fn settle(ends: Arc<Ends>, baseline: Baseline, mut found: Vec<Found>) -> Vec<Found> {
    let open: Vec<(usize, Pair)> = found
        .iter()
        .enumerate()
        .filter_map(|(place, found)| match found {
            Found::Files(pair) if ends.is_open(pair) => Some((place, pair.clone())),
            _ => None,
        })
        .collect();
    if open.is_empty() {
        return found;
    }
    let (places, pairs): (Vec<usize>, Vec<Pair>) = open.into_iter().unzip();
    // A journal that cannot be read knows nothing.
    let same = baseline.unchanged(pairs).await.unwrap_or_default();
    for (place, pair) in places.into_iter().zip(same) {
        if let Some((found, pair)) = found.get_mut(place).zip(pair) {
            *found = Found::Told(Difference::Same(pair));
        }
    }
    found
}

/// So many are looked up with one query of the journal, if they are there.
const AT_ONCE: usize = 256;
