//! The journal: what it keeps, and to whom it lends.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use chrono::{DateTime, TimeDelta, Utc};
use futures_util::future::join_all;
use wharf_connector::{EntryKind, RemotePath};
use wharf_transfer::{Ended, JobId, JobState, Journal, NewJob, State, Step, Why};

fn path(text: &str) -> RemotePath {
    RemotePath::new(text).unwrap()
}

fn copies(count: u64) -> Vec<Step> {
    let copy = |number| {
        let at = path(&format!("/{number:05}"));
        Step::copy(at.clone(), at, State::default().with_size(10), Why::Missing)
    };
    (0..count).map(copy).collect()
}

fn deletes(count: u64) -> Vec<Step> {
    let delete =
        |number| Step::delete(path(&format!("/old/{number}")), EntryKind::File, State::default());
    (0..count).map(delete).collect()
}

async fn job(journal: &Journal, steps: Vec<Step>) -> JobId {
    let job = journal.begin(NewJob::new("sync", "/a", "/b")).await.unwrap();
    journal.add(&job, steps).await.unwrap();
    journal.planned(&job).await.unwrap();
    job
}

fn at(minute: i64) -> DateTime<Utc> {
    DateTime::UNIX_EPOCH + TimeDelta::minutes(minute)
}

async fn lease(journal: &Journal, job: &JobId, owner: &str, minute: i64) -> Option<(u64, usize)> {
    let lease = journal.lease(job, owner, at(minute), at(minute + 10)).await.unwrap();
    lease.map(|lease| (lease.shard, lease.items.len()))
}

async fn settle(journal: &Journal, job: &JobId, numbers: std::ops::Range<u64>, ended: Ended) {
    for number in numbers {
        journal.begin_step(job, number).await.unwrap();
        journal.end_step(job, number, ended, None).await.unwrap();
    }
}

#[tokio::test]
async fn several_programs_write_in_one_journal() {
    let folder = tempfile::tempdir().unwrap();
    let program = async || {
        let journal = Journal::open(&folder.path().join("jobs.db")).unwrap();
        let job = job(&journal, copies(20)).await;
        for turn in 0..20 {
            journal.add(&job, copies(5)).await.unwrap();
            settle(&journal, &job, turn..turn + 1, Ended::Done).await;
        }
        journal.job(&job).await.unwrap().unwrap()
    };
    for job in join_all((0..8).map(|_| program())).await {
        assert_eq!((job.steps, job.done), (120, 20));
    }
}

#[tokio::test]
async fn shards_are_lent_for_a_while_to_one_at_a_time() {
    let journal = Journal::in_memory().unwrap();
    let job = job(&journal, copies(600)).await;
    assert_eq!(lease(&journal, &job, "one", 0).await, Some((0, 256)));
    assert_eq!(lease(&journal, &job, "two", 0).await, Some((1, 256)));
    assert_eq!(lease(&journal, &job, "two", 0).await, Some((2, 88)));
    assert_eq!(lease(&journal, &job, "three", 9).await, None);
    journal.renew(&job, "one", at(19)).await.unwrap();
    assert_eq!(journal.owners(&job, at(11)).await.unwrap(), ["one"]);
    assert_eq!(lease(&journal, &job, "three", 11).await, Some((1, 256)), "two has run out");
    journal.release(&job, "one").await.unwrap();
    settle(&journal, &job, 0..200, Ended::Done).await;
    assert_eq!(lease(&journal, &job, "three", 11).await, Some((0, 56)), "what is done is done");
}

#[tokio::test]
async fn a_step_that_ends_twice_is_counted_once() {
    let journal = Journal::in_memory().unwrap();
    let job = job(&journal, copies(2)).await;
    settle(&journal, &job, 0..1, Ended::Done).await;
    journal.end_step(&job, 0, Ended::Failed, Some("late".to_owned())).await.unwrap();
    assert_eq!(journal.failures(&job, 9).await.unwrap(), []);
    assert_eq!(lease(&journal, &job, "one", 0).await, Some((0, 1)), "the other is still to do");
}

#[tokio::test]
async fn who_renews_hears_what_others_have_taken() {
    let journal = Journal::in_memory().unwrap();
    let job = job(&journal, copies(600)).await;
    lease(&journal, &job, "one", 0).await;
    lease(&journal, &job, "one", 0).await;
    assert_eq!(journal.renew(&job, "one", at(10)).await.unwrap(), 2);
    assert_eq!(lease(&journal, &job, "two", 10).await, Some((0, 256)), "it has run out");
    assert_eq!(journal.renew(&job, "one", at(20)).await.unwrap(), 1);
}

