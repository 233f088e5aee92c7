//! `bench`: what transfers, listings and calls cost, beside other programs at the same work.
//!
//! Rounds are paired and interleaved in an order that chance makes; what is told of them are
//! ratios, for those survive a change of machine. Peak memory and processor time are those of the
//! client alone, by the operating system's account. It writes `docs/performance.md`.

mod build;
mod choice;
mod contest;
mod document;
mod gate;
mod measure;
mod report;
mod rows;
mod spread;
mod stage;
mod tools;
mod workbench;

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Instant;

use serde_json::{Value, json};

use self::choice::{Choice, What};
use self::rows::{ROWS, Row};
use self::tools::Tools;
use self::workbench::{Bench, unusable};
use crate::outcome::{Failure, Outcome};
use crate::workspace::Workspace;

pub(crate) use self::gate::check;

pub(crate) fn run(workspace: &Workspace, arguments: &[String]) -> Outcome {
    let choice = Choice::read(arguments)?;
    let folder = workspace.target().join("bench");
    match choice.what {
        What::List => Ok(listed()),
        What::Gate => gate::check(workspace),
        What::Build => build::run(workspace, &folder, &choice.only),
        What::Report => write(workspace, &folder),
        What::Rows => measure(workspace, &folder, &choice),
    }
}

fn listed() -> String {
    let lines: Vec<String> =
        ROWS.iter().map(|row| format!("{:<14} {}", row.name, row.title)).collect();
    lines.join("\n")
}

fn measure(workspace: &Workspace, folder: &Path, choice: &Choice) -> Outcome {
    let wanted = wanted(choice)?;
    let begin = Instant::now();
    let tools = Tools::ready(workspace, folder, choice.build)?;
    let mut bench = Bench::new(folder, tools, choice)?;
    let mut failed = Vec::new();
    for (number, row) in wanted.iter().enumerate() {
        let minutes = begin.elapsed().as_secs_f64() / 60.0;
        println!("\n== {} ({} of {}, {minutes:.1} min)", row.title, number + 1, wanted.len());
        if let Err(failure) = one(&mut bench, row) {
            println!("  FAILED: {failure}");
            failed.push(format!("{}: {failure}", row.name));
        }
    }
    bench.clear();
    let minutes = begin.elapsed().as_secs_f64() / 60.0;
    let written = match choice.quick {
        true => "a quick run writes no document".to_owned(),
        false => write(workspace, folder)?,
    };
    crate::outcome::settle("bench", &failed, format!("{minutes:.1} minutes; {written}"))
}

fn wanted(choice: &Choice) -> Result<Vec<&'static Row>, Failure> {
    if let Some(unknown) =
        choice.only.iter().find(|name| !ROWS.iter().any(|row| row.name == **name))
    {
        return Err(Failure::new(format!("there is no row `{unknown}`; there are:\n{}", listed())));
    }
    let is_wanted =
        |row: &&Row| choice.only.is_empty() || choice.only.iter().any(|name| row.name == name);
    Ok(ROWS.iter().filter(is_wanted).collect())
}

/// Measures a row, and keeps what came of it; a failure is kept too.
fn one(bench: &mut Bench, row: &Row) -> Result<(), Failure> {
    let begin = Instant::now();
    let outcome = (row.run)(bench);
    let mut kept = match &outcome {
        Ok(report) => report.to_json(),
        Err(failure) => json!({"failure": failure.to_string()}),
    };
    if let Ok(report) = &outcome {
        report.lines().iter().for_each(|line| println!("{line}"));
    }
    if let Some(fields) = kept.as_object_mut() {
        fields.insert("seconds".to_owned(), json!(begin.elapsed().as_secs_f64()));
    }
    let path = result(bench.folder(), bench.quick, row.name);
    if let Some(parent) = path.parent() {
        fs::create_dir_all(parent).map_err(|error| unusable(parent, &error))?;
    }
    fs::write(&path, kept.to_string()).map_err(|error| unusable(&path, &error))?;
    outcome.map(drop)
}

/// Where the figures of a row are kept.
fn result(folder: &Path, quick: bool, name: &str) -> PathBuf {
    let kind = if quick { "quick" } else { "results" };
    folder.join(kind).join(format!("{name}.json"))
}

/// Writes the document from what was measured last, row by row.
fn write(workspace: &Workspace, folder: &Path) -> Outcome {
    let rows: Vec<(&Row, Value)> = ROWS
        .iter()
        .map(|row| {
            let text = fs::read_to_string(result(folder, false, row.name)).unwrap_or_default();
            (row, serde_json::from_str(&text).unwrap_or_default())
        })
        .collect();
    document::write(workspace, &rows)?;
    Ok("docs/performance.md is written".to_owned())
}
