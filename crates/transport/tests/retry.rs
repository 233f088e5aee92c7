//! The loop: what is repeated, after how long exactly, and what the error says in the end.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)]

use std::error::Error as _;
use std::io;
use std::time::{Duration, SystemTime};

use futures_util::{StreamExt, stream};
use tokio::time::Instant;
use wharf_transport::testing::{Reply, Script};
use wharf_transport::{
    Body, Bytes, Error, ErrorKind, Exchange, HeaderMap, Multipart, Outgoing, OutgoingBody, Reached,
    Request, Response, RetryPolicy, StatusCode, Timeouts, Transport, TransportBuilder,
};

fn builder(script: &Script) -> TransportBuilder {
    let clock = || SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000_000);
    Transport::builder("https://h.example/v1")
        .exchange(script.exchange())
        .chance(|| 1.0)
        .clock(clock)
}

fn script(replies: impl IntoIterator<Item = Reply>) -> Script {
    replies.into_iter().fold(Script::new(), Script::answer)
}

/// What a call came to: status or kind of error, the milliseconds between its requests.
#[derive(Debug, PartialEq)]
struct Story {
    end: Result<u16, ErrorKind>,
    waits: Vec<u64>,
}

async fn story(request: Request, replies: Vec<Reply>) -> (Story, Option<Error>) {
    let script = script(replies);
    let result = builder(&script).build().unwrap().send(request).await;
    assert_eq!(script.left(), 0, "every reply was wanted");
    let times: Vec<_> = script.requests().iter().map(|request| request.at()).collect();
    let waits = times.windows(2).map(|pair| (pair[1] - pair[0]).as_millis() as u64).collect();
    let (end, error) = match result {
        Ok(response) => {
            assert_eq!(response.attempts() as usize, times.len());
            (Ok(response.status().as_u16()), None)
        }
        Err(error) => {
            assert_eq!(error.attempts() as usize, times.len());
            (Err(error.kind()), Some(error))
        }
    };
    (Story { end, waits }, error)
}

async fn check(
    request: Request,
    replies: Vec<Reply>,
    end: Result<u16, ErrorKind>,
    waits: &[u64],
) -> Option<Error> {
    let name = format!("{request:?} {replies:?}");
    let (story, error) = story(request, replies).await;
    assert_eq!(story, Story { end, waits: waits.to_vec() }, "{name}");
    error
}

fn get() -> Request {
    Request::get("/a")
}

fn post() -> Request {
    Request::post("/a").json(&1)
}

fn busy() -> Reply {
    Reply::new(503)
}

fn ok() -> Reply {
    Reply::new(200)
}

use ErrorKind::{Connect, Interrupted, Refused, Timeout, Tls};

#[tokio::test(start_paused = true)]
async fn what_may_pass_is_repeated_with_growing_delays() {
    check(get(), vec![ok()], Ok(200), &[]).await;
    check(get(), vec![busy(), busy(), ok()], Ok(200), &[250, 500]).await;
    for status in [408, 425, 429, 502, 503, 504] {
        check(get(), vec![Reply::new(status), ok()], Ok(200), &[250]).await;
    }
    let error = check(get(), vec![busy(); 5], Err(Refused), &[250, 500, 1000, 2000]).await.unwrap();
    assert_eq!(
        error.to_string(),
        "GET https://h.example/v1/a: refused (status 503 Service Unavailable) after 5 attempts in 3.8 s"
    );
    assert!(error.is_transient());
    assert_eq!(error.elapsed(), Duration::from_millis(3750));
    assert_eq!(error.reached(), Reached::Yes);
}

#[tokio::test(start_paused = true)]
async fn what_stands_is_not_repeated() {
    for status in [300, 304, 400, 401, 403, 404, 409, 410, 416, 422, 500, 501] {
        let error = check(get(), vec![Reply::new(status)], Err(Refused), &[]).await.unwrap();
        assert!(!error.is_transient(), "{status}");
        assert_eq!(error.refusal().unwrap().status().as_u16(), status);
    }
    check(get(), vec![Reply::fail(Tls, Reached::No)], Err(Tls), &[]).await;
    let transport = builder(&Script::new()).build().unwrap();
    let error = transport.send(get()).await.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Invalid, 1));
}

