//! `--events`: each of them, and that the last line is the summary.

use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use crate::harness::{Outcome, Services};

fn write(folder: &Path, files: &[&str]) -> String {
    for name in files {
        let file = folder.join(name);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, format!("content of {name}\n")).unwrap();
    }
    folder.to_str().unwrap().to_owned()
}

/// The events of a command, whatever it came to.
#[track_caller]
fn told(services: &Services, arguments: &[&str]) -> (Outcome, Vec<Value>) {
    let outcome = services.wharf([arguments, &["--json", "--events"]].concat());
    let lines = outcome.out.lines().map(|line| serde_json::from_str(line).expect("JSON"));
    let events: Vec<Value> = lines.collect();
    for event in &events {
        assert!(event["event"].is_string() && event["time"].is_string(), "{event}");
    }
    (outcome, events)
}

fn names(events: &[Value]) -> Vec<&str> {
    events.iter().map(|event| event["event"].as_str().unwrap()).collect()
}

#[track_caller]
fn the<'a>(events: &'a [Value], name: &str) -> &'a Value {
    let found = events.iter().find(|event| event["event"] == name);
    found.unwrap_or_else(|| panic!("no {name} in {events:#?}"))
}

#[test]
fn a_tree_tells_what_happens_to_each_file() {
    let services = Services::start();
    let folder = tempfile::tempdir().unwrap();
    let here = write(folder.path(), &["a.csv", "in/b.csv"]);
    let there = services.filescom("/events");
    let (outcome, events) = told(&services, &["sync", &here, &there]);
    outcome.good();
    let all = names(&events);
    assert_eq!((all[0], *all.last().unwrap()), ("job_begun", "job_finished"), "{all:?}");
    for name in ["file_begun", "file_done"] {
        assert_eq!(all.iter().filter(|found| **found == name).count(), 2, "{all:?}");
    }
    let begun = the(&events, "job_begun");
    assert_eq!((&begun["from"], &begun["to"]), (&json!(here), &json!(there)));
    assert_eq!((&begun["verb"], &begun["steps"]), (&json!("sync"), &json!(3)), "{begun}");
    assert!(begun["job"].is_string() && begun["bytes"].as_u64() > Some(20), "{begun}");
    assert_eq!(begun["done_before"], 0);
    let of = |name: &str, event: &str| {
        let at = json!(format!("{here}/{name}"));
        events.iter().find(|told| told["event"] == event && told["from"] == at).unwrap().clone()
    };
    assert_eq!(of("in/b.csv", "file_begun")["bytes"], 20);
    let done = of("in/b.csv", "file_done");
    assert_eq!(done["to"], format!("{there}/in/b.csv"));
    assert_eq!((&done["verdict"], &done["algorithm"]), (&json!("verified"), &json!("crc32")));
    assert_eq!((&done["tries"], &done["bytes"]), (&json!(1), &json!(20)), "{done}");
    assert!(done["api_calls"].as_u64() >= Some(3) && done["method"] == "streamed", "{done}");
    let progress = the(&events, "progress");
    assert!(progress["bytes"].as_u64() > Some(0), "{progress}");
    assert_eq!(progress["bytes_total"], begun["bytes"]);
    assert!(progress["files"].is_u64());
    let created = the(&events, "step_done");
    assert_eq!(
        (&created["do"], &created["to"]),
        (&json!("create_folder"), &json!(format!("{there}/in")))
    );
    let finished = the(&events, "job_finished");
    assert_eq!((&finished["copied"], &finished["complete"]), (&json!(2), &json!(true)));

    // Nothing to do is told, too.
    let (_, events) = told(&services, &["sync", &here, &there]);
    assert_eq!(names(&events), ["job_begun", "job_finished"]);
}

#[test]
fn what_fails_and_what_is_held_back_is_told() {
    let services = Services::start();
    let folder = tempfile::tempdir().unwrap();
    let here = write(folder.path(), &["a.csv", "b.csv"]);
    let there = services.filescom("/failing");
    services.wharf(["sync", &here, &there]).good();
    let here = write(&folder.path().join("other"), &["b.csv", "new/c.csv"]);
    let forbidden = json!({"status": {"code": 403}});
    for (route, path) in [("begin_upload", "b.csv"), ("create_folder", "new")] {
        let rule = json!({"route": route, "fault": forbidden, "path": path, "times": 9});
        services.control("POST", "faults", &rule.to_string());
    }
    let sync = ["sync", "--size-only", "--delete", "--max-delete", "100%", &here, &there];
    fs::write(format!("{here}/b.csv"), "longer than it was\nbefore\n").unwrap();
    let (outcome, events) = told(&services, &sync);
    assert_eq!(outcome.code, 41, "{outcome:#?}");
    let failed = the(&events, "file_failed");
    assert_eq!(failed["from"], format!("{here}/b.csv"));
    assert_eq!(failed["error"]["kind"], "permission-denied", "{failed}");
    let failed = the(&events, "step_failed");
    assert_eq!(
        (&failed["do"], &failed["to"]),
        (&json!("create_folder"), &json!(format!("{there}/new")))
    );
    let held = the(&events, "step_skipped");
    assert_eq!((&held["do"], &held["to"]), (&json!("delete"), &json!(format!("{there}/a.csv"))));
    assert_eq!(held["end"], Value::Null);
    assert_eq!(the(&events, "job_finished")["failed"], 2);
}

