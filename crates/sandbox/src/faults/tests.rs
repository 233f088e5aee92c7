//! Rules, and the faults that act on answers.

use axum::body::{Body, to_bytes};
use axum::extract::Request;
use axum::http::header::CONTENT_LENGTH;
use axum::response::{IntoResponse, Response};

use super::*;

async fn run(faults: &Faults, route: Route, body: &'static str) -> Response {
    let request = Request::builder().uri("/folders/a%20b?x=1").body(Body::empty()).unwrap();
    let work = async |_| ([("etag", "\"e\"")], body).into_response();
    faults.run(route, request, work).await
}

async fn text(response: Response) -> String {
    let bytes = to_bytes(response.into_body(), 1 << 20).await.unwrap();
    String::from_utf8(bytes.into()).unwrap()
}

#[tokio::test]
async fn a_fault_meets_one_request_of_its_route() {
    let faults = Faults::default();
    faults.next(Route::List, Fault::status(503));
    assert_eq!(run(&faults, Route::Find, "{}").await.status(), 200);
    assert_eq!(run(&faults, Route::List, "{}").await.status(), 503);
    assert_eq!(run(&faults, Route::List, "{}").await.status(), 200);
}

#[tokio::test]
async fn rules_skip_repeat_and_look_at_the_path() {
    let faults = Faults::default();
    faults.add(Rule::new(Route::FilesCom, Fault::status(500)).skip(1).times(2));
    faults.add(Rule::new(Route::Any, Fault::status(404)).on("a b?x").always());
    faults.add(Rule::new(Route::Any, Fault::status(418)).on("elsewhere").always());
    let mut statuses = Vec::new();
    for _ in 0..5 {
        statuses.push(run(&faults, Route::List, "{}").await.status().as_u16());
    }
    assert_eq!(statuses, [404, 500, 500, 404, 404]);
    assert_eq!(run(&faults, Route::PartPut, "").await.status(), 404);
    faults.clear();
    assert_eq!(run(&faults, Route::PartPut, "").await.status(), 200);
}

#[tokio::test]
async fn rules_are_written_and_read_as_json() {
    let faults = Faults::default();
    let text = r#"{"route":"part_put","fault":{"status":{"code":429,"retry_after":"Soon"}}}"#;
    assert_eq!(faults.load(text).unwrap(), 1);
    let response = run(&faults, Route::PartPut, "").await;
    assert_eq!(response.status(), 429);
    assert_eq!(response.headers()["retry-after"], "Soon");
    for wrong in [
        "",
        "{}",
        r#"{"route":"nowhere","fault":"stall"}"#,
        r#"{"route":"list","fault":"no_such_fault"}"#,
        r#"[{"route":"list","fault":"stall"},{"route":"list","fault":"stall","often":1}]"#,
    ] {
        assert!(faults.load(wrong).is_err(), "{wrong}");
    }
    assert_eq!(faults.waiting(), []);
    let rule = Rule::new(Route::StorageGet, Fault::CutAfter(9)).always().on("x");
    let json = serde_json::to_string(&rule).unwrap();
    assert_eq!(faults.load(&json).unwrap(), 1);
    assert_eq!(faults.waiting(), [rule]);
}

