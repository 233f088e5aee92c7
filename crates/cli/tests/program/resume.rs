//! Copies that are killed, and gone on with: by SIGKILL, when the sandbox has seen enough.

#![cfg(unix)]

use std::fs;
use std::path::Path;
use std::process::Stdio;

use serde_json::{Value, json};

use crate::harness::Services;

/// A sandbox, a folder, and a journal of its own.
struct Stage {
    services: Services,
    folder: tempfile::TempDir,
}

impl Stage {
    fn new() -> Self {
        Self { services: Services::start(), folder: tempfile::tempdir().unwrap() }
    }

    /// A file that no part of is like another.
    fn file(&self, name: &str, size: usize) -> Vec<u8> {
        let mut state = 0x9e37_79b9_u32;
        let next = || {
            state ^= state << 13;
            state ^= state >> 17;
            state ^= state << 5;
            Some(state as u8)
        };
        let bytes: Vec<u8> = std::iter::from_fn(next).take(size).collect();
        fs::write(self.folder.path().join(name), &bytes).unwrap();
        bytes
    }

    fn command(&self, arguments: &[&str]) -> std::process::Command {
        let mut command = self.services.program();
        command.args(arguments).current_dir(&self.folder);
        command.env("WHARF_STATE", self.folder.path().join("state"));
        command
    }

    #[track_caller]
    fn wharf(&self, arguments: &[&str]) -> crate::harness::Outcome {
        crate::harness::finish(&mut self.command(arguments))
    }

    /// Runs the program, and kills it when `enough` says so.
    fn killed(&self, arguments: &[&str], enough: impl Fn(&Self) -> bool) {
        let mut command = self.command(arguments);
        let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        while !enough(self) {
            assert_eq!(child.try_wait().unwrap(), None, "it ended before it was killed");
            std::thread::yield_now();
        }
        child.kill().unwrap();
        child.wait().unwrap();
    }

    /// The requests of a route that were answered well.
    fn seen(&self, route: &str) -> Vec<Value> {
        let seen: Value = serde_json::from_str(&self.services.control("GET", "seen", "")).unwrap();
        let requests = seen.get("requests").unwrap_or(&seen).as_array().unwrap();
        let answered = |request: &&Value| {
            request["route"] == route && request["status"].as_u64().is_some_and(|code| code < 300)
        };
        requests.iter().filter(answered).cloned().collect()
    }

    fn forget(&self) {
        self.services.control("DELETE", "seen", "");
        self.services.control("DELETE", "faults", "");
    }

    /// The only job of the journal.
    fn job(&self) -> String {
        let jobs = self.wharf(&["jobs", "list", "--json"]).good().json();
        assert_eq!(jobs.as_array().unwrap().len(), 1, "{jobs}");
        assert_eq!(jobs[0]["state"], "open");
        jobs[0]["job"].as_str().unwrap().to_owned()
    }

    /// Whether the journal knows how far a copy came.
    fn has_kept(&self) -> bool {
        self.wharf(&["jobs", "list", "--json"]).good().json()[0]["half_done"] == 1
    }

    /// Whether the journal knows of steps that are done.
    fn has_done(&self) -> bool {
        self.wharf(&["jobs", "list", "--json"]).good().json()[0]["done"].as_u64() > Some(0)
    }

    fn has_no_jobs(&self) {
        assert_eq!(self.wharf(&["jobs", "list"]).good().out, "no jobs\n");
    }
}

#[test]
fn a_killed_upload_to_filescom_goes_on_at_the_next_part() {
    let stage = Stage::new();
    stage.file("big.bin", 31 << 20);
    let to = stage.services.filescom("/big.bin");
    let fault = json!({"route": "part_put", "fault": "stall", "skip": 2, "times": null});
    stage.services.fault(&fault);
    let put = ["--set", "part_size=5MiB", "put", "big.bin", &to];
    stage.killed(&put, |stage| stage.seen("part_put").len() == 2 && stage.has_kept());
    assert_eq!(stage.wharf(&["stat", &to]).code, 3, "nothing stands under the final name");
    stage.forget();

    let job = stage.job();
    let resumed = stage.wharf(&["jobs", "resume", &job, "--json"]).good().json();
    assert_eq!(resumed["verdict"], "verified", "{resumed}");
    let sent: u64 =
        stage.seen("part_put").iter().map(|put| put["body_len"].as_u64().unwrap()).sum();
    // The answer to the last part may have come too late to be kept.
    assert!(sent <= (31 << 20) - (5 << 20), "{sent} bytes were sent again");
    stage.has_no_jobs();
}

