//! What a terminal of a given size shows.

use std::fs::{File, OpenOptions};
use std::io::{Read, Write};
use std::num::NonZeroU16;
use std::os::fd::OwnedFd;
use std::process::{Child, Command};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use rustix::termios::{LocalModes, Winsize, tcgetattr, tcsetwinsize};
use vt100::Parser;

use crate::terminal::with_terminal;

/// A program that runs at a terminal.
pub(crate) struct Screen {
    child: Child,
    terminal: File,
    shown: Arc<Mutex<Parser>>,
    reader: Option<std::thread::JoinHandle<()>>,
}

impl Screen {
    /// Begins to run a command at a terminal of so many columns.
    #[track_caller]
    pub(crate) fn open(command: &Command, columns: u16) -> Self {
        let terminal = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).unwrap();
        grantpt(&terminal).unwrap();
        unlockpt(&terminal).unwrap();
        let name = ptsname(&terminal, Vec::new()).unwrap().into_string().unwrap();
        resize(&terminal, columns);
        let open = || OpenOptions::new().read(true).write(true).open(&name).unwrap();
        let mut command = with_terminal(command);
        command.env("TERM", "xterm-256color").env_remove("COLUMNS").env_remove("LINES");
        let child = command.stdin(open()).stdout(open()).stderr(open()).spawn().unwrap();
        // Nobody but the child may hold the other end, or it would never be closed.
        drop(command);
        let terminal = File::from(terminal);
        let shown = Arc::new(Mutex::new(Parser::new(rows(), positive(columns), 0)));
        let reader = Some(read_along(terminal.try_clone().unwrap(), shown.clone()));
        Self { child, terminal, shown, reader }
    }

    /// Waits until all of these are shown.
    #[track_caller]
    pub(crate) fn wait_for(&mut self, parts: &[&str]) -> String {
        self.wait_until(|text| parts.iter().all(|part| text.contains(part)))
    }

    /// Waits until what is shown is as it should be.
    #[track_caller]
    pub(crate) fn wait_until(&mut self, is_right: impl Fn(&str) -> bool) -> String {
        let begun = Instant::now();
        loop {
            let text = self.text();
            if is_right(&text) {
                return text;
            }
            assert!(begun.elapsed() < LONGEST, "what was waited for did not come: {text}");
            assert!(self.child.try_wait().unwrap().is_none(), "it ended: {text}");
            std::thread::yield_now();
        }
    }

    /// Waits for a question whose answer is not to be echoed any more.
    #[track_caller]
    pub(crate) fn wait_for_question(&mut self, mark: &str) {
        let terminal = self.terminal.try_clone().unwrap();
        let echoes = || tcgetattr(&terminal).unwrap().local_modes.contains(LocalModes::ECHO);
        self.wait_until(|text| text.contains(mark) && !echoes());
    }

    /// Types something.
    #[track_caller]
    pub(crate) fn type_in(&mut self, text: &str) {
        self.terminal.write_all(text.as_bytes()).unwrap();
    }

    /// Draws the window wider or narrower.
    #[track_caller]
    pub(crate) fn resize(&mut self, columns: u16) {
        let fd: OwnedFd = self.terminal.try_clone().unwrap().into();
        resize(&fd, columns);
        self.shown.lock().unwrap().set_size(rows(), positive(columns));
    }

    /// What is shown once the program has ended, and its exit code.
    #[track_caller]
    pub(crate) fn end(mut self) -> (String, i32) {
        let code = self.child.wait().unwrap().code().expect("ended by a signal");
        self.reader.take().unwrap().join().unwrap();
        (self.text(), code)
    }

    /// The rows as they are, without blanks at their ends and empty rows at the end.
    fn text(&self) -> String {
        let parser = self.shown.lock().unwrap();
        let screen = parser.screen();
        let columns = screen.size().1.get();
        let rows: Vec<String> =
            screen.rows(0, columns).map(|row| row.trim_end().to_owned()).collect();
        rows.join("\n").trim_end().to_owned()
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[track_caller]
fn resize(terminal: &OwnedFd, columns: u16) {
    let size = Winsize { ws_row: ROWS, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0 };
    tcsetwinsize(terminal, size).unwrap();
}

/// Reads until the other end is closed, which Linux reports as an error.
fn read_along(mut from: File, into: Arc<Mutex<Parser>>) -> std::thread::JoinHandle<()> {
    std::thread::spawn(move || {
        let mut buffer = [0; 1024];
        while let Ok(count @ 1..) = from.read(&mut buffer) {
            into.lock().unwrap().process(&buffer[..count]);
        }
    })
}

fn rows() -> NonZeroU16 {
    positive(ROWS)
}

fn positive(number: u16) -> NonZeroU16 {
    NonZeroU16::new(number).unwrap()
}

/// So that nothing scrolls away.
const ROWS: u16 = 200;

/// Only to end a test that would never end.
const LONGEST: Duration = Duration::from_secs(120);