#[tokio::test]
async fn bodies_are_damaged_as_told() {
    let faults = Faults::default();
    let cases = [
        (Fault::FlipByte(1), "0123", "0\u{fffd}23"),
        (Fault::WrongLength(-3), "0123", "0"),
        (Fault::TruncatedJson, r#"{"a":1}"#, r#"{"a"#),
        (Fault::MissingEntry, r#"[1,2,3]"#, "[2,3]"),
        (Fault::DuplicateEntries, r#"[1,2,3]"#, "[1,1,2,3]"),
        (Fault::DuplicateEntries, r#"[]"#, "[]"),
        (Fault::SizeWrong(-1), r#"{"Files":[{"Size":5}]}"#, r#"{"Files":[{"Size":4}]}"#),
        (Fault::NoChecksum, r#"[{"crc32":"0","md5":"1"}]"#, r#"[{"crc32":null,"md5":null}]"#),
        (
            Fault::ExpiredLink,
            r#"{"download_uri":"http://x/?X-Amz-Date=20260101T000000Z&b"}"#,
            r#"{"download_uri":"http://x/?X-Amz-Date=20010101T000000Z&b"}"#,
        ),
        (Fault::MigrationFailed, r#"{"status":"completed"}"#, r#"{"status":"failed"}"#),
    ];
    for (fault, body, expected) in cases {
        let case = format!("{fault:?}");
        faults.next(Route::List, fault);
        let response = run(&faults, Route::List, body).await;
        let length = response.headers().get(CONTENT_LENGTH).cloned();
        let bytes = to_bytes(response.into_body(), 1 << 20).await.unwrap();
        assert_eq!(length.unwrap(), bytes.len().to_string(), "{case}");
        assert_eq!(String::from_utf8_lossy(&bytes), expected, "{case}");
    }
}

#[tokio::test]
async fn a_cut_body_announces_its_whole_length() {
    let faults = Faults::default();
    for (fault, announced) in [(Fault::CutAfter(2), "4"), (Fault::WrongLength(5), "9")] {
        faults.next(Route::List, fault);
        let response = run(&faults, Route::List, "0123").await;
        assert_eq!(response.headers()[CONTENT_LENGTH], announced);
        assert!(to_bytes(response.into_body(), 1 << 20).await.is_err());
    }
}

#[tokio::test]
async fn a_listing_of_many_entries_is_whole_json() {
    let faults = Faults::default();
    for count in [0, 1, 500, 1234] {
        faults.next(Route::List, Fault::ManyEntries(count));
        let entry = r#"[{"path":"a/b","display_name":"b"}]"#;
        let text = text(run(&faults, Route::List, entry).await).await;
        let list: Vec<serde_json::Value> = serde_json::from_str(&text).unwrap();
        assert_eq!(list.len() as u64, count);
        if let Some(last) = list.last() {
            assert_eq!(last["path"], format!("a/entry-{:09}.txt", count - 1));
        }
    }
    faults.next(Route::MftList, Fault::ManyEntries(3));
    let text = text(run(&faults, Route::MftList, r#"{"Files":[],"Folders":[]}"#).await).await;
    let listing: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!(listing["Files"].as_array().unwrap().len(), 3);
}

#[tokio::test]
async fn nasty_names_join_the_listing() {
    let faults = Faults::default();
    faults.next(Route::List, Fault::NastyNames);
    let text = text(run(&faults, Route::List, "[]").await).await;
    let list: Vec<serde_json::Value> = serde_json::from_str(&text).unwrap();
    assert_eq!(list[0]["path"], "../../etc/passwd");
}

#[tokio::test]
async fn a_bomb_inflates_to_what_was_asked() {
    use std::io::Read;
    let faults = Faults::default();
    faults.next(Route::List, Fault::GzipBomb(3_000_000));
    let response = run(&faults, Route::List, "").await;
    assert_eq!(response.headers()["content-encoding"], "gzip");
    let packed = to_bytes(response.into_body(), 1 << 20).await.unwrap();
    assert!(packed.len() < 30_000);
    let mut text = String::new();
    flate2::read::GzDecoder::new(&*packed).read_to_string(&mut text).unwrap();
    assert_eq!(text.len(), 3_000_002);
    assert_eq!(text.trim(), "[]");
}

#[tokio::test]
async fn a_reset_is_marked_for_the_server() {
    let faults = Faults::default();
    for fault in [Fault::ResetBefore, Fault::LoseAnswer, Fault::ResetDuring(1)] {
        faults.next(Route::List, fault);
        let response = run(&faults, Route::List, "x").await;
        assert!(response.extensions().get::<NoAnswer>().is_some());
    }
}
