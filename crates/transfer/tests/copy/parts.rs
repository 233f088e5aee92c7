//! A destination that takes parts, in order or not, and more than once.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use wharf_connector::Capabilities;
use wharf_transfer::{CopyFile, Place, copy_file};

use crate::twisted::{Counted, Take, Twisted, carry, crc, file, path, source};

fn parts(size: u64) -> Vec<(u64, u64)> {
    let end = file().len() as u64;
    (0..end).step_by(size as usize).map(|from| (from, (from + size).min(end))).collect()
}

#[tokio::test]
async fn any_order_is_verified() {
    let mut chance = fastrand::Rng::with_seed(3);
    for round in 0..100 {
        // No shorter than a block: else one stream runs over a whole part.
        let mut order = parts(chance.u64(1000..6000));
        let again: Vec<_> = order.iter().copied().filter(|_| chance.bool()).collect();
        order.extend(again);
        chance.shuffle(&mut order);
        let to = Arc::new(Twisted::new().take(Take::Parts(order)).summing());
        let counted = Counted::default();
        let (from, place) = (
            Place::new(Arc::new(source()), path("/from.bin")),
            Place::new(to.clone(), path("/to.bin")),
        );
        let receipt = copy_file(&from, &place, &CopyFile::new(), &counted).await.unwrap();
        assert!(receipt.verdict.is_verified(), "round {round}");
        assert_eq!(receipt.checksums.crc32, Some(crc()), "round {round}");
        assert_eq!(to.held("/to.bin").unwrap(), file(), "round {round}");
        assert_eq!(counted.numbers(), (10_500, 0, 0), "each byte is counted once");
    }
}

#[tokio::test]
async fn parts_one_after_the_other_are_one_read() {
    for size in [1000, 1500, 2999, 10_500] {
        let from = Arc::new(source());
        let to = Arc::new(Twisted::new().take(Take::Parts(parts(size))).summing());
        carry(&from, &to, CopyFile::new()).await.unwrap();
        assert_eq!(from.seen.reads.load(Ordering::Relaxed), 1, "parts of {size}");
    }
}

#[tokio::test]
async fn a_source_without_ranges_is_read_once() {
    let from = Arc::new(source().without(Capabilities::READ_RANGE));
    let to = Arc::new(Twisted::new().take(Take::Parts(parts(2000))).summing());
    assert!(carry(&from, &to, CopyFile::new()).await.unwrap().verdict.is_verified());
    let seen = (&from.seen.reads, &from.seen.ranges);
    assert_eq!((seen.0.load(Ordering::Relaxed), seen.1.load(Ordering::Relaxed)), (1, 0));
}
