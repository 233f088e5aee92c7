//! Credentials go to the configured origin only, and nothing printed holds one.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)]

mod secrets;
mod sessions;

use std::sync::atomic::Ordering;
use std::time::Duration;

use async_trait::async_trait;
use futures_util::stream::{self, FuturesUnordered, StreamExt};
use wharf_transport::testing::{Reply, Script};
use wharf_transport::{
    Base, Body, Bytes, Dialect, ErrorKind, Method, Multipart, Reached, Refusal, Request, Result,
    Transport, Verdict,
};

use sessions::{login_then, sessions, some, transport};

#[tokio::test(start_paused = true)]
async fn a_dead_session_is_renewed_once_and_the_request_repeated() {
    for dead in
        [Reply::new(401), Reply::new(500).body("101"), Reply::new(200).header("x-error", "101")]
    {
        let script = login_then([dead.clone(), Reply::new(200), Reply::new(200)]);
        let (transport, sessions_of) = transport(&script);
        let form = Multipart::with_boundary("b").text("k", "v");
        let response = transport.send(Request::post("/a").multipart(form)).await.unwrap();
        assert_eq!(response.attempts(), 2);
        assert_eq!(sessions(&script), [None, some("1"), None, some("2")], "{dead:?}");
        let body = String::from_utf8(script.requests()[3].body().to_vec()).unwrap();
        assert!(body.contains("planted-2") && !body.contains("planted-1"), "{body}");
        assert_eq!(sessions_of.logins.load(Ordering::Relaxed), 2);
    }
    let script = login_then([Reply::new(401), Reply::new(200), Reply::new(401)]);
    let error = transport(&script).0.send(Request::get("/a")).await.unwrap_err();
    assert_eq!((error.kind(), error.status().unwrap().as_u16()), (ErrorKind::Refused, 401));
    assert_eq!(script.left(), 0);
}

#[tokio::test(start_paused = true)]
async fn a_refusal_in_a_body_renews_too() {
    let script =
        login_then([Reply::new(200).body("101"), Reply::new(200), Reply::new(200).body("fine")]);
    let check = |answer: &wharf_transport::Answer| answer.body().as_ref() == b"101";
    let answer = transport(&script).0.fetch_checked(Request::get("/a"), check).await.unwrap();
    assert_eq!(answer.body(), "fine");
    assert_eq!(sessions(&script), [None, some("1"), None, some("2")]);
}

#[tokio::test(start_paused = true)]
async fn the_dialect_knows_what_missing_looks_like() {
    let missing = || Reply::new(500).header("x-error", "missing");
    let script = login_then([Reply::reset(), missing()]);
    let response = transport(&script).0.send(Request::delete("/a")).await.unwrap();
    assert_eq!((response.status().as_u16(), response.attempts()), (500, 2));
    let script = login_then([Reply::new(401), Reply::new(200), missing()]);
    let error = transport(&script).0.send(Request::delete("/a")).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Refused, "what was refused for its session did not arrive");
}

#[tokio::test(start_paused = true)]
async fn many_calls_share_one_login_and_one_renewal() {
    let script = Script::new().respond(|request| match request.header("authorization") {
        None => Reply::new(200).after(Duration::from_secs(1)),
        Some("planted-1") => Reply::new(401).after(Duration::from_secs(1)),
        Some(_) => Reply::new(200),
    });
    let (transport, sessions) = transport(&script);
    let calls: FuturesUnordered<_> = (0..32).map(|_| transport.send(Request::get("/a"))).collect();
    assert!(calls.all(|result| async move { result.is_ok() }).await);
    assert_eq!(sessions.logins.load(Ordering::Relaxed), 2);
}

#[tokio::test(start_paused = true)]
async fn a_login_that_fails_is_the_error() {
    let script = Script::new().respond(|_| Reply::refused_connection());
    let error = transport(&script).0.send(Request::post("/a")).await.unwrap_err();
    assert_eq!(
        (error.kind(), error.attempts(), error.reached()),
        (ErrorKind::Connect, 5, Reached::No)
    );
    assert!(error.to_string().starts_with("POST https://app.good.example/v1/login: "), "{error}");

    let script = login_then([Reply::new(401)]).respond(|_| Reply::refused_connection());
    let error = transport(&script).0.send(Request::get("/a")).await.unwrap_err();
    assert_eq!((error.kind(), error.reached()), (ErrorKind::Connect, Reached::Yes));
}

