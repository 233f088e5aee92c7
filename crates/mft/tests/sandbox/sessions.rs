//! Sessions: opened late, shared, renewed wherever they die.

use bytes::Bytes;
use futures_util::{StreamExt, TryStreamExt, future, stream};
use wharf_connector::{
    Connector, ConnectorExt, Content, ErrorKind, ListOptions, ReadOptions, WriteOptions,
};
use wharf_mft::{Config, ListingWay, Login, Mft, SessionKind};
use wharf_sandbox::{Fault, PageErrors, Route, Rule};

use crate::bench::{Bench, client, open, password, path, pattern, printed};

#[tokio::test]
async fn opening_sends_nothing() {
    let bench = Bench::new().await;
    let _ = bench.mft.list(&path("/"), ListOptions::new());
    assert_eq!(bench.sandbox.seen().count(), 0);
}

#[tokio::test]
async fn any_number_of_calls_signs_in_once() {
    let bench = Bench::new().await;
    let root = path("/");
    future::try_join_all((0..20).map(|_| bench.mft.stat(&root))).await.unwrap();
    assert_eq!((bench.count(Route::MftSignIn), bench.sandbox.mft().sessions()), (1, 1));
}

#[tokio::test]
async fn a_dead_session_is_replaced_once_for_all_calls() {
    let bench = Bench::new().await;
    let root = path("/");
    bench.mft.stat(&root).await.unwrap();
    bench.sandbox.mft().kill_sessions();
    future::try_join_all((0..20).map(|_| bench.mft.stat(&root))).await.unwrap();
    assert_eq!(bench.count(Route::MftSignIn), 2);
}

#[tokio::test]
async fn a_session_that_dies_again_and_again_is_not_renewed_for_ever() {
    let bench = Bench::new().await;
    bench.sandbox.faults().always(Route::MftFolderInfo, Fault::ExpiredSession);
    let error = bench.mft.stat(&path("/")).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unauthenticated);
    assert_eq!(bench.count(Route::MftSignIn), 2);
}

/// However the pages tell it, a dead session is found out and replaced in the middle of a listing.
#[tokio::test]
async fn a_listing_survives_the_death_of_its_session() {
    for way in [ListingWay::Search, ListingWay::Folder] {
        let bench = Bench::with(|config| {
            config.listing = way;
            config.page_size = 2;
        })
        .await;
        let folder = path("/HOME/Admin/My Documents/Ναῦς");
        let mut listing = bench.mft.list(&folder, ListOptions::new());
        let mut names = vec![listing.try_next().await.unwrap().unwrap().path];
        bench.sandbox.mft().kill_sessions();
        names.extend(listing.map_ok(|entry| entry.path).try_collect::<Vec<_>>().await.unwrap());
        let count = names.len();
        names.sort();
        names.dedup();
        assert_eq!((count, names.len()), (9, 9), "{way:?}");
    }
}

