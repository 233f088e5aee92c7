//! Answers made to do harm: without end, without bottom, or with names that no place takes.

use futures_util::TryStreamExt;
use wharf_connector::{Connector, ConnectorExt, ErrorKind, ListOptions, RenameOptions};
use wharf_mft::{Client, Config, ListingWay, Login};
use wharf_sandbox::{Fault, Route};
use wharf_transport::testing::{Reply, Script};

use crate::bench::{Bench, path};

const FOLDER: &str = "/HOME/Admin/My Documents";
const FILE: &str = "/HOME/Admin/My Documents/2.html";

/// Does what the request of this route is for, and tells what kind of error it led to.
async fn refused(route: Route, way: ListingWay, fault: &Fault) -> ErrorKind {
    let bench = Bench::with(|config| config.listing = way).await;
    if route != Route::MftSignIn {
        bench.mft.stat(&path("/")).await.unwrap();
    }
    bench.sandbox.faults().always(route, fault.clone());
    let error = match route {
        Route::MftDownload => bench.mft.read_bytes(&path(FILE), 1 << 20).await.map(drop),
        Route::MftUpload => bench.mft.write_bytes(&path("/COMMON/a.txt"), "abc").await.map(drop),
        Route::MftUpdate => {
            let (from, to) = (path(FILE), path("/COMMON/b"));
            bench.mft.rename(&from, &to, RenameOptions::new()).await.map(drop)
        }
        _ => bench.mft.list_all(&path(FOLDER)).await.map(drop),
    };
    assert!(bench.sandbox.seen().of(route).iter().any(|request| request.fault().is_some()));
    assert!(bench.sandbox.mft().content("FOLDERS/COMMON/a.txt").is_none(), "{route:?}");
    error.unwrap_err().kind()
}

#[tokio::test]
async fn what_would_fill_the_memory_is_refused() {
    for (route, way) in [
        (Route::MftSignIn, ListingWay::Search),
        (Route::MftList, ListingWay::Search),
        (Route::MftList, ListingWay::Folder),
        (Route::MftUpload, ListingWay::Search),
        (Route::MftUpdate, ListingWay::Search),
    ] {
        let kind = refused(route, way, &Fault::GzipBomb(200 << 20)).await;
        assert!(
            matches!(kind, ErrorKind::TooLarge | ErrorKind::Protocol),
            "{route:?} {way:?}: {kind:?}"
        );
    }
}

#[tokio::test]
async fn a_head_without_end_is_refused() {
    for route in [Route::MftSignIn, Route::MftList, Route::MftDownload] {
        let kind = refused(route, ListingWay::Search, &Fault::HugeHeader(1 << 20)).await;
        // Where it is still being sent, the connection may be gone before the reason is known.
        assert!(
            matches!(kind, ErrorKind::Protocol | ErrorKind::Interrupted),
            "{route:?}: {kind:?}"
        );
    }
    // What was stored before the answer went wrong is found by a look.
    let bench = Bench::new().await;
    bench.sandbox.faults().always(Route::MftUpload, Fault::HugeHeader(1 << 20));
    let file = path("/COMMON/a.txt");
    bench.mft.write_bytes(&file, "abc").await.unwrap();
    assert_eq!(bench.mft.read_bytes(&file, 10).await.unwrap(), "abc");
}

#[tokio::test]
async fn what_is_nested_without_bottom_is_refused() {
    for (route, way) in [
        (Route::MftSignIn, ListingWay::Search),
        (Route::MftList, ListingWay::Search),
        (Route::MftList, ListingWay::Folder),
        (Route::MftUpload, ListingWay::Search),
    ] {
        let kind = refused(route, way, &Fault::DeepJson(100_000)).await;
        assert_eq!(kind, ErrorKind::Protocol, "{route:?} {way:?}");
    }
    // Also within what begins as a listing does, member and entry alike.
    let deep = "[".repeat(100_000) + &"]".repeat(100_000);
    for document in [
        format!(r#"{{"Extra":{deep},"Files":[]}}"#),
        format!(r#"{{"Files":[{{"FileID":"1","Name":"a","Tags":{deep}}}]}}"#),
        format!(r#"{{"Files":[{deep}]}}"#),
    ] {
        for way in [ListingWay::Search, ListingWay::Folder] {
            let error = scripted(&document, way).await.unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Protocol, "{way:?}: {:.40}", document);
        }
    }
}

#[tokio::test]
async fn a_name_without_end_is_refused_and_a_long_one_is_text() {
    let named = |length| {
        let name = "n".repeat(length);
        format!(r#"{{"Files":[{{"FileID":"1","Name":"{name}"}}],"Folders":[]}}"#)
    };
    for way in [ListingWay::Search, ListingWay::Folder] {
        let names = scripted(&named(10_000), way).await.unwrap();
        assert_eq!(names.iter().map(String::len).collect::<Vec<_>>(), [10_000], "{way:?}");
    }
    // Read as it comes, an entry has a bound of its own; a page has one as a whole.
    for (length, way) in [(2 << 20, ListingWay::Folder), (80 << 20, ListingWay::Search)] {
        let kind = scripted(&named(length), way).await.unwrap_err().kind();
        assert!(matches!(kind, ErrorKind::TooLarge | ErrorKind::Protocol), "{way:?}: {kind:?}");
    }
}

#[tokio::test]
async fn a_long_listing_in_one_document_is_read_as_it_comes() {
    let bench = Bench::with(|config| config.listing = ListingWay::Folder).await;
    bench.mft.stat(&path(FOLDER)).await.unwrap();
    bench.sandbox.faults().next(Route::MftList, Fault::ManyEntries(20_000));
    let folder = path(FOLDER);
    let mut entries = bench.mft.list(&folder, ListOptions::new());
    let mut count = 0;
    while entries.try_next().await.unwrap().is_some() {
        count += 1;
    }
    assert_eq!(count, 20_000);
}

/// The names in a listing that a server answers by this document.
async fn scripted(document: &str, way: ListingWay) -> Result<Vec<String>, wharf_mft::Error> {
    let document = document.to_owned();
    let script = Script::new().respond(move |request| match request.path() {
        path if path.ends_with("Session") => Reply::json(201, r#"{"SessionID": "s"}"#),
        path if path.contains("/Search/") && !path.contains("/Search/0/") => {
            Reply::json(200, r#"{"Files": [], "Folders": []}"#)
        }
        _ => Reply::json(200, document.clone()),
    });
    let mut config = Config::new("h.example", "anna", Login::password("p"));
    config.listing = way;
    let client = Client::builder(config).exchange(script.exchange()).build().unwrap();
    let found: Vec<_> = client.folders().entries(&"F".into()).try_collect().await?;
    Ok(found.iter().map(|entry| entry.name().to_owned()).collect())
}
