//! `faults`: every fault against every verb of both services, through the real program and real
//! sockets, written down in `docs/faults.md`.

mod catalog;
mod exceptions;
mod matrix;
mod verb;

mod document;
mod judge;

mod program;
mod stage;
mod trap;

mod http;

use std::fs;

use self::catalog::{Row, rows};
use self::judge::Verdict;
use self::matrix::{Done, Job};
use self::stage::{Service, Stage};
use self::verb::VERBS;
use crate::ci;
use crate::outcome::{Failure, Outcome, settle};
use crate::workspace::Workspace;

/// `cargo xtask faults [--short] [--program PATH] [--service NAME] [--verb NAME] [--workers COUNT]
/// [-v] [FAULT ...]`
///
/// All of it, without arguments, writes the document. The short form runs a part and compares it
/// with the document; so does every selection.
pub(crate) fn run(workspace: &Workspace, arguments: &[String]) -> Outcome {
    perform(workspace, &Wish::read(arguments)?)
}

/// The short form, with the program that the gate has built.
pub(crate) fn check(workspace: &Workspace) -> Outcome {
    perform(workspace, &Wish { short: true, ..Wish::default() })
}

fn perform(workspace: &Workspace, wish: &Wish) -> Outcome {
    let program = match &wish.program {
        Some(program) => program.clone(),
        None => ci::program(workspace)?,
    };
    // Two runs side by side must not find each other's files.
    let folder = workspace.root().join(format!("target/faults/{}", std::process::id()));
    let stages = (0..wish.workers.unwrap_or(WORKERS))
        .map(|number| Stage::set(&program, &folder.join(number.to_string())));
    let stages: Vec<Stage> = stages.collect::<Result<_, _>>()?;
    let jobs = jobs(&stages, wish)?;
    println!("{} runs", jobs.len());
    let told = if wish.is_whole() { None } else { Some(workspace.read(document::PATH)?) };
    let done = matrix::run(stages, &jobs, &|done| tell(wish, done))?;
    // That it cannot be removed is no reason to forget what was found.
    let _ = fs::remove_dir_all(&folder);
    let findings: Vec<String> =
        done.iter().filter_map(|done| finding(done, told.as_deref())).collect();
    if wish.is_whole() {
        let path = workspace.root().join(document::PATH);
        fs::write(&path, document::written(&done)).map_err(|error| {
            Failure::new(format!("{} is not writable: {error}", path.display()))
        })?;
    }
    settle("faults", &findings, format!("{} runs, none of them wrong", done.len()))
}

/// Whether a run is one that must not be.
fn finding(done: &Done, document: Option<&str>) -> Option<String> {
    let Job { row, verb, aim } = &done.job;
    let place =
        format!("{:?}: {} / {} / {}+{}", aim.service, row.name, verb.name, aim.route, aim.skip);
    if let Verdict::Wrong(wrong) = &done.verdict {
        return Some(format!("{place}: WRONG: {wrong}"));
    }
    let healed =
        matches!(done.verdict, Verdict::Recovered) || (row.lie && done.verdict == Verdict::Told);
    if row.must_heal(aim.service) && !healed && exceptions::reason(&done.job).is_none() {
        return Some(format!("{place}: not recovered: {:?}", done.verdict));
    }
    let told = document.map(|document| document::agrees(document, done))?.err()?;
    let label = document::label(done);
    Some(format!("{place}: `{label}`, and the document says `{told}`: run `cargo xtask faults`"))
}

fn tell(wish: &Wish, done: &Done) {
    let found = finding(done, None);
    if wish.verbose || found.is_some() {
        let Job { row, verb, aim } = &done.job;
        println!(
            "{}{:?}: {} / {} / {}+{}: {:?}\n    {}",
            if found.is_some() { "!! " } else { "" },
            aim.service,
            row.name,
            verb.name,
            aim.route,
            aim.skip,
            done.verdict,
            done.said.trim_end()
        );
    }
}

fn jobs(stages: &[Stage], wish: &Wish) -> Result<Vec<Job>, Failure> {
    let mut jobs = Vec::new();
    let Some(stage) = stages.first() else {
        return Ok(jobs);
    };
    for service in [Service::FilesCom, Service::Mft] {
        if wish.service.is_some_and(|only| only != service) {
            continue;
        }
        for (column, verb) in VERBS.iter().enumerate() {
            if wish.verb.as_ref().is_some_and(|only| only != verb.name) {
                continue;
            }
            let aims = matrix::requests(stage, verb, service)?;
            for (line, row) in rows().enumerate().filter(|(_, row)| wish.wants(row)) {
                let struck: Vec<_> = aims.iter().filter(|aim| row.strikes(aim)).collect();
                let all = struck.iter().map(|aim| Job { row, verb, aim: (*aim).clone() });
                match (wish.short, struck.len()) {
                    (_, 0) => {}
                    (false, _) => jobs.extend(all),
                    (true, count) if (line + column) % SHARE == 0 => {
                        jobs.extend(all.skip((line / SHARE) % count).take(1));
                    }
                    _ => {}
                }
            }
        }
    }
    Ok(jobs)
}

/// What is asked for.
#[derive(Debug, Default)]
struct Wish {
    short: bool,
    program: Option<String>,
    service: Option<Service>,
    verb: Option<String>,
    workers: Option<usize>,
    rows: Vec<String>,
    verbose: bool,
}

impl Wish {
    fn read(arguments: &[String]) -> Result<Self, Failure> {
        let mut wish = Self::default();
        let mut arguments = arguments.iter();
        while let Some(argument) = arguments.next() {
            let mut value = || {
                let next = arguments.next().cloned();
                next.ok_or_else(|| Failure::new(format!("`{argument}` wants a value")))
            };
            match argument.as_str() {
                "--short" => wish.short = true,
                "--program" => wish.program = Some(value()?),
                "--service" => wish.service = Some(service(&value()?)?),
                "--verb" => wish.verb = Some(value()?),
                "--workers" => {
                    let count = value()?.parse().ok().filter(|count| (1..=64).contains(count));
                    wish.workers = count;
                    count.ok_or_else(|| Failure::new("`--workers` wants a number from 1 to 64"))?;
                }
                "-v" => wish.verbose = true,
                option if option.starts_with('-') => {
                    return Err(Failure::new(format!("`faults` knows no option `{option}`")));
                }
                row => wish.rows.push(row.to_owned()),
            }
        }
        Ok(wish)
    }

    fn wants(&self, row: &Row) -> bool {
        self.rows.is_empty() || self.rows.iter().any(|part| row.name.contains(part))
    }

    /// Only then the document can be written.
    fn is_whole(&self) -> bool {
        !self.short && self.service.is_none() && self.verb.is_none() && self.rows.is_empty()
    }
}

fn service(name: &str) -> Result<Service, Failure> {
    match name {
        "filescom" => Ok(Service::FilesCom),
        "mft" => Ok(Service::Mft),
        _ => Err(Failure::new(format!("`{name}` is neither filescom nor mft"))),
    }
}

/// Mostly they wait for the program, so there are more than processors.
const WORKERS: usize = 4;

/// One of so many cells is run by the short form: each fault on both services, each verb often.
const SHARE: usize = 4;

#[cfg(test)]
mod tests;
