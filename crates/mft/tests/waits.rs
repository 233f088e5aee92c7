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
use wharf_sandbox::{Fault, Route, Rule, Sandbox};

/// The steps that have to survive each of the faults: of a large upload, its beginning, a part, its
/// end, and the move to its true name.
const STEPS: [Step; 10] = [
    Step::new(Route::MftSignIn),
    Step::new(Route::MftList),
    Step::new(Route::MftUpload),
    Step::of_large(Route::MftUpload, 0),
    Step::of_large(Route::MftUpload, 1),
    Step::of_large(Route::MftUpload, 2),
    Step::of_large(Route::MftUpdate, 0),
    Step::new(Route::MftDownload),
    Step::new(Route::MftUpdate),
    Step::new(Route::MftDelete),
];

#[derive(Debug, Clone, Copy, PartialEq)]
struct Step {
    route: Route,
    /// Which of the requests of a large upload.
    of_large: Option<u32>,
}

impl Step {
    const fn new(route: Route) -> Self {
        Self { route, of_large: None }
    }

    const fn of_large(route: Route, number: u32) -> Self {
        Self { route, of_large: Some(number) }
    }
}

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
async fn gap(step: Step, fault: Fault) -> TimeDelta {
    let sandbox = Sandbox::start().await.unwrap();
    let user = sandbox.users()[0].clone();
    let mut config = Config::new(sandbox.mft_url(), user.name, Login::password(user.password));
    config.chunk_size = CHUNK as u64;
    let mft = Mft::new(Client::new(config).unwrap());
    sandbox.mft().put("FOLDERS/in/a.txt", "abc").unwrap();
    let rule = Rule::new(step.route, fault.clone());
    sandbox.faults().add(rule.skip(step.of_large.unwrap_or_default()));
    let done = work(&sandbox, &mft, step).await;
    done.unwrap_or_else(|error| panic!("{step:?} {fault:?}: {error:?}"));
    assert!(sandbox.faults().waiting().is_empty(), "{step:?}: the fault did not strike");
    let seen = sandbox.seen().of(step.route);
    let struck = seen.iter().position(|request| request.fault().is_some()).unwrap();
    seen[struck + 1].at() - seen[struck].at()
}

async fn work(sandbox: &Sandbox, mft: &Mft, step: Step) -> Result<()> {
    let path = |text: &str| RemotePath::new(text).unwrap();
    if step.of_large.is_some() {
        let bytes = vec![7; 2 * CHUNK + 1];
        mft.write(&path("/in/a.txt"), Content::from(bytes.clone()), WriteOptions::new()).await?;
        let stored = sandbox.mft().content("FOLDERS/in/a.txt").unwrap();
        assert!(stored.bytes().await.unwrap() == bytes);
        return Ok(());
    }
    match step.route {
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

const CHUNK: usize = 64 * 1024;
