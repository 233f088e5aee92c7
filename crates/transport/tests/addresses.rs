//! Where requests go, and which go nowhere.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)]

use wharf_transport::testing::{Reply, Script};
use wharf_transport::{ErrorKind, Method, Reached, Request, Transport};

#[tokio::test]
async fn what_is_wrong_with_the_request_is_told_before_it_is_sent() {
    let script = Script::new();
    let transport =
        Transport::builder("https://h.example/v1").exchange(script.exchange()).build().unwrap();
    for request in [
        Request::get("/a").segment(".."),
        Request::get("/a/../../b"),
        Request::get("/a/%2e%2E/b"),
        Request::get("/a\\b"),
        Request::get("/a#b"),
        Request::get("/a").header("x", "\n"),
        Request::bare(Method::GET, "ftp://h/".parse().unwrap()),
        Request::bare(Method::GET, "https://me:pw@h/".parse().unwrap()),
    ] {
        let error = transport.send(request).await.unwrap_err();
        assert_eq!(
            (error.kind(), error.attempts(), error.reached()),
            (ErrorKind::Invalid, 0, Reached::No)
        );
    }
    assert!(script.requests().is_empty());
}

#[tokio::test]
async fn paths_are_joined_with_the_base() {
    for (base, request, url) in [
        ("https://h/v1", Request::get("/a"), "https://h/v1/a"),
        ("https://h/v1/", Request::get("a"), "https://h/v1/a"),
        ("https://h", Request::get(""), "https://h/"),
        ("https://h/v1/", Request::get(""), "https://h/v1"),
        ("https://h/v1", Request::get("/a/"), "https://h/v1/a/"),
        ("https://h/v1", Request::get("/a?b=c").query("d", "e f"), "https://h/v1/a?b=c&d=e%20f"),
        (
            "https://h:444/v1",
            Request::get("/a").segment("ä/ö"),
            "https://h:444/v1/a/%C3%A4%2F%C3%B6",
        ),
        (
            "http://127.0.0.1:8080",
            Request::get("//evil.example/a"),
            "http://127.0.0.1:8080//evil.example/a",
        ),
    ] {
        let script = Script::new().answer(Reply::new(200));
        let transport = Transport::builder(base).exchange(script.exchange()).build().unwrap();
        transport.send(request).await.unwrap();
        assert_eq!(script.requests()[0].url(), url);
        assert_eq!(
            script.requests()[0].header("user-agent").unwrap().split('/').next(),
            Some("wharf")
        );
    }
}

#[cfg(not(any(feature = "rustls-no-provider", feature = "native-tls")))]
#[tokio::test]
async fn a_build_without_tls_says_so() {
    let transport = Transport::builder("https://localhost:1").build().unwrap();
    let error = transport.send(Request::get("/a")).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Invalid);
    assert!(error.message().starts_with("this build has no TLS"), "{error}");
}

/// Calls go into tasks and containers of all kinds.
#[test]
fn everything_can_be_sent_between_threads() {
    fn check<T: Send + Sync>() {}
    fn check_future(future: impl Future + Send) -> usize {
        size_of_val(&future)
    }
    check::<Transport>();
    check::<Request>();
    check::<wharf_transport::Error>();
    check::<wharf_transport::Answer>();
    let transport = Transport::builder("https://h.example").build().unwrap();
    assert!(check_future(transport.send(Request::get("/a"))) < 4096);
    assert!(check_future(transport.json::<u8>(Request::get("/a"))) < 4096);
}
