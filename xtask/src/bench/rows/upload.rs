//! Uploads of one large file.

use crate::bench::contest::{Contest, Of};
use crate::bench::measure::Run;
use crate::bench::report::{Bound, Report};
use crate::bench::stage::Stage;
use crate::bench::tools;
use crate::bench::workbench::Bench;
use crate::outcome::Failure;

const US: &str = "wharf";
const CURL: &str = "curl -T, as one part";

pub(super) fn plain(bench: &mut Bench) -> Result<Report, Failure> {
    let file = bench.file(bench.either(1024, 128))?.display().to_string();
    let stage = Stage::with_crc32_alone(bench)?;
    let link = stage.part_link("up.bin")?;
    let rclone = stage.rclone(bench);
    let rclone = rclone.map(|run| run.args(["copyto", "--ignore-times", &file, "fc:up.bin"]));
    let contest = Contest::new()
        .with(US, Ok(wharf(bench, &stage, &file)))
        .with("rclone", rclone.clone())
        .with("rclone, without its check", rclone.map(|run| run.args(["--ignore-checksum"])))
        .at_most(3)
        .with("official Python SDK", stage.python(bench, &["put", &file, "up.bin"]))
        .at_most(3)
        .with("files-sdk", stage.files_sdk(bench, &["put", &file, "/up.bin"]))
        .at_most(3)
        .with(CURL, curl(&file, &link))
        .hold(bench, bench.either(7, 3), |_| emptied(&stage));
    let mut report = Report::new();
    let bound = Bound::AtLeast(1.3);
    match best(&contest, Of::Wall) {
        Some(best) => {
            let what = format!("throughput, of the best peer's ({best})");
            report.ratio(&what, bound, contest.ratio(Of::Wall, &best, US));
        }
        None => report.missing("throughput, of the best peer's", bound, "no peer ran"),
    }
    if let Some(best) = best(&contest, Of::Cpu) {
        let what = format!("CPU seconds, of the best peer's ({best})");
        report.ratio(&what, Bound::AtMost(1.0), contest.ratio(Of::Cpu, US, &best));
    }
    report.ratio(
        "CPU seconds, of `curl -T`'s",
        Bound::AtMost(1.35),
        contest.ratio(Of::Cpu, US, CURL),
    );
    report.target("peak memory", Bound::AtMost(40.0), " MiB", contest.spread(Of::Peak, US));
    checksum(bench, &contest, &mut report)?;
    report.contest("", &contest);
    Ok(report)
}

/// The best of those that do the whole work: curl sends one part, and completes nothing.
fn best(contest: &Contest, of: Of) -> Option<String> {
    let peers = ["rclone", "rclone, without its check", "official Python SDK", "files-sdk"];
    let medians = peers.iter().filter_map(|name| Some((name, contest.spread(of, name)?.median)));
    medians.min_by(|(_, a), (_, b)| a.total_cmp(b)).map(|(name, _)| (*name).to_owned())
}

/// What the checksum adds, from the time it takes alone.
fn checksum(bench: &mut Bench, contest: &Contest, report: &mut Report) -> Result<(), Failure> {
    let alone = bench.parse()?.args(["crc32"]).measure(bench.folder())?.number("seconds");
    let size = bench.either(1.0, 0.125);
    let share = contest.spread(Of::Cpu, US).zip(alone).map(|(mut all, alone)| {
        for cpu in [&mut all.low, &mut all.median, &mut all.high] {
            *cpu /= (*cpu - alone * size).max(0.001);
        }
        all
    });
    report.ratio("CPU seconds with CRC-32, of those without", Bound::AtMost(1.15), share);
    Ok(())
}

pub(super) fn by_tls(bench: &mut Bench) -> Result<Report, Failure> {
    let file = bench.file(bench.either(1024, 128))?.display().to_string();
    let stage = Stage::with_tls(bench)?;
    let link = stage.part_link("up.bin")?;
    let contest = Contest::new()
        .with(US, Ok(wharf(bench, &stage, &file)))
        .with(CURL, curl(&file, &link).map(|run| stage.curl_trusting(run)))
        .hold(bench, bench.either(7, 3), |_| emptied(&stage));
    let mut report = Report::new();
    report.ratio(
        "CPU seconds, of `curl -T`'s",
        Bound::AtMost(0.9),
        contest.ratio(Of::Cpu, US, CURL),
    );
    report.contest("", &contest);
    Ok(report)
}

fn wharf(bench: &Bench, stage: &Stage, file: &str) -> Run {
    let run = bench.wharf().args(["put", "-q", "--verify", "required", "--set", "part_size=8MiB"]);
    stage.told(run.args([file, &stage.target("up.bin")]))
}

fn curl(file: &str, link: &str) -> Result<Run, Failure> {
    Ok(Run::new(tools::system("curl")?).args(["-s", "--fail", "-o", "/dev/null", "-T", file, link]))
}

/// So that nobody finds the file there already.
fn emptied(stage: &Stage) -> Result<(), Failure> {
    // At first there is none.
    let _ = stage.control("DELETE", "content/filescom/up.bin", "");
    Ok(())
}
