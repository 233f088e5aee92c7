//! The end of an upload by script: answers that are lost, and files that are not what was sent.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

#[path = "common/upload_service.rs"]
mod upload_service;

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bytes::Bytes;
use futures_util::stream;
use serde_json::{Value, json};
use upload_service::{MIB, Service, bytes, once, stored, usual};
use wharf_connector::{
    Checkpoint, CheckpointStore, Checksums, Content, ErrorKind, Reached, Unfinished, async_trait,
};
use wharf_filescom::{Config, Credentials, Upload};
use wharf_transport::testing::Reply;

const LOST_UPLOAD: &str = r#"{"type":"not-found/file-upload-not-found","error":"Not found."}"#;

#[tokio::test(start_paused = true)]
async fn an_end_whose_answer_was_lost_is_settled() {
    // The first end arrived: the second is told that there is nothing to end.
    let arrived = |ends| match ends {
        0 => Reply::reset(),
        _ => Reply::json(404, LOST_UPLOAD),
    };
    let service = Service::new(usual()).complete(arrived).find(stored(11 * MIB));
    service.upload(bytes(11 * MIB), &Upload::new()).await.unwrap();
    let calls = service.calls();
    let tail: Vec<_> = calls.iter().rev().take(4).rev().map(String::as_str).collect();
    let look = "GET /api/rest/v1/file_actions/metadata/a.bin";
    assert_eq!(tail, ["end put-1", look, "end put-1", look]);

    // A look that is certain needs no second end.
    let mut certain = stored(11 * MIB);
    let crc32 = crc32fast::hash(&vec![7; 11 * MIB]);
    certain["crc32"] = json!(format!("{crc32:x}"));
    let service = Service::new(usual()).complete(arrived).find(certain);
    service.upload(bytes(11 * MIB), &Upload::new()).await.unwrap();
    let ends = service.calls().iter().filter(|call| call.starts_with("end")).count();
    assert_eq!(ends, 1);

    // It did not arrive.
    let service = Service::new(usual()).complete(|ends| match ends {
        0 => Reply::reset(),
        _ => Reply::json(200, stored(11 * MIB).to_string()),
    });
    service.upload(bytes(11 * MIB), &Upload::new()).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn an_end_that_cannot_be_settled_is_no_success() {
    let arrived = |ends| match ends {
        0 => Reply::reset(),
        _ => Reply::json(404, LOST_UPLOAD),
    };
    // What stands there is something else, or nothing.
    for there in [stored(5), Value::Null] {
        let service = Service::new(usual()).complete(arrived).find(there);
        let error = service.upload(bytes(11 * MIB), &Upload::new()).await.unwrap_err();
        assert_eq!(error.reached(), Reached::Maybe, "{error}");
        assert_eq!(error.kind(), ErrorKind::Interrupted, "{error}");
    }
    let service = Service::new(usual()).complete(|_| Reply::reset()).find(stored(11 * MIB));
    let error = service.upload(bytes(11 * MIB), &Upload::new()).await.unwrap_err();
    assert_eq!(error.reached(), Reached::Maybe, "{error}");
    // Without a lost answer before it, the same refusal means that the upload is lost.
    let service = Service::new(usual()).complete(|ends| match ends {
        0 => Reply::json(404, LOST_UPLOAD),
        _ => Reply::json(201, stored(11 * MIB).to_string()),
    });
    service.upload(bytes(11 * MIB), &Upload::new()).await.unwrap();
    assert_eq!(service.calls().last().unwrap(), "end put-2");
}

#[tokio::test(start_paused = true)]
async fn what_the_service_stored_is_compared() {
    let wrong = Service::new(usual())
        .complete(|_| Reply::json(201, stored(10 * MIB).to_string()))
        .find(stored(10 * MIB));
    let error = wrong.upload(bytes(11 * MIB), &Upload::new()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Corrupted, "{error}");
    assert!(wrong.calls().contains(&"DELETE /api/rest/v1/files/a.bin".to_owned()));

    // Somebody else was quicker: theirs is left alone.
    let mut sum = stored(11 * MIB);
    sum["crc32"] = json!("12345678");
    let mut theirs = stored(11 * MIB);
    theirs["mtime"] = json!("2026-01-01T00:00:09Z");
    let raced =
        Service::new(usual()).complete(move |_| Reply::json(201, sum.to_string())).find(theirs);
    let error = raced.upload(bytes(11 * MIB), &Upload::new()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Conflict, "{error}");
    assert!(!raced.calls().iter().any(|call| call.starts_with("DELETE")));
}

/// What is there after a look, for each look.
fn looks(files: impl IntoIterator<Item = Value>) -> impl Fn(u64) -> Value + Send + Sync {
    let files: Vec<_> = files.into_iter().collect();
    move |look| files[(look as usize).min(files.len() - 1)].clone()
}

fn with(mut file: Value, member: &str, value: Value) -> Value {
    file[member] = value;
    file
}

fn deletions(service: &Service) -> Vec<String> {
    service.calls().into_iter().filter(|call| call.starts_with("DELETE")).collect()
}

/// While the service calculates, somebody else stores a file there: theirs is left alone.
#[tokio::test(start_paused = true)]
async fn a_file_that_came_during_the_wait_for_checksums_is_not_ours() {
    let theirs = with(stored(11 * MIB), "mtime", json!("2026-01-01T00:00:09Z"));
    let theirs = with(theirs, "crc32", json!("12345678"));
    for first in [stored(11 * MIB), theirs.clone()] {
        let service = Service::new(usual()).looks(looks([first, theirs.clone()]));
        let options = Upload::new().with_verify(true);
        let error = service.upload(bytes(11 * MIB), &options).await.unwrap_err();
        assert_eq!((error.kind(), error.reached()), (ErrorKind::Conflict, Reached::Yes), "{error}");
        assert_eq!(deletions(&service), Vec::<String>::new());
    }
}

/// A policy of the site gives ours another name: what has the name that was asked for is not ours.
#[tokio::test(start_paused = true)]
async fn a_file_that_got_another_name_is_looked_at_there() {
    let ours = with(stored(10 * MIB), "path", json!("a_2.bin"));
    let answer = ours.clone();
    let service =
        Service::new(usual()).complete(move |_| Reply::json(201, answer.to_string())).find(ours);
    let error = service.upload(bytes(11 * MIB), &Upload::new()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Corrupted, "{error}");
    assert_eq!(deletions(&service), ["DELETE /api/rest/v1/files/a_2.bin"]);
    assert!(!service.calls().iter().any(|call| call.ends_with("/a.bin")), "{:?}", service.calls());
}

/// Of remote mounts the service tells no size, or a wrong one.
#[tokio::test(start_paused = true)]
async fn a_size_that_is_not_told_is_no_reason_to_delete() {
    let unknown = with(stored(0), "size", Value::Null);
    let mounted = json!({"parallel_parts": false, "retry_parts": true, "partsize": 5 * MIB});
    for (part, is_mounted) in [(usual(), false), (mounted.clone(), true)] {
        let answer = unknown.clone();
        let service = Service::new(part)
            .complete(move |_| Reply::json(201, answer.to_string()))
            .find(unknown.clone());
        let stored = service.upload(bytes(11 * MIB), &Upload::new()).await;
        // Its own storage the service knows: there, nothing would say that the file is whole.
        assert_eq!(stored.is_ok(), is_mounted, "{stored:?}");
        let error = stored.err().map(|error| (error.kind(), error.reached()));
        assert!(matches!(error, None | Some((ErrorKind::Protocol, Reached::Yes))), "{error:?}");
        assert_eq!(deletions(&service), Vec::<String>::new());
    }
    let service = Service::new(mounted)
        .complete(|_| Reply::json(201, stored(10 * MIB).to_string()))
        .find(stored(10 * MIB));
    let error = service.upload(bytes(11 * MIB), &Upload::new()).await.unwrap_err();
    assert_eq!((error.kind(), error.reached()), (ErrorKind::Corrupted, Reached::Yes), "{error}");
    assert_eq!(deletions(&service), Vec::<String>::new());
}

/// The file is there, whatever became of reading the content a second time.
#[tokio::test(start_paused = true)]
async fn a_content_that_cannot_be_read_again_is_stored_all_the_same() {
    let reads = Arc::new(AtomicU64::new(0));
    let content = Content::reopenable(
        move |offset| {
            let read = reads.fetch_add(1, Ordering::SeqCst);
            async move {
                match read {
                    0..=2 => {
                        let rest = Bytes::from(vec![7; 11 * MIB - offset as usize]);
                        Ok(stream::iter([Ok(rest)]))
                    }
                    _ => Err(std::io::Error::other("planned")),
                }
            }
        },
        Some((11 * MIB) as u64),
    );
    let ours = with(stored(11 * MIB), "md5", json!("00000000000000000000000000000000"));
    let service = Service::new(usual()).complete(move |_| Reply::json(201, ours.to_string()));
    let error = service.upload(content, &Upload::new().with_verify(true)).await.unwrap_err();
    assert_eq!(error.reached(), Reached::Yes, "{error}");
    let error = wharf_connector::Error::from(error);
    assert_eq!(error.reached(), Reached::Yes, "{error}");
    assert!(error.message().contains("it is stored"), "{error}");
    assert!(error.message().contains("planned"), "{error}");
}

/// A kept part that is not of this content is given up, so that the next try begins anew.
#[tokio::test(start_paused = true)]
async fn what_was_kept_of_another_content_is_forgotten() {
    let kept = Arc::new(Kept::default());
    let part = json!({"n": 1, "at": 0, "len": 5 * MIB, "etag": "e1", "crc": 1});
    let token = json!({"path": "a.bin", "size": 11 * MIB, "reference": "put-1", "parts": [part]});
    *kept.0.lock().unwrap() = Some(Unfinished::new(SOURCE, token.to_string()));
    let mut expected = Checksums::default();
    expected.crc32 = Some(crc32fast::hash(&vec![7; 11 * MIB]));
    let service = Service::new(usual());
    let options = || {
        let checkpoint = Checkpoint::new(kept.clone(), SOURCE);
        Upload::new().with_expected(expected).with_checkpoint(Some(checkpoint))
    };
    let error = service.upload(bytes(11 * MIB), &options()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Corrupted, "{error}");
    service.upload(bytes(11 * MIB), &options()).await.unwrap();
}

/// A part that fills the whole budget has to get it.
#[tokio::test(start_paused = true)]
async fn a_budget_that_is_no_round_number_is_enough() {
    let config = Config::new("acme", Credentials::api_key("planted").unwrap())
        .with_part_size((16 * MIB) as u64)
        .with_upload_buffer(10_000_000)
        .with_parallel(1);
    let (service, options) = (Service::new(usual()), Upload::new());
    let upload = service.upload_by(config, once(11 * MIB), &options);
    tokio::time::timeout(Duration::from_secs(3600), upload).await.expect("it waits").unwrap();
}

#[derive(Debug, Default)]
struct Kept(Mutex<Option<Unfinished>>);

#[async_trait]
impl CheckpointStore for Kept {
    async fn load(&self) -> wharf_connector::Result<Option<Unfinished>> {
        Ok(self.0.lock().unwrap().clone())
    }

    async fn keep(&self, unfinished: Unfinished) -> wharf_connector::Result<()> {
        *self.0.lock().unwrap() = Some(unfinished);
        Ok(())
    }

    async fn forget(&self) -> wharf_connector::Result<()> {
        *self.0.lock().unwrap() = None;
        Ok(())
    }
}

const SOURCE: &str = "version 1";