/// A dialect that has one credential and no other.
#[derive(Debug)]
struct Key;

#[async_trait]
impl Dialect for Key {
    async fn sign(&self, request: &mut Request, _: &Transport) -> Result<()> {
        request.insert_secret("x-key", &"planted".into())
    }
    fn judge(&self, _: &Refusal) -> Verdict {
        Verdict::Renew
    }
}

#[tokio::test]
async fn without_another_credential_the_refusal_stands() {
    let script = Script::new().answer(Reply::new(401).body("revoked"));
    let transport =
        Transport::builder("https://h").exchange(script.exchange()).dialect(Key).build().unwrap();
    let error = transport.send(Request::get("/a")).await.unwrap_err();
    assert_eq!(error.refusal().unwrap().body(), "revoked");
    assert_eq!(
        std::error::Error::source(&error).unwrap().to_string(),
        "the credential cannot be renewed"
    );
}

#[tokio::test(start_paused = true)]
async fn a_host_named_by_the_service_is_taken_once_and_for_good() {
    let moved = |to: &str| Reply::new(421).body(to.to_owned());
    let script =
        login_then([moved("https://eu.good.example/ignored?x"), Reply::new(200), Reply::new(200)]);
    let (transport, _) = transport(&script);
    transport.send(Request::post("/a")).await.unwrap();
    transport.send(Request::get("/b")).await.unwrap();
    let urls: Vec<_> = script.requests().iter().map(|request| request.url().to_owned()).collect();
    assert_eq!(
        urls[1..],
        [
            "https://app.good.example/v1/a",
            "https://eu.good.example/v1/a",
            "https://eu.good.example/v1/b"
        ]
    );
    assert_eq!(transport.base().to_string(), "https://eu.good.example/v1");
}

#[tokio::test(start_paused = true)]
async fn a_host_named_by_the_service_must_be_allowed() {
    let moved = |to: &str| Reply::new(421).body(to.to_owned());
    for to in [
        "https://evil.example/",
        "https://good.example.evil.example/",
        "http://eu.good.example/",
        "https://me:pw@eu.good.example/",
        "http://127.0.0.1:9/",
    ] {
        let script = login_then([moved(to)]);
        let (transport, _) = transport(&script);
        let error = transport.send(Request::get("/a")).await.unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::Redirected | ErrorKind::Invalid), "{error:?}");
        assert_eq!(script.requests().len(), 2, "nothing was sent to {to}");
        assert_eq!(transport.base().host(), "app.good.example");
    }
    let (there, back) = (moved("https://eu.good.example"), moved("https://app.good.example"));
    let script = login_then([there, back]);
    let error = transport(&script).0.send(Request::get("/a")).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Refused, "no second move within one call");
}

#[tokio::test(start_paused = true)]
async fn redirects_of_signed_requests_stay_on_the_origin() {
    let to = |status: u16, place: &str| Reply::new(status).header("location", place);
    let script = login_then([
        to(302, "/other?x=1"),
        to(307, "https://app.good.example:443/third"),
        Reply::new(200),
    ]);
    let (transport_, _) = transport(&script);
    let response = transport_.send(Request::get("/a").query("q", 1)).await.unwrap();
    assert_eq!(response.attempts(), 1);
    let urls: Vec<_> = script.requests().iter().map(|request| request.url().to_owned()).collect();
    assert_eq!(
        urls[1..],
        [
            "https://app.good.example/v1/a?q=1",
            "https://app.good.example/other?x=1",
            "https://app.good.example/third"
        ]
    );
    assert_eq!(sessions(&script)[1..], [some("1"), some("1"), some("1")]);

    for (request, place, words) in [
        (
            Request::get("/a"),
            "https://evil.example/planted?planted",
            "https://evil.example/…, another host",
        ),
        (
            Request::get("/a"),
            "https://app.good.example:444/",
            "https://app.good.example:444/…, another host",
        ),
        (Request::get("/a"), "http://app.good.example/", "from HTTPS to http://app.good.example/…"),
        (Request::post("/a"), "/b", "only GET and HEAD follow"),
        (Request::post("/a").body(once()), "/b", "only GET and HEAD follow"),
        (Request::get("/a"), "https://", "something that is no address"),
    ] {
        let script = login_then([to(302, place)]);
        let error = transport(&script).0.send(request).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Redirected);
        assert_eq!((error.status().unwrap().as_u16(), error.reached()), (302, Reached::Yes));
        assert!(error.to_string().contains(words), "{error}");
        assert!(!format!("{error:?}").contains("planted"));
        assert_eq!(script.requests().len(), 2, "nothing followed to {place}");
    }
    let script = login_then([]).respond(|_| Reply::new(302).header("location", "/again"));
    let error = transport(&script).0.send(Request::get("/a")).await.unwrap_err();
    assert_eq!((error.kind(), script.requests().len()), (ErrorKind::Redirected, 7));
}

