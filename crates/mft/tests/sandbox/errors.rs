//! What went wrong, in the service's words and ours.

use wharf_connector::{Connector, ConnectorExt, ErrorKind, StageOutcome};
use wharf_mft::Login;
use wharf_sandbox::{Fault, Route};

use crate::bench::{Bench, path, printed};

#[tokio::test]
async fn a_path_that_is_wrong_says_how_sure_it_was() {
    for (endpoint, certainty) in [
        ("root", "comes from a setting"),
        ("immutable_session", "comes from a setting"),
        ("search", "comes from a setting"),
    ] {
        let bench = Bench::with(|config| {
            config.endpoints.set(endpoint, "/REST/{version}/Elsewhere").unwrap();
        })
        .await;
        let error = bench.mft.list_all(&path("/COMMON")).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Protocol, "{endpoint}: {error}");
        assert!(error.message().contains("/REST/{version}/Elsewhere"), "{error}");
        assert!(error.message().contains(certainty), "{error}");
        let setting = format!("`endpoint.{endpoint}`");
        assert!(error.remedy().unwrap().contains(&setting), "{:?}", error.remedy());
    }
    let bench = Bench::with(|config| config.listing = wharf_mft::ListingWay::Folder).await;
    bench.sandbox.mft().configure(|options| options.folder_listings = false);
    let error = bench.mft.list_all(&path("/COMMON")).await.unwrap_err();
    assert!(error.message().contains("a proposal"), "{error}");
    assert!(error.remedy().unwrap().contains("`endpoint.folder_content`"), "{error:?}");
}

#[tokio::test]
async fn a_password_that_a_refusal_repeats_is_not_printed() {
    use wharf_mft::api::NewMessage;
    use wharf_mft::{Client, Config};
    use wharf_transport::testing::{Reply, Script};
    let script = Script::new().respond(|request| match request.path() {
        path if path.ends_with("Session") => Reply::json(201, r#"{"SessionID": "s"}"#),
        _ => {
            let form = String::from_utf8_lossy(request.body()).into_owned();
            Reply::json(422, format!(r#"{{"Message": "Invalid: {form}", "ErrorCode": 7002}}"#))
        }
    });
    let config = Config::new("h.example", "anna", Login::password("p"));
    let client = Client::builder(config).exchange(script.exchange()).build().unwrap();
    let mut message = NewMessage::new("a@b.example", "Hello");
    message.user_password = Some("planted-password".into());
    for error in [
        client.messages().create(&message).await.unwrap_err(),
        client.messages().update(&"7".into(), &message).await.unwrap_err(),
    ] {
        let printed = format!("{error} {error:?} {:?}", error.document());
        assert!(printed.contains("Invalid"), "{printed}");
        assert!(!printed.contains("planted-password"), "{printed}");
    }
}

#[tokio::test]
async fn acting_as_another_user_names_its_own_setting() {
    let bench = Bench::with(|config| {
        config.endpoints.set("impersonated_session", "/REST/{version}/Elsewhere").unwrap();
    })
    .await;
    let other = bench.client().impersonate(&"1Q1OBQWVHTROE".into()).unwrap();
    let error = other.sign_in().await.unwrap_err();
    let remedy = error.remedy().unwrap();
    assert!(remedy.contains("`endpoint.impersonated_session`"), "{remedy}");
}

#[tokio::test]
async fn the_words_of_the_service_are_kept() {
    for as_xml in [false, true] {
        let bench = Bench::new().await;
        bench.sandbox.mft().configure(|options| options.errors_as_xml = as_xml);
        let error = bench.client().files().info(&"12345".into()).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::NotFound);
        assert_eq!(error.code().unwrap().number(), 7001);
        assert_eq!(error.message(), "Invalid File ID: 12345 (code 7001)");
        assert_eq!(error.document().unwrap().starts_with('<'), as_xml);
        let error = bench.client().folders().info(&"12345".into()).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Other, "a code that is not published means nothing");
        assert!(error.message().contains("Invalid Folder ID"), "{error}");
    }
}

#[tokio::test]
async fn an_error_500_is_an_answer_unless_it_says_nothing() {
    let bench = Bench::new().await;
    bench.mft.stat(&path("/")).await.unwrap();
    bench.sandbox.seen().clear();
    bench.client().files().info(&"12345".into()).await.unwrap_err();
    assert_eq!(bench.count(Route::MftFileInfo), 1, "it is not asked again");
    bench.sandbox.faults().next(Route::MftServer, Fault::status(500));
    bench.client().server().info().await.unwrap();
}

#[tokio::test]
async fn a_test_says_how_far_it_came() {
    let bench = Bench::new().await;
    let report = bench.mft.test_connection().await.unwrap();
    let names: Vec<_> = report.stages.iter().map(|stage| stage.name).collect();
    assert_eq!(names, ["settings", "reach", "tls", "credentials", "server", "root"]);
    assert_eq!(report.account.as_deref(), Some("Admin"));
    assert_eq!(report.credential.as_deref(), Some("password, immutable session"));
    assert!(report.clock_skew.unwrap().abs() < 100_000_000);

    let wrong = Bench::with(|config| config.login = Login::password("planted")).await;
    let error = wrong.mft.test_connection().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unauthenticated);
    let report = error.report().unwrap();
    let failed = report.stages.last().unwrap();
    assert_eq!((failed.name, failed.outcome), ("credentials", StageOutcome::Failed));
    assert!(!printed(&error).contains("planted") && !format!("{report:?}").contains("planted"));

    let nowhere = Bench::with(|config| config.server = "http://127.0.0.1:1".into()).await;
    let error = nowhere.mft.test_connection().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unavailable);
    assert_eq!(error.report().unwrap().stages.last().unwrap().name, "reach");
    assert!(error.remedy().is_some());

    let rootless = Bench::of("Partner", |config| config.root = wharf_mft::Root::Home).await;
    let error = rootless.mft.test_connection().await.unwrap_err();
    assert_eq!(error.report().unwrap().stages.last().unwrap().name, "root");
    assert!(error.message().contains("no home"), "{error}");
}

