//! A tree of ten thousand folders.

use serde_json::json;

use crate::bench::contest::{Contest, Of};
use crate::bench::report::{Bound, Report};
use crate::bench::stage::Stage;
use crate::bench::workbench::Bench;
use crate::outcome::Failure;

pub(super) fn run(bench: &mut Bench) -> Result<Report, Failure> {
    let (folders, files) = bench.either((10_000, 20), (500, 20));
    let stage = Stage::new(bench)?;
    stage.plant("filescom", "walk", &json!({"folders": folders, "files": files, "size": 16}))?;
    let target = stage.target("walk");
    let probe =
        |words: &[&str]| Ok::<_, Failure>(stage.told(bench.probe()?.args(words.iter().copied())));
    let all = folders.to_string();
    let near = Contest::new()
        .with(WALK, probe(&["walk", &target, "16"]))
        .with(FLAT, probe(&["walk-bare", &target, &all, "16"]));
    let some = bench.either("300", "100");
    let far = Contest::new()
        .with(WALK, probe(&["walk", &target, "16"]))
        .with(SEQUENTIAL, probe(&["walk-sequential", &target, some]));
    let mut report = Report::new();
    let near = near.hold(bench, bench.either(5, 3), |_| Ok(()));
    let rate = Of::Said("rate");
    report.ratio(
        "0 ms: folders a second, of a flat fetch and parse",
        Bound::AtLeast(0.8),
        near.ratio(rate, WALK, FLAT),
    );
    report.contest("0 ms added to each request", &near);
    stage.latency(20)?;
    let far = far.hold(bench, bench.either(3, 1), |_| Ok(()));
    let ratio = far.ratio(rate, WALK, SEQUENTIAL).map(|mut ratio| {
        for number in [&mut ratio.low, &mut ratio.median, &mut ratio.high] {
            *number /= 16.0;
        }
        ratio
    });
    report.ratio(
        "20 ms: folders a second, of 16 times one after the other",
        Bound::AtLeast(0.9),
        ratio,
    );
    report.contest("20 ms added to each request", &far);
    Ok(report)
}

const WALK: &str = "walk, 16 in flight";
const FLAT: &str = "reqwest, 16 in flight, names known";
const SEQUENTIAL: &str = "one folder after the other";
