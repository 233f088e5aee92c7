//! A damaged state is refused with a reason, and left as it is.

use std::io::ErrorKind;
use std::path::Path;

use crate::client::Client;
use crate::witness::{bytes, copy, everything, files, kept};

/// A state with content in files, stopped.
async fn state(dir: &Path) {
    let sandbox = kept(dir).seed_tree(false).start().await.unwrap();
    let client = Client::new(&sandbox);
    assert_eq!(client.upload("a/large.bin", &bytes(1, 50_000), 50_000).await.status, 201);
    sandbox.mft().put("FOLDERS/COMMON/note.txt", "ahoy").unwrap();
    sandbox.stop().await.unwrap();
    // So that nothing but rows of one line each is there.
    kept(dir).start().await.unwrap().stop().await.unwrap();
}

#[tokio::test]
async fn a_damaged_state_is_refused_and_left_as_it_is() {
    let origin = tempfile::tempdir().unwrap();
    state(origin.path()).await;
    let text = std::fs::read_to_string(origin.path().join("data/state.jsonl")).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    let with = |at: usize, line: &str| {
        let mut lines = lines.clone();
        lines[at] = line;
        lines.join("\n") + "\n"
    };
    let without = |what: &str| {
        let left: Vec<&str> = lines.iter().copied().filter(|line| !line.contains(what)).collect();
        assert!(left.len() < lines.len(), "{what}");
        left.join("\n") + "\n"
    };
    let alien = r#"[{"table":"filescom.wishes","key":"1","value":{}}]"#;
    let twin = lines.iter().find(|line| line.contains("\"large.bin\"")).unwrap();
    let twin = twin.replacen("\"key\":\"", "\"key\":\"1", 1);
    for (damaged, expected) in [
        (String::new(), "line 1: this is no state of a sandbox"),
        (text[..10].to_owned(), "line 1: this is no state of a sandbox"),
        (with(0, "{}"), "line 1: this is no state of a sandbox"),
        (with(0, &lines[0].replace(":1", ":2")), "line 1: the state is of version 2"),
        (with(3, "not JSON"), "line 4: "),
        (with(3, "\u{0}\u{0}\u{0}"), "line 4: "),
        (with(3, &lines[3][..lines[3].len() / 2]), "line 4: "),
        (with(3, alien), ""),
        (text.clone() + alien + "\n", "nobody knows what filescom.wishes is"),
        (text.clone() + &twin + "\n", "the Files.com tree does not hang together"),
        (text.replace("\"large.bin\"", "7"), "filescom.nodes"),
        (without("\"table\":\"filescom.nodes\""), "not one root of the Files.com tree"),
        (without("\"name\":\"FOLDERS\""), "not one root of the MFT tree"),
        (without("\"name\":\"COMMON\""), "the MFT tree does not hang together"),
        (without("\"key\":\"mint\""), "mft.server mint is not there"),
        (without("\"key\":\"signer\""), "sandbox signer is not there"),
    ] {
        let dir = tempfile::tempdir().unwrap();
        copy(origin.path(), dir.path());
        std::fs::write(dir.path().join("data/state.jsonl"), &damaged).unwrap();
        refused(dir.path(), expected).await;
    }
}

#[tokio::test]
async fn missing_content_is_noticed_at_the_start() {
    let origin = tempfile::tempdir().unwrap();
    state(origin.path()).await;
    let large = |dir: &Path| {
        let files = files(&dir.join("data/blobs"));
        files.into_iter().find(|(_, bytes)| bytes.len() == 50_000).unwrap().0
    };
    let dir = tempfile::tempdir().unwrap();
    copy(origin.path(), dir.path());
    std::fs::write(large(dir.path()), "cut short").unwrap();
    refused(dir.path(), "50000 bytes are needed, 9 are there").await;
    let dir = tempfile::tempdir().unwrap();
    copy(origin.path(), dir.path());
    std::fs::remove_file(large(dir.path())).unwrap();
    refused(dir.path(), ".blob").await;
}

async fn refused(dir: &Path, expected: &str) {
    let before = files(dir);
    let error = kept(dir).start().await.unwrap_err();
    let told = error.to_string();
    assert_eq!(error.kind(), ErrorKind::InvalidData, "{told}");
    assert!(told.contains("state.jsonl") && told.contains(expected), "{told}");
    let mut after = files(dir);
    // Whoever had it last.
    let lock = dir.join("data/lock");
    after.insert(lock.clone(), before[&lock].clone());
    assert!(after == before, "{told}");
}

/// Whatever is written when a process dies is a beginning of what it would have written.
#[tokio::test]
async fn every_beginning_of_the_state_is_a_state() {
    let origin = tempfile::tempdir().unwrap();
    let sandbox = kept(origin.path()).seed_tree(false).start().await.unwrap();
    let client = Client::new(&sandbox);
    let home = origin.path().join("data");
    let path = home.join("state.jsonl");
    let len = || std::fs::metadata(&path).unwrap().len() as usize;
    // How long the state was when each was told: there they must be.
    let mut history = vec![(len(), everything(&sandbox).await)];
    for (at, name) in ["one", "two", "deep/er/three"].into_iter().enumerate() {
        let stored = client.upload(name, &bytes(at as u64, 3000), 3000).await;
        assert_eq!(stored.status, 201, "{stored:?}");
        history.push((len(), everything(&sandbox).await));
    }
    let ask = serde_json::json!({"destination": "moved"});
    assert_eq!(client.post("/file_actions/move/two", ask).await.status, 201);
    history.push((len(), everything(&sandbox).await));
    let text = std::fs::read(&path).unwrap();
    let dir = tempfile::tempdir().unwrap();
    copy(origin.path(), dir.path());
    let (first, last) = (history[0].0, text.len());
    let mut ends: Vec<usize> = (first..last).step_by(61).collect();
    ends.extend(history.iter().flat_map(|(len, _)| [len - 1, *len, len + 1]));
    for end in ends.into_iter().filter(|end| (first..=last).contains(end)) {
        std::fs::write(dir.path().join("data/state.jsonl"), &text[..end]).unwrap();
        copy(&home.join("blobs"), &dir.path().join("data/blobs"));
        let sandbox = kept(dir.path()).start().await.unwrap();
        let now = everything(&sandbox).await;
        let (_, told) = history.iter().rfind(|(len, _)| *len <= end).unwrap();
        for (name, entry) in told {
            let moved = name == "filescom two" && now.contains_key("filescom moved");
            assert!(moved || now.contains_key(name), "{name} at {end}");
            if !moved && entry[1]["len"].is_u64() {
                assert_eq!(now[name], *entry, "at {end}");
            }
        }
        for (name, entry) in &now {
            assert_ne!(entry[1]["sound"], false, "{name} at {end}");
        }
    }
}
