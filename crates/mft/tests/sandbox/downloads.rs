//! Content down: footers, breaks, ranges, archives, what is held back.

use futures_util::TryStreamExt;
use wharf_connector::{ByteRange, Connector, ConnectorExt, EntryState, ErrorKind, ReadOptions};
use wharf_mft::api::Destination;
use wharf_mft::{ListingWay, Pages};
use wharf_model::mft::{Entry, FileInfo};
use wharf_sandbox::{Fault, PageErrors, Route};

use crate::bench::{Bench, path, pattern, stored};

#[tokio::test]
async fn a_download_cut_anywhere_ends_byte_exact() {
    let bench = Bench::new().await;
    let bytes = pattern(300);
    bench.sandbox.mft().put("FOLDERS/COMMON/cut.bin", bytes.clone()).unwrap();
    let file = path("/COMMON/cut.bin");
    for at in 0..=500 {
        bench.sandbox.faults().next(Route::MftDownload, Fault::CutAfter(at));
        let read = bench.mft.read_bytes(&file, 1000).await.unwrap();
        assert!(read == bytes, "cut after {at}");
        let asked: Vec<_> = bench.sandbox.seen().of(Route::MftDownload);
        let again = asked.len() - 1;
        if at < 300 {
            assert_eq!(again, 1, "cut after {at}");
            let query = asked[1].query().to_owned();
            assert!(query.contains(&format!("offset={at}&")), "{query}");
            assert!(query.contains("logOpID="), "the log id goes with it: {query}");
        } else {
            assert_eq!(again, 0, "within the footer the content is complete");
        }
        bench.sandbox.seen().clear();
    }
}

#[tokio::test]
async fn footers_of_any_length_stay_with_us() {
    for (length, told) in [(200, true), (200, false), (0, true), (1, true), (70_000, true)] {
        let bench = Bench::new().await;
        bench.sandbox.mft().configure(|options| {
            options.footer_length = length;
            options.footer_header = told;
        });
        let cargo = path("/HOME/Admin/My Documents/cargo.bin");
        let want = stored(&bench, "FOLDERS/HOME/Admin/My Documents/cargo.bin").await;
        let read = bench.mft.read_bytes(&cargo, 1 << 23).await.unwrap();
        assert!(read == want, "footer of {length}, told: {told}");
    }
}

#[tokio::test]
async fn a_footer_of_another_length_than_told_is_no_content() {
    let bench = Bench::new().await;
    // Not told, and not the length that holds then.
    bench.sandbox.mft().configure(|options| {
        options.footer_length = 100;
        options.footer_header = false;
    });
    let file = path("/HOME/Admin/My Documents/2.html");
    let error = bench.mft.read_bytes(&file, 1000).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Conflict, "{error}");
}

#[tokio::test]
async fn a_range_is_asked_for_by_its_offset() {
    let bench = Bench::new().await;
    let file = path("/HOME/Admin/My Documents/2.html");
    let html = stored(&bench, "FOLDERS/HOME/Admin/My Documents/2.html").await;
    let read = bench.mft.read_range(&file, ByteRange::of(10..20), 100).await.unwrap();
    assert_eq!(read, html[10..20]);
    let asked = bench.sandbox.seen().of(Route::MftDownload);
    assert!(asked[0].query().contains("offset=10&"), "{}", asked[0].query());
}

#[tokio::test]
async fn an_empty_file_needs_no_request() {
    let bench = Bench::new().await;
    let read = bench.mft.read_bytes(&path("/HOME/Admin/My Documents/empty.txt"), 10).await;
    assert!(read.unwrap().is_empty());
    assert_eq!(bench.count(Route::MftDownload), 0);
}

#[tokio::test]
async fn a_file_that_changed_meanwhile_is_no_mixture() {
    let bench = Bench::new().await;
    let file = path("/COMMON/changing.bin");
    bench.sandbox.mft().put("FOLDERS/COMMON/changing.bin", pattern(3_000_000)).unwrap();
    bench.sandbox.faults().next(Route::MftDownload, Fault::CutAfter(1_000_000));
    let download = bench.mft.read(&file, ReadOptions::new()).await.unwrap();
    bench.sandbox.mft().put("FOLDERS/COMMON/changing.bin", pattern(2_000_000)).unwrap();
    let error = download.bytes(1 << 23).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Conflict, "{error}");
}

