//! `bench`: what transfers cost, measured on the whole program.
//!
//! So far it measures memory, which a machine repeats exactly enough to be held to a bound; times
//! are printed for the reader and bound nothing. It writes `docs/performance.md`.

use std::fmt::Write as _;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::Value;

use crate::cargo;
use crate::outcome::{Failure, Outcome};
use crate::sandbox::Sandbox;
use crate::workspace::Workspace;

pub(crate) fn run(workspace: &Workspace, arguments: &[String]) -> Outcome {
    let gibibytes = match arguments {
        [] => 8,
        [text] => text
            .parse()
            .ok()
            .filter(|size| (1..=64).contains(size))
            .ok_or_else(|| Failure::new(format!("`{text}` is no size from 1 to 64, in GiB")))?,
        _ => return Err(Failure::new("`bench` takes the size of the file in GiB, or nothing")),
    };
    cargo::run(workspace.root(), &["build", "--release", "--locked"], &[])?;
    let bench = Bench::begin(workspace, gibibytes)?;
    let rows = bench.rows()?;
    let path = workspace.root().join("docs/performance.md");
    let page = fs::read_to_string(&path).map_err(|error| unusable(&path, &error))?;
    let page = with_table(&page, &table(&rows, gibibytes))?;
    fs::write(&path, page).map_err(|error| unusable(&path, &error))?;
    judge(&rows)
}

/// A running sandbox, a file to carry, and where to put what comes back.
struct Bench {
    root: PathBuf,
    folder: PathBuf,
    program: String,
    sandbox: Sandbox,
}

/// One transfer, and what it took.
struct Row {
    service: &'static str,
    direction: &'static str,
    settings: &'static [&'static str],
    peak: f64,
    cpu: f64,
    wall: f64,
}

impl Bench {
    fn begin(workspace: &Workspace, gibibytes: u64) -> Result<Self, Failure> {
        let root = workspace.root().to_owned();
        let folder = root.join("target/bench");
        fs::create_dir_all(&folder).map_err(|error| unusable(&folder, &error))?;
        let source = folder.join("source.bin");
        let file = File::create(&source).map_err(|error| unusable(&source, &error))?;
        file.set_len(gibibytes << 30).map_err(|error| unusable(&source, &error))?;
        let program = root.join("target/release/wharf").display().to_string();
        let sandbox = Sandbox::start(&program)?;
        Ok(Self { root, folder, program, sandbox })
    }

    fn rows(&self) -> Result<Vec<Row>, Failure> {
        let mut rows = Vec::new();
        for settings in FILESCOM_UPLOADS {
            rows.push(self.upload("Files.com", settings)?);
        }
        rows.push(self.download("Files.com")?);
        for settings in MFT_UPLOADS {
            rows.push(self.upload("Boomi MFT", settings)?);
        }
        rows.push(self.download("Boomi MFT")?);
        Ok(rows)
    }

    fn upload(
        &self,
        service: &'static str,
        settings: &'static [&'static str],
    ) -> Result<Row, Failure> {
        let source = self.folder.join("source.bin").display().to_string();
        let target = self.target(service)?;
        let mut arguments = vec!["put", &source, &target];
        for setting in settings {
            arguments.extend(["--set", setting]);
        }
        self.measure(service, "up", settings, &arguments)
    }

    fn download(&self, service: &'static str) -> Result<Row, Failure> {
        let back = self.folder.join("back.bin");
        let target = self.target(service)?;
        let shown = back.display().to_string();
        let row = self.measure(service, "down", &[], &["get", &target, &shown])?;
        fs::remove_file(&back).map_err(|error| unusable(&back, &error))?;
        Ok(row)
    }

    fn target(&self, service: &str) -> Result<String, Failure> {
        if service == "Files.com" {
            return Ok(format!("filescom+{}/bench.bin", self.sandbox.text("/filescom")?));
        }
        let (user, address) = (self.sandbox.text("/users/0/name")?, self.sandbox.text("/mft")?);
        let host = address.strip_prefix("http://").unwrap_or(&address).to_owned();
        Ok(format!("mft+http://{user}@{host}/HOME/{user}/bench.bin"))
    }

    fn measure(
        &self,
        service: &'static str,
        direction: &'static str,
        settings: &'static [&'static str],
        arguments: &[&str],
    ) -> Result<Row, Failure> {
        println!("$ wharf {}", arguments.join(" "));
        let output = Command::new("python3")
            .arg(self.root.join("xtask/bench/measured.py"))
            .arg(&self.program)
            .args(arguments)
            .env("FILES_API_KEY", self.sandbox.text("/keys/full")?)
            .env("WHARF_MFT_PASSWORD", self.sandbox.text("/users/0/password")?)
            .stdin(Stdio::null())
            .stderr(Stdio::inherit())
            .output()
            .map_err(|error| Failure::new(format!("python3 does not start: {error}")))?;
        let told: Value = serde_json::from_slice(&output.stdout).unwrap_or_default();
        let number = |name: &str| told.get(name).and_then(Value::as_f64).unwrap_or(f64::NAN);
        if number("status") != 0.0 {
            return Err(Failure::new(format!("wharf {} failed", arguments.join(" "))));
        }
        let (peak, cpu, wall) = (number("peak") / MIB, number("cpu"), number("wall"));
        println!("  peak {peak:.1} MiB, {cpu:.1} s of CPU, {wall:.1} s");
        Ok(Row { service, direction, settings, peak, cpu, wall })
    }
}

