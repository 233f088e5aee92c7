//! The program's own sandbox in the background, for tasks that need services to talk to.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

use serde_json::Value;

use crate::outcome::Failure;

/// `wharf sandbox --json`, stopped when this is dropped.
#[derive(Debug)]
pub(crate) struct Sandbox {
    process: Child,
    told: Value,
}

impl Sandbox {
    pub(crate) fn start(program: &str) -> Result<Self, Failure> {
        let mut command = Command::new(program);
        command.args(["sandbox", "--json"]);
        Self::of(command)
    }

    /// The same by a command that becomes a sandbox.
    pub(crate) fn of(mut command: Command) -> Result<Self, Failure> {
        let mut process = command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .map_err(|error| Failure::new(format!("{command:?} does not start: {error}")))?;
        let mut line = String::new();
        if let Some(output) = process.stdout.take() {
            let _ = BufReader::new(output).read_line(&mut line);
        }
        let told = serde_json::from_str(&line).unwrap_or_default();
        Ok(Self { process, told })
    }

    /// An address, key, name or password, by its place in the document.
    pub(crate) fn text(&self, pointer: &str) -> Result<String, Failure> {
        let text = self.told.pointer(pointer).and_then(Value::as_str).map(str::to_owned);
        text.ok_or_else(|| Failure::new(format!("the sandbox did not tell {pointer}")))
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