#[tokio::test(start_paused = true)]
async fn broken_connections_are_repeated_where_it_does_no_harm() {
    let (gone, reset) = (Reply::refused_connection, Reply::reset);
    check(get(), vec![gone(), reset(), ok()], Ok(200), &[250, 500]).await;
    check(get(), vec![Reply::silence(), ok()], Ok(200), &[60_250]).await;
    check(post(), vec![gone(), gone(), ok()], Ok(200), &[250, 500]).await;
    check(post().idempotent(), vec![reset(), ok()], Ok(200), &[250]).await;
    check(Request::put("/a"), vec![reset(), ok()], Ok(200), &[250]).await;

    let error = check(post(), vec![reset()], Err(Interrupted), &[]).await.unwrap();
    assert_eq!((error.reached(), error.is_transient()), (Reached::Maybe, true));
    let error = check(post(), vec![Reply::silence()], Err(Timeout), &[]).await.unwrap();
    assert_eq!(error.to_string(), "POST https://h.example/v1/a: no answer within 60.0 s");
    check(Request::put("/a").once(), vec![reset()], Err(Interrupted), &[]).await;
    let error =
        check(post(), vec![gone(); 5], Err(Connect), &[250, 500, 1000, 2000]).await.unwrap();
    assert_eq!(error.reached(), Reached::No);
    let mixed = vec![reset(), gone(), gone(), gone(), gone()];
    let error = check(get(), mixed, Err(Connect), &[250, 500, 1000, 2000]).await.unwrap();
    assert_eq!(error.reached(), Reached::Maybe, "the first attempt may have arrived");
}

#[tokio::test(start_paused = true)]
async fn refusals_of_requests_that_change_something() {
    let error = check(post(), vec![busy()], Err(Refused), &[]).await.unwrap();
    assert!(error.is_transient(), "the caller may still decide to ask again");
    check(post().idempotent(), vec![busy(), ok()], Ok(200), &[250]).await;
    check(post(), vec![Reply::new(429).header("retry-after", "2"), ok()], Ok(200), &[2000]).await;
    for turned_away in [408, 425, 429] {
        check(post(), vec![Reply::new(turned_away), ok()], Ok(200), &[250]).await;
    }
}

#[tokio::test(start_paused = true)]
async fn retry_after_wins_up_to_its_ceiling() {
    let asks = |value: &str| busy().header("retry-after", value);
    let now = SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000_000);
    let date = |ahead: u64| httpdate::fmt_http_date(now + Duration::from_secs(ahead));
    for (reply, wait) in [
        (asks("2"), 2000),
        (asks("60"), 60_000),
        (asks("0"), 250),
        (asks("soon"), 250),
        (asks("5").header("retry-after", "10"), 5000),
        (asks(&date(8)), 8000),
        (asks("Thu, 01 Jan 1970 00:00:00 GMT"), 250),
        (asks(&date(8)).header("date", &date(5)), 3000),
    ] {
        check(get(), vec![reply, ok()], Ok(200), &[wait]).await;
    }
    for value in ["61", "99999999999999999999999999", &date(61)] {
        let error = check(get(), vec![asks(value)], Err(Refused), &[]).await.unwrap();
        assert!(error.message().starts_with("refused; gave up: it asks to wait "), "{error}");
        assert!(error.retry_after().unwrap() >= Duration::from_secs(61));
    }
    let error = check(get(), vec![asks("61")], Err(Refused), &[]).await.unwrap();
    assert_eq!(
        error.to_string(),
        "GET https://h.example/v1/a: refused; gave up: it asks to wait 61 s, more than the 60.0 s allowed \
         (status 503 Service Unavailable)"
    );
}