#[tokio::test]
async fn a_dead_session_in_the_body_of_a_listing_is_found_out() {
    use wharf_transport::testing::{Reply, Script};
    let gone = r#"{"Message": "Session no longer exists.", "ErrorCode": 101}"#;
    for body in [
        gone,
        "<ErrorInfo><Message>x</Message><ErrorCode>101</ErrorCode></ErrorInfo>",
        "<html>Sign in</html>",
    ] {
        let script = Script::new()
            .answer(Reply::json(201, r#"{"SessionID": "one"}"#))
            .answer(Reply::json(200, body))
            .answer(Reply::json(201, r#"{"SessionID": "two"}"#))
            .answer(Reply::json(
                200,
                r#"{"Files": [{"FileID": "1", "Name": "a"}], "Folders": null}"#,
            ));
        let mut config = Config::new("h.example", "anna", Login::password("p"));
        config.listing = ListingWay::Folder;
        let client =
            wharf_mft::Client::builder(config).exchange(script.exchange()).build().unwrap();
        let found: Vec<_> = client.folders().entries(&"F".into()).try_collect().await.unwrap();
        assert_eq!(found.len(), 1, "{body}");
        assert_eq!(script.requests()[3].header("authorization"), Some("two"));
    }
}

#[tokio::test]
async fn an_upload_survives_the_death_of_its_session_between_chunks() {
    for page_errors in [PageErrors::Header, PageErrors::Status, PageErrors::Body, PageErrors::Html]
    {
        let bench = Bench::with(|config| config.chunk_size = 64 * 1024).await;
        bench.sandbox.mft().configure(|options| options.page_errors = page_errors);
        let bytes = pattern(200_000);
        let (sandbox, pieces) = (&bench.sandbox, bytes.chunks(64 * 1024));
        let mft = sandbox.mft().clone();
        let pieces: Vec<_> = pieces.map(Bytes::copy_from_slice).collect();
        // The session dies whenever more content is asked for.
        let stream = stream::iter(pieces).map(move |piece| {
            mft.kill_sessions();
            Ok(piece)
        });
        let content = Content::stream(stream, Some(bytes.len() as u64));
        let file = path("/COMMON/large.bin");
        let entry = bench.mft.write(&file, content, WriteOptions::new()).await.unwrap();
        assert_eq!(entry.size, Some(200_000), "{page_errors:?}");
        let stored = bench.mft.read_bytes(&file, 1 << 20).await.unwrap();
        assert!(stored == bytes, "{page_errors:?}");
    }
}

#[tokio::test]
async fn a_download_survives_the_death_of_its_session() {
    for page_errors in [PageErrors::Header, PageErrors::Status, PageErrors::Body, PageErrors::Html]
    {
        let bench = Bench::new().await;
        bench.sandbox.mft().configure(|options| options.page_errors = page_errors);
        let bytes = pattern(3_000_000);
        bench.sandbox.mft().put("FOLDERS/COMMON/large.bin", bytes.clone()).unwrap();
        let file = path("/COMMON/large.bin");
        bench.sandbox.faults().next(Route::MftDownload, Fault::CutAfter(1_500_000));
        let download = bench.mft.read(&file, ReadOptions::new()).await.unwrap();
        bench.sandbox.mft().kill_sessions();
        let read = download.bytes(1 << 23).await.unwrap();
        assert!(read == bytes, "{page_errors:?}");
        assert_eq!(bench.count(Route::MftSignIn), 2);
    }
}

#[tokio::test]
async fn one_wrong_password_is_tried_once_for_all_who_wait() {
    let bench = Bench::with(|config| config.login = Login::password("planted, and wrong")).await;
    let root = path("/");
    let answers = future::join_all((0..10).map(|_| bench.mft.stat(&root))).await;
    for answer in answers {
        let error = answer.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Unauthenticated, "{error}");
        assert!(error.message().contains("not valid"), "{error}");
        assert!(error.document().unwrap().contains("ErrorCode"), "{error}");
        assert!(error.remedy().unwrap().contains("password"));
        assert!(!printed(&error).contains("planted"), "{}", printed(&error));
    }
    assert_eq!(bench.count(Route::MftSignIn), 1);
    bench.mft.stat(&root).await.unwrap_err();
    assert_eq!(bench.count(Route::MftSignIn), 2, "a later call tries again");
}

/// An outage is one for all who wait, whatever its document says.
#[tokio::test(start_paused = true)]
async fn an_outage_at_sign_in_is_no_wrong_password() {
    use wharf_transport::testing::{Reply, Script};
    for down in
        [r#"{"Message": "Down", "ErrorCode": 7002}"#, r#"{"Message": "Down", "ErrorCode": 90000}"#]
    {
        let script = Script::new().respond(move |_| Reply::json(503, down));
        let config = Config::new("h.example", "anna", Login::password("p"));
        let client =
            wharf_mft::Client::builder(config).exchange(script.exchange()).build().unwrap();
        let mft = Mft::new(client);
        let root = path("/");
        for answer in future::join_all((0..5).map(|_| mft.stat(&root))).await {
            let error = answer.unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Unavailable, "{error}");
            assert!(error.is_transient() && error.message().contains("Down"), "{error}");
        }
    }
}

#[tokio::test]
async fn a_sign_in_that_fails_in_passing_is_repeated() {
    let bench = Bench::new().await;
    bench.sandbox.faults().add(Rule::new(Route::MftSignIn, Fault::status(503)).times(2));
    bench.mft.stat(&path("/")).await.unwrap();
    assert_eq!(bench.count(Route::MftSignIn), 3);
}

#[tokio::test]
async fn a_page_in_the_way_of_a_sign_in_is_passed_once() {
    let bench = Bench::new().await;
    bench.sandbox.faults().next(Route::MftSignIn, Fault::Html);
    bench.mft.stat(&path("/")).await.unwrap();
    assert_eq!(bench.count(Route::MftSignIn), 2);

    let walled = Bench::new().await;
    walled.sandbox.faults().always(Route::MftSignIn, Fault::Html);
    let error = walled.mft.stat(&path("/")).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Protocol, "{error}");
    let remedy = error.remedy().unwrap();
    assert!(remedy.contains("endpoint.immutable_session"), "{remedy}");
    assert_eq!(walled.count(Route::MftSignIn), 2, "once more, and no more");
}

#[tokio::test]
async fn a_regular_session_warns_and_ends_the_others() {
    let bench = Bench::with(|config| config.session_kind = SessionKind::Regular).await;
    let report = bench.mft.test_connection().await.unwrap();
    assert!(report.warnings[0].contains("ends every other"), "{:?}", report.warnings);
    assert_eq!(report.account.as_deref(), Some("Admin"));
    let other = open(&bench.sandbox, "Admin", |config| config.session_kind = SessionKind::Regular);
    other.stat(&path("/")).await.unwrap();
    assert_eq!(bench.sandbox.mft().sessions(), 1, "the first was ended");
    bench.mft.stat(&path("/")).await.unwrap();
    assert_eq!(bench.count(Route::MftSignIn), 3);

    let kind = Bench::new().await;
    assert!(kind.mft.test_connection().await.unwrap().warnings.is_empty());
}

#[tokio::test]
async fn tickets_and_other_users() {
    let bench = Bench::new().await;
    let ticket = bench.sandbox.mft().ticket("clerk").unwrap();
    for kind in [SessionKind::Immutable, SessionKind::Regular] {
        let login = Login::ticket(ticket.clone());
        let mut config = Config::new(bench.sandbox.mft_url(), "", login);
        config.session_kind = kind;
        let client = client(config);
        assert_eq!(&*client.users().current().await.unwrap().name, "clerk");
        let report = Mft::new(client).test_connection().await.unwrap();
        assert!(report.credential.unwrap().starts_with("ticket"));
    }

    let clerk = bench.sandbox.mft().users().into_iter().find(|user| user.name == "clerk").unwrap();
    let other = bench.client().impersonate(&clerk.id.into()).unwrap();
    assert_eq!(&*other.users().current().await.unwrap().name, "clerk");
    bench.sandbox.mft().kill_sessions();
    assert_eq!(&*other.users().current().await.unwrap().name, "clerk", "both are renewed");
    assert_eq!(&*bench.client().users().current().await.unwrap().name, "Admin");

    let clerk = open(&bench.sandbox, "clerk", |_| {});
    let refused = clerk.client().impersonate(&"1Q1OBQWVHTROE".into()).unwrap();
    let error = refused.users().current().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unauthenticated, "{error}");
    let password = password(&bench.sandbox, "clerk");
    assert!(!format!("{error:?} {refused:?}").contains(&password));
}

#[tokio::test]
async fn an_own_session_keeps_marks_apart() {
    let bench = Bench::new().await;
    let marked = bench.client().with_own_session().unwrap();
    let mark = marked.uploads().mark().await.unwrap().mark_for_retrieval;
    marked.uploads().store_metadata([("order", "4711")]).await.unwrap();
    Mft::new(marked.clone()).write_bytes(&path("/COMMON/marked.txt"), "x").await.unwrap();
    bench.mft.write_bytes(&path("/COMMON/plain.txt"), "x").await.unwrap();
    let found = marked.uploads().marked(&mark).await.unwrap();
    let names: Vec<_> = found.files().iter().map(|file| &*file.name).collect();
    assert_eq!(names, ["marked.txt"]);
    let mft = bench.sandbox.mft();
    let metadata = [("order".to_owned(), "4711".to_owned())];
    assert_eq!(mft.metadata("FOLDERS/COMMON/marked.txt"), metadata);
    assert!(mft.metadata("FOLDERS/COMMON/plain.txt").is_empty());
    marked.uploads().clear_metadata().await.unwrap();
    Mft::new(marked).write_bytes(&path("/COMMON/later.txt"), "x").await.unwrap();
    assert!(mft.metadata("FOLDERS/COMMON/later.txt").is_empty());
}