/// A content that can be sent once.
fn once() -> Body {
    Body::stream(stream::iter([Ok(Bytes::from_static(b"abc"))]), Some(3))
}

#[tokio::test(start_paused = true)]
async fn bare_requests_never_get_a_credential() {
    let bare = |url: &str| Request::bare(Method::GET, url.parse().unwrap());
    let to = |place: &str| Reply::new(302).header("location", place);
    for url in ["https://storage.example/o?sig=1", "https://app.good.example/v1/a"] {
        let script = Script::new().answer(Reply::new(200));
        transport(&script).0.send(bare(url)).await.unwrap();
        assert_eq!(script.requests()[0].url(), url);
        assert_eq!(sessions(&script), [None]);
    }
    let script = Script::new()
        .answer(to("/p?sig=2"))
        .answer(to("https://other.example/o"))
        .answer(to("/q"))
        .answer(Reply::new(200));
    let request =
        bare("https://storage.example/o").header("authorization", "planted").header("x-part", "7");
    transport(&script).0.send(request).await.unwrap();
    let seen: Vec<_> = script
        .requests()
        .iter()
        .map(|request| (request.url().to_owned(), request.headers().contains_key("authorization")))
        .collect();
    assert_eq!(
        seen,
        [
            ("https://storage.example/o".to_owned(), true),
            ("https://storage.example/p?sig=2".to_owned(), true),
            ("https://other.example/o".to_owned(), false),
            ("https://other.example/q".to_owned(), false)
        ]
    );
    assert_eq!(script.requests()[2].header("x-part"), Some("7"));

    for place in ["http://storage.example/o", "http://127.0.0.1/o"] {
        let script = Script::new().answer(to(place));
        let error = transport(&script).0.send(bare("https://storage.example/o")).await.unwrap_err();
        assert_eq!((error.kind(), script.requests().len()), (ErrorKind::Redirected, 1));
        let error = transport(&script).0.send(bare(place)).await.unwrap_err();
        assert_eq!((error.kind(), script.requests().len()), (ErrorKind::Invalid, 1));
    }
    // What storage says is not about our credential.
    let script = Script::new().answer(Reply::new(401));
    let error = transport(&script).0.send(bare("https://storage.example/o")).await.unwrap_err();
    assert!(!error.refusal().unwrap().is_signed());
    assert_eq!(script.requests().len(), 1);
}

#[test]
fn plain_http_is_for_this_machine() {
    for (base, allowed) in [
        ("http://localhost:80", true),
        ("http://127.8.9.1", true),
        ("http://[::1]:8080/x", true),
        ("https://anything.example", true),
        ("http://10.0.0.1", false),
        ("http://localhost.evil.example", false),
        ("http://127.0.0.1.evil.example", false),
        ("http://0.0.0.0", false),
        ("ftp://localhost", false),
        ("localhost:80", false),
        ("https://me@h", false),
        ("https://h?x", false),
        ("https://h#x", false),
        ("https://", false),
    ] {
        assert_eq!(Transport::builder(base).build().is_ok(), allowed, "{base}");
        assert_eq!(Base::parse(base).is_ok(), allowed, "{base}");
    }
    Transport::builder("http://10.0.0.1").dangerous_allow_http(true).build().unwrap();
    let error = Transport::builder("https://me:planted@h").build().unwrap_err();
    assert!(!format!("{error:?} {error}").contains("planted"));
}
