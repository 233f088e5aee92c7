//! Calls to services: counted as the services see them, told beforehand, and bounded.

use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::harness::{Outcome, Services};

/// A folder with so many small files, some of them in a folder.
fn small(folder: &Path, files: usize) -> String {
    fs::create_dir_all(folder.join("2026")).unwrap();
    for number in 0..files {
        let below = if number % 2 == 0 { "2026/" } else { "" };
        fs::write(folder.join(format!("{below}{number}.csv")), format!("row;{number}\n")).unwrap();
    }
    folder.to_str().unwrap().to_owned()
}

/// What the sandbox saw at its faces since this was last asked, without what went to the storage.
fn seen(services: &Services) -> u64 {
    let log: Value = serde_json::from_str(&services.control("GET", "seen", "")).unwrap();
    services.control("DELETE", "seen", "");
    let calls = log.as_array().unwrap().iter().filter(|request| request["face"] != "storage");
    calls.count() as u64
}

/// The command in JSON, and what it told against what the sandbox saw.
#[track_caller]
fn counted(services: &Services, arguments: &[&str]) -> (Outcome, Value) {
    seen(services);
    let outcome = services.wharf([arguments, &["--json"]].concat());
    let told = outcome.json();
    assert_eq!(told["api_calls"], seen(services), "{arguments:?}: {told}");
    (outcome, told)
}

fn receipts(file: &Path) -> Vec<u64> {
    let text = fs::read_to_string(file).unwrap_or_default();
    let calls = |line: &str| {
        serde_json::from_str::<Value>(line).unwrap()["api_calls"].as_u64().expect("it is told")
    };
    text.lines().map(calls).collect()
}

#[test]
fn what_is_told_is_what_the_services_saw() {
    let services = Services::start();
    let folder = tempfile::tempdir().unwrap();
    let (here, file) = (small(&folder.path().join("here"), 5), folder.path().join("r.jsonl"));
    let (filescom, mft) = (services.filescom("/calls"), services.mft("/HOME/Admin/calls"));
    let back = folder.path().join("back");
    for (from, to) in [(&*here, &*filescom), (&*filescom, &*mft), (&*mft, back.to_str().unwrap())] {
        let _ = fs::remove_file(&file);
        let sync = ["sync", "--receipts", file.to_str().unwrap(), from, to];
        let (_, told) = counted(&services, &sync);
        let files = receipts(&file);
        let total = told["api_calls"].as_u64().unwrap();
        assert_eq!(files.len(), 5);
        assert!(files.iter().all(|calls| *calls > 0), "{files:?}");
        assert!(files.iter().sum::<u64>() < total, "listings are nobody's: {files:?} {total}");
        counted(&services, &["check", "--checksum", from, to]);
    }
    let csv = format!("{here}/1.csv");
    let (_, told) = counted(&services, &["cp", &csv, &services.filescom("/one.csv")]);
    assert_eq!(told["receipt"]["api_calls"], 3, "begin, end, a look: {told}");
    let (_, told) = counted(&services, &["sync", &here, &format!("{here}-too")]);
    assert_eq!(told["api_calls"], 0, "this machine is not called");
}

#[test]
fn every_attempt_counts() {
    let services = Services::start();
    let folder = tempfile::tempdir().unwrap();
    let here = small(&folder.path().join("here"), 1);
    let csv = format!("{here}/2026/0.csv");
    let fault = r#"{"route": "begin_upload", "fault": {"status": {"code": 503}}, "times": 2}"#;
    services.control("POST", "faults", fault);
    let (_, told) = counted(&services, &["cp", &csv, &services.filescom("/again.csv")]);
    assert_eq!(told["receipt"]["api_calls"], 5, "{told}");
    assert_eq!(told["receipt"]["tries"], 1, "{told}");
}

#[test]
fn a_plan_tells_what_it_costs() {
    let services = Services::start();
    let folder = tempfile::tempdir().unwrap();
    let here = small(&folder.path().join("here"), 6);
    fs::write(folder.path().join("here/large.bin"), vec![7; 17 * 1024 * 1024]).unwrap();
    let (filescom, mft) = (services.filescom("/plan"), services.mft("/HOME/Admin/plan"));
    let back = folder.path().join("back").to_str().unwrap().to_owned();
    let old = services.filescom("/old");
    let change = || {
        for number in 0..3 {
            let below = if number % 2 == 0 { "2026/" } else { "" };
            fs::write(format!("{here}/{below}{number}.csv"), "something else").unwrap();
        }
        fs::remove_file(format!("{here}/5.csv")).unwrap();
    };
    // A checksum that is not there yet is asked for again; what is known of folders beforehand may
    // save a call or cost some; and a file whose folder is missing in the backup folder costs two
    // more. Within these of the truth:
    let steps: [(&[&str], i64); 5] = [
        (&["sync", &here, &filescom], 2),
        (&["sync", &filescom, &back], 0),
        (&["sync", "--parallel", "1", &here, &mft], 4),
        (&["sync", "--parallel", "1", &mft, &format!("{back}2")], 4),
        (&["sync", "--parallel", "1", "--delete", "--backup-dir", &old, &here, &filescom], 6),
    ];
    for (number, (sync, bound)) in steps.into_iter().enumerate() {
        if number == 4 {
            change();
        }
        let (_, planned) = counted(&services, &[sync, &["--dry-run"]].concat());
        let (_, done) = counted(&services, sync);
        let calls = |document: &Value| document["api_calls"].as_i64().unwrap();
        let told = planned["plan"]["calls"].as_i64().unwrap();
        let made = calls(&done) - calls(&planned);
        assert!(told > 0 && (made - told).abs() <= bound, "{sync:?}: {told} told, {made} made");
    }
}

