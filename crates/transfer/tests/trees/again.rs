//! Going on with a plan after some time, or after a try of which nothing was heard.

use std::sync::Mutex;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use chrono::{DateTime, Utc};
use tokio::time::{Instant, sleep};
use wharf_connector::{Capabilities, Connector, ConnectorExt, ErrorKind, Result};
use wharf_transfer::{
    Applied, Apply, CopyFile, Done, JobId, Journal, MaxDelete, NewJob, Observer, Pace, Step,
    SyncPlan, Worker,
};

use crate::odd::Odd;
use crate::world::{World, at, content, path};

async fn job(world: &World, journal: &Journal) -> (JobId, Vec<Step>) {
    let deleting = SyncPlan::new().with_delete(true).with_max_delete(MaxDelete::Percent(100));
    let plan = world.plan(&deleting).await.unwrap();
    let steps: Vec<Step> = plan.into_steps().unwrap().map(Result::unwrap).collect();
    let job = journal.begin(NewJob::new("apply", "/a", "/b")).await.unwrap();
    journal.add(&job, steps.clone()).await.unwrap();
    journal.planned(&job).await.unwrap();
    (job, steps)
}

async fn work(
    world: &World,
    (journal, job): (&Journal, &JobId),
    options: &Apply,
    observer: &dyn Observer,
) -> Result<Applied> {
    let (from, to) = world.places();
    let worker = Worker::new((journal, job), "worker", (&from, &to), options);
    worker.with_clock(clock).work(observer).await
}

/// Wall time that goes with the paused time of the test.
fn clock() -> DateTime<Utc> {
    thread_local!(static BEGIN: Instant = Instant::now());
    let passed = Instant::now().duration_since(BEGIN.with(|begin| *begin));
    at(1_000_000) + chrono::TimeDelta::from_std(passed).unwrap()
}

/// As MFT: neither checksums nor times tell whether a file is the one that was sent.
fn mute() -> Odd {
    Odd::new().without(Capabilities::WRITE_MODIFIED | Capabilities::CHECKSUMS)
}

#[tokio::test]
async fn what_a_killed_run_has_done_is_no_change() {
    let look = Apply::new().with_check(true);
    for (strange, changed) in [("1234", 0), ("12345", 1)] {
        let world = World::of(Odd::new(), mute())
            .with(&["new=1234@9", "more=1234567@9"], &["more=1", "gone=1"])
            .await;
        let journal = Journal::in_memory().unwrap();
        let (job, steps) = job(&world, &journal).await;
        // All was done, and the journal heard of nothing.
        for number in 0..steps.len() as u64 {
            journal.begin_step(&job, number).await.unwrap();
        }
        let memory = &world.to.memory;
        memory.write_bytes(&path("/root/new"), strange).await.unwrap();
        memory.write_bytes(&path("/root/more"), "1234567").await.unwrap();
        memory.delete(&path("/root/gone"), Default::default()).await.unwrap();
        let applied = work(&world, (&journal, &job), &look, &()).await.unwrap();
        assert_eq!((applied.changed, applied.failed), (changed, 0), "{strange}: {applied:?}");
        let left = content(&world.to).await;
        assert_eq!(left, ["more=1234567".to_owned(), format!("new={strange}")]);
    }
}

#[tokio::test]
async fn a_first_try_takes_no_file_for_its_own() {
    let world = World::of(Odd::new(), mute()).with(&["new=1234"], &[]).await;
    let journal = Journal::in_memory().unwrap();
    let (job, _) = job(&world, &journal).await;
    world.to.memory.write_bytes(&path("/root/new"), "mine").await.unwrap();
    let look = Apply::new().with_check(true);
    let applied = work(&world, (&journal, &job), &look, &()).await.unwrap();
    assert_eq!((applied.copied, applied.changed), (0, 1), "{applied:?}");
    assert_eq!(content(&world.to).await, ["new=mine"]);
}

#[tokio::test]
async fn a_time_that_is_set_already_and_a_file_that_is_gone_are_no_change() {
    let look = Apply::new().with_check(true);
    let world = World::new().with(&[], &["a=1@5", "gone=1"]).await;
    let was = |entry: &wharf_connector::Entry| wharf_transfer::State::of(entry);
    let a = world.to.memory.stat(&path("/root/a")).await.unwrap();
    let gone = world.to.memory.stat(&path("/root/gone")).await.unwrap();
    let steps = vec![
        Step::touch(path("/a"), at(9), was(&a)),
        Step::delete(path("/gone"), wharf_connector::EntryKind::File, was(&gone)),
    ];
    let first = world.apply(steps.clone(), &look).await;
    assert_eq!((first.touched, first.deleted), (1, 1), "{first:?}");
    let again = world.apply(steps, &look).await;
    assert!(again.is_whole(), "{again:?}");
}

