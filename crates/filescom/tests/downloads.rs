//! Downloads by script: links, identities, breaks and changes.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use futures_util::{StreamExt, TryStreamExt};
use wharf_connector::{ByteRange, ErrorKind};
use wharf_filescom::{Client, Config, Credentials};
use wharf_transport::testing::{Reply, Script};

const TEN: &str = "0123456789";

fn client(script: &Script) -> Client {
    let config = Config::new("acme", Credentials::api_key("planted").unwrap());
    Client::builder(config).exchange(script.exchange()).build().unwrap()
}

/// A file whose link has this number, with further members.
fn link(number: u32, size: Option<u64>, more: &str) -> Reply {
    let size = size.map_or("null".to_owned(), |size| size.to_string());
    Reply::json(
        200,
        format!(
            r#"{{"path":"a","type":"file","size":{size},"mtime":"2026-01-01T00:00:00Z",
            "download_uri":"https://s3.example/o?link={number}"{more}}}"#
        ),
    )
}

fn whole(text: &'static str) -> Reply {
    let length = text.len().to_string();
    Reply::new(200).header("content-length", &length).header("etag", "\"e\"").body(text)
}

fn part(range: &str, text: &'static str) -> Reply {
    let length = text.len().to_string();
    Reply::new(206)
        .header("content-length", &length)
        .header("content-range", &format!("bytes {range}"))
        .header("etag", "\"e\"")
        .body(text)
}

/// What a read gives, and the kind of the error it ends in.
async fn read(script: &Script, range: ByteRange) -> (String, Option<ErrorKind>) {
    let download = match client(script).files().read("a", range).await {
        Ok(download) => download,
        Err(error) => return (String::new(), Some(error.kind())),
    };
    assert!(download.file.download_uri.is_none());
    let mut body = download.into_stream();
    let mut text = String::new();
    while let Some(block) = body.next().await {
        match block {
            Ok(block) => text.push_str(std::str::from_utf8(&block).unwrap()),
            Err(error) => return (text, Some(error.kind())),
        }
    }
    (text, None)
}

fn got(text: &str) -> (String, Option<ErrorKind>) {
    (text.to_owned(), None)
}

#[tokio::test(start_paused = true)]
async fn ranges_are_asked_for_as_they_are_known() {
    for (range, size, asked, reply, text) in [
        (ByteRange::whole(), Some(10), None, whole(TEN), TEN),
        (ByteRange::of(2..4), Some(10), Some("bytes=2-3"), part("2-3/10", "23"), "23"),
        (ByteRange::from_offset(8), Some(10), Some("bytes=8-9"), part("8-9/10", "89"), "89"),
        (ByteRange::last(3), Some(10), Some("bytes=7-9"), part("7-9/10", "789"), "789"),
        (ByteRange::of(0..10), Some(10), None, whole(TEN), TEN),
        (ByteRange::whole(), None, None, whole(TEN), TEN),
        (ByteRange::from_offset(8), None, Some("bytes=8-"), part("8-9/*", "89"), "89"),
        (ByteRange::of(8..99), None, Some("bytes=8-98"), part("8-9/10", "89"), "89"),
        // A storage that knows no ranges sends everything.
        (ByteRange::of(2..4), Some(10), Some("bytes=2-3"), whole(TEN), "23"),
    ] {
        let script = Script::new().answer(link(1, size, "")).answer(reply);
        assert_eq!(read(&script, range.clone()).await, got(text), "{range} of {size:?}");
        assert_eq!(script.requests()[1].header("range"), asked, "{range} of {size:?}");
    }
    for (range, size, kind) in [
        (ByteRange::from_offset(10), Some(10), ErrorKind::InvalidRange),
        (ByteRange::last(1), Some(0), ErrorKind::InvalidRange),
        (ByteRange::last(3), None, ErrorKind::Unsupported),
    ] {
        let script = Script::new().answer(link(1, size, ""));
        assert_eq!(read(&script, range).await.1, Some(kind));
    }
}

#[tokio::test(start_paused = true)]
async fn a_link_that_has_ended_is_fetched_again() {
    for status in [403, 410] {
        let script = Script::new()
            .answer(link(1, Some(10), ""))
            .answer(Reply::new(status))
            .answer(link(2, Some(10), ""))
            .answer(whole(TEN));
        assert_eq!(read(&script, ByteRange::whole()).await, got(TEN));
        assert_eq!(script.requests()[3].url(), "https://s3.example/o?link=2");
    }
    let script = Script::new().respond(|request| match request.origin().contains("acme") {
        true => link(1, Some(10), ""),
        false => Reply::new(403).body("<Error><Code>AccessDenied</Code></Error>"),
    });
    assert_eq!(read(&script, ByteRange::whole()).await.1, Some(ErrorKind::PermissionDenied));
    assert_eq!(script.requests().len(), 6);
}

