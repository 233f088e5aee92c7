//! Two equal trees of a million files, compared: what that takes in memory.

use serde_json::json;

use crate::bench::contest::{Contest, Of};
use crate::bench::report::{Bound, Report};
use crate::bench::stage::Stage;
use crate::bench::workbench::Bench;
use crate::outcome::Failure;

pub(super) fn run(bench: &mut Bench) -> Result<Report, Failure> {
    let mut report = Report::new();
    let (folders, flat) = bench.either((1_000, 1_000_000), (20, 20_000));
    one(bench, &mut report, &format!("{folders} folders of 1,000 files"), (folders, 1_000))?;
    one(bench, &mut report, "one folder with as many", (0, flat))?;
    Ok(report)
}

/// Both trees in one shape. Each work once: memory repeats.
fn one(
    bench: &mut Bench,
    report: &mut Report,
    shape: &str,
    (folders, files): (u32, u32),
) -> Result<(), Failure> {
    let stage = Stage::new(bench)?;
    let tree = json!({"folders": folders, "files": files, "size": 16});
    stage.control("POST", "clock", "{\"set\": \"2026-01-02T03:04:05Z\", \"freeze\": true}")?;
    stage.plant("filescom", "left", &tree)?;
    stage.plant("filescom", "right", &tree)?;
    stage.control("POST", "clock", "{\"freeze\": false}")?;
    let ends = [stage.target("left"), stage.target("right")];
    let run = |verb: &str| {
        let run = bench.wharf().args([verb, "-q"]).args(ends.clone());
        Ok(stage.told(run).anywhere().patient())
    };
    let contest = Contest::new().with(SYNC, run("sync")).with(CHECK, run("check"));
    let contest = contest.hold(bench, 1, |_| Ok(()));
    for name in [SYNC, CHECK] {
        let what = format!("{shape}, {name}: peak memory");
        report.target(&what, Bound::AtMost(128.0), " MiB", contest.spread(Of::Peak, name));
    }
    report.contest(shape, &contest);
    Ok(())
}

const SYNC: &str = "wharf sync";
const CHECK: &str = "wharf check";
