//! One run of a program, and what it took.

use std::fs::{self, File};
use std::io::Read;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Instant;

use serde_json::{Value, json};
use wait4::Wait4;

use crate::outcome::Failure;

/// What one run took, by the operating system's own account of that process and its children.
#[derive(Debug, Clone)]
pub(super) struct Cost {
    /// Seconds from start to end.
    pub(super) wall: f64,
    /// Seconds of processor time, the system's work for it included.
    pub(super) cpu: f64,
    /// Peak memory in MiB.
    pub(super) peak: f64,
    /// What it printed, where it was asked for.
    pub(super) said: String,
}

impl Cost {
    pub(super) fn to_json(&self) -> Value {
        json!({"wall": self.wall, "cpu": self.cpu, "peak": self.peak})
    }

    /// A number of the document that it printed; of wrk, which prints none, its rate.
    pub(super) fn number(&self, name: &str) -> Option<f64> {
        if name == "rate"
            && let Some(line) =
                self.said.lines().find_map(|line| line.strip_prefix("Requests/sec:"))
        {
            return line.trim().parse().ok();
        }
        let document: Value = serde_json::from_str(self.said.lines().last()?).ok()?;
        document.get(name)?.as_f64()
    }
}

/// A command to be measured.
#[derive(Debug, Clone)]
pub(super) struct Run {
    program: String,
    arguments: Vec<String>,
    environment: Vec<(String, String)>,
    core: Option<u8>,
    said: bool,
    patience: u32,
}

impl Run {
    pub(super) fn new(program: impl Into<String>) -> Self {
        Self {
            program: program.into(),
            arguments: Vec::new(),
            environment: Vec::new(),
            core: Some(CLIENT),
            said: false,
            patience: 120,
        }
    }

    pub(super) fn args<T: Into<String>>(mut self, words: impl IntoIterator<Item = T>) -> Self {
        self.arguments.extend(words.into_iter().map(Into::into));
        self
    }

    pub(super) fn env(mut self, name: &str, value: impl Into<String>) -> Self {
        self.environment.push((name.to_owned(), value.into()));
        self
    }

    /// Keeps what it prints, instead of sending it to nowhere.
    pub(super) fn said(mut self) -> Self {
        self.said = true;
        self
    }

    /// Lets it use every processor.
    pub(super) fn anywhere(mut self) -> Self {
        self.core = None;
        self
    }

    /// Lets it take five minutes instead of two.
    pub(super) fn patient(mut self) -> Self {
        self.patience = 300;
        self
    }

    /// Runs it below another program, such as one that counts what it does.
    pub(super) fn below(mut self, program: &str, arguments: &[&str]) -> Self {
        let inner = std::mem::replace(&mut self.program, program.to_owned());
        let words = arguments.iter().map(|word| (*word).to_owned());
        let outer: Vec<String> = words.chain([inner]).collect();
        self.arguments.splice(..0, outer);
        self
    }

    /// Runs it. It is killed when it takes longer than two minutes.
    pub(super) fn measure(&self, scratch: &Path) -> Result<Cost, Failure> {
        let errors = scratch.join("errors.txt");
        let unusable = |error| Failure::new(format!("{}: {error}", errors.display()));
        let mut command = self.command();
        command.stdin(Stdio::null()).stderr(File::create(&errors).map_err(unusable)?);
        command.stdout(if self.said { Stdio::piped() } else { Stdio::null() });
        let begin = Instant::now();
        let failed = |error| Failure::new(format!("{} does not start: {error}", self.program));
        let mut child = command.spawn().map_err(failed)?;
        let mut said = String::new();
        if let Some(mut output) = child.stdout.take() {
            output.read_to_string(&mut said).map_err(failed)?;
        }
        let used = child.wait4().map_err(failed)?;
        let wall = begin.elapsed().as_secs_f64();
        if !used.status.success() {
            let words = fs::read_to_string(&errors).unwrap_or_default();
            let last: Vec<&str> = words.lines().rev().take(3).collect();
            let last: Vec<&str> = last.into_iter().rev().collect();
            let name = self.program.rsplit('/').next().unwrap_or_default();
            let message = format!("{name} ended with {}: {}", used.status, last.join(" / "));
            return Err(Failure::new(message));
        }
        let cpu = (used.rusage.utime + used.rusage.stime).as_secs_f64();
        Ok(Cost { wall, cpu, peak: used.rusage.maxrss as f64 / MIB, said })
    }

    fn command(&self) -> Command {
        let mut command = Command::new("timeout");
        command.args(["--signal=KILL", &self.patience.to_string()]);
        if let Some(core) = self.core {
            command.args(["taskset", "--cpu-list", &core.to_string()]);
        }
        command.arg(&self.program).args(&self.arguments);
        command.envs(self.environment.iter().map(|(name, value)| (name, value)));
        command
    }
}

pub(super) const MIB: f64 = 1024.0 * 1024.0;

/// The processor of those who are measured; the other one is the server's.
pub(super) const CLIENT: u8 = 1;
pub(super) const SERVER: u8 = 0;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scratch::Scratch;

    #[test]
    fn a_run_is_accounted_for() {
        let scratch = Scratch::new();
        let scratch = scratch.root();
        let run = Run::new("sh").args(["-c", "echo '{\"answer\": 42}'"]).said().anywhere();
        let cost = run.measure(scratch).unwrap();
        assert_eq!(cost.number("answer"), Some(42.0));
        assert!(cost.peak > 0.1 && cost.wall > 0.0);
        let wrk = Run::new("echo").args(["Requests/sec:  64712.5"]).said().anywhere();
        assert_eq!(wrk.measure(scratch).unwrap().number("rate"), Some(64_712.5));
        let below = Run::new("echo").args(["a"]).below("echo", &["x"]).said().anywhere();
        assert_eq!(below.measure(scratch).unwrap().said, "x echo a\n");
    }

    #[test]
    fn a_failure_tells_what_was_said() {
        let scratch = Scratch::new();
        let scratch = scratch.root();
        let run = Run::new("sh").args(["-c", "echo no room >&2; exit 3"]).anywhere();
        let failure = run.measure(scratch).unwrap_err().to_string();
        assert!(failure.contains("no room"), "{failure}");
    }
}
