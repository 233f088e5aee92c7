//! What goes wrong on the way, by order: healed where a repeat can heal it, otherwise refused with
//! nothing wrong left behind.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

#[path = "common/site.rs"]
mod site;

use futures_util::StreamExt;
use site::{Site, entries};
use wharf_connector::{
    Connector, ConnectorExt, CopyOptions, CreateFolderOptions, DeleteOptions, Entry, ErrorKind,
    ListOptions, OnConflict, RenameOptions,
};
use wharf_sandbox::{Fault, Route, Sandbox};

/// What a repeat can heal, wherever it strikes.
fn passing() -> Vec<Fault> {
    vec![
        Fault::status(500),
        Fault::status(502),
        Fault::status(503),
        Fault::status(504),
        Fault::status(429),
        Fault::ResetBefore,
    ]
}

/// Answers that are no answers.
fn garbled() -> Vec<Fault> {
    vec![Fault::Html, Fault::NotJson, Fault::WrongJson, Fault::EmptyBody, Fault::DeepJson(10_000)]
}

#[tokio::test]
async fn a_listing_heals() {
    let broken = [
        Fault::LoseAnswer,
        Fault::StatusAfter { code: 500 },
        Fault::CutAfter(0),
        Fault::CutAfter(700),
        Fault::StallAfter(700),
        Fault::TruncatedJson,
        Fault::DuplicateEntries,
        Fault::Trickle { bytes: 100, pause: 0 },
    ];
    for fault in passing().into_iter().chain(broken) {
        let site = Site::start().await;
        site.plant(25);
        site.fault(Route::List, fault.clone());
        let names = entries(&site.filescom, "/in").await;
        let names = names.unwrap_or_else(|error| panic!("{fault:?}: {error:?}"));
        assert_eq!(names.len(), 25, "{fault:?}: {names:?}");
    }
}

#[tokio::test]
async fn a_listing_that_is_none_is_refused() {
    for fault in garbled() {
        let site = Site::start().await;
        site.plant(3);
        site.sandbox.faults().always(Route::List, fault.clone());
        let error = entries(&site.filescom, "/in").await.unwrap_err();
        let kinds = [ErrorKind::Protocol, ErrorKind::Interrupted];
        assert!(kinds.contains(&error.kind()), "{fault:?}: {error}");
    }
}

#[tokio::test]
async fn a_listing_comes_to_an_end() {
    let site = Site::of(Sandbox::builder().awkward()).await;
    site.plant(7);
    assert_eq!(entries(&site.filescom, "/in").await.unwrap().len(), 7);
    site.sandbox.faults().always(Route::List, Fault::EndlessCursor);
    // A service that does not know its own cursor again is another way to end.
    let error = entries(&site.filescom, "/in").await.unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::Protocol | ErrorKind::Invalid), "{error}");
}

#[tokio::test]
async fn hostile_names_do_not_get_out_of_the_folder() {
    let site = Site::start().await;
    site.plant(2);
    site.fault(Route::List, Fault::NastyNames);
    let listed = site.filescom.list(&site.path("/in"), ListOptions::new());
    let listed: Vec<Result<Entry, _>> = listed.collect().await;
    let (mut children, mut refused) = (0, 0);
    for entry in listed {
        match entry {
            Ok(entry) => {
                let path = entry.path.as_str();
                assert!(path.starts_with("/in/") && !path.contains(".."), "{path}");
                assert!(!path["/in/".len()..].contains(['/', '\\']), "{path}");
                children += 1;
            }
            Err(error) => {
                assert_eq!(error.kind(), ErrorKind::Protocol, "{error}");
                refused += 1;
            }
        }
    }
    // What can be no entry is told, and does not hide the others.
    assert!(children >= 2 && refused >= 4, "{children} and {refused}");
}

#[tokio::test]
async fn a_deletion_is_believed_when_it_is_told_as_one() {
    for fault in garbled() {
        let site = Site::start().await;
        site.sandbox.filescom().put("a.txt", "abc");
        site.fault(Route::Delete, fault.clone());
        let deleted = site.filescom.delete(&site.path("/a.txt"), DeleteOptions::new()).await;
        deleted.unwrap_or_else(|error| panic!("{fault:?}: {error:?}"));
        assert!(site.sandbox.filescom().content("a.txt").is_none(), "{fault:?}");

        site.sandbox.filescom().put("b.txt", "abc");
        site.sandbox.faults().always(Route::Delete, fault.clone());
        let error = site.filescom.delete(&site.path("/b.txt"), DeleteOptions::new()).await;
        assert_eq!(error.unwrap_err().kind(), ErrorKind::Protocol, "{fault:?}");
    }
    let site = Site::start().await;
    site.sandbox.filescom().put("a.txt", "abc");
    site.fault(Route::Delete, Fault::StatusAfter { code: 200 });
    site.filescom.delete(&site.path("/a.txt"), DeleteOptions::new()).await.unwrap();
}

