//! Whatever the order, the sum is that of the file.

use super::*;

/// Reads `from..to` in blocks, and goes on to the end of the block that `to` falls in, as
/// a stream does whose reader stops.
fn read(tally: &mut Tally, file: &Bytes, from: usize, to: usize, block: usize) {
    let ticket = tally.start(from as u64);
    let mut at = from;
    while at < to {
        let end = (at + block).min(file.len());
        tally.add(ticket, &file.slice(at..end));
        at = end;
    }
    tally.close(ticket);
}

fn file(size: usize) -> Bytes {
    (0..size).map(|n| (n * 7 + n / 251) as u8).collect::<Vec<_>>().into()
}

fn sum(file: &Bytes, tally: &Tally) -> Option<bool> {
    Some(tally.crc32(file.len() as u64)? == crc32fast::hash(file))
}

#[test]
fn one_pass_is_the_sum_of_the_file() {
    for (size, block) in [(0, 10), (1, 10), (10, 10), (11, 10), (1000, 7)] {
        let (file, mut tally) = (file(size), Tally::default());
        read(&mut tally, &file, 0, size, block);
        assert_eq!(sum(&file, &tally), Some(true), "{size} by {block}");
        assert!(tally.covers(size as u64));
        assert_eq!(tally.length_from_start(), size as u64);
    }
}

#[test]
fn parts_in_any_order_are_the_sum_of_the_file() {
    let mut chance = fastrand::Rng::with_seed(7);
    for round in 0..2000 {
        let size = chance.usize(1..3000);
        let (file, mut tally) = (file(size), Tally::default());
        let block = chance.usize(1..200);
        // No part is shorter than a block: else a stream runs over a whole part.
        let part = chance.usize(block..block + 500);
        let mut parts: Vec<_> = (0..size).step_by(part).collect();
        let again: Vec<_> = parts.iter().copied().filter(|_| chance.bool()).collect();
        parts.extend(again);
        chance.shuffle(&mut parts);
        for from in parts {
            // A try that broke off comes first, now and then.
            if chance.bool() {
                let broken_off = (from + chance.usize(0..part)).min(size);
                read(&mut tally, &file, from, broken_off, block);
            }
            read(&mut tally, &file, from, (from + part).min(size), block);
        }
        assert_eq!(sum(&file, &tally), Some(true), "round {round}: {size} by {part} by {block}");
        assert!(tally.covers(size as u64));
    }
}

#[test]
fn streams_side_by_side_are_the_sum_of_the_file() {
    let (file, mut tally) = (file(100), Tally::default());
    let first = tally.start(0);
    let second = tally.start(50);
    for (a, b) in [(0, 50), (20, 70), (40, 90)] {
        tally.add(first, &file.slice(a..a + 20));
        tally.add(second, &file.slice(b..(b + 20).min(100)));
    }
    tally.close(first);
    tally.close(second);
    assert_eq!(sum(&file, &tally), Some(true));
}

#[test]
fn what_is_read_last_counts() {
    let (good, mut tally) = (file(100), Tally::default());
    let bad: Bytes = vec![0xff; 100].into();
    read(&mut tally, &good, 0, 50, 50);
    read(&mut tally, &bad, 50, 100, 50);
    assert_eq!(sum(&good, &tally), Some(false));
    read(&mut tally, &good, 50, 100, 50);
    assert_eq!(sum(&good, &tally), Some(true));

    let stale = tally.start(50);
    let fresh = tally.start(50);
    tally.add(stale, &bad);
    tally.add(fresh, &good.slice(50..));
    assert_eq!(sum(&good, &tally), Some(true));
}

#[test]
fn a_gap_has_no_sum() {
    let (file, mut tally) = (file(100), Tally::default());
    assert_eq!(sum(&file, &tally), None);
    read(&mut tally, &file, 0, 40, 10);
    read(&mut tally, &file, 50, 100, 10);
    assert_eq!(sum(&file, &tally), None);
    assert!(!tally.covers(100) && tally.covers(40) && !tally.covers(41));
    read(&mut tally, &file, 40, 50, 10);
    assert_eq!(sum(&file, &tally), Some(true));
}

#[test]
fn a_part_read_again_within_a_longer_stream_changes_nothing() {
    let (file, mut tally) = (file(100), Tally::default());
    read(&mut tally, &file, 0, 100, 10);
    read(&mut tally, &file, 30, 50, 10);
    assert_eq!(sum(&file, &tally), Some(true));
}

#[test]
fn pieces_that_do_not_fit_are_no_sum() {
    let (file, mut tally) = (file(100), Tally::default());
    read(&mut tally, &file, 0, 60, 10);
    read(&mut tally, &file, 30, 100, 10);
    assert_eq!(sum(&file, &tally), None, "the first stream cannot be cut at 30 any more");
    assert!(tally.covers(100));
}

#[test]
fn a_stream_that_goes_on_past_the_start_of_another_is_not_cut_short() {
    let (file, mut tally) = (file(100), Tally::default());
    let first = tally.start(0);
    tally.add(first, &file.slice(..60));
    read(&mut tally, &file, 50, 55, 5);
    tally.add(first, &file.slice(60..));
    tally.close(first);
    assert_eq!(sum(&file, &tally), Some(true));
}

#[test]
fn each_byte_is_counted_once() {
    let mut chance = fastrand::Rng::with_seed(11);
    for round in 0..500 {
        let size = chance.usize(1..500);
        let (file, mut tally, mut counted) = (file(size), Tally::default(), 0);
        let mut seen = vec![false; size];
        for _ in 0..chance.usize(0..30) {
            let from = chance.usize(0..size);
            let to = chance.usize(from..size + 1);
            let ticket = tally.start(from as u64);
            counted += tally.add(ticket, &file.slice(from..to));
            seen[from..to].fill(true);
        }
        let want = seen.iter().filter(|byte| **byte).count() as u64;
        assert_eq!(counted, want, "round {round}");
        assert_eq!(tally.covers(size as u64), want == size as u64, "round {round}");
    }
}
