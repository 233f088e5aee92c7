//! What is not certain about a service.

use serde_json::Value;

use crate::harness::wharf;

const SETTING: &str = "endpoint.folder_files=/REST/{version}/Folders/{id}/Files";

fn row<'a>(document: &'a Value, name: &str) -> &'a Value {
    let rows = document["endpoints"].as_array().unwrap();
    rows.iter().find(|row| row["name"] == name).unwrap()
}

#[test]
fn the_table_tells_certainty_source_and_setting() {
    let table = wharf(["explain", "mft"]).good().out;
    let at = |line: &str| line.find("/REST").unwrap();
    let lines: Vec<&str> = table.lines().filter(|line| line.contains("/REST")).collect();
    assert!(lines.len() > 40, "{table}");
    assert!(lines.iter().all(|line| at(line) == at(lines[0])), "{table}");
    for part in ["endpoint.session ", "older manual", "unknown", "documented", "6.1.1", "in all"] {
        assert!(table.contains(part), "{part} is not in\n{table}");
    }
    let document = wharf(["explain", "mft", "--json"]).good().json();
    let row = row(&document, "folder_files");
    assert_eq!(row["setting"], "endpoint.folder_files");
    assert_eq!((&row["certainty"], &row["overridden"]), (&"unknown".into(), &false.into()));
    assert!(row["source"].as_str().is_some_and(|source| !source.is_empty()));
}

#[test]
fn what_is_overridden_shows() {
    let table = wharf(["explain", "mft", "--set", SETTING]).good().out;
    let line = table.lines().find(|line| line.starts_with("endpoint.folder_files ")).unwrap();
    assert!(line.contains("overridden") && line.contains("/Folders/{id}/Files"), "{line}");
    assert!(line.contains("/REST/{version}/FileSystem/Folder/{id}/Files"), "{line}");
    let arguments = ["explain", "mft", "--json", "--set", SETTING, "--set", "version=1.15"];
    let document = wharf(arguments).good().json();
    assert_eq!(row(&document, "folder_files")["overridden"], true);
    assert_eq!(row(&document, "version")["template"], "1.15");
    assert_eq!(row(&document, "version")["default"], "1.16");
}

#[test]
fn slips_are_met_with_what_was_meant() {
    for (arguments, code, part) in [
        (&["explain", "mtf"][..], 2, "Did you mean `mft`?"),
        (&["explain", "filescom"], 12, "nothing to explain"),
        (&["explain", "mft", "--set", "endpoint.folder_file=x"], 2, "endpoint.folder_file"),
        (&["explain", "mft", "--set", "password=hunter2"], 2, "is a secret"),
        (&["explain"], 2, "<SERVICE>"),
    ] {
        let slip = wharf(arguments);
        assert_eq!(slip.code, code, "{slip:#?}");
        assert!(slip.err.contains(part) && slip.out.is_empty(), "{slip:#?}");
        assert!(!slip.err.contains("hunter2"), "{slip:#?}");
    }
}
