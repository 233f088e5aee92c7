//! Downloads that break in every way, and what must come out: each byte once, or an error.

use std::sync::Mutex;
use std::time::Duration;

use futures_util::StreamExt;
use tokio::time::Instant;

use super::*;
use crate::testing::{Reply, Script};
use crate::{Reached, Request};

const WHOLE: &str = "0123456789";

/// An answer of the whole from its beginning.
fn whole(body: &'static str) -> Reply {
    Reply::new(200).header("content-length", "10").header("etag", "\"a\"").body(body)
}

/// An answer from byte `from` to the end.
fn rest(from: usize) -> Reply {
    part(from, &WHOLE[from..])
}

fn part(from: usize, body: &'static str) -> Reply {
    Reply::new(206)
        .header("content-range", &format!("bytes {from}-9/10"))
        .header("etag", "\"a\"")
        .body(body)
}

struct Outcome {
    text: String,
    error: Option<Error>,
    offsets: Vec<u64>,
}

/// Downloads by the script, `wanted` or all, continuing at whatever offset is asked.
async fn download(replies: Vec<Reply>, wanted: Option<Range<u64>>) -> Outcome {
    let script = replies.into_iter().fold(Script::new(), Script::answer);
    let transport = Transport::builder("https://h")
        .exchange(script.exchange())
        .retry(RetryPolicy::none())
        .build()
        .unwrap();
    let first = transport.send(Request::get("/f").data()).await.unwrap();
    let offsets = Arc::new(Mutex::new(Vec::new()));
    let mut resume = transport.resume(first).retry(RetryPolicy::default().with_attempts(3));
    if let Some(wanted) = wanted {
        resume = resume.range(wanted);
    }
    let seen = Arc::clone(&offsets);
    let items: Vec<_> = resume
        .into_stream(move |at| {
            seen.lock().unwrap().push(at.offset());
            let transport = transport.clone();
            async move { transport.send(Request::get("/f").range_from(at.offset())).await.map(Some) }
        })
        .collect()
        .await;
    let mut outcome = Outcome { text: String::new(), error: None, offsets: Vec::new() };
    for item in items {
        assert!(outcome.error.is_none(), "nothing follows an error");
        match item {
            Ok(block) => outcome.text.push_str(std::str::from_utf8(&block).unwrap()),
            Err(error) => outcome.error = Some(error),
        }
    }
    assert_eq!(script.left(), 0, "every reply was wanted");
    outcome.offsets = offsets.lock().unwrap().clone();
    outcome
}

async fn whole_after(replies: Vec<Reply>, offsets: &[u64]) {
    let name = format!("{replies:?}");
    let outcome = download(replies, None).await;
    assert!(outcome.error.is_none(), "{name}: {:?}", outcome.error);
    assert_eq!((outcome.text.as_str(), outcome.offsets.as_slice()), (WHOLE, offsets), "{name}");
}

#[tokio::test(start_paused = true)]
async fn a_break_is_continued_from_the_last_byte() {
    whole_after(vec![whole(WHOLE)], &[]).await;
    whole_after(vec![whole("01234").then_reset(), rest(5)], &[5]).await;
    whole_after(vec![whole("01234").then_stall(), rest(5)], &[5]).await;
    whole_after(vec![whole("01234"), rest(5)], &[5]).await;
    whole_after(vec![whole("").then_reset(), rest(0)], &[0]).await;
    whole_after(vec![whole("012").then_reset(), part(3, "34").then_reset(), rest(5)], &[3, 5])
        .await;
    whole_after(vec![whole(WHOLE).then_reset()], &[]).await;
}

#[tokio::test(start_paused = true)]
async fn a_failed_attempt_to_continue_is_repeated() {
    let broken = || whole("01234").then_reset();
    whole_after(vec![broken(), Reply::refused_connection(), rest(5)], &[5, 5]).await;
    whole_after(vec![broken(), Reply::new(503), rest(5)], &[5, 5]).await;
    let outcome = download(vec![broken(), Reply::reset(), Reply::reset()], None).await;
    let error = outcome.error.unwrap();
    assert_eq!((outcome.text.as_str(), error.kind()), ("01234", ErrorKind::Interrupted));
    assert!(
        error.message().ends_with("gave up: no progress after byte 5 in 3 attempts"),
        "{error}"
    );
    let outcome = download(vec![broken(), Reply::new(403)], None).await;
    assert_eq!(outcome.error.unwrap().status().unwrap(), StatusCode::FORBIDDEN);
}

