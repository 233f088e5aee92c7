//! Two equal trees of a million files, compared: what that takes in memory.

use serde_json::json;

use crate::bench::contest::{Contest, Of};
use crate::bench::report::{Bound, Report};
use crate::bench::stage::Stage;
use crate::bench::workbench::Bench;
use crate::outcome::Failure;

pub(super) fn run(bench: &mut Bench) -> Result<Report, Failure> {
    let mut report = Report::new();
    let shapes = bench.either(
        [("1,000 folders of 1,000 files", 1_000, 1_000), ("one folder of 1,000,000", 0, 1_000_000)],
        [("20 folders of 1,000 files", 20, 1_000), ("one folder of 20,000", 0, 20_000)],
    );
    for (shape, folders, files) in shapes {
        let stage = Stage::new(bench)?;
        let tree = json!({"folders": folders, "files": files, "size": 16});
        let home = format!("HOME/{}/tree", stage.user());
        stage.control("POST", "clock", "{\"set\": \"2026-01-02T03:04:05Z\", \"freeze\": true}")?;
        stage.plant("filescom", "left", &tree)?;
        stage.plant("filescom", "right", &tree)?;
        stage.plant("mft", &format!("FOLDERS/{home}"), &tree)?;
        stage.control("POST", "clock", "{\"freeze\": false}")?;
        let (left, right) = (stage.target("left"), stage.target("right"));
        let mft = stage.mft_target("tree")?;
        let run = |words: &[&str], from: &str, to: &str| {
            let run = bench.wharf().args(words.iter().copied()).args([from, to]);
            Ok::<_, Failure>(stage.told(run).anywhere().patient())
        };
        let contest = Contest::new()
            .with(SYNC, run(&["sync", "-q"], &left, &right))
            .with(CHECK, run(&["check", "-q"], &left, &right))
            .with(BETWEEN, run(&["sync", "-q", "--dry-run"], &mft, &right));
        let contest = contest.hold(bench, 1, |_| Ok(()));
        for name in [SYNC, CHECK, BETWEEN] {
            let what = format!("{shape}, {name}: peak memory");
            report.target(&what, Bound::AtMost(128.0), " MiB", contest.spread(Of::Peak, name));
        }
        report.contest(shape, &contest);
    }
    Ok(report)
}

const SYNC: &str = "wharf sync, Files.com to Files.com";
const CHECK: &str = "wharf check, Files.com to Files.com";
const BETWEEN: &str = "wharf sync --dry-run, Boomi MFT to Files.com";
