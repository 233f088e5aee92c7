//! Listings: both ways, with pages that lie and streams that break.

use futures_util::TryStreamExt;
use wharf_connector::{Connector, ConnectorExt, ErrorKind, ListOptions};
use wharf_mft::api::{Criteria, Wanted};
use wharf_mft::{Client, Config, ListingWay, Login};
use wharf_sandbox::{Fault, Route};
use wharf_transport::testing::{Reply, Script};

use crate::bench::{Bench, path};

/// Bytes of a listing of 6,000 files, by which more have come than are remembered one by one.
const CUT: u64 = 2_400_000;

const WAYS: [ListingWay; 2] = [ListingWay::Search, ListingWay::Folder];

async fn names(bench: &Bench) -> Result<Vec<String>, wharf_connector::Error> {
    let entries = bench.mft.list_all(&path("/HOME/Admin/My Documents")).await?;
    Ok(entries.iter().map(|entry| entry.name().to_owned()).collect())
}

#[tokio::test]
async fn both_ways_find_the_same() {
    let mut found = Vec::new();
    for way in WAYS {
        let bench = Bench::with(|config| config.listing = way).await;
        found.push(names(&bench).await.unwrap());
    }
    assert_eq!(found[0], found[1]);
    assert_eq!(found[0].len(), 8);
}

#[tokio::test]
async fn pages_of_any_size_give_the_same() {
    for limit in [None, Some(1), Some(3), Some(8)] {
        let bench = Bench::new().await;
        bench.sandbox.mft().configure(|options| options.search_limit = limit);
        for page_size in [1, 3, 8, 1000] {
            let options = ListOptions::new().with_page_size(page_size);
            let listing = bench.mft.list(&path("/HOME/Admin/My Documents"), options);
            let found: Vec<_> = listing.try_collect().await.unwrap();
            assert_eq!(found.len(), 8, "{limit:?} {page_size}");
        }
    }
}

#[tokio::test]
async fn a_folder_listing_that_knows_pages_is_read_by_pages() {
    let bench = Bench::with(|config| {
        config.listing = ListingWay::Folder;
        config.page_size = 3;
        let paged = "/REST/{version}/FileSystem/Folder/{id}/Content/{skip}/{take}";
        config.endpoints.set("folder_content", paged).unwrap();
    })
    .await;
    assert_eq!(names(&bench).await.unwrap().len(), 8);
    let last = bench.sandbox.seen().of(Route::MftList).pop().unwrap();
    assert!(last.path().ends_with("/Content/8/3"), "{}", last.path());
}

#[tokio::test]
async fn an_entry_that_comes_twice_is_handed_on_once() {
    for way in WAYS {
        let bench = Bench::with(|config| config.listing = way).await;
        names(&bench).await.unwrap();
        bench.sandbox.faults().next(Route::MftList, Fault::DuplicateEntries);
        assert_eq!(names(&bench).await.unwrap().len(), 8, "{way:?}");
    }
}

#[tokio::test]
async fn a_listing_that_breaks_off_is_asked_for_again() {
    for way in WAYS {
        let bench = Bench::with(|config| config.listing = way).await;
        names(&bench).await.unwrap();
        for fault in [
            Fault::CutAfter(0),
            Fault::CutAfter(700),
            Fault::CutAfter(1500),
            Fault::TruncatedJson,
            Fault::status(503),
            Fault::ResetBefore,
            Fault::EmptyBody,
        ] {
            bench.sandbox.faults().next(Route::MftList, fault.clone());
            let found = names(&bench).await;
            assert_eq!(found.unwrap().len(), 8, "{way:?} {fault:?}");
        }
    }
}