#[tokio::test(start_paused = true)]
async fn a_server_without_ranges_is_skipped_if_it_is_the_same() {
    let plain = |etag: &str, modified: &str, body: &'static str| {
        let mut reply = Reply::new(200).header("content-length", "10").body(body);
        for (name, value) in [("etag", etag), ("last-modified", modified)] {
            if !value.is_empty() {
                reply = reply.header(name, value);
            }
        }
        reply
    };
    for (etag, modified) in
        [("\"a\"", ""), ("", "Mon"), ("W/\"a\"", "Mon"), ("\"a\"", "Mon"), ("", "")]
    {
        let replies =
            vec![plain(etag, modified, "01234").then_reset(), plain(etag, modified, WHOLE)];
        whole_after(replies, &[5]).await;
    }
    for ((etag, modified), (other_etag, other_modified)) in [
        (("\"a\"", ""), ("\"b\"", "")),
        (("\"a\"", ""), ("", "")),
        (("W/\"a\"", ""), ("W/\"a\"", "")),
        (("", "Mon"), ("", "Tue")),
        (("", "Mon"), ("", "")),
        (("", ""), ("\"a\"", "")),
    ] {
        let replies = vec![
            plain(etag, modified, "01234").then_reset(),
            plain(other_etag, other_modified, WHOLE),
        ];
        let outcome = download(replies, None).await;
        assert_eq!(outcome.error.unwrap().kind(), ErrorKind::Changed, "{etag} {modified}");
        assert_eq!(outcome.text, "01234");
    }
}

#[tokio::test(start_paused = true)]
async fn what_changed_or_does_not_fit_is_never_mixed_in() {
    let broken = || whole("01234").then_reset();
    let other = |range: &str, etag: &str| {
        Reply::new(206).header("content-range", range).header("etag", etag).body("56789")
    };
    for (reply, kind) in [
        (other("bytes 5-9/10", "\"b\""), ErrorKind::Changed),
        (other("bytes 5-9/11", "\"a\""), ErrorKind::Changed),
        (other("bytes 6-10/11", "\"a\""), ErrorKind::Changed),
        (other("bytes 6-9/10", "\"a\""), ErrorKind::Protocol),
        (other("bytes 5-10/10", "\"a\""), ErrorKind::Protocol),
        (other("bytes */10", "\"a\""), ErrorKind::Protocol),
        (Reply::new(206).body("56789"), ErrorKind::Protocol),
        (other("bytes 5-9/10", "\"a\"").header("content-length", "7"), ErrorKind::Protocol),
        (Reply::new(412), ErrorKind::Changed),
        (Reply::new(416), ErrorKind::Refused),
        (Reply::new(416).header("content-range", "bytes */5"), ErrorKind::Changed),
        (Reply::new(416).header("content-range", "bytes */10"), ErrorKind::Changed),
    ] {
        let name = format!("{reply:?}");
        let outcome = download(vec![broken(), reply], None).await;
        assert_eq!(outcome.error.unwrap().kind(), kind, "{name}");
        assert_eq!(outcome.text, "01234");
    }
    // A date that differs is no change where the tags agree.
    let dated = |reply: Reply, date: &str| reply.header("last-modified", date);
    whole_after(vec![dated(broken(), "Mon"), dated(rest(5), "Tue")], &[5]).await;
}

#[tokio::test(start_paused = true)]
async fn an_unknown_length_ends_where_the_server_says() {
    let open = |body: &'static str| Reply::new(200).header("etag", "\"a\"").body(body);
    whole_after(vec![open(WHOLE)], &[]).await;
    whole_after(vec![open("01234").then_reset(), rest(5)], &[5]).await;
    let end = Reply::new(416).header("content-range", "bytes */10");
    whole_after(vec![open(WHOLE).then_reset(), end], &[10]).await;
    let unsized_part = Reply::new(206)
        .header("content-range", "bytes 5-9/*")
        .header("etag", "\"a\"")
        .body("56789");
    whole_after(vec![open("01234").then_reset(), unsized_part], &[5]).await;
}

