//! `docs/performance.md`: what was measured, between marks; the words around it stay.

use std::fmt::Write as _;
use std::fs;

use serde_json::Value;

use super::rows::Row;
use super::spread::Spread;
use super::workbench::unusable;
use crate::outcome::Failure;
use crate::workspace::Workspace;

pub(super) fn write(workspace: &Workspace, rows: &[(&Row, Value)]) -> Result<(), Failure> {
    let overview = overview(rows);
    let details: String = rows.iter().map(|(row, found)| details(row, found)).collect();
    put(workspace, "bench", &overview)?;
    put(workspace, "details", &details)
}

/// Replaces what stands between the marks of a name.
pub(super) fn put(workspace: &Workspace, name: &str, text: &str) -> Result<(), Failure> {
    let path = workspace.root().join("docs/performance.md");
    let page = fs::read_to_string(&path).map_err(|error| unusable(&path, &error))?;
    let page = with(&page, name, text)
        .ok_or_else(|| Failure::new(format!("docs/performance.md lost its marks of `{name}`")))?;
    fs::write(&path, page).map_err(|error| unusable(&path, &error))
}

fn with(page: &str, name: &str, text: &str) -> Option<String> {
    let begin = format!("<!-- {name}: written by cargo xtask bench -->");
    let end = format!("<!-- end of {name} -->");
    let (before, rest) = page.split_once(&begin)?;
    let (_, after) = rest.split_once(&end)?;
    Some(format!("{before}{begin}\n{text}{end}{after}"))
}

/// Every target, in one table.
fn overview(rows: &[(&Row, Value)]) -> String {
    let mut text = String::from(
        "| work | figure | target | measured [quartiles] | verdict |\n| --- | --- | --- | --- | --- |\n",
    );
    for (row, found) in rows {
        let targets = found.get("targets").and_then(Value::as_array);
        let Some(targets) = targets else {
            let reason = found.get("failure").and_then(Value::as_str).unwrap_or("not run yet");
            line(&mut text, &[row.title, "", "", "", &format!("not measured: {}", plain(reason))]);
            continue;
        };
        for target in targets {
            let unit = words(target, "unit");
            let value = target.get("value").and_then(Spread::from_json);
            let value = value.map_or("-".to_owned(), |value| shown(value, unit));
            let verdict = match words(target, "verdict") {
                "missed" => "**missed**".to_owned(),
                "not measured" => format!("not measured: {}", plain(words(target, "reason"))),
                verdict => verdict.to_owned(),
            };
            line(
                &mut text,
                &[row.title, words(target, "what"), words(target, "bound"), &value, &verdict],
            );
        }
    }
    text
}

/// A row's own figures, side by side.
fn details(row: &Row, found: &Value) -> String {
    let mut text = format!("### {}\n\n", row.title);
    for contest in found.get("contests").and_then(Value::as_array).into_iter().flatten() {
        let caption = words(contest, "caption");
        if !caption.is_empty() {
            let _ = write!(text, "{caption}:\n\n");
        }
        text.push_str(
            "| | time, s | CPU, s | peak memory, MiB | rounds |\n| --- | --- | --- | --- | --- |\n",
        );
        for side in contest.get("sides").and_then(Value::as_array).into_iter().flatten() {
            let figure = |name| {
                let spread = side.get(name).and_then(Spread::from_json);
                spread.map_or("-".to_owned(), |spread| shown(spread, ""))
            };
            let rounds = side.get("rounds").and_then(Value::as_array).map_or(0, Vec::len);
            let rounds = match side.get("failure").and_then(Value::as_str) {
                Some(failure) => format!("{rounds}; {}", plain(failure)),
                None => rounds.to_string(),
            };
            line(
                &mut text,
                &[words(side, "name"), &figure("wall"), &figure("cpu"), &figure("peak"), &rounds],
            );
        }
        text.push('\n');
    }
    let notes = found.get("notes").and_then(Value::as_array).into_iter().flatten();
    for note in notes.filter_map(Value::as_str) {
        let _ = writeln!(text, "- {}", plain(note));
    }
    if let Some(failure) = found.get("failure").and_then(Value::as_str) {
        let _ = writeln!(text, "Not measured: {}", plain(failure));
    }
    if found.is_null() {
        text.push_str("Not run yet.\n");
    }
    format!("{}\n\n", text.trim_end())
}

fn line(text: &mut String, cells: &[&str]) {
    // Writing to a string cannot fail.
    let _ = writeln!(text, "| {} |", cells.join(" | "));
}

fn words<'a>(value: &'a Value, name: &str) -> &'a str {
    value.get(name).and_then(Value::as_str).unwrap_or_default()
}

/// A median, and its quartiles where they differ from it.
fn shown(Spread { low, median, high }: Spread, unit: &str) -> String {
    let median_shown = format!("{}{unit}", figure(median));
    match figure(low) == figure(median) && figure(high) == figure(median) {
        true => median_shown,
        false => format!("{median_shown} [{}-{}]", figure(low), figure(high)),
    }
}

/// Three digits that count.
fn figure(number: f64) -> String {
    match number.abs() {
        size if size >= 100.0 => format!("{number:.0}"),
        size if size >= 10.0 => format!("{number:.1}"),
        size if size >= 0.1 => format!("{number:.2}"),
        _ => format!("{number:.3}"),
    }
}

/// A reason on one line, fit for a table, without the paths of this machine.
fn plain(reason: &str) -> String {
    let words = reason.split_whitespace().map(|word| match word.starts_with('/') {
        true => word.rsplit('/').next().unwrap_or_default(),
        false => word,
    });
    let text: Vec<&str> = words.collect();
    let text: String = text.join(" ").replace('|', "/");
    text.chars().take(160).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_stands_between_marks_is_replaced() {
        let page = "a\n<!-- x: written by cargo xtask bench -->\nold\n<!-- end of x -->\nb\n";
        let page = with(page, "x", "new\n").unwrap();
        assert_eq!(
            page,
            "a\n<!-- x: written by cargo xtask bench -->\nnew\n<!-- end of x -->\nb\n"
        );
        assert!(with("nothing", "x", "new").is_none());
    }

    #[test]
    fn a_target_is_a_line_and_a_gap_is_told() {
        let row = Row { name: "r", title: "Row", run: |_| Ok(super::super::report::Report::new()) };
        let found = json!({"targets": [
            {"what": "a", "bound": "at most 1", "unit": "", "value": [0.9, 1.25, 12.0], "verdict": "missed"},
            {"what": "b", "bound": "at most 2 MiB", "unit": " MiB", "value": null,
             "verdict": "not measured", "reason": "no | luck in /a/b"},
        ]});
        let text = overview(&[(&row, found), (&row, Value::Null)]);
        let lines: Vec<&str> = text.lines().skip(2).collect();
        assert_eq!(
            lines,
            [
                "| Row | a | at most 1 | 1.25 [0.90-12.0] | **missed** |",
                "| Row | b | at most 2 MiB | - | not measured: no / luck in b |",
                "| Row |  |  |  | not measured: not run yet |",
            ]
        );
    }
}
