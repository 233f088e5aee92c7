//! What can be counted instead of timed.

use serde_json::Value;

use crate::bench::measure::Run;
use crate::bench::report::{Bound, Report};
use crate::bench::spread::Spread;
use crate::bench::stage::Stage;
use crate::bench::tools;
use crate::bench::workbench::{Bench, unusable};
use crate::outcome::Failure;

pub(super) fn run(bench: &mut Bench) -> Result<Report, Failure> {
    let valgrind = tools::system("valgrind")?;
    let mut report = Report::new();
    let entries = 2_000_u32;
    let [few, many] = [listing(bench, 200)?, listing(bench, 200 + entries)?];
    let parse = |how: &str| {
        let of = |file: &str| count(bench, &valgrind, bench.parse()?.args(["parse", how, file]));
        Ok::<_, Failure>((of(&many)? - of(&few)?) / f64::from(entries))
    };
    let (read, plain) = (parse("not")?, parse("plain")?);
    let ratio = |ours: f64| Spread::of([(ours - read) / (plain - read)]);
    let (whole, stream) = (parse("whole")?, parse("stream")?);
    report.ratio(
        "whole typed parse of a Boomi MFT listing, of serde_json into plain strings",
        Bound::AtMost(0.8),
        ratio(whole),
    );
    report.ratio("the same, streamed", Bound::AtMost(0.85), ratio(stream));
    report.note(format!(
        "An entry takes {:.0} instructions plain, {:.0} typed, {:.0} streamed.",
        plain - read,
        whole - read,
        stream - read
    ));
    let stage = Stage::new(bench)?;
    stage.control("PUT", "content/filescom/one.txt", "one")?;
    let calls = 200_u32;
    let call = |what: &str| {
        let of = |calls: u32| {
            let words = [what.to_owned(), stage.target("one.txt"), calls.to_string(), "1".into()];
            count(bench, &valgrind, stage.told(bench.probe()?.args(words)))
        };
        Ok::<_, Failure>((of(50 + calls)? - of(50)?) / f64::from(calls))
    };
    let (ours, bare) = (call("calls")?, call("calls-bare")?);
    report.ratio(
        "a call, of reqwest alone with the same headers and parse",
        Bound::AtMost(1.2),
        Spread::of([ours / bare]),
    );
    report.note(format!("A call takes {ours:.0} instructions, {bare:.0} by reqwest alone."));
    Ok(report)
}

/// The instructions of a run, by callgrind.
fn count(bench: &Bench, valgrind: &str, run: Run) -> Result<f64, Failure> {
    let cost = run.below(valgrind, &["--tool=callgrind", "--callgrind-out-file=/dev/null"]);
    cost.measure(bench.folder())?;
    let path = bench.folder().join("errors.txt");
    let told = std::fs::read_to_string(&path).map_err(|error| unusable(&path, &error))?;
    let collected = told.lines().find_map(|line| line.split("Collected : ").nth(1));
    collected
        .and_then(|number| number.trim().parse().ok())
        .ok_or_else(|| Failure::new("valgrind did not tell what it counted"))
}

/// A file with a listing of so many entries.
fn listing(bench: &Bench, count: u32) -> Result<String, Failure> {
    let path = bench.data(&format!("listing-{count}.json"));
    let made = bench.parse()?.args(["make", &count.to_string()]);
    let text = made.measure(bench.folder())?.said;
    // The last line is the program's own answer.
    let listing = text.trim_end().trim_end_matches("null");
    std::fs::write(&path, listing).map_err(|error| unusable(&path, &error))?;
    Ok(path.display().to_string())
}

pub(super) fn dates(bench: &mut Bench) -> Result<Report, Failure> {
    let said = bench.parse()?.args(["dates"]).measure(bench.folder())?.said;
    let found: Value = serde_json::from_str(said.trim()).unwrap_or_default();
    let number = |name: &str| found.get(name).and_then(Value::as_f64).unwrap_or(f64::NAN);
    let mut report = Report::new();
    let ratio = |ours: &str, bare: &str| Spread::of([number(ours) / number(bare)]);
    report.ratio(
        "/Date(ms)/, of digits read by hand",
        Bound::AtMost(2.0),
        ratio("slash", "slash_by_hand"),
    );
    report.ratio(
        "RFC 3339 in a document, of chrono in one",
        Bound::AtMost(1.3),
        ratio("iso", "iso_by_chrono"),
    );
    report.note(format!(
        "Nanoseconds: /Date(ms)/ {:.0}, by hand {:.0}; a document with an RFC 3339 date \
         {:.0}, by chrono alone {:.0}.",
        number("slash"),
        number("slash_by_hand"),
        number("iso"),
        number("iso_by_chrono")
    ));
    Ok(report)
}
