//! The end of an upload by script: answers that are lost, and files that are not what was sent.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

#[path = "common/upload_service.rs"]
mod upload_service;

use serde_json::{Value, json};
use upload_service::{MIB, Service, bytes, stored, usual};
use wharf_connector::{ErrorKind, Reached};
use wharf_filescom::Upload;
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