#[test]
fn a_killed_upload_to_mft_goes_on_at_the_next_chunk() {
    let stage = Stage::new();
    let bytes = stage.file("big.bin", 9 << 20);
    let to = stage.services.mft("/HOME/big.bin");
    let fault = json!({"route": "mft_upload", "fault": "stall", "skip": 5, "times": null});
    stage.services.fault(&fault);
    let put = ["--set", "chunk_size=1MiB", "put", "big.bin", &to];
    stage.killed(&put, |stage| stage.seen("mft_upload").len() == 5);
    assert_eq!(stage.wharf(&["stat", &to]).code, 3, "nothing stands under the final name");
    stage.forget();

    // The same command goes on, too.
    let resumed = stage.wharf(&put).good();
    assert!(resumed.out.starts_with("copied"), "{resumed:?}");
    assert_eq!(stage.seen("mft_upload").len(), 4, "what is stored is not sent again");
    let read = stage.wharf(&["get", &to, "back.bin"]).good();
    assert!(read.out.starts_with("copied"), "{read:?}");
    assert!(fs::read(stage.folder.path().join("back.bin")).unwrap() == bytes);
    let listing = stage.wharf(&["ls", &stage.services.mft("/HOME")]).good().out;
    assert!(!listing.contains("wharf-upload"), "{listing}");
    stage.has_no_jobs();
}

#[test]
fn a_killed_download_goes_on_at_the_next_byte() {
    let stage = Stage::new();
    let bytes = stage.file("big.bin", 12 << 20);
    let from = stage.services.filescom("/big.bin");
    stage.wharf(&["put", "big.bin", &from]).good();
    stage.forget();
    let fault = json!({"route": "storage_get", "fault": {"stall_after": 7_000_000}, "times": null});
    stage.services.fault(&fault);
    let get = ["get", &from, "back.bin"];
    stage.killed(&get, |stage| {
        partial(stage.folder.path()).is_some_and(|(_, size)| size > 6_000_000)
    });
    let (_, there) = partial(stage.folder.path()).unwrap();
    assert!(!stage.folder.path().join("back.bin").exists());
    stage.forget();

    let job = stage.job();
    let resumed = stage.wharf(&["jobs", "resume", &job]).good();
    assert!(resumed.out.contains("verified crc32"), "{resumed:?}");
    let gets = stage.seen("storage_get");
    let ranges: Vec<_> = gets.iter().map(|get| get["headers"]["range"].as_str().unwrap()).collect();
    assert_eq!(ranges, [format!("bytes={there}-{}", bytes.len() - 1)]);
    assert!(fs::read(stage.folder.path().join("back.bin")).unwrap() == bytes);
    assert_eq!(partial(stage.folder.path()), None);
    stage.has_no_jobs();
}

#[test]
fn a_source_that_changed_is_sent_anew_and_a_cancelled_job_leaves_nothing() {
    let stage = Stage::new();
    stage.file("big.bin", 9 << 20);
    let to = stage.services.mft("/HOME/big.bin");
    let fault = json!({"route": "mft_upload", "fault": "stall", "skip": 5, "times": null});
    stage.services.fault(&fault);
    let put = ["--set", "chunk_size=1MiB", "put", "big.bin", &to];
    stage.killed(&put, |stage| stage.seen("mft_upload").len() == 5);
    stage.forget();
    let mut other = stage.file("big.bin", 9 << 20);
    other[0] ^= 1;
    fs::write(stage.folder.path().join("big.bin"), &other).unwrap();
    stage.services.fault(&fault);
    stage.killed(&put, |stage| stage.seen("mft_upload").len() == 5);
    stage.forget();

    let job = stage.job();
    stage.wharf(&["jobs", "cancel", &job]).good();
    let listing = stage.wharf(&["ls", &stage.services.mft("/HOME")]).good().out;
    assert!(!listing.contains("wharf-upload"), "{listing}");
    stage.has_no_jobs();
    assert_eq!(stage.wharf(&["jobs", "resume", &job]).code, 3);
}

