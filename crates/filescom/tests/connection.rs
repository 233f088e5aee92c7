//! The test of a connection, key by key, and what each key may do.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

#[path = "common/site.rs"]
mod site;

use site::{Site, entries};
use wharf_connector::{
    Connector, ConnectorExt, ErrorKind, Permissions, RemotePath, Stage, StageOutcome,
};
use wharf_filescom::{Client, Config, Credentials, FilesCom};
use wharf_sandbox::{Fault, Route};
use wharf_transport::RetryPolicy;
use wharf_transport::testing::{Reply, Script};

fn outcomes(stages: &[Stage]) -> Vec<(&'static str, &'static str)> {
    stages.iter().map(|stage| (stage.name, stage.outcome.as_str())).collect()
}

#[tokio::test]
async fn a_full_key_is_described() {
    let site = Site::start().await;
    let report = site.filescom.test_connection().await.unwrap();
    assert_eq!(
        outcomes(&report.stages),
        [
            ("settings", "passed"),
            ("reach", "passed"),
            ("tls", "skipped"),
            ("credentials", "passed"),
            ("root", "passed"),
        ]
    );
    assert_eq!(report.credential.as_deref(), Some("site-wide API key"));
    assert_eq!(report.permissions.as_deref(), Some("full"));
    assert_eq!(report.confined_to, None);
    assert!(report.account.is_some());
    assert!(report.clock_skew.is_some());
}

#[tokio::test]
async fn keys_that_are_no_good_are_told_with_the_service_s_document_and_a_remedy() {
    let site = Site::start().await;
    let keys = site.sandbox.keys().clone();
    for key in [&keys.revoked, &keys.expired, &"NoKeyAtAll".to_owned()] {
        let filescom = Site::connector(&site.sandbox, key);
        let error = filescom.test_connection().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Unauthenticated, "{error}");
        assert!(error.document().unwrap().contains("not-authenticated/"), "{error}");
        assert!(error.remedy().is_some());
        let stages = outcomes(&error.report().unwrap().stages);
        assert_eq!(stages.last(), Some(&("credentials", "failed")));
        assert!(!format!("{error:?} {:?}", error.report()).contains(key.as_str()));
    }
}

#[tokio::test]
async fn a_confined_key_sees_its_own_folder_and_nothing_else() {
    let site = Site::start().await;
    site.sandbox.filescom().put("vendor/acme/mine.txt", "abc");
    site.sandbox.filescom().put("vendor/other/theirs.txt", "abc");
    let filescom = Site::connector(&site.sandbox, &site.sandbox.keys().restricted);
    let report = filescom.test_connection().await.unwrap();
    assert!(report.passed(), "{report:?}");
    assert!(filescom.stat(&site.path("/vendor/acme/mine.txt")).await.is_ok());
    let error = filescom.stat(&site.path("/vendor/other/theirs.txt")).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotFound);
    assert!(error.message().contains("or not permitted"), "{error}");
    assert!(error.document().is_some() && error.remedy().is_some());
}

#[tokio::test]
async fn a_key_that_only_reads_may_not_write() {
    let site = Site::start().await;
    site.sandbox.filescom().put("a.txt", "abc");
    let filescom = Site::connector(&site.sandbox, &site.sandbox.keys().read_only);
    assert!(filescom.test_connection().await.unwrap().passed());
    let entry = filescom.stat(&site.path("/a.txt")).await.unwrap();
    let rights = entry.permissions.unwrap();
    assert!(rights.contains(Permissions::DOWNLOAD) && !rights.contains(Permissions::MODIFY));
    let error = filescom.write_bytes(&site.path("/b.txt"), "abc").await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::PermissionDenied, "{error}");
    assert_eq!(error.reached(), wharf_connector::Reached::No);
}

#[tokio::test]
async fn nobody_there_fails_the_second_stage() {
    let site = Site::start().await;
    let key = Credentials::api_key("planted").unwrap();
    let port = {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        listener.local_addr().unwrap().port()
    };
    let config = Config::new(format!("http://127.0.0.1:{port}"), key);
    let client = Client::builder(config).retry(RetryPolicy::none()).build().unwrap();
    let error = FilesCom::new(client).test_connection().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unavailable, "{error}");
    let stages = outcomes(&error.report().unwrap().stages);
    assert_eq!(stages, [("settings", "passed"), ("reach", "failed")]);
    assert!(error.remedy().is_some());
    drop(site);
}

async fn scripted(replies: Vec<Reply>) -> wharf_connector::Result<Vec<Stage>> {
    let script = replies.into_iter().fold(Script::new(), Script::answer);
    let config = Config::new("acme", Credentials::api_key("planted").unwrap());
    let client = Client::builder(config).exchange(script.exchange()).build().unwrap();
    FilesCom::new(client).test_connection().await.map(|report| report.stages)
}

#[tokio::test]
async fn a_key_that_may_not_ask_about_itself_is_good_if_it_may_list() {
    let refused = r#"{"type":"not-authorized/api-key-is-path-restricted","error":"No."}"#;
    let stages = scripted(vec![Reply::json(403, refused), Reply::json(200, "[]")]).await.unwrap();
    assert_eq!(stages[3].outcome, StageOutcome::Skipped);
    assert_eq!((stages[4].name, stages[4].outcome), ("root", StageOutcome::Passed));
    let error = scripted(vec![Reply::json(403, refused), Reply::json(403, refused)]).await;
    assert_eq!(error.unwrap_err().kind(), ErrorKind::PermissionDenied);
}

#[tokio::test]
async fn a_confined_key_need_not_list_the_root() {
    let key = r#"{"id":1,"permission_set":"full","path":"vendor/acme","user_id":7}"#;
    let missing = r#"{"type":"not-found","error":"Not Found."}"#;
    let stages = scripted(vec![Reply::json(200, key), Reply::json(404, missing)]).await.unwrap();
    assert_eq!((stages[4].name, stages[4].outcome), ("root", StageOutcome::Skipped));
}

#[tokio::test]
async fn a_failed_root_is_told_with_what_passed_before() {
    let site = Site::start().await;
    site.sandbox.faults().always(Route::List, Fault::status(500));
    let error = site.filescom.test_connection().await.unwrap_err();
    let stages = outcomes(&error.report().unwrap().stages);
    assert_eq!(stages[3..], [("credentials", "passed"), ("root", "failed")]);
    assert_eq!(error.kind(), ErrorKind::Unavailable);
}

#[tokio::test]
async fn names_that_the_service_would_misread_are_not_sent() {
    let site = Site::start().await;
    site.sandbox.seen().clear();
    for name in ["/a\\b", "/a\u{200b}", "/\u{ff0f}", "/ "] {
        let path: RemotePath = site.path(name);
        for kind in [
            site.filescom.stat(&path).await.unwrap_err().kind(),
            site.filescom.write_bytes(&path, "x").await.unwrap_err().kind(),
            site.filescom.read_bytes(&path, 1).await.unwrap_err().kind(),
            entries(&site.filescom, name).await.unwrap_err().kind(),
        ] {
            assert_eq!(kind, ErrorKind::Invalid, "{name:?}");
        }
    }
    assert!(site.sandbox.seen().requests().is_empty());
}