#[tokio::test]
async fn a_test_of_the_connection_takes_no_page_for_an_answer() {
    for route in [Route::ApiKey, Route::List] {
        for fault in garbled() {
            let site = Site::start().await;
            site.sandbox.faults().always(route, fault.clone());
            let error = site.filescom.test_connection().await.unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Protocol, "{route:?} {fault:?}: {error}");
        }
        let site = Site::start().await;
        site.fault(route, Fault::TruncatedJson);
        site.filescom.test_connection().await.unwrap();
    }
}

#[tokio::test]
async fn a_long_listing_in_one_page_is_read_as_it_comes() {
    let site = Site::start().await;
    site.plant(1);
    site.fault(Route::List, Fault::ManyEntries(20_000));
    let entries = entries(&site.filescom, "/in").await.unwrap();
    assert!(entries.len() >= 20_000, "{}", entries.len());
}

#[tokio::test]
async fn a_look_heals_or_is_refused() {
    let broken = [Fault::LoseAnswer, Fault::CutAfter(10), Fault::TruncatedJson];
    for fault in passing().into_iter().chain(broken) {
        let site = Site::start().await;
        site.sandbox.filescom().put("a.txt", "abc");
        site.fault(Route::Find, fault.clone());
        let entry = site.filescom.stat(&site.path("/a.txt")).await;
        let entry = entry.unwrap_or_else(|error| panic!("{fault:?}: {error:?}"));
        assert_eq!(entry.size, Some(3), "{fault:?}");
    }
    for fault in garbled() {
        let site = Site::start().await;
        site.sandbox.faults().always(Route::Find, fault.clone());
        let error = site.filescom.stat(&site.path("/a.txt")).await.unwrap_err();
        let kinds = [ErrorKind::Protocol, ErrorKind::Interrupted];
        assert!(kinds.contains(&error.kind()), "{fault:?}: {error}");
    }
}

#[tokio::test]
async fn folders_are_made_and_things_deleted_in_spite_of_it() {
    for fault in passing().into_iter().chain([Fault::LoseAnswer, Fault::TruncatedJson]) {
        let site = Site::start().await;
        site.fault(Route::CreateFolder, fault.clone());
        let made =
            site.filescom.create_folder(&site.path("/a/b"), CreateFolderOptions::new()).await;
        let made = made.unwrap_or_else(|error| panic!("{fault:?}: {error:?}"));
        assert!(made.is_folder());
    }
    for fault in passing().into_iter().chain([Fault::LoseAnswer, Fault::StatusAfter { code: 502 }])
    {
        let site = Site::start().await;
        site.sandbox.filescom().put("a/b.txt", "abc");
        site.fault(Route::Delete, fault.clone());
        let options = DeleteOptions::new().with_recursive(true);
        let deleted = site.filescom.delete(&site.path("/a"), options).await;
        deleted.unwrap_or_else(|error| panic!("{fault:?}: {error:?}"));
        assert!(site.sandbox.filescom().entity("a").is_none());
    }
}

#[tokio::test]
async fn copies_and_moves_heal() {
    let lost = [Fault::LoseAnswer, Fault::StatusAfter { code: 500 }, Fault::TruncatedJson];
    for (verb, route) in [("copy", Route::Copy), ("move", Route::Move)] {
        for builder in [Sandbox::builder(), Sandbox::builder().awkward().late_checksums(0)] {
            for fault in passing().into_iter().chain(lost.clone()) {
                let site = Site::of(builder.clone()).await;
                site.sandbox.filescom().put("a.txt", "abc");
                site.fault(route, fault.clone());
                let (from, to) = (site.path("/a.txt"), site.path("/new/b.txt"));
                let done = match verb {
                    "copy" => site.filescom.copy(&from, &to, CopyOptions::new()).await,
                    _ => site.filescom.rename(&from, &to, RenameOptions::new()).await,
                };
                let entry = done.unwrap_or_else(|error| panic!("{verb} {fault:?}: {error:?}"));
                assert_eq!(entry.size, Some(3), "{verb} {fault:?}");
                assert!(site.sandbox.filescom().content("new/b.txt").is_some());
                let source = site.sandbox.filescom().content("a.txt").is_some();
                assert_eq!(source, verb == "copy", "{verb} {fault:?}");
            }
        }
    }
}