#[test]
fn a_job_stops_before_the_bound_and_goes_on() {
    let services = Services::start();
    let folder = tempfile::tempdir().unwrap();
    let here = small(&folder.path().join("here"), 9);
    let receipts_file = folder.path().join("r.jsonl");
    for there in [services.filescom("/bound"), services.mft("/HOME/Admin/bound")] {
        let _ = fs::remove_file(&receipts_file);
        let receipts_file = receipts_file.to_str().unwrap();
        let bound = ["--max-api-calls", "16"];
        let sync = [&["sync", &here, &there, "--receipts", receipts_file], &bound[..]].concat();
        let (mut outcome, mut told) = counted(&services, &sync);
        let mut runs = 1;
        while told["out_of_calls"] == true {
            assert_eq!(outcome.code, 43, "{outcome:#?}");
            assert!(told["api_calls"].as_u64().unwrap() <= 16, "{told}");
            assert!(told["left"].as_u64().unwrap() > 0 && told["failed"] == 0, "{told}");
            assert_eq!(told["api_calls_allowed"], 16);
            let job = told["job"].as_str().unwrap().to_owned();
            let resume = [&["jobs", "resume", &job], &bound[..]].concat();
            (outcome, told) = counted(&services, &resume);
            runs += 1;
            assert!(runs < 20, "it comes no further: {told}");
        }
        outcome.good();
        assert!(runs > 1, "the bound was never reached");
        assert_eq!(receipts(Path::new(receipts_file)).len(), 9, "each file once");
        services.wharf(["check", "--size-only", &here, &there]).good();
    }
}

#[test]
fn whoever_is_stopped_is_told_how_to_go_on() {
    let services = Services::start();
    let folder = tempfile::tempdir().unwrap();
    let (here, there) = (small(&folder.path().join("here"), 4), services.filescom("/told"));
    let stopped = services.wharf(["sync", "--max-api-calls", "9", &here, &there]);
    assert_eq!(stopped.code, 43, "{stopped:#?}");
    let job = stopped.err.rsplit_once("wharf jobs resume ").unwrap().1.trim().to_owned();
    assert!(stopped.err.contains("9 calls made, 9 allowed; "), "{stopped:#?}");
    assert!(stopped.out.ends_with("; 9 calls\n"), "{stopped:#?}");
    services.wharf(["jobs", "resume", &job]).good();

    let early = services.wharf(["sync", "--max-api-calls", "1", &here, &there, "--json"]);
    let error = early.error();
    assert_eq!((early.code, &error["kind"]), (43, &"call-limit".into()));
    assert!(error["remedy"].as_str().unwrap().contains("Nothing was done"), "{error}");
    let checked = services.wharf(["check", "--max-api-calls", "1", &here, &there, "--json"]);
    assert_eq!(checked.error()["kind"], "call-limit");
    assert_eq!(services.wharf(["sync", "--max-api-calls", "0", &here, &there]).code, 2);

    let plan = folder.path().join("plan.jsonl");
    let plan = plan.to_str().unwrap();
    let other = services.filescom("/applied");
    services.wharf(["sync", "--plan", plan, &here, &other]).good();
    let applied = services.wharf(["apply", "--max-api-calls", "6", plan, "--json"]);
    assert_eq!(applied.code, 43, "{applied:#?}");
    assert!(applied.json()["api_calls"].as_u64().unwrap() <= 6);
}

#[test]
fn one_file_keeps_to_the_bound() {
    let services = Services::start();
    let folder = tempfile::tempdir().unwrap();
    let here = small(&folder.path().join("here"), 1);
    let large = folder.path().join("large.bin");
    let content: Vec<u8> = (0..17u32 << 20).map(|n| (n ^ (n >> 9)) as u8).collect();
    fs::write(&large, &content).unwrap();
    let csv = format!("{here}/2026/0.csv");
    for there in [services.filescom("/small.csv"), services.mft("/HOME/Admin/small.csv")] {
        let mut most = 1;
        loop {
            seen(&services);
            let bound = most.to_string();
            let copied = services.wharf(["cp", "--max-api-calls", &*bound, &csv, &there]);
            assert!(seen(&services) <= most, "{copied:#?}");
            if copied.code == 0 {
                break;
            }
            assert_eq!(copied.code, 43, "{copied:#?}");
            assert!(copied.err.contains("What to do: "), "{copied:#?}");
            assert_eq!(services.wharf(["stat", &there]).code, 3, "{copied:#?}");
            most += 1;
            assert!(most < 20);
        }
        assert!(most > 2);
        services.wharf(["rm", &there]).good();
    }
    // A large one goes on where it was.
    let there = services.filescom("/large.bin");
    let large = large.to_str().unwrap();
    let part = ["--set", "part_size=5M"];
    let stopped =
        services.wharf([&["cp", "--max-api-calls", "4", large, &there], &part[..]].concat());
    assert_eq!(stopped.code, 43, "{stopped:#?}");
    assert_eq!(services.wharf(["stat", &there]).code, 3, "nothing half under the final name");
    let job = stopped.err.split("`wharf jobs resume ").nth(1).unwrap().split('`').next().unwrap();
    let resume = [&["jobs", "resume", job, "--json"], &part[..]].concat();
    let done = services.wharf(resume).good().json();
    assert_eq!(done["verdict"], "verified", "{done}");
    let back = folder.path().join("back.bin");
    services.wharf(["cp", &there, back.to_str().unwrap()]).good();
    assert!(fs::read(back).unwrap() == content);
}
