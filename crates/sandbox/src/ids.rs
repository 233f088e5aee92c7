//! Identifiers and secrets from one seed, so that a run can be repeated.

use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Mutex, PoisonError};

use serde::{Deserialize, Serialize};

/// The source of every number and random-looking text the sandbox hands out.
#[derive(Debug)]
pub(crate) struct Ids {
    next: AtomicI64,
    chance: Mutex<fastrand::Rng>,
}

/// How far the numbers and texts have come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Progress {
    next: i64,
    chance: u64,
}

impl Ids {
    pub(crate) fn from_seed(seed: u64) -> Self {
        Self::after(Progress { next: FIRST, chance: seed })
    }

    /// Goes on from there.
    pub(crate) fn after(progress: Progress) -> Self {
        let chance = fastrand::Rng::with_seed(progress.chance);
        Self { next: AtomicI64::new(progress.next), chance: Mutex::new(chance) }
    }

    pub(crate) fn progress(&self) -> Progress {
        let chance = self.chance.lock().unwrap_or_else(PoisonError::into_inner).get_seed();
        Progress { next: self.next.load(Ordering::Relaxed), chance }
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
        let three = Ids::after(one.progress());
        assert_eq!((three.hex(8), three.number()), (one.hex(8), one.number()));
    }
}
