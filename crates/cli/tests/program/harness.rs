//! Runs the program, and a sandbox for it to talk to.

use std::ffi::OsStr;
use std::io::{BufRead, BufReader, ErrorKind, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};

use serde_json::Value;

/// What a run of the program came to.
#[derive(Debug)]
pub(crate) struct Outcome {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Outcome {
    /// The outcome, if the program was content.
    #[track_caller]
    pub(crate) fn good(self) -> Self {
        assert_eq!(self.code, 0, "{self:#?}");
        self
    }

    /// The document on standard output.
    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        parse(&self.out)
    }

    /// The body of the error document, and its code checked against that of the process.
    #[track_caller]
    pub(crate) fn error(&self) -> Value {
        let document = parse(&self.err);
        let error = document["error"].clone();
        assert_eq!(error["exit_code"], self.code, "{self:#?}");
        error
    }
}

#[track_caller]
fn parse(text: &str) -> Value {
    match serde_json::from_str(text) {
        Ok(document) => document,
        Err(error) => panic!("{error} in {text:?}"),
    }
}

/// The program, without the settings and connections of whoever runs the tests.
pub(crate) fn program() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_wharf"));
    for variable in ["FILES_API_KEY", "WHARF_MFT_PASSWORD", "NO_COLOR"] {
        command.env_remove(variable);
    }
    // Never the journal of whoever runs the tests.
    command.env("WHARF_STATE", std::env::temp_dir().join(STATE));
    command.env("WHARF_CONFIG_DIR", "/nowhere").stdin(Stdio::null());
    command
}

const STATE: &str = concat!("wharf-tests-", env!("CARGO_PKG_VERSION"));

/// Runs the program.
#[track_caller]
pub(crate) fn wharf<S: AsRef<OsStr>>(arguments: impl IntoIterator<Item = S>) -> Outcome {
    finish(program().args(arguments))
}

/// Runs a command to its end.
#[track_caller]
pub(crate) fn finish(command: &mut Command) -> Outcome {
    let output = command.output().unwrap();
    Outcome {
        code: output.status.code().expect("ended by a signal"),
        out: String::from_utf8_lossy(&output.stdout).into_owned(),
        err: String::from_utf8_lossy(&output.stderr).into_owned(),
    }
}

/// Runs a command with something on standard input.
#[track_caller]
pub(crate) fn fed(command: &mut Command, input: &[u8]) -> Outcome {
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // A program that wants no input may have ended before it came.
    if let Err(failure) = child.stdin.take().unwrap().write_all(input) {
        assert_eq!(failure.kind(), ErrorKind::BrokenPipe, "{failure}");
    }
    let output = child.wait_with_output().unwrap();
    Outcome {
        code: output.status.code().expect("ended by a signal"),
        out: String::from_utf8_lossy(&output.stdout).into_owned(),
        err: String::from_utf8_lossy(&output.stderr).into_owned(),
    }
}

/// `wharf sandbox --json` in the background, until dropped.
#[derive(Debug)]
pub(crate) struct Services {
    pub(crate) child: Child,
    pub(crate) document: Value,
}

impl Services {
    #[track_caller]
    pub(crate) fn start() -> Self {
        Self::start_with(&[])
    }

    /// With more arguments.
    #[track_caller]
    pub(crate) fn start_with(arguments: &[&str]) -> Self {
        let mut command = program();
        command.args(["sandbox", "--json"]).args(arguments).stdout(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let mut line = String::new();
        let out = child.stdout.take().unwrap();
        BufReader::new(out).read_line(&mut line).unwrap();
        let document = parse(&line);
        Self { child, document }
    }

    fn text(&self, pointer: &str) -> &str {
        self.document.pointer(pointer).unwrap().as_str().unwrap()
    }

    /// A target on Files.com.
    pub(crate) fn filescom(&self, path: &str) -> String {
        let address = self.text("/filescom");
        match address.strip_prefix("https:") {
            Some(safe) => format!("filescom:{safe}{path}"),
            None => format!("filescom+{address}{path}"),
        }
    }

    /// A target on Boomi MFT, as the first user.
    pub(crate) fn mft(&self, path: &str) -> String {
        let (scheme, host) = self.text("/mft").split_once("://").unwrap();
        let scheme = if scheme == "https" { "mft" } else { "mft+http" };
        format!("{scheme}://{}@{host}{path}", self.text("/users/0/name"))
    }

    /// A key of Files.com, by its kind.
    pub(crate) fn key(&self, kind: &str) -> &str {
        self.text(&format!("/keys/{kind}"))
    }

    /// Lets requests meet a fault, by the sandbox's own door.
    #[track_caller]
    pub(crate) fn fault(&self, rule: &Value) {
        self.control("POST", "faults", &rule.to_string());
    }

    /// Puts everything back as it was at the start.
    #[track_caller]
    pub(crate) fn reset(&self) {
        self.control("POST", "reset", "");
    }

    /// Asks the sandbox's own door for something.
    #[track_caller]
    pub(crate) fn control(&self, method: &str, what: &str, body: &str) -> String {
        let host = self.text("/filescom").strip_prefix("http://").unwrap();
        let length = body.len();
        let mut door = TcpStream::connect(host).unwrap();
        write!(
            door,
            "{method} /_sandbox/{what} HTTP/1.0\r\nHost: {host}\r\nConnection: close\r\n\
             Content-Length: {length}\r\n\r\n{body}"
        )
        .unwrap();
        let mut answer = String::new();
        door.read_to_string(&mut answer).unwrap();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        assert!(head.split(' ').nth(1).is_some_and(|code| code.starts_with('2')), "{answer}");
        body.to_owned()
    }

    /// The program, with the secrets of both services in its environment.
    pub(crate) fn program(&self) -> Command {
        let mut command = program();
        command
            .env("FILES_API_KEY", self.key("full"))
            .env("WHARF_MFT_PASSWORD", self.text("/users/0/password"));
        if let Some(ca) = self.document["ca"].as_str() {
            command.env("SSL_CERT_FILE", ca);
        }
        command
    }

    /// Runs the program with the secrets of both services.
    #[track_caller]
    pub(crate) fn wharf<S: AsRef<OsStr>>(&self, arguments: impl IntoIterator<Item = S>) -> Outcome {
        finish(self.program().args(arguments))
    }
}

impl Drop for Services {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
