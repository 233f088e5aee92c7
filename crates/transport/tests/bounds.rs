//! Bounds at their ends: times that no clock reaches, lengths that nothing follows.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use std::time::Duration;

use wharf_transport::testing::{Reply, Script};
use wharf_transport::{ErrorKind, Request, Timeouts, Transport};

#[tokio::test(start_paused = true)]
async fn a_time_that_no_clock_reaches_is_waited_for() {
    let script = Script::new().answer(Reply::new(200).header("content-length", "1"));
    let never = Timeouts::default().with_headers(Duration::MAX).with_silence(Duration::MAX);
    let transport = Transport::builder("https://h.example/v1")
        .exchange(script.exchange())
        .timeouts(never)
        .build()
        .unwrap();
    let response = transport.send(Request::get("/a")).await.unwrap();
    assert_eq!(response.bytes(10).await.unwrap_err().kind(), ErrorKind::Interrupted);
}

#[tokio::test(start_paused = true)]
async fn the_head_of_a_large_file_is_small() {
    let script = Script::new().answer(Reply::new(200).header("content-length", "1099511627776"));
    let transport =
        Transport::builder("https://h.example/v1").exchange(script.exchange()).build().unwrap();
    let answer = transport.fetch(Request::head("/big")).await.unwrap();
    assert_eq!(answer.headers()["content-length"], "1099511627776");
}

#[tokio::test(start_paused = true)]
async fn a_refusal_that_may_not_be_repeated_tells_how_long_to_wait() {
    let script = Script::new().answer(Reply::new(503).header("retry-after", "7"));
    let transport =
        Transport::builder("https://h.example/v1").exchange(script.exchange()).build().unwrap();
    let error = transport.send(Request::post("/a")).await.unwrap_err();
    assert_eq!((error.attempts(), error.retry_after()), (1, Some(Duration::from_secs(7))));
}
