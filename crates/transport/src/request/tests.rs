//! Requests as values: encoding, bodies, what is refused, what is printed.

use super::*;

#[test]
fn segments_and_queries_encode_every_reserved_character() {
    for (text, encoded) in [
        ("a b", "a%20b"),
        ("a+b", "a%2Bb"),
        ("a/b", "a%2Fb"),
        ("a?b#c%d&e=f", "a%3Fb%23c%25d%26e%3Df"),
        ("[x];:@!$'()*,", "%5Bx%5D%3B%3A%40%21%24%27%28%29%2A%2C"),
        ("é\u{301}日🎉", "%C3%A9%CC%81%E6%97%A5%F0%9F%8E%89"),
        ("-._~", "-._~"),
        ("\r\n\0", "%0D%0A%00"),
        ("%2e%2E", "%252e%252E"),
        ("\\..\\", "%5C..%5C"),
    ] {
        assert_eq!(Request::get("/f").segment(text).path_and_query(), format!("/f/{encoded}"));
        assert_eq!(
            Request::get("/f").query(text, text).path_and_query(),
            format!("/f?{encoded}={encoded}")
        );
    }
}

#[test]
fn what_cannot_be_sent_is_told_before_sending() {
    let url = Url::parse("https://h/p").unwrap();
    for (request, part) in [
        (Request::get("/f").segment(".."), "segment"),
        (Request::get("/f").segment("."), "segment"),
        (Request::get("/f").path_segments("a//b".split('/')), "segment"),
        (Request::get("/f").header("x-a", "line\r\nbreak"), "x-a"),
        (Request::get("/f").header("bad name", "v"), "header name"),
        (Request::get("/f").header("Content-Length", "7"), "content-length"),
        (Request::get("/f").header("Host", "evil"), "host"),
        (Request::get("/f").range(3..3), "range"),
        (Request::bare(Method::GET, url.clone()).segment("x"), "segment"),
        (Request::bare(Method::GET, url.clone()).query("k", 1), "query"),
    ] {
        let error = request.check().unwrap_err();
        assert_eq!(error.kind(), crate::ErrorKind::Invalid);
        assert!(error.message().contains(part), "{error}");
    }
    Request::get("/f").segment("a..b").segment("...").check().unwrap();
}

#[test]
fn methods_say_what_may_be_repeated() {
    for (request, idempotent) in [
        (Request::get("/"), true),
        (Request::head("/"), true),
        (Request::put("/"), true),
        (Request::delete("/"), true),
        (Request::post("/"), false),
        (Request::patch("/"), false),
        (Request::post("/").idempotent(), true),
        (Request::put("/").once(), false),
    ] {
        assert_eq!(request.is_idempotent(), idempotent, "{request:?}");
    }
}

#[test]
fn bodies_bring_their_content_type() {
    let json = Request::post("/").json(&[1, 2]);
    assert_eq!(json.headers()[CONTENT_TYPE], "application/json");
    assert_eq!(json.body_ref().as_bytes().unwrap(), "[1,2]");
    let form = Request::post("/").form([("a&b", "c d"), ("é", "+")]);
    assert_eq!(form.headers()[CONTENT_TYPE], "application/x-www-form-urlencoded");
    assert_eq!(form.body_ref().as_bytes().unwrap(), "a%26b=c%20d&%C3%A9=%2B");
    let form = Request::post("/").multipart(Multipart::with_boundary("b").text("k", "v"));
    assert_eq!(form.headers()[CONTENT_TYPE], "multipart/form-data; boundary=b");
    assert_eq!(form.body_ref().as_multipart().unwrap().field("k"), Some("v"));
}

#[test]
fn ranges_are_inclusive_on_the_wire_and_never_compressed() {
    let request = Request::get("/").range(10..20);
    assert_eq!(request.headers()[RANGE], "bytes=10-19");
    assert_eq!(request.headers()[ACCEPT_ENCODING], "identity");
    assert!(request.is_data());
    assert_eq!(Request::get("/").range_from(7).headers()[RANGE], "bytes=7-");
}

#[test]
fn debug_prints_no_secret() {
    let mut request = Request::post("/login")
        .query("token", "planted")
        .header("x-note", "planted")
        .form([("password", "planted")]);
    request.insert_secret("authorization", &"planted".into()).unwrap();
    let link = Url::parse("https://h/planted?sig=planted").unwrap();
    let text = format!("{request:?} {request:#?} {:?}", Request::bare(Method::GET, link));
    assert!(!text.contains("planted"), "{text}");
    assert!(text.contains("authorization") && text.contains("token"), "{text}");
    let error = request.insert_secret("authorization", &"planted\n".into()).unwrap_err();
    assert!(!format!("{error} {error:?}").contains("planted"));
}
