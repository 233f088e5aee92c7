//! Boomi's partner connector: the table of its actions is run, row by row.

use std::collections::BTreeSet;
use std::fs;

use serde_json::Value;

use crate::harness::{Outcome, Services, fed, finish};

/// A row of the table, without the marks of the text.
struct Row {
    action: String,
    object: String,
    request: String,
    command: String,
    library: String,
}

fn rows() -> Vec<Row> {
    let (_, table) = PAGE.split_once("## Every action").unwrap();
    let (table, _) = table.split_once("\n## ").unwrap();
    let lines = table.lines().filter(|line| line.starts_with("| ")).skip(2);
    let row = |line: &str| {
        let cells = line.trim_matches('|').split('|').map(|cell| cell.trim().trim_matches('`'));
        let cells: Vec<String> = cells.map(str::to_owned).collect();
        let [action, object, request, command, library] = cells.try_into().unwrap();
        Row { action, object, request, command, library }
    };
    lines.map(row).collect()
}

/// The actions of the connector, as its pages have them.
fn actions() -> Vec<Value> {
    let outcome = crate::harness::wharf(["action", "list", "--json"]).good();
    outcome.json()["actions"].as_array().unwrap().clone()
}

#[test]
fn every_action_has_a_row() {
    let name = |action: &str, object: &str| format!("{action} {object}").trim().to_owned();
    let table: Vec<String> = rows().iter().map(|row| name(&row.action, &row.object)).collect();
    let distinct: BTreeSet<&String> = table.iter().collect();
    assert_eq!(distinct.len(), table.len(), "a row stands twice");
    let known = actions();
    let known = known.iter().map(|one| {
        name(one["action"].as_str().unwrap(), one["object"].as_str().unwrap_or_default())
    });
    assert_eq!(known.collect::<BTreeSet<_>>(), table.iter().cloned().collect());
}

#[test]
fn every_request_of_the_table_is_answered_as_the_pages_say() {
    let services = Services::start();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("request.json");
    let actions = actions();
    for row in rows() {
        services.reset();
        fs::write(&file, &row.request).unwrap();
        let outputs = actions.iter().find(|one| {
            one["action"] == row.action && one["object"].as_str().unwrap_or_default() == row.object
        });
        let outputs = outputs.unwrap()["outputs"].as_object().unwrap();
        let mut command = services.program();
        command.args(["action", &row.action]);
        if !row.object.is_empty() {
            command.arg(&row.object);
        }
        command.arg("--json-in").arg(&file).args(["--on", &services.filescom("/")]);
        let outcome = match row.action.starts_with("Upload") {
            true => fed(command.args(["--content", "-"]), b"a;b\n"),
            false => finish(&mut command),
        };
        check(&row, &outcome.good(), outputs);
    }
}

#[track_caller]
fn check(row: &Row, outcome: &Outcome, outputs: &serde_json::Map<String, Value>) {
    let what = format!("{} {}", row.action, row.object);
    if row.action.starts_with("Download") {
        return assert!(outcome.out.starts_with("# Sandbox"), "{what}: {outcome:?}");
    }
    let documents: Vec<Value> =
        outcome.out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(documents.is_empty(), row.action == "Delete", "{what}: {outcome:?}");
    for document in documents {
        let keys = document.as_object().unwrap();
        assert!(!keys.is_empty(), "{what} says nothing");
        for (key, value) in keys {
            let format = outputs.get(key).unwrap_or_else(|| panic!("{what}: {key} is not Boomi's"));
            // Unix time, of which nobody says the unit, is a date unless it is asked for.
            let unix = key == "created_at" && row.action == "Create" && row.object == "Folder";
            let fits = match format.as_str().unwrap() {
                "Int64" => value.is_i64() || unix && value.is_string(),
                "Boolean" => value.is_boolean(),
                "Array" => value.is_array(),
                "Date-Time" => value.as_str().is_some_and(|text| text.ends_with('Z')),
                "String" | "Email" => value.is_string(),
                _ => value.is_object(),
            };
            assert!(fits, "{what}: {key} is {value}, and should be {format}");
        }
    }
}

#[test]
fn every_command_of_the_table_works() {
    let services = Services::start();
    for row in rows() {
        services.reset();
        let words: Vec<String> = row
            .command
            .split_whitespace()
            .map(|word| word.replace("filescom://SITE/", &services.filescom("/")))
            .collect();
        assert_eq!(words[0], "wharf", "{}", row.command);
        let mut command = services.program();
        command
            .env("WHARF_ON", services.filescom("/"))
            .env("LINK_PASSWORD", "Qx7-ahoy")
            .args(&words[1..]);
        let outcome = fed(&mut command, b"a;b\n");
        assert_eq!(outcome.code, 0, "{}: {outcome:#?}", row.command);
        assert!(!format!("{outcome:?}").contains("Qx7-ahoy"), "{}: {outcome:?}", row.command);
    }
}

