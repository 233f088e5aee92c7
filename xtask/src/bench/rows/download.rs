//! Downloads of one large file.

use std::fs;

use crate::bench::contest::{Contest, Of};
use crate::bench::measure::Run;
use crate::bench::report::{Bound, Report};
use crate::bench::stage::{Nginx, Stage};
use crate::bench::tools;
use crate::bench::workbench::Bench;
use crate::outcome::Failure;

const US: &str = "wharf";
const CURL: &str = "curl";
const BARE: &str = "reqwest alone";

pub(super) fn to_nowhere(bench: &mut Bench) -> Result<Report, Failure> {
    let file = bench.file(bench.either(1024, 128))?.display().to_string();
    let stage = Stage::new(bench)?;
    stage.put(bench, &file, "big.bin")?;
    let link = stage.link("big.bin")?;
    let nginx = Nginx::start(bench);
    let name = file.rsplit('/').next().unwrap_or_default().to_owned();
    let from_nginx = nginx.and_then(|nginx| {
        let run = curl(&nginx.url(&name))?;
        Ok((nginx, run))
    });
    let (_nginx, raw) = match from_nginx {
        Ok((nginx, run)) => (Some(nginx), Ok(run)),
        Err(failure) => (None, Err(failure)),
    };
    let contest = Contest::new()
        .with(US, Ok(stage.told(bench.wharf().args(["cat", &stage.target("big.bin")]))))
        .with(CURL, curl(&link))
        .with(BARE, bench.probe().map(|run| run.args(["get-bare", &link])))
        .with("curl from nginx, the raw limit", raw)
        .hold(bench, bench.either(9, 3), |_| Ok(()));
    let mut report = Report::new();
    report.ratio("throughput, of curl's", Bound::AtLeast(0.9), contest.ratio(Of::Wall, CURL, US));
    report.ratio("CPU seconds, of curl's", Bound::AtMost(1.25), contest.ratio(Of::Cpu, US, CURL));
    report.contest("", &contest);
    Ok(report)
}

pub(super) fn to_disk(bench: &mut Bench) -> Result<Report, Failure> {
    let file = bench.file(bench.either(1024, 128))?.display().to_string();
    let stage = Stage::new(bench)?;
    stage.put(bench, &file, "big.bin")?;
    let link = stage.link("big.bin")?;
    let path = bench.data("back.bin");
    let back = path.display().to_string();
    let wharf = bench.wharf().args(["get", "-q", "--verify", "required"]);
    let wharf = wharf.args([&stage.target("big.bin"), &back]);
    let rclone = stage.rclone(bench).map(|run| {
        run.args(["copyto", "--ignore-checksum", "--ignore-times", "fc:big.bin", &back])
    });
    let contest = Contest::new()
        .with(US, Ok(stage.told(wharf)))
        .with(RCLONE, rclone)
        .with("curl -o", to_file(&link, &back))
        .with("files-sdk", stage.files_sdk(bench, &["get", "/big.bin", &back]))
        .at_most(3)
        .with("official Python SDK", stage.python(bench, &["get", "big.bin", &back]))
        .at_most(3)
        .hold(bench, bench.either(7, 3), |_| {
            // It may not be there yet.
            let _ = fs::remove_file(&path);
            Ok(())
        });
    let mut report = Report::new();
    report.ratio(
        "throughput, of rclone's without its check",
        Bound::AtLeast(1.2),
        contest.ratio(Of::Wall, RCLONE, US),
    );
    report.ratio(
        "CPU seconds, of rclone's",
        Bound::AtMost(1.0),
        contest.ratio(Of::Cpu, US, RCLONE),
    );
    report.ratio(
        "CPU seconds, of `curl -o`'s",
        Bound::AtMost(0.65),
        contest.ratio(Of::Cpu, US, "curl -o"),
    );
    report.target("peak memory", Bound::AtMost(40.0), " MiB", contest.spread(Of::Peak, US));
    report.contest("", &contest);
    Ok(report)
}

const RCLONE: &str = "rclone, without its check";

pub(super) fn by_tls(bench: &mut Bench) -> Result<Report, Failure> {
    let file = bench.file(bench.either(1024, 128))?.display().to_string();
    let stage = Stage::with_tls(bench)?;
    stage.put(bench, &file, "big.bin")?;
    let link = stage.link("big.bin")?;
    let contest = Contest::new()
        .with(US, Ok(stage.told(bench.wharf().args(["cat", &stage.target("big.bin")]))))
        .with(CURL, curl(&link).map(|run| stage.curl_trusting(run)))
        .with(BARE, bench.probe().map(|run| stage.told(run.args(["get-bare", &link]))))
        .hold(bench, bench.either(9, 3), |_| Ok(()));
    let mut report = Report::new();
    let of_curl = contest.ratio(Of::Cpu, US, CURL);
    report.ratio("CPU seconds, of curl's", Bound::AtMost(1.2), of_curl);
    report.ratio(
        "the same, by the target for a program that brings its own allocator",
        Bound::AtMost(0.8),
        of_curl,
    );
    report.ratio(
        "CPU seconds, of those of reqwest alone",
        Bound::AtMost(1.05),
        contest.ratio(Of::Cpu, US, BARE),
    );
    report.contest("", &contest);
    Ok(report)
}

fn curl(link: &str) -> Result<Run, Failure> {
    to_file(link, "/dev/null")
}

fn to_file(link: &str, to: &str) -> Result<Run, Failure> {
    Ok(Run::new(tools::system("curl")?).args(["-s", "--fail", "-o", to, link]))
}
