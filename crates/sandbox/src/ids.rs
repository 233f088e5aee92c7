//! Identifiers and secrets from one seed, so that a run can be repeated.

use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Mutex, PoisonError};

/// The source of every number and random-looking text the sandbox hands out.
#[derive(Debug)]
pub(crate) struct Ids {
    next: AtomicI64,
    chance: Mutex<fastrand::Rng>,
}

impl Ids {
    pub(crate) fn from_seed(seed: u64) -> Self {
        Self { next: AtomicI64::new(FIRST), chance: Mutex::new(fastrand::Rng::with_seed(seed)) }
    }

    /// The next whole number: unique within this sandbox, growing.
    pub(crate) fn number(&self) -> i64 {
        self.next.fetch_add(1, Ordering::Relaxed)
    }

    /// `length` characters drawn from an ASCII alphabet.
    pub(crate) fn text(&self, alphabet: &str, length: usize) -> String {
        let letters = alphabet.as_bytes();
        let mut chance = self.chance.lock().unwrap_or_else(PoisonError::into_inner);
        (0..length)
            .filter_map(|_| chance.choice(letters))
            .map(|&letter| char::from(letter))
            .collect()
    }

    /// `length` lower-case hexadecimal digits.
    pub(crate) fn hex(&self, length: usize) -> String {
        self.text("0123456789abcdef", length)
    }
}

const FIRST: i64 = 4_067_895_001;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_gives_the_same_texts() {
        let (one, two) = (Ids::from_seed(7), Ids::from_seed(7));
        assert_eq!(one.hex(32), two.hex(32));
        assert_ne!(one.hex(32), one.hex(32));
        assert_eq!(one.number() + 1, one.number());
    }
}
