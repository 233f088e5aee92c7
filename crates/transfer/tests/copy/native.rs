//! A service that can copy by itself does.

use std::num::NonZeroU64;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use wharf_connector::{Capabilities, ErrorKind, OnConflict};
use wharf_transfer::{CopyFile, Method, Pace, Place, Verdict, Verify, copy_file};

use crate::twisted::{carry, file, moment, path, source};

#[tokio::test]
async fn one_connector_copies_within_itself() {
    let service = Arc::new(source());
    let receipt = carry(&service, &service, CopyFile::new()).await.unwrap();
    assert_eq!((receipt.method, receipt.verdict), (Method::Native, Verdict::SizeOnly));
    assert_eq!((receipt.bytes, receipt.checksums.is_empty()), (10_500, true));
    assert_eq!(receipt.to.state.modified, Some(moment()));
    assert_eq!(service.seen.reads.load(Ordering::Relaxed), 0);
    assert_eq!(service.held("/to.bin").unwrap(), file());
}

#[tokio::test]
async fn checksums_of_both_ends_are_a_proof() {
    let service = Arc::new(source().summing());
    let receipt = carry(&service, &service, CopyFile::new()).await.unwrap();
    assert!(receipt.method == Method::Native && receipt.verdict.is_verified());
}

#[tokio::test]
async fn bytes_pass_here_when_they_must() {
    for (what, service, options) in [
        ("told not to", source().summing(), CopyFile::new().with_native(false)),
        ("it cannot", source().without(Capabilities::COPY_FILE), CopyFile::new()),
        ("a proof is wanted", source().summing(), CopyFile::new().with_verify(Verify::Required)),
        ("read back", source(), CopyFile::new().with_verify(Verify::ReadBack)),
        ("only so fast on this machine", source(), CopyFile::new().with_pace(fast())),
    ] {
        let service = Arc::new(service);
        let receipt = carry(&service, &service, options).await.expect(what);
        assert_eq!(receipt.method, Method::Streamed, "{what}");
        assert_eq!(service.seen.copies.load(Ordering::Relaxed), 0, "{what}");
        assert_eq!(service.held("/to.bin").unwrap(), file(), "{what}");
    }
    let (one, other) = (Arc::new(source()), Arc::new(source()));
    let receipt = carry(&one, &other, CopyFile::new()).await.unwrap();
    assert_eq!(receipt.method, Method::Streamed, "two connectors are not one");
}

fn fast() -> Pace {
    Pace::new().with_bytes_per_second(NonZeroU64::new(1 << 40))
}

#[tokio::test]
async fn what_stands_there_is_treated_alike() {
    let service = Arc::new(source().put("/to.bin", "old"));
    let keep = CopyFile::new().with_on_conflict(OnConflict::Fail);
    let error = carry(&service, &service, keep).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::AlreadyExists);
    assert_eq!(service.held("/to.bin").unwrap(), "old");
    carry(&service, &service, CopyFile::new()).await.unwrap();
    assert_eq!(service.held("/to.bin").unwrap(), file());
}

#[tokio::test]
async fn a_file_is_not_copied_onto_itself_and_a_folder_not_at_all() {
    let service = Arc::new(source().put("/folder/x", "x"));
    let at = |text: &str| Place::new(service.clone(), path(text));
    let options = CopyFile::new();
    let same = copy_file(&at("/from.bin"), &at("/from.bin"), &options, &()).await.unwrap_err();
    assert_eq!(same.kind(), ErrorKind::Invalid);
    let into = copy_file(&at("/from.bin"), &at("/"), &options, &()).await.unwrap_err();
    assert_eq!(into.kind(), ErrorKind::Invalid, "its own name in its own folder");
    for native in [true, false] {
        let options = CopyFile::new().with_native(native);
        let folder = copy_file(&at("/folder"), &at("/copy"), &options, &()).await.unwrap_err();
        assert_eq!(folder.kind(), ErrorKind::IsAFolder);
    }
    assert_eq!(service.held("/from.bin").unwrap(), file());
}
