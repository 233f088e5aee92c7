//! What passes is waited out: as long as the service asks, by the sandbox's own clock. Time is
//! paused, so that nobody waits for it.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

use chrono::TimeDelta;
use futures_util::TryStreamExt;
use wharf_connector::{
    Connector, ConnectorExt, Content, CopyOptions, Entry, ListOptions, RemotePath, Result,
    WriteOptions,
};
use wharf_filescom::{Client, Config, Credentials, FilesCom};
use wharf_sandbox::{Fault, Route, Sandbox};

/// The steps that have to survive each of the faults.
const STEPS: [Route; 6] = [
    Route::List,
    Route::BeginUpload,
    Route::PartPut,
    Route::Complete,
    Route::StorageGet,
    Route::Migration,
];

#[tokio::test(start_paused = true)]
async fn a_wait_that_is_asked_for_is_honoured() {
    for step in STEPS {
        let gap = gap(step, Fault::retry_after(429, "2")).await;
        assert!(gap >= TimeDelta::seconds(2), "{step:?}: {gap}");
        assert!(gap < TimeDelta::milliseconds(2100), "{step:?}: {gap}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_date_is_a_wait_too() {
    for step in [Route::List, Route::StorageGet] {
        let sandbox = Sandbox::start().await.unwrap();
        // Whole seconds are all that a date can say.
        sandbox.clock().set("2026-11-22T10:00:00Z".parse().unwrap());
        let then = "Sun, 22 Nov 2026 10:00:07 GMT";
        let gap = gap_on(&sandbox, step, Fault::retry_after(503, then)).await;
        assert!(gap > TimeDelta::seconds(5) && gap < TimeDelta::seconds(8), "{step:?}: {gap}");
    }
}

#[tokio::test(start_paused = true)]
async fn what_passes_by_itself_is_tried_again_soon() {
    for step in STEPS {
        for fault in [Fault::status(503), Fault::ResetBefore] {
            let gap = gap(step, fault.clone()).await;
            assert!(gap <= TimeDelta::milliseconds(1300), "{step:?} {fault:?}: {gap}");
        }
    }
}

async fn gap(step: Route, fault: Fault) -> TimeDelta {
    let sandbox = Sandbox::start().await.unwrap();
    gap_on(&sandbox, step, fault).await
}

/// The time, by the sandbox's clock, from the request that was struck to the next of its kind. The
/// work succeeds in spite of it, with the right bytes.
async fn gap_on(sandbox: &Sandbox, step: Route, fault: Fault) -> TimeDelta {
    let key = Credentials::api_key(sandbox.keys().full.clone()).unwrap();
    let client = Client::new(Config::new(sandbox.filescom_url(), key)).unwrap();
    let filescom = FilesCom::new(client);
    sandbox.filescom().put("in/a.txt", "abc");
    sandbox.faults().next(step, fault.clone());
    let done = work(sandbox, &filescom, step).await;
    done.unwrap_or_else(|error| panic!("{step:?} {fault:?}: {error:?}"));
    assert!(sandbox.faults().waiting().is_empty(), "{step:?}: the fault did not strike");
    let seen = sandbox.seen().of(step);
    let struck = seen.iter().position(|request| request.fault().is_some()).unwrap();
    seen[struck + 1].at() - seen[struck].at()
}

async fn work(sandbox: &Sandbox, filescom: &FilesCom, step: Route) -> Result<()> {
    let path = |text: &str| RemotePath::new(text).unwrap();
    match step {
        Route::List => {
            let listed = filescom.list(&path("/in"), ListOptions::new());
            let listed: Vec<Entry> = listed.try_collect().await?;
            assert_eq!(listed.len(), 1);
        }
        Route::StorageGet => {
            assert_eq!(filescom.read_bytes(&path("/in/a.txt"), 100).await?, "abc");
        }
        Route::Migration => {
            filescom.copy(&path("/in"), &path("/copy"), CopyOptions::new()).await?;
            assert!(sandbox.filescom().content("copy/a.txt").is_some());
        }
        _ => {
            let content = Content::from("content");
            filescom.write(&path("/out/b.txt"), content, WriteOptions::new()).await?;
            let stored = sandbox.filescom().content("out/b.txt").unwrap();
            assert_eq!(stored.bytes().await.unwrap(), "content");
        }
    }
    Ok(())
}
