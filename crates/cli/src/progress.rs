//! A line on standard error, for work that takes more than a moment.

mod line;
mod rate;

use std::env;
use std::fmt;
use std::io::{self, IsTerminal, Write};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use terminal_size::{Width, terminal_size_of};
use tokio::runtime::Handle;
use tokio::task::JoinHandle;

use self::line::Moment;
use self::rate::Rate;
use crate::events::Events;
use crate::present::time::rough;

/// How far a transfer has come. Nothing is shown unless a person watches and a second has
/// passed; nothing remains when it is done.
#[derive(Debug)]
pub(crate) struct Progress {
    counts: Arc<Counts>,
    /// Of many files: none of them alone is the whole.
    of_all: bool,
    /// Who else hears of it.
    events: Option<Arc<Events>>,
    _shown: Option<Watched>,
}

/// Work of which nothing is known but that it goes on.
#[derive(Debug)]
pub(crate) struct Busy(Option<Watched>);

#[derive(Debug)]
struct Counts {
    begin: Instant,
    /// 0 while it is not known.
    total: AtomicU64,
    moved: AtomicU64,
    steps: AtomicU64,
    all_steps: u64,
    /// Milliseconds after the beginning, when something came last.
    last: AtomicU64,
    rate: Mutex<Rate>,
}

impl Progress {
    /// Progress of one file, that is shown if `wanted` and standard error is a terminal.
    pub(crate) fn new(wanted: bool) -> Self {
        Self::with(wanted, false, (0, 0))
    }

    /// Progress of so many steps, which move so many bytes together.
    pub(crate) fn of_all(wanted: bool, bytes: u64, steps: u64) -> Self {
        Self::with(wanted, true, (bytes, steps))
    }

    fn with(wanted: bool, of_all: bool, (bytes, all_steps): (u64, u64)) -> Self {
        let counts = Arc::new(Counts {
            begin: Instant::now(),
            total: bytes.into(),
            moved: 0.into(),
            steps: 0.into(),
            all_steps,
            last: 0.into(),
            rate: Mutex::default(),
        });
        let shown = counts.clone();
        let watched = Watched::if_wanted(wanted, move |columns| {
            shown.moment(shown.begin.elapsed()).line(columns)
        });
        Self { counts, of_all, events: None, _shown: watched }
    }

    /// Tells it there, too.
    pub(crate) fn tell_also(&mut self, events: Arc<Events>) {
        self.events = Some(events);
    }

    /// One more step is done.
    pub(crate) fn step(&self) {
        self.counts.steps.fetch_add(1, Ordering::Relaxed);
        self.counts.touch();
    }
}

impl Busy {
    /// Says what is being done, if that takes long.
    pub(crate) fn new(wanted: bool, what: &str) -> Self {
        let begin = Instant::now();
        let what = what.to_owned();
        Self(Watched::if_wanted(wanted, move |columns| {
            let text = format!("{what}: {} so far", rough(begin.elapsed()));
            text.chars().take(columns).collect()
        }))
    }

    /// Takes the line away: something else is to be shown.
    pub(crate) fn end(&mut self) {
        self.0 = None;
    }
}

impl Counts {
    fn touch(&self) {
        let now = u64::try_from(self.begin.elapsed().as_millis()).unwrap_or(u64::MAX);
        self.last.store(now, Ordering::Relaxed);
    }

    fn moment(&self, elapsed: Duration) -> Moment {
        let moved = self.moved.load(Ordering::Relaxed);
        let mut rate = self.rate.lock().unwrap_or_else(PoisonError::into_inner);
        let last = Duration::from_millis(self.last.load(Ordering::Relaxed));
        Moment {
            moved,
            total: Some(self.total.load(Ordering::Relaxed)).filter(|total| *total > 0),
            steps: (self.steps.load(Ordering::Relaxed), self.all_steps),
            rate: rate.at(elapsed, moved),
            idle: elapsed.saturating_sub(last),
        }
    }
}

