//! A process killed at work leaves all that it answered.

#![cfg(unix)]

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use hyper::Method;
use serde_json::{Value, json};
use wharf_sandbox::Sandbox;

use crate::client::Client;
use crate::witness::{bytes, kept};

/// Not a test of its own: the process that is killed. It prints where it is and what opens it.
#[test]
#[ignore = "run by the test below, in a process of its own"]
fn victim() {
    let dir = std::env::var(DIR).expect("the folder to keep the state in");
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let sandbox = kept(Path::new(&dir)).part_size(PART as u64).start().await.unwrap();
        println!("\n{MARK}{}", json!({"url": sandbox.filescom_url(), "key": sandbox.keys().full}));
        std::future::pending::<()>().await;
    });
}

#[tokio::test]
async fn what_was_answered_survives_a_kill() {
    let dir = tempfile::tempdir().unwrap();
    let mut answered: Vec<(String, Vec<u8>)> = Vec::new();
    for round in 0..4_u64 {
        let (mut child, told) = start(dir.path());
        let uploads = async {
            for number in 0.. {
                let name = format!("round{round}/file{number}.bin");
                let content = bytes(round * 1000 + number, 65_000);
                match upload(&told, &name, &content).await {
                    Ok(()) => answered.push((name, content)),
                    Err(_) => return,
                }
            }
        };
        let kill = async {
            // In the middle of the work, at another place each time.
            let blobs = dir.path().join("data/blobs");
            let enough = count(&blobs) + 9 + 5 * round as usize;
            while count(&blobs) < enough {
                tokio::task::yield_now().await;
            }
            child.kill().unwrap();
            std::future::pending::<()>().await;
        };
        tokio::select! {
            () = uploads => {}
            () = kill => {}
        }
        child.wait().unwrap();
        // A torn end on top of it, as a kill in the midst of a write leaves it.
        if round == 2 {
            let state = dir.path().join("data/state.jsonl");
            let mut text = std::fs::read(&state).unwrap();
            text.extend(b"[{\"table\":\"filescom.nodes\",\"key\":\"40");
            std::fs::write(state, text).unwrap();
        }
        all_there(dir.path(), &answered).await;
    }
    assert!(answered.len() >= 4, "{}", answered.len());
}

/// Uploads a file in parts; an error is a broken connection.
async fn upload(told: &Value, name: &str, content: &[u8]) -> Result<(), String> {
    let text = |name: &str| told[name].as_str().unwrap();
    let client = Client::at(text("url"), text("key"));
    let headers = [("x-filesapi-key", text("key")), ("content-type", "application/json")];
    let base = format!("{}/api/rest/v1", text("url"));
    let begin = format!("{base}/file_actions/begin_upload/{name}");
    let ask = json!({"parts": content.chunks(PART).len(), "mkdir_parents": true}).to_string();
    let grants = client.send(Method::POST, &begin, &headers, ask).await?.json();
    for (grant, part) in grants.as_array().unwrap().iter().zip(content.chunks(PART)) {
        let address = grant["upload_uri"].as_str().unwrap();
        let stored = client.send(Method::PUT, address, &[], part.to_vec()).await?;
        assert_eq!(stored.status, 200, "{stored:?}");
    }
    let end = json!({"action": "end", "ref": grants[0]["ref"]}).to_string();
    let file = format!("{base}/files/{name}");
    let stored = client.send(Method::POST, &file, &headers, end).await?;
    assert_eq!(stored.status, 201, "{stored:?}");
    Ok(())
}

async fn all_there(dir: &Path, answered: &[(String, Vec<u8>)]) {
    let sandbox: Sandbox = kept(dir).start().await.unwrap();
    for (name, content) in answered {
        let stored = sandbox.filescom().content(name);
        let stored = stored.unwrap_or_else(|| panic!("{name} was answered and is gone"));
        assert_eq!(stored.bytes().await.unwrap(), *content, "{name}");
    }
    // What was not answered is there whole, or not at all.
    for path in sandbox.filescom().paths().iter().filter(|path| path.ends_with(".bin")) {
        let stored = sandbox.filescom().content(path).unwrap();
        let whole = stored.bytes().await.unwrap();
        assert_eq!((whole.len() as u64, crc32fast::hash(&whole)), (stored.len(), stored.crc32()));
    }
    sandbox.stop().await.unwrap();
}

fn start(dir: &Path) -> (Child, Value) {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["kill::victim", "--exact", "--ignored", "--nocapture", "--test-threads=1"])
        .env(DIR, dir)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let out = BufReader::new(child.stdout.take().unwrap());
    let line = out.lines().map(Result::unwrap).find(|line| line.starts_with(MARK)).unwrap();
    (child, serde_json::from_str(&line[MARK.len()..]).unwrap())
}

fn count(folder: &Path) -> usize {
    std::fs::read_dir(folder).map_or(0, Iterator::count)
}

const PART: usize = 20_000;
const DIR: &str = "WHARF_SANDBOX_VICTIM";
const MARK: &str = "victim: ";
