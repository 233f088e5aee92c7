//! A progress bar on standard error, for work that takes more than a moment.

use std::io::{self, IsTerminal};
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// How far a transfer has come. Nothing is shown unless a person watches and a second has
/// passed; nothing remains when it is done.
#[derive(Debug)]
pub(crate) struct Progress {
    bar: ProgressBar,
    begin: Instant,
    wanted: bool,
    shown: OnceLock<()>,
}

impl Progress {
    /// Progress that is shown if `wanted` and standard error is a terminal.
    pub(crate) fn new(wanted: bool) -> Self {
        Self {
            bar: ProgressBar::hidden(),
            begin: Instant::now(),
            wanted: wanted && io::stderr().is_terminal(),
            shown: OnceLock::new(),
        }
    }

    /// So many bytes have arrived, of so many.
    pub(crate) fn moved(&self, bytes: u64, total: Option<u64>) {
        if !self.wanted || self.begin.elapsed() < PATIENCE {
            return;
        }
        self.shown.get_or_init(|| self.show(total));
        self.bar.set_position(bytes);
    }

    fn show(&self, total: Option<u64>) {
        let template = match total {
            Some(_) => WITH_TOTAL,
            None => WITHOUT_TOTAL,
        };
        // A template that cannot be read leaves the plain style.
        if let Ok(style) = ProgressStyle::with_template(template) {
            self.bar.set_style(style);
        }
        self.bar.set_draw_target(ProgressDrawTarget::stderr());
        match total {
            Some(total) => self.bar.set_length(total),
            None => self.bar.unset_length(),
        }
        self.bar.reset_eta();
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}

const PATIENCE: Duration = Duration::from_secs(1);
const WITH_TOTAL: &str =
    "{bar:30} {percent:>3} %  {binary_bytes} of {binary_total_bytes}  {binary_bytes_per_sec}  {eta} left";
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
