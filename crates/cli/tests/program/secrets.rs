//! No secret in anything that the program says or leaves: every verb, every level of the log, with
//! and without faults, those included that repeat to the program what it sent.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use base64::Engine;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use tokio::runtime::Runtime;
use wharf_sandbox::{Fault, Route, Sandbox};

use crate::harness::program;

/// A sandbox within the test, which tells what was really sent to it.
struct World {
    _runtime: Runtime,
    sandbox: Sandbox,
    folder: tempfile::TempDir,
}

/// How the program proves who it is to Boomi MFT.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Proof {
    Password,
    Ticket,
}

impl World {
    fn new() -> Self {
        let runtime = Runtime::new().unwrap();
        let sandbox = runtime.block_on(Sandbox::start()).unwrap();
        Self { _runtime: runtime, sandbox, folder: tempfile::tempdir().unwrap() }
    }

    fn filescom(&self, path: &str) -> String {
        format!("filescom+{}/{path}", self.sandbox.filescom_url())
    }

    fn mft(&self, path: &str) -> String {
        let url = self.sandbox.mft_url();
        let (scheme, host) = url.split_once("://").unwrap();
        format!("mft+{scheme}://{}@{host}/{path}", self.sandbox.users()[0].name)
    }

    /// What must not be found, known from the sandbox and from what was sent to it.
    fn secrets(&self, ticket: &str) -> BTreeSet<String> {
        let password = self.sandbox.users()[0].password.clone();
        let mut secrets =
            BTreeSet::from([self.sandbox.keys().full.clone(), password, ticket.to_owned()]);
        for request in self.sandbox.seen().requests() {
            let headers = ["x-filesapi-key", "authorization", "x-thru-sessionid"];
            let headers = headers.iter().filter_map(|name| request.header(name));
            secrets.extend(headers.map(str::to_owned));
            // What makes a signed address work, and a session in one.
            let values = request.query().split('&').filter_map(|pair| pair.split_once('='));
            let signed = |name: &str| {
                let name = name.to_ascii_lowercase();
                ["signature", "credential", "sessionid", "token", "sig"]
                    .iter()
                    .any(|part| name.ends_with(part))
            };
            let values = values.filter(|(name, _)| signed(name)).map(|(_, value)| value);
            secrets.extend(values.map(str::to_owned));
        }
        secrets.retain(|secret| secret.len() >= 6);
        secrets
    }

    /// Runs the program, and gathers everything that anybody can read afterwards.
    fn run(&self, arguments: &[String], manner: &[&str], proof: Proof) -> (String, i32) {
        self.sandbox.seen().clear();
        let ticket = self.sandbox.mft().ticket(&self.sandbox.users()[0].name).unwrap();
        let mut command: Command = program();
        let key = self.sandbox.keys().full.clone();
        command.env("FILES_API_KEY", key).current_dir(self.folder.path());
        // What it writes down about its own work is searched, too.
        command.env("HOME", self.folder.path()).env_remove("XDG_STATE_HOME");
        match proof {
            Proof::Password => command.env("WHARF_MFT_PASSWORD", &self.sandbox.users()[0].password),
            Proof::Ticket => command.env("WHARF_MFT_TICKET", &ticket),
        };
        let Output { status, stdout, stderr } =
            command.args(arguments).args(QUICK).args(manner).output().unwrap();
        let mut said = stdout;
        said.extend(stderr);
        left_behind(self.folder.path(), &mut said);
        said.extend(format!("{:?}", self.sandbox.seen().requests()).bytes());
        let said = String::from_utf8_lossy(&said).into_owned();
        let case = format!("{arguments:?} {manner:?} {proof:?}");
        for secret in self.secrets(&ticket) {
            let found = forms(&secret).into_iter().find(|form| said.contains(form.as_str()));
            assert_eq!(found, None, "{secret} is told by {case}:\n{said}");
        }
        let code = status.code().expect("ended by a signal");
        assert!(code < 100, "it crashed: {case}");
        (said, code)
    }
}

/// Names and contents of all files.
fn left_behind(folder: &Path, said: &mut Vec<u8>) {
    for entry in fs::read_dir(folder).unwrap().map(Result::unwrap) {
        said.extend(entry.path().to_string_lossy().bytes());
        match entry.path().is_dir() {
            true => left_behind(&entry.path(), said),
            false => said.extend(fs::read(entry.path()).unwrap()),
        }
    }
}

/// A secret as it is, percent-encoded, and wherever it may stand within base64.
fn forms(secret: &str) -> BTreeSet<String> {
    let every = |escape: fn(u8) -> String| secret.bytes().map(escape).collect::<String>();
    let reserved = |upper: bool| {
        let escape = |byte: u8| match (byte.is_ascii_alphanumeric(), upper) {
            (true, _) => char::from(byte).to_string(),
            (false, true) => format!("%{byte:02X}"),
            (false, false) => format!("%{byte:02x}"),
        };
        secret.bytes().map(escape).collect::<String>()
    };
    let mut forms = BTreeSet::from([
        secret.to_owned(),
        reserved(true),
        reserved(false),
        every(|byte| format!("%{byte:02X}")),
        every(|byte| format!("{byte:02x}")),
    ]);
    for before in 0..3 {
        let text = [&b"\0\0"[..before], secret.as_bytes()].concat();
        // The letters at both ends depend on what stands beside.
        let begin = [0, 2, 3][before];
        let whole = text.len() / 3 * 4;
        for encoded in [STANDARD_NO_PAD.encode(&text), URL_SAFE_NO_PAD.encode(&text)] {
            forms.insert(encoded[begin..whole].to_owned());
        }
    }
    forms
}