#[tokio::test(start_paused = true)]
async fn a_break_goes_on_from_its_byte_with_a_fresh_link() {
    let broken = || {
        let reply = Reply::new(200).header("content-length", "10").header("etag", "\"e\"");
        reply.body("0123").then_reset()
    };
    let script = Script::new()
        .answer(link(1, Some(10), ""))
        .answer(broken())
        .answer(link(2, Some(10), ""))
        .answer(part("4-9/10", "456789"));
    assert_eq!(read(&script, ByteRange::whole()).await, got(TEN));
    let last = &script.requests()[3];
    assert_eq!(last.url(), "https://s3.example/o?link=2");
    assert_eq!((last.header("range"), last.header("if-match")), (Some("bytes=4-9"), Some("\"e\"")));

    // The file is another one now: by the service's word, by the storage's, by its tag.
    let changed = r#","crc32":"1""#;
    for (again, rest) in [
        (link(2, Some(11), ""), None),
        (link(2, Some(10), ""), Some(Reply::new(412))),
        (link(2, Some(10), ""), Some(part("4-10/11", "4567890"))),
        (link(2, Some(10), changed), Some(part("4-9/10", "456789").header("etag", "\"f\""))),
    ] {
        let script = Script::new().answer(link(1, Some(10), r#","crc32":"2""#)).answer(broken());
        let script = rest.into_iter().fold(script.answer(again), Script::answer);
        assert_eq!(read(&script, ByteRange::whole()).await.1, Some(ErrorKind::Conflict));
    }
}

#[tokio::test(start_paused = true)]
async fn an_identity_pins_the_version() {
    let identity = r#","download_identity":{"version":1,"token":"fdi1.t","size":10,
        "required_headers":{"If-Match":"\"e\""}}"#;
    let gone = r#"{"type":"processing-failure/download-identity-unavailable","error":"Gone."}"#;
    let script = Script::new()
        .answer(link(1, Some(10), identity))
        .answer(Reply::new(403))
        .answer(Reply::json(422, gone));
    assert_eq!(read(&script, ByteRange::whole()).await.1, Some(ErrorKind::Conflict));
    let requests = script.requests();
    assert_eq!(requests[1].header("if-match"), Some("\"e\""));
    assert_eq!(requests[2].query("expected_download_identity").as_deref(), Some("fdi1.t"));
}

#[tokio::test(start_paused = true)]
async fn sizes_that_do_not_agree_are_asked_for_again_and_then_judged() {
    // The file was replaced between the two answers.
    let script = Script::new()
        .answer(link(1, Some(9), r#","crc32":"1""#))
        .answer(whole(TEN))
        .answer(link(2, Some(10), r#","crc32":"a684c7c6""#))
        .answer(whole(TEN));
    assert_eq!(read(&script, ByteRange::whole()).await, got(TEN));
    // The service's own storage must agree with it; what it has mounted from elsewhere need not.
    for (more, end) in
        [(r#","crc32":"a684c7c6""#, (String::new(), Some(ErrorKind::Protocol))), ("", got(TEN))]
    {
        let script = Script::new()
            .answer(link(1, Some(9), more))
            .answer(whole(TEN))
            .answer(link(2, Some(9), more))
            .answer(whole(TEN));
        assert_eq!(read(&script, ByteRange::whole()).await, end);
    }
    // Nobody knows: the end of the body is all there is.
    let unknown = || Reply::new(200).body("01234");
    let script = Script::new().answer(link(1, Some(9), "")).answer(unknown());
    assert_eq!(read(&script, ByteRange::whole()).await, got("01234"));
}

#[tokio::test(start_paused = true)]
async fn a_checksum_that_does_not_agree_holds_the_last_bytes_back() {
    for (sums, good) in [
        (r#","crc32":"a684c7c6""#, true),
        (r#","md5":"781e5e245d69b566979b86e28d23f2c7""#, true),
        (r#","crc32":"a684c7c6","md5":"00000000000000000000000000000000""#, true),
        (r#","crc32":"1""#, false),
        (r#","md5":"00000000000000000000000000000000""#, false),
    ] {
        let script = Script::new().answer(link(1, Some(10), sums)).answer(whole(TEN));
        let end = if good { got(TEN) } else { (String::new(), Some(ErrorKind::Corrupted)) };
        assert_eq!(read(&script, ByteRange::whole()).await, end, "{sums}");
        let script = Script::new().answer(link(1, Some(10), sums)).answer(part("2-3/10", "23"));
        assert_eq!(read(&script, ByteRange::of(2..4)).await, got("23"), "{sums}");
    }
}

#[tokio::test(start_paused = true)]
async fn what_is_no_file_or_has_no_link_is_refused() {
    for (reply, kind) in [
        (Reply::json(200, r#"{"path":"a","type":"directory"}"#), ErrorKind::IsAFolder),
        (Reply::json(200, r#"{"path":"a","type":"file","size":1}"#), ErrorKind::Protocol),
        (
            Reply::json(200, r#"{"path":"a","type":"file","download_uri":"ftp://h/x"}"#),
            ErrorKind::Invalid,
        ),
        (
            Reply::json(200, r#"{"path":"a","type":"file","download_uri":"http://h/planted"}"#),
            ErrorKind::Invalid,
        ),
        (
            Reply::json(400, r#"{"type":"bad-request/cannot-download-directory","error":"No"}"#),
            ErrorKind::IsAFolder,
        ),
    ] {
        let script = Script::new().answer(reply);
        let error = client(&script).files().read("a", ByteRange::whole()).await.unwrap_err();
        assert_eq!(error.kind(), kind, "{error}");
        assert!(!format!("{error:?}").contains("planted"), "{error:?}");
        assert_eq!(script.requests().len(), 1);
    }
    let packed = Reply::new(200).header("content-encoding", "gzip").body("x");
    let script = Script::new().answer(link(1, Some(10), "")).answer(packed);
    assert_eq!(read(&script, ByteRange::whole()).await.1, Some(ErrorKind::Protocol));
}

#[tokio::test(start_paused = true)]
async fn blocks_come_as_they_arrive() {
    let reply = Reply::new(200).header("content-length", "10").body("01234").body("56789");
    let script = Script::new().answer(link(1, Some(10), "")).answer(reply);
    let download = client(&script).files().read("a", ByteRange::whole()).await.unwrap();
    assert_eq!((download.offset, download.length), (0, Some(10)));
    let blocks: Vec<_> = download.into_stream().try_collect().await.unwrap();
    assert_eq!(blocks.len(), 2);
}