impl wharf::transfer::Progress for Progress {
    fn started(&self, size: Option<u64>) {
        if !self.of_all {
            self.counts.total.store(size.unwrap_or_default(), Ordering::Relaxed);
            self.events.iter().for_each(|events| events.expect(size));
        }
    }

    fn advanced(&self, bytes: u64) {
        self.counts.moved.fetch_add(bytes, Ordering::Relaxed);
        self.counts.touch();
        self.events.iter().for_each(|events| events.moved(|moved| moved + bytes));
    }

    fn repeated(&self, bytes: u64) {
        let less = |moved: u64| Some(moved.saturating_sub(bytes));
        // The closure never says no.
        let _ = self.counts.moved.fetch_update(Ordering::Relaxed, Ordering::Relaxed, less);
        self.events.iter().for_each(|events| events.moved(|moved| moved.saturating_sub(bytes)));
    }
}

/// A line that appears after a moment, is drawn again and again, and goes when this is dropped.
///
/// The cursor stays behind its last letter: what a terminal says of Ctrl-C goes with the line.
#[derive(Debug)]
struct Watched {
    line: Arc<Line>,
    drawing: JoinHandle<()>,
}

struct Line {
    text: Box<dyn Fn(usize) -> String + Send + Sync>,
    state: Mutex<State>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Waiting,
    Shown,
    Over,
}

impl Watched {
    fn if_wanted(
        wanted: bool,
        text: impl Fn(usize) -> String + Send + Sync + 'static,
    ) -> Option<Self> {
        let dumb = env::var_os("TERM").is_some_and(|terminal| terminal == "dumb");
        let runtime = Handle::try_current().ok()?;
        if !wanted || dumb || !io::stderr().is_terminal() {
            return None;
        }
        let line = Arc::new(Line { text: Box::new(text), state: Mutex::new(State::Waiting) });
        let drawn = line.clone();
        let drawing = runtime.spawn(async move {
            tokio::time::sleep(PATIENCE).await;
            while drawn.draw() {
                tokio::time::sleep(TICK).await;
            }
        });
        Some(Self { line, drawing })
    }
}

impl Drop for Watched {
    fn drop(&mut self) {
        self.drawing.abort();
        self.line.end();
    }
}

impl Line {
    /// Draws the line anew, unless it is over.
    fn draw(&self) -> bool {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        if *state == State::Over {
            return false;
        }
        *state = State::Shown;
        put(&format!("\r{}{CLEAR}", (self.text)(columns())));
        true
    }

    fn end(&self) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        if *state == State::Shown {
            put(&format!("\r{CLEAR}"));
        }
        *state = State::Over;
    }
}

impl fmt::Debug for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Line").field("state", &self.state).finish_non_exhaustive()
    }
}

/// At once, so that nothing else comes between.
fn put(text: &str) {
    let mut out = io::stderr().lock();
    // A line that cannot be shown is not worth a failure.
    let _ = out.write_all(text.as_bytes()).and_then(|()| out.flush());
}

/// All but the last column, in which a terminal would begin another line.
fn columns() -> usize {
    let columns = terminal_size_of(io::stderr()).map(|(Width(columns), _)| columns);
    usize::from(columns.filter(|columns| *columns > 0).unwrap_or(USUAL)).saturating_sub(1)
}

/// To the end of the line.
const CLEAR: &str = "\u{1b}[K";
const PATIENCE: Duration = Duration::from_secs(1);
const TICK: Duration = Duration::from_millis(200);
const USUAL: u16 = 80;

#[cfg(test)]
mod tests {
    use super::*;
    use wharf::transfer::Progress as _;

    #[test]
    fn what_is_sent_again_does_not_count_twice() {
        let progress = Progress::new(false);
        progress.started(Some(100));
        progress.advanced(60);
        progress.repeated(50);
        progress.advanced(10);
        progress.repeated(90);
        progress.advanced(7);
        let moment = progress.counts.moment(Duration::from_secs(1));
        assert_eq!((moment.moved, moment.total), (7, Some(100)));
    }
}