#[tokio::test(start_paused = true)]
async fn the_total_time_is_bounded() {
    let script = Script::new().respond(|_| busy());
    let second = Duration::from_secs(1);
    let policy =
        RetryPolicy::default().with_delays(4 * second, 100 * second).with_total_time(10 * second);
    let transport = builder(&script).retry(policy.with_attempts(100)).build().unwrap();
    let begun = Instant::now();
    let error = transport.send(get()).await.unwrap_err();
    assert_eq!(begun.elapsed(), 4 * second, "a wait that leads nowhere is not waited for");
    assert_eq!(error.attempts(), 2);
    assert!(
        error
            .message()
            .ends_with("gave up: another attempt would begin after the 10.0 s allowed for repeats"),
        "{error}"
    );

    let transport = builder(&script).retry(RetryPolicy::none()).build().unwrap();
    assert_eq!(transport.send(get()).await.unwrap_err().attempts(), 1);

    // What took long because it was long is repeated nevertheless.
    let script = Script::new().answer(Reply::reset().after(3600 * second)).answer(ok());
    let timeouts = Timeouts::default().with_headers(7200 * second);
    builder(&script).timeouts(timeouts).build().unwrap().send(get()).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn what_a_repeated_delete_does_not_find_was_deleted() {
    let delete = || Request::delete("/a");
    for first in [Reply::reset(), busy(), Reply::silence()] {
        for missing in [404, 410] {
            let (story, _) = story(delete(), vec![first.clone(), Reply::new(missing)]).await;
            assert_eq!(story.end, Ok(missing));
        }
    }
    check(delete(), vec![Reply::new(404)], Err(Refused), &[]).await;
    check(delete(), vec![Reply::refused_connection(), Reply::new(404)], Err(Refused), &[250]).await;
    check(delete(), vec![Reply::new(429), Reply::new(404)], Err(Refused), &[250]).await;
    check(get(), vec![Reply::reset(), Reply::new(404)], Err(Refused), &[250]).await;
    check(delete(), vec![busy(), Reply::new(403)], Err(Refused), &[250]).await;
}

#[tokio::test(start_paused = true)]
async fn every_attempt_sends_the_same_body() {
    let content = Bytes::from(vec![7_u8; 700_000]);
    let window = |range: std::ops::Range<u64>| {
        let content = content.clone();
        Body::window(range, move |offset| {
            let rest = content.slice(offset as usize..);
            async move { Ok(stream::iter([Ok(rest)]).boxed()) }
        })
    };
    let form = Multipart::with_boundary("b").text("k", "v").file("File", "f", window(0..3));
    for (request, length) in [
        (Request::put("/a").body("abc"), 3),
        (Request::put("/a").body(content.clone()), 700_000),
        (Request::put("/a").body(window(1..400_001)), 400_000),
        (Request::put("/a"), 0),
        (Request::put("/a").body(window(0..0)), 0),
        (Request::post("/a").idempotent().multipart(form), 170),
    ] {
        let script = script([busy(), Reply::reset(), ok()]);
        builder(&script).build().unwrap().send(request).await.unwrap();
        let requests = script.requests();
        assert_eq!(requests.len(), 3);
        for request in &requests {
            assert_eq!(request.body().len(), length);
            assert_eq!(request.header("content-length"), Some(length.to_string().as_str()));
            assert_eq!(request.body(), requests[0].body());
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_stream_that_was_begun_is_never_sent_twice() {
    let stream = || Body::stream(stream::iter([Ok(Bytes::from_static(b"abc"))]), Some(3));
    let put = || Request::put("/a").body(stream());
    let error = check(put(), vec![busy()], Err(Refused), &[]).await.unwrap();
    assert_eq!(error.message(), "refused; gave up: the content cannot be read a second time");
    check(put(), vec![Reply::reset()], Err(Interrupted), &[]).await;
    check(put(), vec![Reply::refused_connection(), ok()], Ok(200), &[250]).await;

    let unknown =
        Request::put("/a").body(Body::stream(stream::iter([Ok(Bytes::from_static(b"abc"))]), None));
    let script = script([ok()]);
    builder(&script).build().unwrap().send(unknown).await.unwrap();
    assert_eq!(script.requests()[0].header("content-length"), None);
    assert_eq!(script.requests()[0].body(), "abc");
}

#[tokio::test(start_paused = true)]
async fn content_that_fails_is_told_as_such() {
    let short = || {
        Body::window(0..9, |_| async { Ok(stream::iter([Ok(Bytes::from_static(b"abc"))]).boxed()) })
    };
    let unreadable = || Body::replayable(9, |_| async { Err(io::Error::other("disk on fire")) });
    for (body, cause) in [
        (short(), "content ended after 3 of 9 bytes"),
        (unreadable(), "disk on fire"),
        (Multipart::new().file("f", "f", unreadable()).into(), "disk on fire"),
    ] {
        let script = Script::new().answer(ok());
        let error = builder(&script)
            .build()
            .unwrap()
            .send(Request::put("/a").body(body))
            .await
            .unwrap_err();
        assert_eq!((error.kind(), error.attempts()), (ErrorKind::Content, 1));
        assert_eq!(error.source().unwrap().to_string(), cause);
        assert!(!error.is_transient());
    }
}

/// Takes a block of the body each `pause` seconds, `blocks` in all, and then nothing more.
#[derive(Debug)]
struct Drain {
    blocks: u64,
    pause: u64,
}

#[async_trait::async_trait]
impl Exchange for Drain {
    async fn exchange(&self, outgoing: Outgoing) -> wharf_transport::Result<Response> {
        let (_, _, _, OutgoingBody::Stream(mut body)) = outgoing.into_parts() else {
            unreachable!("the body is a stream");
        };
        for _ in 0..self.blocks {
            tokio::time::sleep(Duration::from_secs(self.pause)).await;
            if body.next().await.is_none() {
                return Ok(Response::new(StatusCode::OK, HeaderMap::new(), ""));
            }
        }
        std::future::pending().await
    }
}

#[tokio::test(start_paused = true)]
async fn an_upload_may_be_slow_but_not_stall() {
    let content = |blocks: u64, pause: u64| {
        Body::replayable(blocks, move |_| async move {
            let blocks = stream::iter(0..blocks).then(move |_| async move {
                tokio::time::sleep(Duration::from_secs(pause)).await;
                Ok(Bytes::from_static(b"x"))
            });
            Ok(blocks.boxed())
        })
    };
    let put = |body| Request::put("/a").body(body);
    // Content may take its time to come.
    check(put(content(3, 3600)), vec![ok()], Ok(200), &[]).await;

    let drain = |blocks, pause| {
        let drain = std::sync::Arc::new(Drain { blocks, pause });
        builder(&Script::new()).exchange(drain).retry(RetryPolicy::none()).build().unwrap()
    };
    // A connection may take it slowly,
    drain(21, 59).send(put(content(20, 0))).await.unwrap();
    // but must take it.
    for (limit, request) in [
        (60, put(content(20, 0))),
        (100, put(content(20, 0)).headers_timeout(Duration::from_secs(100))),
    ] {
        let begun = Instant::now();
        let error = drain(3, 59).send(request).await.unwrap_err();
        let expected = Duration::from_secs(3 * 59 + limit);
        assert_eq!((error.kind(), begun.elapsed()), (Timeout, expected));
    }
    // And when all is sent, the answer must come.
    let begun = Instant::now();
    let error = drain(20, 0).send(put(content(20, 1))).await.unwrap_err();
    assert_eq!((error.kind(), begun.elapsed()), (Timeout, Duration::from_secs(20 + 60)));
}

#[tokio::test(start_paused = true)]
async fn whole_answers_are_repeated_until_they_are_whole() {
    let cut = || Reply::new(200).header("content-length", "9").body("[1");
    let scripts = [
        (vec![cut(), Reply::json(200, "[1]")], Ok(vec![1])),
        (vec![cut().then_reset(), Reply::json(200, "[1]")], Ok(vec![1])),
        (vec![cut().then_stall(), Reply::json(200, "[1]")], Ok(vec![1])),
        (vec![Reply::json(200, "[1"), Reply::json(200, "[1]")], Ok(vec![1])),
        (vec![Reply::json(200, "<html>"), Reply::json(200, "[1]")], Ok(vec![1])),
        (vec![Reply::json(200, "{}")], Err((ErrorKind::Protocol, 1))),
        (vec![Reply::json(200, "[1000]")], Err((ErrorKind::Protocol, 1))),
        (vec![Reply::json(200, "[11111111111111111111]")], Err((ErrorKind::TooLarge, 1))),
        (vec![Reply::new(200).header("content-length", "99")], Err((ErrorKind::TooLarge, 1))),
        (vec![Reply::json(200, "<html>"); 5], Err((ErrorKind::Protocol, 5))),
    ];
    for (replies, expected) in scripts {
        let script = script(replies);
        let transport = builder(&script).answer_limit(20).build().unwrap();
        let result = transport.json::<Vec<u8>>(get()).await;
        assert_eq!(result.map_err(|error| (error.kind(), error.attempts())), expected);
        assert_eq!(script.left(), 0);
    }
    let script = script([cut()]);
    let error = builder(&script).build().unwrap().fetch(post()).await.unwrap_err();
    assert_eq!((error.kind(), error.reached(), error.attempts()), (Interrupted, Reached::Yes, 1));
}

#[tokio::test(start_paused = true)]
async fn an_answer_that_trickles_comes_to_an_end() {
    let script = Script::new();
    let transport = builder(&script).retry(RetryPolicy::none());
    // Each block is another exchange's body of one byte every 50 s, never silent, never ending.
    #[derive(Debug)]
    struct Trickle;
    #[async_trait::async_trait]
    impl Exchange for Trickle {
        async fn exchange(&self, _: Outgoing) -> wharf_transport::Result<Response> {
            let body = stream::repeat(()).then(|()| async {
                tokio::time::sleep(Duration::from_secs(50)).await;
                Ok(Bytes::from_static(b" "))
            });
            Ok(Response::streamed(StatusCode::OK, Default::default(), body))
        }
    }
    let transport = transport.exchange(std::sync::Arc::new(Trickle)).build().unwrap();
    let begun = Instant::now();
    let error = transport.fetch(get()).await.unwrap_err();
    assert_eq!((error.kind(), begun.elapsed()), (Timeout, Duration::from_secs(600)));
}
