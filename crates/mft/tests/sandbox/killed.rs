//! Uploads whose process is killed, and another process that goes on with them.

#![cfg(unix)]

use std::process::{Child, Command, Stdio};

use bytes::Bytes;
use wharf_mft::api::{Destination, Unfinished};
use wharf_mft::{Client, Config, Login};
use wharf_model::mft::FolderId;
use wharf_sandbox::{Fault, Route, Rule, Sandbox};

use crate::bench::{password, pattern};

/// Not a test of its own: the process that is killed, and the one that comes after it.
#[test]
#[ignore = "run by the tests below, in a process of its own"]
fn uploader() {
    let given = |name: &str| std::env::var(name).expect("told by the test that starts it");
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let login = Login::password(given(PASSWORD));
        let mut config = Config::new(given(SERVER), "Admin", login);
        config.chunk_size = CHUNK as u64;
        let client = Client::new(config).unwrap();
        let (folder, files) = (FolderId::from(given(FOLDER)), client.files());
        let to = Destination::new(folder.clone(), "large.bin");
        let content = Bytes::from(pattern(SIZE)).into();
        let begun = match given(RESUMES).as_str() {
            "yes" => files.unfinished(&folder).await.unwrap().pop(),
            _ => None,
        };
        let stored = match begun {
            None => files.upload(&to, content).await,
            Some(begun) => {
                let stored = u64::try_from(begun.size.unwrap()).unwrap();
                files.resume_upload(&to, Unfinished::new(begun.id), stored, content).await
            }
        };
        assert_eq!(stored.unwrap().bytes, SIZE as u64);
    });
}

/// Killed while the service is silent after the n-th chunk, the next process sends what is missing.
#[tokio::test(flavor = "multi_thread")]
async fn an_upload_that_was_killed_goes_on_at_the_next_chunk() {
    for stored in 0..CHUNKS {
        let sandbox = Sandbox::start().await.unwrap();
        sandbox.faults().add(Rule::new(Route::MftUpload, Fault::Stall).skip(stored as u32));
        kill_when(&sandbox, UPLOAD, stored + 1).await;
        resumed(&sandbox, stored, stored + 1 + (CHUNKS - stored)).await;
    }
}

/// Killed when the service has stored a chunk that the process does not know of, and it looks.
#[tokio::test(flavor = "multi_thread")]
async fn a_chunk_whose_answer_died_with_the_process_is_not_sent_again() {
    for stored in 1..=CHUNKS {
        let sandbox = Sandbox::start().await.unwrap();
        let lost = Rule::new(Route::MftUpload, Fault::LoseAnswer).skip(stored as u32 - 1);
        sandbox.faults().add(lost);
        sandbox.faults().next(Route::MftList, Fault::Stall);
        kill_when(&sandbox, "/Search/", 1).await;
        resumed(&sandbox, stored, CHUNKS).await;
    }
}

/// How many requests came whose path has this in it. Those that were never answered count, too.
fn seen(sandbox: &Sandbox, part: &str) -> usize {
    let requests = sandbox.seen().requests();
    requests.iter().filter(|request| request.path().contains(part)).count()
}

/// Starts an upload and kills it as soon as so many requests of a kind have come.
async fn kill_when(sandbox: &Sandbox, part: &str, requests: usize) {
    let mut child = start(sandbox, "no");
    while seen(sandbox, part) < requests {
        assert!(child.try_wait().unwrap().is_none(), "it ended before it was killed");
        tokio::task::yield_now().await;
    }
    // SIGKILL: nothing is tidied up.
    child.kill().unwrap();
    child.wait().unwrap();
}

/// The next process finishes what `chunks` were stored of, and the service sees so many requests.
async fn resumed(sandbox: &Sandbox, chunks: usize, requests: usize) {
    let mft = sandbox.mft();
    assert!(mft.id(PATH).is_none(), "no half file under the true name");
    let status = tokio::task::block_in_place(|| start(sandbox, "yes").wait()).unwrap();
    assert!(status.success(), "after {chunks} chunks: {status}");
    mft.put("FOLDERS/expected.bin", pattern(SIZE)).unwrap();
    let (content, expected) = (mft.content(PATH), mft.content("FOLDERS/expected.bin"));
    let (content, expected) = (content.unwrap(), expected.unwrap());
    assert_eq!((content.len(), content.crc32()), (SIZE as u64, expected.crc32()), "{chunks}");
    let paths = mft.paths();
    let left = paths.iter().filter(|path| path.contains("wharf") || path.contains("large"));
    assert_eq!(left.collect::<Vec<_>>(), [PATH], "once, and nothing beside it");
    assert_eq!(seen(sandbox, UPLOAD), requests, "after {chunks} chunks");
}

fn start(sandbox: &Sandbox, resumes: &str) -> Child {
    Command::new(std::env::current_exe().unwrap())
        .args(["killed::uploader", "--exact", "--ignored", "--test-threads=1"])
        .env(SERVER, sandbox.mft_url())
        .env(PASSWORD, password(sandbox, "Admin"))
        .env(FOLDER, sandbox.mft().id("FOLDERS/COMMON").unwrap().as_str())
        .env(RESUMES, resumes)
        .stdout(Stdio::null())
        .spawn()
        .unwrap()
}

const UPLOAD: &str = "/UploadMgrLandingEx.aspx";
const PATH: &str = "FOLDERS/COMMON/large.bin";
const CHUNK: usize = 64 * 1024;
const CHUNKS: usize = 5;
/// The last chunk is shorter.
const SIZE: usize = CHUNK * (CHUNKS - 1) + 777;

const SERVER: &str = "WHARF_TEST_SERVER";
const PASSWORD: &str = "WHARF_TEST_PASSWORD";
const FOLDER: &str = "WHARF_TEST_FOLDER";
const RESUMES: &str = "WHARF_TEST_RESUMES";
