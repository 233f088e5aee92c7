//! Small calls: how many a second one processor makes.

use crate::bench::contest::{Contest, Of};
use crate::bench::measure::Run;
use crate::bench::report::{Bound, Report};
use crate::bench::spread::Spread;
use crate::bench::stage::Stage;
use crate::bench::tools;
use crate::bench::workbench::Bench;
use crate::outcome::Failure;

pub(super) fn run(bench: &mut Bench) -> Result<Report, Failure> {
    let stage = Stage::new(bench)?;
    stage.control("PUT", "content/filescom/one.txt", "one")?;
    let (target, count) = (stage.target("one.txt"), bench.either("20000", "2000"));
    let probe = |what: &str| {
        Ok::<_, Failure>(stage.told(bench.probe()?.args([what, &target, count, "32"])))
    };
    let (seconds, url) = (
        bench.either("-d4s", "-d1s"),
        format!("{}/api/rest/v1/file_actions/metadata/one.txt", stage.url()),
    );
    let key = format!("X-FilesAPI-Key: {}", stage.key());
    let wrk = tools::system("wrk")
        .map(|wrk| Run::new(wrk).args(["-t1", "-c32", seconds, "-H", &key, &url]).said());
    let contest = Contest::new()
        .with(US, probe("calls"))
        .with(BARE, probe("calls-bare"))
        .with(WRK, wrk)
        .hold(bench, bench.either(7, 3), |_| Ok(()));
    let mut report = Report::new();
    let rate = Of::Said("rate");
    report.ratio(
        "calls a second, of reqwest alone",
        Bound::AtLeast(0.9),
        contest.ratio(rate, US, BARE),
    );
    report.ratio("calls a second, of wrk", Bound::AtLeast(0.4), contest.ratio(rate, US, WRK));
    for name in [US, BARE, WRK] {
        if let Some(Spread { median, .. }) = contest.spread(rate, name) {
            report.note(format!("{name}: {median:.0} a second"));
        }
    }
    report.contest("", &contest);
    Ok(report)
}

const US: &str = "stat, 32 in flight";
const BARE: &str = "reqwest and the same parse";
const WRK: &str = "wrk, which reads nothing";