#[test]
fn receipts_are_verified_against_both_ends_again() {
    let stage = Stage::new();
    stage.file("a.bin", 1000);
    let to = stage.services.filescom("/a.bin");
    stage.wharf(&["put", "--receipts", "sent.jsonl", "a.bin", &to]).good();
    let verified = stage.wharf(&["verify", "sent.jsonl"]).good().out;
    assert_eq!(verified, "1 receipt: 1 proven by checksum, 1 unchanged\n");
    let verified = stage.wharf(&["verify", "--read", "sent.jsonl"]).good().out;
    assert_eq!(verified, "1 receipt: 2 proven by checksum\n");
    fs::write(stage.folder.path().join("a.bin"), "another").unwrap();
    stage.wharf(&["rm", &to]).good();
    let verified = stage.wharf(&["verify", "sent.jsonl"]);
    assert_eq!(verified.code, 42, "{verified:?}");
    assert!(verified.out.contains("gone") && verified.out.contains("changed"), "{verified:?}");
    fs::write(stage.folder.path().join("none.jsonl"), "{}\n").unwrap();
    let refused = stage.wharf(&["verify", "none.jsonl"]);
    assert_eq!(refused.code, 2, "{refused:?}");
}

#[test]
fn a_sync_that_is_killed_twenty_times_carries_every_file_once() {
    let stage = Stage::new();
    for number in 0..FILES {
        let file = stage.folder.path().join(format!("src/{:02}/{number:04}.txt", number % 23));
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, format!("the content of file {number}\n").repeat(1 + number % 7)).unwrap();
    }
    let to = stage.services.filescom("/tree");
    let mut random = 0x5eed_u64;
    let mut completed = std::collections::BTreeMap::<String, u32>::new();
    let mut note = |stage: &Stage| {
        for request in stage.seen("complete") {
            *completed.entry(request["path"].as_str().unwrap().to_owned()).or_default() += 1;
        }
        stage.services.control("DELETE", "seen", "");
    };
    for kill in 0..20 {
        random =
            random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let after = 1 + (random >> 33) as usize % (FILES / 25);
        let enough = |stage: &Stage| stage.seen("complete").len() >= after;
        match kill {
            0 => stage.killed(&["sync", "--receipts", "receipts.jsonl", "src", &to], enough),
            _ => stage.killed(&["jobs", "resume", &stage.job()], enough),
        }
        note(&stage);
    }
    let done = stage.wharf(&["jobs", "resume", &stage.job(), "--json"]).good().json();
    assert_eq!(done["complete"], true, "{done}");
    note(&stage);
    stage.has_no_jobs();

    let receipts = fs::read_to_string(stage.folder.path().join("receipts.jsonl")).unwrap();
    let mut carried: Vec<String> = receipts
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap()["destination"].to_string())
        .collect();
    assert_eq!(carried.len(), FILES);
    carried.sort();
    carried.dedup();
    assert_eq!(carried.len(), FILES, "a file has two receipts");
    assert!(completed.values().all(|times| *times == 1), "a file was stored twice: {completed:?}");
    stage.wharf(&["check", "--checksum", "--read", "src", &to]).good();
    let listing = stage.wharf(&["tree", &to, "--json"]).good().out;
    assert!(!listing.contains(".part"), "{listing}");
}

#[test]
fn a_sync_that_is_stopped_says_how_to_go_on() {
    let stage = Stage::new();
    fs::create_dir(stage.folder.path().join("src")).unwrap();
    for number in 0..40 {
        fs::write(stage.folder.path().join(format!("src/{number}")), number.to_string()).unwrap();
    }
    let to = stage.services.filescom("/stopped");
    let fault = json!({"route": "complete", "fault": "stall", "skip": 10, "times": null});
    stage.services.fault(&fault);
    let mut command = stage.command(&["sync", "src", &to]);
    let mut child = command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
    while !stage.has_done() {
        assert_eq!(child.try_wait().unwrap(), None, "it ended before it was stopped");
        std::thread::yield_now();
    }
    let stop = format!("kill -INT {}", child.id());
    assert!(std::process::Command::new("sh").args(["-c", &stop]).status().unwrap().success());
    let stopped = child.wait_with_output().unwrap();
    assert_eq!(stopped.status.code(), Some(130));
    let job = stage.job();
    let said = String::from_utf8(stopped.stderr).unwrap();
    assert_eq!(said, format!("stopped; go on with: wharf jobs resume {job}\n"));
    stage.forget();
    let resumed = stage.wharf(&["jobs", "resume", &job]).good();
    assert!(resumed.out.contains("done before"), "{resumed:?}");
    stage.wharf(&["check", "--checksum", "--read", "src", &to]).good();
    stage.has_no_jobs();
}