#[test]
fn every_library_call_of_the_table_exists() {
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/../filescom/src");
    let mut sources = String::new();
    let mut folders = vec![std::path::PathBuf::from(root)];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            match path.is_dir() {
                true => folders.push(path),
                false => sources.push_str(&fs::read_to_string(path).unwrap()),
            }
        }
    }
    for row in rows() {
        let names = row.library.split('.').skip(1).filter(|name| !name.starts_with([')', '.']));
        let mut count = 0;
        for name in names.filter_map(|name| name.split('(').next()).filter(|name| !name.is_empty())
        {
            assert!(
                sources.contains(&format!("pub fn {name}("))
                    || sources.contains(&format!("pub async fn {name}(")),
                "{}",
                row.library
            );
            count += 1;
        }
        assert_eq!(count, 2, "{}", row.library);
    }
}

#[test]
fn what_the_connector_lacks_is_had_by_options() {
    let services = Services::start();
    let on = services.filescom("/");
    let action = |arguments: &[&str], request: &str| {
        let mut command = services.program();
        command.env("WHARF_ON", &on).arg("action").args(arguments).args(["--json-in", "-"]);
        fed(&mut command, request.as_bytes())
    };
    let copy = r#"{"path": "vendor/acme", "destination": "archive/acme"}"#;
    let done = action(&["Copy", "--wait", "30"], copy).good().json();
    assert_eq!(done["status"], "completed", "{done}");
    let again = action(&["Copy"], copy);
    assert_eq!(again.code, 6, "{again:#?}");
    action(&["Copy", "--overwrite", "--wait", "30"], copy).good();
    let refused =
        action(&["Delete", "Folder", "--return-application-errors"], r#"{"id": "vendor"}"#);
    assert_eq!(refused.good().json()["type"], "processing-failure/folder-not-empty");
    action(&["Delete", "Folder", "--recursive"], r#"{"id": "vendor"}"#).good();
    let flat = action(&["List", "Folder"], r#"{"ID": "archive"}"#).good().out.lines().count();
    let deep = action(&["List", "Folder", "--recursive"], r#"{"ID": "archive"}"#).good();
    assert!(deep.out.lines().count() > flat + 5, "{deep:#?}");
    let some = action(&["List", "Folder", "--recursive", "--limit", "3"], r#"{"ID": "archive"}"#);
    assert_eq!(some.good().out.lines().count(), 3);
    let part = action(&["Download", "--range", "2-9"], r#"{"ID": "readme.md"}"#).good();
    assert_eq!(part.out, "Sandbox");
    let seconds = action(&["Create", "Folder", "--epoch", "seconds"], r#"{"path": "new"}"#).good();
    assert!(seconds.json()["created_at"].as_i64().unwrap() > 1_700_000_000, "{seconds:?}");
}

#[test]
fn a_request_that_cannot_be_is_refused_before_anything_is_sent() {
    for (arguments, request, told) in [
        (&["Create", "Usr"][..], "{}", "knows no object"),
        (&["Create"], "{}", "needs an object"),
        (&["Destroy", "User"], "{}", "there is no action"),
        (&["Create", "User"], "{}", "username is missing"),
        (&["Create", "User"], r#"{"username": "a", "shoe": 1}"#, "there is no input"),
        (&["Create", "User"], r#"{"username": "a", "group_ids": "x"}"#, "must be ids"),
        (&["Update", "ShareLink"], r#"{"id": 1, "expires_at": "soon"}"#, "must be a date"),
        (&["List", "Users"], r#"{"Limit": 0}"#, "Limit must be"),
        (&["List", "Users"], "[", "is no JSON"),
        (&["Upload"], r#"{"Path": "a"}"#, "needs a content"),
        (&["List", "folder", "more"], "{}", "one object"),
    ] {
        let mut command = crate::harness::program();
        command
            .env("FILES_API_KEY", "planted")
            .env("WHARF_ON", "filescom+http://127.0.0.1:9/")
            .arg("action")
            .args(arguments)
            .args(["--json-in", "-"]);
        let outcome = fed(&mut command, request.as_bytes());
        assert_eq!(outcome.code, 2, "{arguments:?}: {outcome:#?}");
        assert!(outcome.err.contains(told), "{arguments:?}: {outcome:#?}");
    }
}

#[test]
fn schemas_of_all_actions_are_printed() {
    let all = crate::harness::wharf(["action", "schema"]).good().json();
    assert_eq!(all["schemas"].as_array().unwrap().len(), 37);
    let one = crate::harness::wharf(["action", "schema", "create", "user"]).good().json();
    assert_eq!(one["request"]["required"], serde_json::json!(["username"]));
    assert_eq!(one["response"]["properties"]["api_keys_count"]["type"], "integer");
    let none = crate::harness::wharf(["action", "schema", "Delete", "User"]).good().json();
    assert_eq!(none["response"], Value::Null);
}

const PAGE: &str = include_str!("../../../../docs/services/boomi-partner-connector.md");
