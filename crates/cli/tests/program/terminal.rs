//! A terminal of its own for a program that asks, and somebody who answers.

use std::ffi::OsStr;
use std::fs::{File, OpenOptions};
use std::io::{Read, Write};
use std::process::{Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use rustix::termios::{LocalModes, tcgetattr};

use crate::harness::Outcome;

/// What a program asked and answered at a terminal.
#[derive(Debug)]
pub(crate) struct Session {
    pub(crate) outcome: Outcome,
    /// What the terminal showed.
    pub(crate) shown: String,
}

/// Runs a command at a terminal of its own. Each answer is typed once a question that ends in
/// `mark` has come and nothing is echoed any more; before that, `look` sees the process.
#[track_caller]
pub(crate) fn answering(
    command: &Command,
    mark: &str,
    answers: &[&str],
    mut look: impl FnMut(u32),
) -> Session {
    let terminal = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).unwrap();
    grantpt(&terminal).unwrap();
    unlockpt(&terminal).unwrap();
    let name = ptsname(&terminal, Vec::new()).unwrap().into_string().unwrap();
    let open = || OpenOptions::new().read(true).write(true).open(&name).unwrap();
    let mut child = with_terminal(command)
        .stdin(open())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut typed = File::from(terminal);
    let shown = Arc::new(Mutex::new(Vec::new()));
    let reader = read_along(typed.try_clone().unwrap(), shown.clone());
    for (number, answer) in answers.iter().enumerate() {
        await_question(&typed, &shown, mark, number + 1);
        look(child.id());
        writeln!(typed, "{answer}").unwrap();
    }
    let (mut out, mut err) = (String::new(), String::new());
    let mut errors = child.stderr.take().unwrap();
    let other = std::thread::spawn(move || {
        errors.read_to_string(&mut err).unwrap();
        err
    });
    child.stdout.take().unwrap().read_to_string(&mut out).unwrap();
    let err = other.join().unwrap();
    let code = child.wait().unwrap().code().expect("ended by a signal");
    reader.join().unwrap();
    let shown = String::from_utf8_lossy(&shown.lock().unwrap()).into_owned();
    Session { outcome: Outcome { code, out, err }, shown }
}

/// The same command as the leader of a session, whose terminal is what it has as input.
pub(crate) fn with_terminal(command: &Command) -> Command {
    let mut wrapped = Command::new("setsid");
    wrapped.arg("--ctty").arg(command.get_program()).args(command.get_args());
    for (name, value) in command.get_envs() {
        match value {
            Some(value) => wrapped.env(name, value),
            None => wrapped.env_remove(name),
        };
    }
    if let Some(folder) = command.get_current_dir() {
        wrapped.current_dir(folder);
    }
    wrapped
}

/// Reads until the other end is closed, which Linux reports as an error.
fn read_along(mut from: File, into: Arc<Mutex<Vec<u8>>>) -> std::thread::JoinHandle<()> {
    std::thread::spawn(move || {
        let mut buffer = [0; 1024];
        while let Ok(count @ 1..) = from.read(&mut buffer) {
            into.lock().unwrap().extend_from_slice(&buffer[..count]);
        }
    })
}

#[track_caller]
fn await_question(terminal: &File, shown: &Mutex<Vec<u8>>, mark: &str, number: usize) {
    let begun = Instant::now();
    loop {
        let text = String::from_utf8_lossy(&shown.lock().unwrap()).into_owned();
        let echo = tcgetattr(terminal).unwrap().local_modes.contains(LocalModes::ECHO);
        if text.matches(mark).count() >= number && !echo {
            return;
        }
        assert!(begun.elapsed() < LONGEST, "question {number} did not come: {text:?}");
        std::thread::yield_now();
    }
}

/// Whether a program is there.
pub(crate) fn is_installed(program: impl AsRef<OsStr>) -> bool {
    Command::new(program).arg("--version").output().is_ok()
}

/// Only to end a test that would never end.
const LONGEST: Duration = Duration::from_secs(120);
