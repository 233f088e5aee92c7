//! One line of progress, made to fit a terminal.

use std::time::Duration;

use crate::present::size::size;
use crate::present::time::rough;

/// How far something has come.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Moment {
    /// Bytes so far.
    pub(super) moved: u64,
    /// Bytes in all, if that is known.
    pub(super) total: Option<u64>,
    /// Steps so far, and in all; 0 where there are none.
    pub(super) steps: (u64, u64),
    /// Bytes in a second.
    pub(super) rate: f64,
    /// How long nothing has come.
    pub(super) idle: Duration,
}

impl Moment {
    /// The line, in at most `width` columns. What has no room is left out: first the
    /// steps, then the rate, then the bytes.
    pub(super) fn line(&self, width: usize) -> String {
        let Some(total) = self.total else {
            let moved = format!("{:>10}", size(self.moved));
            return joined(&[&moved, &self.rate(), &self.patience()], width);
        };
        let share = (self.moved.min(total) as f64) / (total.max(1) as f64);
        let percent = format!("{:>3} %", (share * 100.0) as u64);
        let bytes = format!("{:>10} of {}", size(self.moved), size(total));
        let left = format!("{:<LEFT$}", self.left(total));
        let (rate, steps) = (self.rate(), self.steps());
        let (percent, left) = (percent.as_str(), left.as_str());
        let choices: [&[&str]; 4] = [
            &[percent, &bytes, &steps, &rate, left],
            &[percent, &bytes, &rate, left],
            &[percent, &bytes, left],
            &[percent, left],
        ];
        let fits = |parts: &&[&str]| SHORTEST_BAR + 2 + joined(parts, usize::MAX).len() <= width;
        let Some(parts) = choices.into_iter().find(fits) else {
            return joined(&[percent], width);
        };
        let text = joined(parts, usize::MAX);
        let bar = bar(share, (width - text.len() - 2).min(LONGEST_BAR));
        format!("{bar}  {}", text.trim_end())
    }

    fn rate(&self) -> String {
        format!("{:>12}", format!("{}/s", size(self.rate as u64)))
    }

    fn steps(&self) -> String {
        match self.steps {
            (_, 0) => String::new(),
            (done, all) => format!("{done} of {all} done"),
        }
    }

    fn left(&self, total: u64) -> String {
        if self.idle >= WORTH_SAYING {
            return self.patience();
        }
        let left = total.saturating_sub(self.moved) as f64 / self.rate;
        match left.is_finite() && left < LONGEST_GUESS {
            true => format!("{} left", rough(Duration::from_secs_f64(left.ceil()))),
            false => String::new(),
        }
    }

    fn patience(&self) -> String {
        match self.idle >= WORTH_SAYING {
            true => format!("nothing for {}", rough(self.idle)),
            false => String::new(),
        }
    }
}

fn bar(share: f64, width: usize) -> String {
    let inner = width.saturating_sub(2);
    let full = (share * inner as f64) as usize;
    let head = if full < inner { ">" } else { "" };
    format!("[{}{head:<rest$}]", "=".repeat(full), rest = inner - full)
}

/// The parts that are not empty, as far as they fit.
fn joined(parts: &[&str], width: usize) -> String {
    let mut line = String::new();
    for part in parts.iter().filter(|part| !part.is_empty()) {
        let gap = if line.is_empty() { "" } else { "  " };
        if line.len() + gap.len() + part.len() <= width {
            line.push_str(gap);
            line.push_str(part);
        }
    }
    line
}

const SHORTEST_BAR: usize = 10;
const LONGEST_BAR: usize = 32;
/// Room for the longest of what is said about the time left, so that the bar keeps its length.
const LEFT: usize = 16;
const WORTH_SAYING: Duration = Duration::from_secs(5);
const LONGEST_GUESS: f64 = 100.0 * 3600.0;

#[cfg(test)]
mod tests {
    use super::*;

    const HALF: Moment = Moment {
        moved: 12 << 20,
        total: Some(24 << 20),
        steps: (3, 12),
        rate: 3.0 * 1024.0 * 1024.0,
        idle: Duration::ZERO,
    };

    #[test]
    fn what_has_no_room_is_left_out() {
        for (width, want) in [
            (
                119,
                "[===============>              ]   50 %    12.0 MiB of 24.0 MiB  3 of 12 done     \
                 3.0 MiB/s  4 s left",
            ),
            (79, "[=======>      ]   50 %    12.0 MiB of 24.0 MiB     3.0 MiB/s  4 s left"),
            (39, "[======>     ]   50 %  4 s left"),
            (20, " 50 %"),
            (3, ""),
        ] {
            assert_eq!(HALF.line(width), want, "{width}");
        }
    }

    #[test]
    fn a_line_never_overflows_and_the_bar_keeps_its_length() {
        let moments = [
            HALF,
            Moment::default(),
            Moment { total: Some(0), ..Moment::default() },
            Moment { moved: u64::MAX, total: Some(1), rate: 1.0, ..HALF },
            Moment { rate: 0.001, total: Some(u64::MAX), ..HALF },
            Moment { idle: Duration::from_secs(359_999), ..HALF },
            Moment { idle: Duration::from_secs(359_999), total: None, ..HALF },
            Moment { rate: f64::NAN, ..HALF },
        ];
        for width in 0..200 {
            for moment in moments {
                assert!(moment.line(width).len() <= width, "{width}: {moment:?}");
            }
            let later = Moment { moved: 23 << 20, rate: 900.0, ..HALF };
            let length = |line: String| line.find(']');
            assert_eq!(length(HALF.line(width)), length(later.line(width)), "{width}");
        }
    }

    #[test]
    fn silence_is_told() {
        let silent = Moment { idle: Duration::from_secs(65), ..HALF };
        assert!(silent.line(80).ends_with("nothing for 1 min 5 s"), "{}", silent.line(80));
        let unknown = Moment { total: None, ..silent };
        assert_eq!(unknown.line(60), "  12.0 MiB     3.0 MiB/s  nothing for 1 min 5 s");
        assert_eq!(bar(1.0, 10), "[========]");
    }
}
