//! A destination that lies is found out, and its file taken away.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use bytes::Bytes;
use wharf_connector::{Capabilities, Entry, ErrorKind, Limits, OnConflict, Reached};
use wharf_transfer::{CopyFile, Place, Verdict, Verify, copy_file, resolve_destination};

use crate::twisted::{Take, Twisted, carry, crc, file, path, source};

fn claiming_the_whole(mut entry: Entry) -> Entry {
    entry.size = Some(10_500);
    entry
}

fn cut(bytes: Bytes) -> Bytes {
    bytes.slice(..bytes.len() / 2)
}

fn flip(bytes: Bytes) -> Bytes {
    let mut bytes = bytes.to_vec();
    bytes[5000] ^= 1;
    bytes.into()
}

#[tokio::test]
async fn what_is_wrong_is_corrupted_and_gone() {
    let read_back = CopyFile::new().with_verify(Verify::ReadBack);
    let plain = CopyFile::new();
    for (what, to, options) in [
        ("stores half and says so", Twisted::new().on_store(cut), &plain),
        (
            "takes half and claims the whole",
            Twisted::new().take(Take::First(5000)).on_entry(claiming_the_whole),
            &plain,
        ),
        (
            "stores half and claims the whole, read back",
            Twisted::new().on_store(cut).on_entry(claiming_the_whole),
            &read_back,
        ),
        ("stores another bit and sums honestly", Twisted::new().on_store(flip).summing(), &plain),
        ("stores another bit, read back", Twisted::new().on_store(flip), &read_back),
    ] {
        let to = Arc::new(to);
        let error = carry(&Arc::new(source()), &to, options.clone()).await.expect_err(what);
        assert_eq!(error.kind(), ErrorKind::Corrupted, "{what}: {error}");
        assert_eq!(error.path(), Some(&path("/to.bin")), "{what}: {error}");
        assert_eq!(error.reached(), Reached::Yes, "{what}");
        assert_eq!(to.held("/to.bin"), None, "{what}");
    }
}

#[tokio::test]
async fn one_wrong_word_deletes_nothing() {
    let once = || {
        let told = AtomicUsize::new(0);
        move |mut entry: Entry| {
            if entry.path == path("/to.bin") && told.fetch_add(1, Ordering::Relaxed) == 0 {
                entry.size = Some(7);
            }
            entry
        }
    };
    let to = Arc::new(Twisted::new().on_entry(once()));
    carry(&Arc::new(source()), &to, CopyFile::new()).await.unwrap();
    assert_eq!(to.held("/to.bin").unwrap(), file());
    let within = Arc::new(source().on_entry(once()));
    carry(&within, &within, CopyFile::new()).await.unwrap();
    assert_eq!(within.held("/to.bin").unwrap(), file());
}

#[tokio::test]
async fn what_nobody_can_know_is_not_called_verified() {
    // The whole was taken, half was stored, nothing but the size is told, and that is a lie.
    let to = Twisted::new().on_store(cut).on_entry(claiming_the_whole);
    let receipt = carry(&Arc::new(source()), &Arc::new(to), CopyFile::new()).await.unwrap();
    assert_eq!(receipt.verdict, Verdict::SizeOnly);
}

#[tokio::test]
async fn a_wrong_file_that_cannot_be_deleted_is_told() {
    let to = Arc::new(Twisted::new().without(Capabilities::DELETE).on_store(cut));
    let error = carry(&Arc::new(source()), &to, CopyFile::new()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Corrupted);
    assert!(error.remedy().unwrap().contains("still stands there"), "{:?}", error.remedy());
}

#[tokio::test]
async fn options_reach_the_destination() {
    let to = Arc::new(Twisted::new().put("/to.bin", "old"));
    let options = CopyFile::new().with_on_conflict(OnConflict::Fail);
    let error = carry(&Arc::new(source()), &to, options).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::AlreadyExists);
    assert_eq!(to.held("/to.bin").unwrap(), "old");

    let deep = Place::new(to.clone(), path("/no/such/to.bin"));
    let from = Place::new(Arc::new(source()), path("/from.bin"));
    let options = CopyFile::new().with_parents(false);
    let error = copy_file(&from, &deep, &options, &()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotFound);
    assert_eq!(error.path(), Some(&path("/no/such/to.bin")));
}

#[tokio::test]
async fn the_time_is_kept_where_it_can_be_and_is_wanted() {
    let told = |to: &Arc<Twisted>| to.seen.options.lock().unwrap().as_ref().unwrap().modified;
    for (to, options, kept) in [
        (Twisted::new(), CopyFile::new(), true),
        (Twisted::new(), CopyFile::new().with_keep_modified(false), false),
        (Twisted::new().without(Capabilities::WRITE_MODIFIED), CopyFile::new(), false),
    ] {
        let to = Arc::new(to);
        carry(&Arc::new(source()), &to, options).await.unwrap();
        assert_eq!(told(&to).is_some(), kept);
    }
}

#[tokio::test]
async fn a_file_too_large_is_refused_before_it_is_sent() {
    let limit = |info: wharf_connector::Info| info.with_limits(Limits::default().with_max_file(99));
    let to = Arc::new(Twisted::new().info(limit));
    let error = carry(&Arc::new(source()), &to, CopyFile::new()).await.unwrap_err();
    assert_eq!((error.kind(), error.reached()), (ErrorKind::TooLarge, Reached::No));
    assert_eq!(to.seen.writes.load(Ordering::Relaxed), 0);
}

#[tokio::test]
async fn a_folder_takes_the_name_of_the_file() {
    let to = Arc::new(Twisted::new().put("/in/other.bin", "x").put("/file", "x"));
    let from = Place::new(Arc::new(source()), path("/from.bin"));
    for (text, is_folder, want) in [
        ("/in", false, "/in/from.bin"),
        ("/in", true, "/in/from.bin"),
        ("/", false, "/from.bin"),
        ("/new", false, "/new"),
        ("/new", true, "/new/from.bin"),
        ("/file", false, "/file"),
    ] {
        let place = Place::new(to.clone(), path(text)).with_folder(is_folder);
        let resolved = resolve_destination(&from, &place).await.unwrap();
        assert_eq!(resolved.path.as_str(), want, "{text} {is_folder}");
    }
    let marked = Place::new(to.clone(), path("/marked")).with_folder(true);
    copy_file(&from, &marked, &CopyFile::new(), &()).await.unwrap();
    assert_eq!(crc32fast::hash(&to.held("/marked/from.bin").unwrap()), crc());

    let root = Place::new(to.clone(), path("/"));
    let error = resolve_destination(&root, &root).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::IsAFolder);
    assert_eq!(to.held("/to.bin"), None);
    assert_eq!(file().len(), 10_500);
}
