//! Listings too large for one answer, or for memory.

use serde_json::json;

use crate::bench::contest::{Contest, Of};
use crate::bench::measure::Run;
use crate::bench::report::{Bound, Report};
use crate::bench::spread::Spread;
use crate::bench::stage::Stage;
use crate::bench::tools;
use crate::bench::workbench::Bench;
use crate::outcome::Failure;

const US: &str = "wharf ls -U";

pub(super) fn of_filescom(bench: &mut Bench) -> Result<Report, Failure> {
    let count = bench.either(100_000, 10_000);
    let stage = Stage::new(bench)?;
    stage.plant("filescom", "many", &json!({"files": count, "size": 16}))?;
    let wharf = bench.wharf().args(["ls", "-U", &stage.target("many")]);
    let contest = Contest::new()
        .with(US, Ok(stage.told(wharf)))
        .with("files-sdk", stage.files_sdk(bench, &["list", "/many"]))
        .with("rclone lsf", stage.rclone(bench).map(|run| run.args(["lsf", "fc:many"])))
        .with("official Python SDK", stage.python(bench, &["list", "many"]))
        .at_most(2)
        .hold(bench, bench.either(7, 3), |_| Ok(()));
    let mut report = Report::new();
    for (peer, least) in [("files-sdk", 1.0), ("rclone lsf", 3.0)] {
        let what = format!("as fast as {peer}");
        report.ratio(&what, Bound::AtLeast(least), contest.ratio(Of::Wall, peer, US));
    }
    report.target("peak memory", Bound::AtMost(20.0), " MiB", contest.spread(Of::Peak, US));
    report.contest("", &contest);
    Ok(report)
}

pub(super) fn of_mft(bench: &mut Bench) -> Result<Report, Failure> {
    let count = bench.either(1_100_000_u64, 110_000);
    let (whole, tenth) = (stage_of(bench, count)?, stage_of(bench, count / 10)?);
    let probe = |stage: &Stage, what: &str| {
        Ok::<Run, Failure>(stage.told(bench.probe()?.args([what, &stage.mft_root()?])))
    };
    let contest = Contest::new()
        .with(STREAM, probe(&whole, "mft-stream"))
        .with(WHOLE, probe(&whole, "mft-whole"))
        .with(TENTH, probe(&tenth, "mft-stream"))
        .hold(bench, bench.either(5, 3), |_| Ok(()));
    let mut report = Report::new();
    let seconds = Of::Said("seconds");
    report.ratio(
        "time, of parsing it whole",
        Bound::AtMost(0.65),
        contest.ratio(seconds, STREAM, WHOLE),
    );
    report.target("peak memory", Bound::AtMost(32.0), " MiB", contest.spread(Of::Peak, STREAM));
    report.ratio(
        "memory, of that for a tenth of the entries",
        Bound::AtMost(1.1),
        contest.ratio(Of::Peak, STREAM, TENTH),
    );
    let first = contest.spread(Of::Said("first"), STREAM).zip(contest.spread(seconds, STREAM));
    let share = first.and_then(|(first, all)| Spread::of([first.median / all.median * 100.0]));
    report.target("time to the first entry, of all of it", Bound::AtMost(1.0), " %", share);
    report.contest("", &contest);
    Ok(report)
}

/// A sandbox whose only listing has so many entries.
fn stage_of(bench: &Bench, count: u64) -> Result<Stage, Failure> {
    let stage = Stage::new(bench)?;
    let home = format!("FOLDERS/HOME/{}", stage.user());
    stage.plant("mft", &home, &json!({"files": 1, "size": 16}))?;
    let rule = json!({
        "route": "mft_list", "path": "/Content", "fault": {"many_entries": count}, "times": null,
    });
    stage.control("POST", "faults", &rule.to_string())?;
    Ok(stage)
}

const STREAM: &str = "the public stream";
const WHOLE: &str = "reqwest, parsed whole";
const TENTH: &str = "the public stream, a tenth";

pub(super) fn compressed(bench: &mut Bench) -> Result<Report, Failure> {
    let stage = Stage::new(bench)?;
    stage.plant("filescom", "many", &json!({"files": 1000, "size": 16}))?;
    let url = format!("{}/api/rest/v1/folders/many?per_page=1000", stage.url());
    let probe = |how: &str| Ok::<_, Failure>(stage.told(bench.probe()?.args(["gzip", &url, how])));
    let contest = Contest::new().with("gzip", probe("gzip")).with("as it is", probe("plain")).hold(
        bench,
        bench.either(9, 3),
        |_| Ok(()),
    );
    let mut report = Report::new();
    let bytes = |how: &str| {
        let key = format!("X-FilesAPI-Key: {}", stage.key());
        let encoding = format!("Accept-Encoding: {how}");
        let run = Run::new(tools::system("curl")?).args(["-s", "-o", "/dev/null"]);
        let run =
            run.args(["-H", &encoding, "-H", &key, "-w", "{\"bytes\":%{size_download}}", &url]);
        Ok::<_, Failure>(run.said().measure(bench.folder())?.number("bytes"))
    };
    let share = bytes("gzip")?.zip(bytes("identity")?);
    let share = share.and_then(|(gzip, plain)| Spread::of([gzip / plain]));
    report.ratio("bytes on the line, of those as it is", Bound::AtMost(0.25), share);
    report.ratio(
        "CPU seconds, of those as it is",
        Bound::AtMost(1.4),
        contest.ratio(Of::Cpu, "gzip", "as it is"),
    );
    report.contest("", &contest);
    Ok(report)
}