#[tokio::test]
async fn a_folder_comes_as_an_archive_without_the_footer() {
    for pages in [Pages::Extended, Pages::Basic] {
        let bench = Bench::with(|config| config.download = pages).await;
        let Entry::Folder(folder) = bench.mft.find(&path("/COMMON")).await.unwrap() else {
            panic!("a folder");
        };
        let archive = bench.client().folders().archive(&folder.id).await.unwrap();
        let zip = archive.try_collect::<Vec<_>>().await.unwrap().concat();
        assert!(zip.starts_with(b"PK"), "{pages:?}");
        let end = &zip[zip.len() - 22..];
        assert!(end.starts_with(b"PK\x05\x06"), "the archive ends where it ends: {pages:?}");
        bench.sandbox.faults().next(Route::MftDownload, Fault::CutAfter(100));
        let broken = bench.client().folders().archive(&folder.id).await.unwrap();
        let error = broken.try_collect::<Vec<_>>().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Interrupted, "{error}");
    }
}

/// Nothing else knows how long an archive is: where the length of the footer is not told, the
/// archive itself shows whether there is one.
#[tokio::test]
async fn an_archive_keeps_its_end_where_no_footer_is_told() {
    let mut lengths = Vec::new();
    for (footer, told) in [(200, true), (200, false), (0, true), (0, false)] {
        let bench = Bench::new().await;
        bench.sandbox.mft().configure(|options| {
            (options.footer_length, options.footer_header) = (footer, told);
        });
        let Entry::Folder(folder) = bench.mft.find(&path("/COMMON")).await.unwrap() else {
            panic!("a folder");
        };
        let archive = bench.client().folders().archive(&folder.id).await.unwrap();
        let zip = archive.try_collect::<Vec<_>>().await.unwrap().concat();
        assert!(zip[zip.len() - 22..].starts_with(b"PK\x05\x06"), "{footer} {told}");
        lengths.push(zip.len());
    }
    assert!(lengths.iter().all(|length| *length == lengths[0]), "{lengths:?}");
}

#[tokio::test]
async fn held_back_files_are_told_as_such() {
    let bench = Bench::new().await;
    for (name, state) in [
        ("infected.doc", EntryState::Quarantined),
        ("unfinished.iso", EntryState::Partial),
        ("2.html", EntryState::Ready),
    ] {
        let file = path("/HOME/Admin/My Documents").join(name).unwrap();
        assert_eq!(bench.mft.stat(&file).await.unwrap().state, state, "{name}");
        let read = bench.mft.read_bytes(&file, 1 << 20).await;
        match state {
            EntryState::Ready => assert_eq!(read.unwrap().len(), 198),
            _ => assert_eq!(read.unwrap_err().kind(), ErrorKind::Blocked, "{name}"),
        }
    }
    assert_eq!(bench.count(Route::MftDownload), 1);
}

#[tokio::test]
async fn refusals_of_the_pages_are_read_however_they_come() {
    for page_errors in [PageErrors::Header, PageErrors::Status, PageErrors::Body, PageErrors::Html]
    {
        let bench = Bench::with(|config| config.listing = ListingWay::Folder).await;
        bench.sandbox.mft().configure(|options| options.page_errors = page_errors);
        let mut file = FileInfo::new("0000000000000".into(), "gone");
        file.size = Some(10);
        let error = match bench.client().files().read(&file, 0..10).await {
            Ok(_) => panic!("{page_errors:?}"),
            Err(error) => error,
        };
        let kind = match page_errors {
            // A page for people tells nothing that could be relied upon.
            PageErrors::Html => ErrorKind::Protocol,
            _ => ErrorKind::NotFound,
        };
        assert_eq!(error.kind(), kind, "{page_errors:?}: {error}");
        let to = Destination::new("0000000000000".into(), "a.txt");
        let error = bench.client().files().upload(&to, "x".into()).await.unwrap_err();
        assert!(!error.is_transient(), "{page_errors:?}: {error}");
        assert!(error.document().is_some() || page_errors == PageErrors::Html, "{error}");
    }
}
