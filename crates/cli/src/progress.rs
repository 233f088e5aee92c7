//! A progress bar on standard error, for work that takes more than a moment.

use std::io::{self, IsTerminal};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// How far a transfer has come. Nothing is shown unless a person watches and a second has
/// passed; nothing remains when it is done.
#[derive(Debug)]
pub(crate) struct Progress {
    bar: ProgressBar,
    begin: Instant,
    wanted: bool,
    shown: AtomicBool,
    /// 0 while it is not known.
    total: AtomicU64,
    moved: AtomicU64,
    /// Of many files: none of them alone is the whole.
    of_all: bool,
}

impl Progress {
    /// Progress that is shown if `wanted` and standard error is a terminal.
    pub(crate) fn new(wanted: bool) -> Self {
        Self {
            bar: ProgressBar::hidden(),
            begin: Instant::now(),
            wanted: wanted && io::stderr().is_terminal(),
            shown: AtomicBool::new(false),
            total: AtomicU64::new(0),
            moved: AtomicU64::new(0),
            of_all: false,
        }
    }

    /// Progress of many files that have so many bytes together.
    pub(crate) fn of_all(wanted: bool, bytes: u64) -> Self {
        let mut progress = Self::new(wanted);
        progress.total.store(bytes, Ordering::Relaxed);
        progress.of_all = true;
        progress
    }

    fn tell(&self, moved: u64) {
        if !self.wanted || self.begin.elapsed() < PATIENCE {
            return;
        }
        if !self.shown.swap(true, Ordering::Relaxed) {
            self.show();
        }
        self.bar.set_position(moved);
    }

    fn show(&self) {
        let total = Some(self.total.load(Ordering::Relaxed)).filter(|total| *total > 0);
        let template = if total.is_some() { WITH_TOTAL } else { WITHOUT_TOTAL };
        // A template that cannot be read leaves the plain style.
        if let Ok(style) = ProgressStyle::with_template(template) {
            self.bar.set_style(style);
        }
        match total {
            Some(total) => self.bar.set_length(total),
            None => self.bar.unset_length(),
        }
        self.bar.set_draw_target(ProgressDrawTarget::stderr());
    }
}

impl wharf::transfer::Progress for Progress {
    fn started(&self, size: Option<u64>) {
        if !self.of_all {
            self.total.store(size.unwrap_or_default(), Ordering::Relaxed);
        }
    }

    fn advanced(&self, bytes: u64) {
        self.tell(self.moved.fetch_add(bytes, Ordering::Relaxed) + bytes);
    }

    fn repeated(&self, bytes: u64) {
        self.tell(self.moved.fetch_sub(bytes, Ordering::Relaxed).saturating_sub(bytes));
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}

const PATIENCE: Duration = Duration::from_secs(1);
const WITH_TOTAL: &str = "{bar:20} {percent:>3} %  {binary_bytes} of {binary_total_bytes}  \
                          {binary_bytes_per_sec}  {eta} left";
const WITHOUT_TOTAL: &str = "{spinner} {binary_bytes}  {binary_bytes_per_sec}";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_templates_can_be_read() {
        for template in [WITH_TOTAL, WITHOUT_TOTAL] {
            assert!(ProgressStyle::with_template(template).is_ok(), "{template}");
        }
    }
}
