//! What large files take in memory: each way, by both services, in small parts and in large.

use std::fs;

use crate::bench::contest::{Contest, Of};
use crate::bench::measure::Run;
use crate::bench::report::{Bound, Report};
use crate::bench::spread::Spread;
use crate::bench::stage::Stage;
use crate::bench::workbench::Bench;
use crate::outcome::Failure;

pub(super) fn run(bench: &mut Bench) -> Result<Report, Failure> {
    let (large, small) = bench.either((8192, 1024), (512, 128));
    let mut report = Report::new();
    for service in [Service::FilesCom, Service::Mft] {
        let contest = service.contest(bench, large, small)?;
        let peak = |name: &str| contest.spread(Of::Peak, name);
        for name in [UP, UP_LARGE_PARTS, DOWN] {
            let what = format!("{}, {name}: peak memory", service.name());
            report.target(&what, Bound::AtMost(40.0), " MiB", peak(name));
        }
        let ratio = |above: &str, below: &str| {
            let (above, below) = (peak(above)?, peak(below)?);
            Spread::of([above.median / below.median])
        };
        for (what, above, below) in [
            ("parts of 64 MiB, of the memory of 8 MiB", UP_LARGE_PARTS, UP),
            ("up, of the memory of an eighth of it", UP, UP_SMALL),
            ("down, of the memory of an eighth of it", DOWN, DOWN_SMALL),
        ] {
            let what = format!("{}, {what}", service.name());
            report.ratio(&what, Bound::AtMost(1.2), ratio(above, below));
        }
        report.contest(&format!("{}, {} GiB", service.name(), large as f64 / 1024.0), &contest);
    }
    Ok(report)
}

#[derive(Debug, Clone, Copy)]
enum Service {
    FilesCom,
    Mft,
}

impl Service {
    fn name(self) -> &'static str {
        match self {
            Self::FilesCom => "Files.com",
            Self::Mft => "Boomi MFT",
        }
    }

    /// Settings for small parts, and for large ones.
    fn parts(self) -> [&'static [&'static str]; 2] {
        match self {
            Self::FilesCom => [
                &["--set", "parallel=8", "--set", "part_size=8MiB"],
                &["--set", "parallel=8", "--set", "part_size=64MiB"],
            ],
            Self::Mft => [&["--set", "chunk_size=8MiB"], &["--set", "chunk_size=64MiB"]],
        }
    }

    fn target(self, stage: &Stage, name: &str) -> Result<String, Failure> {
        match self {
            Self::FilesCom => Ok(stage.target(name)),
            Self::Mft => stage.mft_target(name),
        }
    }

    /// One after the other, each once: memory repeats.
    fn contest(self, bench: &mut Bench, large: u64, small: u64) -> Result<Contest, Failure> {
        let stage = Stage::new(bench)?;
        let [parts, large_parts] = self.parts();
        let up = |mebibytes: u64, name: &str, parts: &[&str]| {
            let file = bench.hollow_file(mebibytes)?.display().to_string();
            let run = bench.wharf().args(["put", "-q"]).args(parts.iter().copied());
            Ok(stage.told(run.args([file, self.target(&stage, name)?])).anywhere().patient())
        };
        let back = bench.data("back.bin");
        let down = |name: &str| {
            let run = bench.wharf().args(["get", "-q", &self.target(&stage, name)?]);
            let to = back.display().to_string();
            Ok::<Run, Failure>(stage.told(run.args([to])).anywhere().patient())
        };
        let mut all = Contest::new();
        for (name, run) in [
            (UP_SMALL, up(small, "small.bin", parts)),
            (DOWN_SMALL, down("small.bin")),
            (UP, up(large, "large.bin", parts)),
            (DOWN, down("large.bin")),
            (UP_LARGE_PARTS, up(large, "large.bin", large_parts)),
        ] {
            let one = Contest::new().with(name, run).hold(bench, 1, |_| {
                // None of it is there yet the first time.
                let _ = fs::remove_file(&back);
                Ok(())
            });
            all = all.joined(one);
        }
        let _ = fs::remove_file(&back);
        Ok(all)
    }
}

const UP: &str = "up, parts of 8 MiB";
const UP_LARGE_PARTS: &str = "up, parts of 64 MiB";
const UP_SMALL: &str = "an eighth of it up";
const DOWN: &str = "down";
const DOWN_SMALL: &str = "an eighth of it down";
