//! What goes wrong with bytes on the way, by order: healed where a repeat can heal it, otherwise
//! refused with nothing wrong left behind.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

#[path = "common/site.rs"]
mod site;

use site::Site;
use wharf_connector::{
    ByteRange, Checksums, Connector, ConnectorExt, Content, ErrorKind, Reached, WriteOptions,
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

/// A read either gives the right bytes or fails.
async fn read(site: &Site, route: Route, fault: &Fault) -> Result<(), wharf_connector::Error> {
    let content = site::content(300_000);
    site.sandbox.filescom().put("a.bin", &content);
    site.fault(route, fault.clone());
    let bytes = site.filescom.read_bytes(&site.path("/a.bin"), 1 << 20).await?;
    assert!(bytes == content, "{route:?} {fault:?}: wrong bytes were passed on");
    Ok(())
}

#[tokio::test]
async fn a_download_heals() {
    let of_link =
        [Fault::LoseAnswer, Fault::CutAfter(50), Fault::ExpiredLink, Fault::TruncatedJson];
    for fault in passing().into_iter().chain(of_link) {
        let site = Site::start().await;
        let result = read(&site, Route::Download, &fault).await;
        result.unwrap_or_else(|error| panic!("{fault:?}: {error:?}"));
    }
    let of_bytes = [
        Fault::LoseAnswer,
        Fault::CutAfter(0),
        Fault::CutAfter(100_000),
        Fault::CutAfter(299_999),
        Fault::StallAfter(100_000),
        Fault::ExpiredLink,
        Fault::status(403),
        Fault::status(410),
        Fault::WrongLength(7),
        Fault::WrongLength(-7),
        Fault::NoLength,
        Fault::EmptyBody,
        Fault::Html,
        Fault::IgnoreRange,
        Fault::NoEtag,
        Fault::Trickle { bytes: 30_000, pause: 0 },
    ];
    for fault in passing().into_iter().chain(of_bytes) {
        let site = Site::start().await;
        let result = read(&site, Route::StorageGet, &fault).await;
        result.unwrap_or_else(|error| panic!("{fault:?}: {error:?}"));
    }
}

#[tokio::test]
async fn a_download_that_is_wrong_is_refused() {
    for (route, fault, kind) in [
        (Route::StorageGet, Fault::FlipByte(150_000), ErrorKind::Corrupted),
        (Route::StorageGet, Fault::FlipByte(299_999), ErrorKind::Corrupted),
        (Route::Download, Fault::ChecksumWrong, ErrorKind::Corrupted),
        (Route::Download, Fault::Html, ErrorKind::Protocol),
        (Route::Download, Fault::WrongJson, ErrorKind::Protocol),
        (Route::StorageGet, Fault::Html, ErrorKind::Protocol),
        (Route::StorageGet, Fault::WrongLength(7), ErrorKind::Protocol),
        (Route::StorageGet, Fault::CutAfter(0), ErrorKind::Interrupted),
    ] {
        let site = Site::start().await;
        site.sandbox.faults().always(route, fault.clone());
        let error = read(&site, route, &fault).await.unwrap_err();
        assert_eq!(error.kind(), kind, "{fault:?}: {error}");
    }
    // Storage and service never agree on the size.
    let site = Site::start().await;
    site.sandbox.faults().always(Route::Download, Fault::SizeWrong(5));
    let error = read(&site, Route::Download, &Fault::SizeWrong(5)).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Protocol, "{error}");
}

#[tokio::test]
async fn a_range_is_the_one_asked_for() {
    let content = site::content(300_000);
    for fault in [
        Fault::IgnoreRange,
        Fault::CutAfter(10),
        Fault::ExpiredLink,
        Fault::WrongRange,
        Fault::status(503),
    ] {
        let site = Site::start().await;
        site.sandbox.filescom().put("a.bin", &content);
        site.fault(Route::StorageGet, fault.clone());
        let path = site.path("/a.bin");
        let range = ByteRange::of(100_000..100_050);
        match site.filescom.read_range(&path, range, 1000).await {
            Ok(bytes) => assert_eq!(bytes, content[100_000..100_050], "{fault:?}"),
            Err(error) => {
                assert_eq!(fault, Fault::WrongRange, "{error:?}");
                assert_eq!(error.kind(), ErrorKind::Protocol, "{error}");
            }
        }
    }
}

/// A write either stores the right bytes or fails and leaves what was there.
async fn write(
    site: &Site,
    route: Route,
    fault: &Fault,
    options: WriteOptions,
) -> Result<(), wharf_connector::Error> {
    let old = site::content(1000);
    let new = site::content((5 << 20) + 1000);
    site.sandbox.filescom().put("a.bin", &old);
    site.fault(route, fault.clone());
    let path = site.path("/a.bin");
    let written = site.filescom.write(&path, Content::from(new.clone()), options).await;
    site.sandbox.faults().clear();
    let stored = site.sandbox.filescom().content("a.bin").unwrap().bytes().await.unwrap();
    match &written {
        Ok(_) => assert!(stored == new, "{route:?} {fault:?}: a wrong success"),
        Err(_) => assert!(stored == old, "{route:?} {fault:?}: failed and changed the file"),
    }
    written.map(drop)
}