/// The partial file in a folder, and its size.
fn partial(folder: &Path) -> Option<(String, u64)> {
    let mut names = fs::read_dir(folder).unwrap().filter_map(|entry| {
        let entry = entry.unwrap();
        let name = entry.file_name().into_string().unwrap();
        // It may have got its name since.
        let size = entry.metadata().ok()?.len();
        name.ends_with(".part").then_some((name, size))
    });
    names.next()
}

const FILES: usize = 2000;

#[test]
fn a_copy_needs_no_journal() {
    let stage = Stage::new();
    let bytes = stage.file("big.bin", 5 << 20);
    fs::write(stage.folder.path().join("small"), "abc").unwrap();
    fs::create_dir(stage.folder.path().join("broken")).unwrap();
    fs::write(stage.folder.path().join("broken/jobs.db"), "no database ".repeat(100)).unwrap();
    let back = stage.folder.path().join("back");
    let (there, small) = (stage.services.filescom("/big.bin"), stage.services.filescom("/small"));
    stage.wharf(&["put", "big.bin", &there]).good();
    for state in [None, Some("small/state"), Some("broken")] {
        for (from, to) in [("small", &*small), (&there, "back")] {
            let mut copy = stage.command(&["cp", from, to]);
            for variable in ["WHARF_STATE", "XDG_STATE_HOME", "HOME"] {
                copy.env_remove(variable);
            }
            copy.envs(state.map(|state| ("WHARF_STATE", state)));
            let copied = crate::harness::finish(&mut copy).good();
            assert_eq!(copied.err.matches("cannot be gone on with").count(), 1, "{copied:?}");
            let quiet = crate::harness::finish(copy.arg("--quiet")).good();
            assert_eq!(quiet.err, "");
        }
        assert!(fs::read(&back).unwrap() == bytes);
    }
}

#[test]
fn the_journal_is_for_its_owner_alone() {
    use std::os::unix::fs::PermissionsExt;
    let stage = Stage::new();
    stage.file("big.bin", 5 << 20);
    // A folder that somebody made, readable by all.
    let state = stage.folder.path().join("state");
    fs::create_dir(&state).unwrap();
    let there = stage.services.filescom("/big.bin");
    stage.wharf(&["put", "big.bin", &there]).good();
    stage.wharf(&["get", &there, "back.bin"]).good();
    let mode = fs::metadata(state.join("jobs.db")).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
}

#[test]
fn a_copy_that_is_under_way_is_left_to_its_process() {
    let stage = Stage::new();
    let bytes = stage.file("big.bin", 12 << 20);
    let from = stage.services.filescom("/big.bin");
    stage.wharf(&["put", "big.bin", &from]).good();
    stage.forget();
    let fault = json!({"route": "storage_get", "fault": {"stall_after": 7_000_000}, "times": null});
    stage.services.fault(&fault);
    let get = ["get", &from, "back.bin"];
    let mut child = stage.command(&get).stderr(Stdio::null()).spawn().unwrap();
    while partial(stage.folder.path()).is_none_or(|(_, size)| size <= 6_000_000) {
        assert_eq!(child.try_wait().unwrap(), None, "it ended before it was stopped");
        std::thread::yield_now();
    }
    let job = stage.job();
    for others in [&["jobs", "cancel", &job][..], &["jobs", "resume", &job], &get] {
        let refused = stage.wharf(others);
        assert_eq!(refused.code, 10, "{others:?}: {refused:?}");
        assert!(refused.err.contains(&format!("by process {}\n", child.id())), "{refused:?}");
    }
    assert!(partial(stage.folder.path()).is_some_and(|(_, size)| size > 6_000_000));
    let stop = format!("kill -INT {}", child.id());
    assert!(std::process::Command::new("sh").args(["-c", &stop]).status().unwrap().success());
    assert_eq!(child.wait().unwrap().code(), Some(130));
    stage.forget();
    stage.wharf(&get).good();
    assert!(fs::read(stage.folder.path().join("back.bin")).unwrap() == bytes);
    stage.has_no_jobs();
}
