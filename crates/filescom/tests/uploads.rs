//! Parts of uploads as the service drives them: what the sandbox never says is said by script here.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

#[path = "common/upload_service.rs"]
mod upload_service;

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use bytes::Bytes;
use futures_util::stream;
use serde_json::json;
use upload_service::{MIB, Service, bytes, once, stored, usual};
use wharf_connector::{Checksums, Connector, Content, ErrorKind, RemotePath, WriteOptions};
use wharf_filescom::{Client, Config, Credentials, FilesCom, Upload};
use wharf_transport::testing::{Reply, Script};

#[tokio::test(start_paused = true)]
async fn method_headers_and_parameters_are_those_of_the_answer() {
    let part = json!({
        "parallel_parts": true,
        "http_method": "post",
        "headers": {"X-Storage": "s", "Content-Length": "17"},
        "parameters": {"extra": "a b"},
        "send": {"partsize": "required-header Content-Length", "partdata": "body"},
    });
    let service = Service::new(part).put(|request, part| {
        assert_eq!(request.method(), "POST");
        assert_eq!(request.header("x-storage"), Some("s"));
        assert_eq!(request.header("x-filesapi-key"), None);
        assert_eq!(request.query("extra").as_deref(), Some("a b"));
        assert_eq!(request.header("content-length"), Some(&*request.body().len().to_string()));
        Reply::new(200).header("etag", &format!("\"e{part}\""))
    });
    service.upload(bytes(11 * MIB), &Upload::new()).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_way_to_send_that_is_not_known_is_not_tried() {
    let part = json!({"send": {"partdata": "form-field file"}});
    let error = Service::new(part).upload(bytes(3), &Upload::new()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unsupported);
}

#[tokio::test(start_paused = true)]
async fn addresses_come_several_at_once_where_parts_go_at_the_same_time() {
    for content in [bytes(21 * MIB), once(21 * MIB)] {
        let service =
            Service::new(usual()).complete(|_| Reply::json(201, stored(21 * MIB).to_string()));
        service.upload(content, &Upload::new()).await.unwrap();
        let calls: BTreeSet<String> = service.calls().into_iter().collect();
        let begins: Vec<_> = calls.iter().filter(|call| call.starts_with("begin")).collect();
        assert_eq!(begins, ["begin 1+1 put-1", "begin 2+4 put-1"]);
        assert!(calls.contains("PUT 5 1048576"), "{calls:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn parts_go_one_after_another_where_the_answer_does_not_allow_more() {
    for part in
        [json!({"parallel_parts": false, "partsize": 6 * MIB}), json!({"partsize": 6 * MIB})]
    {
        for content in [bytes(11 * MIB), once(11 * MIB)] {
            let service = Service::new(part.clone());
            service.upload(content, &Upload::new()).await.unwrap();
            assert_eq!(
                service.calls(),
                [
                    "begin 1+1 put-1",
                    "PUT 1 6291456",
                    "begin 2+1 put-1",
                    "PUT 2 5242880",
                    "end put-1",
                ]
            );
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_part_that_is_not_taken_twice_begins_the_upload_again() {
    let part = json!({"parallel_parts": false, "retry_parts": false, "partsize": 6 * MIB});
    let failures = Arc::new(AtomicU64::new(0));
    let service = |failures: Arc<AtomicU64>| {
        Service::new(part.clone()).put(move |_, part| {
            match part == 2 && failures.fetch_add(1, Ordering::SeqCst) == 0 {
                true => Reply::reset(),
                false => Reply::new(200),
            }
        })
    };
    let healed = service(failures.clone());
    healed.upload(bytes(11 * MIB), &Upload::new()).await.unwrap();
    let calls = healed.calls();
    assert_eq!(calls.iter().filter(|call| call.starts_with("PUT")).count(), 4, "{calls:?}");
    assert_eq!(calls.last().unwrap(), "end put-2");
    // A content that is gone cannot be sent again.
    failures.store(0, Ordering::SeqCst);
    let error = service(failures).upload(once(11 * MIB), &Upload::new()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Interrupted, "{error}");
}

#[tokio::test(start_paused = true)]
async fn an_address_that_has_ended_is_renewed_for_its_part_alone() {
    let seen = Arc::new(AtomicU64::new(0));
    let expired = "<Error><Code>AccessDenied</Code><Message>Request has expired</Message></Error>";
    let service = Service::new(usual()).put(move |_, part| {
        match part == 2 && seen.fetch_add(1, Ordering::SeqCst) == 0 {
            true => Reply::new(403).body(expired),
            false => Reply::new(200).header("etag", "\"e\""),
        }
    });
    service.upload(bytes(11 * MIB), &Upload::new()).await.unwrap();
    let calls = service.calls();
    assert!(calls.contains(&"begin 2+1 put-1".to_owned()), "{calls:?}");
    assert_eq!(calls.iter().filter(|call| call.starts_with("PUT 2")).count(), 2);
    // For ever is not often.
    let service = Service::new(usual()).put(move |_, _| Reply::new(403).body(expired));
    let error = service.upload(bytes(3), &Upload::new()).await.unwrap_err();
    assert_eq!(service.calls().iter().filter(|call| call.starts_with("PUT")).count(), 4);
    assert_eq!(error.kind(), ErrorKind::Interrupted, "{error}");
}

#[tokio::test(start_paused = true)]
async fn an_upload_that_the_service_has_lost_begins_again() {
    let lost = "<Error><Code>NoSuchUpload</Code></Error>";
    let service =
        Service::new(usual()).put(move |request, _| match request.query("ref").as_deref() {
            Some("put-1") => Reply::new(404).body(lost),
            _ => Reply::new(200),
        });
    service.upload(bytes(11 * MIB), &Upload::new()).await.unwrap();
    assert_eq!(service.calls().last().unwrap(), "end put-2");
}

#[tokio::test(start_paused = true)]
async fn an_empty_file_is_one_empty_part() {
    for content in [bytes(0), once(0), Content::stream(stream::empty(), None)] {
        let service = Service::new(usual()).complete(|_| Reply::json(201, stored(0).to_string()));
        service.upload(content, &Upload::new()).await.unwrap();
        assert_eq!(service.calls(), ["begin 1+1 put-1", "PUT 1 0", "end put-1"]);
    }
}

#[tokio::test(start_paused = true)]
async fn a_stream_of_unknown_length_has_no_empty_part_at_its_end() {
    let blocks = (0..10).map(|_| Ok(Bytes::from(vec![7; MIB])));
    let content = Content::stream(stream::iter(blocks.collect::<Vec<_>>()), None);
    let service =
        Service::new(usual()).complete(|_| Reply::json(201, stored(10 * MIB).to_string()));
    service.upload(content, &Upload::new()).await.unwrap();
    let puts: Vec<_> = service.calls().into_iter().filter(|call| call.starts_with("PUT")).collect();
    assert_eq!(puts.len(), 2, "{puts:?}");
}

#[tokio::test(start_paused = true)]
async fn every_expected_checksum_is_calculated_whatever_the_content_is() {
    let whole = vec![7u8; 11 * MIB];
    let mut right = Checksums::default();
    right.crc32 = Some(crc32fast::hash(&whole));
    right.md5 = Some(hex("f61a1f27e0aa8a85d40733bafd5edb79"));
    let service = Service::new(usual()).put(|_, _| Reply::new(200));
    for content in [bytes(11 * MIB), once(11 * MIB)] {
        service.upload(content, &Upload::new().with_expected(right)).await.unwrap();
    }
    for content in [bytes(11 * MIB), once(11 * MIB)] {
        let mut wrong = right;
        wrong.md5 = Some([0; 16]);
        let ends = service.ends.load(Ordering::SeqCst);
        let options = Upload::new().with_expected(wrong);
        let error = service.upload(content, &options).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Corrupted, "{error}");
        assert_eq!(service.ends.load(Ordering::SeqCst), ends, "the upload was ended");
    }
}

fn hex<const N: usize>(digits: &str) -> [u8; N] {
    let digit = |index: usize| u8::from_str_radix(&digits[index..index + 2], 16).unwrap();
    std::array::from_fn(|index| digit(index * 2))
}

#[tokio::test(start_paused = true)]
async fn an_error_of_the_source_comes_out_as_it_was() {
    let broken = || {
        let error = wharf_connector::Error::new(ErrorKind::Unavailable, "the other side is down");
        std::io::Error::other(error.of("mft"))
    };
    let open = move |_| std::future::ready(Ok(stream::iter([Err(broken())])));
    let rereadable = Content::reopenable(open, Some((11 * MIB) as u64));
    let once = Content::stream(stream::iter([Err(broken())]), Some((11 * MIB) as u64));
    for content in [rereadable, once] {
        let service = Service::new(usual());
        let answer = service.clone();
        let script = Script::new().respond(move |request| answer.answer(request));
        let config = Config::new("acme", Credentials::api_key("planted").unwrap());
        let client = Client::builder(config).exchange(script.exchange()).build().unwrap();
        let path = RemotePath::new("/a.bin").unwrap();
        let error =
            FilesCom::new(client).write(&path, content, WriteOptions::new()).await.unwrap_err();
        assert_eq!(
            (error.kind(), error.scheme()),
            (ErrorKind::Unavailable, Some("mft")),
            "{error}"
        );
        assert!(!service.calls().iter().any(|call| call.starts_with("end")));
    }
}