#[test]
fn what_is_not_as_planned_is_told() {
    let services = Services::start();
    let folder = tempfile::tempdir().unwrap();
    let here = write(&folder.path().join("here"), &["a.csv"]);
    let plan = folder.path().join("plan.jsonl");
    let plan = plan.to_str().unwrap();
    services.wharf(["sync", "--plan", plan, &here, &services.filescom("/planned")]).good();
    fs::write(format!("{here}/a.csv"), "other").unwrap();
    let (outcome, events) = told(&services, &["apply", plan]);
    assert_eq!(outcome.code, 41);
    let skipped = the(&events, "file_skipped");
    assert_eq!(
        (&skipped["end"], &skipped["reason"]),
        (&json!("source"), &json!("its size has changed"))
    );
}

#[test]
fn what_is_broken_off_by_the_bound_is_told() {
    let services = Services::start();
    let folder = tempfile::tempdir().unwrap();
    let here = write(folder.path(), &["in/a.csv"]);
    for (number, (route, event)) in
        [("begin_upload", "file_broken_off"), ("create_folder", "step_broken_off")]
            .into_iter()
            .enumerate()
    {
        let there = services.filescom(&format!("/bound{number}"));
        let planned = services.wharf(["sync", "--json", "--dry-run", &here, &there]).good().json();
        // Room for what the step costs, and not for repeating it.
        let room = if route == "create_folder" { 1 } else { 4 };
        let most = (planned["api_calls"].as_u64().unwrap() + room).to_string();
        let rule = json!({"route": route, "fault": {"status": {"code": 503}}, "times": 9});
        services.control("POST", "faults", &rule.to_string());
        let (outcome, events) = told(&services, &["sync", "--max-api-calls", &most, &here, &there]);
        assert_eq!(outcome.code, 43, "{outcome:#?}");
        assert_eq!(the(&events, event)["error"]["kind"], "call-limit");
        let finished = the(&events, "job_finished");
        assert_eq!((&finished["broken_off"], &finished["failed"]), (&json!(1), &json!(0)));
        services.control("DELETE", "faults", "");
        let job = finished["job"].as_str().unwrap();
        let (outcome, events) = told(&services, &["jobs", "resume", job]);
        outcome.good();
        assert_eq!(the(&events, "job_begun")["job"], job);
    }
}

#[test]
fn one_file_tells_the_same() {
    let services = Services::start();
    let folder = tempfile::tempdir().unwrap();
    let here = write(folder.path(), &["a.csv"]);
    let (from, to) = (format!("{here}/a.csv"), services.filescom("/one.csv"));
    let (outcome, events) = told(&services, &["cp", &from, &to]);
    outcome.good();
    let all = ["job_begun", "file_begun", "progress", "file_done", "job_finished"];
    assert_eq!(names(&events), all);
    assert_eq!(events[0]["job"], Value::Null);
    for event in [&events[1], &events[3]] {
        assert_eq!((&event["from"], &event["to"]), (&json!(from), &json!(to)), "{event}");
    }
    assert_eq!((&events[2]["bytes"], &events[2]["bytes_total"]), (&json!(17), &json!(17)));
    assert_eq!(events[4]["verdict"], "verified");

    let (outcome, events) = told(&services, &["put", "--no-clobber", &from, &to]);
    assert_eq!(outcome.error()["kind"], "already-exists", "{outcome:#?}");
    assert!(!names(&events).contains(&"job_finished"));
    let (outcome, events) = told(&services, &["cp", &format!("{from}.none"), &to]);
    assert_eq!(outcome.error()["kind"], "not-found");
    assert_eq!(the(&events, "file_failed")["error"]["kind"], "not-found");
}

#[test]
fn events_need_their_place() {
    let services = Services::start();
    let file = services.filescom("/readme.md");
    let text = services.wharf(["cp", "--events", &file, "/nowhere/a"]);
    assert_eq!(text.code, 2, "{text:#?}");
    assert!(text.err.contains("Add --json"), "{text:#?}");
    let stream = services.wharf(["get", "--events", "--json", &file, "-"]);
    assert_eq!((stream.code, &*stream.out), (2, ""), "{stream:#?}");
}