#[tokio::test(start_paused = true)]
async fn a_range_gives_the_range_whatever_is_answered() {
    for (wanted, first, text) in [
        (2..7, Reply::new(206).header("content-range", "bytes 2-6/10").body("23456"), "23456"),
        (2..7, whole(WHOLE), "23456"),
        (2..7, rest(2), "23456"),
        (2..7, rest(0), "23456"),
        (2..99, whole(WHOLE), "23456789"),
        (9..u64::MAX, whole(WHOLE), "9"),
        (3..3, whole(WHOLE), ""),
    ] {
        let outcome = download(vec![first], Some(wanted.clone())).await;
        assert!(outcome.error.is_none(), "{:?}", outcome.error);
        assert_eq!(outcome.text, text, "{wanted:?}");
    }
    let broken = Reply::new(206).header("content-range", "bytes 2-6/10").body("23").then_reset();
    let outcome = download(vec![broken, part(4, "456789")], Some(2..7)).await;
    assert_eq!((outcome.text.as_str(), outcome.offsets.as_slice()), ("23456", &[4][..]));
    let short = Reply::new(206).header("content-range", "bytes 2-4/10").body("234");
    let outcome = download(vec![short, part(5, "56789")], Some(2..7)).await;
    assert_eq!((outcome.text.as_str(), outcome.offsets.as_slice()), ("23456", &[5][..]));
    let late = Reply::new(206).header("content-range", "bytes 3-6/10").body("3456");
    let outcome = download(vec![late], Some(2..7)).await;
    assert_eq!((outcome.text.as_str(), outcome.error.unwrap().kind()), ("", ErrorKind::Protocol));
}

#[tokio::test(start_paused = true)]
async fn attempts_are_bounded_and_counted_anew_after_progress() {
    let drop = |size: usize| {
        Reply::new(200).header("content-length", "1000000").body(vec![0; size]).then_reset()
    };
    let run = |size: usize| async move {
        let script = Script::new().respond(move |request| match request.header("range") {
            None => drop(size),
            Some(range) => {
                let from: usize =
                    range.trim_start_matches("bytes=").trim_end_matches('-').parse().unwrap();
                Reply::new(206)
                    .header("content-range", &format!("bytes {from}-999999/1000000"))
                    .body(vec![0; size.min(1_000_000 - from)])
                    .then_reset()
            }
        });
        let transport = Transport::builder("https://h")
            .exchange(script.exchange())
            .chance(|| 1.0)
            .build()
            .unwrap();
        let first = transport.send(Request::get("/f")).await.unwrap();
        let begun = Instant::now();
        let again = transport.clone();
        let blocks: Vec<_> =
            transport
                .resume(first)
                .into_stream(move |at| {
                    let transport = again.clone();
                    async move {
                        transport.send(Request::get("/f").range_from(at.offset())).await.map(Some)
                    }
                })
                .collect()
                .await;
        let size: usize = blocks.iter().flatten().map(Bytes::len).sum();
        (size, blocks.last().unwrap().is_ok(), script.requests().len(), begun.elapsed())
    };
    let ms = Duration::from_millis;
    assert_eq!(run(64 * 1024).await, (1_000_000, true, 16, ms(15 * 250)));
    assert_eq!(run(64 * 1024 - 1).await, (5 * 65_535, false, 5, ms(250 + 500 + 1000 + 2000)));
}

#[tokio::test(start_paused = true)]
async fn services_with_offsets_of_their_own() {
    let script = Script::new()
        .answer(Reply::new(200).header("content-length", "10").body("01234").then_reset())
        .answer(Reply::new(200).header("content-length", "5").body("567").then_reset());
    let transport = Transport::builder("https://h").exchange(script.exchange()).build().unwrap();
    let first = transport.send(Request::get("/f").query("offset", 0)).await.unwrap();
    let again = transport.clone();
    let blocks: Vec<_> = transport
        .resume(first)
        .into_stream(move |at| {
            let transport = again.clone();
            async move {
                if at.offset() >= 8 {
                    return Ok(None); // the service's own footer: nothing is missing
                }
                let response =
                    transport.send(Request::get("/f").query("offset", at.offset())).await?;
                Ok(Some(response.at_offset(at.offset())))
            }
        })
        .map(|block| block.unwrap())
        .collect()
        .await;
    assert_eq!(blocks.concat(), b"01234567");
    assert_eq!(script.requests()[1].query("offset").as_deref(), Some("5"));
}

#[tokio::test(start_paused = true)]
async fn the_tag_for_if_match_is_a_strong_one() {
    for (etag, expected) in [(Some("\"a\""), Some("\"a\"")), (Some("W/\"a\""), None), (None, None)]
    {
        let mut reply = Reply::new(200).body("x").then_reset();
        if let Some(etag) = etag {
            reply = reply.header("etag", etag);
        }
        let script = Script::new().answer(reply);
        let transport =
            Transport::builder("https://h").exchange(script.exchange()).build().unwrap();
        let first = transport.send(Request::get("/f")).await.unwrap();
        let body = transport.resume(first).into_stream(move |at| async move {
            assert_eq!(at.etag(), expected);
            Err::<Option<Response>, _>(Error::invalid("stop").with_reached(Reached::No))
        });
        assert_eq!(body.collect::<Vec<_>>().await.len(), 2);
    }
}
