//! What every row has at hand: our program, those of others, sizes, files to carry, chance.

use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use super::choice::Choice;
use super::measure::Run;
use super::tools::Tools;
use crate::outcome::Failure;

/// The bench while it runs.
#[derive(Debug)]
pub(super) struct Bench {
    folder: PathBuf,
    tools: Tools,
    pub(super) quick: bool,
    random: u64,
}

impl Bench {
    pub(super) fn new(folder: &Path, tools: Tools, choice: &Choice) -> Result<Self, Failure> {
        fs::create_dir_all(folder.join("data")).map_err(|error| unusable(folder, &error))?;
        // An odd number never becomes zero, where the series would end.
        let random = choice.seed.wrapping_mul(2).wrapping_add(1);
        Ok(Self { folder: folder.to_owned(), tools, quick: choice.quick, random })
    }

    /// Where results, data and installed programs lie.
    pub(super) fn folder(&self) -> &Path {
        &self.folder
    }

    pub(super) fn tools(&self) -> &Tools {
        &self.tools
    }

    /// Our program, which finds no settings here and leaves none.
    pub(super) fn wharf(&self) -> Run {
        let own = |name: &str| self.data(name).display().to_string();
        let run = Run::new(self.tools.wharf.clone()).env("WHARF_STATE", own("state"));
        run.env("WHARF_CONFIG_DIR", own("config"))
    }

    /// Whether our program has a command, and its help names this.
    pub(super) fn has(&self, command: &[&str], word: &str) -> Result<(), Failure> {
        let missing = || Failure::new(format!("`wharf {}` is not there yet", command.join(" ")));
        let run = self.wharf().args(command.iter().copied()).args(["--help"]).said().anywhere();
        let help = run.measure(&self.folder).map_err(|_| missing())?.said;
        match help.contains(word) {
            true => Ok(()),
            false => {
                Err(Failure::new(format!("`wharf {} {word}` is not there yet", command.join(" "))))
            }
        }
    }

    /// The work of our libraries beside bare parts.
    pub(super) fn probe(&self) -> Result<Run, Failure> {
        Ok(Run::new(self.tools.probe()?).said())
    }

    /// What our libraries parse, and others, with the system's own allocator.
    pub(super) fn parse(&self) -> Result<Run, Failure> {
        Ok(Run::new(self.tools.parse()?).said())
    }

    /// One of two sizes, for a whole run and for a quick one.
    pub(super) fn either<T>(&self, whole: T, quick: T) -> T {
        if self.quick { quick } else { whole }
    }

    /// A path below the folder of data, which is emptied at the end.
    pub(super) fn data(&self, name: &str) -> PathBuf {
        self.folder.join("data").join(name)
    }

    /// A file of so many MiB whose content repeats nowhere near the size of a part.
    pub(super) fn file(&self, mebibytes: u64) -> Result<PathBuf, Failure> {
        let path = self.data(&format!("{mebibytes}-mib.bin"));
        if fs::metadata(&path).is_ok_and(|found| found.len() == mebibytes << 20) {
            return Ok(path);
        }
        let written = || {
            let mut out = BufWriter::with_capacity(1 << 20, File::create(&path)?);
            let mut number = 1_u64;
            for _ in 0..mebibytes << 17 {
                number = next(number);
                out.write_all(&number.to_le_bytes())?;
            }
            out.flush()
        };
        written().map_err(|error: std::io::Error| unusable(&path, &error))?;
        Ok(path)
    }

    /// A file of so many MiB that takes no room on disk.
    pub(super) fn hollow_file(&self, mebibytes: u64) -> Result<PathBuf, Failure> {
        let path = self.data(&format!("{mebibytes}-mib-hollow.bin"));
        let made = File::create(&path).and_then(|file| file.set_len(mebibytes << 20));
        made.map_err(|error| unusable(&path, &error))?;
        Ok(path)
    }

    /// A folder with so many files of 4 KiB, each of its own content.
    pub(super) fn small_files(&self, count: usize) -> Result<PathBuf, Failure> {
        let folder = self.data(&format!("{count}-small"));
        fs::create_dir_all(&folder).map_err(|error| unusable(&folder, &error))?;
        for number in 0..count {
            let path = folder.join(format!("order {number:05}.csv"));
            let line = format!("{number:07};ordered\n");
            fs::write(&path, line.repeat(256)).map_err(|error| unusable(&path, &error))?;
        }
        Ok(folder)
    }

    /// The numbers below `count` in an order that chance makes.
    pub(super) fn shuffled(&mut self, count: usize) -> Vec<usize> {
        let mut order: Vec<usize> = (0..count).collect();
        for place in (1..count).rev() {
            self.random = next(self.random);
            order.swap(place, (self.random >> 33) as usize % (place + 1));
        }
        order
    }

    /// Removes what was carried.
    pub(super) fn clear(&self) {
        // What is left over is overwritten the next time.
        let _ = fs::remove_dir_all(self.folder.join("data"));
    }
}

/// A series of numbers without an order to be seen (xorshift64).
fn next(mut number: u64) -> u64 {
    number ^= number << 13;
    number ^= number >> 7;
    number ^ (number << 17)
}

pub(super) fn unusable(path: &Path, error: &std::io::Error) -> Failure {
    Failure::new(format!("{}: {error}", path.display()))
}