/// Every transfer within its bound, and large parts no dearer than small ones.
fn judge(rows: &[Row]) -> Outcome {
    let findings: Vec<String> = rows
        .iter()
        .filter(|row| row.peak.is_nan() || row.peak > BOUND)
        .map(|row| {
            format!("{} {}: {:.1} MiB, over {BOUND} MiB", row.service, row.direction, row.peak)
        })
        .chain(ratio(rows).filter(|ratio| *ratio > RATIO).map(|ratio| {
            format!("parts of 64 MiB take {ratio:.2} times the memory of 8 MiB, over {RATIO}")
        }))
        .collect();
    crate::outcome::settle(
        "bench",
        &findings,
        "memory within its bounds; docs/performance.md is written",
    )
}

fn ratio(rows: &[Row]) -> impl Iterator<Item = f64> {
    let peak = |part: &str| {
        let row = rows.iter().find(|row| row.settings.contains(&part));
        row.map(|row| row.peak)
    };
    peak("part_size=64MiB")
        .zip(peak("part_size=8MiB"))
        .map(|(large, small)| large / small)
        .into_iter()
}

fn table(rows: &[Row], gibibytes: u64) -> String {
    let mut text = String::from(
        "| transfer | settings | peak memory | CPU | time |\n| --- | --- | --- | --- | --- |\n",
    );
    for row in rows {
        let settings =
            if row.settings.is_empty() { "-".to_owned() } else { row.settings.join(", ") };
        let Row { service, direction, peak, cpu, wall, .. } = row;
        // Writing to a string cannot fail.
        let _ = writeln!(
            text,
            "| {gibibytes} GiB {direction}, {service} | {settings} | {peak:.1} MiB | {cpu:.1} s | {wall:.1} s |"
        );
    }
    text
}

fn with_table(page: &str, table: &str) -> Result<String, Failure> {
    let lost = || Failure::new("docs/performance.md lost the marks around its memory table");
    let (before, rest) = page.split_once(BEGIN).ok_or_else(lost)?;
    let (_, after) = rest.split_once(END).ok_or_else(lost)?;
    Ok(format!("{before}{BEGIN}\n{table}{END}{after}"))
}

fn unusable(path: &Path, error: &std::io::Error) -> Failure {
    Failure::new(format!("{}: {error}", path.display()))
}

const FILESCOM_UPLOADS: [&[&str]; 2] =
    [&["parallel=8", "part_size=8MiB"], &["parallel=8", "part_size=64MiB"]];
const MFT_UPLOADS: [&[&str]; 2] = [&["chunk_size=8MiB"], &["chunk_size=64MiB"]];

const MIB: f64 = 1024.0 * 1024.0;
/// The most a transfer may take, in MiB.
const BOUND: f64 = 40.0;
/// The most that parts of 64 MiB may take of what parts of 8 MiB take.
const RATIO: f64 = 1.2;

const BEGIN: &str = "<!-- memory: written by cargo xtask bench -->";
const END: &str = "<!-- end of memory -->";

#[cfg(test)]
mod tests {
    use super::*;

    fn row(peak: f64, settings: &'static [&'static str]) -> Row {
        Row { service: "Files.com", direction: "up", settings, peak, cpu: 1.0, wall: 2.0 }
    }

    #[test]
    fn bounds_are_held() {
        let small = || row(20.0, FILESCOM_UPLOADS[0]);
        assert!(judge(&[small(), row(24.0, FILESCOM_UPLOADS[1])]).is_ok());
        assert!(judge(&[small(), row(24.1, FILESCOM_UPLOADS[1])]).is_err());
        assert!(judge(&[row(40.1, &[])]).is_err());
        assert!(judge(&[row(f64::NAN, &[])]).is_err());
    }

    #[test]
    fn the_table_replaces_the_old_one() {
        let page = format!("a\n{BEGIN}\nold\n{END}\nb\n");
        let page = with_table(&page, "new\n").unwrap();
        assert_eq!(page, format!("a\n{BEGIN}\nnew\n{END}\nb\n"));
        assert!(with_table("nothing", "new").is_err());
    }
}
