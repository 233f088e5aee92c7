//! Two equal trees, of which nothing is to be carried.

use std::fs;
use std::time::{Duration, SystemTime};

use serde_json::json;

use crate::bench::contest::{Contest, Of};
use crate::bench::report::{Bound, Report};
use crate::bench::spread::Spread;
use crate::bench::stage::Stage;
use crate::bench::workbench::{Bench, unusable};
use crate::outcome::Failure;

const US: &str = "wharf sync";
const RCLONE: &str = "rclone sync";

pub(super) fn run(bench: &mut Bench) -> Result<Report, Failure> {
    let (folders, files) = bench.either((100, 1000), (10, 100));
    let mut report = Report::new();
    let memory = Bound::AtMost(64.0);
    if let Err(failure) = bench.has(&["sync"], "<SOURCE>") {
        report.missing("peak memory", memory, &failure.to_string());
        report.missing("files read", Bound::AtMost(0.0), &failure.to_string());
        return Ok(report);
    }
    let stage = Stage::new(bench)?;
    stage.control("POST", "clock", "{\"set\": \"2026-01-02T03:04:05Z\", \"freeze\": true}")?;
    stage.plant("filescom", "tree", &json!({"folders": folders, "files": files, "size": 16}))?;
    stage.control("POST", "clock", "{\"freeze\": false}")?;
    let here = planted(bench, folders, files)?;
    let wharf = bench.wharf().args(["sync", "-q", &here, &stage.target("tree")]);
    let rclone = stage.rclone(bench);
    let contest = Contest::new()
        .with(US, Ok(stage.told(wharf)))
        .with(RCLONE, rclone.map(|run| run.args(["sync", &here, "fc:tree"])))
        .at_most(1)
        .hold(bench, bench.either(3, 1), |_| Ok(()));
    report.target("peak memory", memory, " MiB", contest.spread(Of::Peak, US));
    if contest.spread(Of::Wall, US).is_some() {
        let seen = stage.control("GET", "seen", "")?;
        let read = seen.matches("\"storage_get\"").count() + seen.matches("\"part_put\"").count();
        report.target("files read or sent", Bound::AtMost(0.0), "", Spread::of([read as f64]));
    }
    let ratio = contest.ratio(Of::Wall, RCLONE, US);
    if let Some(ratio) = ratio {
        report.note(format!("{:.1} times as fast as rclone sync", ratio.median));
    }
    report.contest("", &contest);
    Ok(report)
}

/// The same tree on this machine: names, sizes and times as the sandbox has them.
fn planted(bench: &Bench, folders: u32, files: u32) -> Result<String, Failure> {
    let root = bench.data("tree");
    let modified = SystemTime::UNIX_EPOCH + Duration::from_secs(1_767_323_045);
    for folder in 1..=folders {
        let folder = root.join(format!("folder-{folder:05}"));
        fs::create_dir_all(&folder).map_err(|error| unusable(&folder, &error))?;
        for file in 1..=files {
            let path = folder.join(format!("file-{file:05}"));
            let made = fs::write(&path, [b'x'; 16])
                .and_then(|()| fs::File::options().write(true).open(&path))
                .and_then(|file| file.set_modified(modified));
            made.map_err(|error| unusable(&path, &error))?;
        }
    }
    Ok(root.display().to_string())
}