#[tokio::test]
async fn the_stages_of_a_test_and_a_clock_that_is_wrong() {
    use wharf_mft::{Client, Config, Mft};
    use wharf_transport::testing::{Reply, Script};
    let bench = Bench::new().await;
    let report = bench.mft.test_connection().await.unwrap();
    let stages: Vec<_> = report.stages.iter().map(|stage| stage.name).collect();
    assert_eq!(stages, ["settings", "reach", "tls", "credentials", "server", "root"]);
    assert_eq!(report.stages[2].outcome, StageOutcome::Skipped, "it is plain HTTP");
    assert_eq!(report.warnings, Vec::<String>::new());

    let script = Script::new().respond(|request| match request.path() {
        path if path.ends_with("Session") => Reply::json(201, r#"{"SessionID": "s"}"#),
        path if path.ends_with("/Server/Info") => {
            Reply::json(200, r#"{"Title": "T"}"#).header("date", "Tue, 01 Jan 2030 00:00:00 GMT")
        }
        path if path.ends_with("/Root") => {
            Reply::json(200, r#"{"FolderID": "R", "Name": "FOLDERS", "Path": "FOLDERS"}"#)
        }
        _ => Reply::json(200, r#"{"Files": []}"#),
    });
    let config = Config::new("h.example", "anna", Login::password("p"));
    let client = Client::builder(config).exchange(script.exchange()).build().unwrap();
    let report = Mft::new(client).test_connection().await.unwrap();
    assert!(matches!(&*report.warnings, [clock] if clock.contains("clock")), "{report:?}");
}

#[tokio::test]
async fn no_session_is_printed() {
    use wharf_mft::{Client, Config, Mft};
    use wharf_transport::testing::{Reply, Script};
    let script = Script::new().respond(|request| match request.path() {
        path if path.ends_with("Session") => {
            Reply::json(201, r#"{"SessionID": "planted+session/id", "UserID": "U"}"#)
        }
        path if path.ends_with("/Root") => {
            Reply::json(200, r#"{"FolderID": "R", "Name": "FOLDERS", "Path": "FOLDERS"}"#)
        }
        path if path.contains("/Search/0/") => Reply::json(
            200,
            r#"{"Files": [{"FileID": "1", "Name": "a", "Size": 5, "ParentFolderID": "R"}]}"#,
        ),
        path if path.contains("/Search/") => Reply::json(200, r#"{"Files": []}"#),
        _ => Reply::new(200).header("x-fth-error", "4711 / planted no, but a refusal"),
    });
    let config = Config::new("h.example", "anna", Login::password("secret planted"));
    let client = Client::builder(config).exchange(script.exchange()).build().unwrap();
    let mft = Mft::new(client);
    let file = path("/a");
    let errors = [
        mft.read_bytes(&file, 10).await.unwrap_err(),
        mft.write_bytes(&file, "hello").await.unwrap_err(),
    ];
    for error in errors {
        assert!(error.message().contains("code 4711"), "{error}");
        let text = format!("{} {mft:?} {script:?} {:?}", printed(&error), script.requests());
        for secret in ["planted+session", "planted%2Bsession", "secret planted"] {
            assert!(!text.contains(secret), "{text}");
        }
    }
}
