//! What passes is waited out: as long as the server asks, by the sandbox's own clock. Time is
//! paused, so that nobody waits for it.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

use chrono::TimeDelta;
use futures_util::TryStreamExt;
use wharf_connector::{
    Connector, ConnectorExt, Content, DeleteOptions, Entry, ListOptions, RemotePath, RenameOptions,
    Result, WriteOptions,
};
use wharf_mft::{Client, Config, Login, Mft};
use wharf_sandbox::{Fault, Route, Sandbox};

/// The steps that have to survive each of the faults.
const STEPS: [Route; 6] = [
    Route::MftSignIn,
    Route::MftList,
    Route::MftUpload,
    Route::MftDownload,
    Route::MftUpdate,
    Route::MftDelete,
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
async fn what_passes_by_itself_is_tried_again_soon() {
    for step in STEPS {
        for fault in [Fault::status(503), Fault::ResetBefore] {
            let gap = gap(step, fault.clone()).await;
            assert!(gap <= TimeDelta::milliseconds(300), "{step:?} {fault:?}: {gap}");
        }
    }
}

/// The time, by the sandbox's clock, from the request that was struck to the next of its kind. The
/// work succeeds in spite of it, with the right bytes.
async fn gap(step: Route, fault: Fault) -> TimeDelta {
    let sandbox = Sandbox::start().await.unwrap();
    let user = sandbox.users()[0].clone();
    let config = Config::new(sandbox.mft_url(), user.name, Login::password(user.password));
    let mft = Mft::new(Client::new(config).unwrap());
    sandbox.mft().put("FOLDERS/in/a.txt", "abc").unwrap();
    sandbox.faults().next(step, fault.clone());
    let done = work(&sandbox, &mft, step).await;
    done.unwrap_or_else(|error| panic!("{step:?} {fault:?}: {error:?}"));
    assert!(sandbox.faults().waiting().is_empty(), "{step:?}: the fault did not strike");
    let seen = sandbox.seen().of(step);
    let struck = seen.iter().position(|request| request.fault().is_some()).unwrap();
    seen[struck + 1].at() - seen[struck].at()
}

async fn work(sandbox: &Sandbox, mft: &Mft, step: Route) -> Result<()> {
    let path = |text: &str| RemotePath::new(text).unwrap();
    match step {
        Route::MftDownload => {
            assert_eq!(mft.read_bytes(&path("/in/a.txt"), 100).await?, "abc");
        }
        Route::MftUpload => {
            let content = Content::from("content");
            mft.write(&path("/in/b.txt"), content, WriteOptions::new()).await?;
            let stored = sandbox.mft().content("FOLDERS/in/b.txt").unwrap();
            assert_eq!(stored.bytes().await.unwrap(), "content");
        }
        Route::MftUpdate => {
            mft.rename(&path("/in/a.txt"), &path("/in/c.txt"), RenameOptions::new()).await?;
            assert!(sandbox.mft().content("FOLDERS/in/c.txt").is_some());
        }
        Route::MftDelete => {
            mft.delete(&path("/in/a.txt"), DeleteOptions::new()).await?;
            assert!(sandbox.mft().content("FOLDERS/in/a.txt").is_none());
        }
        _ => {
            let listed = mft.list(&path("/in"), ListOptions::new());
            let listed: Vec<Entry> = listed.try_collect().await?;
            assert_eq!(listed.len(), 1);
        }
    }
    Ok(())
}
