//! Many small files, where what counts is how many requests are under way.

use crate::bench::contest::{Contest, Of};
use crate::bench::report::{Bound, Report};
use crate::bench::stage::Stage;
use crate::bench::workbench::Bench;
use crate::outcome::Failure;

const US: &str = "wharf";
const PEERS: [&str; 4] = ["rclone", "rclone, 16 transfers", "official Python SDK", "files-sdk"];

pub(super) fn run(bench: &mut Bench) -> Result<Report, Failure> {
    let count = bench.either(500, 50);
    let folder = bench.small_files(count)?.display().to_string();
    let mut report = Report::new();
    for (milliseconds, rounds) in [(0, bench.either(5, 2)), (20, bench.either(3, 1))] {
        let stage = Stage::new(bench)?;
        stage.latency(milliseconds)?;
        let contest = contest(bench, &stage, &folder, rounds);
        let caption = format!("{milliseconds} ms added to each request");
        let bound = Bound::AtLeast(5.0);
        let what = |peer: &str| format!("{caption}: as fast as the best peer ({peer})");
        match contest.best_peer(Of::Wall, US).map(str::to_owned) {
            _ if contest.failure(US).is_some() => {
                let reason = contest.failure(US).unwrap_or_default();
                report.missing(&what("none"), bound, reason);
            }
            Some(best) => report.ratio(&what(&best), bound, contest.ratio(Of::Wall, &best, US)),
            None => report.missing(&what("none"), bound, "no peer ran"),
        }
        for peer in PEERS {
            if let Some(ratio) = contest.ratio(Of::Wall, peer, US) {
                report.note(format!("{caption}: {:.1} times as fast as {peer}", ratio.median));
            }
        }
        report.contest(&caption, &contest);
    }
    Ok(report)
}

fn contest(bench: &mut Bench, stage: &Stage, folder: &str, rounds: usize) -> Contest {
    let rclone = |words: &[&str]| {
        let run = stage.rclone(bench)?.args(["copy", "--ignore-times", folder, "fc:small"]);
        Ok::<_, Failure>(run.args(words.iter().copied()))
    };
    Contest::new()
        .with(
            US,
            bench.has(&["cp"], "--recursive").map(|()| {
                let run = bench.wharf().args(["cp", "-q", "--recursive", folder]);
                stage.told(run.args([stage.target("small")]))
            }),
        )
        .with(PEERS[0], rclone(&[]))
        .with(PEERS[1], rclone(&["--transfers", "16", "--checkers", "16"]))
        .with(PEERS[2], stage.python(bench, &["put-all", folder, "small"]))
        .at_most(1)
        .with(PEERS[3], stage.files_sdk(bench, &["put-all", folder, "/small"]))
        .at_most(1)
        .hold(bench, rounds, |_| {
            // At first there is no such folder.
            let _ = stage.control("DELETE", "content/filescom/small", "");
            stage.control("PUT", "content/filescom/small/", "").map(drop)
        })
}