#[tokio::test]
async fn a_copy_that_cannot_be_settled_is_no_success() {
    let site = Site::of(Sandbox::builder().checksums(false)).await;
    site.sandbox.filescom().put("a.txt", "abc");
    site.fault(Route::Copy, Fault::LoseAnswer);
    let (from, to) = (site.path("/a.txt"), site.path("/b.txt"));
    let error = site.filescom.copy(&from, &to, CopyOptions::new()).await.unwrap_err();
    assert_eq!(error.reached(), wharf_connector::Reached::Maybe, "{error}");
    // One that may replace may be repeated.
    site.fault(Route::Copy, Fault::LoseAnswer);
    let options = CopyOptions::new().with_on_conflict(OnConflict::Replace);
    site.filescom.copy(&from, &to, options).await.unwrap();
}

#[tokio::test]
async fn migrations_are_waited_for_within_a_bound() {
    for fault in passing().into_iter().chain([Fault::LoseAnswer, Fault::TruncatedJson]) {
        let site = Site::of(Sandbox::builder().awkward()).await;
        site.sandbox.filescom().put("a/b.txt", "abc");
        site.fault(Route::Migration, fault.clone());
        let (from, to) = (site.path("/a"), site.path("/c"));
        let copied = site.filescom.copy(&from, &to, CopyOptions::new()).await;
        copied.unwrap_or_else(|error| panic!("{fault:?}: {error:?}"));
        assert!(site.sandbox.filescom().content("c/b.txt").is_some());
    }
    let site = Site::of(Sandbox::builder().awkward()).await;
    site.sandbox.filescom().put("a.txt", "abc");
    site.sandbox.faults().always(Route::Migration, Fault::MigrationStuck);
    let (from, to) = (site.path("/a.txt"), site.path("/c.txt"));
    let hasty = Site::hasty(&site.sandbox);
    let error = hasty.copy(&from, &to, CopyOptions::new()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Pending, "{error}");
    assert!(error.message().contains("migration"), "{error}");
    site.sandbox.faults().clear();
    site.sandbox.faults().always(Route::Migration, Fault::MigrationFailed);
    let options = CopyOptions::new().with_on_conflict(OnConflict::Replace);
    let error = site.filescom.copy(&from, &site.path("/d.txt"), options).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Other, "{error}");
}

#[tokio::test]
async fn the_region_is_followed_once_and_to_our_hosts_only() {
    let site = Site::start().await;
    site.sandbox.filescom().put("a.txt", "abc");
    let host = site.sandbox.filescom_url().replace("http://", "");
    site.fault(Route::Find, Fault::RegionMismatch { host });
    assert!(site.filescom.stat(&site.path("/a.txt")).await.is_ok());
    for host in ["evil.example", "eu.files.com", "127.0.0.2:1", "localhost"] {
        site.fault(Route::Find, Fault::RegionMismatch { host: host.to_owned() });
        let error = site.filescom.stat(&site.path("/a.txt")).await.unwrap_err();
        assert!(!format!("{error:?}").contains(&site.sandbox.keys().full), "{error:?}");
        assert_ne!(error.kind(), ErrorKind::NotFound, "{host}: {error}");
    }
}

#[tokio::test]
async fn redirects_do_not_lead_the_key_away() {
    for (route, to) in [
        (Route::Find, "http://127.0.0.2:9/"),
        (Route::List, "https://evil.example/"),
        (Route::BeginUpload, "https://evil.example/"),
    ] {
        let site = Site::start().await;
        site.fault(route, Fault::redirect(to));
        let error = match route {
            Route::Find => site.filescom.stat(&site.path("/a")).await.unwrap_err(),
            Route::List => entries(&site.filescom, "/in").await.unwrap_err(),
            _ => site.filescom.write_bytes(&site.path("/a"), "abc").await.unwrap_err(),
        };
        assert_eq!(error.kind(), ErrorKind::Protocol, "{error}");
    }
}

#[tokio::test]
async fn what_would_fill_the_memory_is_refused() {
    let site = Site::start().await;
    site.plant(1);
    site.fault(Route::Find, Fault::GzipBomb(1 << 30));
    let error = site.filescom.stat(&site.path("/in")).await.unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::TooLarge | ErrorKind::Protocol), "{error}");
    site.fault(Route::List, Fault::GzipBomb(1 << 30));
    let error = entries(&site.filescom, "/in").await.unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::TooLarge | ErrorKind::Protocol), "{error}");
}

#[tokio::test]
async fn a_stalled_answer_ends_in_time() {
    let site = Site::start().await;
    site.sandbox.filescom().put("a.txt", "abc");
    site.sandbox.faults().always(Route::Find, Fault::Stall);
    let impatient = Site::impatient(&site.sandbox);
    let error = impatient.stat(&site.path("/a.txt")).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Timeout, "{error}");
}
