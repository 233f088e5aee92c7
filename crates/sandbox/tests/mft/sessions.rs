//! Signing in, and sessions that end each other.

use axum::http::Method;
use chrono::TimeDelta;
use wharf_sandbox::Replaces;

use crate::client::{Api, escaped};

const INFO: &str = "/REST/1.0/Server/Info";

#[tokio::test]
async fn a_regular_sign_in_ends_the_regular_session_before_it_and_no_other() {
    let mut api = Api::start().await;
    let immutable = api.session.clone();
    let first = api.session_of("Admin", "Session").await;
    let clerk = api.session_of("clerk", "Session").await;
    let second = api.session_of("Admin", "Session").await;
    for (session, lives) in [(immutable, true), (first, false), (clerk, true), (second, true)] {
        api.session = session;
        assert_eq!(api.get(INFO).await.status == 200, lives);
    }
}

#[tokio::test]
async fn by_application_only_the_same_application_is_signed_out() {
    let mut api = Api::awkward(|options| options.replaces = Replaces::SameUserAndApplication).await;
    let first = api.session_of("Admin", "Session").await;
    let body = api.credentials("Admin").replace("ApplicationId=12", "ApplicationId=13");
    api.post("/REST/1.0/Session", &body).await.good();
    api.session = first;
    api.get(INFO).await.good();
}

#[tokio::test]
async fn an_immutable_session_lives_for_48_hours_of_the_sandbox() {
    let api = Api::start().await;
    api.sandbox.clock().advance(TimeDelta::hours(47));
    api.get(INFO).await.good();
    api.sandbox.clock().advance(TimeDelta::hours(2));
    assert_eq!(api.get(INFO).await.code(), 101);
}

#[tokio::test]
async fn the_session_is_taken_bare_from_either_header() {
    let api = Api::start().await;
    let bearer = format!("Bearer {}", api.session);
    for (name, value, status) in [
        ("authorization", api.session.as_str(), 200),
        ("x-thru-sessionid", api.session.as_str(), 200),
        ("authorization", bearer.as_str(), 500),
        ("authorization", "", 500),
    ] {
        let answer = api.send(Method::GET, INFO, &[(name, value)], "".into()).await;
        assert_eq!(answer.status, status, "{name}");
        if status == 500 {
            assert_eq!(answer.code(), 101);
        }
    }
    let both = [("authorization", "dead"), ("x-thru-sessionid", api.session.as_str())];
    assert_eq!(api.send(Method::GET, INFO, &both, "".into()).await.code(), 101);
}

#[tokio::test]
async fn a_dead_session_answers_the_derived_document() {
    let api = Api::start().await;
    api.sandbox.mft().kill_sessions();
    let answer = api.get(INFO).await;
    assert_eq!(answer.status, 500);
    let sample = include_str!("../../fixtures/mft/derived_error_session_gone.json");
    assert_eq!(answer.json(), serde_json::from_str::<serde_json::Value>(sample).unwrap());
    assert_eq!(api.sandbox.mft().sessions(), 0);
}

#[tokio::test]
async fn tickets_sign_in_and_are_demanded() {
    let api = Api::start().await;
    let ticket = escaped(&api.sandbox.mft().ticket("clerk").unwrap());
    let by_ticket = format!("ApplicationId=12&ClientVersion=1&Ticket={ticket}");
    let plain = "ApplicationId=12&ClientVersion=1";
    let credentials = api.credentials("clerk");
    for (kind, body, good) in [
        ("SessionByTicket", by_ticket.as_str(), true),
        ("SessionByTicket", plain, false),
        ("SessionByTicket", credentials.as_str(), false),
        ("ImmutableSessionByTicket", by_ticket.as_str(), true),
        ("ImmutableSessionByTicket", credentials.as_str(), true),
        ("ImmutableSessionByTicket", plain, false),
        ("ImmutableSession", by_ticket.as_str(), false),
    ] {
        let answer = api.post(&format!("/REST/1.2/{kind}"), body).await;
        assert_eq!(answer.status == 201, good, "{kind} {body}: {answer:?}");
    }
}

#[tokio::test]
async fn wrong_or_too_long_sign_ins_are_refused() {
    let api = Api::start().await;
    let good = api.credentials("Admin");
    for (body, code) in [
        (good.replace("Password51c7", "x"), 990_001),
        ("ApplicationId=12".to_owned(), 990_003),
        (good.replace("ApplicationId=12", ""), 990_003),
        (good.replace("Device1234", "DeviceOf18Letters!"), 990_004),
        (format!("{good}&UserString={}", "x".repeat(257)), 990_004),
    ] {
        assert_eq!(api.post("/REST/1.16/Session", &body).await.code(), code, "{body}");
    }
    let printed = "ApplicationId=12&ClientVersion=1&Device%5CUUID=Device1234&UserName=aDMIN";
    let body =
        format!("{printed}&Password=AdminPassword51c7&UserString=Name+%2F+email%40domain.com");
    assert_eq!(api.post("/rest/1.0/session", &body).await.status, 201);
    api.sandbox.mft().configure(|options| options.strict_device = true);
    let without = good.replace("&Device_UUID=Device1234", "");
    assert_eq!(api.post("/REST/1.16/Session", &without).await.code(), 990_003);
    assert_eq!(api.post("/REST/1.16/Session", &good).await.status, 201);
}

#[tokio::test]
async fn only_administrators_impersonate() {
    let mut api = Api::start().await;
    let path = "/REST/1.16/ImmutableImpersonateSession";
    let users = api.sandbox.mft().users();
    let clerk = users.iter().find(|user| user.name == "clerk").unwrap();
    let body = format!("UserID={}&ApplicationID=25674", clerk.id);
    let session = api.session.clone();
    let headers = [
        ("x-thru-sessionid", session.as_str()),
        ("content-type", "application/x-www-form-urlencoded"),
    ];
    let answer = api.send(Method::POST, path, &headers, body.clone().into()).await;
    assert_eq!(answer.status, 200);
    let document = answer.json();
    assert_eq!(document["UserId"], clerk.id.as_str());
    assert_eq!(api.post(path, "UserID=nobody&ApplicationID=1").await.status, 400);
    assert_eq!(api.post(path, "").await.status, 400);
    api.session = document["SessionId"].as_str().unwrap().to_owned();
    assert_eq!(api.get("/REST/1.16/User").await.good()["Name"], "clerk");
    assert_eq!(api.post(path, &body).await.status, 403);
}

#[tokio::test]
async fn sessions_can_be_made_to_die_at_every_nth_request() {
    let mut api = Api::start().await;
    api.sandbox.mft().configure(|options| options.die_every = Some(3));
    let mut answers = Vec::new();
    for _ in 0..6 {
        let good = api.get(INFO).await.status == 200;
        answers.push(good);
        if !good {
            api.sign_in("Admin").await;
        }
    }
    assert_eq!(answers, [true, true, false, true, true, false]);
}