#[tokio::test]
async fn what_lies_in_the_backup_folder_already_is_no_change() {
    for (kept, changed) in [("old", 0), ("of yesterday", 1)] {
        let world = World::new().with(&["a=newer@9"], &["a=old"]).await;
        let plan = world.plan(&SyncPlan::new().with_backup(path("/kept"))).await.unwrap();
        let steps = plan.into_steps().unwrap().map(Result::unwrap).collect();
        let memory = &world.to.memory;
        memory.delete(&path("/root/a"), Default::default()).await.unwrap();
        memory.write_bytes(&path("/kept/a"), kept).await.unwrap();
        let applied = world.apply(steps, &Apply::new().with_check(true)).await;
        assert_eq!((applied.copied, applied.changed), (1 - changed, changed), "{applied:?}");
        assert_eq!(memory.read_bytes(&path("/kept/a"), 99).await.unwrap(), kept);
    }
}

#[tokio::test]
async fn what_has_appeared_in_the_source_is_not_deleted() {
    let world = World::new().with(&["a=1"], &["a=1", "late=1", "old=1", "late2/"]).await;
    let journal = Journal::in_memory().unwrap();
    let (job, _) = job(&world, &journal).await;
    world.from.memory.write_bytes(&path("/root/late"), "new").await.unwrap();
    world.from.memory.create_folders(&path("/root/late2")).await.unwrap();
    let look = Apply::new().with_check(true);
    let applied = work(&world, (&journal, &job), &look, &()).await.unwrap();
    assert_eq!(applied.failed, 0, "{applied:?}");
    let left = content(&world.to).await;
    for name in ["late=1", "late2/"] {
        assert!(left.iter().any(|line| line == name), "{left:?}");
    }
}

/// When each step ended, in seconds from the first look.
#[derive(Default)]
struct Times(Mutex<Vec<u64>>, AtomicU32);

impl Observer for Times {
    fn done(&self, _: &Done) {
        self.1.fetch_add(1, Ordering::Relaxed);
        self.0.lock().unwrap().push((clock() - at(1_000_000)).num_seconds().unsigned_abs());
    }
}

async fn forty() -> World {
    let names: Vec<String> = (0..40).map(|number| format!("{number}=1")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    World::new().with(&names, &[]).await
}

/// One step in a minute.
fn slowly() -> Apply {
    let pace = Pace::new().with_steps_per_second(Some(1.0 / 60.0));
    Apply::new().with_copy(CopyFile::new().with_pace(pace))
}

#[tokio::test(start_paused = true)]
async fn what_was_lent_is_kept_while_steps_end_and_none_waits_for_the_pace_of_another() {
    clock();
    let (world, journal, times) = (forty().await, Journal::in_memory().unwrap(), Times::default());
    let (job, _) = job(&world, &journal).await;
    let options = slowly();
    let watch = async {
        // Between two steps, not while one ends.
        sleep(Duration::from_secs(30)).await;
        loop {
            sleep(Duration::from_secs(60)).await;
            if times.1.load(Ordering::Relaxed) == 40 {
                return;
            }
            assert_eq!(journal.owners(&job, clock()).await.unwrap(), ["worker"], "{}", clock());
        }
    };
    let (done, ()) = tokio::join!(work(&world, (&journal, &job), &options, &times), watch);
    assert_eq!(done.unwrap().copied, 40);
    let times = times.0.into_inner().unwrap();
    assert!(times[0] < 10, "the first is not held up by those that wait: {times:?}");
}

#[tokio::test(start_paused = true)]
async fn a_worker_stops_when_somebody_else_has_its_work() {
    clock();
    let (world, journal, times) = (forty().await, Journal::in_memory().unwrap(), Times::default());
    let (job, _) = job(&world, &journal).await;
    let options = slowly();
    let thief = async {
        sleep(Duration::from_secs(100)).await;
        let late = clock() + chrono::TimeDelta::hours(1);
        let taken = journal.lease(&job, "thief", late, late + chrono::TimeDelta::hours(1)).await;
        assert!(taken.unwrap().is_some());
    };
    let (done, ()) = tokio::join!(work(&world, (&journal, &job), &options, &times), thief);
    assert_eq!(done.unwrap_err().kind(), ErrorKind::Conflict);
    assert!(times.1.load(Ordering::Relaxed) < 10);
}

#[tokio::test]
async fn what_is_under_way_ends_when_the_steps_break_off() {
    let world = World::new().with(&["a=1", "b=2"], &[]).await;
    let steps = world.plan(&SyncPlan::new()).await.unwrap().into_steps().unwrap();
    let broken = wharf_connector::Error::new(ErrorKind::Other, "the plan is cut short");
    let steps = futures_util::stream::iter(steps.chain([Err(broken)]));
    let (from, to) = world.places();
    let error = wharf_transfer::apply(steps, &from, &to, &Apply::new(), &()).await.unwrap_err();
    assert_eq!(error.message(), "the plan is cut short");
    assert_eq!(content(&world.to).await, ["a=1", "b=2"]);
}

#[tokio::test(start_paused = true)]
async fn a_plan_that_is_applied_keeps_its_pace() {
    let world = forty().await;
    let steps = world.plan(&SyncPlan::new()).await.unwrap().into_steps().unwrap();
    let (steps, begin) = (steps.map(Result::unwrap).collect(), Instant::now());
    world.apply(steps, &slowly()).await;
    assert!(begin.elapsed() >= Duration::from_secs(39 * 60), "{:?}", begin.elapsed());
}