#[tokio::test]
async fn a_long_listing_that_breaks_off_goes_on_where_it_was() {
    let bench = Bench::with(|config| config.listing = ListingWay::Folder).await;
    bench.sandbox.mft().put_many("FOLDERS/HOME/Admin/many", 0, 6_000, "x");
    let list = || bench.mft.list(&path("/HOME/Admin/many"), ListOptions::new());
    let whole: Vec<_> = list().try_collect().await.unwrap();
    assert_eq!(whole.len(), 6_000);
    for cuts in [&[CUT][..], &[CUT, CUT - 200_000], &[100_000, CUT]] {
        for cut in cuts {
            bench.sandbox.faults().next(Route::MftList, Fault::CutAfter(*cut));
        }
        let found: Vec<_> = list().try_collect().await.unwrap();
        assert!(found == whole, "{cuts:?}: {} of {} entries", found.len(), whole.len());
    }
    // Something is put before what was read, and then nothing can be skipped.
    bench.sandbox.faults().next(Route::MftList, Fault::CutAfter(CUT));
    let mut entries = list();
    entries.try_next().await.unwrap().unwrap();
    bench.sandbox.mft().put("FOLDERS/HOME/Admin/many/a first one", "x");
    let error = entries.try_collect::<Vec<_>>().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Interrupted, "{error}");
    assert!(error.to_string().contains("changed"), "{error}");
}

#[tokio::test]
async fn what_is_no_listing_is_no_empty_folder() {
    for way in WAYS {
        let bench = Bench::with(|config| config.listing = way).await;
        names(&bench).await.unwrap();
        for fault in [Fault::WrongJson, Fault::NotJson, Fault::Html, Fault::DeepJson(200)] {
            bench.sandbox.faults().always(Route::MftList, fault.clone());
            let error = names(&bench).await.unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Protocol, "{way:?} {fault:?}: {error}");
            bench.sandbox.faults().clear();
        }
    }
}

#[tokio::test]
async fn hostile_names_are_errors_and_not_paths() {
    for way in WAYS {
        let bench = Bench::with(|config| config.listing = way).await;
        names(&bench).await.unwrap();
        bench.sandbox.faults().next(Route::MftList, Fault::NastyNames);
        let error = names(&bench).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Protocol, "{way:?}: {error}");
    }
}

#[tokio::test]
async fn a_search_that_goes_in_a_circle_ends() {
    let page = r#"{"Files": [{"FileID": "1", "Name": "a"}], "Folders": null}"#;
    let script = Script::new().respond(move |request| match request.path() {
        path if path.ends_with("Session") => Reply::json(201, r#"{"SessionID": "s"}"#),
        _ => Reply::json(200, page),
    });
    let config = Config::new("h.example", "anna", Login::password("p"));
    let client = Client::builder(config).exchange(script.exchange()).build().unwrap();
    let found = client.search().entries(Wanted::Both, Criteria::below("F".into()));
    let error = found.try_collect::<Vec<_>>().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Protocol);
    assert!(error.to_string().contains("circle"), "{error}");
}

#[tokio::test]
async fn what_lies_deeper_is_no_child() {
    let page = r#"{"Folders": [], "Files": [
        {"FileID": "1", "Name": "here", "ParentFolderID": "F"},
        {"FileID": "2", "Name": "deeper", "ParentFolderID": "G"},
        {"FileID": "3", "Name": "somewhere"}]}"#;
    let script = Script::new().respond(move |request| match request.path() {
        path if path.ends_with("Session") => Reply::json(201, r#"{"SessionID": "s"}"#),
        path if path.contains("/Search/0/") => Reply::json(200, page),
        _ => Reply::json(200, r#"{"Files": [], "Folders": []}"#),
    });
    let config = Config::new("h.example", "anna", Login::password("p"));
    let client = Client::builder(config).exchange(script.exchange()).build().unwrap();
    let found: Vec<_> = client.folders().entries(&"F".into()).try_collect().await.unwrap();
    let names: Vec<_> = found.iter().map(|entry| entry.name()).collect();
    assert_eq!(names, ["here", "somewhere"]);
}

#[tokio::test]
async fn a_look_in_a_search_is_narrowed_to_the_name() {
    let bench = Bench::new().await;
    bench.mft.stat(&path("/HOME/Admin/My Documents/2.html")).await.unwrap();
    let asked = bench.sandbox.seen().of(Route::MftList);
    let bodies: Vec<_> =
        asked.iter().map(|r| String::from_utf8_lossy(r.body()).into_owned()).collect();
    assert_eq!(asked.len(), 4, "one per name on the way");
    assert!(bodies[3].contains("NameCriteria=%2A2%2Ahtml%2A&"), "{}", bodies[3]);
}