/// Each verb on one service, in an order in which all of them can succeed.
fn verbs(
    there: impl Fn(&str) -> String,
    sample: &str,
    set: [&str; 2],
    elsewhere: &str,
) -> Vec<Vec<String>> {
    let own = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>();
    let sample = there(sample);
    let (stored, moved) = (there("secrets/stored.bin"), there("secrets/moved.bin"));
    vec![
        own(&["test", &there("")]),
        own(&["ls", &there("")]),
        own(&["tree", &there("secrets")]),
        own(&["stat", &sample]),
        own(&["cat", &sample]),
        own(&["get", &sample, "got.bin"]),
        own(&["put", "source.bin", &stored]),
        own(&["put", "--verify", "read-back", "source.bin", &stored]),
        own(&["cp", &stored, elsewhere]),
        own(&["mv", &stored, &moved]),
        own(&["set", set[0], set[1], &moved]),
        own(&["mkdir", &there("secrets/folder")]),
        own(&["rm", &moved]),
        own(&["rm", "-r", &there("secrets/folder")]),
    ]
}

fn check(proof: Proof, service: Route, faults: &[Option<Fault>]) {
    let world = World::new();
    fs::write(world.folder.path().join("source.bin"), vec![7; 2_000]).unwrap();
    for fault in faults {
        let mut codes = BTreeSet::new();
        let manners = [&["-vvv"][..], &["-vvv", "--json"], &["-v"]];
        for manner in manners.into_iter().take(if fault.is_none() { 3 } else { 2 }) {
            world.sandbox.reset();
            world.sandbox.filescom().put_folder("secrets");
            let verbs = match service {
                Route::Mft => {
                    let place = |path: &str| match path.strip_prefix("secrets") {
                        Some(below) => world.mft(&format!("COMMON{below}")),
                        None => world.mft(path),
                    };
                    let there = world.filescom("secrets/copied.bin");
                    verbs(
                        place,
                        "HOME/Admin/My Documents/2.html",
                        ["--description", "told"],
                        &there,
                    )
                }
                _ => {
                    let place = |path: &str| world.filescom(path);
                    verbs(place, "readme.md", ["--modified", "now"], &world.mft("COMMON/c.bin"))
                }
            };
            for arguments in verbs {
                world.sandbox.faults().clear();
                if let Some(fault) = fault {
                    world.sandbox.faults().always(Route::Any, fault.clone());
                }
                let (said, code) = world.run(&arguments, manner, proof);
                codes.insert(code);
                assert!(fault.is_some() || code == 0, "{arguments:?}: {said}");
                let refused = matches!(fault, Some(Fault::Echo { .. }));
                assert!(!refused || said.contains("[secret]"), "nothing was repeated: {said}");
            }
        }
        let wanted = if fault.is_none() { vec![0] } else { vec![] };
        // An answer without a body cannot be cut: some faults leave some verbs alone.
        let cut = matches!(fault, Some(Fault::CutAfter(_)));
        let codes: Vec<i32> = codes.into_iter().filter(|code| *code == 0 && !cut).collect();
        assert_eq!(codes, wanted, "{fault:?}");
    }
}

fn faults(key: &str) -> Vec<Option<Fault>> {
    vec![
        None,
        Some(Fault::Echo { code: 400 }),
        Some(Fault::Echo { code: 401 }),
        Some(Fault::Echo { code: 500 }),
        Some(Fault::status(401)),
        Some(Fault::Html),
        Some(Fault::WrongJson),
        Some(Fault::ResetBefore),
        Some(Fault::CutAfter(5)),
        Some(Fault::HugeHeader(1 << 20)),
        Some(Fault::redirect(format!("http://{key}.example:1/{key}?key={key}"))),
        Some(Fault::RegionMismatch { host: format!("{key}.example") }),
    ]
}

#[test]
fn of_filescom_nothing_secret_is_told() {
    let key = World::new().sandbox.keys().full.clone();
    check(Proof::Password, Route::FilesCom, &faults(&key));
}

#[test]
fn of_mft_nothing_secret_is_told() {
    let password = World::new().sandbox.users()[0].password.clone();
    check(Proof::Password, Route::Mft, &faults(&password));
}

#[test]
fn of_a_ticket_nothing_is_told() {
    check(Proof::Ticket, Route::Mft, &[None, Some(Fault::Echo { code: 400 })]);
}

#[test]
fn the_search_finds_what_is_there() {
    for text in ["a Planted+1 b", "k=Planted%2B1", "k=Planted%2b1", "506c616e7465642b31"] {
        assert!(forms("Planted+1").iter().any(|form| text.contains(form)), "{text}");
    }
    for before in ["", "a", "ab", "abc"] {
        let text = STANDARD_NO_PAD.encode(format!("{before}Planted+1 and more"));
        assert!(forms("Planted+1").iter().any(|form| text.contains(form)), "{text}");
    }
}

/// Repeats cost no time here.
const QUICK: [&str; 6] =
    ["--set", "retry_delay=1ms", "--set", "retry_delay_limit=2ms", "--set", "retry_attempts=3"];