#[tokio::test]
async fn a_journal_without_indexes_gets_them() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("journal.db");
    let first = Journal::open(&file).unwrap();
    let job = job(&first, copies(3)).await;
    settle(&first, &job, 0..1, Ended::Failed).await;
    drop(first);
    let bare = rusqlite::Connection::open(&file).unwrap();
    bare.execute_batch("DROP INDEX unsettled; DROP INDEX failed; DROP INDEX unfiled").unwrap();
    let again = Journal::open(&file).unwrap();
    assert_eq!(lease(&again, &job, "one", 0).await, Some((0, 2)));
    assert_eq!(again.unfiled(&job).await.unwrap(), []);
    again.retry(&job).await.unwrap();
    again.release(&job, "one").await.unwrap();
    assert_eq!(lease(&again, &job, "one", 0).await, Some((0, 3)));
}

#[tokio::test]
async fn deletions_wait_for_everything_before_them() {
    let journal = Journal::in_memory().unwrap();
    let job = job(&journal, [copies(2), deletes(300)].concat()).await;
    assert_eq!(lease(&journal, &job, "one", 0).await, Some((0, 2)));
    assert_eq!(lease(&journal, &job, "two", 0).await, None);
    settle(&journal, &job, 0..2, Ended::Done).await;
    assert_eq!(lease(&journal, &job, "two", 0).await, Some((1, 256)));
    assert_eq!(lease(&journal, &job, "one", 0).await, None, "one shard of them at a time");
    settle(&journal, &job, 2..258, Ended::Done).await;
    assert_eq!(lease(&journal, &job, "one", 0).await, Some((2, 44)));
}

#[tokio::test]
async fn what_failed_is_tried_again_and_what_is_done_is_not() {
    let journal = Journal::in_memory().unwrap();
    let job = job(&journal, copies(4)).await;
    settle(&journal, &job, 0..2, Ended::Done).await;
    settle(&journal, &job, 2..3, Ended::Failed).await;
    settle(&journal, &job, 3..4, Ended::Skipped).await;
    assert_eq!(lease(&journal, &job, "one", 0).await, None);
    let told = journal.job(&job).await.unwrap().unwrap();
    assert_eq!(
        (told.steps, told.done, told.failed, told.bytes, told.bytes_done),
        (4, 2, 2, 40, 20)
    );
    journal.retry(&job).await.unwrap();
    let lease = journal.lease(&job, "one", at(0), at(1)).await.unwrap().unwrap();
    let again: Vec<_> = lease.items.iter().map(|item| (item.number, item.tries)).collect();
    assert_eq!(again, [(2, 1), (3, 1)]);
}

#[tokio::test]
async fn everything_is_there_for_another_process() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("journal.db");
    let first = Journal::open(&file).unwrap();
    let job = job(&first, copies(3)).await;
    settle(&first, &job, 0..1, Ended::Done).await;
    first.begin_step(&job, 1).await.unwrap();
    let kept = first.checkpoint(&job, 1, true);
    kept.store()
        .keep(wharf_connector::Unfinished::new("source", "token").with_partial(path("/b/part")))
        .await
        .unwrap();

    let second = Journal::open(&file).unwrap();
    let told = second.job(&job).await.unwrap().unwrap();
    assert_eq!((told.state, told.done, told.steps), (JobState::Open, 1, 3));
    assert_eq!(second.unfinished("sync", "/a", "/b").await.unwrap(), Some(job.clone()));
    let token = second.checkpoint(&job, 1, false).store().load().await.unwrap().unwrap();
    assert_eq!((&*token.token, &*token.source), ("token", "source"));
    assert_eq!(second.partials(&job).await.unwrap(), [path("/b/part")]);
    second.checkpoint(&job, 1, false).forget().await.unwrap();
    assert_eq!(second.partials(&job).await.unwrap(), []);
    second.forget(&job).await.unwrap();
    assert_eq!(first.jobs().await.unwrap(), []);
}

#[test]
fn a_file_that_is_no_journal_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("journal.db");
    std::fs::write(&file, "no journal, but a text of some length\n".repeat(100)).unwrap();
    let error = Journal::open(&file).unwrap_err();
    assert!(error.message().contains("not a database"), "{error}");
}
