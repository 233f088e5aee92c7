//! One run of the program: bounded in time and memory, everything it says kept.

use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::outcome::Failure;

/// What a run came to.
#[derive(Debug)]
pub(super) struct Run {
    /// None if it did not end by itself: it was killed, or hung and had to be.
    pub(super) code: Option<i32>,
    pub(super) hung: bool,
    pub(super) out: Vec<u8>,
    pub(super) err: Vec<u8>,
}

impl Run {
    /// Runs a command, feeding it nothing.
    pub(super) fn of(command: &mut Command) -> Result<Self, Failure> {
        let name = command.get_program().to_string_lossy().into_owned();
        let failed = |error| Failure::new(format!("{name} does not start: {error}"));
        let mut child =
            command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().map_err(failed)?;
        let (out, err) = (kept(child.stdout.take()), kept(child.stderr.take()));
        let deadline = Instant::now() + LONGEST;
        let mut hung = false;
        let mut gather = |pipe: &Receiver<Vec<u8>>, child: &mut Child| {
            let left = deadline.saturating_duration_since(Instant::now());
            pipe.recv_timeout(left).unwrap_or_else(|_| {
                hung = true;
                let _ = child.kill();
                pipe.recv().unwrap_or_default()
            })
        };
        let out = gather(&out, &mut child);
        let err = gather(&err, &mut child);
        let status = child.wait().map_err(failed)?;
        Ok(Self { code: status.code().filter(|_| !hung), hung, out, err })
    }

    /// The document on standard output.
    pub(super) fn document(&self) -> Option<Value> {
        serde_json::from_slice(&self.out).ok()
    }

    /// The body of the error document: the last line on standard error.
    pub(super) fn error(&self) -> Option<Value> {
        let text = String::from_utf8_lossy(&self.err);
        let document: Value = serde_json::from_str(text.lines().last()?).ok()?;
        document.get("error").cloned()
    }

    /// Whether any output holds this text.
    pub(super) fn shows(&self, text: &str) -> bool {
        let holds = |bytes: &[u8]| String::from_utf8_lossy(bytes).contains(text);
        holds(&self.out) || holds(&self.err)
    }
}

/// The program in a folder, without the settings of whoever runs this, and with bounded memory
/// where the system has a way to bound it.
pub(super) fn command(program: &str, folder: &Path) -> Command {
    let mut command = match cfg!(target_os = "linux") {
        true => {
            let mut shell = Command::new("sh");
            shell.args(["-c", &format!("ulimit -v {MEMORY_KIB}; exec \"$0\" \"$@\""), program]);
            shell
        }
        false => Command::new(program),
    };
    let path = std::env::var_os("PATH").unwrap_or_default();
    command.env_clear().env("PATH", path).env("HOME", home(folder)).current_dir(folder);
    command.stdin(Stdio::null());
    command
}

/// Where the program keeps what it writes down about its own work: beside the folder, so that it is
/// not taken for something left behind there.
pub(super) fn home(folder: &Path) -> PathBuf {
    folder.with_extension("home")
}

/// Reads a pipe to its end, elsewhere.
fn kept(pipe: Option<impl Read + Send + 'static>) -> Receiver<Vec<u8>> {
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || {
        let mut bytes = Vec::new();
        if let Some(mut pipe) = pipe {
            let _ = pipe.read_to_end(&mut bytes);
        }
        let _ = sender.send(bytes);
    });
    receiver
}

/// A run that takes longer hangs. No measure: on a machine that does other things beside, a run of a
/// second may take many.
const LONGEST: Duration = Duration::from_secs(150);

/// Addresses, not pages: threads and the allocator reserve more than they use.
const MEMORY_KIB: u64 = 1024 * 1024;

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use super::*;

    #[test]
    fn a_run_is_kept_whole() {
        let mut shell = command("sh", &std::env::temp_dir());
        let run = Run::of(shell.args(["-c", "echo out; echo '{\"error\":{\"a\":1}}' >&2; exit 3"]));
        let run = run.unwrap();
        assert_eq!((run.code, run.hung, run.out.as_slice()), (Some(3), false, &b"out\n"[..]));
        assert_eq!(run.error().unwrap()["a"], 1);
        assert!(run.shows("out") && run.shows("error") && !run.shows("other"));
    }

    #[test]
    fn a_killed_run_has_no_code() {
        let mut shell = command("sh", &std::env::temp_dir());
        let run = Run::of(shell.args(["-c", "kill -9 $$"])).unwrap();
        assert_eq!((run.code, run.hung), (None, false));
    }
}
