//! The folder itself: who may have it, and that it does not grow without need.

use std::io::ErrorKind;

use wharf_sandbox::Sandbox;

use crate::client::Client;
use crate::witness::{bytes, everything, files, kept};

#[tokio::test]
async fn a_folder_is_for_one_sandbox_at_a_time() {
    let dir = tempfile::tempdir().unwrap();
    let sandbox = kept(dir.path()).start().await.unwrap();
    let before = everything(&sandbox).await;
    let error = kept(dir.path()).start().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::ResourceBusy);
    let told = error.to_string();
    assert!(told.contains("in use by another sandbox"), "{told}");
    assert!(told.contains(&std::process::id().to_string()), "{told}");
    assert_eq!(everything(&sandbox).await, before);
    sandbox.stop().await.unwrap();
    kept(dir.path()).start().await.unwrap().stop().await.unwrap();
}

#[tokio::test]
async fn a_folder_with_other_things_is_left_alone() {
    let dir = tempfile::tempdir().unwrap();
    std::fs::create_dir(dir.path().join("blobs")).unwrap();
    std::fs::write(dir.path().join("thesis.txt"), "years of work").unwrap();
    let before = files(dir.path());
    let error = Sandbox::builder().data(dir.path()).start().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidInput);
    assert!(error.to_string().contains("thesis.txt"), "{error}");
    assert_eq!(files(dir.path()), before);
    let error = Sandbox::builder().data(dir.path().join("thesis.txt")).start().await.unwrap_err();
    assert!(error.to_string().contains("thesis.txt"), "{error}");
}

#[cfg(unix)]
#[tokio::test]
async fn a_folder_it_makes_is_for_its_owner_alone() {
    use std::os::unix::fs::PermissionsExt;

    let dir = tempfile::tempdir().unwrap();
    let _sandbox = kept(dir.path()).start().await.unwrap();
    let mode =
        |path: &str| std::fs::metadata(dir.path().join(path)).unwrap().permissions().mode() & 0o777;
    assert_eq!((mode("data"), mode("data/state.jsonl")), (0o700, 0o600));
}

/// Content goes to disk once, whoever refers to it, and goes when nobody does.
#[tokio::test]
async fn content_lies_there_as_long_as_it_is_needed() {
    let dir = tempfile::tempdir().unwrap();
    let sandbox = kept(dir.path()).seed_tree(false).part_size(1000).start().await.unwrap();
    let client = Client::new(&sandbox);
    let blobs = || {
        let files = files(&dir.path().join("data/blobs"));
        files.values().map(Vec::len).sum::<usize>()
    };
    let at_first = blobs();
    let large = bytes(1, 700_000);
    assert_eq!(client.upload("large", &large, 100_000).await.status, 201);
    assert_eq!(blobs(), at_first + 700_000);
    let ask = serde_json::json!({"destination": "second"});
    assert_eq!(client.post("/file_actions/copy/large", ask).await.status, 201);
    assert_eq!(client.delete("/files/large").await.status, 204);
    assert_eq!(blobs(), at_first + 700_000, "the copy needs it");
    drop(sandbox);
    let sandbox = kept(dir.path()).start().await.unwrap();
    let client = Client::new(&sandbox);
    assert_eq!(blobs(), at_first + 700_000);
    let stored = sandbox.filescom().content("second").unwrap();
    assert_eq!(stored.bytes().await.unwrap(), large);
    drop(stored);
    assert_eq!(client.delete("/files/second").await.status, 204);
    assert_eq!(blobs(), at_first);
    // What a process that died left there is swept.
    std::fs::write(dir.path().join("data/blobs/00000000000fffff.blob"), "left").unwrap();
    drop(sandbox);
    let _sandbox = kept(dir.path()).start().await.unwrap();
    assert_eq!(blobs(), at_first);
}

#[tokio::test]
async fn what_was_replaced_is_forgotten_in_time() {
    let dir = tempfile::tempdir().unwrap();
    let sandbox = kept(dir.path()).seed_tree(false).start().await.unwrap();
    let state = || std::fs::metadata(dir.path().join("data/state.jsonl")).unwrap().len();
    let content = bytes(2, 1000);
    for _ in 0..4000 {
        sandbox.filescom().put("same", &content);
    }
    // Each time more than 1300 bytes are written.
    assert!(state() < 4_500_000, "{}", state());
    drop(sandbox);
    let sandbox = kept(dir.path()).start().await.unwrap();
    assert!(state() < 40_000, "{}", state());
    assert_eq!(sandbox.filescom().content("same").unwrap().bytes().await.unwrap(), content);
}

#[tokio::test]
async fn nothing_is_answered_as_done_that_cannot_be_kept() {
    let dir = tempfile::tempdir().unwrap();
    let sandbox = kept(dir.path()).start().await.unwrap();
    let client = Client::new(&sandbox);
    let (home, away) = (dir.path().join("data"), dir.path().join("away"));
    std::fs::rename(&home, &away).unwrap();
    // Everything is to be written anew, and there is no place for it.
    let url = format!("{}/_sandbox/reset", sandbox.filescom_url());
    let reset = client.send(hyper::Method::POST, &url, &[], "").await.unwrap();
    assert_eq!(reset.status, 500);
    assert!(reset.text().contains("state.jsonl"), "{}", reset.text());
    assert_eq!(client.get("/folders/").await.status, 500);
    std::fs::rename(&away, &home).unwrap();
    let made = client.post("/folders/kept", serde_json::json!({})).await;
    assert_eq!(made.status, 201, "{made:?}");
    drop(sandbox);
    let sandbox = kept(dir.path()).start().await.unwrap();
    assert!(sandbox.filescom().entity("kept").is_some());
}
