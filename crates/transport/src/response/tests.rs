//! Bodies within limits, and bodies that are not what was announced.

use std::time::Duration;

use super::*;
use futures_util::stream;
use http::HeaderValue;

const SILENCE: Duration = Duration::from_secs(30);

fn response(length: Option<u64>, blocks: &[&'static str]) -> Response {
    let mut headers = HeaderMap::new();
    if let Some(length) = length {
        headers.insert(CONTENT_LENGTH, HeaderValue::from(length));
    }
    let blocks: Vec<_> =
        blocks.iter().map(|text| Ok(Bytes::from_static(text.as_bytes()))).collect();
    Response::streamed(StatusCode::OK, headers, stream::iter(blocks)).guarded(
        &Method::GET,
        &SafeUrl::bare(&url::Url::parse("https://h").unwrap()),
        SILENCE,
    )
}

#[tokio::test]
async fn bodies_are_whole_or_an_error() {
    let text = |response: Response| async {
        response.text(8).await.map_err(|error| (error.kind(), error.to_string()))
    };
    assert_eq!(text(response(None, &["ab", "", "cd"])).await.unwrap(), "abcd");
    assert_eq!(text(response(Some(4), &["ab", "cd"])).await.unwrap(), "abcd");
    assert_eq!(text(response(Some(0), &[])).await.unwrap(), "");
    let place = "GET https://h/…: ";
    for (length, blocks, kind, message) in [
        (
            Some(4),
            &["ab"][..],
            ErrorKind::Interrupted,
            "the body ended 2 bytes before its announced length",
        ),
        (Some(1), &["ab"], ErrorKind::Protocol, "the body is longer than announced"),
        (Some(9), &["ab"], ErrorKind::TooLarge, "the answer is larger than the 8 bytes allowed"),
        (
            None,
            &["abcde", "fghi"],
            ErrorKind::TooLarge,
            "the answer is larger than the 8 bytes allowed",
        ),
    ] {
        assert_eq!(text(response(length, blocks)).await, Err((kind, format!("{place}{message}"))));
    }
}

#[tokio::test]
async fn a_head_has_a_length_and_no_body() {
    let mut headers = HeaderMap::new();
    headers.insert(CONTENT_LENGTH, HeaderValue::from(99));
    let url = SafeUrl::bare(&url::Url::parse("https://h").unwrap());
    let head = Response::new(StatusCode::OK, headers, "").guarded(&Method::HEAD, &url, SILENCE);
    assert_eq!(head.content_length(), Some(99));
    assert_eq!(head.into_stream().collect::<Vec<_>>().await.len(), 0);
}

#[tokio::test(start_paused = true)]
async fn only_the_other_side_s_silence_counts() {
    let blocks = stream::unfold(0_u64, |n| async move {
        tokio::time::sleep(Duration::from_secs(20 * n)).await;
        Some((Ok(Bytes::from_static(b"x")), n + 1))
    });
    let url = SafeUrl::bare(&url::Url::parse("https://h").unwrap());
    let mut body = Response::streamed(StatusCode::OK, HeaderMap::new(), blocks)
        .guarded(&Method::GET, &url, SILENCE)
        .into_stream();
    assert!(body.next().await.unwrap().is_ok());
    assert!(body.next().await.unwrap().is_ok(), "20 s are not silence");
    tokio::time::sleep(Duration::from_secs(3600)).await;
    let begun = tokio::time::Instant::now();
    let error = body.next().await.unwrap().unwrap_err();
    assert_eq!(
        (error.kind(), begun.elapsed()),
        (ErrorKind::Timeout, SILENCE),
        "a slow reader is not silence"
    );
    assert!(body.next().await.is_none());
}

#[tokio::test(start_paused = true)]
async fn what_is_kept_of_a_refusal_is_bounded() {
    let (_, _, body) = response(None, &["abc", "def", "ghi"]).into_beginning(4, SILENCE).await;
    assert_eq!(body, "abcd");
    let (_, _, body) = response(Some(9), &["abc"]).into_beginning(4, SILENCE).await;
    assert_eq!(body, "abc", "a broken body is still told as far as it came");
    let stalled = stream::iter([Ok(Bytes::from_static(b"ab"))]).chain(stream::pending());
    let stalled = Response::streamed(StatusCode::OK, HeaderMap::new(), stalled);
    assert_eq!(stalled.into_beginning(4, SILENCE).await.2, "ab", "and so is one that stalls");
}

#[test]
fn debug_prints_no_body() {
    let answer = Answer::new(StatusCode::OK, HeaderMap::new(), "planted");
    assert!(!format!("{answer:?}").contains("planted"));
}
