//! All faults by all verbs: which requests a verb makes, and what becomes of it when each of them
//! meets each fault.

use std::collections::BTreeMap;
use std::fs::File;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread;

use super::catalog::{Aim, CONNECTION, Row};
use super::judge::{Verdict, before, judge};
use super::program::Run;
use super::stage::{Seen, Service, Stage};
use super::verb::{Argument, Scene, Verb};
use crate::outcome::Failure;

/// One run to be made: a fault, a verb, and the request that is struck.
#[derive(Clone)]
pub(super) struct Job {
    pub(super) row: &'static Row,
    pub(super) verb: &'static Verb,
    pub(super) aim: Aim,
}

/// What became of it.
pub(super) struct Done {
    pub(super) job: Job,
    pub(super) verdict: Verdict,
    /// What it said on standard error.
    pub(super) said: String,
}

/// What a verb does when nothing goes wrong: the requests to this service that faults can strike.
pub(super) fn requests(stage: &Stage, verb: &Verb, service: Service) -> Result<Vec<Aim>, Failure> {
    let Some(scene) = verb.on(service) else {
        return Ok(Vec::new());
    };
    let (verdict, run) = play(stage, &scene, &Luck::default(), |_| Ok(()))?;
    if verdict != Verdict::Recovered {
        let said = String::from_utf8_lossy(&run.err).into_owned();
        return Err(Failure::new(format!(
            "`{}` fails where nothing goes wrong: {verdict:?}\n{said}",
            verb.name
        )));
    }
    let seen: Vec<Seen> =
        stage.seen()?.into_iter().filter(|seen| is_of(&seen.face, service)).collect();
    let aim = |face: &str, route: &str, skip| Aim {
        service,
        face: face.to_owned(),
        route: route.to_owned(),
        skip,
        trap: stage.trap.address(),
        host: stage.host(service),
    };
    let mut aims: Vec<Aim> = Vec::new();
    for Seen { face, route, .. } in &seen {
        if aims.iter().any(|aim| aim.route == *route) {
            continue;
        }
        aims.push(aim(face, route, 0));
        let count = seen.iter().filter(|seen| seen.route == *route).count();
        if count > 1 && !POLLED.contains(&route.as_str()) {
            aims.push(aim(face, route, count - 1));
        }
    }
    for face in ["filescom", "storage", "mft"] {
        if seen.iter().any(|seen| seen.face == face) {
            aims.push(aim(face, CONNECTION, 0));
        }
    }
    Ok(aims)
}

/// Runs the jobs side by side, each worker on a stage of its own; the results are in the order of
/// the jobs.
pub(super) fn run(
    stages: Vec<Stage>,
    jobs: &[Job],
    tell: &(dyn Fn(&Done) + Sync),
) -> Result<Vec<Done>, Failure> {
    let next = AtomicUsize::new(0);
    let results = Mutex::new(BTreeMap::new());
    let work = |stage: Stage| {
        loop {
            let number = next.fetch_add(1, Ordering::Relaxed);
            let Some(job) = jobs.get(number) else {
                return;
            };
            let done = strike(&stage, job);
            if let Ok(done) = &done {
                tell(done);
            }
            results.lock().unwrap_or_else(PoisonError::into_inner).insert(number, done);
        }
    };
    let work = &work;
    thread::scope(|scope| {
        let workers: Vec<_> =
            stages.into_iter().map(|stage| scope.spawn(move || work(stage))).collect();
        for worker in workers {
            worker.join().map_err(|_| Failure::new("a worker of the matrix crashed"))?;
        }
        Ok(())
    })?;
    let results = results.into_inner().unwrap_or_else(PoisonError::into_inner);
    results.into_values().collect()
}

/// One run with one fault.
fn strike(stage: &Stage, job: &Job) -> Result<Done, Failure> {
    let Job { row, verb, aim } = job;
    let missing = || Failure::new(format!("`{}` is no verb of this service", verb.name));
    let mut scene = verb.on(aim.service).ok_or_else(missing)?;
    scene.settings.extend(row.settings);
    // The stage of this run, not that of the requests, says where things are.
    let aim = Aim { trap: stage.trap.address(), host: stage.host(aim.service), ..aim.clone() };
    let luck = Luck {
        nowhere: row.is_nobody().then_some(aim.service),
        unseen: row.is_unseen(aim.service),
    };
    let (verdict, run) = play(stage, &scene, &luck, |stage| match row.is_nobody() {
        true => Ok(()),
        false => stage.order(&row.rules(&aim), &aim.face),
    })?;
    let verdict = match verdict {
        Verdict::Told if !row.lie => Verdict::Wrong("success, and something else told".to_owned()),
        verdict if !row.is_nobody() && !struck(stage, &aim)? => {
            Verdict::Wrong(format!("the fault did not strike ({verdict:?})"))
        }
        verdict => verdict,
    };
    Ok(Done { job: job.clone(), verdict, said: String::from_utf8_lossy(&run.err).into_owned() })
}

fn struck(stage: &Stage, aim: &Aim) -> Result<bool, Failure> {
    Ok(aim.route == CONNECTION || stage.seen()?.iter().any(|seen| seen.struck))
}

/// What is peculiar about a run.
#[derive(Debug, Default)]
struct Luck {
    /// The service that is looked for where nobody listens.
    nowhere: Option<Service>,
    /// Whether the fault is one that nobody can notice.
    unseen: bool,
}

/// Sets a scene, lets it go wrong, runs the program, and judges.
fn play(
    stage: &Stage,
    scene: &Scene,
    luck: &Luck,
    order: impl Fn(&Stage) -> Result<(), Failure>,
) -> Result<(Verdict, Run), Failure> {
    stage.clear()?;
    for watched in &scene.watched {
        stage.put(watched.tree, watched.path, &watched.before)?;
    }
    stage.let_time_pass()?;
    let before = before(stage, scene)?;
    order(stage)?;
    let mut command = stage.command();
    arguments(&mut command, stage, scene, luck.nowhere);
    if let Some(input) = scene.input {
        let path: PathBuf = stage.folder().join(input);
        let file = File::open(&path)
            .map_err(|error| Failure::new(format!("cannot read {}: {error}", path.display())))?;
        command.stdin(Stdio::from(file));
    }
    let run = Run::of(&mut command)?;
    let verdict = judge(stage, scene, &before, &run, luck.unseen)?;
    Ok((verdict, run))
}

fn arguments(command: &mut Command, stage: &Stage, scene: &Scene, nowhere: Option<Service>) {
    for argument in &scene.arguments {
        match argument {
            Argument::Text(text) => command.arg(text),
            Argument::Target(service, path) => match nowhere == Some(*service) {
                true => command.arg(stage.target_at(NOBODY, *service, path)),
                false => command.arg(stage.target(*service, path)),
            },
        };
    }
    for (name, value) in &scene.settings {
        command.args(["--set", &format!("{name}={value}")]);
    }
    if !matches!(scene.output, super::verb::Output::Bytes(_)) {
        command.arg("--json");
    }
}

fn is_of(face: &str, service: Service) -> bool {
    match service {
        Service::FilesCom => ["filescom", "storage"].contains(&face),
        Service::Mft => face == "mft",
    }
}

/// Requests whose number depends on how quick the machine is.
const POLLED: &[&str] = &["migration"];

/// A port that is reserved, and that nobody listens on.
const NOBODY: &str = "127.0.0.1:1";