#[tokio::test]
async fn an_upload_heals() {
    for route in [Route::BeginUpload, Route::PartPut, Route::Complete] {
        let mut faults = passing();
        faults.extend([Fault::LoseAnswer, Fault::StatusAfter { code: 500 }]);
        if route == Route::PartPut {
            faults.extend([
                Fault::ResetDuring(1 << 20),
                Fault::ExpiredLink,
                Fault::status(403),
                Fault::status(410),
                Fault::NoEtag,
                Fault::WrongEtag,
                Fault::CutRequest(100),
            ]);
        } else {
            faults.extend([Fault::TruncatedJson]);
        }
        for fault in faults {
            let site = Site::start().await;
            let result = write(&site, route, &fault, WriteOptions::new()).await;
            result.unwrap_or_else(|error| panic!("{route:?} {fault:?}: {error:?}"));
        }
    }
}

#[tokio::test]
async fn an_end_whose_answer_cannot_be_read_is_settled_by_looking() {
    for fault in garbled() {
        let site = Site::start().await;
        let result = write(&site, Route::Complete, &fault, WriteOptions::new()).await;
        result.unwrap_or_else(|error| panic!("{fault:?}: {error:?}"));
    }
    let site = Site::start().await;
    let result = write(&site, Route::Complete, &Fault::SizeWrong(3), WriteOptions::new()).await;
    result.unwrap_or_else(|error| panic!("{error:?}"));
}

#[tokio::test]
async fn a_byte_flipped_on_the_way_is_found_by_who_asks_for_it() {
    let content = site::content((5 << 20) + 1000);
    let mut expected = Checksums::default();
    expected.crc32 = Some(crc32fast::hash(&content));
    for options in
        [WriteOptions::new().with_verify(true), WriteOptions::new().with_expected(expected)]
    {
        for fault in [Fault::FlipRequestByte(7), Fault::WrongEtag] {
            let site = Site::start().await;
            let result = write(&site, Route::PartPut, &fault, options.clone()).await;
            result.unwrap_or_else(|error| panic!("{fault:?}: {error:?}"));
        }
        // Every time, so that no repeat heals it.
        for fault in [Fault::FlipRequestByte(7), Fault::WrongEtag, Fault::CutRequest(100)] {
            let site = Site::start().await;
            site.sandbox.faults().always(Route::PartPut, fault.clone());
            let error = write(&site, Route::PartPut, &fault, options.clone()).await.unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Corrupted, "{fault:?}: {error}");
        }
    }
}

#[tokio::test]
async fn a_late_checksum_that_is_wrong_removes_the_result() {
    let site = Site::of(Sandbox::builder().late_checksums(2)).await;
    site.sandbox.faults().always(Route::Find, Fault::ChecksumWrong);
    let path = site.path("/new.bin");
    let options = WriteOptions::new().with_verify(true);
    let error = site.filescom.write(&path, "abc".into(), options).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Corrupted, "{error}");
    assert!(error.to_string().contains("removed"), "{error}");
    assert!(site.sandbox.filescom().content("new.bin").is_none());
}

#[tokio::test]
async fn an_end_that_is_never_answered_comes_to_one() {
    let content = site::content(1000);
    let site = Site::start().await;
    let impatient = Site::impatient(&site.sandbox);
    site.fault(Route::Complete, Fault::Stall);
    let path = site.path("/a.bin");
    impatient.write_bytes(&path, content.clone()).await.unwrap();
    site.sandbox.faults().always(Route::Complete, Fault::Stall);
    let error = impatient.write_bytes(&site.path("/b.bin"), content).await.unwrap_err();
    assert_eq!(error.reached(), Reached::Maybe, "{error}");
    assert!(site.sandbox.filescom().content("b.bin").is_none());
}

#[tokio::test]
async fn what_fails_after_the_end_says_that_the_file_is_stored() {
    let site = Site::of(Sandbox::builder().late_checksums(2)).await;
    site.sandbox.faults().always(Route::Find, Fault::status(403));
    let options = WriteOptions::new().with_verify(true);
    let written = site.filescom.write(&site.path("/a.bin"), "abc".into(), options).await;
    let error = written.unwrap_err();
    assert_eq!(error.reached(), Reached::Yes, "{error}");
    assert!(error.message().contains("stored"), "{error}");
    assert!(site.sandbox.filescom().content("a.bin").is_some());
}
